"""Ordinary English words and turns: each is read as its plain twin is, or says what it always says."""

from datetime import date

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import joined

TWINS = [
    # states by other words
    ("how many deals ended in success in 2024", "how many deals did we win in 2024"),
    ("how many deals came to nothing in 2024", "how many deals did we lose in 2024"),
    ("how many offers were accepted in 2024", "how many deals did we win in 2024"),
    ("how many offers were refused in 2024", "how many deals did we lose in 2024"),
    ("how many Atlas Plus deals have no decision yet", "how many open Atlas Plus deals"),
    ("how many deals are without a decision either way", "how many open deals"),
    ("how many deals have no outcome", "how many open deals"),
    ("how many deals are still sitting in the pipeline for Mira", "how many open deals does Mira have"),
    ("how many deals ended in July 2024", "how many deals closed in July 2024"),
    ("how many rejections did Vantry give us", "how many deals lost did Vantry give us"),
    ("how many deals were born in March 2024", "how many deals were started in March 2024"),
    # words that say nothing
    ("how many deals whatsoever did Mira win in 2024", "how many deals did Mira win in 2024"),
    ("how many deals did we win in 2024 once you add them all up", "how many deals did we win in 2024 in total"),
    ("show me the whole set of open deals in the North", "show me the open deals in the North"),
    ("name a few customers in retail", "name some customers in retail"),
    ("what did each of the three regions bring in", "what did each of the regions bring in"),
    ("how sharply did revenue fall from March to April 2025", "how much did revenue fall from March to April 2025"),
    # who and what
    ("who is our top man in the North by revenue", "who is our top rep in the North by revenue"),
    ("which of our people has never won anything", "which of our reps has never won anything"),
    ("which customers own an Atlas Max", "which customers bought an Atlas Max"),
    ("to whom did we sell the most Atlas Plus", "to which customer did we sell the most Atlas Plus"),
    ("how often did Vantry buy from us", "how many deals did we win with Vantry"),
    ("how many heads does Helene Brandt lead", "how many reps report to Helene Brandt"),
    ("which companies are owned by another company", "which companies have a parent company"),
    ("how are our customers spread over the industries", "how many customers by industry"),
    ("what did Mira and Jonas bring in between them", "what did Mira and Jonas bring in combined"),
    ("what is Vantry's favourite product", "which product did Vantry buy the most"),
    ("how rich is Vantry", "what is the annual revenue of Vantry"),
    ("what did the whole sales force bring in", "what did the whole company bring in"),
    # which figure
    ("which rep has the highest number of losses", "which rep has the most losses"),
    ("what was the slowest month for revenue", "what was the quietest month for revenue"),
    ("which industry is the hardest to win", "which industry has the lowest win rate"),
    ("what are our chances in retail", "what is our win rate in retail"),
    ("how much does the average rep bring in", "what is the average bookings per rep"),
    ("how many deals lasted over 60 days", "how many deals took over 60 days to close"),
    ("what's the most anyone ever paid for an Atlas Plus", "maximum deal amount among won deals for Atlas Plus"),
    ("cheapest an Atlas Plus ever went for", "minimum deal amount among won deals for Atlas Plus"),
    # when
    ("how many deals did we win in the opening week of June 2024",
     "how many deals did we win in the first week of June 2024"),
    ("deals won between the 3rd and the 9th of July 2024", "deals won from 3 July 2024 to 9 July 2024"),
    ("in what year was Vantry set up", "founding year of Vantry"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "plain"), TWINS)
def test_an_everyday_question_is_read_as_its_plain_twin(sales: Desk, said: str, plain: str) -> None:
    assert sales.rows(said) == sales.rows(plain)
    assert sales.spec(said).where == sales.spec(plain).where


@pytest.mark.parametrize(
    "text", ["When was Vantry founded?", "In what year was Vantry set up?", "when was Vantry born"]
)
def test_a_year_of_foundation_answers_when(sales: Desk, text: str) -> None:
    year = next(row["year_founded"] for row in sales.world.tables["accounts"] if row["account"] == "Vantry")

    assert [row[-1] for row in sales.rows(text)] == [year]


def test_what_has_no_outcome_is_open(sales: Desk) -> None:
    assert sales.number("how many deals have no result yet") == sum(
        deal["stage"] not in ("Won", "Lost") for deal in joined(sales.world)
    )


def test_days_of_one_month_are_a_range(sales: Desk) -> None:
    first, last = date(2024, 7, 3), date(2024, 7, 9)
    won = [deal for deal in joined(sales.world) if deal["stage"] == "Won" and first <= deal["close_date"] <= last]

    assert sales.number("how many deals did we win from the 3rd to the 9th of July 2024") == len(won)


@pytest.mark.parametrize(
    "text",
    [
        "how many deals did we win in frobnitz once you add them all up",  # a name stays unknown
        "which of our blorgs has never won anything",
    ],
)
def test_an_unknown_word_stays_one(sales: Desk, text: str) -> None:
    assert sales.asks(text)
