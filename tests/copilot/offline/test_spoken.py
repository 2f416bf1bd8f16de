"""Questions as they are said aloud or typed on a phone, each with the plain question that it asks."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Propose, Query
from crm_core.users import actor_for
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]

UNTIL = (
    ("On average, how many days go by from the moment Mira engages until she wins?", "won"),
    ("How long does it take until we win an Atlas Core deal?", "won"),
    ("how many days, on average, does an Atlas Core deal stay with us before it gets lost?", "lost"),
    ("how long on average does an Atlas Core deal take before it is lost", "lost"),
    ("how many days until we lose a deal on average", "lost"),
)


@pytest.mark.parametrize(("text", "state"), UNTIL)
def test_a_time_that_is_told_by_its_end_is_of_those_that_ended_so(sales: Desk, text: str, state: str) -> None:
    spec = sales.spec(text)

    assert [(m.fn, m.field) for m in spec.measures] == [("avg", "duration_days")]
    assert f'"value":"{state}"' in spec.model_dump_json()


def test_a_median_of_days_before_a_win_is_a_median(sales: Desk) -> None:
    (measure,) = sales.spec("median number of days before we win a deal in Germany").measures

    assert (measure.fn, measure.field) == ("median", "duration_days")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("what would the north have taken in 2024 if we don't count Mira",
         "what did the north take in 2024 without Mira"),
        ("what would bookings be in 2024 if you leave out Germany", "bookings in 2024 without Germany"),
        ("of all deals we started in the first quarter, what proportion have we won by now",
         "of all deals we started in the first quarter, what proportion have we won"),
        ("how much did we win by now", "how much did we win"),
        ("bookings in two thousand and twenty four", "bookings in 2024"),
        ("deals won in march twenty twenty four", "deals won in march 2024"),
        ("how much did we sell to those of our customers who were established in nineteen ninety or later",
         "how much did we sell to customers founded in 1990 or later"),
        ("How much did we sell to customers who were founded in 2011 or later?",
         "how much did we sell to customers founded in 2011 or later"),
        ("how has our win rate moved quarter by quarter in 2024", "our win rate by quarter in 2024"),
        ("bookings in the second half of 2024, july to december 2024", "bookings in the second half of 2024"),
        ("who sold more than 100k in the year", "who sold more than 100k this year"),
        ("who is ahead on revenue in 2024, Mira or Jonas? give me both", "revenue of Mira and Jonas in 2024"),
        ("$ per rep 2024 just the people who won something", "bookings per rep in 2024 only reps who won something"),
        ("Between Mira and Jonas, who won more deals in 2024?", "who won more deals in 2024, Mira or Jonas?"),
        ("avg deal size by region in 24", "average deal size by region for 2024"),
        ("biggest loss in 2024", "biggest lost deal in 2024"),
        ("how much did we get form german accounts in 2024", "how much did we get from german accounts in 2024"),
        ("compare Helene Brandt and Victor Amadi: what has each of the two teams brought in in 2024?",
         "bookings of Helene Brandt's team and Victor Amadi's team in 2024"),
    ],
)  # fmt: skip
def test_what_is_said_means_the_plain_question(sales: Desk, said: str, plain: str) -> None:
    assert sales.rows(said) == sales.rows(plain)


def test_two_digits_behind_for_are_no_year(sales: Desk) -> None:
    assert sales.asks("which accounts did we win 24 deals for 20")


@pytest.mark.parametrize("text", ["deals worth more than two thousand and eleven dollars", "top twenty two deals"])
def test_a_number_in_words_is_no_year(sales: Desk, text: str) -> None:
    assert "closed_on" not in sales.spec(text).model_dump_json(include={"where"})


@pytest.mark.parametrize(
    ("text", "metric"),
    [("does Mira really convert more than seventy percent", "win_rate"),
     ("I wonder whether Mira converts more than thirty percent as she keeps telling us. What is the exact figure?",
      "win_rate")],
)  # fmt: skip
def test_whether_somebody_passes_a_test_is_told_by_the_figure(sales: Desk, text: str, metric: str) -> None:
    (measure,) = sales.spec(text).measures

    assert measure.metric == metric


def test_whether_somebody_won_so_many_counts_what_was_won(sales: Desk) -> None:
    assert sales.number("has Mira won more than 20 deals") == sales.number("how many deals has Mira won")


def test_who_somebody_reports_to_and_where_they_sit(sales: Desk) -> None:
    assert sales.rows("who Mira Castellan reports to and which region she works in") == [
        ("Mira Castellan", "Helene Brandt", "North")
    ]


@pytest.mark.parametrize("text", ["remind me of the list price of Atlas Core", "remind me of our win rate in Germany"])
def test_what_one_is_reminded_of_is_told(sales: Desk, text: str) -> None:
    assert sales.rows(text) == sales.rows(text.removeprefix("remind me of "))


def test_a_call_that_one_is_reminded_of_is_a_task(sales: Desk) -> None:
    assert isinstance(sales.plan("Remind me of the call with Tidewell on Friday"), Propose)


def test_the_team_of_somebody_who_types_no_apostrophe(sales: Desk) -> None:
    mira = actor_for(sales.store, "Mira Castellan")

    assert sales.spec("my teams total bookings in 2024", actor=mira) == sales.spec(
        "my team's total bookings in 2024", actor=mira
    )


def test_what_somebody_has_in_a_stage_are_deals(sales: Desk) -> None:
    plan = sales.plan("whats Mira got stuck in prospecting")

    assert isinstance(plan, Query)
    assert plan.spec.entity == "deal"


def test_that_person_is_the_seller_who_was_found(sales: Desk) -> None:
    first = sales.turn("which rep won the most deals in 2024")
    (name,) = first.labels
    plan = sales.plan("And how much revenue has that person made in 2024?", after=[first])

    assert isinstance(plan, Query)
    assert name in plan.spec.model_dump_json()
