"""What code makes of a record: its score with reasons, its warnings, the brief before a talk. No model is asked."""

from copilot.briefs import make_brief
from copilot.context import TurnContext
from copilot.knowledge import About
from copilot.page import Page
from copilot.reports import Asked, get_report
from crm_core.errors import NotFound
from crm_core.query.derived import SCORED
from integrations.web.desk import DOOR
from integrations.web.people import Person
from integrations.web.record import View

BRIEFED = frozenset({"account", "deal", "contact", "lead"})


def read_insight(person: Person, view: View) -> tuple[Page, ...]:
    """The score and the warnings of a record, as far as it has them."""
    kind = view.entity.name
    names = [*(["health"] if kind == "deal" else []), *(["score"] if kind in SCORED else [])]
    about = (kind, view.id, view.title)
    pages = []
    for name in names:
        try:
            pages.append(get_report(name).build(_context(person), Asked(about=about)))
        except NotFound:
            continue  # a record that ended has neither
    return tuple(pages)


def read_brief(person: Person, view: View) -> Page:
    """What to know before a talk with or about the record."""
    return make_brief(_context(person), About(view.entity.name, view.id), view.title)


def _context(person: Person) -> TurnContext:
    desk = person.desk
    return desk.copilot.context(actor=person.actor, today=desk.today(), lang=person.lang, door=DOOR)
