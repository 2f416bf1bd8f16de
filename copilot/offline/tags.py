"""Typed tags: what a stretch of a request may mean. A tag carries every reading of its words."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal


class T(StrEnum):
    """The types of tags. Lexicon sections have the same names."""

    ENTITY = "entity"  # value: entity name
    FIELD = "field"  # value: "entity.field"
    METRIC = "metric"  # value: metric name
    VALUE = "value"  # value: ("entity.field", stored value)
    RECORD = "record"  # value: tuple of Name: one, or several that the words fit equally
    STATE = "state"  # value: open | won | lost | closed | started
    DATE = "date"  # value: DateSpan
    NUMBER = "number"  # value: Number
    OP = "op"  # value: gt ge lt le eq approx between
    POST_OP = "post_op"  # value: ge le gt lt
    SUP = "sup"  # value: max_rank ... old new
    AGG = "agg"  # value: avg sum median min max distinct
    ASK = "ask"  # value: how_many which list ...
    STAND = "stand"  # where one comes in a ranking, beside "where" or "how"
    SHARE = "share"
    STREAK = "streak"  # "in a row"
    LINK = "link"  # value: figure after left: a verb that says nothing by itself, as in "May | saw | the most wins"
    RATIO = "ratio"  # value: of | over: between what and what a ratio is taken
    CHANGE = "change"
    RUNNING = "running"  # "cumulative"
    STEP = "step"  # value: before, after, month_before … year_ago: a period told by another one
    GAP = "gap"
    VERSUS = "versus"
    BY = "by"
    NEG = "neg"  # value: not exclude rest none never only
    ORDER = "order"
    BUCKET = "bucket"  # value: day week month quarter year
    THING = "thing"  # "everything": whatever is spoken of
    WHOLE = "whole"  # value: all period company; "across all regions", "overall": a narrowing that may be let go
    SHIFT = "shift"  # value: earlier later year_earlier same: a time told from the one shown
    COMPARATIVE = "comparative"  # value: gt lt than both: two stand side by side
    UNIT = "unit"  # value: day week month quarter year, as a bare noun
    MINE = "mine"
    PRONOUN = "pronoun"
    FOLLOW = "follow"
    TREE = "tree"
    OWNS = "owns"  # value: "entity.reference"
    MANAGES = "manages"
    VERB_METRIC = "verb_metric"  # value: metric name
    MONEY_WORD = "money_word"
    PERCENT_WORD = "percent_word"
    NOT_HELD = "not_held"  # value: the concept
    WRITE = "write"
    WISH = "wish"  # value: a concept of `prompts/lexicon/writing.yaml`; only where changes are read
    SMALLTALK = "smalltalk"
    AND = "and"
    OR = "or"
    PREP = "prep"
    MEANING = "meaning"  # value: OwnCondition, a company's own word for some records of a kind
    FILLER = "filler"
    PUNCT = "punct"
    UNKNOWN = "unknown"


How = Literal["exact", "partial", "prefix", "fuzzy", "short"]  # short: a part of a field's name

SILENT = frozenset({T.FILLER, T.PREP, T.PUNCT})  # explain themselves: they carry no content

WEIGHTS: dict[T, float] = {  # of one word; the more it tells of the data, the more it weighs
    T.RECORD: 3.0, T.VALUE: 2.3, T.METRIC: 2.3, T.DATE: 2.2, T.FIELD: 2.1, T.TREE: 2.1, T.OWNS: 2.0, T.MANAGES: 2.0,
    T.MEANING: 2.3, T.ENTITY: 2.0, T.STATE: 2.0, T.VERB_METRIC: 1.95,
    T.SUP: 1.8, T.BUCKET: 1.8, T.OP: 1.6, T.POST_OP: 1.6,
    T.UNIT: 1.1, T.THING: 1.0, T.COMPARATIVE: 0.9, T.STAND: 0.85, T.WHOLE: 0.5, T.SHIFT: 1.7,
    T.ASK: 1.6, T.GAP: 1.6, T.CHANGE: 1.8,
    T.STEP: 1.95, T.RUNNING: 1.9, T.NUMBER: 1.5, T.AGG: 1.5, T.SHARE: 1.5, T.RATIO: 1.5, T.STREAK: 1.5,
    T.NEG: 1.4, T.VERSUS: 1.4, T.LINK: 0.75,
    T.BY: 1.2, T.ORDER: 1.65, T.MINE: 1.4, T.PRONOUN: 1.35, T.FOLLOW: 1.5, T.NOT_HELD: 1.9, T.WRITE: 1.0, T.WISH: 1.6,
    T.SMALLTALK: 0.9, T.MONEY_WORD: 1.0, T.PERCENT_WORD: 1.0, T.AND: 0.9, T.OR: 0.9, T.PREP: 0.85, T.FILLER: 0.8,
    T.PUNCT: 0.5, T.UNKNOWN: -3.0,
}  # fmt: skip
HOW_FACTOR: dict[How, float] = {"exact": 1.0, "partial": 0.95, "prefix": 0.7, "fuzzy": 0.72, "short": 0.6}


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading: its type, what it stands for, and how it was found."""

    type: T
    value: Any = None
    how: How = "exact"


@dataclass(frozen=True)
class Tag:
    """A stretch of tokens [start, end) with every reading it may have, the likeliest first."""

    start: int
    end: int
    text: str
    senses: tuple[Sense, ...]
    weight: float

    def get(self, *types: T) -> Sense | None:
        """Its first reading of one of these types."""
        return next((sense for sense in self.senses if sense.type in types), None)

    def all(self, kind: T) -> tuple[Sense, ...]:
        """All its readings of a type."""
        return tuple(sense for sense in self.senses if sense.type is kind)

    @property
    def type(self) -> T:
        """The type of its likeliest reading."""
        return self.senses[0].type

    def only(self, *senses: Sense) -> "Tag":
        """The same words read in fewer ways."""
        return replace(self, senses=senses)
