"""Bounds: a number with its operator, before or after it, and the ranges that two numbers make."""

from dataclasses import dataclass

from copilot.offline.compose.composer import Composer
from copilot.offline.numbers import Number, scale_said
from copilot.offline.tags import T

_RANGES = frozenset({"to", "-", "–", "—", "~", "～", "till", "until", "through", "thru", "到", "至"})
_COUNT_METRICS = ("deals_won", "deals_lost")


@dataclass(frozen=True)
class Bound:
    """A test against one number, or a range between two; `used` are the items that say it."""

    op: str  # gt ge lt le eq between
    value: float
    upper: float | None
    number: Number
    used: tuple[int, ...]

    @property
    def left(self) -> int:
        """The item before it."""
        return min(self.used) - 1

    @property
    def right(self) -> int:
        """The item after it."""
        return max(self.used) + 1


def read_bound(c: Composer, at: int) -> Bound | None:
    """The bound whose first number stands at `at`, or None where nothing says how it bounds."""
    number: Number = c.items[at].get(T.NUMBER).value  # type: ignore[union-attr]
    found = _range(c, at, number) or _operated(c, at, number)
    if found is None or found.op != "approx":
        return found
    value = found.value
    return Bound("between", value * 0.9, value * 1.1, number, found.used)


def _range(c: Composer, at: int, number: Number) -> Bound | None:
    """As in "between 5 and 10k", "5-10k", "from 1k to 2k", 30万到50万之间."""
    framed = c.has(at - 1, T.OP, "between")
    joined = c.has(at + 1, T.AND) or c.has(at + 1, T.OR)
    second = at + 2 if framed and joined else at + 1
    other = c.sense(second, T.NUMBER)
    if other is None or other.value.is_ordinal:
        return None
    spanned = bool(c.items[second].before & _RANGES) or c.items[second].tag.text.startswith(("~", "～"))
    closes = c.has(second + 1, T.OP, "between") or c.has(second + 1, T.POST_OP, "between")
    if not (spanned or (framed and joined) or (closes and second == at + 1)):
        return None
    low, high = float(number.value), float(other.value.value)
    scale = scale_said(c.items[second].tag.text)
    if scale > 1 and scale_said(c.items[at].tag.text) == 1 and low < high / scale:
        low *= scale  # "5-10k"
    if not low < high or (number.unit or other.value.unit) != other.value.unit:
        return None
    used = [at, second, *([at - 1] if framed else []), *([at + 1] if second == at + 2 else [])]
    used += [second + 1] if closes else []
    return Bound("between", low, high, other.value, tuple(used))


def _operated(c: Composer, at: int, number: Number) -> Bound | None:
    """As in "over 5k", "5k or more", 5万以上, "10 deals or more", "around 5k", "100+"."""
    before, after, late = c.sense(at - 1, T.OP), c.sense(at + 1, T.POST_OP), c.sense(at + 2, T.POST_OP)
    if after and after.value != "between":
        return _bound(str(after.value), number, at, at + 1)
    if before and before.value != "between":
        return _bound(str(before.value), number, at, at - 1)
    if before and number.unit:
        return _bound("le", number, at, at - 1)  # "within 30 days"
    if number.or_more:
        return _bound("ge", number, at)
    if c.sense(at - 1, T.STATE, T.VERB_METRIC) and (early := c.sense(at - 2, T.OP)) and early.value != "between":
        return _bound(str(early.value), number, at, at - 2)  # 至少丢了100单
    if late and late.value != "between":
        return _bound(str(late.value), number, at, at + 2)
    if number.is_approx and is_amount(c, at) and not number.unit:
        return _bound("approx", number, at)
    if number.is_money and _verb_just_before(c, at):
        return _bound("ge", number, at)  # "cleared $400K"
    return None


def _bound(op: str, number: Number, *used: int) -> Bound:
    return Bound(op, float(number.value), None, number, used)


def _verb_just_before(c: Composer, at: int) -> bool:
    return c.has(at - 1, T.VERB_METRIC) and (c.mentions(T.ASK, "which") or c.mentions(T.ASK, "who"))


def is_amount(c: Composer, at: int) -> bool:
    """Whether the number at `at` is said as money is: with a currency, in thousands or in millions."""
    number: Number = c.items[at].tag.get(T.NUMBER).value  # type: ignore[union-attr]
    return number.is_money or scale_said(c.items[at].tag.text) > 1


def counts_deals(c: Composer, at: int) -> bool:
    """Whether the item at `at` is a number of deals: "wins", "deals lost"."""
    sense = c.sense(at, T.METRIC)
    return sense is not None and sense.value in _COUNT_METRICS
