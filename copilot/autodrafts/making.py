"""Proposing the drafts that are due, within the rules of the person whose they are."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from copilot.autodrafts.cause import Cause
from copilot.autodrafts.finding import talks, tasks, unanswered
from copilot.autodrafts.open import Open, find_open
from copilot.autodrafts.promised import promises
from copilot.context import TurnContext
from copilot.drafts import Drafted, Wishes, make_draft
from copilot.drafts.values import values_of
from copilot.ledger import Ledger
from crm_core.access import Scope
from crm_core.auto_drafts import Rules
from crm_core.changes import ChangeSet, Origin, propose
from crm_core.changes.draft import draft as work_out
from crm_core.changes.steps import Step
from crm_core.errors import Conflict, CrmError
from crm_core.models import ChangeSetRow, MadeBy
from crm_core.reaching import find_block

LASTS = timedelta(days=7)  # nobody asked for it, so nobody looks for it the same day
MOST_AT_ONCE, MOST_WAITING = 5, 15
DOOR = "auto"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What came of a look.

    Attributes:
        proposals: the drafts that now wait for the person's approval.
        left: how many causes brought none, by why: made before, open, blocked, enough, or the name of an error.
    """

    proposals: tuple[ChangeSet, ...] = ()
    left: Counter[str] = field(default_factory=Counter)


def make_due(context: TurnContext, rules: Rules, *, now: datetime) -> Made:
    """Propose a draft for each new cause that the actor of `context` has; nothing while it is quiet for them.

    Looked at twice, or after a crash, the same cause makes one proposal: its id is made from the cause.
    """
    if not rules.is_on or rules.is_quiet(now) or context.actor.writes is Scope.NONE:
        return Made()
    context = replace(context, today=rules.local(now).date(), door=DOOR)
    causes = list(_causes(context, rules, now))
    known, opened = _known(context, causes), find_open(context.store, context.actor, now=now)
    made: list[ChangeSet] = []
    left: Counter[str] = Counter()
    for cause in causes:
        why = "made before" if cause.proposal_id(context.actor.id) in known else _why_not(context, cause, opened)
        if why is None and len(made) >= MOST_AT_ONCE:
            why = "enough"
        if why is None:
            found = _make(context, cause, opened, now)
            if isinstance(found, ChangeSet):
                made.append(found)
                continue
            why = found
        left[why] += 1
    return Made(tuple(made), left)


def _causes(context: TurnContext, rules: Rules, now: datetime) -> Iterator[Cause]:
    """What was promised comes first, then talks, then mails that wait."""
    who, today = context.actor.id, context.today
    off = timedelta(days=rules.days_off_before(today))
    yield from promises(context, off=off)
    with context.store.read(context.actor) as connection:
        found = [
            *tasks(connection, who, today=today, off=off),
            *talks(connection, who, today=today, now=now, off=off),
            *unanswered(connection, who, today=today, days=rules.unanswered_days),
        ]
    yield from found


def _known(context: TurnContext, causes: list[Cause]) -> set[str]:
    ids = [cause.proposal_id(context.actor.id) for cause in causes]
    with context.store.read(context.actor) as connection:
        return set(connection.scalars(select(ChangeSetRow.id).where(ChangeSetRow.id.in_(ids))))


def _why_not(context: TurnContext, cause: Cause, opened: Open) -> str | None:
    if opened.by_itself >= MOST_WAITING:
        return "enough"
    if opened.holds(cause.whom, cause.thread):
        return "open"
    with context.store.read(context.actor) as connection:
        return "blocked" if find_block(connection, cause.whom) else None


def _make(context: TurnContext, cause: Cause, opened: Open, now: datetime) -> ChangeSet | str:
    """The proposal, or why there is none."""
    turn = replace(context, lang=cause.lang, ledger=Ledger(), turn_id=cause.proposal_id(context.actor.id)[:12])
    wishes = Wishes(purpose=cause.purpose)
    try:
        drafted = make_draft(turn, cause.whom, wishes, deal_id=cause.deal_id)
        if opened.holds(cause.whom, drafted.thread):
            return "open"
        proposal = _propose(turn, cause, drafted, wishes, now)
    except Conflict:
        return "made before"  # by another process at this moment
    except CrmError as error:
        log.info("no draft for %s: %s", cause.key, type(error).__name__)
        return type(error).__name__
    opened.add(cause.whom, drafted.thread, is_auto=True)
    return proposal


def _propose(turn: TurnContext, cause: Cause, drafted: Drafted, wishes: Wishes, now: datetime) -> ChangeSet:
    values = values_of(drafted, wishes) | {"made_by": str(MadeBy.AUTO), "reason": cause.reason}
    found = work_out(turn.store, [Step(op="create", entity="draft", set=values)], actor=turn.actor, today=turn.today)
    origin = Origin(DOOR, turn.turn_id, tainted=True, model="offline")  # names and quotes are in it in any case
    return propose(
        turn.store, found.changes, actor=turn.actor, summary=f"draft to {drafted.to.label}: {cause.reason}",
        origin=origin, at=now, lasts=LASTS, proposal_id=cause.proposal_id(turn.actor.id),
    )  # fmt: skip
