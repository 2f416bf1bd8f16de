"""Promises of ours in texts that fall due."""

from collections.abc import Iterator
from datetime import timedelta

from copilot.autodrafts.cause import Cause
from copilot.autodrafts.finding import DUE_WITHIN, short, spoken_with, whom_of
from copilot.context import TurnContext
from copilot.fence import strip_marks
from copilot.knowledge import About, Wanted
from copilot.language import language_of
from copilot.summaries import read_quotes
from copilot.summaries.cues import holds
from copilot.summaries.promises import find_promises
from copilot.summaries.summary import tasks_done
from copilot.words import sentence

_LOOKS_BACK = timedelta(days=60)  # a promise is rarely made for later than that


def promises(context: TurnContext, *, off: timedelta = timedelta()) -> Iterator[Cause]:
    """What the person promised in a talk, a note or a mail, is due, and was not kept as far as the texts tell.

    `off`: days without work just before.
    """
    with context.store.read(context.actor) as connection:
        texts = spoken_with(connection, context.actor.id, since=context.today - _LOOKS_BACK)
    own = {row.id: row for row in texts}
    for whom in dict.fromkeys(whom_of(row) for row in texts if holds("promises", "mine", row.body or "")):
        about = About(whom.entity, whom.id)
        quotes = read_quotes(context, Wanted("", (about,), since=context.today - _LOOKS_BACK), asked="").quotes
        for promise in find_promises(quotes, tasks_done(context, about)):
            due, source = promise.due_on, promise.quote.source
            is_due = due is not None and context.today - DUE_WITHIN - off <= due <= context.today
            if due is None or not (is_due and promise.is_ours and promise.is_open and source.id in own):
                continue
            lang = language_of(promise.quote.text)
            row = own[source.id]
            name = strip_marks(row.name)
            reason = sentence("auto_promise", lang, name=name, quote=short(promise.quote.text), day=due)
            yield Cause(f"promise {source.id} {due}", whom, row.deal_id, None, None, reason, lang, due)
