"""The fields of a new record that need no word of their own: references, stored values, money, dates, "mine"."""

from copilot.offline.lexicon import key
from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.making.form import Doubt, Form, plain
from copilot.offline.writing.making.naming import take_source
from copilot.offline.writing.making.parties import names_of, which
from crm_core.models import Kind, Role

_LEAST_MONEY = 100  # a bare number below this is hardly an amount


def fill(form: Form) -> None:
    """Take every value that the text tells."""
    form.take_labelled()
    take_source(form)
    _take_records(form)
    _take_values(form)
    _take_stage(form)
    _take_money(form)
    _take_dates(form)
    _take_owner(form)


def take_account(form: Form) -> None:
    """Whose contact it is; the preposition before the name goes with it."""
    for tag, _ in form.text.of(T.RECORD):
        names = names_of(tag, "account")
        if not names or not form.is_free(tag) or "account" in form.values:
            continue
        one = which(form.text, tag, names)
        if isinstance(one, Clarify):
            raise Doubt(one)
        form.values["account"] = one.id
        before = form.text.upto(tag.start, "with")
        form.take(before.start if before is not None else tag.start, tag.end)


def _take_records(form: Form) -> None:
    """Accounts, products, stages and owners that are named."""
    fields = [f for f in form.entity.fields.values() if f.target and f.role is not Role.PARENT and f.edit]
    targets = {f.target: f for f in reversed(fields)}
    for tag, _ in form.text.of(T.RECORD):
        fits = [n.entity for sense in tag.all(T.RECORD) for n in sense.value if n.entity in targets]
        for entity in dict.fromkeys(fits) if form.is_free(tag) else ():
            if entity == "product" and form.entity.name == "deal":
                _take_product(form, tag)
                break
            each = targets[entity]
            value = form.read(tag, each) if each.name not in form.values else None
            if value is not None:
                form.values[each.name] = value
                form.take(tag.start, tag.end)
                _take_label_beside(form, tag, each.name)
                break


def _take_product(form: Form, tag: Tag) -> None:
    """The product of a deal; each further one is a deal of its own."""
    one = which(form.text, tag, names_of(tag, "product"))
    if isinstance(one, Clarify):
        raise Doubt(one)
    form.take(tag.start, tag.end)
    first = form.values.setdefault("product", one.id)
    if first != one.id:
        form.products = form.products or [Name("product", int(str(first)), "")]
        form.products.append(one)


def take_own_values(form: Form) -> None:
    """Stored values of the company's own fields."""
    _take_values(form, own_only=True)


def _take_values(form: Form, *, own_only: bool = False) -> None:
    """Stored values of this kind of record: an industry, a country, a plan."""
    for tag, _ in form.text.of(T.VALUE):
        senses = sorted(tag.all(T.VALUE), key=lambda s: not _labels_beside(form, tag, s.value[0].split(".")[-1]))
        for sense in senses:
            entity, name = sense.value[0].split(".")
            each = form.entity.fields.get(name)
            own = entity == form.entity.name and each is not None and each.edit and (each.is_custom or not own_only)
            if own and name not in form.values and form.is_free(tag):
                form.values[name] = sense.value[1]
                form.take(tag.start, tag.end)
                _take_label_beside(form, tag, name)


def _take_label_beside(form: Form, tag: Tag, name: str) -> None:
    """The word for the field on either side of its value: "Enterprise plan", 行业医疗."""
    for label in _labels_beside(form, tag, name):
        form.take(label.start, label.end)


def _labels_beside(form: Form, tag: Tag, name: str) -> list[Tag]:
    """The whole name of a field beside a value, or a word of it: "our Westgate | depot", of "Home Depot"."""
    field, found = form.entity.fields.get(name), list[Tag]()
    words = key(" ".join(field.words).lower()) if field is not None else ()
    for at in (tag.end, tag.start - 1):
        label = form.text.tag(at) if 0 <= at < len(form.text.tokens) else None
        if label is None or not form.is_free(label):
            continue
        if label.text.lower() in words or any(s.value.endswith(f".{name}") for s in label.all(T.FIELD)):
            found.append(label)
    return found


def _take_stage(form: Form) -> None:
    """A deal that is entered as won or lost."""
    for tag, sense in form.text.of(T.STATE) if "stage" in form.entity.fields else ():
        stage = form.stage(tag) if form.is_free(tag) and sense.value in ("won", "lost") else None
        if stage is not None and "stage" not in form.values:
            form.values["stage"] = stage
            form.take(tag.start, tag.end)


def _take_money(form: Form) -> None:
    """Money is the amount, or the price of a product."""
    amount = form.entity.by_role(Role.AMOUNT) or form.of_kind(Kind.MONEY)
    for tag, sense in form.text.of(T.NUMBER) if amount is not None else ():
        number = sense.value
        told = number.is_money or number.value >= _LEAST_MONEY or form.text.upto(tag.start, "money", "price")
        counts = number.is_percent or number.is_ordinal or number.unit is not None or form.text.at(tag.end, "counted")
        if amount is not None and form.is_free(tag) and told and not counts and amount.name not in form.values:
            form.values[amount.name] = plain(number.value)
            form.take(tag.start, tag.end)


def _take_dates(form: Form) -> None:
    """A date to come is when it is due to close, an earlier one when it began."""
    due, opened = form.entity.by_role(Role.DUE), form.entity.by_role(Role.OPENED)
    for tag, _ in form.text.of(T.DATE):
        for each in (due, opened) if form.is_free(tag) else ():
            value = form.read(tag, each) if each is not None and each.name not in form.values else None
            ahead = value is not None and str(value) >= form.saying.today.isoformat()
            if each is not None and value is not None and ahead == (each is due):
                form.values[each.name] = value
                form.take(tag.start, tag.end)
                break


def _take_owner(form: Form) -> None:
    """As in "mine", "under me", 我跟: the speaker's."""
    owner = form.entity.by_role(Role.OWNER)
    for mark in form.text.said("mine") if owner is not None else ():
        if owner is not None and owner.name not in form.values and form.saying.actor.id and mark.start not in form.used:
            form.values[owner.name] = form.saying.actor.id
            form.take(mark.start, mark.end)
