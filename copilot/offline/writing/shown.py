"""Words that point at rows of the list just shown: "the first one", "the last two", 第二个."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from copilot.offline.plan import PastTurn
from copilot.offline.prepare import Prepared
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Cover, Saying
from copilot.offline.writing.words import small

MOST = 25  # rows that words may point at together


def with_shown_rows(saying: Saying) -> Saying:
    """The same turn, in which an ordinal names the record in that row of the list just shown."""
    last = saying.dialogue[-1] if saying.dialogue else None
    if last is None or last.entity is None or len(last.ids) < 2 or len(last.ids) != len(last.labels):
        return saying
    return replace(saying, cover=_reading(saying.cover, last), plain=_reading(saying.plain, last))


def _reading(cover: Cover, last: PastTurn) -> Cover:
    def read(text: str) -> tuple[Prepared, list[Tag]]:
        prepared, tags = cover(text)
        return prepared, list(_pointed(tags, last))

    return read


def _pointed(tags: Sequence[Tag], last: PastTurn) -> Iterator[Tag]:
    """The tags; those that point at rows as the records in them."""
    at = 0
    while at < len(tags):
        rows, end = _rows(tags, at, last)
        if not rows:
            yield tags[at]
            at += 1
            continue
        for row in rows:
            name = Name(last.entity or "", last.ids[row], last.labels[row])
            yield Tag(tags[at].start, tags[end - 1].end, last.labels[row], (Sense(T.RECORD, (name,)),), 0.0)
        at = end


def _rows(tags: Sequence[Tag], at: int, last: PastTurn) -> tuple[range, int]:
    """Which rows the words from here mean, and where those words end; no rows where they point at none."""
    place = _place(tags[at])
    nothing = range(0), at
    if place is None:
        return nothing
    end = at + 1
    many = _number(tags, end)
    count = int(many) if many is not None and many == int(many) else 1
    end += many is not None
    if end < len(tags) and (_is_one(tags[end]) or _is_noun(tags[end], last)):
        end += 1
    after = tags[end] if end < len(tags) else None
    told_apart = after is not None and (after.type is T.UNIT or after.text.lower() in small("of"))
    first = len(last.ids) - count if place < 0 else place - 1
    if told_apart or not 0 < count <= MOST or first < 0 or first + count > len(last.ids):
        return nothing
    return range(first, first + count), end


def _place(tag: Tag) -> int | None:
    """The row that an ordinal means, from 1; -1: the last."""
    word = tag.text.lower()
    if word in small("last_row"):
        return -1
    if word in small("first_row"):
        return 1
    number = next((sense.value for sense in tag.senses[:2] if sense.type is T.NUMBER), None)
    return int(number.value) if number is not None and number.is_ordinal else None


def _number(tags: Sequence[Tag], at: int) -> float | None:
    """How many: "the first two"."""
    if at >= len(tags) or tags[at].type is not T.NUMBER or tags[at].senses[0].value.unit:
        return None
    return float(tags[at].senses[0].value.value)


def _is_one(tag: Tag) -> bool:
    return tag.text.lower() in small("one_row")


def _is_noun(tag: Tag, last: PastTurn) -> bool:
    return any(str(sense.value).rpartition(".")[2] == last.entity for sense in tag.senses if sense.type in _NOUNS)


_NOUNS = (T.ENTITY, T.FIELD)
