"""Scores: reasons that add up, changes that help, cards that can be edited, models kept as text."""

import math

import numpy as np
import pytest

from crm_core.errors import Invalid
from crm_core.scoring.calibrate import calibrate
from crm_core.scoring.change import smallest_change
from crm_core.scoring.feature import Feature
from crm_core.scoring.fit import fit
from crm_core.scoring.measures import sigmoid
from crm_core.scoring.model import Model
from crm_core.scoring.rungs import fit_boosting, fit_points, starter_card
from tests.crm_core.scoring.conftest import leads

UNSEEN, _ = leads(1000, seed=2)


def with_rung(model, make):
    """The model with another rung and a bent calibration."""
    rows, outcomes = leads(400)
    encoded, truth = model.encode(rows), np.array(outcomes)
    rung = make(model.features, encoded, truth)
    return model.model_copy(update={"rung": rung, "calibration": calibrate(rung.scores(encoded) ** 3, truth)})


@pytest.mark.parametrize("make", [fit_points, fit_boosting])
def test_reasons_add_up_to_the_score_on_every_rung(model, make):
    for scored in (model.score(UNSEEN), with_rung(model, make).score(UNSEEN)):
        for score in scored:
            assert score.base + sum(reason.effect for reason in score.reasons) == pytest.approx(score.value, abs=1e-9)
            assert score.probability == pytest.approx(float(sigmoid(score.value)))


def test_reasons_say_what_the_record_says(model):
    score = model.score([{"minutes": "70", "source": "Call", "city": ""}])[0]

    assert score.up[0].text.startswith("minutes is ")
    assert score.down[0].text == "source is Call"
    assert "city is not given" in [reason.text for reason in score.reasons]


def test_a_better_record_has_the_better_grade(model):
    best, worst = model.score([{"minutes": "90", "source": "Friend"}, {"minutes": "0", "source": "Call"}])

    assert (best.grade, worst.grade) == ("A", "D")
    assert best.probability > 0.8 > 0.2 > worst.probability


def test_one_record_and_many_are_scored_alike(model):
    assert [model.score([row]).values[0] for row in UNSEEN[:20]] == pytest.approx(list(model.score(UNSEEN).values[:20]))


@pytest.mark.parametrize("make", [None, fit_boosting])
def test_the_stated_change_raises_the_score_when_applied(model, make):
    model = with_rung(model, make) if make else model
    told = 0
    for row in UNSEEN[:100]:
        change = smallest_change(model, row, fixed={"city"})
        if change:
            before, after = model.score([row, {**row, change.feature: change.value}]).values
            assert after - before == pytest.approx(change.gain)
            assert change.feature != "city"
            told += 1

    assert told > 80


def test_a_number_moves_by_one_step_only(model):
    steps = []
    for row in UNSEEN[:50]:
        if change := smallest_change(model, row, fixed={"source", "city"}):
            before, after = model.encode([row, {**row, "minutes": change.value}]).codes[:, 0]
            steps.append(abs(before - after))

    assert len(steps) > 20
    assert set(steps) == {1}


def test_where_nothing_can_be_changed_nothing_is_advised(model):
    assert smallest_change(model, {}, fixed={one.name for one in model.features}) is None


@pytest.mark.parametrize("make", [None, fit_boosting])
def test_a_model_is_kept_as_text(model, make):
    model = with_rung(model, make) if make else model

    again = Model.from_json(model.to_json())

    assert list(again.score(UNSEEN).values) == list(model.score(UNSEEN).values)
    assert again.score(UNSEEN[:1])[0] == model.score(UNSEEN[:1])[0]


def test_what_is_no_model_is_told():
    with pytest.raises(Invalid, match="no scoring model"):
        Model.from_json('{"status": "fitted"}')


@pytest.mark.parametrize(
    "row", [{}, {"minutes": None}, {"minutes": "many", "source": "Mars"}, {"minutes": math.inf}, {"other": [1]}]
)
def test_an_odd_record_is_scored_all_the_same(model, row):
    assert 0 < model.score([row])[0].probability < 1


def test_no_records_have_no_scores(model):
    assert list(model.score([])) == []


def test_a_points_card_can_be_edited():
    features = (Feature(name="size", kind="category", levels=("small", "large")),)
    card = starter_card(features).edited(0, 2, 5.0)

    model = fit([{"size": "small"}, {"size": "large"}] * 20, [None] * 40, card=card)
    small, large = model.score([{"size": "small"}, {"size": "large"}])

    assert {small.value, large.value} == {1.0, 5.0}
    assert small.probability is None


def test_an_entry_that_the_card_lacks_is_told():
    with pytest.raises(Invalid, match="no such entry"):
        starter_card(()).edited(0, 0, 1.0)
