"""New contacts and tasks in pasted notes: who took part, and what we said that we would do."""

from copilot.offline.tags import T
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.errand import is_frame
from copilot.offline.writing.making.form import Form
from copilot.offline.writing.making.parties import Links, names_of
from copilot.offline.writing.making.people import people_in
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.making.tasks import read_task
from crm_core.changes.steps import Step


def new_people(line: Scan, saying: Saying, linked: Links) -> list[Step]:
    """New contacts: people told with their titles, where the line speaks of who took part or whom to deal with."""
    account = linked.found.get("account")
    if account is None or not line.said("attendees", "people", "called") or not line.said("job"):
        return []
    form = Form(line, saying, saying.vocabulary.schema.entities["contact"])
    for tag, _ in line.of(T.RECORD):
        form.take(tag.start, tag.end)
    for mark in line.said("attendees"):
        form.take(mark.start, mark.end)
    people = [person for person in people_in(form, form.take_addresses()) if "title" in person.values]
    return [
        Step(
            op="create",
            entity="contact",
            set={"name": person.name, **person.values, "account": account.id},
            name=person.name,
            quote=line.quote,
        )
        for person in people
    ]


def new_tasks(line: Scan, saying: Saying, linked: Links, *, is_head: bool) -> list[Step]:
    """Next steps: with somebody who does them or a day; what the customer will do is none of ours."""
    if not _is_task(line) or (is_head and not line.said("remind")):
        return []
    found = read_task(line, saying, Before())
    if not isinstance(found, tuple):
        return []
    kept = {k: v for k, v in linked.values.items() if k in ("account", "contact")}
    return [
        step.model_copy(update={"set": {**kept, **step.set}, "quote": line.quote})
        for step in found
        if "due_on" in step.set or "owner" in step.set
    ]


def _is_task(line: Scan) -> bool:
    """Whether a line says what we will do: "send them the quote by Friday", "I'll call", "action: Anna to …"."""
    if any(is_frame(line, mark) for mark in line.said("remind")) or line.said("i_will"):
        return True
    at = _first_word(line)
    if at >= len(line.tokens):
        return False
    if line.at(at, "act", "intend") or (at and line.said("steps", end=at)):
        return True
    who = line.tag(at)
    return bool(names_of(who, "user")) and (line.is_chinese or line.at(who.end, "will") is not None)


def _first_word(line: Scan) -> int:
    """Past headings, dates and words that say nothing."""
    at = 0
    while at < len(line.tokens) and not line.at(at, "act", "intend"):
        heading = line.at(at, "steps", "polite", "due")
        tag = line.tag(at)
        if heading is not None:
            at = heading.end
        elif tag.type in (T.DATE, T.PUNCT, T.FILLER):
            at = tag.end if tag.type is T.DATE else at + 1
        else:
            break
    return at
