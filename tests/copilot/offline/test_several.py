"""Several questions in one message; what a percentage is of; the month that ranks."""

from collections import Counter
from itertools import permutations

import pytest

from copilot.offline.plan import Clarify, Queries, Query
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.gold import Counted, top
from tests.worlds import total

WHOLE = (
    "How many open deals does Tessa Obafemi have?",
    "Which rep won the most deals in 2024?",
    "How many deals did Mira lose in 2023?",
    "How many deals did Jonas win in Q1 2025?",
)


def queries(desk: Desk, text: str) -> tuple[Query, ...]:
    plan = desk.plan(text)
    assert isinstance(plan, Queries), f"{text!r} gave {plan}"
    return plan.parts


@pytest.mark.parametrize("pair", [*permutations(WHOLE, 2), *permutations(WHOLE[:3], 3)])
def test_each_of_several_questions_is_answered_as_alone(sales: Desk, pair: tuple[str, ...]) -> None:
    assert [part.spec for part in queries(sales, " ".join(pair))] == [sales.spec(text) for text in pair]


@pytest.mark.parametrize(
    ("first", "other"),
    [("What is the win rate in Germany?", "How many open deals are there?"),
     ("How many deals did Mira lose in 2023?", "How many open deals are there?")],
)  # fmt: skip
def test_a_question_without_a_scope_is_read_as_after_the_one_before_it(sales: Desk, first: str, other: str) -> None:
    after = sales.plan(other, after=[sales.turn(first)])
    assert isinstance(after, Query)

    assert after.spec != sales.spec(other)
    assert [part.spec for part in queries(sales, f"{first} {other}")] == [sales.spec(first), after.spec]


@pytest.mark.parametrize(
    ("text", "first", "other"),
    [
        ("how many deals did we win in 2024 and how many did we lose in 2024",
         "how many deals did we win in 2024", "how many deals did we lose in 2024"),
        ("who won the most deals in 2024 and who lost the most in 2024",
         "who won the most deals in 2024", "who lost the most deals in 2024"),
        ("how many deals did Mira win in 2024, and how many did Jonas lose in 2024",
         "how many deals did Mira win in 2024", "how many deals did Jonas lose in 2024"),
    ],
)  # fmt: skip
def test_a_question_that_and_joins_is_a_question_of_its_own(sales: Desk, text: str, first: str, other: str) -> None:
    found = [[row.values for row in sales.run(part.spec).rows] for part in queries(sales, text)]

    assert sales.rows(first) != sales.rows(other)
    assert found == [sales.rows(first), sales.rows(other)]


@pytest.mark.parametrize("text", WHOLE)
@pytest.mark.parametrize("bad", ["How many zwanfels are there?", "What is the average salary of our reps?"])
def test_one_question_without_an_answer_leaves_none_half_answered(sales: Desk, text: str, bad: str) -> None:
    for message in (f"{text} {bad}", f"{bad} {text}"):
        assert not isinstance(sales.plan(message), Query | Queries)


@pytest.mark.parametrize("text", ["bookings and win rate by region", "deals won by Mira and Jonas in 2024", *WHOLE])
def test_one_question_is_not_several(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Query)


@pytest.mark.parametrize(
    "text",
    [
        "what percentage did we book in 2024",
        "what percentage of bookings in 2024",
        "what percent are our bookings",
        "bookings in 2024 as a percentage",
        "what is our revenue in 2024 in percent",
        "what percent of revenue in 2024",
    ],
)
def test_a_percentage_of_nothing_that_is_one_is_asked_back(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("win rate in 2024 as a percentage", "win rate in 2024"),
     ("what is our win rate in percent", "what is our win rate"),
     ("loss rate by region in percent", "loss rate by region")],
)  # fmt: skip
def test_a_percentage_of_what_is_a_rate_is_that_rate(sales: Desk, text: str, plain: str) -> None:
    assert sales.rows(text) == sales.rows(plain)


def months(rows: list[dict[str, object]]) -> Counter[str]:
    return Counter(f"{row['close_date']:%Y-%m}" for row in rows)


@pytest.mark.parametrize(
    "text",
    ["which month had the most wins in 2024", "2024年哪个月赢单最多",
     "what was the best month for wins in 2024"],
)  # fmt: skip
def test_the_month_with_the_most_wins_is_counted_by_month(sales: Desk, text: str) -> None:
    wins = months(Counted(sales.world).won24)
    most = {month for month, count in wins.items() if count == max(wins.values())}

    assert {str(row[0]) for row in sales.rows(text)} == most
    assert {row[1] for row in sales.rows(text)} == {max(wins.values())}


def test_the_month_with_the_most_wins_of_all_time(sales: Desk) -> None:
    wins = months(Counted(sales.world).won)

    assert {str(row[0]) for row in sales.rows("which month had the most wins")} == {
        month for month, count in wins.items() if count == max(wins.values())
    }


@pytest.mark.parametrize(("word", "sign"), [("lowest", -1), ("highest", 1)])
def test_the_quarter_that_ranks_by_bookings(sales: Desk, word: str, sign: int) -> None:
    quarters = {name: sign * total(r for r in rows if r["stage"] == "Won")
                for name, rows in Counted(sales.world).quarters.items()}  # fmt: skip

    assert [str(row[0]) for row in sales.rows(f"which quarter had the {word} bookings in 2024")] == top(quarters)


def test_how_many_of_those_is_told_beside_how_many_there_are(sales: Desk) -> None:
    lost = [d for d in sales.world.tables["deals"] if d["stage"] == "Lost" and d["close_date"].year == 2024]
    parts = queries(sales, "How many deals did we lose in 2024 and how many of those were over 10k?")

    told = [sales.run(part.spec).rows[0].values[0] for part in parts]
    assert told == [len(lost), sum(deal["amount"] > 10_000 for deal in lost)]


def test_how_many_of_those_is_never_told_alone(sales: Desk) -> None:
    plan = sales.plan("How many deals does each rep have and how many of those are overdue?")

    assert not isinstance(plan, Query)
