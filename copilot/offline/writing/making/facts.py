"""What a line of notes says of records that exist: of the one open deal meant, and of the account."""

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.days import due_day, past_day
from copilot.offline.writing.making.form import Doubt, Form, plain
from copilot.offline.writing.making.parties import MAX_OPTIONS, Links, named, names_of, only_deal, open_deals
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.why import reasons_in
from crm_core.changes.steps import Given, Step
from crm_core.models import Kind
from crm_core.schema import Field

_ENDED = ("won", "lost")
_LEAST_MONEY = 100
_QUIET = (T.FILLER, T.PREP, T.PUNCT, T.WRITE)
_REACH = 5  # words between "amount" and its figure


def facts_of(line: Scan, saying: Saying, linked: Links) -> list[Step]:
    """The changes that a line states; none where it denies or wonders."""
    if line.said("denied"):
        return []
    return [*_deal_facts(line, saying, linked), *_account_facts(line, saying, linked)]


def _deal_facts(line: Scan, saying: Saying, linked: Links) -> list[Step]:
    values: dict[str, Given] = {**_stage(line, saying), **_amount(line), **_closing(line, saying)}
    deal = _deal(line, saying, linked) if values else None
    if deal is None:
        return []
    return [Step(op="update", entity="deal", records=[deal.id], set=values, quote=line.text)]


def _deal(line: Scan, saying: Saying, linked: Links) -> Name | None:
    """The deal of this line: by its product, else the one of the notes, else the only one that is open."""
    account = linked.found.get("account")
    products = [names[0] for _, names in named(line, "product") if len(names) == 1]
    told = [names[0] for _, names in named(line, "deal") if len(names) == 1]
    if len(told) == 1:
        return told[0]
    if account is not None and products:
        return only_deal(open_deals(saying, account, products[:1]), saying)
    if "deal" in linked.found:
        return linked.found["deal"]
    if account is None:
        return None
    deals = open_deals(saying, account)
    one = next((deal for deal, _ in deals if deal.label == saying.chosen), None) or only_deal(deals, saying)
    if one is None and len(deals) > 1:
        options = tuple(deal.label for deal, _ in deals[:MAX_OPTIONS])
        raise Doubt(Clarify(line.say("which_record", word=line.text.strip()), options))
    return one


def _stage(line: Scan, saying: Saying) -> dict[str, Given]:
    """Won or lost, with the day it is told for; or a stage that it moves to."""
    for concept in _ENDED:
        stages = [name for name, kind in saying.vocabulary.stages.items() if kind == concept]
        if _says(line, concept) and len(stages) == 1:
            days = [past_day(sense.value, saying.today) for _, sense in line.of(T.DATE)]
            day = next((d for d in days if d is not None), None)
            why = reasons_in(saying.cover(line.text)[1]) if concept == "lost" else []
            told: dict[str, Given] = {"closed_on": day.isoformat()} if day else {}
            return {"stage": stages[0], **told, **({"lost_reason": why[0]} if len(why) == 1 else {})}
    moves = line.said("moves")
    for tag, names in named(line, "stage"):
        if moves and moves[0].start < tag.start and len(names) == 1:
            return {"stage": names[0].id}
    return {}


def _says(line: Scan, state: str) -> bool:
    """Whether a line says that the deal was won or lost."""
    return any(s.value == state for _, s in line.of(T.STATE)) or bool(line.said(f"deal_{state}"))


def _amount(line: Scan) -> dict[str, Given]:
    """Money that the line calls the amount, or at which the deal was won."""
    for tag, sense in line.of(T.NUMBER):
        number = sense.value
        counts = number.is_percent or number.is_ordinal or number.unit is not None or _counts(line, tag.end)
        called = _says(line, "won") or any(_is_amount(line, i) for i in range(max(0, tag.start - _REACH), tag.start))
        called = called or _is_labelled(line, tag)
        if called and not counts and number.value >= _LEAST_MONEY:
            return {"amount": plain(number.value)}
    return {}


def _is_labelled(line: Scan, number: Tag) -> bool:
    """As in "slotting: now | 52k": right behind the deal or product that the line begins with."""
    label = line.tags[0] if line.tags and line.tags[0].get(T.RECORD) is not None else None
    if label is None or not names_of(label, "product", "deal") or not line.is_colon(label.end):
        return False
    return all(line.within(i, "moves", "grown", "money") or line.tag(i).type in _QUIET
               for i in range(label.end + 1, number.start))  # fmt: skip


def _is_amount(line: Scan, at: int) -> bool:
    """Whether a word names the amount of a deal, or the deal itself ("the deal is at 3.5k")."""
    tag = line.tag(at)
    named = any(s.value == "deal" for s in tag.all(T.ENTITY)) or any(s.value == "deal.amount" for s in tag.all(T.FIELD))
    return named or line.at(at, "money") is not None


def _counts(line: Scan, at: int) -> bool:
    """Whether the number before counts something: "40 seats", 14200 人."""
    return line.at(at, "counted") is not None


def _closing(line: Scan, saying: Saying) -> dict[str, Given]:
    """When the deal is expected to close."""
    for tag, _ in line.of(T.FIELD):
        told = any(s.value == "deal.closes_on" for s in tag.all(T.FIELD))
        for date_tag, span in line.of(T.DATE, start=tag.end) if told else ():
            day = due_day(span.value, date_tag.text, saying.today)
            if day is not None:
                return {"closes_on": day.isoformat()}
    return {}


def _account_facts(line: Scan, saying: Saying, linked: Links) -> list[Step]:
    """Figures of the company: "they have grown to 210 employees", 客户现在 14200 人."""
    account = linked.found.get("account")
    if account is None:
        return []
    form = Form(line, saying, saying.vocabulary.schema.entities["account"])
    for tag, _ in line.of(T.FIELD):
        for each in (
            form.entity.fields.get(s.value.split(".")[1]) for s in tag.all(T.FIELD) if _is_of_account(s.value)
        ):
            value = _figure(form, tag, each) if each is not None and each.is_numeric and each.edit else None
            if each is not None and value is not None and each.kind is not Kind.MONEY:
                form.values[each.name] = value
    for tag, sense in line.of(T.NUMBER) if line.is_chinese and line.said("org", "grown") else ():
        if line.at(tag.end, "heads"):
            form.values.setdefault("employees", plain(sense.value.value))
    if not form.values:
        return []
    return [Step(op="update", entity="account", records=[account.id], set=form.values, quote=line.text)]


def _is_of_account(dotted: str) -> bool:
    return dotted.startswith("account.")


def _figure(form: Form, label: Tag, each: Field) -> Given:
    """The number beside a label; "people" may be any people, unless the company has grown."""
    line = form.text
    if line.at(label.start, "people") and not line.said("grown", "org"):
        return None
    beside = (i for i in (label.start - 1, label.end, label.end + 1) if 0 <= i < len(line.tokens))
    return next((value for i in beside if (value := form.read(line.tag(i), each)) is not None), None)
