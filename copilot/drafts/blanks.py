"""Blanks of a mail that a person fills in: what they say belongs where."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm_core.blanks import blanks_in, fill_in
from prompts import load_yaml

Fill = tuple[str, str]  # which blank, as the person calls it (empty: the only one), and what belongs there
_MARKS = ' ."“”。'
_LONGEST = 400  # characters
_KEPT = re.compile(r'fill "([^"]*)" with "([^"]*)"(?:, )?')


@dataclass(frozen=True)
class Filled:
    """Texts of a mail with words in their blanks.

    Attributes:
        texts: by name.
        used: each blank that was filled, as it is marked, with the words.
        unknown: what the person called a blank where there is none like it.
        left: blanks that are still to be filled.
    """

    texts: dict[str, str]
    used: tuple[Fill, ...]
    unknown: tuple[str, ...]
    left: tuple[str, ...]


def fill_blanks(texts: Mapping[str, str], fills: Sequence[Fill]) -> Filled:
    """`texts` with the words of the person in the blanks that they mean."""
    told, used, unknown = dict(texts), [], []
    for said, words in fills:
        name = _meant(said, _left(told))
        if name is None:
            unknown.append(said)
            continue
        told = {key: fill_in(text, name, words) for key, text in told.items()}
        used.append((name, words))
    return Filled(told, tuple(used), tuple(unknown), _left(told))


def read_fill(text: str) -> Fill | None:
    """What a message puts into a blank; None: it says something else."""
    plain = " ".join(text.split()).strip()
    if len(plain) > _LONGEST:
        return None
    for form in _forms():
        found = form.fullmatch(plain)
        if found and not re.fullmatch(_lexicon()["questions"], found["words"], re.IGNORECASE):
            words = found["words"].strip(' "“”').removesuffix("。")
            is_sentence = words.endswith(".") and not words.endswith("..")
            return (found["name"] or "").strip(_MARKS), words.removesuffix(".") if is_sentence else words
    return None


def kept_fills(text: str) -> tuple[tuple[Fill, ...], str]:
    """The fills that `fill_words` wrote into a wish, and the rest of it."""
    return tuple((found[1], found[2]) for found in _KEPT.finditer(text)), _KEPT.sub("", text)


def fill_words(fill: Fill) -> str:
    """A fill as it stands among other wishes."""
    name, words = (one.replace('"', "”") for one in fill)
    return f'fill "{name}" with "{words}"'


def _left(texts: Mapping[str, str]) -> tuple[str, ...]:
    return blanks_in("\n".join(texts.values()))


def _meant(said: str, names: Sequence[str]) -> str | None:
    """The blank that somebody calls so: by its mark, its place, a word for it, or a part of its mark."""
    said = said.casefold()
    if not said:
        return names[0] if len(names) == 1 else None
    place = _lexicon()["places"].get(said, int(said) if said.isdecimal() else 0)
    if place:
        return names[place - 1] if place <= len(names) else None
    exact = next((name for name in names if name.casefold() == said), None)
    marks = {mark for key in _keys(said) for mark in _marks(key)}
    called = next((name for name in names if name in marks), None)
    parts = [name for name in names if said in name.casefold()]
    return exact or called or (parts[0] if len(parts) == 1 else None)


def _keys(said: str) -> list[str]:
    return [key for key, words in _lexicon()["words"].items() if said in (*words["en"], *words["zh"])]


def _marks(key: str) -> tuple[str, ...]:
    return tuple(load_yaml(f"drafts/{lang}")["blanks"][key] for lang in ("en", "zh"))


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    lexicon = _lexicon()
    places = [*lexicon["places"], r"\d"]
    made = []
    for lang in ("en", "zh"):
        said = sorted({word for words in lexicon["words"].values() for word in words[lang]}, key=len, reverse=True)
        for form in lexicon["forms"][lang]:
            form = form.replace("{word}", "|".join(said)).replace("{place}", "|".join(places))
            made.append(re.compile(form, re.IGNORECASE))
    return tuple(made)


def _lexicon() -> Any:
    return load_yaml("lexicon/draft")["blanks"]
