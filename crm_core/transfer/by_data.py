"""Columns told by how their cells are filled, where neither header nor form says what they are.

Each is guessed only when one column alone fits and the field is free; two that fit alike stay fields of their own.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from crm_core.models import Kind, StageKind
from crm_core.schema import DATES, Entity
from crm_core.titles import same_title
from crm_core.transfer.dates import find_order, parse_date
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.mapping import CLOSE_DATE, EXPECTED, LOST_ON, OUTCOME
from crm_core.transfer.outcomes import outcomes
from crm_core.transfer.persons import names_persons
from crm_core.transfer.pipeline import stage_kind
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, header_words, headers, is_missing

_NEARLY_ALL = 0.95
_NEVER = 0.01
_TITLES = 0.8  # of the names of deals differ
_LEAST_ROWS = 10
_LEAST_DEALS = 3  # of each outcome, before a pattern in their dates means something
_LONGEST_CODE = 40
_CODE = re.compile(r"[A-Za-z0-9]+([-_/#:][A-Za-z0-9]+)*")
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")


def is_key(profile: FileProfile, column: Profile) -> bool:
    """Whether every row has a value here and no two the same."""
    rows = profile.rows - profile.unreadable
    if column.filled != rows or column.uniqueness < 1.0:
        return False
    return column.is_whole or len(_cells(profile, column)) == rows


def is_code(profile: FileProfile, column: Profile) -> bool:
    """Whether the column is a key of short codes (letters with digits) or a counter."""
    if column.longest > _LONGEST_CODE or not column.distinct:
        return False
    values = [value.strip() for value in column.distinct]
    if not all(_CODE.fullmatch(value) for value in values):
        return False
    mixed = sum(1 for value in values if _MIXED.match(value))
    return (mixed >= 0.8 * len(values) or _counts(values)) and is_key(profile, column)


def add_by_data(profile: FileProfile, entity: Entity, targets: dict[int, str]) -> tuple[dict[int, str], list[str]]:
    """`targets` with further columns, and a note for each that is added or fits no better than another.

    Args:
        profile: the file.
        entity: what it holds.
        targets: position → field, as headers and values said.
    """
    finder = _Finder(profile, entity, dict(targets))
    if entity.name == "user":
        finder.offer("manager", _is_manager, "its names stand for several rows each")
    if entity.name == "product":
        finder.offer_price()
    if entity.name == "deal":
        finder.offer("name", finder.is_title, "it names nearly every row")
        finder.offer_dates_of_stages()
        finder.offer_dates()
        finder.offer_expected_amount()
    finder.offer("external_id", finder.is_own_code, "each row has a code of its own")
    return finder.targets, finder.notes


@dataclass
class _Filled:
    """How many deals of each outcome have a date in a column, and the dates by row number."""

    rows: Counter[StageKind] = field(default_factory=Counter)
    days: dict[int, date] = field(default_factory=dict)


@dataclass
class _Finder:
    profile: FileProfile
    entity: Entity
    targets: dict[int, str]
    notes: list[str] = field(default_factory=list)

    def offer(self, target: str, fits: Callable[[Profile], bool], why: str) -> None:
        """Take the only free column that `fits` as `target`."""
        if self._is_free(target):
            self._take(target, [column for column in self._rest() if fits(column)], why)

    def offer_price(self) -> None:
        """The only column of numbers of a list of products is its price."""
        numbers = [c for c in self.profile.columns if c.filled and c.share(Kind.DECIMAL) == 1.0]
        if len(numbers) == 1 and self._is_free("list_price") and numbers[0].index not in self.targets:
            is_other = set(header_words(numbers[0].header).split()) & set(headers()["no_prices"])
            if not is_other and not is_code(self.profile, numbers[0]):
                self._take("list_price", numbers, "it is the only column of numbers")

    def is_own_code(self, column: Profile) -> bool:
        """Whether the column tells the rows apart by codes."""
        other = set(header_words(column.header).split()) & set(headers()["other_codes"])
        return not other and len(column.distinct) >= _LEAST_ROWS and is_code(self.profile, column)

    def is_title(self, column: Profile) -> bool:
        """Whether the column is called a name or a title, and tells nearly all rows apart."""
        last = full_words(column.header).split()[-1:]
        called = last in (["name"], ["title"]) or column.header.endswith(("名称", "标题", "名"))
        return (
            called
            and len(column.distinct) >= _LEAST_ROWS
            and column.uniqueness > _TITLES
            and column.filled >= _NEARLY_ALL * self.profile.rows
        )

    def offer_dates_of_stages(self) -> None:
        """A date that is called by a stage in which deals end: Date Funded, where they are Funded or Declined."""
        if "stage" not in self.targets.values():
            return
        kinds = {same_title(value): stage_kind(value) for value in self.profile.columns[self._telling()].distinct}
        for target, kind in (("closed_on", StageKind.WON), (LOST_ON, StageKind.LOST)):
            if target in self.targets.values():
                continue
            named = [c for c in self._rest() if kinds.get(_event(c.header)) is kind and custom_kind(c) in DATES]
            self._take(target, named, "it is called by a stage in which deals end")

    def offer_dates(self) -> None:
        """The close date is filled for closed deals alone; the start date for nearly all, and is never after it."""
        dates = [column for column in self._rest() if custom_kind(column) in DATES]
        ended = self._ended()
        if not dates or "stage" not in self.targets.values() or (ended and not self._is_free("started_on")):
            return
        rows, filled = self._count([*dates, *ended])
        if min(rows[StageKind.WON], rows[StageKind.LOST], rows[StageKind.OPEN]) < _LEAST_DEALS:
            return
        if not ended:
            ending = [column for column in dates if _is_ending(rows, filled[column.index].rows)]
            self._take("closed_on", ending, "it is filled for won and lost deals and blank for open ones")
            ended = self._ended()
        if ended and self._is_free("started_on"):
            last = filled[ended[0].index]
            starting = [c for c in dates if c not in ended and _is_starting(rows, filled[c.index], last)]
            self._take("started_on", starting, f"it is filled for most deals and never after {ended[0].header}")

    def offer_expected_amount(self) -> None:
        """Where only deals that have ended have an amount: what the others are expected to come to."""
        at = {target: index for index, target in self.targets.items()}
        called = {full_words(word) for word in headers()["fields"]["deal.expected_amount"]}
        offers = [c for c in self._rest() if full_words(c.header) in called and c.share(Kind.DECIMAL) >= _NEARLY_ALL]
        if not offers or "amount" not in at or "stage" not in at:
            return
        stage = self._telling()
        kinds = {value: stage_kind(value) for value in self.profile.columns[stage].distinct}
        kinds |= outcomes(self.profile, at)
        rows = [r.cells for r in self.profile.source.rows() if r.problem is None]
        going = [cells for cells in rows if kinds.get(cells[stage].strip()) is StageKind.OPEN]
        priced = sum(not is_missing(cells[at["amount"]]) for cells in going)
        if len(going) >= _LEAST_DEALS and priced <= (1 - _NEARLY_ALL) * len(going):
            full = [c for c in offers if 2 * sum(not is_missing(cells[c.index]) for cells in going) >= len(going)]
            self._take(EXPECTED, full, "open deals have no other amount")

    def _ended(self) -> list[Profile]:
        return [self.profile.columns[i] for i, target in self.targets.items() if target in ("closed_on", CLOSE_DATE)]

    def _count(self, columns: Sequence[Profile]) -> tuple[Counter[StageKind], dict[int, _Filled]]:
        """Rows of won, lost and open deals, and how `columns` are filled in them."""
        stage = self._telling()
        orders = {column.index: find_order(column.distinct)[0] for column in columns}
        filled = {column.index: _Filled() for column in columns}
        told = outcomes(self.profile, {target: index for index, target in self.targets.items()})
        named = self.profile.columns[stage].distinct
        kinds = {value: told.get(value.strip()) or stage_kind(value) for value in named}
        rows: Counter[StageKind] = Counter()
        for row in self.profile.source.rows():
            kind = kinds.get(row.cells[stage]) if row.problem is None else None
            if kind is None:
                continue
            rows[kind] += 1
            for index, known in filled.items():
                if not is_missing(row.cells[index]):
                    known.rows[kind] += 1
                    known.days[row.number] = parse_date(row.cells[index], orders[index])
        return rows, filled

    def _telling(self) -> int:
        """The column that says how deals stand: of their outcome, else of their stage."""
        at = {target: index for index, target in self.targets.items()}
        return at.get(OUTCOME, at["stage"])

    def _take(self, target: str, columns: Sequence[Profile], why: str) -> None:
        name = self.profile.source.name
        if len(columns) == 1:
            self.targets[columns[0].index] = target
            self.notes.append(f"{name}: {columns[0].header} is taken as {self.entity.name}.{target}: {why}.")
        elif columns:
            told = " and ".join(column.header for column in columns)
            self.notes.append(f"{name}: {told} could each be {self.entity.name}.{target}; say which with --map.")

    def _is_free(self, target: str) -> bool:
        return target in self.entity.fields and target not in self.targets.values()

    def _rest(self) -> list[Profile]:
        return [column for column in self.profile.columns if column.index not in self.targets and column.filled]


def _event(header: str) -> str:
    """What happened on that day: "Date Funded", "Funded on" → "funded"."""
    words = [word for word in header_words(header).split() if word not in ("date", "on", "at", "time", "day")]
    return " ".join(words)


def _is_manager(column: Profile) -> bool:
    return column.is_whole and column.uniqueness <= 0.5 and names_persons(column.distinct)


def _is_ending(rows: Counter[StageKind], filled: Counter[StageKind]) -> bool:
    closed = all(filled[kind] >= _NEARLY_ALL * rows[kind] for kind in (StageKind.WON, StageKind.LOST))
    return closed and filled[StageKind.OPEN] <= (1 - _NEARLY_ALL) * rows[StageKind.OPEN]


def _is_starting(rows: Counter[StageKind], first: _Filled, last: _Filled) -> bool:
    known = all(first.rows[kind] >= _NEARLY_ALL * rows[kind] for kind in (StageKind.WON, StageKind.LOST))
    both = first.days.keys() & last.days.keys()
    late = sum(1 for row in both if first.days[row] > last.days[row])
    return known and 2 * first.rows[StageKind.OPEN] >= rows[StageKind.OPEN] and late <= _NEVER * len(both)


def _counts(values: Sequence[str]) -> bool:
    """1, 2, 3 ... with few gaps, in any order."""
    if not all(re.fullmatch(r"[1-9]\d{0,17}", value) for value in values):
        return False
    numbers = {int(value) for value in values}
    return max(numbers) - min(numbers) < 2 * len(numbers)


def _cells(profile: FileProfile, column: Profile) -> set[str]:
    return {row.cells[column.index] for row in profile.source.rows() if row.problem is None}
