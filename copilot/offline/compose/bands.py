"""Bands that the question names: "wins by deal size: small = under 400, mid = 400 to 2,500, large = above 2,500"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import prompts
from copilot.offline.compose.reading import FieldTest, MeasureNode, Parted, Reading
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.vocabulary import Vocabulary

Compose = Callable[[Sequence[Tag]], Reading]
_EQUALS = frozenset({"=", ":", "：", "(", "（", "is", "are", "means", "being", "i.e.", "为", "是", "-", "–"})
_JOINS = frozenset({",", "，", "、", ";", "；", "/", "and", "or", "和", "及", "以及", "vs", "vs."})
_TO = frozenset({"to", "-", "–", "—", "~", "～", "到", "至", "through"})
_CLOSES = frozenset({")", "）"})
_OPS = ("gt", "ge", "lt", "le")
_DEALS = frozenset({"deals_won", "deals_lost", "win_rate", "loss_rate", "bookings"})
_LONGEST_NAME = 3  # tags
_TAIL = SILENT | {T.BY, T.ASK, T.NUMBER, T.STAND, T.METRIC, T.STATE, T.ENTITY}


@dataclass(frozen=True)
class _Band:
    name: str
    low: tuple[str, float] | None
    high: tuple[str, float] | None
    end: int  # the tag after it


def compose_bands(tags: Sequence[Tag], compose: Compose, vocabulary: Vocabulary) -> Reading | None:
    """The reading of a question with bands that it names; None where it has none."""
    start, bands = _find(tags)
    if len(bands) < 2:
        return None
    head, dotted = _field(tags[:start], vocabulary)
    tail = list(tags[bands[-1].end :])
    if dotted is None or any(tag.type not in _TAIL for tag in tail):
        return None
    head = _without_owner(head, dotted.split(".")[0])
    reading = compose([*head, *(tag for tag in tail if tag.type not in (T.BY, T.STAND, T.NUMBER))])
    reading.unclear |= bool(reading.parted or reading.sup)
    if reading.facts == ["deal"] and not (reading.measures or reading.asks):
        reading.measures = [MeasureNode(fn="count", dotted="deal")]  # "won deals by size: …"
    reading.parted = [Parted(band.name, _tests(dotted, band)) for band in bands]
    return reading


def _tests(dotted: str, band: _Band) -> tuple[FieldTest, ...]:
    return tuple(FieldTest(dotted, op, (value,)) for op, value in (end for end in (band.low, band.high) if end))


def _find(tags: Sequence[Tag]) -> tuple[int, list[_Band]]:
    """Where the first of several bands begins, and the bands."""
    best: tuple[int, list[_Band]] = (len(tags), [])
    for start in range(len(tags)):
        bands = _bands(tags, start)
        if len(bands) < len(best[1]):
            break
        if len(bands) > 1:
            best = start, bands  # the later one has the shorter name
    return best


def _bands(tags: Sequence[Tag], at: int) -> list[_Band]:
    bands: list[_Band] = []
    while (band := _band(tags, at, bands[-1] if bands else None)) is not None:
        bands.append(band)
        at = band.end
        while at < len(tags) and tags[at].text.lower() in _JOINS:
            at += 1
    return bands


def _band(tags: Sequence[Tag], at: int, last: _Band | None) -> _Band | None:
    """A name, something that equals, and a range: "small = under 400", 大(2000以上)."""
    for size in range(1, _LONGEST_NAME + 1):
        name, equals = tags[at : at + size], tags[at + size : at + size + 1]
        if not equals or any(tag.type in (T.PUNCT, T.NUMBER, T.BY) or tag.get(T.AND) for tag in name):
            return None
        if equals[0].text.lower() not in _EQUALS:
            continue
        found = _range(tags, at + size + 1, last)
        if found is not None:
            low, high, end = found
            end += end < len(tags) and tags[end].text in _CLOSES
            return _Band("".join(_spaced(name)), low, high, end)
    return None


def _spaced(name: Sequence[Tag]) -> list[str]:
    return [(" " if at and tag.text.isascii() else "") + tag.text for at, tag in enumerate(name)]


_End = tuple[str, float] | None


def _range(tags: Sequence[Tag], at: int, last: _Band | None) -> tuple[_End, _End, int] | None:
    """As in "under 400", "400 to 2,500", 2000以上, "above": its ends, and the tag after it."""
    op = _op(tags, at, T.OP)
    number = _number(tags, at + 1 if op else at)
    if op and number is not None:
        return *_open(op, number), at + 2
    if op and number is None and last is not None and last.high is not None and op in ("gt", "ge"):
        return ("gt" if last.high[0] == "le" else "ge", last.high[1]), None, at + 1  # "large = above"
    if number is None:
        return None
    to, other = tags[at + 1 : at + 2], _number(tags, at + 2)
    if to and to[0].text.lower() in _TO and other is not None and number < other:
        return ("ge", number), ("le", other), at + 3
    late = _op(tags, at + 1, T.POST_OP)
    return (*_open(late, number), at + 2) if late else None


def _open(op: str, number: float) -> tuple[_End, _End]:
    return ((op, number), None) if op in ("gt", "ge") else (None, (op, number))


def _op(tags: Sequence[Tag], at: int, kind: T) -> str | None:
    sense = tags[at].get(kind) if at < len(tags) else None
    return str(sense.value) if sense is not None and sense.value in _OPS else None


def _number(tags: Sequence[Tag], at: int) -> float | None:
    sense = tags[at].get(T.NUMBER) if at < len(tags) else None
    return float(sense.value.value) if sense is not None else None


def _field(head: Sequence[Tag], vocabulary: Vocabulary) -> tuple[list[Tag], str | None]:
    """What stands before the bands without the field that is cut: the last number named, else the amount; and it."""
    words = frozenset(prompts.load_yaml("lexicon/small_words")["bands"])
    kept = [tag for tag in head if not (tag.type is T.UNKNOWN and tag.text.lower() in words)]
    kept = [tag for tag in kept if not tag.text.startswith("分成") and tag.text not in ("把", "into")]
    for at in range(len(kept) - 1, -1, -1):
        named = [str(s.value) for s in kept[at].all(T.FIELD) if _is_number(vocabulary, str(s.value))]
        by = at - 1
        while by >= 0 and (kept[by].type in SILENT or kept[by].get(T.ENTITY)):
            by -= 1
        led = by >= 0 and kept[by].type is T.BY
        if named and (led or not kept[at].get(T.METRIC)):
            return [*kept[: by if led else at], *kept[at + 1 :]], named[0]
    speaks = any(s.value in _DEALS or s.value == "deal" for tag in kept for s in tag.senses if isinstance(s.value, str))
    return kept, "deal.amount" if speaks else None


def _without_owner(head: Sequence[Tag], entity: str) -> list[Tag]:
    """Without the noun whose field is cut, unless it is what is counted: 把客户分成小（…）、大（…），各有多少业绩."""
    kept = []
    for at, tag in enumerate(head):
        asked = at > 0 and any(s.value in ("count", "how_many") for s in head[at - 1].all(T.ASK))
        if entity == "deal" or asked or not any(s.value == entity for s in tag.all(T.ENTITY)):
            kept.append(tag)
    return kept


def _is_number(vocabulary: Vocabulary, dotted: str) -> bool:
    return vocabulary.field(dotted).is_numeric and vocabulary.holds(dotted)
