"""Which rows the rungs are compared on."""

import numpy as np

from crm_core.scoring import choose
from crm_core.scoring.choose import hold_back


def judged(held):
    return {int(row) for _, rows in held.parts for row in rows}


def test_of_many_rows_the_latest_are_judged(monkeypatch):
    monkeypatch.setattr(choose, "_JUDGED_ROWS", 200)

    held = hold_back(np.arange(1000) % 2 == 0, in_time=True)

    assert held.in_time
    assert judged(held) == set(range(900, 1000))


def test_late_rows_that_all_end_alike_are_not_judged_alone(monkeypatch):
    monkeypatch.setattr(choose, "_JUDGED_ROWS", 200)

    held = hold_back((np.arange(1000) % 2 == 0) & (np.arange(1000) < 700), in_time=True)

    assert not held.in_time
    assert judged(held) == set(range(1000))
    assert all(0 < np.sum(rows < 700) < len(rows) for _, rows in held.parts)
