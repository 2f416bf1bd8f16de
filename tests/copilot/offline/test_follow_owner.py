"""Follow-ups about somebody else's deals, and after words that say nothing."""

from collections.abc import Callable, Sequence

import pytest

from copilot.offline.plan import PastTurn, Plan, Query
from crm_core.access import ADMIN, Actor
from crm_core.users import actor_for
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]


def last(desk: Desk, actor: Actor, *turns: str) -> Plan:
    past: list[PastTurn] = []
    for text in turns[:-1]:
        plan = desk.plan(text, after=past, actor=actor)
        past.append(PastTurn(text, spec=plan.spec, shape=plan.shape) if isinstance(plan, Query) else PastTurn(text))
    return desk.plan(turns[-1], after=past, actor=actor)


def rows(desk: Desk, actor: Actor, *turns: str) -> list[tuple[object, ...]]:
    plan = last(desk, actor, *turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return [row.values for row in desk.run(plan.spec, actor=actor).rows]


ASKED = (
    "how many deals did {who} win in 2024?", "bookings of {who} in 2024", "what is the win rate of {who}?",
    "how many deals did {who} lose in Q1 2025?",
)  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("turned", ["and mine?", "what about mine?", "and me?"])
def test_ones_own_take_the_place_of_another_persons(sales: Desk, asked: str, turned: str) -> None:
    me = actor_for(sales.store, "Mira Castellan")

    told = rows(sales, me, asked.format(who="Tessa Obafemi"), turned)

    assert told == sales.rows(asked.format(who="Mira Castellan"))


@pytest.mark.parametrize("asked", ["how many deals did I win in 2024?", "how many deals did I lose in 2024?"])
@pytest.mark.parametrize("turned", ["and Tessa Obafemi?", "and Tessa's?", "what about Tessa Obafemi?"])
def test_another_persons_take_the_place_of_ones_own(sales: Desk, asked: str, turned: str) -> None:
    me = actor_for(sales.store, "Mira Castellan")

    assert rows(sales, me, asked, turned) == sales.rows(asked.replace("did I", "did Tessa Obafemi"))


@pytest.mark.parametrize("turned", ["我的呢", "那我的呢？"])
def test_ones_own_take_the_place_of_another_persons_in_chinese(desk: At, turned: str) -> None:
    company = desk("chinese")
    me = actor_for(company.store, "王晓燕")

    assert rows(company, me, "李建国去年的业绩", turned) == company.rows("王晓燕去年的业绩")
    assert rows(company, me, "我去年的业绩", "李建国呢") == company.rows("李建国去年的业绩")


NOISE = ("asdf qwer", "zzkrt", "qwe rty uio")


@pytest.mark.parametrize("noise", [[one] for one in NOISE] + [list(NOISE[:2])])
@pytest.mark.parametrize(
    ("asked", "turned"),
    [("bookings by region in 2024", "and in 2023?"), ("how many open deals does Caleb Durand have?", "and Jonas?"),
     ("2024年各大区的销售额", "2023年呢")],
)  # fmt: skip
def test_words_that_mean_nothing_do_not_spoil_the_next_follow_up(
    sales: Desk, asked: str, turned: str, noise: Sequence[str]
) -> None:
    assert last(sales, ADMIN, asked, *noise, turned) == last(sales, ADMIN, asked, turned)


@pytest.mark.parametrize("unread", ["Zzkrt Corp", "how many zwanfels are there?"])
@pytest.mark.parametrize("turned", ["how many deals did they win?", "how many of them were won?"])
def test_a_pointer_after_unknown_words_may_mean_them(sales: Desk, unread: str, turned: str) -> None:
    assert not isinstance(last(sales, ADMIN, "how many deals did Caleb Durand close in 2024?", unread, turned), Query)
