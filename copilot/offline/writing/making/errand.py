"""A task being read: which of its words are the frame, and which say what is to be done."""

from dataclasses import dataclass, field

from copilot.offline.tags import T
from copilot.offline.vocabulary import Name
from copilot.offline.writing.making.scan import Mark, Scan
from crm_core.changes.steps import Given


@dataclass
class Errand:
    """What has been read so far.

    Attributes:
        text: of the part.
        frame: tokens that say that there is something to do, by whom and when.
        owners: who does it; nobody: the speaker.
        values: fields of the task.
    """

    text: Scan
    frame: set[int] = field(default_factory=set)
    owners: list[Name | str] = field(default_factory=list)
    values: dict[str, Given] = field(default_factory=dict)

    def take(self, start: int, end: int) -> None:
        """These tokens belong to the frame."""
        self.frame.update(range(start, end))

    def is_quiet(self, at: int) -> bool:
        """Whether a token is of the frame, a courtesy, a date or says nothing."""
        kind = self.text.tag(at).type
        return (
            at in self.frame
            or self.text.at(at, "polite", "high", "low") is not None
            or kind in (T.FILLER, T.AND, T.DATE, T.PUNCT)
        )


def is_frame(text: Scan, mark: Mark) -> bool:
    """Whether it orders a reminder: "remind me", "remind Ros", a reminder that begins a part; not "to remind them"."""
    if not text.tokens[mark.start].text.isascii():
        return True
    if _recalls(text, mark) or text.upto(mark.start, "denied", "will"):
        return False
    if text.tokens[mark.end - 1].text == "me" or text.at(mark.end, "mine"):
        return True
    return starts(text, mark.start) or bool(text.upto(mark.start, "create", "begin", "give", "polite"))


def _recalls(text: Scan, mark: Mark) -> bool:
    """As in "remind me of the list price", "remind me which accounts …": asks to be told now."""
    if mark.end >= len(text.tokens):
        return False
    asked = text.tag(mark.end).type is T.ASK
    return asked or (text.at(mark.end, "recall") is not None and not any(True for _ in text.of(T.DATE)))


def starts(text: Scan, at: int) -> bool:
    """Whether only courtesies and dates come before it in its part of the sentence."""
    start = next((a for a, b in text.segments() if a <= at < b), at)
    return all(
        text.at(i, "polite", "create", "begin") or text.tag(i).type in (T.FILLER, T.DATE, T.AND, T.PREP)
        for i in range(start, at)
    )
