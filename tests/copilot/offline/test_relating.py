"""Follow-ups relating to what was shown: a share, a change, a gap, one of three, one row, all of them, a way back."""

from collections.abc import Sequence
from typing import Any

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: Sequence[str]) -> Plan:
    """The plan for the last of several turns."""
    past: list[PastTurn] = []
    for text in turns[:-1]:
        past.append(desk.turn(text, after=past))
    return desk.plan(turns[-1], after=past)


def rows(desk: Desk, turns: Sequence[str]) -> list[tuple[Any, ...]]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return [row.values for row in desk.run(plan.spec).rows]


def in_words(value: object) -> str:
    return value if isinstance(value, str) else " >> ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# turns, the plain question of the part, and of the whole
SHARES = (
    (("open deals of Tessa Obafemi", "what share of them are in Negotiation"),
     "how many deals in Negotiation does Tessa Obafemi have", "how many open deals does Tessa Obafemi have"),
    (("how many deals did we win in 2024", "what share of them were in Germany"),
     "how many deals did we win in Germany in 2024", "how many deals did we win in 2024"),
    (("how many deals did we win in Germany in 2024", "what share of everything we won is that"),
     "how many deals did we win in Germany in 2024", "how many deals did we win in 2024"),
    (("bookings in Germany in 2024", "what share of everything we sold in 2024 is that"),
     "bookings in Germany in 2024", "bookings in 2024"),
    (("去年赢了多少单", "其中德国的占多少"), "德国去年赢了多少单", "去年赢了多少单"),
)  # fmt: skip


@pytest.mark.parametrize(("turns", "part", "whole"), SHARES, ids=in_words)
def test_a_share_of_what_was_shown_is_the_part_over_the_whole(
    sales: Desk, turns: tuple[str, ...], part: str, whole: str
) -> None:
    expected = sales.number(part) / sales.number(whole)
    ((*_, found),) = rows(sales, turns)

    assert 0 < expected < 1
    assert float(found) == pytest.approx(expected)


# turns, the plain question of the later or first named, and of the other: the difference is first − other
GAPS = (
    (("bookings in Q2 2024", "how much of a drop is that compared to Q1 2024"),
     "bookings in Q2 2024", "bookings in Q1 2024"),
    (("bookings in Q2 2024", "what's the change against Q1 2024"), "bookings in Q2 2024", "bookings in Q1 2024"),
    (("2024年的销售额", "比2023年增长了多少"), "bookings in 2024", "bookings in 2023"),
    (("bookings in Q2 2024", "and Q1 2024?", "how big is the gap"), "bookings in Q2 2024", "bookings in Q1 2024"),
    (("bookings in Q1 2024", "and Q2 2024?", "how big is the gap"), "bookings in Q2 2024", "bookings in Q1 2024"),
    (("how many deals did Mira win in 2024", "and Jonas?", "how far apart are the two"),
     "how many deals did Mira win in 2024", "how many deals did Jonas win in 2024"),
    (("how many deals did Mira win in 2024", "and Jonas?", "what's the gap"),
     "how many deals did Mira win in 2024", "how many deals did Jonas win in 2024"),
    (("bookings in Germany in 2024", "and Japan?", "what's the gap between the two"),
     "bookings in Germany in 2024", "bookings in Japan in 2024"),
    (("how many deals did Priya win in 2024", "and Mira?", "and Jonas?", "how far apart are the two"),
     "how many deals did Mira win in 2024", "how many deals did Jonas win in 2024"),
)  # fmt: skip


@pytest.mark.parametrize(("turns", "first", "other"), GAPS, ids=in_words)
def test_a_change_or_a_gap_is_the_difference_of_two_plain_answers(
    sales: Desk, turns: tuple[str, ...], first: str, other: str
) -> None:
    one, two = sales.number(first), sales.number(other)
    ((base, against, difference, *_),) = rows(sales, turns)

    assert one != two
    assert (float(base), float(against)) == (pytest.approx(two), pytest.approx(one))
    assert float(difference) == pytest.approx(one - two)


PEOPLE = ("Mira", "Jonas", "Priya", "Yuki")


@pytest.mark.parametrize("year", [2024, 2025])
@pytest.mark.parametrize(
    ("asked", "pick"),
    [("which of the three has the most", max), ("which of the three won the fewest", min)],
)
@pytest.mark.parametrize("left_out", PEOPLE)
def test_which_of_the_three_is_one_of_those_asked_about(
    sales: Desk, left_out: str, asked: str, pick: Any, year: int
) -> None:
    three = [name for name in PEOPLE if name != left_out]
    wins = {name: sales.number(f"how many deals did {name} win in {year}") for name in three}
    turns = (f"how many deals did {three[0]} win in {year}", *(f"and {name}?" for name in three[1:]), asked)
    found = rows(sales, turns)

    assert {str(row[0]).split(" ")[0] for row in found} == {n for n in three if wins[n] == pick(wins.values())}
    assert {float(row[-1]) for row in found} == {pick(wins.values())}


# what is shown first, a question about its second row, the plain question with {name} for that row
ROWS = (
    ("accounts in Germany", "what industry is the second one in", "what is the industry of {name}"),
    ("accounts in Germany", "how many employees does the second one have", "how many employees does {name} have"),
    ("top 3 accounts by employees", "what industry is the second one in", "what is the industry of {name}"),
    ("top 3 accounts by revenue in 2024", "how many open deals does the second one have",
     "how many open deals does {name} have"),
)  # fmt: skip


@pytest.mark.parametrize(("shown", "asked", "plain"), ROWS)
def test_the_second_one_is_the_second_row_that_was_shown(sales: Desk, shown: str, asked: str, plain: str) -> None:
    names = [str(row[0]) for row in sales.rows(shown)]

    assert rows(sales, (shown, asked)) == sales.rows(plain.format(name=names[1]))
    assert rows(sales, (shown, asked)) != sales.rows(plain.format(name=names[0])) or "open" in asked


def test_a_row_that_was_not_shown_is_not_made_up(sales: Desk) -> None:
    assert not isinstance(last(sales, ("top 3 accounts by employees", "what industry is the seventh one in")), Query)


BACK = (
    (("bookings in the North in 2024", "and the South?", "back to the North"), "bookings in the North in 2024"),
    (("bookings in the North in 2024", "by rep", "and the South?", "back to the North"),
     "bookings in the North in 2024 by rep"),
    (("bookings in the North in 2024", "and the South?", "by rep", "back to the North"),
     "bookings in the North in 2024"),
    (("win rate in Germany in 2024", "and Japan?", "back to Germany"), "win rate in Germany in 2024"),
    (("win rate in Germany in 2024", "and Japan?", "and 2025?", "back to Germany"), "win rate in Germany in 2024"),
)  # fmt: skip


@pytest.mark.parametrize(("turns", "plain"), BACK, ids=in_words)
def test_back_to_a_name_is_the_last_question_about_it(sales: Desk, turns: tuple[str, ...], plain: str) -> None:
    assert rows(sales, turns) == sales.rows(plain)


EACH = (
    ("top 3 reps by revenue in 2024", "how many deals did each of them win in 2024",
     "how many deals did {name} win in 2024"),
    ("top 3 reps by revenue in 2024", "how many deals did each of them win", "how many deals did {name} win in 2024"),
    ("top 3 reps by revenue in 2024", "how many deals did each of them lose in 2024",
     "how many deals did {name} lose in 2024"),
    ("which reps are in the North", "how many deals did each of them lose in 2024",
     "how many deals did {name} lose in 2024"),
    ("top 3 accounts by revenue in 2024", "how many deals did each of them lose in 2024",
     "how many deals did we lose with {name} in 2024"),
)  # fmt: skip


@pytest.mark.parametrize(("shown", "asked", "plain"), EACH)
def test_each_of_them_gives_one_number_for_each_that_was_shown(sales: Desk, shown: str, asked: str, plain: str) -> None:
    names = [str(row[0]) for row in sales.rows(shown)]
    expected = {name: sales.number(plain.format(name=name)) for name in names}

    assert {str(label): float(value) for label, value in rows(sales, (shown, asked))} == expected


@pytest.mark.parametrize(
    "first",
    ["how many zwanfels are there", "what is the weather", "revenue from Microsoft", "how much did that guy win"],
)
@pytest.mark.parametrize(
    "after", ["which of those are in Germany", "which of them are open", "how many of those did we win"]
)
def test_those_after_a_question_without_an_answer_are_asked_back(sales: Desk, first: str, after: str) -> None:
    assert not isinstance(sales.plan(first), Query)
    assert isinstance(last(sales, (first, after)), Clarify | Cannot)


ONE_OF_SEVERAL = (
    ("top 3 accounts by revenue in 2024", "what is the industry of that account"),
    ("top 3 accounts by revenue in 2024", "how many open deals does that account have"),
    ("accounts in Germany", "how many deals did we win with that account"),
    ("which reps are in the North", "who is that rep's manager"),
    ("which reps are in the North", "how many deals did that rep win in 2024"),
)


@pytest.mark.parametrize(("shown", "asked"), ONE_OF_SEVERAL)
def test_one_that_is_pointed_at_among_several_is_asked_back_with_them(sales: Desk, shown: str, asked: str) -> None:
    names = {str(row[0]) for row in sales.rows(shown)}
    plan = last(sales, (shown, asked))

    assert len(names) > 1
    assert isinstance(plan, Clarify)
    assert set(plan.options) <= names
    assert len(plan.options) == min(4, len(names))


@pytest.mark.parametrize(
    ("shown", "asked", "plain"),
    [
        ("which rep won the most deals in 2024", "how many open deals does that rep have",
         "how many open deals does {name} have"),
        ("which account brought in the most revenue in 2024", "how many deals did we lose with that account in 2024",
         "how many deals did we lose with {name} in 2024"),
    ],
)  # fmt: skip
def test_the_only_one_that_was_shown_is_the_one_pointed_at(sales: Desk, shown: str, asked: str, plain: str) -> None:
    ((name, *_),) = sales.rows(shown)

    assert rows(sales, (shown, asked)) == sales.rows(plain.format(name=name))
