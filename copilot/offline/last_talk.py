"""When a customer was last spoken with, and what was said then: 最近一次跟X联系是什么时候聊了啥."""

import re
from functools import cache

import prompts
from copilot.offline.history import names_of, said_of
from copilot.offline.plan import Clarify, Plan, Query
from copilot.offline.reader import Read
from copilot.offline.tags import T
from crm_core.query.spec import All, Condition, Filter, Order, QuerySpec

_MARKS = " ?？.。!！"
_LONGEST = 120  # characters
_MOST_OPTIONS = 4
_CALLS = ("电话", "通话")


def plan_last_talk(text: str, read: Read) -> Plan | None:
    """The newest interaction with the one customer that is named; None: the message asks for something else.

    Args:
        text: the message.
        read: the same message, with its tags.
    """
    plain = " ".join(text.strip(_MARKS).replace("’", "'").split())
    match = next((m for form in _forms() if (m := form.fullmatch(plain))), None) if len(plain) <= _LONGEST else None
    if match is None:
        return None
    who = match["who"].strip()
    named = [tag for tag in read.tags if names_of(tag) and (tag.text in who or who in tag.text)]
    if len(named) != 1:
        return None
    names = [name for name in names_of(named[0]) if name.entity == names_of(named[0])[0].entity]
    if len({name.label for name in names}) > 1:
        words = prompts.load_yaml("planner")[read.lang]
        question = prompts.fill(words["which_record"], word=named[0].text)
        return Clarify(question, tuple(said_of(name, named[0], text) for name in names[:_MOST_OPTIONS]))
    tests: list[Filter] = [Condition(field=names[0].entity, op="eq", value=names[0].label)]
    try:
        tests += _of_sort(plain.replace(names[0].label, ""), read)
    except LookupError:
        return None
    spec = QuerySpec(
        entity="interaction",
        where=All(all=tests) if len(tests) > 1 else tests[0],
        columns=["happened_on", "kind", names[0].entity, "user", "body"],
        order_by=[Order(by="happened_on", descending=True)],
        limit=1,
    )
    return Query(spec, "list")


def _of_sort(said: str, read: Read) -> list[Filter]:
    """Which sort of interaction is meant: by the company's own word for it, or by its kind.

    Raises LookupError where calls are meant and the store keeps none as such.
    """
    senses = [sense for tag in read.tags for sense in tag.senses]
    own = [s.value for s in senses if s.type is T.VALUE and str(s.value[0]).startswith("interaction.")]
    if own:
        return [Condition(field=own[0][0].split(".")[1], op="eq", value=own[0][1])]
    meant = [s.value for s in senses if s.type is T.MEANING and s.value.entity == "interaction"]
    if meant:
        return [meant[0].where]
    if any(word in said for word in prompts.load_yaml("lexicon/history")["visiting"]):
        return [Condition(field="kind", op="eq", value="meeting")]
    if any(word in said for word in _CALLS):
        if not any(s.type is T.ENTITY and s.value == "call" for s in senses):
            raise LookupError(said)
        return [Condition(field="kind", op="eq", value="call")]
    return []


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    latest = prompts.load_yaml("lexicon/history")["latest"]
    return tuple(re.compile(form, re.IGNORECASE) for lang in ("en", "zh") for form in latest[lang])
