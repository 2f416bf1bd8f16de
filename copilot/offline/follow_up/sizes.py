"""Words for a size that is not told, after figures of several: "only the big ones"."""

from copilot.offline.compose.reading import Doubt, Reading
from copilot.offline.follow_up.context import Context, slots

_AMOUNT = "deal.amount"
_BOUNDS = {"en": "deals over {}", "zh": "{}以上的单"}
_STEPS = ("10,000", "50,000", "100,000")


def how_big(context: Context, current: Reading) -> Reading | None:
    """The last question, with how big is big asked back; None where no size is told so, or deals are listed."""
    before = context.previous
    more = current.measures or current.groups or current.target or current.columns or slots(current)
    told = before.groups or before.measures or before.asks == ["count"]
    if current.plain_size is None or more or before.sup or not told or context.last.spec is None:
        return None
    text = _BOUNDS["en" if current.plain_size.isascii() else "zh"]
    out = before.copy()
    out.doubts = [Doubt(current.plain_size, (_AMOUNT,), tuple(text.format(step) for step in _STEPS))]
    return out
