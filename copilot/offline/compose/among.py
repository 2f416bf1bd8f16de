"""The rule for a share whose whole is named behind "among": "the share of lost deals among all deals closed in Q4"."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode, Side, StateTest
from copilot.offline.tags import T

_KINDS = {"won": "won", "lost": "lost", "open": "open", "deals_won": "won", "deals_lost": "lost"}


def among(c: Composer) -> None:
    """The part are the deals of one state, the whole those that the words behind "among" tell; nothing is grouped."""
    for at, item, _ in list(c.each(T.BY)):
        part = c.sense(at - 1, T.METRIC, T.STATE)
        kind = _KINDS.get(str(part.value)) if part else None
        whole = FACT in nouns_at(c, at + 1) and not c.sense(at + 1, T.METRIC)
        if not item.tag.text.lower().startswith("among") or not c.mentions(T.SHARE) or kind is None or not whole:
            continue
        c.reading.part = Side(states=(StateTest((kind,), at=c.items[at - 1].tag.start),))
        c.reading.measures.append(MeasureNode(fn="count", dotted=FACT))
        c.own(at - 1, at, at + 1)
