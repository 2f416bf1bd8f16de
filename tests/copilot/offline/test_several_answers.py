"""Follow-ups about several answers together: added up, side by side, on average, the higher one; rows by place."""

from collections.abc import Sequence

import pytest

from copilot.offline.plan import PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: Sequence[str]) -> Plan:
    """The plan for the last of several turns."""
    past: list[PastTurn] = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    return desk.plan(turns[-1], after=past)


PAIRS = [
    ("bookings in May 2024", "and in June?", "bookings in June 2024"),
    ("bookings in Q1 2024", "and in Q3?", "bookings in Q3 2024"),  # these do not meet
    ("bookings of Mira in 2024", "and Jonas?", "bookings of Jonas in 2024"),
    ("bookings in Germany in 2024", "and Japan?", "bookings in Japan in 2024"),
    ("2024年5月的销售额", "6月呢", "2024年6月的销售额"),
]
SUMS = ("both together?", "what's the total of the two?", "两个加起来")


@pytest.mark.parametrize("asked", SUMS)
@pytest.mark.parametrize(("one", "other", "whole"), PAIRS, ids=lambda text: text)
def test_two_answers_are_added_up(sales: Desk, one: str, other: str, whole: str, asked: str) -> None:
    plan = last(sales, (one, other, asked))

    assert isinstance(plan, Query), plan
    ((total,),) = [row.values for row in sales.run(plan.spec).rows]
    assert float(total) == sales.number(one) + sales.number(whole)


@pytest.mark.parametrize(("one", "other", "whole"), PAIRS, ids=lambda text: text)
def test_two_answers_stand_side_by_side(sales: Desk, one: str, other: str, whole: str) -> None:
    plan = last(sales, (one, other, "put the two side by side"))

    assert isinstance(plan, Query), plan
    told = sorted(float(row.values[-1]) for row in sales.run(plan.spec).rows)
    assert told == sorted([sales.number(one), sales.number(whole)])


@pytest.mark.parametrize(("one", "other", "whole"), PAIRS[:1] + PAIRS[2:4], ids=lambda text: text)
def test_the_mean_of_two_answers(sales: Desk, one: str, other: str, whole: str) -> None:
    plan = last(sales, (one, other, "what's the average of the two?"))

    assert isinstance(plan, Query), plan
    ((*_, mean),) = [row.values for row in sales.run(plan.spec).rows]
    assert float(mean) == pytest.approx((sales.number(one) + sales.number(whole)) / 2)


def test_the_higher_of_two_is_named(sales: Desk) -> None:
    plan = last(sales, ("bookings of Mira in 2024", "and Jonas?", "which is higher?"))

    assert isinstance(plan, Query), plan
    ((name, value),) = [row.values for row in sales.run(plan.spec).rows]
    assert float(value) == max(sales.number("bookings of Mira in 2024"), sales.number("bookings of Jonas in 2024"))
    assert str(name).split()[0] in ("Mira", "Jonas")


def test_the_rows_of_an_answer_are_added_up(sales: Desk) -> None:
    plan = last(sales, ("top 3 reps by revenue in 2024", "the total of the three?"))
    rows = sales.rows("top 3 reps by revenue in 2024")

    assert isinstance(plan, Query), plan
    ((total,),) = [row.values for row in sales.run(plan.spec).rows]
    assert float(total) == sum(float(row[-1]) for row in rows)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["what is the manager of the second one?", "who's the second one's manager?"])
def test_a_row_is_pointed_at_by_its_place(sales: Desk, asked: str) -> None:
    second = sales.rows("top 3 reps by revenue in 2024")[1][0]
    plan = last(sales, ("top 3 reps by revenue in 2024", asked))

    assert isinstance(plan, Query), plan
    assert sales.run(plan.spec).rows[0].values == sales.rows(f"who is the manager of {second}")[0]


def test_a_part_of_what_was_counted_is_its_share(sales: Desk) -> None:
    plan = last(sales, ("how many deals did Mira close in 2024", "how many of those were won", "what share is that?"))
    won, closed = (sales.number(f"how many deals did Mira {verb} in 2024") for verb in ("win", "close"))

    assert isinstance(plan, Query), plan
    ((share, *_),) = [row.values for row in sales.run(plan.spec).rows]
    assert float(share) == pytest.approx(won / closed)


def test_each_repeats_the_question_for_the_rows_that_were_shown(sales: Desk) -> None:
    first = sales.rows("top 3 reps by revenue in 2024")
    plan = last(sales, ("top 3 reps by revenue in 2024", "how many deals did we lose with each?"))

    assert isinstance(plan, Query), plan
    assert {row.values[0] for row in sales.run(plan.spec).rows} <= {row[0] for row in first}
