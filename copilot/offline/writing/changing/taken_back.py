"""What is said and taken back in one breath: "mark it lost, no sorry, won", 改成 5000，不对，5600."""

from collections.abc import Sequence

from copilot.offline.dates import DateSpan
from copilot.offline.writing.changing.acts import Act
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.parts import names_of, wishes

_STAGE = "deal.stage"


def take_back(piece: Piece, acts: Sequence[Act], is_marked: bool) -> bool:
    """Strike from the last act what this piece says anew after "no, sorry"; whether the next piece is marked so.

    Args:
        piece: the next one.
        acts: made so far.
        is_marked: whether the piece before was nothing but such words.
    """
    marked = is_marked or any(wishes(tag, "correction") and not wishes(tag, "set") for tag in piece.part.tags)
    if not marked or not acts:
        return False
    if not piece.settings:
        return not piece.content or _is_stage(piece, acts[-1])
    anew = {_kind(setting) for setting in piece.settings}
    if not piece.content and not piece.orders:
        acts[-1].settings[:] = [setting for setting in acts[-1].settings if _kind(setting) not in anew]
    return False


def _kind(setting: Setting) -> str:
    """What it sets; of a day any, whose field the records decide."""
    return "date" if isinstance(setting.value, DateSpan) else setting.field


def _is_stage(piece: Piece, act: Act) -> bool:
    """Whether it is a bare stage in the place of the one just said, which it sets then."""
    stages = names_of(piece.content[0], "stage") if len(piece.content) == 1 else ()
    if not stages or not any(setting.field == _STAGE for setting in act.settings):
        return False
    act.settings[:] = [*(s for s in act.settings if s.field != _STAGE), Setting(_STAGE, stages)]
    piece.described = []
    return False
