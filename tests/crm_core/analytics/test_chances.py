"""What is learned from history, and how honest the range that is drawn from it is."""

import os
from datetime import date, timedelta

import numpy as np
import pytest

from crm_core.analytics.backtest import back_test
from crm_core.analytics.chances import Span, draw_chances, learn
from tests.crm_core.analytics.worlds import FALLS_OUT, FIRST, LOSES, MOVES_ON, WINS, steady_world

SOAK = int(os.environ.get("FARLEY_SOAK", "1"))
MONTHS = 36
END = date.fromordinal(FIRST + MONTHS * 30)


@pytest.fixture(scope="module")
def world():
    return steady_world(MONTHS)


def test_the_share_won_of_deals_that_stood_in_a_stage_is_what_the_world_was_made_with(world):
    learned = learn(world, END.toordinal(), Span(1, 30))

    offered = WINS / (WINS + LOSES)
    assert learned.stages[2].share == pytest.approx(offered, abs=0.05)
    assert learned.stages[1].share == pytest.approx(offered * MOVES_ON / (MOVES_ON + FALLS_OUT), abs=0.05)


def test_a_chance_within_a_month_is_near_the_true_one(world):
    day, span = END.toordinal() - 1, Span(1, 30)
    rows = world.open_at(day)
    rows = rows[np.isin(rows, world.stands.deal[(world.stands.stage == 2) & (world.stands.since <= day)])]

    drawn = draw_chances(world, learn(world, day, span), rows, day, span, draws=300, rng=np.random.default_rng(1))

    leaves = 1 - (1 - WINS - LOSES) ** 30
    assert drawn.mean() == pytest.approx(leaves * WINS / (WINS + LOSES), abs=0.06)


def test_nothing_after_the_day_is_learned_from(world):
    day, span = END.toordinal() - 300, Span(1, 30)
    early = learn(world, day, span)

    shorter = steady_world(MONTHS)
    late = shorter.closed > day
    shorter.won[late] = ~shorter.won[late]
    again = learn(shorter, day, span)

    assert (early.won == again.won).all()
    assert [one.share for one in early.stages] == [one.share for one in again.stages]


def test_ranges_hold_the_truth_about_as_often_as_they_say():
    held = months = 0
    for seed in range(4 * SOAK):
        past = back_test(steady_world(48, seed=seed), today=END + timedelta(days=360), currency="USD", most=30)
        held, months = held + past.held, months + len(past.months)

    assert months >= 100
    assert 0.7 <= held / months <= 0.9


def test_a_few_months_tell_no_error():
    past = back_test(steady_world(4), today=date.fromordinal(FIRST + 120), currency="USD")

    assert past.error is None
    assert past.bias is None
