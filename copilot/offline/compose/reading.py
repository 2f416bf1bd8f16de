"""What a request was read as: typed nodes, each of which owns the words that it explains."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.dates import DateSpan
from copilot.offline.tags import Tag
from copilot.offline.vocabulary import Name
from crm_core.own_condition import OwnCondition

Ask = Literal[
    "which", "list", "count", "who", "rank", "place", "exists", "what", "how_much", "how_long", "when", "where", "why"
]


WHOLE = "whole"  # "the whole year": the one that the time spoken of is in


@dataclass(frozen=True)
class FieldTest:
    """A condition on a field, wherever it stands: "account.industry" in ["retail"]."""

    dotted: str  # "entity.field"
    op: str
    values: tuple[Any, ...] = ()
    other: str | None = None  # "entity.field" compared with
    negated: bool = False
    text: str = ""
    at: int = -1  # where its words begin, in tokens
    above: str | None = None  # "account.parent": it is said of the record at the end of this reference

    @property
    def entity(self) -> str:
        """Whose field it is."""
        return self.dotted.split(".")[0]


@dataclass(frozen=True)
class RecordTest:
    """A condition on a record: it is one of these (or belongs below them)."""

    entity: str
    names: tuple[Name, ...]
    negated: bool = False
    below: bool = False  # with its subsidiaries or its team
    reference: str | None = None  # "user.manager": the record stands at the end of this reference
    text: str = ""
    at: int = -1


@dataclass(frozen=True)
class StateTest:
    """Deals in these stage kinds (open, won, lost)."""

    kinds: tuple[str, ...]
    negated: bool = False
    at: int = -1


@dataclass(frozen=True)
class MeantTest:
    """A condition that a company's own word stands for."""

    condition: OwnCondition
    negated: bool = False

    @property
    def entity(self) -> str:
        """Whose condition it is."""
        return self.condition.entity


@dataclass(frozen=True)
class Period:
    """A date span and the field that the words tie it to, if they do."""

    span: DateSpan
    dotted: str | None = None  # "entity.field"
    role: str | None = None  # opened | closed, from a state word
    negated: bool = False
    step: str | None = None  # "the previous quarter": beside another quarter, the one before that; or `WHOLE`


@dataclass(frozen=True)
class MeasureNode:
    """Something to measure: a metric, or a function of a field, or a count of records."""

    metric: str | None = None
    fn: str | None = None
    dotted: str | None = None  # "entity.field", or an entity for a count


@dataclass(frozen=True)
class GroupNode:
    """To group by: a field, an entity, or a date bucket."""

    dotted: str | None = None  # "entity.field" or an entity's name
    bucket: str | None = None


@dataclass(frozen=True)
class SupNode:
    """A superlative: direction, what kind of size, how many, and the noun that it stands with."""

    sort: str  # max_rank, min_size, old ...
    limit: int | None = None
    noun: str | None = None  # entity, "entity.field" or bucket
    is_plural: bool = False
    nth: int | None = None
    by: str | None = None  # "entity.field" that it is about: "the most employees"
    pct: float | None = None  # "the top 20 %"

    @property
    def descending(self) -> bool:
        """Whether the largest (or newest) comes first."""
        return self.sort.startswith("max") or self.sort == "new"


@dataclass(frozen=True)
class HavingNode:
    """A test on each group's measure, or on a number of child records."""

    op: str
    value: float
    subject: MeasureNode | None = None
    is_money: bool = False
    upper: float | None = None  # for between
    every: str | None = None  # an entity: instead of the value, how many of it there are


@dataclass(frozen=True)
class Side:
    """The tests that tell one side of a comparison from the other."""

    fields: tuple[FieldTest, ...] = ()
    records: tuple[RecordTest, ...] = ()
    states: tuple[StateTest, ...] = ()
    periods: tuple[Period, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Which kinds of test it has."""
        return frozenset(name for name, tests in vars(self).items() if tests)

    def only(self, kinds: frozenset[str]) -> "Side":
        """Its tests of these kinds."""
        return Side(**{name: tests for name, tests in vars(self).items() if name in kinds})


@dataclass(frozen=True)
class Contrast:
    """Two sides of one measure. With a sign: groups whose left side is the larger (gt) or the smaller (lt) one."""

    left: Side
    right: Side
    sign: str | None = None


@dataclass(frozen=True)
class Parted:
    """A group that the question makes: its name, and the tests that all hold in it."""

    name: str
    tests: tuple[FieldTest, ...]


@dataclass(frozen=True)
class Against:
    """What each of those asked for is measured against: the average of them all, or one that is named.

    `sign`: gt, ge, lt, le; next_gt, next_lt: the nearest one only. `average`: avg or median. `than`: the one named.
    `by`: "entity.field" of single records that is compared; None: what is measured of groups.
    """

    sign: str
    average: str | None = None
    than: Side | None = None
    by: str | None = None


@dataclass(frozen=True)
class Target:
    """What is asked for: an entity or a field, and how it was asked."""

    dotted: str  # entity or "entity.field"
    ask: Ask | None = None
    is_plural: bool = True


@dataclass(frozen=True)
class Doubt:
    """A word that may mean several things, such as a value of several fields: the person says which is meant."""

    text: str
    fields: tuple[str, ...]  # "entity.field"
    options: tuple[str, ...] = ()  # of a word that is no value: what it may be
    measures: tuple[str, ...] = ()  # of a verb: the metrics and "entity.field" that it may ask for


@dataclass(frozen=True)
class Clause:
    """A condition on the deals of a party, tested by itself: there is such a deal, or there is none."""

    negated: bool
    reading: "Reading"


@dataclass(frozen=True)
class Shift:
    """A time that is told from the one shown: so many units later (or earlier), or the same part of another year."""

    steps: int
    unit: str | None  # None: of the same length
    year: date | None = None


@dataclass
class Reading:
    """The nodes of one request. Composed by rules, edited by follow-ups, turned into a spec by a shape."""

    target: Target | None = None
    asks: list[Ask] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)  # entities named as nouns
    measures: list[MeasureNode] = field(default_factory=list)
    fields: list[FieldTest] = field(default_factory=list)
    records: list[RecordTest] = field(default_factory=list)
    states: list[StateTest] = field(default_factory=list)
    meant: list[MeantTest] = field(default_factory=list)
    started: bool = False
    periods: list[Period] = field(default_factory=list)
    groups: list[GroupNode] = field(default_factory=list)
    sup: SupNode | None = None
    having: list[HavingNode] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # "entity.field" asked for
    either: list[tuple[Side, ...]] = field(default_factory=list)  # of each, one side holds
    also: list[Clause] = field(default_factory=list)
    without: list[str] = field(default_factory=list)  # child entities that must not exist
    mine: Literal["me", "team"] | None = None
    ours: bool = False  # "we", "our": the whole company
    plain_size: str | None = None  # "the big ones": how big is not told
    whole_team: bool = False  # "the team as a whole": after its people, that team
    me: bool = False  # 我在我们组: the person who asks, among their team
    share: Literal["share", "mix"] | None = None
    part: Side | None = None  # of a share, where its words are told from those of the whole
    ratio: "tuple[Reading, Reading] | None" = None  # of two that are measured each by itself
    thing: bool = False  # "everything"
    percent: bool = False  # told as a percentage
    total: bool = False  # "altogether"
    each: bool = False  # "each of them"
    shown: int | None = None  # "the three of them": how many that were spoken of
    row: int | None = None  # "the first one": its place in what was shown, from 1; -1 for the last
    ago: bool = False  # "how many days ago was that"
    below: bool = False  # "include the subsidiaries": of the company that was spoken of
    of_whole: bool = False  # "as a share of all the ones we won": the whole of which what was shown is a part
    others: tuple[int, int] | None = None  # "the first and the third": two places in what was shown
    drop: list[str] = field(default_factory=list)  # "forget the industry": conditions on these are lifted
    rest: list[str] = field(default_factory=list)  # "the other regions": what was left out; ["any"] without a noun
    shift: Shift | None = None  # "the month before that"
    mean: bool = False  # "the average of those": of what is not named
    vague: bool = False  # 签了多少: a number or an amount, both are told
    share_at: tuple[int, int] = (-1, -1)  # tokens of the share word
    part_from: int = -1  # token from which on a share names its part: "what share of deals were | won"
    change: str | None = None
    most_changed: Literal["difference", "change"] | None = None  # whoever changed most, by how much or how many percent
    growth: bool = False  # the change from each period to the next
    running: bool = False  # a running total over the periods
    step: str | None = None  # a period told by one that was spoken of: "the month before that"
    dated: str | None = None  # "entity.field" that the periods grouped by are of
    gap: bool = False
    spread: bool = False  # the gap from the first to the last
    side_by_side: bool = False
    pivot: tuple[str, int, int] | None = None  # of "more … than": its sign, and the tokens that tell the other side
    contrast: Contrast | None = None
    apart: "Reading | None" = None  # a ranking whose first are left out
    own_group: tuple[str, str] | None = None  # its sign, and "entity.field" of the one that each is in
    parted: list[Parted] = field(default_factory=list)
    chain: list[Contrast] = field(default_factory=list)  # several of them, each of which holds
    against: Against | None = None
    place: bool = False  # "where does Anna rank": the place of the one that is named
    distinct: bool = False
    each_line: bool = False  # "deals with X and Y": a line of each
    unclear: bool = False  # asks in a way that no shape of ours answers
    on_nothing: bool = False  # it leans on an unanswered one
    average_per: bool = False
    order: str | None = None
    notes: list[str] = field(default_factory=list)
    loose: list[Tag] = field(default_factory=list)  # content words that no node owns
    not_held: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    pronouns: list[Pronoun] = field(default_factory=list)
    follow: str | None = None
    first: bool = False  # "from the beginning": the first answer of the conversation
    joined: bool = False  # "add Priya": beside those that were shown

    def copy(self) -> "Reading":
        """An independent copy, for a follow-up to edit."""
        lists: dict[str, Any] = {k: list(v) for k, v in vars(self).items() if isinstance(v, list)}
        return replace(self, **lists)
