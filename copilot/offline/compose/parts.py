"""Rules for which words of a share say the part and which the whole, where the language puts them by their place."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.contrasts import take_out
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import Period, Side
from copilot.offline.dates import find_dates
from copilot.offline.dates.steps import around
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize

_OF = "占"
_IN, _INSIDE = "在", frozenset({"里", "中", "里面", "当中", "里头", "之中"})
_WHOLE = frozenset({"全", "整", "整个"})
_WHOSE = ("account", "rep", "user", "product")


def counted_inside(c: Composer) -> None:
    """As in 零售客户今年关掉的单子里头有几成赢了: the noun before 里 is what is counted, not whose they are."""
    target = c.reading.target
    if c.reading.share != "share" or target is None or target.ask != "list" or target.dotted not in _WHOSE:
        return
    for k, item in enumerate(c.items[:-1]):
        after = c.items[k + 1]
        inside = any(word.startswith(("里", "中", "当中", "之中")) for word in (*after.before, after.tag.text))
        if inside and item.tag.end <= c.reading.share_at[0] and item.owned and _is_deal(item):
            c.reading.target = replace(target, dotted="deal")


def _is_deal(item: Item) -> bool:
    return any(sense.value == "deal" for sense in item.tag.all(T.ENTITY))


def parts(c: Composer) -> None:
    """As in 上半年丢的单占全年丢单的几成, GTX Pro在西区的赢单里占几成: the part stands first, the whole behind it."""
    told = [k for k, item in enumerate(c.items) if item.owned and item.tag.get(T.SHARE)]
    first = next((k for k in told if c.items[k].tag.text.startswith(_OF)), None)
    made = next((k for k in range(1, len(c.items) - 2) if _makes_up(c, k)), None)
    if made is not None and c.reading.share == "share" and c.reading.part is None:
        _divide(c, c.items[:made], c.items[made + 2 :])  # "what do A and B make up of all we won"
        return
    if first is None or c.reading.share != "share" or c.reading.part is not None:
        return
    ins = [k for k in range(1, first) if _IN in c.items[k].before]
    if ins and c.items[first].before & _INSIDE:
        _divide(c, c.items[: ins[-1]], c.items[ins[-1] : first])
    elif (inside := _inside(c, first)) is not None:
        _divide(c, c.items[inside:first], c.items[:inside])
    elif any(_narrows(item) for item in c.items[first + 1 :]):
        _divide(c, c.items[:first], c.items[first + 1 :])
    elif (head := _head(c, first)) > 0:
        _divide(c, c.items[:head], c.items[head:first])


def _makes_up(c: Composer, at: int) -> bool:
    """As in A and B | make up | of all that was won."""
    verb, up, rest = c.items[at : at + 3]
    return verb.owned and verb.tag.text.lower().startswith("m") and up.tag.text.lower() == "up" and "of" in rest.before


def _inside(c: Composer, share: int) -> int | None:
    """As in 丢单里|因为价格丢的占比: what stands before 里 is the whole."""
    found = [k for k in range(1, share) if c.items[k].before & _INSIDE and c.items[k - 1].tag.get(T.STATE)]
    return found[-1] if found else None


def _head(c: Composer, share: int) -> int:
    """As in 超过一万的赢单占多少: the deals that stand right before it are the whole, what is said of them the part."""
    at = share - 1
    if at > 0 and any(s.value == "deal" for s in c.items[at].tag.all(T.ENTITY)) and not c.items[at].tag.get(T.STATE):
        at -= 1
    named = c.items[at].tag.text.endswith("单") or at < share - 1
    return at if c.items[at].tag.get(T.STATE) and named and not c.items[at].after_break else 0


def _narrows(item: Item) -> bool:
    """Whether it says of what the whole is; 全公司 and a bare measure do not."""
    return item.tag.type in (T.DATE, T.RECORD, T.VALUE, T.STATE) or (item.tag.type is T.UNIT and bool(item.before))


def _divide(c: Composer, part: list[Item], whole: list[Item]) -> None:
    reading = c.reading
    if not part or not whole:
        return
    _whole_unit(c, part, whole)
    start, end = part[0].tag.start, part[-1].tag.end
    dated = any(p for p in reading.periods if whole[0].tag.start <= p.span.start < whole[-1].tag.end)
    staged = any(item.tag.get(T.STATE) for item in whole)
    side = Side(
        tuple(t for t in reading.fields if start <= t.at < end),
        tuple(t for t in reading.records if start <= t.at < end),
        () if staged else tuple(t for t in reading.states if start <= t.at < end),
        tuple(p for p in reading.periods if start <= p.span.start < end) if dated else (),
    )
    if side.kinds:
        take_out(reading, side)
        reading.part = side


def _whole_unit(c: Composer, part: list[Item], whole: list[Item]) -> None:
    """As in Q4占全年: the year that the part is in; of a part without a time, the one that today is in."""
    dates = [item.tag.get(T.DATE).value for item in part if item.tag.get(T.DATE)]  # type: ignore[union-attr]
    for at, item in enumerate(c.items):
        unit = item.get(T.UNIT) if item in whole and item.before & _WHOLE else None
        if unit is not None:
            around_it = around(dates[0], unit.value) if len(dates) == 1 else None
            span = around_it or find_dates(tokenize(f"this {unit.value}"), c.today)[0]
            c.reading.periods.append(Period(replace(span, start=item.tag.start, end=item.tag.end)))
            c.own(at)
