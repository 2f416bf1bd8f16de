"""No word of a change is dropped: a share is no value, a day is kept, a promise is a task; what is unread is asked."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify, Propose, Query
from crm_core.changes.steps import Computed
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made
from tests.copilot.offline.writing.wishing import changes, talk

NEW = "New account Larkspur, retail, 300 employees"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("put Ferncliff's headcount up 10%", {"employees": Computed(times=1.1)}),
        ("cut the headcount of Ferncliff by 40", {"employees": Computed(plus=-40)}),
        ("raise Ferncliff's headcount to 7,200", {"employees": 7200}),
        ("把 Ferncliff 的员工数上调10%", {"employees": Computed(times=1.1)}),
        ("Ferncliff 员工加了20人", {"employees": Computed(plus=20)}),
        ("Ferncliff 员工数加到7200", {"employees": 7200}),
        ("Ferncliff has been busy, they have 7,200 employees now", {"employees": 7200}),
    ],
)
def test_a_number_is_a_change_or_the_value_itself(sales: Desk, text: str, given: dict[str, Any]) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "account", ("Ferncliff",), given)]


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("Tidewell has been bought by Corvane. Please set the parent company accordingly.", "Corvane"),
        ("Corvane acquired Tidewell, update the parent", "Corvane"),
        ("set Corvane as the parent of Tidewell", "Corvane"),
        ("Tidewell 被 Corvane 收购了，母公司改一下", "Corvane"),
        ("Tidewell is no longer part of Corvane", None),
        ("Tidewell is not part of Corvane any more, clear the parent", None),
    ],
)
def test_who_buys_a_company_is_its_parent(sales: Desk, text: str, parent: str | None) -> None:
    assert changes(sales, sales.plan(text)) == [("update", "account", ("Tidewell",), {"parent": parent})]


@pytest.mark.parametrize("told", ["dated 12 June", "backdated to 12 June", "日期写6月12号"])
def test_the_day_that_is_told_for_a_loss_is_kept(sales: Desk, told: str) -> None:
    ((_, _, codes, given),) = changes(sales, sales.plan(f"Mark D1218 as lost, {told}"))

    assert (codes, given) == (("D1218",), {"stage": "Lost", "closed_on": "2025-06-12"})


@pytest.mark.parametrize(
    ("text", "kind", "task"),
    [
        ("Just got off the phone with Tidewell, log it. They liked the demo. I send them the price list by Monday.",
         "call", {"title": "Send them the price list", "due_on": "2025-06-23"}),
        ("Met Tidewell yesterday. I promised to send the price list by Monday.",
         "meeting", {"title": "Send the price list", "due_on": "2025-06-23"}),
        ("刚跟 Tidewell 打完电话，挺满意。我周五前把报价发给他们。",
         "call", {"title": "把报价发给他们", "due_on": "2025-06-20"}),
    ],
)  # fmt: skip
def test_what_is_promised_in_a_talk_is_a_task(sales: Desk, text: str, kind: str, task: dict[str, Any]) -> None:
    (_, talk_values), (entity, values) = made(sales, sales.plan(text))

    assert talk_values["kind"] == kind
    assert (entity, values) == ("task", {**task, "account": "Tidewell"})


def test_what_the_customer_will_do_is_no_task(sales: Desk) -> None:
    assert [kind for kind, _ in made(sales, sales.plan("Log a call with Tidewell. They reply by Monday."))] == [
        "interaction"
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("make that finance, and they are in Brazil", {"industry": "finance", "country": "Brazil"}),
        ("no, 350 employees", {"employees": 350}),
        ("not retail, finance", {"industry": "finance"}),
        ("行业改成 finance", {"industry": "finance"}),
        ("actually the name is Larkspur Group", {"name": "Larkspur Group"}),
    ],
)
def test_a_record_that_waits_to_be_made_is_filled_in_further(sales: Desk, text: str, values: dict[str, Any]) -> None:
    before = {"name": "Larkspur", "industry": "retail", "employees": 300}

    plan = talk(sales, NEW, text)

    assert made(sales, plan) == [("account", {**before, **values})]
    assert isinstance(plan, Propose)
    assert plan.instead_of == "P1"


@pytest.mark.parametrize(
    "texts",
    [
        ("need the amount changed on D1218",),
        ("update the headcount of Ferncliff",),
        ("I need the headcount of Ferncliff updated",),
        ("帮我把 D1218 的金额改一下",),
        ("把 Ferncliff 的员工数调一下",),
        ("Increase Ferncliff headcount 50",),
        ("Ferncliff headcount is down 15 to 85",),
        ("put the headcount of Frobnix up 10%",),
        ("Mark D1218 as lost, stamped 12 June",),
        (NEW, "make that frobnicated"),
        ("Mark D1218 as won", "and set the thing to blue"),
    ],
)
def test_a_change_that_is_not_read_whole_is_asked_about(sales: Desk, texts: tuple[str, ...]) -> None:
    assert isinstance(talk(sales, *texts), Clarify)


@pytest.mark.parametrize("text", ["Add up the headcount of every account", "give me the headcount of Ferncliff"])
def test_a_verb_of_change_that_only_asks_is_answered(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Query)


def test_another_question_may_follow_a_proposal(sales: Desk) -> None:
    assert isinstance(talk(sales, NEW, "Tessa's open deals"), Query)
