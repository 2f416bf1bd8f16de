"""The rule for a row of what was shown, beside a ranking of others: "who sold the most to the second one"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.tags import T

_ENDS = {"first": 1, "1st": 1, "last": -1}


def row_within(c: Composer) -> None:
    """The place says which row is meant, and not how far down the ranking to look."""
    for at, item, _ in list(c.each(T.NUMBER, T.SUP)):
        after = c.item(at + 1)
        if after is None or after.tag.text.lower() != "one" or "the" not in item.before:
            continue
        number = c.sense(at, T.NUMBER)
        place = _ENDS.get(item.tag.text.lower())
        place = place or (int(number.value.value) if number and number.value.is_ordinal else None)
        others = [k for k, _, _ in c.each(T.SUP) if k != at]
        if place is not None and others and not after.after_break and c.reading.row is None:
            c.reading.row = place
            c.own(at, at + 1)
