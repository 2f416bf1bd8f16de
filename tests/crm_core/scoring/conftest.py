"""Made-up leads whose truth is known: what they visited and where they came from decides, the rest is noise."""

import random
from datetime import date, timedelta

import pytest

from crm_core.scoring.fit import fit


def leads(count=900, *, seed=1, strength=1.0, **extra):
    """Rows and outcomes; each of `extra` makes a cell of (outcome, dice)."""
    dice, rows, outcomes = random.Random(seed), [], []
    for number in range(count):
        minutes, source = round(dice.expovariate(1 / 20), 1), dice.choice(["Fair", "Web", "Friend", "Call"])
        odds = strength * (minutes / 15 - 1.5 + {"Friend": 1.2, "Call": -1.0}.get(source, 0.0))
        won = dice.random() < 1 / (1 + 2.718281828**-odds)
        row = {
            "lead id": f"L-{number:05d}", "minutes": str(minutes), "source": source,
            "city": dice.choice(["Rome", "Oslo", ""]), "plan": "basic",
        }  # fmt: skip
        rows.append(row | {name: make(won, dice) for name, make in extra.items()})
        outcomes.append(won)
    return rows, outcomes


def on_days(rows, first=date(2017, 1, 1)):
    """The rows with a day, one after another."""
    return [row | {"came on": (first + timedelta(days=at // 3)).isoformat()} for at, row in enumerate(rows)]


@pytest.fixture(scope="session")
def model():
    """A model of 900 leads."""
    return fit(*leads())
