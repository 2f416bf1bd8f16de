"""The rule for what is owed, where the company notes what is paid: "how much are we owed", "overdue orders"."""

from functools import cache

import prompts
from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import FieldTest, MeasureNode, Target
from copilot.offline.payments import Payments, payments_of
from copilot.offline.tags import T

_NOT_KEPT = "payment"
_OTHERS = frozenset({"task", "lead", "interaction"})


def owed(c: Composer) -> None:
    """What is not paid, and of "overdue" what should be by now; how much it comes to where that is asked."""
    said = _said(c)
    noted = payments_of(c.vocabulary) if said else None
    if noted is None or _speaks_of_others(c, noted):
        return
    late, past = _late(c, noted)
    if not (set(said) - set(late)) and not (_asks_money(c) or _names(c, noted.entity) or _bills(c)):
        return  # "what is overdue": tasks may be
    if late and noted.due is None:
        return
    c.reading.fields += noted.unpaid
    if late:
        c.reading.fields.append(FieldTest(str(noted.due), "lt", (c.today.isoformat(),)))
    _target(c, noted)
    c.own(*{*said, *late, *past})


def _said(c: Composer) -> list[int]:
    """Where it is said that something is not paid."""
    found = [at for at, item in enumerate(c.items) if _says(item, "owing") or _is_late(item)]
    for at, item in enumerate(c.items):
        denied = next((k for k in (at - 1, at - 2) if c.has(k, T.NEG, "not", "never")), None)
        if not item.owned and item.tag.text.lower() in _words("paying") and denied is not None:
            found += range(denied, at + 1)
    return found


def _says(item: Item, concept: str) -> bool:
    """By itself or in a set phrase of what is not held: "owes us", "overdue invoices"."""
    text = item.tag.text.lower()
    phrase = any(s.type is T.NOT_HELD and s.value == _NOT_KEPT for s in item.tag.senses)
    return not item.owned and (text in _words(concept) or (phrase and bool(_words(concept) & set(text.split()))))


def _is_late(item: Item) -> bool:
    """As in "overdue", "past its due date"."""
    return _says(item, "late") or any(s.value == "task.overdue_days" for s in item.all(T.FIELD))


def _late(c: Composer, noted: Payments) -> tuple[list[int], list[int]]:
    """Where it says that the day has passed, as one word or as in "past the | payment due date"."""
    late = [at for at, item in enumerate(c.items) if _is_late(item)]
    for at, item in enumerate(c.items):
        days = set(c.fields_at(at)) & {str(noted.due), "task.due_on"}
        before = next((k for k in (at - 1, at - 2) if c.has(k, T.OP, "gt")), None)
        if days and not item.owned and before is not None:
            return [*late, at], list(range(before, at + 1))
    return late, []


def _speaks_of_others(c: Composer, noted: Payments) -> bool:
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    staged = any(name.entity == "stage" for item in c.items for s in item.tag.all(T.RECORD) for name in s.value)
    deals = "deal" in nouns or staged or c.mentions(T.METRIC, "pipeline", "weighted_pipeline")
    return bool(nouns & (_OTHERS - {noted.entity})) or (noted.entity != "deal" and deals)


def _asks_money(c: Composer) -> bool:
    return c.mentions(T.ASK, "how_much") or c.mentions(T.MONEY_WORD)


def _names(c: Composer, entity: str) -> bool:
    return any(s.value == entity for item in c.items for s in item.tag.all(T.ENTITY))


def _bills(c: Composer) -> list[int]:
    """As in "overdue payments", "anything unpaid on their account": the word says nothing more."""
    return [at for at, item in enumerate(c.items) if not item.owned and item.tag.text.lower() in _words("bills")]


def _target(c: Composer, noted: Payments) -> None:
    """What is asked for: the sum, whoever owes it, or the records."""
    money = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_much")]
    who = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "who")]
    ranked = c.mentions(T.SUP)
    if money or ranked:
        c.reading.measures.append(MeasureNode(fn="sum", dotted=noted.amount))
        c.reading.asks.append("how_much")
    if who:
        c.reading.target = Target("account", "which", is_plural=not ranked)
    elif not (money or ranked or _nouns(c)):
        c.reading.target = Target(noted.entity, "list")
    if noted.entity != "account":
        c.reading.facts.append(noted.entity)
    bills = [at for at in _bills(c) if not _is_asked_for(c, at)]
    c.own(*money, *who, *bills, *(at for at, _, _ in c.each(T.THING)))


def _nouns(c: Composer) -> bool:
    """Whether the records that are asked for are named."""
    bills = _words("bills")
    named = any(item.all(T.ENTITY) and item.tag.text.lower() not in bills for item in c.items)
    return named or any(_is_asked_for(c, at) for at in range(len(c.items)))


def _is_asked_for(c: Composer, at: int) -> bool:
    """As in "which accounts owe us": the customers, and no account that is kept."""
    if c.items[at].tag.text.lower() not in ("account", "accounts"):
        return False
    return at == 0 or c.sense(at - 1, T.ASK, T.BY) is not None


@cache
def _words(concept: str) -> frozenset[str]:
    return frozenset(map(str, prompts.load_yaml("lexicon/own_sayings")[concept]))
