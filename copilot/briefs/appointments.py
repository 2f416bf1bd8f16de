"""Whom a person has to do with on a day: their tasks, calls and meetings with customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from copilot.context import TurnContext
from copilot.fence import strip_marks
from copilot.knowledge import About
from copilot.words import sentence
from crm_core.models import InteractionKind, TaskStatus
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
    """

    about: About
    label: str
    told: str


def find_appointments(context: TurnContext, day: date) -> list[Appointment]:
    """The customers of the actor's day, each once."""
    tasks = (Condition(field="due_on", value=day.isoformat()), Condition(field="status", value=TaskStatus.OPEN))
    kinds: list[str | int | float | bool] = [InteractionKind.MEETING, InteractionKind.CALL]
    talks = (Condition(field="happened_on", value=day.isoformat()), Condition(field="kind", op="in", value=kinds))
    found = [*_of(context, "task", "owner", tasks), *_of(context, "interaction", "user", talks)]
    return list({one.about: one for one in reversed(found)}.values())[::-1]


def _of(context: TurnContext, entity: str, whose: str, tests: tuple[Condition, ...]) -> Iterator[Appointment]:
    mine = Condition(field=whose, value=context.actor.id)
    spec = QuerySpec(entity=entity, where=All(all=[mine, *tests]), columns=list(_WITH), limit=_MOST)
    result = run_query(context.store, spec, actor=context.actor, today=context.today)
    for row in result.rows:
        at = next((at for at, value in enumerate(row.values) if value is not None and at in row.ids), None)
        if at is not None:
            label = strip_marks(str(row.values[at]))
            told = sentence("brief_me", context.lang, name=label)
            yield Appointment(About(_WITH[at], row.ids[at]), label, told)
