"""New deals, contacts, accounts, leads and whatever else the registry knows, with their fields."""

from copilot.offline.plan import Clarify
from copilot.offline.tags import T
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.extras import take_channel, take_place, take_units, take_words
from copilot.offline.writing.making.filling import fill, take_account, take_own_values
from copilot.offline.writing.making.form import Doubt, Form
from copilot.offline.writing.making.naming import take_company, take_name, take_source
from copilot.offline.writing.making.people import people_in
from copilot.offline.writing.making.scan import Scan
from crm_core.changes.steps import Given, Step
from crm_core.models import Role

PEOPLE = ("contact", "lead")
_AROUND = (
    "create", "begin", "log", "polite", "with", "is", "called", "her", "it", "people", "org", "now", "money", "approx",
    "ends", "each", "inner", "role", "mine", "give", "past", "due", "telling", "article", "the", "as", "there", "runs",
)  # fmt: skip
_QUIET = (T.MINE, T.FILLER, T.PREP, T.PUNCT, T.AND, T.PRONOUN, T.MONEY_WORD, T.WRITE, T.OWNS, T.FOLLOW)


def read_record(text: Scan, saying: Saying, before: Before, entity: str) -> Found:
    """The steps of a part that makes records of a kind."""
    form = Form(text, saying, saying.vocabulary.schema.entities[entity])
    try:
        return _people(form, before) if entity in PEOPLE else _thing(form, before)
    except Doubt as doubt:
        return doubt.question


def _thing(form: Form, before: Before) -> Found:
    count = _take_noun(form)
    take_name(form)
    for _, name, value in form.take_addresses():
        form.values.setdefault(name, value)
    take_units(form)
    fill(form)
    take_place(form)
    title = form.entity.by_role(Role.TITLE)
    if title is not None and title.name not in form.values and form.entity.name != "deal":
        return Clarify(form.text.say("called_what", what=_kind(form)))
    if form.entity.name == "deal" and not _inherit_account(form, before):
        return Clarify(unread_in(form) or form.text.say("for_which_account"))
    take_words(form)
    unread = unread_in(form)
    if unread is not None:
        return Clarify(unread)
    steps = _steps(form)
    return steps if count in (None, len(steps)) else _other_number(form, count)


def _other_number(form: Form, count: int | None) -> Clarify:
    return Clarify(form.text.say("unplaced", word=str(count)))


def _kind(form: Form) -> str:
    """The kind of record in the language of the text."""
    return str(form.saying.vocabulary.lexicon.labels[form.text.lang].get(form.entity.name, form.entity.words[0]))


def _inherit_account(form: Form, before: Before) -> bool:
    """Whether it is known whose it is: named here, or spoken of in an earlier part."""
    account = form.values.get("account") or before.new("account") or before.links(form.saying).values.get("account")
    if account is not None:
        form.values["account"] = account
    return account is not None


def _steps(form: Form) -> tuple[Step, ...]:
    """One record, or a deal for each product."""
    title = form.entity.by_role(Role.TITLE)
    name = form.values.get(title.name) if title is not None else None
    each: list[dict[str, Given]] = [{"product": product.id} for product in form.products] or [{}]
    called = str(name) if name is not None else None
    return tuple(
        Step(op="create", entity=form.entity.name, set={**form.values, **more}, name=called, quote=form.text.quote)
        for more in each
    )


def _people(form: Form, before: Before) -> Found:
    count = _take_noun(form)
    addresses = form.take_addresses()
    take_account(form)
    take_source(form)
    if form.entity.name == "lead":
        take_company(form)
    take_channel(form)
    take_own_values(form)
    people = people_in(form, addresses)
    if not people:
        return Clarify(form.text.say("called_what", what=_kind(form)))
    if form.entity.name == "contact":
        _inherit_account(form, before)
    form.take_labelled()
    take_words(form)
    unread = unread_in(form)
    if unread is not None:
        return Clarify(unread)
    if count not in (None, len(people)):
        return _other_number(form, count)
    return tuple(
        Step(
            op="create",
            entity=form.entity.name,
            set={"name": person.name, **person.values, **form.values},
            name=person.name,
            quote=form.text.quote,
        )
        for person in people
    )


def _take_noun(form: Form) -> int | None:
    """Take the words for the kind of record, and how many are ordered, which is given back."""
    said = None
    for mark in form.text.said(f"noun_{form.entity.name}") if form.text.is_chinese else ():
        form.noun.update(range(mark.start, mark.end))
    for tag, _ in form.text.of(T.ENTITY):
        if form.entity.name in {sense.value for sense in tag.all(T.ENTITY)}:
            form.noun.update(range(tag.start, tag.end))
            order = form.text.upto(tag.start, "create")  # "two new contacts"
            at = order.start if order is not None else tag.start
            count = form.text.tag(at - 1) if at else None
            if count is not None and count.type is T.NUMBER:
                form.take(count.start, count.end)
                said = int(count.senses[0].value.value)
    form.used |= form.noun
    return said


def unread_in(form: Form) -> str | None:
    """Asks about the first word that explains nothing."""
    for tag in form.text.tags:
        known = tag.type in _QUIET or not form.is_free(tag)
        if not known and not all(form.text.within(i, *_AROUND) for i in range(tag.start, tag.end)):
            return form.text.say("unplaced", word=tag.text)
    return None
