"""The pipeline as a board: what stands in each stage, what it comes to, and what may be wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from copilot.health import cues, rule_name
from copilot.offline.say.values import money
from crm_core.errors import NotFound
from crm_core.health import check_deals
from crm_core.models import StageKind
from crm_core.query.metrics import OPEN
from crm_core.query.result import QueryResult, Row
from crm_core.query.spec import All, Children, Condition, Filter, Group, Measure, Not, Order, QuerySpec
from crm_core.query.spec import Any as AnyOf
from integrations.web.reader import Cell, Reader

PAGE = 50  # cards of a stage at a time
_COUNT, _SUM = Measure(fn="count"), Measure(fn="sum", field="amount")
_COLUMNS = ["name", "account", "owner", "amount", "closes_on", "closed_on", "currency", "external_id"]


@dataclass(frozen=True)
class Shown:
    """Which deals the board shows.

    Attributes:
        pipeline: its id; None: the first.
        owner: of the deals; None: anybody.
        team: a manager, of whose people they are; None: anybody's.
        words: in the name of the deal or its account.
        closes_soon: only those that close by the end of this quarter.
        at_risk: only those at risk.
    """

    pipeline: int | None = None
    owner: int | None = None
    team: int | None = None
    words: str = ""
    closes_soon: bool = False
    at_risk: bool = False


@dataclass(frozen=True)
class Card:
    """One deal on the board. `risks` are names of warnings, the gravest first."""

    id: int
    version: int
    name: str
    account: Cell
    owner: str
    amount: str
    closes_on: date | None
    is_overdue: bool = False
    is_at_risk: bool = False
    risks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A stage with its deals. `totals` are sums, one for each currency."""

    stage: int
    name: str
    kind: StageKind
    count: int
    totals: tuple[str, ...]
    cards: tuple[Card, ...]

    @property
    def has_more(self) -> bool:
        """Whether deals stand here that have no card yet."""
        return len(self.cards) < self.count


@dataclass(frozen=True)
class Board:
    """A pipeline. Won and lost deals are those of this quarter."""

    pipeline: int
    pipelines: dict[int, str]
    lanes: tuple[Lane, ...]
    owners: dict[int, str]
    managers: dict[int, str]


def read_board(reader: Reader, shown: Shown, *, depth: Mapping[int, int] | None = None) -> Board:
    """The board as the person may see it.

    Args:
        reader: who looks.
        shown: which deals.
        depth: by stage, how many cards are wanted; where absent, the first `PAGE`.

    Raises:
        NotFound: there is no such pipeline.
    """
    pipelines = _named(reader.ask(QuerySpec(entity="pipeline", columns=["name"])))
    pipeline = shown.pipeline or next(iter(pipelines), 0)
    if not pipelines and shown.pipeline is None:
        return Board(0, {}, (), *_people(reader))
    if pipeline not in pipelines:
        raise NotFound("There is no such pipeline.")
    wanted = replace(shown, pipeline=pipeline)
    risky = _at_risk(reader, wanted) if shown.at_risk else None
    sums = _sums(reader, wanted) if risky is None else {}
    lanes = [
        _lane(reader, wanted, stage, (depth or {}).get(stage.id, PAGE), sums.get(stage.id), risky)
        for stage in _stages(reader, pipeline)
    ]
    return Board(pipeline, pipelines, tuple(_marked(reader, lanes)), *_people(reader))


def this_quarter(today: date) -> tuple[date, date]:
    """Its first and its last day."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)


@dataclass(frozen=True)
class _Stage:
    id: int
    name: str
    kind: StageKind


def _stages(reader: Reader, pipeline: int) -> list[_Stage]:
    spec = QuerySpec(
        entity="stage", columns=["name", "kind"], where=Condition(field="pipeline", value=pipeline),
        order_by=[Order(by="position")],
    )  # fmt: skip
    return [
        _Stage(row.record_id or 0, str(row.values[0]), StageKind(str(row.values[1]))) for row in reader.ask(spec).rows
    ]


def _tests(reader: Reader, shown: Shown) -> Iterator[Filter]:
    """What holds for every deal on the board."""
    yield Condition(field="stage.pipeline", value=shown.pipeline)
    if shown.owner is not None:
        yield Condition(field="owner", value=shown.owner)
    if shown.team is not None:
        yield Condition(field="owner", op="under", value=shown.team)
    if shown.words:
        named = [Condition(field=name, op="contains", value=shown.words) for name in ("name", "account.name")]
        yield AnyOf(any=list(named))


def _open(reader: Reader, shown: Shown) -> list[Filter]:
    last = this_quarter(reader.today)[1]
    soon = [Condition(field="closes_on", op="le", value=last.isoformat())] if shown.closes_soon else []
    return [OPEN, *soon]


def _closed(reader: Reader) -> list[Filter]:
    days = [day.isoformat() for day in this_quarter(reader.today)]
    return [Not(none=OPEN), Condition(field="closed_on", op="between", value=list(days))]


def _sums(reader: Reader, shown: Shown) -> dict[int, tuple[int, tuple[str, ...]]]:
    """By stage, how many deals stand in it and what they come to in each currency."""
    either = AnyOf(any=[All(all=_open(reader, shown)), All(all=_closed(reader))])
    tests = [*_tests(reader, shown), either]
    spec = QuerySpec(
        entity="deal", where=All(all=tests), group_by=[Group(field="stage"), Group(field="currency")], measures=[_COUNT]
    )
    counted = reader.ask(spec)
    counts: Counter[int] = Counter()
    for row in counted.rows:
        counts[row.ids[0]] += int(str(row.values[2]))
    currencies = {row.values[1] for row in counted.rows}
    totals: dict[int, list[str]] = {stage: [] for stage in counts}
    for currency in sorted(currencies, key=str):
        for stage, told in _totals(reader, tests, currency, is_only=len(currencies) == 1):
            totals[stage].append(told)
    return {stage: (count, tuple(totals[stage])) for stage, count in counts.items()}


def _totals(reader: Reader, tests: list[Filter], currency: Any, *, is_only: bool) -> Iterator[tuple[int, str]]:
    """Sums by stage of the deals in one currency, told in it."""
    is_own = Condition(field="currency", value=currency) if currency else Condition(field="currency", op="empty")
    where = All(all=tests if is_only else [*tests, is_own])
    found = reader.ask(QuerySpec(entity="deal", where=where, group_by=[Group(field="stage")], measures=[_SUM]))
    for row in found.rows:
        if isinstance(row.values[1], Decimal):
            yield row.ids[0], money(row.values[1], found.columns[1].currency)


def _at_risk(reader: Reader, shown: Shown) -> list[int]:
    where = All(all=[*_tests(reader, shown), *_open(reader, shown)])
    checked = check_deals(reader.store, actor=reader.actor, today=reader.today, cues=cues(), where=where)
    return [deal for deal, points in checked.points().items() if points >= checked.limits.at_risk]


def _lane(
    reader: Reader, shown: Shown, stage: _Stage, depth: int, sums: tuple[int, tuple[str, ...]] | None,
    risky: list[int] | None,
) -> Lane:  # fmt: skip
    is_open = stage.kind is StageKind.OPEN
    if (risky is None and sums is None) or (risky is not None and not (risky and is_open)):
        return Lane(stage.id, stage.name, stage.kind, 0, (), ())
    within = _open(reader, shown) if is_open else _closed(reader)
    where = All(all=[*_tests(reader, shown), *within, Condition(field="stage", value=stage.id)])
    order = Order(by="closes_on") if is_open else Order(by="closed_on", descending=True)
    spec = QuerySpec(entity="deal", columns=_COLUMNS, where=where, order_by=[order])
    if risky is None:
        found = reader.ask(spec.model_copy(update={"limit": depth}))
    else:
        found = reader.ask(spec, only=risky)
        sums = (len(found.rows), _sum_of(found))
    cards = tuple(_card(reader, found, row, is_open=is_open) for row in found.rows[:depth])
    count, totals = sums or (0, ())
    return Lane(stage.id, stage.name, stage.kind, count, totals, cards)


def _sum_of(found: QueryResult) -> tuple[str, ...]:
    at = _COLUMNS.index("amount")
    values = [row.values[at] for row in found.rows]
    amounts = [value for value in values if isinstance(value, Decimal)]
    return (money(sum(amounts, Decimal()), found.columns[at].currency),) if amounts else ()


def _card(reader: Reader, found: QueryResult, row: Row, *, is_open: bool) -> Card:
    cells = {column.name: reader.cell(found.columns, row, at) for at, column in enumerate(found.columns)}
    name = cells["name"].text or cells["external_id"].text or reader.kind("deal", count=1)
    day = row.values[_COLUMNS.index("closes_on" if is_open else "closed_on")]
    closes_on = day if isinstance(day, date) else None
    return Card(
        row.record_id or 0, row.version or 0, name, cells["account"], cells["owner"].text, cells["amount"].text,
        closes_on, is_overdue=is_open and closes_on is not None and closes_on < reader.today,
    )  # fmt: skip


def _marked(reader: Reader, lanes: Sequence[Lane]) -> Iterator[Lane]:
    """The lanes with the warnings of their open deals."""
    ids = [card.id for lane in lanes if lane.kind is StageKind.OPEN for card in lane.cards]
    if not ids:
        yield from lanes
        return
    checked = check_deals(reader.store, actor=reader.actor, today=reader.today, cues=cues(), only=ids)
    points = checked.points()
    for lane in lanes:
        cards = tuple(
            replace(
                card,
                is_at_risk=points.get(card.id, 0) >= checked.limits.at_risk,
                risks=tuple(rule_name(rule, reader.lang) for rule, _ in checked.of(card.id)),
            )
            for card in lane.cards
        )
        yield replace(lane, cards=cards)


def _people(reader: Reader) -> tuple[dict[int, str], dict[int, str]]:
    """Who may own deals, and who leads others."""
    active = Condition(field="is_active", value=True)
    everybody = QuerySpec(entity="user", columns=["name"], where=active, order_by=[Order(by="name")])
    leading = everybody.model_copy(update={"where": All(all=[active, Children(children="reports")])})
    return _named(reader.ask(everybody)), _named(reader.ask(leading))


def _named(found: QueryResult) -> dict[int, str]:
    return {row.record_id: str(row.values[0]) for row in found.rows if row.record_id is not None}
