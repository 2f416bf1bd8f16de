"""A time that ends two questions and is of both: "how many did we win and how many did we lose | this year"."""

from collections.abc import Sequence

from copilot.offline.frames.clauses import SENTENCES
from copilot.offline.tags import SILENT, T, Tag

_HAPPENED = frozenset({"won", "lost", "closed", "started"})
_OF_NOW = frozenset({"now", "currently", "today", "overall", "altogether"})


def with_shared_time(parts: Sequence[list[Tag]]) -> list[list[Tag]]:
    """The questions of one sentence, each with the time at the end of the last, where all tell what happened."""
    last = [tag for tag in parts[-1] if tag.type not in SILENT] if parts else []
    dated = [tag for part in parts for tag in part if tag.type is T.DATE]
    if len(parts) < 2 or len(dated) != 1 or dated[0] is not last[-1] or not all(map(_tells_what_happened, parts)):
        return list(parts)
    if any(tag.text in SENTENCES for part in parts[:-1] for tag in part):
        return list(parts)
    at = parts[-1].index(dated[0])
    led = at > 0 and parts[-1][at - 1].type is T.PREP
    time = parts[-1][at - led : at + 1]
    return [*([*part, *time] for part in parts[:-1]), parts[-1]]


def _tells_what_happened(part: Sequence[Tag]) -> bool:
    """Whether it speaks of deals by what became of them, and not by how things stand."""
    states = {str(sense.value) for tag in part for sense in tag.all(T.STATE) if tag.type is T.STATE}
    now = any(word in _OF_NOW for tag in part for word in tag.text.lower().split(" "))
    return bool(states) and states <= _HAPPENED and not now
