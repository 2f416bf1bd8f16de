"""Where the reasons come from: records of the person whose day it is, as far as they may see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from copilot.briefs.desk import Desk, Found
from copilot.context import Lang
from copilot.day.reason import Reason
from copilot.health import cues, tell_signs
from copilot.health.telling import in_days, talk_source
from copilot.reply import Citation
from copilot.words import sentence
from crm_core.health import check_deals
from crm_core.models import InteractionKind, LeadStatus, TaskStatus
from crm_core.query.metrics import OPEN
from crm_core.query.spec import All, Children, Condition, Filter
from crm_core.query.spec import Any as AnyOf

BACK_DAYS = 30  # what was said longer ago is left to deal health
FRESH_DAYS = 14  # of a lead that nobody has talked to
MOST, MOST_RISKS = 1_000, 50
_WRITTEN = (InteractionKind.EMAIL, InteractionKind.CHAT)
_SPOKEN = (InteractionKind.CALL, InteractionKind.MEETING)
TALK = ("subject", "happened_on", "kind", "direction", "contact", "deal", "account", "deal.account", "contact.account")


@dataclass(frozen=True)
class Mine:
    """Whose day it is: the people, by id; empty: everybody that the actor may see."""

    desk: Desk
    people: tuple[int, ...]

    def owns(self, *paths: str) -> list[Filter]:
        """That one of these references leads to them."""
        tests: list[Filter] = [Condition(field=path, op="in", value=list(self.people)) for path in paths]
        return [AnyOf(any=tests)] if self.people else []

    @property
    def lang(self) -> Lang:
        """Of the person."""
        return self.desk.context.lang

    def since(self, days: int) -> Condition:
        """That a talk was held within so many days."""
        span: list[str | int | float | bool] = [self.ago(days).isoformat(), self.desk.today.isoformat()]
        return Condition(field="happened_on", op="between", value=span)

    def ago(self, days: int) -> date:
        """The day so many days before."""
        return self.desk.today - timedelta(days=days)


def tasks(mine: Mine) -> Iterator[Reason]:
    """Open tasks that are due."""
    desk, lang = mine.desk, mine.lang
    tests = [
        *mine.owns("owner"),
        Condition(field="status", value=TaskStatus.OPEN),
        Condition(field="due_on", op="le", value=desk.today.isoformat()),
    ]
    columns = ("title", "due_on", "account", "contact", "deal", "lead", "deal.account", "contact.account")
    for one in desk.ask("task", columns, All(all=tests), first="due_on", limit=MOST):
        is_late = one["due_on"] < desk.today
        key = "day_overdue" if is_late else "day_due"
        text = sentence(key, lang, task=one.label, day=one.told("due_on"))
        yield _reason("overdue" if is_late else "due", text, one.source, one, one["due_on"])


def unanswered(mine: Mine, talks: Sequence[Found]) -> Iterator[Reason]:
    """The last message of each customer that nobody has answered.

    Args:
        mine: whose day.
        talks: of the last weeks, the oldest first.
    """
    written: dict[tuple[str, int], Found] = {}
    answered: dict[tuple[str, int], date] = {}
    for talk in talks:
        parties = _parties(talk)
        if talk["kind"] in _WRITTEN and talk["direction"] == "in":
            written |= dict.fromkeys(parties[:1], talk)
        elif talk["kind"] in (*_WRITTEN, *_SPOKEN):
            answered |= dict.fromkeys(parties, talk["happened_on"])
    for talk in written.values():
        if any(answered.get(party, date.min) >= talk["happened_on"] for party in _parties(talk)):
            continue
        source, days = talk_source(talk), in_days((mine.desk.today - talk["happened_on"]).days, mine.lang)
        text = sentence("day_unanswered", mine.lang, subject=source.label, day=talk.told("happened_on"), days=days)
        yield _reason("unanswered", text, source, talk, talk["happened_on"])


def _parties(talk: Found) -> list[tuple[str, int]]:
    """Whom an answer reaches: the person and the deal, where neither is known the account."""
    known = {name: id_ for name in ("contact", "deal", "account") if (id_ := talk.id_of(name))}
    return [(name, id_) for name, id_ in known.items() if name != "account" or len(known) == 1]


def talks(mine: Mine) -> list[Found]:
    """The talks of the last weeks, the oldest first."""
    where = All(all=[mine.since(BACK_DAYS), *mine.owns("user", "deal.owner", "account.owner")])
    return mine.desk.ask("interaction", TALK, where, newest="happened_on", limit=MOST)[::-1]


def risks(mine: Mine) -> Iterator[Reason]:
    """Deals at risk."""
    context = mine.desk.context
    where = All(all=[OPEN, *mine.owns("owner")])
    checked = check_deals(context.store, actor=context.actor, today=context.today, cues=cues(), where=where)
    points = checked.points()
    gravest = sorted(
        (id_ for id_, many in points.items() if many >= checked.limits.at_risk), key=lambda id_: -points[id_]
    )
    columns = ("name", "account", "stage", "external_id")
    for deal in mine.desk.ask("deal", columns, only=gravest[:MOST_RISKS]) if gravest else []:
        told = ("；" if mine.lang == "zh" else "; ").join(
            sign.text for sign in tell_signs(mine.desk, checked, deal)[:3]
        )
        text = sentence("day_risk", mine.lang, deal=deal.label, told=told)
        yield replace(_reason("risk", text, deal.source, deal, None), deal=deal.id)


def leads(mine: Mine) -> Iterator[Reason]:
    """Leads of the best grade, where leads are scored; else new ones that nobody has talked to."""
    desk = mine.desk
    is_scored = "grade" in desk.context.store.schema.entity("lead").fields
    graded = Condition(field="grade", value="A")
    fresh = [
        Condition(field="created_on", op="ge", value=mine.ago(FRESH_DAYS).isoformat()),
        Children(children="interactions", op="eq", value=0),
    ]
    is_open = Condition(field="status", op="in", value=[LeadStatus.NEW, LeadStatus.WORKING])
    best: Filter = AnyOf(any=[graded, All(all=[*fresh])]) if is_scored else All(all=[*fresh])
    free = Condition(field="do_not_contact", value=False)
    where = All(all=[is_open, best, free, *mine.owns("owner")])
    columns = ("name", "company", "created_on", "source", "external_id")
    for lead in desk.ask("lead", columns, where, newest="created_on", limit=MOST):
        told = " · ".join(filter(None, (lead.told("company"), lead.told("source"), lead.told("created_on"))))
        yield Reason(
            "lead", sentence("day_lead", mine.lang, told=told), lead.source, lead.source, lead["created_on"]
        )  # fmt: skip


def _reason(kind: str, text: str, source: Citation, one: Found, day: date | None) -> Reason:
    names = {column.name for column in one.columns}
    contact = one.id_of("contact") if "contact" in names else None
    deal = one.id_of("deal") if "deal" in names else None
    return Reason(kind, text, source, customer_of(one), day, contact, deal)


def customer_of(one: Found) -> Citation:
    """The account that a record leads to, else the lead, the person, the deal; at last the record itself."""
    names = {column.name for column in one.columns}
    for path in ("account", "deal.account", "contact.account", "lead", "contact", "deal"):
        if path in names and (id_ := one.id_of(path)):
            return Citation(path.rpartition(".")[2], id_, one.told(path), "")
    return one.source
