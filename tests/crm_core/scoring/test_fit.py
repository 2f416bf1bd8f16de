"""What is learned from a table, what is refused, and when nothing is learned."""

import random
from datetime import date

import pytest

from crm_core.errors import Conflict, Invalid
from crm_core.scoring.fit import fit
from tests.crm_core.scoring.conftest import leads, on_days


def test_a_clear_history_is_learned_and_calibrated(model):
    rows, outcomes = leads(2000, seed=3)
    told = model.score(rows).probability

    assert model.status == "fitted"
    assert model.card.auc > 0.75
    assert abs(told.mean() - sum(outcomes) / len(outcomes)) < 0.05
    assert model.card.refused == {}


def test_what_cannot_be_learned_from_is_left_out_and_named(model):
    assert model.card.left_out == {
        "lead id": "it identifies the record",
        "plan": "it says the same everywhere",
    }


@pytest.mark.parametrize(
    ("make", "left_out"),
    [
        (lambda _won, dice: "x" * dice.randint(70, 90), "free text"),
        (lambda _won, dice: f"{dice.choice('abcdef')}{dice.randint(1, 20)}", "no value is frequent enough"),
        (lambda _won, _dice: "n/a", "empty"),
    ],
)
def test_odd_columns_are_left_out(make, left_out):
    assert left_out in fit(*leads(400, odd=make)).card.left_out["odd"]


def test_a_thousand_categories_keep_the_frequent_ones():
    odd = fit(*leads(odd=lambda _won, dice: "web" if dice.random() < 0.5 else f"shop {dice.randint(1, 1000)}"))

    assert [one.levels for one in odd.features if one.name == "odd"] == [("web",)]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda won, _dice: "2017-03-01" if won else "", "given (nearly) only where the outcome is good"),
        (lambda won, dice: "small" if won and dice.random() < 0.1 else "", "only where the outcome is good: 100.0%"),
        (lambda won, dice: dice.choice(["price", "time"]) if not won and dice.random() < 0.6 else "", "outcome is bad"),
        (lambda won, dice: str(dice.randint(500, 900)) if won else "0", "leaves no doubt"),
        (lambda won, dice: won if dice.random() < 0.97 else not won, "leaves no doubt"),
        (lambda won, dice: won if dice.random() < 0.93 else not won, "far too well"),
    ],
)
def test_a_column_that_knows_the_outcome_is_refused_with_the_reason(make, told):
    model = fit(*leads(leak=make))

    assert told in model.card.refused["leak"]
    assert "leak" not in {one.name for one in model.features}
    assert list(model.card.refused) == ["leak"]


def test_a_name_that_says_afterwards_is_refused_only_if_it_sorts():
    rows, outcomes = leads(
        **{
            "Last Activity": lambda won, dice: dice.choice("aab" if won else "abb"),
            "tags": lambda _won, dice: dice.choice("ab"),
        }
    )

    assert list(fit(rows, outcomes).card.refused) == ["Last Activity"]


def test_a_good_column_is_not_refused():
    model = fit(*leads(interest=lambda won, dice: dice.gauss(1.6 if won else 0, 1)))

    assert model.card.refused == {}
    assert model.card.auc_by_rung["scorecard"] > 0.85


def test_a_trusted_column_is_not_refused():
    rows, outcomes = leads(status=lambda won, dice: dice.choice("aab" if won else "abb"))

    assert fit(rows, outcomes, trusted=["status"]).card.refused == {}


def test_noise_is_not_scored():
    model = fit(*leads(strength=0.0))

    assert model.status == "no signal"
    assert "holds no signal" in model.card.why
    with pytest.raises(Conflict, match="holds no signal"):
        model.score([{}])


def test_a_history_of_leaks_alone_is_no_signal():
    rows, outcomes = leads()
    model = fit([{"lost reason": "" if won else "price"} for won in outcomes], outcomes)

    assert (model.status, model.features) == ("no signal", ())
    assert "No column is left" in model.card.why
    assert len(rows) == model.card.rows


@pytest.mark.parametrize(
    "outcomes",
    [[True] * 300, [False] * 300, [None] * 300, [True] * 251 + [False] * 49],
    ids=["won", "lost", "open", "few"],
)
def test_without_enough_history_the_points_card_ranks(outcomes):
    rows, _ = leads(300)
    model = fit(rows, outcomes)

    score = model.score([{"minutes": "3", "source": "Web"}])[0]

    assert model.status == "not enough history"
    assert "Not enough history" in model.card.why
    assert (score.probability, score.value) == (None, 2.0)


def test_rows_are_judged_in_the_order_of_their_days():
    rows, outcomes = leads()
    mixed = list(zip(on_days(rows), outcomes, strict=True))
    random.Random(1).shuffle(mixed)

    model = fit([row for row, _ in mixed], [won for _, won in mixed])

    assert model.card.held_back.startswith("the later half")
    assert (model.card.first_day, model.card.last_day) == ("2017-01-01", "2017-10-27")
    assert model.card.left_out["came on"] == "it says when the record came"


def test_days_in_the_future_are_not_learned_from():
    rows, outcomes = leads()

    model = fit(on_days(rows), outcomes, today=date(2017, 9, 30))

    assert (model.card.last_day, model.card.rows) == ("2017-09-30", 819)


def test_late_rows_without_one_outcome_are_no_crash():
    rows, outcomes = leads()
    model = fit(on_days(rows), [won and at < 450 for at, won in enumerate(outcomes)])

    assert model.card.held_back.startswith("each part in turn")


def test_a_column_that_tells_the_month_is_left_out_where_rows_come_in_time():
    rows, outcomes = leads()
    with_month = [row | {"month": at // 75} for at, row in enumerate(on_days(rows))]

    assert "when the record came" in fit(with_month, outcomes).card.left_out["month"]


def test_interactions_need_trees():
    rows, outcomes = leads(1500, seed=5)
    pairs = [row | {"a": str(dice[0]), "b": str(dice[1])} for row, dice in zip(rows, _dice(1500), strict=True)]
    crossed = [
        (int(row["a"]) > 4) == (int(row["b"]) > 4) if at % 4 else won
        for at, (row, won) in enumerate(zip(pairs, outcomes, strict=True))
    ]

    assert fit(pairs, crossed).card.rung == "boosting"


def _dice(count):
    dice = random.Random(9)
    return [(dice.randint(0, 9), dice.randint(0, 9)) for _ in range(count)]


@pytest.mark.parametrize(("rows", "outcomes"), [([], []), ([{"a": 1}], [])])
def test_a_table_without_rows_or_outcomes_is_told(rows, outcomes):
    with pytest.raises(Invalid, match="one each is needed"):
        fit(rows, outcomes)


@pytest.mark.parametrize(
    "make",
    [
        lambda _won, dice: [dice.randint(1, 3)],
        lambda _won, dice: {"x": dice.randint(1, 3)},
        lambda _won, dice: "1e309" if dice.random() < 0.2 else str(10.0 ** dice.randint(-300, 300)),
        lambda _won, dice: f"20{dice.randint(10, 20)}-13-45" if dice.random() < 0.5 else "2017-02-03T10:00:00",
        lambda _won, dice: dice.random() < 0.5,
    ],
    ids=["list", "mapping", "huge", "no day", "flag"],
)
def test_odd_cells_are_no_crash(make):
    rows, outcomes = leads(300, odd=make)
    model = fit(rows, outcomes)

    assert model.status == "fitted"
    assert len(model.score([*rows, {"odd": object()}]).values) == 301


def test_outcomes_that_come_in_step_are_learned_all_the_same():
    dice = random.Random(4)
    outcomes = [at % 20 == 0 for at in range(2000)]

    assert fit([{"size": dice.gauss(1.5 * won, 1)} for won in outcomes], outcomes).status == "fitted"
