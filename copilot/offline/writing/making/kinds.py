"""What a part of a message makes: a task, a log of what was said, or a record of the registry."""

from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.chinese_nouns import chinese_noun
from copilot.offline.writing.making.days import due_day
from copilot.offline.writing.making.errand import is_frame
from copilot.offline.writing.making.form import EMAIL, PHONE
from copilot.offline.writing.making.parties import names_of
from copilot.offline.writing.making.scan import Mark, Scan
from copilot.offline.writing.making.talks import KINDS

MADE = ("deal", "contact", "account", "lead", "product")
_OF = ("for", "of")
_ITS = ("'s", "’s", "的", "her", "his", "their")
_REACH = 8  # words between an order and the noun "task"


def what_is_made(text: Scan, saying: Saying) -> str | None:
    """What a text makes: "task", "talk" or the name of an entity; None where nothing new is wished for."""
    if _begins_with_change(text):
        return None
    if any(is_frame(text, mark) for mark in text.said("remind")) or _task_noun(text) or _asked(text):
        return "task"
    entity = made_entity(text)
    if entity is not None and not _is_log_of_a_talk(text):
        return entity
    if _is_logged(text) or _note_made(text):
        return "talk"
    if _creates_person(text):
        return "contact"
    if opens_a_deal(text, 0):
        return "deal"
    if not _met(text):
        if is_to_come(text, saying):
            return "task"
        if _creates_deal(text):
            return "deal"
    return "talk" if _met(text) or _told_of(text) else None


def _is_logged(text: Scan) -> bool:
    """Whether it is ordered to be logged; "record Anna Bell, CFO" is somebody new."""
    if any(_says_it_ended(text, mark) for mark in text.said("log")):
        return False
    return bool(text.said("log")) and (not _creates_person(text) or bool(text.said(*KINDS, "note")))


def _is_log_of_a_talk(text: Scan) -> bool:
    """As in "log a call with Vantry, they want a new offer": what is new was only spoken of."""
    start, end = next(iter(text.segments()), (0, 0))
    while start < end and (courtesy := text.at(start, "polite")) is not None:
        start = courtesy.end
    order = text.at(start, "log")
    made = [mark for mark in text.said("create") if "fresh" not in mark.concepts]
    return order is not None and not made and bool(text.said(*KINDS, start=order.start, end=end))


def _says_it_ended(text: Scan, order: Mark) -> bool:
    """As in "log it as won": a deal's end."""
    it = text.at(order.end, "it")
    at = it.end if it is not None else order.end
    as_ = text.at(at, "as")
    ended = any(sense.value in ("won", "lost") for _, sense in text.of(T.STATE, end=order.start))
    if it is not None and ended and not text.said(*KINDS, "note", "past"):
        return True  # "Granite Fork slotting won. Log it"
    return as_ is not None and as_.end < len(text.tokens) and text.tag(as_.end).get(T.STATE) is not None


def _begins_with_change(text: Scan) -> bool:
    """As in "update the note on Vantry": a record that exists is meant."""
    at = 0
    while (courtesy := text.at(at, "polite")) is not None:
        at = courtesy.end
    makes = text.at(at, "create", "begin", "log", "give") is not None
    return text.at(at, "change") is not None and not makes and not text.is_chinese


def _task_noun(text: Scan) -> bool:
    """Whether there is a "task" that is created, given or set, or that begins the message."""
    for mark in text.said("task"):
        if text.upto(mark.start, "the", "mine") and not text.said("create", "give", "log", end=mark.start):
            continue  # "set the task to done"
        if text.upto(mark.start, "begin") and text.tokens[mark.end - 1].text.endswith("s") and not text.is_chinese:
            continue  # "open tasks" are those that are open
        orders = ("create", "begin", "give", "log", "ask")
        if any(text.upto(mark.start - back, *orders) for back in range(_REACH) if mark.start >= back):
            return True
        if text.is_chinese and (text.said("create", end=mark.start) or text.said("give", "ask", end=mark.start)):
            return True
        if all(text.tag(i).type in (T.FILLER, T.AND) or text.at(i, "polite", "create") for i in range(mark.start)):
            return not names_of(text.tag(mark.start), "account")
        if mark.start == 0 and (text.at(mark.end, "seat") or text.is_colon(mark.end)):
            return True
    return False


def made_entity(text: Scan) -> str | None:
    """The kind of record that "add", "create", 新建 or "log" governs."""
    for tag, _ in text.of(T.ENTITY):
        entity = next((s.value for s in tag.all(T.ENTITY) if s.value in MADE), None)
        follows = tag.end < len(text.tokens) and text.tag(tag.end).get(T.ENTITY) and tag.get(T.VALUE)
        if entity is not None and not follows and (_is_governed(text, tag) or _is_ordered_after(text, tag)):
            return str(entity)
    return chinese_noun(text, MADE) if text.is_chinese else None


def _is_governed(text: Scan, noun: Tag) -> bool:
    """Whether an order to make something reaches a noun: "add a new …", "open a …", "… as a contact"."""
    at = noun.start
    while at > 0 and _stands_before_a_noun(text, at - 1):
        at -= 1
    if text.upto(at, "create", "log"):
        return True
    orders = text.said("create", start=at, end=noun.start)
    if orders:
        bare = all("fresh" in mark.concepts for mark in orders)
        return not (bare and (_are_many(text, at, noun) or _others_want(text, at)))
    is_one = any(text.at(i, "article", "polite") for i in range(at, noun.start))
    if is_one and text.upto(at, "begin"):
        return True
    return bool(text.upto(at, "as")) and bool(text.said("create", "begin", end=at))


def _others_want(text: Scan, at: int) -> bool:
    """As in "they want | a new offer": somebody else does."""
    start = next((a for a, b in text.segments() if a <= at < b), 0)
    wishes = text.said("wished", start=start, end=at)
    return bool(wishes) and any(text.within(i, "her", "people") or text.tag(i).type is T.RECORD
                                for i in range(start, wishes[0].start))  # fmt: skip


def _are_many(text: Scan, at: int, noun: Tag) -> bool:
    """As in "new opps per month": several that are spoken of, where none is ordered."""
    counted = any(text.tag(i).type is T.NUMBER for i in range(at, noun.start))
    return noun.text.isascii() and noun.text.endswith("s") and not counted


def _stands_before_a_noun(text: Scan, at: int) -> bool:
    """Articles, numbers and what a new one is of: "two", "a GTX Basic", "an Enterprise", 一个智能客服的."""
    tag = text.tag(at)
    if text.at(at, "article", "create") or tag.type in (T.NUMBER, T.RECORD, T.FIELD) or tag.get(T.VALUE):
        return True
    return text.is_chinese and text.at(at, "polite", "inner") is not None


def _is_ordered_after(text: Scan, noun: Tag) -> bool:
    """As in 华信…商机，新建一个: the order comes last."""
    ordered = text.is_chinese and bool(text.said("create", start=noun.end))
    return ordered and not text.said("change", "log", *KINDS, "note", "task")


def _note_made(text: Scan) -> bool:
    """As in "Add a note", 加个备注."""
    for mark in text.said("note", *KINDS):
        near = any(text.upto(mark.start - back, "create", "begin", "give") for back in range(3) if mark.start >= back)
        if near or (text.is_chinese and text.said("create", end=mark.start)):
            return True
    return False


def _met(text: Scan) -> bool:
    """As in "Had lunch with Treequote": a party in the same part of the sentence."""
    parties = any(names_of(tag, "account", "contact", "lead") for tag, _ in text.of(T.RECORD))
    if parties and text.said("unanswered", "left_word"):
        return True
    for start, end in text.segments():
        past = [mark for mark in text.said("past", start=start, end=end) if not text.upto(mark.start, "begun")]
        if any(not _is_wished(text, start, mark) for mark in past) and any(
            names_of(tag, "account", "contact", "lead") for tag, _ in text.of(T.RECORD, start=start, end=end)
        ):
            return True
    return False


def _creates_person(text: Scan) -> bool:
    """As in "Add her", or adding somebody told with an email address or a job."""
    orders = text.said("create")
    if not orders:
        return False
    points = any(text.at(m.end, "her") for m in orders if m.end < len(text.tokens))
    if orders[0].start and text.said("change", end=orders[0].start):
        return False
    told = EMAIL.search(text.text) or PHONE.search(text.text)
    return points or bool(told) or any(_is_job(text, mark) for mark in text.said("job"))


def _is_job(text: Scan, mark: Mark) -> bool:
    tag = text.tag(mark.start)
    return tag.type is not T.RECORD and not tag.get(T.FIELD, T.OWNS)


def _creates_deal(text: Scan) -> bool:
    kinds = {n.entity for tag, _ in text.of(T.RECORD) for n in names_of(tag, "product", "account")}
    orders = [m for m in text.said("create") if m.end < len(text.tokens) and not text.tag(m.end).get(T.NUMBER)]
    return bool(orders) and kinds == {"product", "account"}


def opens_a_deal(text: Scan, at: int) -> bool:
    """As in "open a GTX Pro there": a product, of which a new sale begins, whoever buys it."""
    while (courtesy := text.at(at, "polite")) is not None:
        at = courtesy.end
    order = text.at(at, "begin", "create")
    article = text.at(order.end, "article") if order is not None else None
    if article is None or article.end >= len(text.tokens):
        return False
    return bool(names_of(text.tag(article.end), "product")) and text.tag(article.end).get(T.FIELD) is None


def _asked(text: Scan) -> bool:
    """As in "Ask Vicki to review …", 让李思远…."""
    for mark in text.said("ask"):
        who = text.tag(mark.end) if mark.end < len(text.tokens) else None
        if who is not None and names_of(who, "user"):
            return bool(text.at(who.end, "will") or text.is_chinese or text.at(mark.start, "have_done"))
    return False


def is_to_come(text: Scan, saying: Saying) -> bool:
    """An order or a promise with a day to come: "Follow up with Velden in ten days", "I send them the quote Friday"."""
    first = next((i for i in range(len(text.tokens)) if not text.within(i, "polite", "intend", "i_will", "doer")), 0)
    doer = text.at(0, "doer")
    promised = text.at(doer.end if doer is not None else 0, "promise")
    acts = promised or text.at(first, "act") or (doer is not None and _does_by(text, doer.end)) or _wishes_for(text)
    denied = any(not text.within(mark.start, "wished") for mark in text.said("denied"))
    if not text.tokens or not acts or denied or text.tag(first).get(T.SHARE) is not None:
        return False  # "share of Q4 revenue from the West" asks
    days = (due_day(sense.value, tag.text, saying.today) for tag, sense in text.of(T.DATE))
    return any(day is not None and day > saying.today for day in days)


def _wishes_for(text: Scan) -> bool:
    """As in "Sigrid Bakken wants to be called …", …想要一次演示: what a customer asks for."""
    wishes = text.said("wished")
    party = next((tag for tag, _ in text.of(T.RECORD) if names_of(tag, "account", "contact", "lead")), None)
    if not wishes or party is None or party.start > wishes[0].start:
        return False
    return bool(text.said(*KINDS, "past", "act", start=wishes[0].end))


def _does_by(text: Scan, at: int) -> bool:
    """As in 我 | 周五前把报价发给他们: the day comes right behind who does it, and nothing is to be changed."""
    dated = text.is_chinese and at < len(text.tokens) and (text.tag(at).type is T.DATE or bool(text.at(at, "will")))
    return dated and any("change" not in mark.concepts for mark in text.said("act", start=at))


def _told_of(text: Scan) -> bool:
    """A head such as "Phone call with Paylantern, 5 Jan"; "write an email to …" and "call Ferncliff" log nothing."""
    start, end = next(iter(text.segments()), (0, 0))
    kinds = text.said(*KINDS, "note", start=start, end=end)
    if kinds and _is_wished(text, start, kinds[0]):
        return False
    if all(_is_plural(text, mark) for mark in kinds) or _orders_an_act(text, start) or _asks_address(text, start):
        return False
    return any(names_of(tag, "account", "contact") for tag, _ in text.of(T.RECORD, start=start, end=end))


def _is_wished(text: Scan, start: int, act: Mark) -> bool:
    """As in "Sigrid wants | a demo", "to be | called", "don't | call Tom before Monday": it has not taken place."""
    return bool(text.said("wished", "refuses", start=start, end=act.start))


def _asks_address(text: Scan, start: int) -> bool:
    """As in "email for Anna Bell", "the email of the CFO at Vantry": the address is wanted."""
    last = next((m for m in text.said("mailbox") if text.tokens[m.start - 1].text.lower() in _ITS and m.start), None)
    if last is not None and all(
        text.tag(i).type is T.PUNCT or text.at(i, "polite") for i in range(last.end, len(text.tokens))
    ):
        return True  # "need Anna Bell's email"
    article = text.at(start, "the", "article", "polite")
    mailbox = text.at(article.end if article else start, "mailbox")
    return mailbox is not None and mailbox.end < len(text.tokens) and text.tokens[mailbox.end].text.lower() in _OF


def _is_plural(text: Scan, mark: Mark) -> bool:
    """As in "we had 12 meetings with Vantry", which logs none of them."""
    return "note" not in mark.concepts and text.tokens[mark.end - 1].text.endswith("s")


def _orders_an_act(text: Scan, start: int) -> bool:
    """Whether a text begins by ordering what the CRM does not do."""
    while (courtesy := text.at(start, "polite")) is not None:
        start = courtesy.end
    act, kind = text.at(start, "act", "change"), text.at(start, *KINDS)
    if act is not None and kind is not None and kind.end > act.end:
        return False  # "phone call with Vantry"
    return act is not None and not (text.at(start, *KINDS) and text.at(act.end, "with"))
