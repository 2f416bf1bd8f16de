"""What a part of a message sets: a stage, an owner, an amount, a date, any field; and which of its words it owns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.parts import Part, wishes, without_wishes
from copilot.offline.writing.words import VERBS, small


@dataclass(frozen=True)
class Setting:
    """One thing to set.

    Attributes:
        field: "entity.field", or owner, stage, date where the records meant say whose.
        value: as its kind wants it: a Name tuple, a number, Computed, DateSpan, text, None to clear.
        typed: a stored value as the person wrote it.
        either: a date is moved by so much, and whether later or earlier is not clear.
    """

    field: str
    value: Any
    typed: str | None = None
    either: bool = False


@dataclass
class Piece:
    """A part as it was read.

    Attributes:
        part: the words.
        settings: what it sets.
        op: update unless it deletes, converts, completes.
        described: the words that say of which records, in order, with the silent ones among them.
        every: all that fit are meant.
        count: how many are meant, where a number says so.
        sure: whether the words can only be a wish, or a report of what happened.
        orders: whether it begins with a verb that orders.
        pointer: whether it points at what was spoken of ("it", "those").
        also: whether it says that the same holds ("too", "as well").
        old: what it says was there before.
        dealt: whether the owners named are to share.
    """

    part: Part
    settings: list[Setting] = field(default_factory=list)
    op: str = "update"
    described: list[Tag] = field(default_factory=list)
    every: bool = False
    count: int | None = None
    sure: bool = False
    orders: bool = False
    pointer: str | None = None
    also: bool = False
    old: list[Tag] = field(default_factory=list)
    closes: bool = False
    mentioned: list[str] = field(default_factory=list)  # fields named without a value
    is_aside: bool = False  # "leave the rest alone"
    complains: bool = False  # "is wrong"
    is_told: bool = False  # "they called"
    is_one: bool = False  # "the Goodsilron one"
    is_reason: bool = False  # "because …"
    is_rule: bool = False  # "as a rule"
    is_condition: bool = False  # "if they sign"

    def as_one(self) -> "Piece":
        """What it sets, without the records that it describes."""
        return Piece(self.part, list(self.settings), self.op, sure=self.sure)

    @property
    def is_setting(self) -> bool:
        """Whether it says what to do."""
        return bool(self.settings) or self.op != "update"

    @property
    def content(self) -> list[Tag]:
        """The words of the description that say something."""
        return [tag for tag in self.described if tag.type not in SILENT]

    @property
    def unread(self) -> list[Tag]:
        """The words that no one knows."""
        return [tag for tag in self.content if tag.type in (T.UNKNOWN, T.NOT_HELD)]


class Desk:
    """A part while it is read: its tags, and which of them are taken."""

    def __init__(self, part: Part, vocabulary: Vocabulary) -> None:
        self.tags = part.tags
        self.vocabulary = vocabulary
        self.free = [True] * len(part.tags)
        self.piece = Piece(part)

    def before(self, at: int) -> int | None:
        """The tag before, over harmless words; prepositions and words of changes count."""
        return next((k for k in range(at - 1, -1, -1) if not self._is_mute(k)), None)

    def after(self, at: int) -> int | None:
        """The tag after, over harmless words."""
        return next((k for k in range(at + 1, len(self.tags)) if not self._is_mute(k)), None)

    def _is_mute(self, at: int) -> bool:
        tag = self.tags[at]
        return (
            tag.type is T.FILLER
            and not wishes(tag)
            and not self.is_copula(at)
            and tag.text not in small("possessive") | {"as"}
        )

    def text(self, at: int | None) -> str:
        """The words of a tag, in small letters; nothing outside."""
        return self.tags[at].text.lower() if at is not None and 0 <= at < len(self.tags) else ""

    def says(self, at: int | None, *kinds: str) -> bool:
        """Whether the words there are on one of these closed lists."""
        text = self.text(at)
        return bool(text) and any(text in small(kind) for kind in kinds)

    def wish(self, at: int | None, *concepts: str) -> bool:
        """Whether the tag there may be one of these concepts."""
        return at is not None and 0 <= at < len(self.tags) and wishes(self.tags[at], *concepts)

    def is_copula(self, at: int | None) -> bool:
        """As in "is", "are", 是."""
        if self.text(at) == "'s":
            return at is not None and at > 0 and self.tags[at - 1].type is not T.RECORD
        return self.says(at, "copula")

    def find(self, *concepts: str, first: int = 0) -> int | None:
        """Where one of these concepts stands, of the free ones."""
        return next((k for k in range(first, len(self.tags)) if self.free[k] and self.wish(k, *concepts)), None)

    def take(self, *positions: int | None) -> None:
        """These words are explained."""
        for at in positions:
            if at is not None:
                self.free[at] = False

    def set(
        self,
        name: str,
        value: Any,
        *positions: int | None,
        sure: bool = False,
        typed: str | None = None,
        either: bool = False,
    ) -> None:
        """A setting, explained by these words."""
        self.piece.settings.append(Setting(name, value, typed, either))
        self.piece.sure |= sure
        self.take(*positions)

    def has_content(self, positions: Sequence[int]) -> bool:
        """Whether any of these tags is free and says something of the data."""
        return any(self.free[k] and self.tags[k].type not in SILENT and not wishes(self.tags[k]) for k in positions)

    def fields_at(self, at: int) -> list[str]:
        """The fields that the tag there may name; none for the word of a kind of record."""
        tag = self.tags[at]
        return [] if tag.type is T.ENTITY else [str(sense.value) for sense in tag.all(T.FIELD)]

    def is_owner(self, at: int) -> bool:
        """Whether a possessive follows: "Anna's", Anna 的."""
        return self.says(at + 1, "possessive")

    @property
    def verb(self) -> int | None:
        """The verb that the part begins with, if it orders."""
        for at, tag in enumerate(self.tags):
            if wishes(tag, *VERBS) and not self.says(at, "never_first"):
                return at
            if not self.says(at, "polite") and tag.type not in (T.FILLER, T.PUNCT) and not self._is_request(at):
                return None
        return None

    def _is_request(self, at: int) -> bool:
        tag = self.tags[at]
        return tag.type is T.ASK and tag.senses[0].value == "request"


def _is_linked(desk: Desk) -> bool:
    """Whether a verb of setting ties the value to the records: "should be", 标成."""
    past = small("past_move")
    return any(tag.type is T.WISH and wishes(tag, "set") and tag.text.lower() not in past for tag in desk.tags)


def _has_copula(tags: Sequence[Tag]) -> bool:
    return any(tag.text.lower() in small("copula") and tag.text != "'s" for tag in tags)


def _is_coded(piece: Piece) -> bool:
    """Whether a deal is named by its id."""
    return any(name.entity == "deal" for tag in piece.content for s in tag.all(T.RECORD)[:1] for name in s.value)


_OF_DEALS = frozenset({"deal.stage", "deal.amount", "deal.closes_on", "deal.started_on", "date", "close"})


def _is_report(piece: Piece) -> bool:
    """What became of one deal, with its price or its day: "AF8NG5JC closed won on 12/28 for $58"."""
    fields = {s.field for s in piece.settings}
    one = not piece.every and any(tag.type is T.RECORD for tag in piece.content)
    nouns = any(tag.type is T.ENTITY and tag.text.lower().endswith("s") for tag in piece.content)
    if not one or nouns:
        return False
    words = piece.part.tags
    is_told = _has_copula(words)
    corrects = any(wishes(tag, "correction") for tag in words) and bool(fields & {"deal.started_on", "close"})
    own = [s for s in piece.settings if "." in s.field and s.field not in _OF_DEALS]
    numbers = any(not isinstance(s.value, tuple) for s in own)
    counts = numbers and not any(tag.type in (T.ENTITY, T.OP) for tag in piece.content)
    dated = bool(fields & {"deal.closes_on", "deal.started_on", "close"}) and is_told
    priced = fields == {"deal.amount"} and any(wishes(tag, "at") for tag in words) and (is_told or _is_coded(piece))
    ended = "deal.stage" in fields and bool(fields & {"deal.amount", "date", "close"})
    aimed = any(tag.text.lower() in small("goal") for tag in words) or _is_coded(piece)
    aimed = aimed and bool(fields) and fields <= _OF_DEALS
    return corrects or counts or dated or priced or ended or aimed or _has_ended(piece)


def _has_ended(piece: Piece) -> bool:
    """As in "Vantry deal lost": one deal of a customer, and what became of it."""
    deal = any(s.type is T.ENTITY and s.value == "deal" for tag in piece.content for s in tag.senses)
    party = any(n.entity == "account" for tag in piece.content for s in tag.all(T.RECORD)[:1] for n in s.value)
    return deal and party and {s.field for s in piece.settings} == {"deal.stage"}


Rule = Callable[[Desk], None]


def read_piece(part: Part, vocabulary: Vocabulary, rules: Sequence[Rule]) -> Piece:
    """What a part says, by these rules; what they leave free is a description."""
    desk = Desk(part, vocabulary)
    verb = desk.verb
    desk.piece.orders = verb is not None
    for rule in rules:
        rule(desk)
    piece = desk.piece
    kept = (without_wishes(tag) for tag, free in zip(desk.tags, desk.free, strict=True) if free)
    piece.described = [tag for tag in kept if tag is not None]
    piece.sure |= piece.orders and piece.is_setting
    piece.sure |= bool(piece.settings) and (_is_linked(desk) or _is_report(piece))
    return piece
