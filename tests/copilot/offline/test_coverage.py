"""Words that turn a question's meaning leave a trace in the query, or the planner asks."""

import pytest

from copilot.offline.coverage import contradicts_itself, counts_parts
from copilot.offline.plan import Clarify, Query
from crm_core.query.spec import All, Condition, Group, Having, Measure, QuerySpec
from tests.copilot.offline.conftest import Desk


@pytest.mark.parametrize(
    "text",
    ["deals worth a look", "accounts of interest", "how's that deal going", "排名中间的销售是谁",
     "win rate until March 2024 and from April 2024 on"],
)  # fmt: skip
def test_what_is_half_understood_is_no_list_of_everything(sales: Desk, text: str) -> None:
    assert sales.asks(text)


def test_conditions_that_exclude_each_other_are_told() -> None:
    apart = [Condition(field="owner", value="Mira"), Condition(field="owner", op="in", value=["Jonas", "Priya"])]

    assert contradicts_itself(QuerySpec(entity="deal", where=All(all=[*apart])))
    assert not contradicts_itself(QuerySpec(entity="deal", where=All(all=[apart[0], apart[0]])))


@pytest.mark.parametrize("text", ["list all accounts", "which customers do we have", "我们有哪些客户"])
def test_all_of_a_kind_are_listed_where_just_that_is_asked(sales: Desk, text: str) -> None:
    assert sales.spec(text).where is None


@pytest.mark.parametrize(
    "text", ["how's the retail deal going", "what's happening with the software deal", "那个零售的单子怎么样了"]
)
def test_one_that_is_spoken_of_as_known_is_asked_about_where_several_fit(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Clarify)
    assert len(plan.options) > 1


def test_a_follow_up_that_changes_nothing_was_not_understood(sales: Desk) -> None:
    before = sales.turn("what did we win in 2024 compared to 2023")

    plan = sales.plan("which segment made the difference?", after=[before])

    assert not (isinstance(plan, Query) and plan.spec == before.spec)


def test_the_same_question_in_other_words_is_answered_again(sales: Desk) -> None:
    before = sales.turn("how many deals did we win?")

    assert isinstance(sales.plan("the number of deals won, please", after=[before]), Query)


def test_a_number_of_deals_is_never_tested_by_a_share() -> None:
    count = Measure(fn="count", name="count")
    spec = QuerySpec(entity="deal", group_by=[Group(field="owner")], measures=[count])

    assert counts_parts(spec.model_copy(update={"having": [Having(measure="count", op="lt", value=0.6)]}))
    assert not counts_parts(spec.model_copy(update={"having": [Having(measure="count", op="lt", value=6)]}))


def test_whoever_sits_under_somebody_reports_to_them(sales: Desk) -> None:
    assert "manager" in str(sales.spec("which reps sit under Victor Amadi").where)
