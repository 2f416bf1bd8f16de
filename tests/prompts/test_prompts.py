"""Prompts are text with strict holes."""

import re
from pathlib import Path

import pytest

from prompts import fill, fingerprint, load_yaml, render

FOLDER = Path(__file__).parents[2] / "prompts"


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="today"):
        render("system", actor="Ann")


def test_braces_and_dollars_stay():
    assert fill('{"a": "$50k {{x}}"}', x="{{y}}") == '{"a": "$50k {{y}}"}'


def test_the_fingerprint_is_of_the_text():
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint("system"))


def test_the_rules_of_the_system_prompt_are_numbered_without_gaps():
    text = (FOLDER / "system.md").read_text(encoding="utf-8")

    numbers = [int(number) for number in re.findall(r"^R(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_sentence_has_both_languages_and_the_same_holes():
    for key, told in load_yaml("sentences").items():
        assert set(told) == {"en", "zh"}, key
        holes = [set(re.findall(r"\{\{(\w+)\}\}", str(told[lang]))) for lang in ("en", "zh")]
        assert holes[0] == holes[1], key
