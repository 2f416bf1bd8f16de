"""The brief as a page: on an account or a deal, or the Farley card of a person."""

from collections.abc import Iterable, Iterator
from itertools import islice

from copilot.briefs.desk import Desk
from copilot.briefs.risks import MOST_QUESTIONS, MOST_RISKS, told_questions, told_risks, waiting
from copilot.briefs.sections import told_deals, told_next, told_people, told_record, told_talks, told_tasks
from copilot.briefs.subject import Subject, look_up
from copilot.context import TurnContext
from copilot.knowledge import About
from copilot.page import Line, Page, Section
from copilot.reply import Citation
from copilot.summaries.sorting import newest, newest_promises
from copilot.summaries.summary import line_of, promise_line, told_part
from copilot.words import sentence

MOST_PROMISES, MOST_CARES, MOST_MATTERS = 3, 3, 1


def make_brief(context: TurnContext, about: About, label: str) -> Page:
    """What to know before a talk with or about a record, on one screen."""
    title = sentence("brief_on", context.lang, name=label)
    desk = Desk(context)
    subject = look_up(desk, about, asked=title)
    sections = tuple(_sections(desk, subject))
    citation = Citation(about.entity, about.id, label, "")
    return Page(title, citation, sections, tuple(desk.answers), note=told_part(context, subject.looked), asked=title)


def _sections(desk: Desk, subject: Subject) -> Iterator[Section]:
    lang = desk.context.lang

    def section(name: str, lines: Iterable[Line], most: int | None = None, if_empty: str = "") -> Section:
        told = tuple(islice(lines, most))
        return Section(sentence(f"brief_{name}", lang), told, sentence(if_empty, lang) if if_empty else "")

    yield section("who", told_record(desk, subject))
    if subject.is_person:
        yield section("cares", _cares(subject), MOST_CARES, "nothing_on_that")
    yield section("deals", told_deals(desk, subject), None, "" if subject.is_person else "none_open")
    yield section("people", told_people(desk, subject))
    yield section("talks", told_talks(desk, subject), None, "none_yet")
    for name, is_ours in (("ours", True), ("theirs", False)):
        yield section(name, _promises(desk, subject, is_ours=is_ours), MOST_PROMISES, "none_open")
    yield section("tasks", told_tasks(desk, subject))
    if not subject.is_person:
        yield section("matters", _matters(subject))
    yield section("risks", told_risks(desk, subject), MOST_RISKS)
    yield section("questions", told_questions(desk, subject), MOST_QUESTIONS)
    yield section("next", told_next(desk, subject), None, "none_set")


def _promises(desk: Desk, subject: Subject, *, is_ours: bool) -> Iterator[Line]:
    promises = newest_promises(waiting(desk, subject, is_ours=is_ours), MOST_PROMISES)
    return (promise_line(desk.context, one) for one in promises)


def _cares(subject: Subject) -> Iterator[Line]:
    """What a person wants or minds, their own words before what was noted of them."""
    name = subject.record.label
    quotes = [*subject.said.sections["wants"], *subject.said.sections["objections"]]
    ordered = sorted(quotes, key=lambda one: (one.who == name, one.order))
    return (line_of(quote) for quote in sorted(newest(ordered, MOST_CARES), key=lambda one: one.order))


def _matters(subject: Subject) -> Iterator[Line]:
    """The latest wish, objection, price and competitor."""
    for name in ("wants", "objections", "prices", "competitors"):
        yield from (line_of(quote) for quote in newest(subject.said.sections[name], MOST_MATTERS))
