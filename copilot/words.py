"""Fixed sentences in both languages, from `prompts/sentences.yaml`."""

from copilot.context import Lang
from prompts import fill, load_yaml


def sentence(key: str, lang: Lang, **values: object) -> str:
    """The sentence `key` in `lang` with its holes filled; KeyError where either is missing."""
    return fill(load_yaml("sentences")[key][lang], **values)


def sentences(key: str, lang: Lang) -> tuple[str, ...]:
    """A list of sentences, such as the suggestions for a start."""
    return tuple(load_yaml("sentences")[key][lang])


def has_sentence(key: str) -> bool:
    """Whether there is a sentence `key`."""
    return key in load_yaml("sentences")
