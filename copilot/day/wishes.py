"""What a person says to the list: do this one, write to them, make a task of it, leave it out."""

import re
from dataclasses import dataclass
from functools import cache

import prompts
from copilot.context import Lang

_MARKS = ' ?？.。!！,，"“”'
_LONGEST = 80  # characters


@dataclass(frozen=True)
class Wish:
    """A message of such a form.

    Attributes:
        sort: do, draft, task or aside.
        place: in the list, from 1; -1: the last; None: it names none, or says "it".
    """

    sort: str
    place: int | None


def find_wish(text: str, lang: Lang) -> Wish | None:
    """What a message says to the list; None: something else."""
    plain = " ".join(text.strip(_MARKS).lower().split())
    if len(plain) > _LONGEST:
        return None
    for sort, form in _forms(lang):
        found = form.fullmatch(plain)
        if found:
            at = found["at"]
            place = _place(at, lang) if at else 0
            return None if place is None else Wish(sort, place or None)
    return None


def asks_to_set_aside(text: str) -> bool:
    """Whether a person's message, however it is put, asks to leave somebody out."""
    return re.search(prompts.load_yaml("lexicon/day")["aside"], text, re.IGNORECASE) is not None


def _place(said: str, lang: Lang) -> int | None:
    if said.isascii() and said.isdigit():
        return int(said)
    place: int | None = prompts.load_yaml("lexicon/day")["places"][lang].get(said)
    return place


@cache
def _forms(lang: Lang) -> tuple[tuple[str, re.Pattern[str]], ...]:
    forms = prompts.load_yaml("lexicon/day")[lang]
    return tuple((sort, re.compile(form, re.IGNORECASE)) for sort, said in forms.items() for form in said)
