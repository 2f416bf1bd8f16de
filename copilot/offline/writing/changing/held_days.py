"""Days that one part of a message tells and another needs."""

from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.changing.times import THAT_DAY, date_of
from copilot.offline.writing.parts import SENTENCE_ENDS

_NAMED = (T.RECORD, T.PRONOUN, T.MINE, T.ENTITY)


def hold_days(piece: Piece, day: Tag | None, *, is_told: bool) -> list[Tag]:
    """Put the day spoken of where "that day" stands; what is to be asked about is given back.

    A day in a remark says nothing of the records: "Cecily is leaving on Friday". One that goes on with what is to be
    done (`is_told`), in words that nobody knows and of nobody else, is lost: "mark it lost, stamped 29 December".
    """
    if day is not None:
        value = day.senses[0].value
        piece.settings = [Setting(s.field, value) if s.value == THAT_DAY else s for s in piece.settings]
    bare = bool(piece.settings) and all(s.field == "date" for s in piece.settings)
    if not (bare and piece.unread and not piece.orders):
        return []
    piece.settings = []
    goes_on = is_told and piece.part.begins not in SENTENCE_ENDS
    return piece.part.tags if goes_on and not any(tag.type in _NAMED for tag in piece.content) else []


def without_date_field(header: list[Tag], piece: Piece) -> list[Tag]:
    """The header without the date field that the day after it is of: "expected close for D1: Feb 15"."""
    named = next((tag for tag in header if tag.type is T.FIELD and str(tag.senses[0].value).endswith("_on")), None)
    if named is None or [s.field for s in piece.settings] != ["date"]:
        return header
    piece.settings = [Setting(date_of([str(s.value) for s in named.all(T.FIELD)]), piece.settings[0].value)]
    piece.sure |= piece.part.begins in (":", "：")
    return [tag for tag in header if tag is not named]
