"""Words that say again which days are meant: 12月24号到26号|圣诞|那三天."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.items import Item
from copilot.offline.dates import DateSpan, is_feast
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize

_DAYS = ("day", "range")
_POINTING = frozenset("这那")
_SOME_DAYS = ("几天", "几日", "些天", "几个月", "几周", "段时间")
_EACH = {"day": 1, "week": 7}


def said_again(c: Composer) -> None:
    """A feast beside the days that were counted out, and 那三天 behind them, narrow nothing further."""
    for at, item, _ in list(c.each(T.DATE)):
        _feast_beside(c, at, item)
    for at, item, sense in list(c.each(T.DATE)):
        if not item.owned and not item.tag.text.isascii():
            _counted_days(c, at, sense.value)
            _these_days(c, at, sense.value)


def _feast_beside(c: Composer, at: int, item: Item) -> None:
    """As in 国庆|10月1号到7号: the days that are counted out tell, whatever the feast is thought to last."""
    for k in (at - 1, at + 1):
        other = c.sense(k, T.DATE)
        if other is None or c.items[max(at, k)].after_break or other.value.unit not in _DAYS:
            continue
        words = [token.text for token in tokenize(item.tag.text)]
        if is_feast(words) and _overlap(c, at, other.value) and not item.owned:
            c.own(at)


def _overlap(c: Composer, at: int, other: DateSpan) -> bool:
    sense = c.sense(at, T.DATE)
    if sense is None or None in (sense.value.since, sense.value.until, other.since, other.until):
        return False
    return bool(sense.value.since <= other.until and other.since <= sense.value.until)


def _these_days(c: Composer, at: int, span: DateSpan) -> None:
    """As in 11号到15号|这五天, which by itself would be the latest five days."""
    after = c.sense(at + 1, T.DATE)
    if after is None or c.items[at + 1].after_break or not c.items[at + 1].tag.text.startswith(("这", "那")):
        return
    days = [(s.until - s.since).days for s in (span, after.value) if s.since and s.until]
    if len(days) == 2 and days[0] + 1 == days[1]:
        c.own(at + 1)


def _counted_days(c: Composer, at: int, span: DateSpan) -> None:
    """As in 11号到13号|那|三天. Where their number is another one, it is not known which days are meant."""
    k = at + 1
    while (item := c.item(k)) is not None and (item.owned or item.tag.text in _POINTING) and not item.after_break:
        k += 1
    item = c.item(k)
    pointed = (
        item is not None and not item.after_break and any(c.items[j].tag.text in _POINTING for j in range(at + 1, k))
    )
    if item is None or not pointed:
        return
    number = c.sense(k, T.NUMBER)
    told = (span.until - span.since).days + 1 if span.since and span.until else None
    if number is not None and number.value.unit in _EACH:
        c.reading.unclear |= told != number.value.value * _EACH[number.value.unit]
    elif not item.tag.text.startswith(_SOME_DAYS):
        return
    c.own(*range(at + 1, k + 1))
