"""The company's own fields of a talk, filled in from what was said: how long it took, how it went, what was counted."""

from collections.abc import Iterator

from copilot.offline.lexicon import key
from copilot.offline.numbers import Number
from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.form import plain
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.words import making_words, stem
from crm_core.changes.steps import Given
from crm_core.models import Kind
from crm_core.schema import Field

_ENDS = ("went_well", "went_badly", "unanswered", "left_word")
_LENGTHS = {f"minutes_{minutes}": minutes for minutes in (15, 30, 45, 60, 90, 120)}
_UNITS = ("kilometres", "miles")
_MINUTES = {"minute": 1, "hour": 60}
_NEAR = 4  # words behind a number that may say what it counts
_MANY = 3  # words of a label of which one alone says too little
_COUNTS = (Kind.INTEGER, Kind.DECIMAL)


def own_values(text: Scan, saying: Saying) -> dict[str, Given]:
    """Values of own fields of interactions that the text tells: each only where it tells one."""
    fields = saying.vocabulary.schema.entities["interaction"].fields.values()
    own = [field for field in fields if field.is_custom and field.edit]
    found: dict[str, Given] = {}
    for field in own:
        told = set(_told(field, text, saying))
        if len(told) == 1:
            found[field.name] = told.pop()
    return found


def _told(field: Field, text: Scan, saying: Saying) -> Iterator[int | float | str]:
    if field.kind is Kind.CHOICE:
        yield from _chosen(field, text, saying)
    elif field.kind in _COUNTS and _says_how_long(field):
        yield from _lengths(field, text)
    elif field.kind in _COUNTS:
        yield from _counted(field, text)


def _chosen(field: Field, text: Scan, saying: Saying) -> list[str]:
    """The stored values that are named; of how it went also in other words: "nobody picked up"."""
    dotted = f"interaction.{field.name}"
    named = [
        s.value[1]
        for tag in text.tags
        for s in tag.all(T.VALUE)
        if tag.type is T.VALUE and s.value[0] == dotted and not _is_denied(text, tag.start)
    ]
    return named or _outcome(dotted, text, saying)


def _outcome(dotted: str, text: Scan, saying: Saying) -> list[str]:
    ends = [mark for mark in text.said(*_ENDS) if not _is_denied(text, mark.start)]
    told = {concept for mark in ends for concept in mark.concepts.intersection(_ENDS)}
    if len(told) != 1:
        return []
    stored = {s.value[1] for _, senses in saying.vocabulary.phrases.of(T.VALUE) for s in senses
              if s.type is T.VALUE and s.value[0] == dotted}  # fmt: skip
    known, named = making_words(), {f"named_{each.removeprefix('went_')}" for each in told}
    return [value for value in stored if named & known.get(key(str(value).lower()), frozenset())]


def _is_denied(text: Scan, at: int) -> bool:
    before = text.tag(at - 1) if at else None
    denied = before is not None and before.type is T.NEG and before.end <= at
    return denied or text.upto(at, "refuses") is not None


def _says_how_long(field: Field) -> bool:
    return any(making_words().get((word,), frozenset()) & {"how_long"} for word in _words(field))


def _lengths(field: Field, text: Scan) -> Iterator[int | float]:
    """How long it took, in the field's unit: minutes unless its label says hours."""
    each = 60 if any("in_hours" in making_words().get((word,), ()) for word in _words(field)) else 1
    told = text.said(*_LENGTHS)
    for mark in told:
        if not _is_no_length(text, mark.start, mark.end):
            yield plain(_LENGTHS[next(iter(mark.concepts.intersection(_LENGTHS)))] / each)
    for tag, sense in text.of(T.NUMBER):
        minutes = _minutes(text, tag, sense.value)
        inside = any(mark.start < tag.end and tag.start < mark.end for mark in told)
        if minutes is not None and not inside:
            yield plain(minutes / each)


def _is_no_length(text: Scan, start: int, end: int) -> bool:
    """As in "in 20 minutes", "an hour late"."""
    after = text.at(end, "no_length_after") if end < len(text.tokens) else None
    return after is not None or text.upto(start, "no_length_before") is not None


def _minutes(text: Scan, tag: Tag, number: Number) -> float | None:
    """A length of time that the talk may have taken; "in 20 minutes" and "an hour late" are none."""
    unit = text.at(tag.end, "how_long") if tag.end < len(text.tokens) and not number.unit else None
    end = unit.end if unit is not None else tag.end
    each = _MINUTES.get(str(number.unit)) or (unit and (60 if "in_hours" in unit.concepts else 1))
    if not each or _is_no_length(text, tag.start, end):
        return None
    return float(number.value) * each


def _counted(field: Field, text: Scan) -> Iterator[int | float]:
    """What the label counts, with its words behind the number: "three sample lots were left"."""
    words = _words(field)
    least = 2 if len(words) >= _MANY else 1
    for tag, sense in text.of(T.NUMBER):
        near = {stem(token.text) for token in text.tokens[tag.end : tag.end + _NEAR]}
        bare = sense.value.unit is None and not sense.value.is_percent and not sense.value.is_ordinal
        unit = text.at(tag.end, *_UNITS) if tag.end < len(text.tokens) else None
        measured = unit is not None and any(making_words().get((w,), frozenset()) & unit.concepts for w in words)
        if bare and (measured or len(words & near) >= least):
            yield plain(sense.value.value)


def _words(field: Field) -> set[str]:
    """The words of its label that say something."""
    return {stem(word) for phrase in field.words for word in key(phrase.lower()) if word.isalpha() and len(word) > 1}
