"""Rules for the fields and the nouns that are left: columns that are wanted, and what is meant without a question."""

from functools import cache

import prompts
from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import asked_fact, head
from copilot.offline.compose.reading import FieldTest, MeantTest, RecordTest, Target
from copilot.offline.tags import Sense, T
from crm_core.models import Kind, Role


def addresses(c: Composer) -> None:
    """As in "email for Anna Bell", "the CFO's email": the address of a contact, and not what was written to them."""
    people = [item for item in c.items for s in item.tag.senses if _is_of_contact(s)]
    for at, item, _ in list(c.each(T.ENTITY)):
        own = [dotted for dotted in c.fields_at(at) if dotted.startswith("contact.") and c.vocabulary.holds(dotted)]
        if not own or not people or item.is_plural:
            continue
        more = (
            c.mentions(T.ASK, "how_many", "count")
            or c.mentions(T.VERB_METRIC)
            or c.mentions(T.DATE)
            or c.mentions(T.OWNS)
        )
        if not more:
            c.reading.columns.append(own[0])
            if not any(s.type is T.RECORD for i in people for s in i.tag.senses):
                c.reading.target = Target("contact", "list")
            c.own(at)


def _is_of_contact(sense: Sense) -> bool:
    if sense.type is T.RECORD:
        return bool(sense.value[0].entity == "contact")
    return sense.type is T.VALUE and str(sense.value[0]).startswith("contact.")


def columns(c: Composer) -> None:
    """Fields asked for: of the named record, or as columns of a list."""
    for at, item, _ in list(c.each(T.FIELD)):
        if item.owned or item.get(T.ENTITY) or item.is_soft:
            continue
        held = [s.value for s in item.all(T.FIELD)]
        if _restates(c, held):
            c.own(at)  # "what is our pipeline worth"
            continue
        if _names_its_value(c, held):
            c.reading.asks.remove("where")  # "those where Liftex was the competitor"
            c.own(at)
            continue
        if c.reading.share and not c.reading.measures and item.tag.start > c.reading.share_at[0]:
            c.reading.fields.append(FieldTest(c.nearest(held, to=_subject(c)), "not_empty", at=item.tag.start))
            c.own(at)  # "what share of our accounts has a parent"
            continue
        before = {word for words in item.before for word in words.split()}
        if before & {"a", "an", "any"} and before & {"with", "has", "have", "having"}:
            c.reading.fields.append(FieldTest(c.nearest(held, to=_subject(c)), "not_empty", at=item.tag.start))
            c.own(at)  # "accounts with a parent company"
            continue
        nearest = next(iter(_theirs(c, at, held)), c.nearest(held, to=_subject(c)))
        if before & _holding() and (c.vocabulary.field(nearest).kind is Kind.LONG_TEXT or _is_counted(c)):
            c.reading.fields.append(FieldTest(nearest, "not_empty"))  # "emails with attachments"
        else:
            c.reading.columns.append(nearest)
        c.own(at)


def _theirs(c: Composer, at: int, held: list[str]) -> list[str]:
    """As in "the contacts and their email", 联系人和邮箱: of those who stand right before it."""
    noun = c.items[at - 2].tag if at > 1 and c.items[at - 1].tag.type is T.AND else None
    kinds = {str(s.value) for s in noun.all(T.ENTITY)} if noun else set()
    return [dotted for dotted in held if dotted.split(".")[0] == "contact" and "contact" in kinds]


def _names_its_value(c: Composer, held: list[str]) -> bool:
    """Whether a value of a company's own field is tested, and the word only says of which field it is."""
    tested = {
        t.dotted for t in c.reading.fields if t.op == "in" and not t.negated and c.vocabulary.field(t.dotted).is_custom
    }
    return bool(tested & set(held)) and "where" in c.reading.asks


def _is_counted(c: Composer) -> bool:
    """Whether only the number of records is asked for, which shows no columns."""
    return c.reading.target is not None and c.reading.target.ask == "count" and not c.reading.measures


@cache
def _holding() -> frozenset[str]:
    """Words between a record and something that it holds."""
    return frozenset(prompts.load_yaml("lexicon/small_words")["holding"])


def _restates(c: Composer, dotted: list[str]) -> bool:
    """Whether the field is what is measured anyway: the amount beside a metric of amounts, days beside a duration."""
    schema = c.vocabulary.schema
    kinds = {schema.metrics[m.metric].kind if m.metric else None for m in c.reading.measures}
    amounts = Kind.MONEY in kinds and any(c.vocabulary.field(d).role is Role.AMOUNT for d in dotted)
    sup = c.reading.sup
    lasting = any(m.dotted == "deal.duration_days" or m.metric == "sales_cycle_days" for m in c.reading.measures)
    if lasting and any(c.vocabulary.field(d).unit == "days" for d in dotted):
        return True
    ages = sup is not None and sup.sort.endswith("long") and any(c.vocabulary.field(d).unit == "days" for d in dotted)
    return amounts or ages


def _subject(c: Composer) -> list[str]:
    named = [r.entity for r in c.reading.records]
    target = [entity_of(c.reading.target.dotted.split(".")[0])] if c.reading.target else []
    theirs = ["account"] if any(i.tag.get(T.PRONOUN) and i.tag.text.endswith("家") for i in c.items) else []
    return [*target, *named, *theirs, *c.about]  # 他家是什么账期


def nouns(c: Composer) -> None:
    """Entity nouns that are left: what is asked for, a column, or a neighbour's own noun. Others stay unexplained."""
    for at, item, sense in list(c.each(T.ENTITY)):
        entity = entity_of(str(sense.value))
        base = asked_fact(c)
        reference = c.is_reference_of(base, entity) if base else None
        if (
            sense.value == "manager"
            and c.reading.target == Target("rep", "who", is_plural=False)
            and not c.reading.mine
        ):
            c.reading.unclear |= bool(c.reading.fields)  # 谁是华南的头儿: of those who work there
            c.reading.target = Target("manager", "who")
        if c.vocabulary.schema.entities[entity].is_fact:
            c.reading.facts.append(entity)
            if c.reading.target is None and not c.reading.measures and head(c, at) is None:
                c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif reference and _is_wanted_column(c, at, entity):
            c.reading.columns.append(f"{base}.{reference}")
            c.own(at)
        elif _is_tested(c, entity):
            c.reading.facts.append(entity)
            if c.reading.target is None and not c.reading.measures and not c.reading.columns:
                c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif c.reading.target is None and not c.reading.measures:
            c.reading.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at)
        elif _is_said_already(c, entity):
            c.own(at)


def _is_said_already(c: Composer, entity: str) -> bool:
    """As in "the average revenue of Anna's customers": what is asked for or measured is of this kind."""
    target = c.reading.target
    asked = target is not None and entity_of(target.dotted.split(".")[0]) == entity
    return asked or any((m.dotted or "").split(".")[0] == entity for m in c.reading.measures)


def _is_tested(c: Composer, entity: str) -> bool:
    """Whether a value or a name of this kind of record stands in the request: then it says the noun already."""
    tests: list[RecordTest | FieldTest | MeantTest] = [*c.reading.records, *c.reading.fields, *c.reading.meant]
    return any(test.entity == entity for test in tests)


def _is_wanted_column(c: Composer, at: int, entity: str) -> bool:
    """Whether the noun stands in a list of things wanted of a fact: "deal id, account, rep and amount"."""
    item = c.items[at]
    asked = any(c.items[k].owned and c.items[k].tag.get(T.ASK) for k in (at - 1,) if k >= 0)
    listed = item.after_break or any(c.has(k, T.AND) for k in (at - 1, at + 1))
    return asked or (listed and not any(t.entity == entity for t in c.reading.records))
