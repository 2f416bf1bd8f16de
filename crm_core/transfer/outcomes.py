"""What the cells of a file of deals tell of their outcomes: which stages end a deal, and how."""

from collections import Counter
from collections.abc import Mapping

from crm_core.models import StageKind
from crm_core.transfer.mapping import CLOSE_DATE, OUTCOME
from crm_core.transfer.pipeline import stage_kind
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.text import is_missing

_NEARLY_ALL = 0.95
_MOSTLY = 0.5
_LEAST = 3


def outcomes(profile: FileProfile, targets: Mapping[str, int]) -> dict[str, StageKind]:
    """The stages whose names say nothing and whose deals have all ended: lost where most have a reason, else won.

    Only where no stage is called won, the deals of another stage have not ended, and lost ones can be told. Nothing
    where a column of its own says how each deal ended.

    Args:
        profile: a file of deals.
        targets: field → position.
    """
    stage, ended = targets.get("stage"), targets.get("closed_on", targets.get(CLOSE_DATE))
    if stage is None or ended is None or OUTCOME in targets:
        return {}
    rows, closed, reasoned = _count(profile, stage, ended, targets.get("lost_reason"))
    named = {name: stage_kind(name) for name in rows}
    quiet = [name for name, kind in named.items() if kind is StageKind.OPEN and rows[name] >= _LEAST]
    over = [name for name in quiet if closed[name] >= _NEARLY_ALL * rows[name]]
    going = [name for name in quiet if closed[name] <= (1 - _NEARLY_ALL) * rows[name]]
    lost = {name for name in over if reasoned[name] >= _MOSTLY * rows[name]}
    if StageKind.WON in named.values() or not going or not (lost or StageKind.LOST in named.values()):
        return {}
    return {name: StageKind.LOST if name in lost else StageKind.WON for name in over}


def _count(
    profile: FileProfile, stage: int, ended: int, reason: int | None
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By stage: deals, those with an end, those with a reason for losing."""
    rows: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    reasoned: Counter[str] = Counter()
    for row in profile.source.rows():
        if row.problem is not None or is_missing(row.cells[stage]):
            continue
        name = row.cells[stage].strip()
        rows[name] += 1
        closed[name] += not is_missing(row.cells[ended])
        reasoned[name] += reason is not None and not is_missing(row.cells[reason])
    return rows, closed, reasoned
