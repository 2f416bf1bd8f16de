"""Columns of a file of deals told by how their cells are filled: names, reasons of losses, dates, what is expected."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from crm_core.models import Kind, StageKind
from crm_core.schema import DATES
from crm_core.titles import same_title
from crm_core.transfer.dates import find_order, parse_date
from crm_core.transfer.finder import Finder
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.mapping import CLOSE_DATE, EXPECTED, LOST_ON, OUTCOME
from crm_core.transfer.outcomes import ByStage, outcomes
from crm_core.transfer.pipeline import stage_kind
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, header_words, headers, is_missing

_NEARLY_ALL = 0.95
_NEVER = 0.01
_TITLES = 0.8  # of the names of deals differ
_LEAST_ROWS = 10
_LEAST_DEALS = 3  # of each outcome, before a pattern in their dates means something
_FEW_STAGES = 3  # in which deals are lost


def offer_deal_columns(finder: Finder) -> None:
    """Take the columns of deals that their cells tell; what the amount is, is told elsewhere."""
    finder.offer("name", lambda column: _is_title(finder.profile, column), "it names nearly every row")
    if "stage" in finder.at or OUTCOME in finder.at:
        _offer_end(finder)
        _offer_dates_of_stages(finder)
        finder.offer("lost_reason", lambda column: _is_reason(finder, column), "it is filled for lost deals")
        _widen_lost(finder)
        _offer_dates(finder)
        _offer_day_lost(finder)
        _offer_expected_amount(finder)
    _offer_expected(finder)
    _offer_start(finder)


def _offer_expected(finder: Finder) -> None:
    """The day that is expected; of several, the one on which the deal is to be decided."""
    if finder.is_free("closes_on"):
        expected = [column for column in finder.rest() if _is_expected(column)]
        if (
            not expected and not {"closed_on", CLOSE_DATE} & finder.at.keys()
        ):  # no other day says when: a "target go-live"
            told = headers()["date_words"]["expected"]
            expected = [c for c in finder.rest() if custom_kind(c) in DATES and _is_called(c, told)]
        called = [column for column in expected if _is_called(column, headers()["date_words"]["ended"])]
        why = "its header says that the day is expected"
        finder.take("closes_on", called if len(called) == 1 else expected, why)


def _is_title(profile: FileProfile, column: Profile) -> bool:
    """Whether the column is called a name or a title, and tells nearly all rows apart."""
    last = full_words(column.header).split()[-1:]
    called = last in (["name"], ["title"]) or column.header.endswith(("名称", "标题", "名"))
    telling = len(column.distinct) >= _LEAST_ROWS and column.uniqueness > _TITLES
    return called and telling and column.filled >= _NEARLY_ALL * profile.rows


def _is_reason(finder: Finder, column: Profile) -> bool:
    """Whether the column is called a reason and stands beside the deals of one or two stages alone."""
    if not _is_called(column, headers()["reasons"]) or column.share(Kind.DECIMAL) > 0:
        return False
    told = ByStage(finder.profile, _telling(finder))
    having = [name for name in told.rows if told.cells[name, column.index]]
    return 0 < len(having) <= _FEW_STAGES and len(having) < len(told.rows)


def _offer_dates_of_stages(finder: Finder) -> None:
    """A date that is called by a stage in which deals end: Date Funded, where they are Funded or Declined."""
    kinds = {same_title(value): stage_kind(value) for value in finder.profile.columns[_telling(finder)].distinct}
    for target, kind in (("closed_on", StageKind.WON), (LOST_ON, StageKind.LOST)):
        if target not in finder.at:
            named = [c for c in finder.rest() if kinds.get(_event(c.header)) is kind and custom_kind(c) in DATES]
            finder.take(target, named, "it is called by a stage in which deals end")


def _widen_lost(finder: Finder) -> None:
    """A day on which deals were lost that won ones have too is the day on which each was decided: "PO / Lost Date"."""
    lost_on = finder.at.get(LOST_ON)
    if lost_on is None or {"closed_on", CLOSE_DATE} & finder.at.keys():
        return
    rows, filled = _count(finder, [finder.profile.columns[lost_on]])
    if rows[StageKind.WON] and filled[lost_on].rows[StageKind.WON] >= _NEARLY_ALL * rows[StageKind.WON]:
        finder.targets[lost_on] = CLOSE_DATE


def _offer_end(finder: Finder) -> None:
    """The date that all deals of some stages have and none of the others: these have ended, by whatever name."""
    if {"closed_on", CLOSE_DATE, OUTCOME} & finder.at.keys():
        return
    told = ByStage(finder.profile, finder.at["stage"])
    names = [name for name, rows in told.rows.items() if rows >= _LEAST_DEALS]
    ended = {name for name in names if stage_kind(name) is not StageKind.OPEN}
    most: dict[int, int] = {}
    for column in (c for c in finder.rest() if _may_end(c)):
        over = [name for name in names if told.share(name, column.index) >= _NEARLY_ALL]
        going = [name for name in names if told.share(name, column.index) <= 1 - _NEARLY_ALL]
        if len(over) > 1 and ended <= set(over) and going and len(over) + len(going) == len(names):
            most[column.index] = len(over)
    ending = [finder.profile.columns[at] for at, count in most.items() if count == max(most.values())]
    called = [column for column in ending if _is_called(column, headers()["date_words"]["ended"])]
    finder.take("closed_on", called if len(called) == 1 else ending, "deals have it once they stand in certain stages")


def _offer_day_lost(finder: Finder) -> None:
    """The date that lost deals alone have, where won ones have another."""
    if LOST_ON in finder.at or "closed_on" not in finder.at:
        return
    dates = [column for column in finder.rest() if custom_kind(column) in DATES]
    rows, filled = _count(finder, dates)
    least = _NEARLY_ALL * rows[StageKind.LOST] if rows[StageKind.LOST] >= _LEAST_DEALS else None
    told = [c for c in dates if least and filled[c.index].rows[StageKind.LOST] >= least]
    finder.take(LOST_ON, [c for c in told if set(filled[c.index].rows) == {StageKind.LOST}], "only lost deals have it")


def _offer_start(finder: Finder) -> None:
    """The first date that nearly every deal has and that no other date comes before, where nothing else tells."""
    rows = finder.profile.rows - finder.profile.unreadable
    called = finder.at.get("started_on")
    if called is not None and 2 * finder.profile.columns[called].filled >= rows:
        return
    dates = [column for column in finder.profile.columns if column.filled and custom_kind(column) in DATES]
    free = [c for c in dates if c.index not in finder.targets and not _is_expected(c)]
    free = [c for c in free if not _is_called_other(c, "began")]
    full = [column for column in free if column.filled >= _NEARLY_ALL * rows]
    days = _days(finder.profile, dates)
    first = [c for c in full if all(_comes_first(days[c.index], days[d.index]) for d in dates if d is not c)]
    if first and called is not None:
        del finder.targets[called]  # few have it: the first day of a job, no beginning of a deal
    finder.take("started_on", first[:1], "nearly every deal has it and no other date comes before it")


def _days(profile: FileProfile, dates: Sequence[Profile]) -> dict[int, dict[int, date]]:
    """Position → row number → day."""
    orders = {column.index: find_order(column.distinct)[0] for column in dates}
    days: dict[int, dict[int, date]] = {column.index: {} for column in dates}
    for row in profile.source.rows():
        for at, order in orders.items() if row.problem is None else ():
            if not is_missing(row.cells[at]):
                with suppress(ValueError):
                    days[at][row.number] = parse_date(row.cells[at], order)
    return days


def _comes_first(these: Mapping[int, date], others: Mapping[int, date]) -> bool:
    both = these.keys() & others.keys()
    return sum(these[row] > others[row] for row in both) <= (1 - _NEARLY_ALL) * len(both)


@dataclass
class _Filled:
    """How many deals of each outcome have a date in a column, and the dates by row number."""

    rows: Counter[StageKind] = field(default_factory=Counter)
    days: dict[int, date] = field(default_factory=dict)


def _offer_dates(finder: Finder) -> None:
    """The close date is filled for closed deals alone; the start date for nearly all, and is never after it."""
    dates = [column for column in finder.rest() if custom_kind(column) in DATES]
    ended = _ended(finder)
    if not dates or (ended and not finder.is_free("started_on")):
        return
    rows, filled = _count(finder, [*dates, *ended])
    if min(rows[StageKind.WON], rows[StageKind.LOST], rows[StageKind.OPEN]) < _LEAST_DEALS:
        return
    if not ended:
        ending = [column for column in dates if _is_ending(rows, filled[column.index].rows)]
        finder.take("closed_on", ending, "it is filled for won and lost deals and blank for open ones")
        ended = _ended(finder)
    if ended and finder.is_free("started_on"):
        last = filled[ended[0].index]
        starting = [c for c in dates if c not in ended and _is_starting(rows, filled[c.index], last)]
        called = [column for column in starting if _is_called(column, headers()["date_words"]["began"])]
        why = f"it is filled for most deals and never after {ended[0].header}"
        finder.take("started_on", called if len(called) == 1 else starting, why)


def _offer_expected_amount(finder: Finder) -> None:
    """Where only deals that have ended have an amount: what the others are expected to come to."""
    at = finder.at
    called = {full_words(word) for word in headers()["fields"]["deal.expected_amount"]}
    offers = [c for c in finder.rest() if full_words(c.header) in called and c.share(Kind.DECIMAL) >= _NEARLY_ALL]
    if not offers or "amount" not in at:
        return
    stage = _telling(finder)
    kinds = {value: stage_kind(value) for value in finder.profile.columns[stage].distinct}
    kinds |= outcomes(finder.profile, at)
    rows = [r.cells for r in finder.profile.source.rows() if r.problem is None]
    going = [cells for cells in rows if kinds.get(cells[stage].strip()) is StageKind.OPEN]
    priced = sum(not is_missing(cells[at["amount"]]) for cells in going)
    if len(going) >= _LEAST_DEALS and priced <= (1 - _NEARLY_ALL) * len(going):
        full = [c for c in offers if 2 * sum(not is_missing(cells[c.index]) for cells in going) >= len(going)]
        finder.take(EXPECTED, full, "open deals have no other amount")


def _may_end(column: Profile) -> bool:
    other = _is_called_other(column, "ended") or _is_called(column, headers()["date_words"]["expected"])
    return custom_kind(column) in DATES and not other


def _is_expected(column: Profile) -> bool:
    called = _is_called(column, headers()["date_words"]["expected"])
    return called and custom_kind(column) in DATES and not _is_called_other(column, "expected")


def _is_called(column: Profile, words: Collection[str]) -> bool:
    """Whether the header holds one of these words."""
    header = header_words(column.header)
    return any(f" {word} " in f" {header} " if word.isascii() else word in header for word in words)


def _is_called_other(column: Profile, date: str) -> bool:
    """Whether the header speaks of another day than that `date`: a delivery, a payment."""
    words = headers()["date_words"]
    return _is_called(column, set(words["others"]) - set(words[date]))


def _ended(finder: Finder) -> list[Profile]:
    return [finder.profile.columns[i] for i, target in finder.targets.items() if target in ("closed_on", CLOSE_DATE)]


def _count(finder: Finder, columns: Sequence[Profile]) -> tuple[Counter[StageKind], dict[int, _Filled]]:
    """Rows of won, lost and open deals, and how `columns` are filled in them."""
    stage = _telling(finder)
    orders = {column.index: find_order(column.distinct)[0] for column in columns}
    filled = {column.index: _Filled() for column in columns}
    told = outcomes(finder.profile, finder.at)
    named = finder.profile.columns[stage].distinct
    kinds = {value: told.get(value.strip()) or stage_kind(value) for value in named}
    rows: Counter[StageKind] = Counter()
    for row in finder.profile.source.rows():
        kind = kinds.get(row.cells[stage]) if row.problem is None else None
        if kind is None:
            continue
        rows[kind] += 1
        for index, known in filled.items():
            if not is_missing(row.cells[index]):
                known.rows[kind] += 1
                known.days[row.number] = parse_date(row.cells[index], orders[index])
    return rows, filled


def _telling(finder: Finder) -> int:
    """The column that says how deals stand: of their outcome, else of their stage."""
    return finder.at.get(OUTCOME, finder.at.get("stage", -1))


def _event(header: str) -> str:
    """What happened on that day: "Date Funded", "Funded on" → "funded"."""
    words = [word for word in header_words(header).split() if word not in ("date", "on", "at", "time", "day")]
    return " ".join(words)


def _is_ending(rows: Counter[StageKind], filled: Counter[StageKind]) -> bool:
    closed = all(filled[kind] >= _NEARLY_ALL * rows[kind] for kind in (StageKind.WON, StageKind.LOST))
    return closed and filled[StageKind.OPEN] <= (1 - _NEARLY_ALL) * rows[StageKind.OPEN]


def _is_starting(rows: Counter[StageKind], first: _Filled, last: _Filled) -> bool:
    known = all(first.rows[kind] >= _NEARLY_ALL * rows[kind] for kind in (StageKind.WON, StageKind.LOST))
    both = first.days.keys() & last.days.keys()
    late = sum(1 for row in both if first.days[row] > last.days[row])
    return known and 2 * first.rows[StageKind.OPEN] >= rows[StageKind.OPEN] and late <= _NEVER * len(both)
