"""The rule for a length that a company's own column holds: "60 day terms", "on a 2 year contract".

It stands there as a number of the column's unit ("Contract months" 24) or as a stored value ("60 days", "Net 60").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import FieldTest
from copilot.offline.lexicon import key
from copilot.offline.numbers import DURATION_UNITS
from copilot.offline.tags import T
from copilot.offline.writing.words import small
from crm_core.schema import Field

_FACTOR = {
    ("year", "month"): 12,
    ("week", "day"): 7,
    ("day", "hour"): 24,
    ("quarter", "month"): 3,
    ("hour", "minute"): 60,
}
_NET = "net"


@dataclass(frozen=True)
class _Held:
    """A column that may hold the length, and the test that it does."""

    field: Field
    test: FieldTest


def own_lengths(c: Composer) -> None:
    """A length beside the noun of its column; without one, where only one column can be meant."""
    _restated(c)
    for at, item, sense in list(c.each(T.NUMBER)):
        number = sense.value
        compared = c.sense(at - 1, T.OP) is not None or c.sense(at + 1, T.POST_OP) is not None
        if compared or number.is_money or number.is_percent or number.is_ordinal or number.or_more:
            continue
        held = list(_held(c, number.value, number.unit, item.tag.start))
        for noun in (at + 1, at - 1):
            beside = [h for h in held if _is_called(c, noun, h.field) and not _is_apart(c, at, noun)]
            if len({h.field for h in beside}) == 1:
                _take(c, at, noun, beside[0])
                break
        else:
            spoken = _is_general(c, at + 1) or (c.item(at + 1) is None and "on" in item.before)
            about = [h for h in held if h.field.entity == c.about[0]]
            if number.unit and spoken and len({h.field for h in about}) == 1:
                _take(c, at, at + 1, about[0])


def _take(c: Composer, at: int, noun: int, held: _Held) -> None:
    c.reading.fields.append(held.test)
    c.own(at)
    item = c.item(noun)
    if item is None or item.owned:
        return
    nouns = {s.value for s in item.all(T.ENTITY)}
    others = {s.value for k, other in enumerate(c.items) if k != noun for s in other.tag.all(T.ENTITY)}
    if not nouns or nouns & others:
        c.own(noun)


def _restated(c: Composer) -> None:
    """As in "on 30 day | terms", where the length is a stored value: the noun says of which column."""
    for at, item, sense in list(c.each(T.VALUE)):
        noun = c.item(at + 1)
        length = item.tag.text[:1].isdigit() or item.tag.text.lower().startswith(_NET)
        named = noun is not None and noun.tag.type in (T.UNKNOWN, T.FIELD)
        if length and named and _is_called(c, at + 1, c.vocabulary.field(str(sense.value[0]))):
            c.own(at + 1)


def _held(c: Composer, value: Decimal, unit: str | None, at: int) -> Iterator[_Held]:
    for field in c.vocabulary.schema.fields():
        if field.is_custom and field.is_numeric and (counted := _unit_of(field)) is not None:
            factor = 1 if unit in (None, counted) else _FACTOR.get((str(unit), counted))
            if factor:
                dotted = f"{field.entity}.{field.name}"
                yield _Held(field, FieldTest(dotted, "eq", (_plain(value * factor),), at=at))
    for words in _written(value, unit):
        for dotted, stored in (s.value for s in c.vocabulary.phrases.get(words, ()) if s.type is T.VALUE):
            yield _Held(c.vocabulary.field(dotted), FieldTest(dotted, "in", (stored,), at=at))


def _unit_of(field: Field) -> str | None:
    """What the column counts in: of its unit, or as its header says."""
    said = [*key(field.unit or ""), *key(field.label)]
    return next((str(DURATION_UNITS[word]) for word in said if word in DURATION_UNITS and len(word) > 1), None)


def _written(value: Decimal, unit: str | None) -> Iterator[tuple[str, ...]]:
    """How lists write the length: "60 days", "Net 60", and in the smaller unit."""
    sizes = [(value, unit), *((value * by, small_) for (large, small_), by in _FACTOR.items() if large == unit)]
    for number, counted in sizes:
        text = f"{_plain(number)}"
        if counted:
            yield from ((text, counted), (text, f"{counted}s"))
        if counted == "day":
            yield (_NET, text)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _is_called(c: Composer, at: int, field: Field) -> bool:
    """Whether the word at `at` is a word of the column's header, or of what may be said for it."""
    item = c.item(at)
    said = {_single(word) for word in key(item.tag.text)} if item is not None else set()
    named = {_single(word) for word in key(field.label)} - {_single(word) for word in DURATION_UNITS}
    return bool(said & named)


def _is_apart(c: Composer, at: int, noun: int) -> bool:
    return c.items[max(at, noun)].after_break


def _is_general(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and _single(item.tag.text.lower()) in small("agreed_for_a_time")


def _single(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
