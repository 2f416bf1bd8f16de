"""A person's day: their number, what is due, deals at risk, what waits. Read with their rights, by queries alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from copilot.cards import summary
from copilot.context import Lang, TurnContext
from copilot.day import plan_day
from copilot.health import cues, rule_name
from copilot.knowledge import Knowledge
from copilot.offline.say.values import money
from crm_core.changes import commit_changes, list_changes
from crm_core.changes.draft import draft, summarise
from crm_core.changes.steps import Step
from crm_core.db import ReadStore
from crm_core.health import AT_RISK, check_deals
from crm_core.models import UserRole
from crm_core.query.metrics import OPEN
from crm_core.query.result import Row
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, Filter, Measure, Order, QuerySpec
from integrations.cards import read_card
from integrations.slack.door import Door
from integrations.slack.people import Person

MOST = 8  # of each part


@dataclass(frozen=True)
class Number:
    """Money that a person, or their team, has booked, of their quota, in its time; and what is open.

    `quota` is None where there is none on this day.
    """

    open: str
    booked: str = ""
    quota: str | None = None
    share_pct: int = 0
    since: str = ""
    until: str = ""
    is_teams: bool = False


@dataclass(frozen=True)
class Due:
    """A task that is due."""

    id: int
    title: str
    on: str


@dataclass(frozen=True)
class Risk:
    """A deal at risk and the names of its warnings."""

    name: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """A change set that waits for the person's approval, as its card would tell it."""

    id: str
    sha256: str
    what: str
    who: str


@dataclass(frozen=True)
class First:
    """A customer to turn to first, and why."""

    who: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """What the Home tab and the digest show."""

    who: str
    today: date
    number: Number
    first: tuple[First, ...]
    due: tuple[Due, ...]
    at_risk: tuple[Risk, ...]
    waiting: tuple[Waiting, ...]


def read_day(door: Door, person: Person) -> Day:
    """The day of a person."""
    store, today = door.store.for_agent, door.today(person)
    return Day(
        who=person.actor.name, today=today, number=_number(store, person, today), first=_first(door, person),
        due=read_due(door, person),
        at_risk=_at_risk(store, person, today), waiting=tuple(_waiting(door, person)),
    )  # fmt: skip


def _waiting(door: Door, person: Person) -> Iterator[Waiting]:
    for one in list_changes(door.store.for_agent, person.actor, limit=MOST, waiting=True):
        changes = read_card(door.store, one.id, person.actor).changes
        yield Waiting(one.id, one.sha256, summary(changes, person.lang), one.head.asked_by)


def end_task(door: Door, person: Person, task: int) -> None:
    """The task is done: the person's own edit, approved by their click.

    Raises:
        NotFound, Forbidden, Conflict: as for any change.
    """
    _edit(door, person, Step(op="update", entity="task", records=[task], set={"status": "done"}))


def put_off_task(door: Door, person: Person, task: int) -> None:
    """The task is due tomorrow. Raises as `end_task`."""
    tomorrow = door.today(person) + timedelta(days=1)
    _edit(door, person, Step(op="update", entity="task", records=[task], set={"due_on": tomorrow.isoformat()}))


def _edit(door: Door, person: Person, step: Step) -> None:
    changes = draft(door.store, [step], actor=person.actor, today=door.today(person)).changes
    if changes:  # a second click finds it so already
        told = summarise(changes, door.store.schema)
        commit_changes(door.store, changes, actor=person.actor, kind="edit", summary=told, door="slack")


def _mine(person: Person, *more: Filter) -> Filter:
    return All(all=[Condition(field="owner", op="eq", value=person.actor.id), *more])


def _number(store: ReadStore, person: Person, today: date) -> Number:
    """The person's own; of a manager who has no quota, the team's."""
    own = _number_of(store, person, today, _mine(person))
    team = person.actor.team
    if own.quota is not None or person.actor.role is not UserRole.MANAGER or len(team) < 2:
        return own
    return replace(
        _number_of(store, person, today, Condition(field="owner", op="in", value=sorted(team))), is_teams=True
    )


def _number_of(store: ReadStore, person: Person, today: date, whose: Filter) -> Number:
    """What those sold of their quota in its time; of several times that run now, the one that began last."""

    def total(entity: str, *where: Filter) -> tuple[Decimal, str | None]:
        spec = QuerySpec(entity=entity, where=All(all=[whose, *where]), measures=[_AMOUNT])
        return _one(store, person, today, spec)

    still_open = money(*total("deal", OPEN))
    now = [Condition(field="starts_on", op="le", value=today.isoformat()),
           Condition(field="ends_on", op="ge", value=today.isoformat())]  # fmt: skip
    times = QuerySpec(entity="quota", where=All(all=[whose, *now]), columns=["starts_on", "ends_on"],
                      order_by=[Order(by="starts_on", descending=True)], limit=1)  # fmt: skip
    found = run_query(store, times, actor=person.actor, today=today).rows
    if not found:
        return Number(still_open)
    since, until = str(found[0].values[0]), str(found[0].values[1])
    time = [Condition(field="starts_on", op="eq", value=since), Condition(field="ends_on", op="eq", value=until)]
    quota, currency = total("quota", *time)
    booked, _ = total(
        "deal", Condition(field="stage.kind", op="eq", value="won"),
        Condition(field="closed_on", op="ge", value=since), Condition(field="closed_on", op="le", value=until),
    )  # fmt: skip
    share = int(booked * 100 / quota) if quota else 0
    return Number(still_open, money(booked, currency), money(quota, currency), share, since, until)


_AMOUNT = Measure(fn="sum", field="amount")


def _one(store: ReadStore, person: Person, today: date, spec: QuerySpec) -> tuple[Decimal, str | None]:
    """The one figure of a question and its currency; 0 where there is none."""
    result = run_query(store, spec, actor=person.actor, today=today)
    value = result.rows[0].values[0] if result.rows else None
    return Decimal(str(value or 0)), result.columns[0].currency


def turn_of(door: Door, person: Person) -> TurnContext:
    """A turn in which the person asked nothing."""
    store = door.store.for_agent
    return TurnContext(
        store=store, actor=person.actor, today=door.today(person), lang=person.lang, text="",
        thread=f"slack:{person.slack_id}", knowledge=Knowledge(store), door="slack", dismissals=door.dismissals,
    )  # fmt: skip


def _first(door: Door, person: Person) -> tuple[First, ...]:
    """Whom to turn to first, with the two heaviest reasons."""
    found = plan_day(turn_of(door, person), asked="").entries
    return tuple(
        First((one.person or one.customer).label, tuple(reason.text for reason in one.reasons[:2])) for one in found
    )


def read_due(door: Door, person: Person) -> tuple[Due, ...]:
    """The person's open tasks that are due, the oldest first."""
    store, today = door.store.for_agent, door.today(person)
    where = _mine(
        person, Condition(field="status", op="eq", value="open"),
        Condition(field="due_on", op="le", value=today.isoformat()),
    )  # fmt: skip
    spec = QuerySpec(
        entity="task", where=where, columns=["title", "due_on"], order_by=[{"by": "due_on"}], limit=MOST
    )  # fmt: skip
    rows = run_query(store, spec, actor=person.actor, today=today).rows
    return tuple(Due(_id(row), str(row.values[0]), str(row.values[1])) for row in rows)


def _at_risk(store: ReadStore, person: Person, today: date) -> tuple[Risk, ...]:
    checked = check_deals(store, actor=person.actor, today=today, cues=cues(), where=_mine(person))
    points = checked.points()
    limit = checked.limits.of(AT_RISK.name) or 0
    worst = sorted((id_ for id_ in points if points[id_] >= limit), key=lambda id_: -points[id_])[:MOST]
    if not worst:
        return ()
    rows = run_query(
        store, QuerySpec(entity="deal", where=_mine(person, OPEN), columns=["name"]), actor=person.actor, today=today,
        only=worst,
    ).rows  # fmt: skip
    names = {_id(row): str(row.values[0]) for row in rows}
    lang: Lang = person.lang
    return tuple(
        Risk(names[id_], tuple(rule_name(rule, lang) for rule, _ in checked.of(id_))) for id_ in worst if id_ in names
    )


def _id(row: Row) -> int:
    return int(row.record_id or 0)
