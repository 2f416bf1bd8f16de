"""Refusals, problems of rows and notes of imports in the reader's language: their English is where they are made.

`prompts/refusals.yaml` gives each a text in the other languages, by the English with holes for what it quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from copilot.context import Lang
from copilot.labels import column_label, entity_label, labels
from crm_core.schema import build_schema
from prompts import fill, load_yaml

_HOLE = re.compile(r"\{\{(\w+)\}\}")
_QUOTED = re.compile(r"(['\"])(.*)\1", re.DOTALL)
_LISTED = re.compile(r", and |, | and | or ")
_OURS, _RECORD = "the_", "the_record"  # holes of our own words; of a kind of record and a label


def translate(what: object, lang: Lang) -> str:
    """An error or a text of the core as a reader of `lang` is told it; as it is where nothing explains it."""
    text = str(what)
    return text if lang == "en" else _find(text, lang) or text


@dataclass(frozen=True)
class _Form:
    """A text with holes: the words around them, one more than there are holes, and what is said there."""

    words: tuple[str, ...]
    holes: tuple[str, ...]
    there: str

    def values(self, text: str) -> dict[str, str] | None:
        """Hole → what stands there, each as short as it can be but the last; None: another text."""
        first, *rest = self.words
        if not text.startswith(first):
            return None
        found, at = {}, len(first)
        for number, (hole, words) in enumerate(zip(self.holes, rest, strict=True), 1):
            end = text.find(words, at + 1) if number < len(rest) else len(text) - len(words)
            if end <= at or not text.endswith(words, at, end + len(words)):
                return None
            found[hole], at = text[at:end], end + len(words)
        return found if at == len(text) else None


def _find(text: str, lang: Lang) -> str | None:
    for form in _forms(lang):
        if (values := form.values(text)) is not None:
            return fill(form.there, **{hole: _part(hole, value, lang) for hole, value in values.items()})
    return None


@cache
def _forms(lang: Lang) -> tuple[_Form, ...]:
    """Those with most words of their own come first."""
    forms = [
        _Form(tuple(_HOLE.split(here)[::2]), tuple(_HOLE.findall(here)), there)
        for here, there in load_yaml("refusals")[lang].items()
    ]
    return tuple(sorted(forms, key=lambda form: -sum(map(len, form.words))))


def _part(hole: str, value: str, lang: Lang) -> str:
    """What stands in a hole: quoted as there, and in the reader's language where it is ours."""
    if quoted := _QUOTED.fullmatch(value):
        return f"“{_ours(quoted[2], lang) if hole.startswith(_OURS) else quoted[2]}”"
    if hole == _RECORD:
        return _record(value, lang)
    return _ours(value, lang) if hole.startswith(_OURS) else value


def _ours(value: str, lang: Lang) -> str:
    return next(_readings(value, lang), value)


def _readings(value: str, lang: Lang) -> Iterator[str]:
    if found := _find(value, lang) or _names(lang).get(value.lower()):
        yield found
    label = column_label(value.lower(), "", lang)
    if label != value.lower():
        yield label
    entity, _, field = value.partition(".")
    if field and entity in build_schema().entities:
        yield f"{entity_label(entity, lang)}的{_ours(field, lang)}"
    parts = _LISTED.split(value)
    if len(parts) > 1 and not value.endswith("."):
        yield "、".join(_ours(part, lang) for part in parts)


@cache
def _names(lang: Lang) -> dict[str, str]:
    """The names of kinds of records, of fields and of values of ours → what they are called."""
    told: dict[str, list[str]] = {}
    for path, label in labels(lang).items():
        told.setdefault(path, []).append(label)
        told.setdefault(re.split("[.=]", path)[-1], []).append(label)
    return {name: _common(there) for name, there in told.items()}


def _common(there: list[str]) -> str:
    """What one name is called that stands in several places: how all of these end ("状态"), else the most usual."""
    ends = (there[0][at:] for at in range(len(there[0]) - 1))
    return next((end for end in ends if all(label.endswith(end) for label in there)), max(there, key=there.count))


def _record(value: str, lang: Lang) -> str:
    """A kind of record and a label, which stays as it is, as in: deal Acme renewal."""
    known = (name for name in build_schema().entities if value.startswith((f"{name} ", f"{name.replace('_', ' ')} ")))
    name = max(known, key=len, default="")
    return f"{entity_label(name, lang)}“{value[len(name) + 1 :]}”" if name else value
