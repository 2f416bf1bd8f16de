"""Visits, calls and whom they were made to in everyday Chinese: 跑了几家客户, 前天谁去拜访客户了, 采购经理的微信."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import Target
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small

TALK = "interaction"


def visits(c: Composer) -> None:
    """As in 今年跑了几家客户: customers that were visited, and no deals that got away."""
    for at, item, _ in list(c.each(T.STATE, T.VERB_METRIC)):
        counted = c.has(at + 1, T.ASK, "how_many", "which", "count") or c.sense(at + 1, T.NUMBER) is not None
        noun = at + 1 + counted
        party = any(str(s.value) == "deal.account" for s in c.items[noun].all(T.FIELD)) if c.item(noun) else False
        if item.tag.text in small("calling_on") and party and c.vocabulary.holds_records(TALK):
            item.tag = item.tag.only(Sense(T.ENTITY, "meeting"), Sense(T.OWNS, f"{TALK}.account"))


def called_on(c: Composer) -> None:
    """As in 前天谁去拜访客户了: the customers are whoever was visited, and ask for nothing."""
    r = c.reading
    if r.target is None or entity_of(r.target.dotted) != "user" or TALK not in r.facts:
        return
    for at, item, _ in list(c.each(T.FIELD)):
        touched = any(_is_talk(c, k) for k in (at - 1, at + 1))
        if touched and any(s.value == f"{TALK}.account" for s in item.all(T.FIELD)) and not item.tag.text.isascii():
            c.own(at)


def _is_talk(c: Composer, at: int) -> bool:
    item = c.item(at)
    names = [str(s.value) for s in item.tag.senses] if item is not None and item.owned else []
    return any(name.startswith(TALK) or entity_of(name) == TALK for name in names)


def noted(c: Composer) -> None:
    """As in 大前天有几条跟进, 上周的跟进: what was noted down, where nothing else is counted."""
    if any(item.tag.get(T.ENTITY) for item in c.items) or not c.vocabulary.holds_records(TALK):
        return
    for at, item, _ in list(c.each(T.OWNS)):
        asked = c.has(at - 1, T.ASK, "how_many", "which", "count")
        if item.tag.text in small("follow_ups") and asked and c.items[at - 1].tag.text[-1] in "条次些个笔":
            item.tag = item.tag.only(Sense(T.ENTITY, TALK))


def visited_whom(c: Composer) -> None:
    """As in 我上周拜访了谁, 顾晓峰昨天给谁打了电话: the customers, where who did it is said before."""
    for at, item, _ in list(c.each(T.ASK)):
        subject = any(c.has(k, T.MINE) or _is_user(c, k) for k in range(at))
        verb = any(
            entity_of(str(s.value)) == TALK for k in range(at + 1, len(c.items)) for s in c.items[k].all(T.ENTITY)
        )
        if c.has(at, T.ASK, "who") and item.before & {"给", "跟", "和"} and subject and verb:
            c.reading.target = Target("account", "list")
            c.reading.facts.append(TALK)
            c.own(at)
    for at, item, _ in list(c.each(T.OWNS)):
        talk = any(str(s.value).startswith(TALK) for s in item.all(T.OWNS))
        subject = any(c.has(k, T.MINE) or _is_user(c, k) for k in range(at))
        if talk and subject and c.has(at + 1, T.ASK, "who") and not item.tag.text.isascii():
            c.reading.target = Target("account", "list")
            c.own(at + 1)


def _is_user(c: Composer, at: int) -> bool:
    return any(n.entity == "user" for s in c.items[at].all(T.RECORD) for n in s.value)


def reached_at(c: Composer) -> None:
    """As in 采购经理的微信, 联系人的邮箱和电话: what stands in the contact's columns, and no talk that took place."""
    whose = next((at for at in range(len(c.items)) if _is_contact(c, at)), None)
    if whose is None or c.mentions(T.DATE) or c.mentions(T.OWNS) or c.mentions(T.NEG):
        return
    fields = [f for f in c.vocabulary.schema.fields() if f.entity == "contact" and f.ask]
    for at, item in enumerate(c.items[whose + 1 :], whose + 1):
        said = item.tag.text
        counted = c.has(at - 1, T.ASK, "how_many", "count")
        if said.isascii() or item.owned or counted or not any(entity_of(s.value) == TALK for s in item.all(T.ENTITY)):
            continue
        own = [f"contact.{f.name}" for f in fields if any(word.startswith(said) for word in f.words)]
        own += [str(s.value) for s in item.all(T.FIELD) if str(s.value).startswith("contact.")]
        if own:
            item.tag = item.tag.only(*(Sense(T.FIELD, dotted) for dotted in dict.fromkeys(own)))


def _is_contact(c: Composer, at: int) -> bool:
    titled = any(str(s.value[0]) == "contact.title" for s in c.items[at].tag.all(T.VALUE))
    return titled or any(s.value == "contact" for s in c.items[at].tag.all(T.ENTITY))
