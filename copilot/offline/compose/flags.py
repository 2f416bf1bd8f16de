"""Rules for fields of yes and no: "key accounts", "customers who churned", "clients whose KYC is not complete"."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, Target
from copilot.offline.tags import T
from crm_core.models import Kind

_NEGATIONS = ("not", "none", "exclude")
_UNDONE = ("没", "未", "还没", "尚未", "还未")
_FLAG_NOUNS = frozenset({"flag", "status", "field", "column"})


def flags(c: Composer) -> None:
    """A field of yes and no that is said of records is a condition; said of a named record it is asked for."""
    done: dict[str, int] = {}
    for at, item, _ in list(c.each(T.FIELD)):
        fields = c.fields_at(at, lambda f: f.kind is Kind.BOOLEAN)
        if not fields or c.has(at - 1, T.BY) or len(fields) < len(item.all(T.FIELD)):
            continue
        if _is_stage(c, at):
            continue
        dotted = c.nearest(fields, to=c.about)
        if {s.value[0].split(".")[0] for s in item.all(T.VALUE)} & set(c.about) - {dotted.split(".")[0]}:
            continue  # "active contracts": their own status, and not whether their owners are still here
        if done.get(dotted, -9) >= at - 2:
            _merge(c, at, dotted)
            done[dotted] = at
        elif not _asked_of_one(c, dotted) and not _asks_for_the_field(c, at):
            _test(c, at, dotted)
            done[dotted] = at


_DONE = frozenset({"做过", "做了", "做完", "有过", "经过", "做"})
_STANDING = frozenset({"在", "到", "处于"})


def _is_stage(c: Composer, at: int) -> bool:
    """As in 在|样机测试, where a stage is called like the column 是否样机测试: deals stand at it."""
    staged = any(s.value[0].entity == "stage" for s in c.items[at].all(T.RECORD))
    before, after = c.item(at - 1), c.item(at + 1)
    stands = bool(c.items[at].before & _STANDING) or (before is not None and c.has(at - 1, T.OWNS, "deal.stage"))
    return staged and (stands or (after is not None and after.tag.text.startswith("阶段")))


def _asked_of_one(c: Composer, dotted: str) -> bool:
    """As in "is Acme a key account": yes or no is what is asked for."""
    entity = dotted.split(".")[0]
    named = any(s.value[0].entity == entity for item in c.items for s in item.all(T.RECORD))
    listed = any(item.is_plural and entity_of(s.value) == entity for item in c.items for s in item.all(T.ENTITY))
    return named and not listed


def _asks_for_the_field(c: Composer, at: int) -> bool:
    """As in "deals with their urgent flag"."""
    after = c.item(at + 1)
    return after is not None and bool(after.before & _FLAG_NOUNS)


def _test(c: Composer, at: int, dotted: str) -> None:
    """Yes, or no where a negation stands before it; the records are what is asked for where no noun says so."""
    no = next((k for k in (at - 1, at - 2) if k >= 0 and c.has(k, T.NEG, *_NEGATIONS)), None)
    no = at - 1 if no is None and _is_verb_of_it(c, at, dotted, undone=True) else no
    if no is not None:
        c.own(no)
    if _is_verb_of_it(c, at, dotted):
        c.own(at - 1)  # "haven't signed the DPA", of a column "DPA signed"
    no = _rest_of_the_name(c, at, dotted) if no is None else no
    if at > 0 and c.items[at - 1].tag.text in _DONE:
        c.own(at - 1)  # 做过|样机测试的商机
    holds = no is None and "off" not in c.items[at].before  # "customers off credit hold"
    c.reading.fields.append(FieldTest(dotted, "in", (holds,), text=c.items[at].tag.text, at=c.items[at].tag.start))
    c.own(at)
    entity = dotted.split(".")[0]
    nouns = any(item.all(T.ENTITY) or item.get(T.METRIC, T.VERB_METRIC, T.STATE) for item in c.items)
    if not nouns and c.reading.target is None:
        c.reading.target = Target("rep" if entity == "user" else entity, "list")


def _is_verb_of_it(c: Composer, at: int, dotted: str, *, undone: bool = False) -> bool:
    """As in "signed the DPA", 签了GDPR, 还没签GDPR: what the column says was done, and no deal's state."""
    verb = c.item(at - 1)
    if verb is None or verb.get(T.STATE) is None:
        return False
    words = {word for name in c.vocabulary.field(dotted).words for word in name.lower().split()}
    text = verb.tag.text.lower()
    if text.isascii():
        return text in words and not undone
    signs = "签" in text and ("signed" in words or any("签" in word for word in words))
    return signs and text.startswith(_UNDONE) == undone


def _rest_of_the_name(c: Composer, at: int, dotted: str) -> int | None:
    """As in "KYC is not complete": the words of the name after it are taken; where a negation between them stands."""
    words = {word for name in c.vocabulary.field(dotted).words for word in name.split()}
    no = at + 1 if c.has(at + 1, T.NEG, *_NEGATIONS) else None
    rest = at + 1 if no is None else at + 2
    item = c.item(rest)
    if item is None or item.tag.text.lower() not in words:
        return None
    c.own(*range(at + 1, rest + 1))
    return no


def _merge(c: Composer, at: int, dotted: str) -> None:
    """As in "KYC is not complete": both words name the field, and a negation between them is its own."""
    c.own(at)
    between = c.item(at - 1)
    if between is not None and between.tag.get(T.NEG):
        c.reading.fields = [
            FieldTest(t.dotted, t.op, (False,), text=t.text, at=t.at) if t.dotted == dotted else t
            for t in c.reading.fields
        ]
