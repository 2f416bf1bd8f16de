"""What is to be done to some records, and who has been spoken of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.words import small


@dataclass
class Act:
    """One thing to do to some records."""

    described: list[Tag]
    settings: list[Setting] = field(default_factory=list)
    op: str = "update"
    every: bool = False
    count: int | None = None
    sure: bool = False
    text: str = ""
    mentioned: list[str] = field(default_factory=list)
    closes: bool = False
    pointer: str | None = None
    old: list[Tag] = field(default_factory=list)
    also: bool = False
    complains: bool = False

    @property
    def content(self) -> list[Tag]:
        """The words of the description that say something."""
        return [tag for tag in self.described if tag.type not in SILENT]

    @property
    def is_whole(self) -> bool:
        """Whether it says what to do."""
        return bool(self.settings) or self.op != "update"

    def take(self, piece: Piece) -> None:
        """What a piece sets, as part of this act."""
        self.settings += [s for s in piece.settings if s not in self.settings]
        self.op = piece.op if piece.op != "update" else self.op
        self.every |= piece.every
        self.count = self.count or piece.count
        self.sure |= piece.sure
        self.mentioned += piece.mentioned
        self.closes |= piece.closes
        self.old += piece.old


@dataclass
class Spoken:
    """Who and what has been spoken of so far."""

    person: Tag | None = None
    account: Tag | None = None
    product: Tag | None = None
    day: Tag | None = None
    nouns: list[Tag] = field(default_factory=list)
    every: bool = False

    def hear(self, tags: Sequence[Tag]) -> None:
        """Take note of whom and what these words name."""
        for tag in tags:
            if names_of(tag, "user") and tag.type is T.RECORD:
                self.person = tag
            elif names_of(tag, "account") and tag.type is T.RECORD:
                self.account = tag
            elif names_of(tag, "product") and tag.type is T.RECORD:
                self.product = tag
            elif tag.type is T.DATE:
                self.day = tag

    def resolve(self, tags: Sequence[Tag]) -> tuple[list[Tag], str | None]:
        """The words with persons and places in the place of their pronouns, and the pointer to records among them."""
        out: list[Tag] = []
        pointer: str | None = None
        for tag in tags:
            word = tag.text.lower()
            if tag.type is not T.PRONOUN:
                out.append(tag)
            elif word in small("person") and self.person is not None:
                out.append(self.person)
            elif word in small("place") and self.account is not None:
                out.append(self.account)
            elif word in small("person") | small("only_place"):
                out.append(tag)
            else:
                pointer = word
        return out, pointer
