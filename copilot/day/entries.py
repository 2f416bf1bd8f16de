"""The day: reasons gathered by customer, ranked, each with the person to turn to and what may be done at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.answering import answer_to
from copilot.briefs.desk import Desk, Found
from copilot.context import TurnContext
from copilot.day.dismissing import is_news, keys_of
from copilot.day.orders import next_orders
from copilot.day.promised import promises
from copilot.day.reason import LEAST, OTHERS, WEIGHTS, Reason
from copilot.day.sources import Mine, leads, risks, talks, tasks, unanswered
from copilot.reply import Answer, Citation
from crm_core.errors import NotFound, Unavailable
from crm_core.models import TaskStatus
from crm_core.query.metrics import OPEN
from crm_core.query.spec import All, Condition, Group, Measure, Order, QuerySpec

MOST = 5  # an hour's work
_ACCOUNTS = 2_000  # with the most money at stake
_PERSON = ("name", "title", "do_not_contact", "last_interaction_at", "account")


@dataclass(frozen=True)
class Entry:
    """A customer to turn to.

    Attributes:
        customer: who.
        person: whom to speak with there; None: nobody is known, or the customer is a person themselves.
        reasons: the heaviest first.
        score: by which the day is ordered; see `reason`.
    """

    customer: Citation
    person: Citation | None
    reasons: tuple[Reason, ...]
    score: float


@dataclass(frozen=True)
class Day:
    """What a person should do first.

    Attributes:
        entries: the most urgent first.
        whose: "mine", "team" or "all".
        answers: the queries behind it.
    """

    entries: tuple[Entry, ...]
    whose: str
    answers: tuple[Answer, ...]


def plan_day(context: TurnContext, *, asked: str) -> Day:
    """Whom the person should turn to first, without those whom they set aside and who asked not to be contacted.

    Args:
        context: whose day.
        asked: how the request was read.
    """
    desk = Desk(context)
    whose, mine = _mine(desk)
    ranked = _ranked(desk, mine, asked)
    aside = context.dismissals.of(context.actor.id) if context.dismissals else {}
    kept = [one for one in ranked if _is_due(desk, one, aside.get((one.customer.entity, one.customer.id)))]
    return Day(tuple(kept[:MOST]), whose, tuple(desk.answers))


def set_aside(context: TurnContext, about: tuple[str, int, str]) -> None:
    """Leave a customer out of the person's day until something new happens there.

    Raises:
        NotFound: they are not in it.
        Unavailable: nothing is kept here.
    """
    if context.dismissals is None:
        raise Unavailable("Nothing can be set aside here: this door keeps nothing of a person's own.")
    desk = Desk(context)
    found = [one for one in _ranked(desk, _mine(desk)[1], "") if (one.customer.entity, one.customer.id) == about[:2]]
    if not found:
        raise NotFound(f"{about[2]} is not in your day.")
    seen = keys_of(desk, found[0].customer, found[0].reasons)
    context.dismissals.add(context.actor.id, *about[:2], seen=seen, on=context.today)


def _mine(desk: Desk) -> tuple[str, Mine]:
    """The person's own records; a manager without any has their team's day, the built-in administrator everybody's."""
    actor = desk.context.actor
    own = Mine(desk, (actor.id,))
    if not actor.id:
        return "all", Mine(desk, ())
    is_open = Condition(field="status", value=TaskStatus.OPEN)
    has_deal = desk.ask("deal", ("name",), All(all=[OPEN, *own.owns("owner")]), limit=1)
    if has_deal or len(actor.team) < 2 or desk.ask("task", ("title",), All(all=[is_open, *own.owns("owner")]), limit=1):
        return "mine", own
    return "team", Mine(desk, tuple(sorted(actor.team)))


def _ranked(desk: Desk, mine: Mine, asked: str) -> list[Entry]:
    by_customer: dict[tuple[str, int], list[Reason]] = {}
    for reason in _reasons(mine, asked):
        by_customer.setdefault((reason.customer.entity, reason.customer.id), []).append(reason)
    shares = _shares(mine)
    people = _people(desk, by_customer)
    entries = (_entry(key, reasons, shares, people) for key, reasons in by_customer.items())
    worth = [one for one in entries if one is not None and one.score >= LEAST]
    return sorted(worth, key=lambda one: (-one.score, one.customer.label, one.customer.id))


def _reasons(mine: Mine, asked: str) -> Iterator[Reason]:
    recent = talks(mine)
    yield from promises(mine, recent, asked=asked)
    yield from unanswered(mine, recent)
    yield from tasks(mine)
    yield from risks(mine)
    yield from leads(mine)
    yield from next_orders(mine)


def _shares(mine: Mine) -> dict[tuple[str, int], float]:
    """By account, its money at stake as a share of that of the account with the most."""
    owned = mine.owns("owner")
    spec = QuerySpec(
        entity="deal",
        where=All(all=owned) if owned else None,
        group_by=[Group(field="account")],
        measures=[Measure(metric="weighted_pipeline")],
        order_by=[Order(by="weighted_pipeline", descending=True)],
        limit=_ACCOUNTS,
    )
    answer = answer_to(mine.desk.context, spec)
    mine.desk.answers.append(answer)
    worth = {("account", row.ids[0]): Decimal(str(row.values[1] or 0)) for row in answer.result.rows if row.ids}
    most = max(worth.values(), default=Decimal(0)) or Decimal(1)
    return {key: float(one / most) for key, one in worth.items()}


def _people(desk: Desk, customers: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[Found]]:
    """The people at each customer, whom we spoke with last first."""
    accounts = [id_ for entity, id_ in customers if entity == "account"]
    alone = [id_ for entity, id_ in customers if entity == "contact"]
    found: dict[tuple[str, int], list[Found]] = {}
    if accounts:
        within = Condition(field="account", op="in", value=list(accounts))
        for person in desk.ask("contact", _PERSON, within, newest="last_interaction_at"):
            found.setdefault(("account", person.id_of("account") or 0), []).append(person)
    for person in desk.ask("contact", _PERSON, only=alone) if alone else []:
        found[("contact", person.id)] = [person]
    return found


def _entry(
    key: tuple[str, int], reasons: Sequence[Reason], shares: Mapping[tuple[str, int], float],
    people: Mapping[tuple[str, int], list[Found]],
) -> Entry | None:  # fmt: skip
    """The customer with the person to turn to; None where everybody there asked not to be contacted."""
    there = people.get(key, [])
    barred = {person.id for person in there if person["do_not_contact"]}
    kept = [one for one in reasons if one.contact not in barred]
    if not kept or (there and len(barred) == len(there)):
        return None
    ordered = sorted(kept, key=lambda one: (-WEIGHTS[one.kind], one.day is None, one.day))
    weights = [WEIGHTS[one.kind] for one in ordered]
    score = (weights[0] + OTHERS * sum(weights[1:])) * (1 + shares.get(key, 0))
    named = next((one.contact for one in ordered if one.contact), None)
    free = [person for person in there if person.id not in barred]
    person = next((one for one in free if one.id == named), free[0] if free else None)
    return Entry(ordered[0].customer, person.source if person else None, tuple(ordered), score)


def _is_due(desk: Desk, entry: Entry, seen: frozenset[str] | None) -> bool:
    return seen is None or is_news(keys_of(desk, entry.customer, entry.reasons), seen)
