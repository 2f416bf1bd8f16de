"""Whom a person has to do with on a day: their tasks, calls and meetings with customers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from copilot.context import TurnContext
from copilot.fence import strip_marks
from copilot.knowledge import About
from copilot.words import sentence
from crm_core.models import Interaction, InteractionKind, TaskStatus
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, QuerySpec

_WITH = ("contact", "deal", "account", "lead")  # of a task that names several the first: a person before their company
_MOST = 50


@dataclass(frozen=True)
class Appointment:
    """A customer of the day.

    Attributes:
        about: the record to be briefed on.
        label: what it is called.
        told: a question that asks for this one.
        at: when it begins, by the machine's clock; None: not recorded.
    """

    about: About
    label: str
    told: str
    at: time | None = None


def find_appointments(context: TurnContext, day: date) -> list[Appointment]:
    """What the actor's day holds with customers; the same one may come several times."""
    tasks = (Condition(field="due_on", value=day.isoformat()), Condition(field="status", value=TaskStatus.OPEN))
    kinds: list[str | int | float | bool] = [InteractionKind.MEETING, InteractionKind.CALL]
    talks = (Condition(field="happened_on", value=day.isoformat()), Condition(field="kind", op="in", value=kinds))
    return [*_of(context, "task", "owner", tasks), *_of(context, "interaction", "user", talks)]


def at_time(waiting: Sequence[Appointment], at: time) -> tuple[list[Appointment], bool]:
    """Those that begin then, or within that hour where it is a full one; all, where none is known to.

    Also whether the time is known.
    """
    of_hour = [one for one in waiting if one.at is not None and one.at.hour == at.hour]
    exact = [one for one in of_hour if one.at is not None and one.at.minute == at.minute]
    found = exact or ([] if at.minute else of_hour)
    return (found, True) if found else (list(waiting), False)


def _of(context: TurnContext, entity: str, whose: str, tests: tuple[Condition, ...]) -> Iterator[Appointment]:
    mine = Condition(field=whose, value=context.actor.id)
    spec = QuerySpec(entity=entity, where=All(all=[mine, *tests]), columns=list(_WITH), limit=_MOST)
    result = run_query(context.store, spec, actor=context.actor, today=context.today)
    times = _times(context, [row.record_id or 0 for row in result.rows]) if entity == "interaction" else {}
    for row in result.rows:
        at = next((at for at, value in enumerate(row.values) if value is not None and at in row.ids), None)
        if at is not None:
            label = strip_marks(str(row.values[at]))
            told = sentence("brief_me", context.lang, name=label)
            yield Appointment(About(_WITH[at], row.ids[at]), label, told, times.get(row.record_id or 0))


def _times(context: TurnContext, ids: Sequence[int]) -> dict[int, time]:
    """When these talks began."""
    wanted = select(Interaction.id, Interaction.happened_at).where(Interaction.id.in_(ids))
    with context.store.read(context.actor) as connection:
        return {id_: at.astimezone().time() for id_, at in connection.execute(wanted) if at is not None}
