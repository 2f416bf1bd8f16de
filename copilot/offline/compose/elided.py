"""What goes without its noun beside an answer: "which close next month", 分别是谁在跟, "only the big ones"."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import GroupNode, MeasureNode, Reading, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_WHICH = ("which", "which ones", "哪些", "哪几个", "哪几单", "哪几笔")
_RESPECTIVELY, _ALL_WHOSE = "分别", ("都是谁", "都归谁", "都由谁")
_BIG = frozenset({"big", "large", "huge", "small", "little", "tiny", "大的", "小的", "大单", "小单"})
_BOOKED, _MAKES = (
    MeasureNode(metric="bookings"),
    frozenset({"make", "made", "makes", "making", "do", "did", "打", "做"}),
)
_IN = frozenset({"in", "at", "on"})


def which_of_them(c: Composer) -> None:
    """As in "which close next month": of the deals that were shown, where there are any."""
    r = c.reading
    asked = [item.tag for item in c.items if item.tag.get(T.ASK)]
    elided = r.target is not None and (r.target.dotted, r.target.ask) == (FACT, "which") and not r.facts
    named = c.mentions(T.ENTITY) or c.mentions(T.MINE) or r.records or r.sup or r.measures or r.pronouns
    if elided and not named and asked and asked[0] is c.items[0].tag and asked[0].text.lower() in _WHICH:
        r.pronouns.append(Pronoun("set", None, True, "ones"))


def respectively(c: Composer) -> None:
    """As in 分别是谁在跟, 他们分别是哪个行业的: told of each that was shown."""
    r = c.reading
    for at, item in enumerate(c.items):
        if (
            item.tag.text.startswith((_RESPECTIVELY, *_ALL_WHOSE))
            and not (r.groups or r.measures or r.sup)
            and _asks_field(r)
        ):
            held = {other.tag.start for other in c.items if other.tag.get(T.OWNS)}
            r.each, r.states = True, [state for state in r.states if state.at not in held]  # 分别是谁在跟
            c.own(at)


def _asks_field(r: Reading) -> bool:
    """Whether a field is asked for, or who has them; 分别是哪些客户 lists the customers."""
    return bool(r.columns) if r.target is None else "." in r.target.dotted or r.target.ask == "who"


def by_whom(c: Composer) -> None:
    """As in 分别是谁的, with nothing else said: what was counted, told apart by whose it is."""
    whose = len(c.items) == 2 and c.has(0, T.BY) and c.items[0].tag.text == "分别" and c.has(1, T.ASK, "who")
    if whose and c.items[1].tag.text.endswith("的"):
        c.reading.groups.append(GroupNode("rep"))
        c.own(0, 1)


def plain_size(c: Composer) -> None:
    """As in "only the big ones": how big is not told."""
    for item in c.items:
        words = [word for word in key(item.tag.text) if word not in ("the", "ones", "one", "deals")]
        text = item.tag.text if not item.tag.text.isascii() else " ".join(words)
        if c.reading.sup is not None and item.tag.get(T.SUP) and text in _BIG and len(c.items) <= _SHORT:
            c.reading.plain_size = item.tag.text


_SHORT = 2


def talks_made(c: Composer) -> None:
    """As in "how many calls did she make": calls are made, and nothing is sold."""
    r = c.reading
    talks = r.target is not None and r.target.dotted in ("interaction", "task") and "count" in r.asks
    made = [item for item in c.items if item.tag.get(T.VERB_METRIC) and item.tag.text.lower() in _MAKES]
    if talks and made and r.measures == [_BOOKED]:
        r.measures = []


def in_money(c: Composer) -> None:
    """As in "what was that in dollars": the amount of what was told."""
    r = c.reading
    asked = len(c.items) == 2 and c.items[0].tag.get(T.ASK) and c.items[1].tag.type is T.MONEY_WORD
    if (
        asked
        and c.items[1].tag.text.lower().startswith("in ")
        and set(r.asks) <= {"what", "how_much"}
        and not r.columns
    ):
        r.columns = [f"{FACT}.amount"]


def inside_stage(c: Composer) -> None:
    """As in "what's in Negotiation right now": the deals at that stage, and nothing about the stage itself."""
    r = c.reading
    staged = len(r.records) == 1 and r.records[0].entity == "stage" and not r.records[0].negated
    more = r.target or r.columns or r.measures or r.groups or r.sup or r.fields or r.share
    inside = any(item.preps & _IN for item in c.items if item.tag.get(T.RECORD))
    if staged and inside and not more and set(r.asks) == {"what"}:
        r.target, r.asks = Target(FACT, "list"), ["list"]


def whole_company(c: Composer) -> None:
    """As in 全公司呢: all of us, and no customer."""
    for at, item in enumerate(c.items):
        if item.tag.text == "公司" and "全" in item.before:
            c.reading.ours = True
            c.own(at)
