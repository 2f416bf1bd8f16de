"""What is offered in the place of a question that a word keeps from being answered, and what picking it does."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Query
from tests.copilot.offline.conftest import Desk


def offered(desk: Desk, text: str, *, after: tuple[PastTurn, ...] = ()) -> list[str]:
    """The questions that are offered; none where it is answered or declined."""
    plan = desk.plan(text, after=after)
    return [one.text for one in plan.reworded] if isinstance(plan, Clarify) else []


@pytest.mark.parametrize(
    ("world", "text", "without"),
    [
        ("sales", "how many flashy deals did Mira win in 2024", "how many deals did Mira win in 2024"),
        ("sales", "bookings by region, gently rounded", "bookings by region"),
        ("sales", "Which reps lost deals through the window in 2024?", "Which reps lost deals in 2024?"),
        ("sales", "how many deals did we not win through the window", "how many deals did we not win"),
        ("chinese", "今年华东战略性赢单有多少", "今年华东赢单有多少"),
        ("shop", "how many cheerful orders last year", "how many orders last year"),
        ("shop", "revenue from furniture in the basement last year", "revenue from furniture last year"),
    ],
)
def test_the_question_is_offered_without_an_ordinary_word_that_nothing_explains(
    desk: Callable[[str], Desk], world: str, text: str, without: str
) -> None:
    assert offered(desk(world), text) == [without]


def test_the_word_is_named_and_no_number_is_told(sales: Desk) -> None:
    plan = sales.plan("how many flashy deals did Mira win in 2024")

    assert isinstance(plan, Clarify)
    assert (plan.unread, plan.is_strange) == ("flashy", True)
    assert '"flashy"' in plan.question
    assert not any(character.isdigit() for character in plan.question)


def test_a_part_that_does_not_belong_is_named(sales: Desk) -> None:
    plan = sales.plan("how many deals did we win in 2024, bookings against deals decided")

    assert isinstance(plan, Clarify)
    assert '"against deals decided"' in plan.question
    assert all("decided" not in one.text for one in plan.reworded)
    assert plan.reworded


def test_a_word_that_comes_near_is_offered_in_the_place_of_a_strange_one(sales: Desk) -> None:
    plan = sales.plan("bookings by indstryal")

    assert isinstance(plan, Clarify)
    assert [(one.text, one.word, one.meaning) for one in plan.reworded] == [
        ("bookings by industry", "indstryal", "account.industry")
    ]


@pytest.mark.parametrize(
    ("world", "text"),
    [
        ("sales", "how many deals did Benelux win in 2024"),  # names
        ("sales", "how many Benelux deals did we win in 2024"),
        ("sales", "how many deals did we win in the Fenwickian accounts"),
        ("chinese", "去年弘毅客户赢了多少单"),
        ("sales", "bookings from retail, software and shoe accounts"),  # one of a list
        ("sales", "how many million deals did we win"),  # a quantity
        ("sales", "what is the attitude at Tidewell"),  # what is asked for
        ("shop", "how many orders last year by weekend"),  # what it is told by
        ("sales", "asdf qwer zxcv"),
        ("sales", "🙂 🙂 flashy 🙂"),
    ],
)
def test_what_narrows_counts_or_names_is_never_left_out(desk: Callable[[str], Desk], world: str, text: str) -> None:
    assert offered(desk(world), text) == []


@pytest.mark.parametrize("text", ["margin by product", "the weather in Berlin", "average discount"])
def test_what_the_data_does_not_hold_is_still_declined(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Cannot)


def test_a_pasted_page_is_offered_nothing(sales: Desk) -> None:
    assert offered(sales, "how many flashy deals did Mira win in 2024 " * 20) == []


def asked(desk: Desk, text: str, *, after: tuple[PastTurn, ...] = ()) -> PastTurn:
    """A turn that was asked back about, as a conversation keeps it."""
    plan = desk.plan(text, after=after)
    assert isinstance(plan, Clarify)
    return PastTurn(text, reworded=plan.reworded)


@pytest.mark.parametrize("picked", ["1", "the first one", "how many deals did Mira win in 2024"])
def test_what_is_picked_is_answered_as_if_it_had_been_asked(sales: Desk, picked: str) -> None:
    before = asked(sales, "how many flashy deals did Mira win in 2024")

    plan = sales.plan(picked, after=(before,))

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec("how many deals did Mira win in 2024")


def test_what_is_asked_next_leans_on_what_was_picked(sales: Desk) -> None:
    before = asked(sales, "how many flashy deals did Mira win in 2024")
    picked = sales.plan("1", after=(before,))
    assert isinstance(picked, Query)

    plan = sales.plan("and Jonas", after=(before, PastTurn("1", spec=picked.spec, shape=picked.shape)))

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec("how many deals did Jonas win in 2024")


def test_what_is_picked_keeps_the_scope_of_the_conversation(sales: Desk) -> None:
    first = sales.turn("how many deals did Mira win in 2024")
    before = asked(sales, "how many flashy ones in 2023", after=(first,))

    plan = sales.plan("1", after=(first, before))

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec("how many deals did Mira win in 2023")


def test_another_question_is_not_taken_for_a_pick(sales: Desk) -> None:
    before = asked(sales, "how many flashy deals did Mira win in 2024")

    plan = sales.plan("how many deals did Jonas win in 2023", after=(before,))

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec("how many deals did Jonas win in 2023")


def test_a_pick_of_a_near_word_tells_how_it_is_taught(sales: Desk) -> None:
    before = asked(sales, "bookings by indstryal")

    plan = sales.plan("1", after=(before,))

    assert isinstance(plan, Query)
    assert any("farley lexicon accept indstryal account.industry" in note for note in plan.notes)
