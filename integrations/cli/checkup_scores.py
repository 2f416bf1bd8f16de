"""What `farley doctor` says of scores."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from integrations.cli.finding import Finding

if TYPE_CHECKING:
    from crm_core.db import Store
    from integrations.settings import Settings

_SCORE_ANEW = "`farley score --train` learns anew."


def look_at_scores(store: "Store", _settings: "Settings") -> Iterator[Finding]:
    """What leads and deals are scored by, and whether it still fits."""
    from integrations.cli.scoring import drift_lines
    from integrations.cli.session import this_day
    from integrations.scoring import states

    found = states(store, this_day())
    if not found:
        yield Finding("ok", "scores", "there are none yet; `farley score` scores leads and deals")
    for one in found:
        card = one.kept.card["model"]
        told = f"{one.kept.entity}s by {card['rung']}, made on {one.kept.made_at:%Y-%m-%d}"
        if one.gone:
            yield Finding("warn", "scores", f"{told}, from fields that are gone: {', '.join(one.gone)}", _SCORE_ANEW)
        elif drifted := [line.strip() for line in drift_lines(one.kept.card)]:
            yield Finding("warn", "scores", f"{told}. {' '.join(drifted)}", _SCORE_ANEW)
        elif one.behind:
            yield Finding("warn", "scores", f"{told}, {one.behind:,} changes behind", "`farley score` catches up.")
        else:
            yield Finding("ok", "scores", told)
