"""A summary as a page: of a whole history, or of what it says on one question."""

from collections.abc import Iterator, Sequence

from copilot.context import TurnContext
from copilot.knowledge import About, Wanted
from copilot.page import Line, Page, Section
from copilot.reply import Citation
from copilot.summaries.focus import find_focus
from copilot.summaries.promises import Done, Promise, content
from copilot.summaries.quotes import Looked, Quote, read_quotes
from copilot.summaries.sorting import newest, newest_promises, sort_quotes, spread
from copilot.words import sentence
from crm_core.models import Task, TaskStatus
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, QuerySpec

MOST = 3  # lines of a section
_LAYOUT = ("wants", "decides", "ours", "theirs", "objections", "prices", "competitors", "next")


def summarise(context: TurnContext, about: About, label: str, wanted: Wanted) -> Page:
    """What the texts about a record say: in sections, or on the question of `wanted` alone where there is one.

    Args:
        context: whose actor reads.
        about: the record.
        label: what it is called.
        wanted: what to look at; its `about` is that record.
    """
    title = sentence("summary_of", context.lang, name=label)
    if wanted.since or wanted.until:
        title += f" ({wanted.since or '…'} – {wanted.until or '…'})"
    looked = find_focus(context, wanted, asked=title) if wanted.text else read_quotes(context, wanted, asked=title)
    sections = _on(context, wanted, looked) if wanted.text else _sections(context, about, looked)
    citation = Citation(about.entity, about.id, label, "")
    return Page(
        title, citation, tuple(sections), looked.answers, note=told_part(context, looked), asked=title,
        history=tuple(map(line_of, looked.quotes)),
    )  # fmt: skip


def told_part(context: TurnContext, looked: Looked) -> str:
    """That not all was read, where that is so."""
    if looked.read >= looked.total:
        return ""
    return sentence("newest_of", context.lang, read=f"{looked.read:,}", total=f"{looked.total:,}")


def tasks_done(context: TurnContext, about: About) -> Iterator[Done]:
    """What is recorded as done about a record."""
    entity = context.store.schema.entities[Task.__entity__.name]
    if about.entity not in entity.fields:
        return
    tests = [Condition(field=about.entity, value=about.id), Condition(field="status", value=TaskStatus.DONE)]
    spec = QuerySpec(entity=entity.name, where=All(all=list(tests)), columns=["title", "done_on"])
    for row in run_query(context.store, spec, actor=context.actor, today=context.today).rows:
        yield Done(content(str(row.values[0])), row.values[1], -1)  # type: ignore[arg-type]


def line_of(quote: Quote) -> Line:
    """A quote as a line."""
    return Line(quote.line, quote.source, quote.day)


def promise_line(context: TurnContext, promise: Promise) -> Line:
    """A promise as a line: the words, until when, and whether it is kept."""
    quote, lang = promise.quote, context.lang
    told = []
    if promise.due_on and promise.is_open:
        is_late = promise.due_on < context.today
        told.append(sentence("was_due" if is_late else "is_due", lang, day=promise.due_on.isoformat()))
    if promise.kept_on:
        told.append(sentence("kept", lang, day=promise.kept_on.isoformat()))
    told = told or [sentence("seems_open", lang)]
    return Line(f"{quote.line} ({', '.join(told)})", quote.source, quote.day)


def _on(context: TurnContext, wanted: Wanted, looked: Looked) -> Iterator[Section]:
    """One section: the answer to a question."""
    lines = tuple(line_of(quote) for quote in looked.quotes)
    yield Section(wanted.text, lines, sentence("nothing_on_that", context.lang))


def _sections(context: TurnContext, about: About, looked: Looked) -> Iterator[Section]:
    found = sort_quotes(looked.quotes, tasks_done(context, about))
    for name in _LAYOUT:
        if name in ("ours", "theirs"):
            promises = [one for one in found.promises if one.is_ours == (name == "ours")]
            lines = [promise_line(context, one) for one in newest_promises(promises, MOST)]
        else:
            lines = [line_of(quote) for quote in newest(found.sections[name], MOST)]
        yield _section(context, name, lines)
    tone = [_toned(context, mood, quote) for mood, quote in spread(found.tone, MOST)]
    yield _section(context, "tone", tone)


def _toned(context: TurnContext, mood: str, quote: Quote) -> Line:
    line = line_of(quote)
    return Line(f"{sentence(mood, context.lang)} · {line.text}", line.source, line.day)


def _section(context: TurnContext, name: str, lines: Sequence[Line]) -> Section:
    heading = sentence(f"section_{name}", context.lang)
    return Section(heading, tuple(lines), sentence("nothing_on_that", context.lang))
