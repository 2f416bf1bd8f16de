"""Whom a brief is about: the record with its deals, people, talks and tasks."""

from dataclasses import dataclass

from copilot.briefs.desk import Desk, Found, found_in
from copilot.knowledge import About, Wanted
from copilot.summaries import Sorted, read_quotes, sort_quotes
from copilot.summaries.quotes import Looked
from copilot.summaries.summary import tasks_done
from crm_core.errors import NotFound
from crm_core.models import StageKind, TaskStatus
from crm_core.query.spec import All, Condition

_ABOUT = {
    "account": ("name", "industry", "country", "owner"),
    "deal": ("name", "account", "owner", "external_id"),
    "contact": ("name", "title", "account", "owner", "do_not_contact"),
    "lead": ("name", "title", "company", "status", "source", "owner", "account", "do_not_contact"),
}
_DEAL = (
    "name", "stage", "stage.kind", "amount", "closes_on", "owner", "next_step", "days_in_stage", "external_id",
    "account",
)  # fmt: skip
MOST_DEALS, MOST_PEOPLE, MOST_TASKS = 3, 5, 4


@dataclass(frozen=True)
class Subject:
    """A record and what hangs on it.

    Attributes:
        record: itself.
        deals: open ones, the next to close first.
        moves: of these deals from stage to stage, the earliest first.
        people: the contacts of it.
        roles: that contacts have in these deals.
        talks: emails, calls, meetings and notes, the newest first.
        tasks: open ones, the earliest first.
        said: what the texts tell.
        looked: the texts.
    """

    record: Found
    deals: list[Found]
    moves: list[Found]
    people: list[Found]
    roles: list[Found]
    talks: list[Found]
    tasks: list[Found]
    said: Sorted
    looked: Looked

    @property
    def is_person(self) -> bool:
        """A contact or a lead."""
        return self.record.entity in ("contact", "lead")


def look_up(desk: Desk, about: About, *, asked: str) -> Subject:
    """The record and all that a brief tells of it.

    Raises:
        NotFound: it is gone, or the actor may not see it.
    """
    records = desk.ask(about.entity, _ABOUT[about.entity], only=[about.id])
    if not records:
        raise NotFound(f"There is no such {about.entity}.")
    looked = read_quotes(desk.context, Wanted("", (about,)), asked=asked)
    desk.answers += looked.answers
    deals = _deals(desk, about)
    ids = [deal.id for deal in deals]
    at_deals = Condition(field="deal", op="in", value=list(ids))
    return Subject(
        record=records[0],
        deals=deals,
        moves=desk.ask("stage_change", ("changed_on", "deal", "to_stage"), at_deals, first="changed_on") if ids else [],
        people=_people(desk, records[0], about),
        roles=desk.ask("deal_contact", ("role", "contact", "deal"), at_deals) if ids else [],
        talks=sorted(_held(desk, looked, "interaction"), key=lambda one: one["happened_on"], reverse=True),
        tasks=_tasks(desk, looked),
        said=sort_quotes(looked.quotes, tasks_done(desk.context, about)),
        looked=looked,
    )


def _deals(desk: Desk, about: About) -> list[Found]:
    is_open = Condition(field="stage.kind", value=StageKind.OPEN)
    match about.entity:
        case "account":
            where = All(all=[Condition(field="account", value=about.id), is_open])
            return desk.ask("deal", _DEAL, where, first="closes_on", limit=MOST_DEALS)
        case "deal":
            return desk.ask("deal", _DEAL, only=[about.id])
        case "contact":
            takes_part = desk.ask("deal_contact", ("role", "deal"), Condition(field="contact", value=about.id))
            ids = [id_ for one in takes_part if (id_ := one.id_of("deal"))]
            return desk.ask("deal", _DEAL, is_open, first="closes_on", only=ids)[:MOST_DEALS] if ids else []
    return []


def _people(desk: Desk, record: Found, about: About) -> list[Found]:
    account = {"account": about.id, "deal": record.id_of("account") if about.entity == "deal" else None}
    id_ = account.get(about.entity)
    if id_ is None:
        return []
    columns = ("name", "title", "last_interaction_at", "do_not_contact")
    return desk.ask(
        "contact", columns, Condition(field="account", value=id_), newest="last_interaction_at", limit=MOST_PEOPLE
    )


def _tasks(desk: Desk, looked: Looked) -> list[Found]:
    ids = [one.id for one in _held(desk, looked, "task")]
    if not ids:
        return []
    is_open = Condition(field="status", value=TaskStatus.OPEN)
    return desk.ask("task", ("title", "due_on", "owner"), is_open, first="due_on", only=ids)[:MOST_TASKS]


def _held(desk: Desk, looked: Looked, entity: str) -> list[Found]:
    return [
        one
        for answer in looked.answers
        if answer.result.entity == entity
        for one in found_in(answer.result, desk.context)
    ]
