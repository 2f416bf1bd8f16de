"""The question of a message that tells much besides: read by itself, with what it points at and nothing else."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]

# what is said, and the same question without it
SAID = (
    ("I was going through old letters on the train and found one where I'd promised a party for fifty wins; how "
     "many deals "
     "did we win in 2024?", "how many deals did we win in 2024?"),
    ("Someone at the golf club claimed last week that Germany is hopeless; how many deals did we win there in 2024?",
     "how many deals did we win in Germany in 2024?"),
    ("We decided back in spring that nobody should sit idle, so how many open deals does each rep have?",
     "how many open deals does each rep have?"),
    ("The printer is threatening to drop the Atlas Max next spring, so please tell me how many of them we sold "
     "in 2024.",
     "how many Atlas Max did we sell in 2024"),
    ("My brother in law runs a shop and nobody there has heard of us, which hurt a little; anyway, how many "
     "accounts do we "
     "have?", "how many accounts do we have?"),
    ("It's the end of the year and everybody nags me; the one I need first is our win rate for 2024, thank you "
     "so much.",
     "win rate for 2024"),
    ("Sorry to bother you on a Sunday, but my partner worries, and I'm wondering which account gave us the most "
     "revenue in 2024.",
     "which account gave us the most revenue in 2024"),
    ("How many deals did we win in 2024? I have a town hall tomorrow and I want to mention the sum in my "
     "opening words.",
     "how many deals did we win in 2024?"),
    ("昨晚酒桌上老同学吹牛说他赚翻了，搞得我很没面子，我们2024年赢了多少单？", "我们2024年赢了多少单？"),
    ("晚上要跟董事长吃饭，他肯定会问起，所以我想先弄清楚2024年一共赢了多少单。", "2024年一共赢了多少单"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "plain"), SAID)
def test_the_question_is_answered_as_if_it_stood_alone(sales: Desk, said: str, plain: str) -> None:
    assert sales.rows(said) == sales.rows(plain)


@pytest.mark.parametrize("said", [said for said, _ in SAID])
def test_the_background_is_told_as_left_out(sales: Desk, said: str) -> None:
    plan = sales.plan(said)

    assert isinstance(plan, Query)
    assert any(note.startswith(("Left out: ", "未采用：")) for note in plan.notes)


def test_whose_names_are_asked_for_stands_in_the_background(sales: Desk) -> None:
    said = (
        "I've been told that a few of our reps have never won a deal, and I'd like to have their names "
        "so that I can help."
    )

    assert sales.rows(said) == sales.rows("which reps have never won a deal")


def test_a_day_in_a_polite_clause_is_no_filter(sales: Desk) -> None:
    said = (
        "Sorry to bother you on a Sunday, but the board has asked what the North brought in in 2024; "
        "could you give me the total?"
    )

    assert sales.spec(said) == sales.spec("what did the North bring in in 2024")


def test_when_something_may_come_to_pass_is_no_filter(sales: Desk) -> None:
    said = "They might drop the Atlas Max next spring, so please tell me how many of them are still open."

    assert sales.spec(said) == sales.spec("how many Atlas Max are still open")


@pytest.mark.parametrize(
    "said",
    [
        "I was told off at the golf club; we never sell to Japan. How many deals did we win?",
        "Last year was a weird one at the golf club. How many deals did we win?",
        "My dentist moaned, and I look after Bavaria; how many deals did we win in 2024?",
        "My dentist moaned; for the Benelux, how many deals did we win in 2024?",
        "My dentist moaned; how many deals did we win in 2024? Won ones over 20k I mean.",
        "Whatever my dentist says, I only count pilots; how many deals did we win in 2024?",
    ],
)
def test_what_may_narrow_the_question_is_never_left_out(sales: Desk, said: str) -> None:
    bare = {str(sales.spec("how many deals did we win")), str(sales.spec("how many deals did we win in 2024"))}
    plan = sales.plan(said)

    assert not isinstance(plan, Query) or str(plan.spec) not in bare


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("how many deals did we win over the whole of 2024", "how many deals did we win in 2024"),
        ("how many deals did we win over 2024", "how many deals did we win in 2024"),
        ("bookings by month across the entire year 2024", "bookings by month in 2024"),
    ],
)
def test_a_year_behind_over_is_a_period(sales: Desk, said: str, plain: str) -> None:
    assert sales.rows(said) == sales.rows(plain)


def test_an_amount_that_looks_like_a_year_stays_an_amount(sales: Desk) -> None:
    assert sales.spec("deals with an amount over 2024") == sales.spec("deals with an amount above 2024")


@pytest.mark.parametrize(
    "said",
    [
        "If all the open deals of Mira Castellan came in, how much would that be?",
        "Suppose Mira Castellan's open deals all close, how much would our bookings be?",
        "要是Mira Castellan的商机都成了，业绩是多少？",
    ],
)
def test_what_is_supposed_is_never_left_out(sales: Desk, said: str) -> None:
    plan = sales.plan(said)

    assert not isinstance(plan, Query) or "Mira Castellan" in str(plan.spec.where)
