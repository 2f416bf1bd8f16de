"""What has become of people who are known: "Colin Nakamura is now COO", "Owen's new number is …"."""

from copilot.offline.plan import Clarify
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.form import Form
from copilot.offline.writing.making.parties import named, which
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.persons import PEOPLE
from crm_core.changes.steps import Given, Step

_FRAME = (
    "became", "joined", "is", "now", "create", "phone", "mailbox", "role", "change", "polite", "her", "with", "as",
    "employed", "the", "article", "people", "called", "each",
)  # fmt: skip
_LEADS = ("the", "article", "as", "is", "now", "became", "role", "of_label")
_QUIET = (T.FILLER, T.PREP, T.PUNCT, T.AND, T.PRONOUN, T.MINE, T.WRITE)


def read_person(seen: Scan, saying: Saying) -> Found:
    """The step that brings one contact or lead up to date; None unless every word is of that."""
    people = named(seen, *PEOPLE)
    if len(people) != 1 or any(s.value in PEOPLE for _, s in seen.of(T.ENTITY) if seen.said("create")):
        return None
    tag, names = people[0]
    one = which(seen, tag, names, saying=saying)
    kind = one.entity if isinstance(one, Name) else names[0].entity
    form = Form(seen, saying, saying.vocabulary.schema.entities[kind])
    form.take(tag.start, tag.end)
    values: dict[str, Given] = {name: value for _, name, value in form.take_addresses()}
    values.update(_title(form))
    values.update(_company(form) if kind == "contact" else {})
    if not values or _unread(form):
        return None
    if isinstance(one, Clarify):
        return one
    return (Step(op="update", entity=kind, records=[one.id], set=values, quote=seen.quote),)


def _title(form: Form) -> dict[str, Given]:
    """A job behind "is now", "promoted to" or the word for a title."""
    text = form.text
    for mark in text.said("became", "role", "is"):
        start = mark.end
        while start < len(text.tokens) and (text.within(start, *_LEADS) or text.at(start, "fresh")):
            start += 1
        end = start
        while end < len(text.tokens) and end not in form.used and not text.is_stop(end) and not _ends(text, end):
            end += 1
        labelled = "role" in mark.concepts or text.upto(mark.start, "role") is not None
        if start < end and (labelled or any(text.within(i, "job") for i in range(start, end))):
            form.take(start, end)
            return {"title": text.cut(start, end)}
    return {}


def _ends(text: Scan, at: int) -> bool:
    """Whether a title ends here: "at Vantry", "now"."""
    return text.tag(at).type is T.RECORD or (text.at(at, "employed", "now") is not None and not text.at(at, "of_label"))


def _company(form: Form) -> dict[str, Given]:
    """Another employer: "joined Frosthaven"."""
    text = form.text
    found = named(text, "account")
    joined = text.said("joined")
    if len(found) != 1 or len(found[0][1]) != 1 or not joined or joined[0].start > found[0][0].start:
        return {}
    account: Name = found[0][1][0]
    return {"account": account.id}


def _unread(form: Form) -> bool:
    """Whether any word says something else."""
    text = form.text
    accounts = {i for tag, _ in named(text, "account") for i in range(tag.start, tag.end)}
    return not all(
        i in form.used or i in accounts or text.tag(i).type in _QUIET or text.within(i, *_FRAME)
        for i in range(len(text.tokens))
    )
