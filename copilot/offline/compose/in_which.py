"""The rule for 丢在哪个产品上, 输在哪个行业: which one it was lost on, and no reason for losing."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import StateTest, Target
from copilot.offline.tags import T

_ON_WHICH = ("在哪", "在哪里", "在哪些")
_MEASURE_WORDS = frozenset({"个", "家", "款", "类", "种", "些"})
_ON = ("上", "上面", "方面", "身上", "里", "里面", "这块", "那块")
_LOST = frozenset({"丢", "输", "败", "栽", "折"})


def lost_on_which(c: Composer) -> None:
    """What was lost, in which of the things that are named: deals by it, and not by why."""
    for at, item, _ in list(c.each(T.FIELD)):
        noun, noun_at = find_noun(c, at + 1)
        text = item.tag.text
        if noun is None or noun_at != at + 1 or text[0] not in _LOST or not text.endswith(_ON_WHICH):
            continue
        if not c.items[at + 1].before & _MEASURE_WORDS:
            continue
        c.reading.states.append(StateTest(("lost",), at=item.tag.start))
        c.reading.target = Target(noun, "which", is_plural=False)
        c.own(at, at + 1)
    _closing_word(c)


def _closing_word(c: Composer) -> None:
    """As in 在哪个产品上: the last character only says where."""
    last = len(c.items) - 1
    if last > 0 and c.items[last].tag.text in _ON and c.items[last].tag.type is T.UNKNOWN and c.items[last - 1].owned:
        c.own(last)
