"""Words that would be taken the wrong way round: but, almost, the team, per person, the most."""

import pytest

from copilot.offline.plan import Queries, Query
from crm_core.access import Actor
from crm_core.query.spec import All, Condition, Not, QuerySpec
from crm_core.users import actor_for
from tests.copilot.offline.conftest import Desk


def conditions(spec: QuerySpec) -> list[Condition]:
    parts = spec.where.all if isinstance(spec.where, All) else [spec.where]
    return [part for part in parts if isinstance(part, Condition)]


@pytest.fixture
def manager(sales: Desk) -> Actor:
    return actor_for(sales.store, "Helene Brandt")


@pytest.mark.parametrize("text", ["everyone but Mira, deals won", "how many deals did everybody but Mira win"])
def test_everyone_but_one_leaves_that_one_out(sales: Desk, text: str) -> None:
    where = sales.spec(text).where
    parts = where.all if isinstance(where, All) else [where]

    assert any(isinstance(part, Not) for part in parts)


@pytest.mark.parametrize(
    "text",
    ["which deals did we almost win", "which accounts did we nearly lose", "今年差一点就赢的单子", "几乎没赢过的销售"],
)
def test_what_almost_happened_is_not_told_as_what_happened(sales: Desk, text: str) -> None:
    assert sales.asks(text)


@pytest.mark.parametrize(
    "text", ["who on the team has the best win rate", "which of my reps has the best win rate", "组里谁的赢单率最高"]
)
def test_the_team_is_that_of_the_manager_who_says_so(sales: Desk, manager: Actor, text: str) -> None:
    spec = sales.spec(text, actor=manager)

    assert ("owner.manager", "Helene Brandt") in [(test.field, test.value) for test in conditions(spec)]


def test_my_deals_are_the_teams_of_one_who_only_leads(sales: Desk, manager: Actor) -> None:
    (test,) = conditions(sales.spec("list my deals", actor=manager))

    assert (test.field, test.op) == ("owner", "under")


def test_each_of_my_people_is_each_rep_of_the_team(sales: Desk, manager: Actor) -> None:
    spec = sales.spec("how many open deals does each of my people have", actor=manager)

    assert [group.field for group in spec.group_by] == ["owner"]


@pytest.mark.parametrize("text", ["deals won per person in 2024", "今年赢单每人各多少钱"])
def test_per_person_is_by_rep(sales: Desk, text: str) -> None:
    assert [group.field for group in sales.spec(text).group_by] == ["owner"]


@pytest.mark.parametrize("text", ["who signed the most in 2024", "who won the most this year", "2024年谁签得最多"])
def test_the_most_without_a_noun_is_told_by_number_and_by_money(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    parts = plan.parts if isinstance(plan, Queries) else (plan,)
    told = [measure.metric or measure.fn for part in parts if isinstance(part, Query) for measure in part.spec.measures]
    assert {"count", "bookings"} == set(told)


@pytest.mark.parametrize("text", ["who won the most deals in 2024", "2024年谁赢单最多"])
def test_the_most_deals_are_told_by_number(sales: Desk, text: str) -> None:
    assert len(sales.spec(text).measures) == 1


def test_how_many_are_in_the_pipe_is_a_number(sales: Desk) -> None:
    (measure,) = sales.spec("how many deals from Germany are in the pipe").measures

    assert measure.fn == "count"


def test_time_in_a_stage_is_no_age(sales: Desk) -> None:
    fields = [test.field for test in conditions(sales.spec("deals stuck in Negotiation for over 30 days"))]

    assert fields == ["days_in_stage", "stage"]


def test_bigger_deals_are_larger_ones_and_not_more(sales: Desk) -> None:
    (measure,) = sales.spec("do we win bigger deals in Germany than in Japan").measures

    assert (measure.fn, measure.field) == ("avg", "amount")
