"""A message cut into what is to be made and what is to be changed, each a part with its own words."""

import itertools
from dataclasses import dataclass

from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing import pieces_of
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.errand import is_frame
from copilot.offline.writing.making.kinds import MADE, is_to_come, made_entity, opens_a_deal, what_is_made
from copilot.offline.writing.making.notes import is_block
from copilot.offline.writing.making.parties import names_of
from copilot.offline.writing.making.scan import Scan, scan
from copilot.offline.writing.making.talks import KINDS, is_order

_OBJECT = ("把", "将")
_TOLD = frozenset({"close", "deal.closes_on", "deal.amount", "deal.stage"})
_VALUED = (T.RECORD, T.NUMBER, T.STATE, T.FIELD, T.VALUE, T.ENTITY)


@dataclass(frozen=True)
class Part:
    """One thing to be done.

    Attributes:
        text: its words.
        is_new: a record is to be made (a deal, a contact, a task, what was said); else records that exist change.
    """

    text: str
    is_new: bool


def parts_of(text: str, saying: Saying) -> list[Part]:
    """The things to be done, in order; changes that stand together are one part."""
    if is_block(text, saying):
        return [Part(text, is_new=True)]
    whole = scan(text, saying)
    orders: dict[int, str] = {}
    for at in _joints(whole):
        kind = _order(whole, at, saying)
        if kind == "change" and whole.is_colon(at - 1) and not whole.said("change", end=at):
            continue  # "new task: update the forecast"
        if kind is not None or ("change" in orders.values() and _points_back(whole, at)):
            orders[at] = kind or "back"
    if "new" not in orders.values() and what_is_made(whole, saying) is None:
        return [Part(text, is_new=False)]
    cuts = [0, *orders, len(whole.tokens)]
    out: list[Part] = []
    for start, end in itertools.pairwise(cuts):
        words = (
            f"{_verb(whole, orders.get(start))}{whole.cut(start, _without_joint(whole, start, end)).strip(' ,;，；')}"
        )
        seen = scan(words, saying)
        if not seen.tokens or (orders.get(start) == "back" and any(part.is_new for part in out)):
            continue
        is_new = orders.get(start) != "change" and what_is_made(seen, saying) is not None
        if not is_new and out and out[-1].is_new and _is_of_it(seen, scan(out[-1].text, saying), saying):
            out[-1] = Part(f"{out[-1].text}, {words}", is_new=True)
            continue
        if out and not is_new and not out[-1].is_new:
            out[-1] = Part(f"{out[-1].text}, {words}", is_new=False)
        else:
            out.append(Part(words, is_new))
    return out


def _without_joint(text: Scan, start: int, end: int) -> int:
    """Where a part ends without the "and" of the next one: "… on price. And | set Anna a task"."""
    while start + 1 < end < len(text.tokens):
        joint = text.upto(end, "joint")
        if joint is None and text.tag(end - 1).get(T.AND) is None:
            break
        end = joint.start if joint is not None and joint.start > start else end - 1
    return end


def is_told(text: str, saying: Saying) -> bool:
    """Whether a message tells what was done or orders something to be made, and asks nothing."""
    seen = scan(text, saying)
    first = next(
        iter(
            seen.said(
                "remind", "log", "create", "begin", "past", "task", "ask", "give", "intend", "act", *KINDS, "note"
            )
        ),
        None,
    )
    if first is None or (text.rstrip().endswith(("?", "？", "吗")) and not seen.at(0, "request")):
        return False
    if any(tag.start < first.start or tag.start == first.end for tag in seen.tags if _asks(tag)):
        return False
    return any(part.is_new for part in parts_of(text, saying))


def _asks(tag: Tag) -> bool:
    """Whether it is a question word, or "list" and "show me"."""
    return tag.type is T.ASK and tag.senses[0].value != "request"


def _is_of_it(text: Scan, made: Scan, saying: Saying) -> bool:
    """Whether a part says more of the record that is just being made: "assign it to Boris Faz"."""
    order = next(iter(text.said("change")), None)
    if order is not None and not all(text.within(i, "polite") for i in range(order.start)):
        return False
    points = order is not None and order.end < len(text.tokens) and text.at(order.end, "it", "her") is not None
    return points and what_is_made(made, saying) not in (None, "task", "talk")


def _points_back(text: Scan, at: int) -> bool:
    """Whether "log the meeting" begins here, of what was told before."""
    stop = next((i for i in range(at, len(text.tokens)) if text.is_stop(i)), len(text.tokens))
    return text.at(at, "log") is not None and is_order(text, at, stop)


def _joints(text: Scan) -> list[int]:
    """Where a part may begin: after a stop or an "and"."""
    ends = (_end_of_joint(text, i) for i in range(len(text.tokens) - 1) if _joins(text, i))
    return [at for at in dict.fromkeys(ends) if at < len(text.tokens) and not _joins(text, at)]


def _end_of_joint(text: Scan, at: int) -> int:
    """Where what joins ends: 另外 is one word."""
    joint = text.at(at, "joint") if not text.is_stop(at) else None
    return joint.end if joint is not None else at + 1


def _joins(text: Scan, at: int) -> bool:
    if text.tag(at).type is T.RECORD:
        return False  # the "Plus" of "GTX Plus Basic"
    return text.is_stop(at) or text.tag(at).get(T.AND) is not None or text.at(at, "joint") is not None


def _order(text: Scan, at: int, saying: Saying) -> str | None:
    """What begins here: "new", "more" or "change"; None where no order does, or one that points back ("log it")."""
    skipped = ("polite", "intend") if text.is_chinese else ("polite",)
    while (mark := text.at(at, *skipped)) is not None:
        at = mark.end
    stop = next((i for i in range(at, len(text.tokens)) if text.is_stop(i)), len(text.tokens))
    if at >= stop or text.at(at, "listed"):
        return None
    if _is_one_more(text, at, stop):
        return "more"
    if _reminds(text, at, stop) or _makes(text, at, stop, saying) or _logs(text, at, stop):
        return "new"
    if _states_a_change(text, at, saying):
        return "change"
    change = text.at(at, "change")
    if change is not None and text.cut(change.start, change.end) in _OBJECT and not _is_done_to(text, change.end, stop):
        return None  # 把条款发过去了: what somebody did
    if change is None and not text.is_colon(at - 1) and is_to_come(scan(text.cut(at, stop), saying), saying):
        return "new"
    if (
        change is not None
        and not text.at(at, "log")
        and any(text.tag(i).get(*_VALUED) for i in range(change.end, stop))
    ):
        return "change"
    return None


def _is_done_to(text: Scan, start: int, stop: int) -> bool:
    """Whether a verb of change follows: 把金额|改成."""
    return bool(text.said("change", "ask", "give", start=start, end=stop))


def _states_a_change(text: Scan, at: int, saying: Saying) -> bool:
    """As in "…, core deal goes to Negotiation", "…, close date end of January": what becomes of a deal, by its noun."""
    stop = next((i for i in range(at, len(text.tokens)) if _joins(text, i)), len(text.tokens))
    if text.is_colon(at - 1) or text.said("denied", start=at, end=stop):
        return False
    if made_entity(scan(text.cut(0, at), saying)) is not None:
        return False  # "a new deal for Kinnamplus: GTX Basic, stage Prospecting"
    pieces = pieces_of(saying.cover(text.cut(at, stop))[1], saying)
    if len(pieces) != 1 or not pieces[0].settings or pieces[0].is_told:
        return False
    piece, fields = pieces[0], {setting.field for setting in pieces[0].settings}
    if not piece.content and piece.sure and any(isinstance(s.value, tuple) for s in piece.settings):
        return fields == {"deal.stage"}  # "…, moving to Proposal"
    if not piece.content:
        told = any(text.tag(i).get(T.FIELD) is not None for i in range(at, min(at + 2, stop)))
        return told and fields <= _TOLD
    nouns = [s.value for tag in piece.content for s in tag.all(T.ENTITY)]
    deals = "deal" in nouns or any(names_of(tag, "deal", "product") for tag in piece.content)
    known = all(tag.type not in (T.UNKNOWN, T.NOT_HELD, T.PRONOUN) for tag in piece.content)
    return deals and known and piece.sure


def _is_one_more(text: Scan, at: int, stop: int) -> bool:
    """As in "new account Larkfield and | a GTX Basic deal for it"."""
    if not text.at(at, "article") or not text.said("create", end=at):
        return False
    noun = next((tag for tag, sense in text.of(T.ENTITY, start=at, end=stop) if sense.value in MADE), None)
    return noun is not None and all(text.tag(i).get(T.RECORD, T.VALUE) for i in range(at + 1, noun.start))


def _verb(text: Scan, kind: str | None) -> str:
    """The order that one more record shares with the one before it."""
    first = next(iter(text.said("create")), None) if kind == "more" else None
    return f"{text.cut(first.start, first.end)} " if first is not None else ""


def _reminds(text: Scan, at: int, stop: int) -> bool:
    remind = text.at(at, "remind")
    if remind is not None and is_frame(text, remind) and remind.end < stop:
        return True
    dated = (
        text.is_chinese
        and text.tag(at).type is T.DATE
        and any(is_frame(text, m) for m in text.said("remind", start=at, end=stop))
    )
    bare = text.at(at, "task")
    if bare is not None and (text.at(bare.end, "seat") or text.at(bare.end, "will") or text.is_colon(bare.end)):
        return True
    give = text.at(at, "create", "begin", "give")
    noun = next(iter(text.said("task", start=give.end, end=stop)), None) if give is not None else None
    return dated or (noun is not None and (_says_more(text, at, stop) or text.is_colon(stop)))


def _says_more(text: Scan, start: int, stop: int) -> bool:
    """Whether there are words besides the order and the kind of record."""
    frame = ("create", "begin", "give", "task", "polite", "with", "it", "her", "people", "log")
    return any(
        not text.within(i, *frame)
        and not text.tag(i).get(T.ENTITY)
        and text.tag(i).type not in (T.FILLER, T.PREP, T.AND)
        for i in range(start, stop)
    )


def _logs(text: Scan, at: int, stop: int) -> bool:
    """Whether it logs something of its own: "log a call …"; "log it" and "log the call" only point at what was told."""
    order = text.at(at, "log")
    if order is None or order.end >= stop:
        return False
    kinds = text.said(*KINDS, "note", start=order.start, end=stop)
    own = (
        bool(text.at(order.end, "article"))
        or text.tag(order.end).type is T.DATE
        or bool(text.said("her", start=at, end=stop))
    )
    return bool(kinds) and (own or any(True for _ in text.of(T.RECORD, start=order.end, end=stop)))


def _makes(text: Scan, at: int, stop: int, saying: Saying) -> bool:
    """Whether what is created is told in this part, and not only pointed at."""
    order = text.at(at, "create", "begin")
    if order is None or text.said("her", "it", start=order.end, end=min(order.end + 1, stop)):
        return False
    if opens_a_deal(text, at):
        return True
    nouns = [s.value for _, s in text.of(T.ENTITY, start=at, end=stop)]
    own = scan(text.cut(at, stop), saying)
    return bool(nouns) and _says_more(text, at, stop) and made_entity(own) is not None
