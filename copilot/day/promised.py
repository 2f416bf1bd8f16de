"""Promises of ours that fall due."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from copilot.briefs.desk import Found
from copilot.day.reason import Reason
from copilot.day.sources import Mine, customer_of
from copilot.summaries.promises import Done, content, find_promises
from copilot.summaries.quotes import quotes_of
from copilot.words import sentence
from crm_core.models import TaskStatus
from crm_core.query.spec import All, Condition

AHEAD_DAYS = 1
LATE_DAYS = 14  # longer overdue: kept without a word, or forgotten by both


def promises(mine: Mine, talks: Sequence[Found], *, asked: str) -> Iterator[Reason]:
    """What we said that we would do by now, and of which nothing tells that it was done."""
    desk = mine.desk
    by_id = {talk.id: talk for talk in talks}
    looked = quotes_of(desk.context, {"interaction": list(by_id)}, asked=asked) if by_id else None
    if looked is None:
        return
    desk.answers += looked.answers
    last = desk.today + timedelta(days=AHEAD_DAYS)
    for promise in find_promises(looked.quotes, _done(mine)):
        due = promise.due_on
        if not (promise.is_ours and promise.is_open and due and mine.ago(LATE_DAYS) <= due <= last):
            continue
        talk = by_id[promise.quote.source.id]
        text = sentence("day_promise", mine.lang, quote=promise.quote.text, day=due.isoformat())
        yield Reason("promise", text, promise.quote.source, customer_of(talk), due, talk.id_of("contact"),
                     talk.id_of("deal"))  # fmt: skip


def _done(mine: Mine) -> Iterator[Done]:
    tests = [Condition(field="status", value=TaskStatus.DONE), *mine.owns("owner")]
    for task in mine.desk.ask("task", ("title", "done_on"), All(all=[*tests]), newest="done_on", limit=200):
        yield Done(content(task.label), task["done_on"], -1)
