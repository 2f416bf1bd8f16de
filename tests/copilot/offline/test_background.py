"""Clauses of background: left out by their structure and told; what may say which, when or how many never is."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]

# what is said, and the same question without it
SAID = (
    ("What is the average deal size in Germany, since the median is the figure that the press uses and it bores me.",
     "what is the average deal size in Germany"),
    ("how many deals did we win in 2024 i think it was a decent year", "how many deals did we win in 2024"),
    ("bookings by quarter for 2024 i feel it went downhill", "bookings by quarter for 2024"),
    ("so the south figures look a bit rosy to me how many deals did the south win in 2024",
     "how many deals did the south win in 2024"),
    ("the germany numbers strike me as odd what did we book in germany in 2024", "what did we book in germany in 2024"),
    ("I'm curious how many deals Mira won in 2024, given all the noise she makes.",
     "how many deals did Mira win in 2024"),
    ("to settle a bet with my deputy, what is the win rate in Germany?", "what is the win rate in Germany"),
    ("In view of the ongoing restructuring, how many open deals does each rep have?",
     "how many open deals does each rep have"),
    ("What did we book in 2024 so I don't look like a fool in front of the auditors", "what did we book in 2024"),
    ("the board thinks we're slow how long is our average sales cycle", "how long is our average sales cycle"),
    ("how many deals did mira win in 2024 she says its loads", "how many deals did mira win in 2024"),
    ("Seeing as the auditors are breathing down our necks, what did we book in 2024?", "what did we book in 2024"),
    ("For our anniversary brochure, how many deals did we win in 2024?", "how many deals did we win in 2024"),
    ("bookings by region for 2024 for my slides", "bookings by region for 2024"),
    ("did we win more deals in march than in april i need both numbers for the newsletter",
     "did we win more deals in march than in april"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "plain"), SAID)
def test_a_clause_of_background_changes_nothing_and_is_told(sales: Desk, said: str, plain: str) -> None:
    plan = sales.plan(said)

    assert isinstance(plan, Query), plan
    assert plan.spec == sales.spec(plain)


@pytest.mark.parametrize("said", [said for said, _ in SAID[:10]])
def test_what_was_left_out_is_told(sales: Desk, said: str) -> None:
    plan = sales.plan(said)

    assert isinstance(plan, Query)
    assert any(note.startswith("Left out: ") for note in plan.notes)


def test_whom_the_background_names_is_whom_the_question_points_at(sales: Desk) -> None:
    plain = "how many deals did Mira win in 2024"

    assert sales.rows("Given how loud Mira has been lately, how many deals did she win in 2024?") == sales.rows(plain)


@pytest.mark.parametrize(
    "said",
    ["the whole thing strikes me as odd {q}", "my deputy thinks we are lazy {q}", "{q} i feel it went downhill"],
)
def test_background_changes_nothing_in_a_shop(desk: At, said: str) -> None:
    question = "how many orders did we get in 2024"

    assert desk("shop").spec(said.format(q=question)) == desk("shop").spec(question)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I have it in my head that the north is our strongest region. What are the bookings by region for 2024?",
         "bookings by region for 2024"),
        ("Mira had a great year. Bookings by rep for 2024?", "bookings by rep for 2024"),
    ],
)  # fmt: skip
def test_a_question_about_each_is_not_narrowed_to_the_one_that_was_praised(sales: Desk, text: str, plain: str) -> None:
    assert sales.spec(text) == sales.spec(plain)


def test_what_somebody_would_love_to_see_is_the_question(sales: Desk) -> None:
    plain = "show me the open deals of Caleb, sorted by value"

    assert sales.rows("I would love to see the open deals of Caleb, sorted by value") == sales.rows(plain)


def test_how_many_of_what_was_spoken_of(sales: Desk) -> None:
    plain = "how many Atlas Max did we sell in 2024"

    told = "I keep hearing that Atlas Max is hard to sell. How many of them did we sell in 2024?"
    assert sales.rows(told) == sales.rows(plain)


@pytest.mark.parametrize("said", ["as discussed", "as promised to the auditors"])
def test_a_turn_of_speech_with_as_changes_nothing(sales: Desk, said: str) -> None:
    question = "how many deals did we win in 2024"

    assert sales.spec(f"{said}, {question}?") == sales.spec(question)


# these look like background, and say which deals are meant: nothing here may be answered
MEANT = (
    "How many deals do we have for the Benelux?",
    "For the Benelux, how many deals did we win in 2024?",
    "Given the Benelux focus, how many deals did we win?",
    "How many deals did we win since the reorg?",
    "Since the reorg, how many deals did we win?",
    "How many deals did we win since the reorganisation started?",
    "since marco joined how many deals did we win",
    "Since she left, how many deals did Mira win?",
    "as we closed the Berlin office how many deals did we win",
    "How many deals did we win while the hiring freeze lasted?",
    "how many deals did we win when the heatwave hit",
    "What did we book, as of the audit?",
    "I look after Bavaria. How many deals did we win in 2024?",
    "i look after bavaria how many deals did we win in 2024",
    "my region is the Benelux, what did we book in 2024?",
    "my team is the midmarket squad, how many open deals are there?",
    "this is about the Phoenix project, how many open deals do we have?",
    "how many deals did we win although they were pilots",
    "the gold tier matters to us how many deals did we win",
    "pilots strike me as odd how many deals did we win in 2024",
    "the pilot deals strike me as odd how many deals did we win in 2024",
    "as hospices are our focus, how many deals did we win?",
    "the wholesalers keep complaining how many deals did we win with them in 2024",
    "to exclude pilots, how many deals did we win?",
    "I manage the midmarket, how many open deals are there?",
    "the benelux accounts matter to me how many deals did we win",
    "deals for the benelux bother me how many did we lose in 2024",
    "The partner deals annoy me, how many deals did we win in 2024?",
    "How many deals did we win, as we only count the ones with a signed NDA?",
    "How many open deals are there, considering only the strategic ones?",
    "Because of the webinar, how many deals did we win?",
    "how many deals for the webinar did we win",
    "How many deals did we win because the champion left?",
    "How many deals did we win even though the buyer had no budget?",
    "How many deals did we win, though without the freebies?",
    "How many deals did we win, as reseller deals are what they pay for?",
    "Considering the deals with resellers, what is our win rate?",
    "Despite the discount, how many deals did we lose?",
    "To churned customers, how many deals did we sell?",
    "My accounts have forklifts. How many have more than 3?",
    "how many leads came through the form",
    "what's the churn rate as the board keeps asking",
)


@pytest.mark.parametrize("text", MEANT)
def test_what_may_say_which_deals_are_meant_is_no_background(sales: Desk, text: str) -> None:
    assert sales.asks(text)
