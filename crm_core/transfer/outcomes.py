"""What the cells of a file of deals tell of their outcomes: which stages end a deal, and how."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crm_core.models import StageKind
from crm_core.transfer.mapping import CLOSE_DATE, OUTCOME
from crm_core.transfer.pipeline import stage_kind
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.text import is_missing

_NEARLY_ALL = 0.95
_MOSTLY = 0.5
_LEAST = 3


def outcomes(profile: FileProfile, targets: Mapping[str, int]) -> dict[str, StageKind]:
    """The stages whose names say nothing and whose deals have all ended, with how they ended.

    Lost where most have a reason for it. Else won, when no other stage is; where another one is (or several could be),
    won is the one that has what only won deals have: a contract, a purchase order, an amount signed. Only where the
    deals of another stage have not ended, and lost ones can be told. Nothing where a column of its own says how each
    deal ended.

    Args:
        profile: a file of deals.
        targets: field → position.
    """
    stage, ended = targets.get("stage"), targets.get("closed_on", targets.get(CLOSE_DATE))
    reason = targets.get("lost_reason")
    if stage is None or (ended is None and reason is None) or OUTCOME in targets:
        return {}
    filled = ByStage(profile, stage)
    named = {name: stage_kind(name) for name in filled.rows}
    quiet = [name for name, kind in named.items() if kind is StageKind.OPEN and filled.rows[name] >= _LEAST]
    lost = {name for name in quiet if reason is not None and filled.share(name, reason) >= _MOSTLY}
    dated = {name: filled.share(name, ended) if ended is not None else 0.0 for name in quiet}
    over = [name for name in quiet if dated[name] >= _NEARLY_ALL or name in lost]
    going = [name for name in quiet if dated[name] <= 1 - _NEARLY_ALL and name not in over]
    lost_before = {name for name, kind in named.items() if kind is StageKind.LOST}
    won_before = {name for name, kind in named.items() if kind is StageKind.WON}
    if not going or not (lost or lost_before):
        return {}
    rest = [name for name in over if name not in lost]
    if won_before or len(rest) > 1:
        signed = {name for name in rest if filled.only(name, lost | lost_before, as_in=won_before)}
        lost |= set(rest) - signed if signed or won_before else set()
    return {name: StageKind.LOST if name in lost else StageKind.WON for name in over}


@dataclass
class ByStage:
    """By stage: how many deals, and how many of them have something in each column."""

    profile: FileProfile
    stage: int
    rows: Counter[str] = field(default_factory=Counter)
    cells: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for row in self.profile.source.rows():
            if row.problem is not None or is_missing(row.cells[self.stage]):
                continue
            name = row.cells[self.stage].strip()
            self.rows[name] += 1
            self.cells.update((name, at) for at, cell in enumerate(row.cells) if not is_missing(cell))

    def share(self, name: str, column: int) -> float:
        """Of the deals of a stage: those with something in the column."""
        return self.cells[name, column] / self.rows[name]

    def only(self, name: str, lost: Collection[str], *, as_in: Collection[str]) -> bool:
        """Whether most deals of a stage have what hardly any lost one has, and most have in the stages `as_in`."""
        for column in range(len(self.profile.columns)):
            is_winners = all(self.share(won, column) >= _MOSTLY for won in as_in)
            is_losers = any(self.share(other, column) > 1 - _NEARLY_ALL for other in lost)
            if is_winners and not is_losers and self.share(name, column) >= _MOSTLY:
                return True
        return False
