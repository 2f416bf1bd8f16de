"""As in 他们部门整体呢: the team of the person who was spoken of, told by one word."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.tags import T

_THEIRS = ("他们", "她们")
_AS_A_WHOLE = frozenset({"整体", "总体", "合计", "加起来"})


def their_team(c: Composer) -> None:
    """A pointer to a team, where no name says whose it is."""
    for at, item, sense in list(c.each(T.TREE)):
        named = at > 0 and c.items[at - 1].tag.get(T.RECORD, T.PRONOUN)
        if sense.value != "team" or not item.tag.text.startswith(_THEIRS) or named:
            continue
        whole = c.item(at + 1) is not None and c.items[at + 1].tag.text in _AS_A_WHOLE
        c.reading.pronouns.append(Pronoun("single", "team", False, item.tag.text))
        c.reading.whole_team |= whole
        c.own(at, *([at + 1] if whole else []))
