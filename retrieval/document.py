"""What goes in and what comes out."""

import hashlib
from dataclasses import dataclass, field

from retrieval.chunk import Piece, split


@dataclass(frozen=True, order=True)
class Source:
    """Where a text came from: opaque here.

    Attributes:
        kind: of thing.
        id: of the thing, among its kind.
    """

    kind: str
    id: int


@dataclass(frozen=True)
class Document:
    """A text to be found, whole.

    Attributes:
        source: where it came from.
        text: what it says; lines such as "Ann Bell: …" are turns of a speaker.
        heading: a title or subject; it helps each passage to be found and is not quoted.
        speaker: who says all of it; None: nobody in particular, or the turns tell.
        thread: documents of one thread are one talk, in the order of their ids; None: it stands alone.
    """

    source: Source
    text: str
    heading: str = ""
    speaker: str | None = None
    thread: str | None = None

    @property
    def digest(self) -> str:
        """Hash of all that is searched; another digest means that it must be split and embedded again."""
        parts = (str(_SPLIT_VERSION), self.thread or "", self.speaker or "", self.heading, self.text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()

    @property
    def pieces(self) -> list[Piece]:
        """The parts that are found one by one, in order. A document without a text is found by its heading."""
        return split(self.text) or split(self.heading)


@dataclass(frozen=True)
class Passage:
    """A part of a document that answers a question.

    Attributes:
        source: of the document.
        position: among the document's passages, from 0.
        text: word for word as in the document.
        speaker: who says it, in a transcript.
        score: higher is better; comparable within one search only.
        is_close: it shares a telling word with the question or means nearly the same.
    """

    source: Source
    position: int
    text: str
    speaker: str | None = None
    score: float = field(default=0.0, compare=False)
    is_close: bool = field(default=True, compare=False)


_SPLIT_VERSION = 1  # raise it when `chunk` splits otherwise: all documents are then taken in anew
