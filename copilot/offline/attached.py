"""What a customer sent: their mails, or those with attachments that tell of it, by name, subject or text."""

import re
from collections.abc import Callable, Sequence
from functools import cache

import prompts
from copilot.offline.briefing import find_record
from copilot.offline.history import names_of
from copilot.offline.plan import PastTurn, Query
from copilot.offline.reader import Read
from crm_core.models import InteractionKind
from crm_core.query.spec import All, Condition, Filter, Order, QuerySpec
from crm_core.query.spec import Any as AnyOf

_MARKS = " ?？.。!！"
_LONGEST = 120  # characters of a plain question
_TOLD_BY = ("attachments", "subject", "body")


def plan_attached(text: str, read: Callable[[str], Read], dialogue: Sequence[PastTurn]) -> Query | None:
    """The mails that may have brought it; None: the message asks no such thing, or of nobody that is known."""
    plain = " ".join(text.replace("’", "'").strip(_MARKS).split())
    found = (
        next((match for form in _forms() if (match := form.fullmatch(plain))), None) if len(plain) < _LONGEST else None
    )
    if found is None:
        return None
    asked = read(found["who"])
    who = find_record(found["who"].strip(), asked, text, dialogue)
    if not isinstance(who, tuple):
        return None
    labels = [name.label for tag in asked.tags for name in names_of(tag) if (name.entity, name.id) == who]
    words = [word for word in found["what"].lower().split() if word not in _anything()]
    tests: list[Filter] = [
        Condition(field=who[0], value=labels[0] if labels else who[1]),
        Condition(field="direction", value="in"),
        Condition(field="attachments", op="not_empty"),
        *(AnyOf(any=[Condition(field=name, op="contains", value=word) for name in _TOLD_BY]) for word in words),
    ]
    columns = ["happened_on", "contact", "subject", "attachments"]
    newest = [Order(by="happened_on", descending=True)]
    return Query(QuerySpec(entity="interaction", where=All(all=tests), columns=columns, order_by=newest), "list")


def plan_mails(text: str, read: Callable[[str], Read], dialogue: Sequence[PastTurn]) -> Query | None:
    """The mails that a customer sent, where the message says no more than that; None: it does, or nobody is known."""
    plain = " ".join(text.replace("’", "'").strip(_MARKS).split())
    found = next((match for form in _forms("mails") if (match := form.fullmatch(plain))), None)
    asked = read(found["who"]) if found and len(plain) < _LONGEST else None
    if found is None or asked is None or any(not names_of(tag) for tag in asked.tags):
        return None
    who = find_record(found["who"], asked, text, dialogue)
    labels = [name.label for tag in asked.tags for name in names_of(tag) if (name.entity, name.id) == who]
    if not labels or not isinstance(who, tuple):
        return None
    tests: list[Filter] = [
        Condition(field="kind", value=InteractionKind.EMAIL),
        Condition(field="direction", value="in"),
        Condition(field=who[0], value=labels[0]),
    ]
    return Query(QuerySpec(entity="interaction", where=All(all=tests)), "list")


@cache
def _forms(sort: str = "sent") -> tuple[re.Pattern[str], ...]:
    sent = prompts.load_yaml("lexicon/history")[sort]
    return tuple(re.compile(form, re.IGNORECASE) for lang in ("en", "zh") for form in sent[lang])


@cache
def _anything() -> frozenset[str]:
    return frozenset(word for words in prompts.load_yaml("lexicon/history")["anything"].values() for word in words)
