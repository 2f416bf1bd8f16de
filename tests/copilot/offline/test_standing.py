"""How one stands among others: each answer is what the plain ranking of all of them shows."""

from statistics import mean, median

import pytest

from tests.copilot.offline.conftest import Desk


def ranking(desk: Desk, text: str) -> dict[str, float]:
    """A plain table: the measure of each group that has a name."""
    return {str(label): float(value or 0) for label, value in desk.rows(text) if label is not None}  # type: ignore[arg-type]


def told(desk: Desk, text: str) -> set[str]:
    return {str(row[0]) for row in desk.rows(text)}


TABLES = (
    ("deals won by rep", "deals won"),
    ("bookings by rep in 2024", "bookings in 2024"),
    ("win rate by rep", "win rate"),
)


@pytest.mark.parametrize(("table", "measure"), TABLES)
def test_a_place_is_one_more_than_those_ahead(sales, table, measure):
    values = ranking(sales, table)
    for name in list(values)[:4]:
        ((label, value, place),) = sales.rows(f"where does {name} rank on {measure}")

        assert (label, float(value)) == (name, pytest.approx(values[name]))
        assert place == 1 + sum(other > values[name] for other in values.values())


def test_a_place_is_asked_for_in_many_ways(sales):
    name = next(iter(ranking(sales, "deals won by rep")))
    one = sales.spec(f"where does {name} rank by deals won")

    for text in (
        f"what rank is {name} on deals won",
        f"where does {name} stand among reps for deals won",
        f"is {name} our top rep by deals won?",
        f"is {name} in the top 5 reps by deals won",
        f"{name}的赢单数排第几",
    ):
        assert sales.spec(text).having == one.having, text
        assert sales.spec(text).measures == one.measures, text


def test_a_place_without_a_measure_is_asked_about(sales):
    name = next(iter(ranking(sales, "deals won by rep")))

    assert sales.asks(f"where does {name} rank")
    assert sales.asks(f"is {name} our best rep?")


@pytest.mark.parametrize(("table", "measure"), TABLES[:2])
def test_those_ahead_of_one_have_more(sales, table, measure):
    values = ranking(sales, table)
    for name in list(values)[:4]:
        assert told(sales, f"which reps have more {measure} than {name}") == {
            other for other, value in values.items() if value > values[name]
        }


def test_above_the_average_and_the_median(sales):
    values = ranking(sales, "deals won by rep")

    above = told(sales, "which reps have more deals won than average")
    below = told(sales, "reps with fewer deals won than the median rep")

    assert above == {name for name, value in values.items() if value > mean(values.values())}
    assert below == {name for name, value in values.items() if value < median(values.values())}


def test_a_rate_is_held_against_that_of_the_whole_company(sales):
    values, whole = ranking(sales, "win rate by rep"), sales.number("win rate")

    assert told(sales, "which reps are above the average win rate") == {
        name for name, value in values.items() if value > whole
    }
    assert told(sales, "赢单率高于平均的销售有哪些") == {name for name, value in values.items() if value > whole}


def test_the_next_one_is_the_nearest(sales):
    values = sorted(ranking(sales, "deals won by rep").items(), key=lambda item: -item[1])
    (first, most), *rest = values
    runner_up = max((value for _, value in rest if value < most), default=0)

    nearest = told(sales, f"who is right behind {first} on deals won")

    assert nearest == {name for name, value in rest if value == runner_up}


def test_records_above_the_average_of_their_kind(sales):
    employees = {str(name): float(n) for name, n in sales.rows("list the employees of all accounts") if n is not None}  # type: ignore[arg-type]

    assert told(sales, "accounts with more employees than average") == {
        name for name, n in employees.items() if n > mean(employees.values())
    }


def test_an_average_of_something_else_is_asked_about(sales):
    assert sales.asks("reps above their region's average bookings")
