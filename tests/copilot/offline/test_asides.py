"""Asides: what is said beside a question changes nothing and is named; what may narrow it is never passed over."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from crm_core.users import actor_for
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]
QUESTIONS = (
    "how many deals did Mira win in 2024", "bookings by region for 2024", "what is the win rate in Germany",
    "which rep won the most deals in 2024", "which open deals are past their close date",
    "how many deals did we win in 2024, leaving Japan out",
)  # fmt: skip
BEFORE = (
    "need to clean up my desk - {q}?", "boss is asking: {q}?", "the manager was asking, {q}?",
    "tidying things up, {q}?", "trying to make sense of this: {q}?", "gotta write a report, {q}?",
    "just prepping for my review – {q}?", "my boss wants this by noon, {q}?", "still working on the slides, {q}?",
)  # fmt: skip
AFTER = ("{q}, need it for a slide", "{q} - it bothers me", "{q}, thinking of calling them")


@pytest.mark.parametrize("aside", BEFORE + AFTER)
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_aside_changes_nothing_and_is_named(sales: Desk, aside: str, question: str) -> None:
    plan = sales.plan(aside.format(q=question))

    assert isinstance(plan, Query)
    assert plan.spec == sales.spec(question)
    assert any(note.startswith("Left out: ") for note in plan.notes)


CHINESE = (
    "老板要看，{q}",
    "帮老板问一下，{q}",
    "财务在问，{q}",
    "周一要汇报，{q}",
    "经理在催，{q}",
)


@pytest.mark.parametrize("aside", CHINESE)
@pytest.mark.parametrize("question", ["未结商机有多少", "谁赢单最多", "2024年丢了多少单", "去年各大区的销售额"])
def test_a_chinese_aside_changes_nothing_and_is_named(desk: At, aside: str, question: str) -> None:
    plan = desk("chinese").plan(aside.format(q=question))

    assert isinstance(plan, Query)
    assert plan.spec == desk("chinese").spec(question)
    assert any(note.startswith("未采用：") for note in plan.notes)


@pytest.mark.parametrize("aside", BEFORE[:4])
def test_an_aside_changes_nothing_in_a_shop(desk: At, aside: str) -> None:
    question = "how many orders did we get in 2024"

    assert desk("shop").spec(aside.format(q=question)) == desk("shop").spec(question)


@pytest.mark.parametrize("aside", ["need to clean up my pipeline - {q}?", "cleaning up my pipeline, {q}?"])
def test_ones_own_pipeline_in_an_aside_makes_it_ones_own(sales: Desk, aside: str) -> None:
    me = actor_for(sales.store, "Caleb Durand")
    question = "which open deals are over 10k"

    assert sales.spec(aside.format(q=question), actor=me) == sales.spec("which of my open deals are over 10k", actor=me)


LIMITS = (
    "{q}, need them by rep", "{q}, we want the ones over 20k", "{q}, need it only for Germany",
    "{q}, looking at retail", "counting only Germany, {q}?", "focusing on retail: {q}?", "starting in May, {q}?",
    "selling Atlas Core, {q}?", "need to leave out Japan - {q}?", "{q}, hoping for those under 5k",
)  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS)
def test_what_may_narrow_is_no_aside(sales: Desk, limit: str) -> None:
    question = "how many deals did we win"
    plan = sales.plan(limit.format(q=question))

    assert not isinstance(plan, Query) or plan.spec != sales.spec(question)
