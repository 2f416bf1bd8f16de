"""What the columns of files are called beyond English."""

import prompts

ENTITY_WORDS, FIELD_WORDS = 4, 12  # of each in the headers of a file


def header_words() -> dict[str, list[str]]:
    """What headers of CSV files may say in Chinese, keyed "deal" and "deal.amount". English stands with the fields.

    The first words of each list are the written ones; the later ones are talk, and headers are made of pairs of them.
    """
    lexicon = prompts.load_yaml("lexicon/zh")
    entities = {name: words[:ENTITY_WORDS] for name, words in lexicon["entity"].items()}
    return entities | {name: words[:FIELD_WORDS] for name, words in lexicon["field"].items()}
