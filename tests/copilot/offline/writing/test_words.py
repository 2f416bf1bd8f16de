"""The words of changes: what the lists may hold."""

import pytest

import prompts


@pytest.mark.parametrize("name", ["lexicon/writing", "lexicon/small_words", "lexicon/leaving_out"])
def test_every_word_is_text_and_no_yes_or_no_of_yaml(name: str) -> None:
    lists = prompts.load_yaml(name)

    assert all(isinstance(kind, str) for kind in lists)
    assert [word for words in lists.values() for word in words if not isinstance(word, str)] == []


def test_no_order_is_a_word_of_a_question() -> None:
    orders = prompts.load_yaml("lexicon/writing")
    asked = {"how", "what", "which", "who", "when", "where", "show", "list", "多少", "哪", "谁", "几"}

    assert {word for words in orders.values() for word in words} & asked == set()
