"""The kind of answer that is asked for is the kind that is given: days, money, averages, the right sort of record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from copilot.offline.plan import Cannot, Clarify, Plan, Queries, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY, Row, World, build

_REPS = ("Mira Castellan", "Jonas Whitlock", "Tessa Obafemi")
_KINDS = ("Food Producer", "Brewery", "Cosmetics")


@dataclass(frozen=True)
class Mill:
    """A company with deals, orders, own stages and own columns."""

    planner: Planner
    store: object

    def plan(self, text: str) -> Plan:
        return self.planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    def spec(self, text: str) -> QuerySpec:
        plan = self.plan(text)
        assert isinstance(plan, Query), plan
        return plan.spec

    def count(self, text: str) -> float:
        found = run_query(self.store, self.spec(text), actor=ADMIN, today=TODAY).rows  # type: ignore[arg-type]
        return float(found[0].values[-1] or 0)  # type: ignore[arg-type]

    def asks(self, text: str) -> bool:
        return isinstance(self.plan(text), Clarify | Cannot)


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mill]:
    folder = tmp_path_factory.mktemp("mill")
    store, report = build(World("mill", {"accounts": _accounts(), "deals": _deals(), "orders": _orders()}), folder)
    assert not report.problems, report.problems
    yield Mill(Planner(store), store)
    store.close()


def _name(at: int) -> str:
    return f"{('Alder', 'Birch', 'Cedar', 'Damson', 'Elm', 'Fir')[at % 6]} {('Lane', 'Court')[at // 6]}"


def _accounts() -> list[Row]:
    return [
        {"Account Name": _name(at), "Industry": _KINDS[at % 3], "Account Owner": _REPS[at % 3],
         "Account Opened": date(2025 - at % 2, 1, 5 + at), "Phone": "" if at < 5 else f"01234 5678{at:02}",
         "Proprietor": f"Ms {_name(at).split()[0]}"}
        for at in range(12)
    ]  # fmt: skip


def _deals() -> list[Row]:
    stages = ("Enquiry", "Negotiation", "Closed Won", "Closed Lost")
    return [
        {"Deal Name": f"Job {at}", "Account Name": _name(at % 12), "Stage": stages[at % 4], "Amount": 1000 + 10 * at,
         "Owner": _REPS[at % 3], "Start Date": TODAY - timedelta(300 - at),
         "Closing Date": TODAY + timedelta(at % 30 if at % 4 < 2 else -at), "Job Type": ("Repair", "Rebuild")[at % 2]}
        for at in range(48)
    ]  # fmt: skip


def _orders() -> list[Row]:
    return [
        {"Order No": f"SO{at}", "Account Name": _name(at % 12), "Order Date": TODAY - timedelta(3 * at),
         "Amount": 200 + at, "Owner": _REPS[at % 3], "Status": "Delivered"}
        for at in range(60)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["what day do we deliver to Alder Lane", "when do we supply Birch Court", "send me the figures for the breweries",
     "could I have the numbers for Cosmetics", "what price did they quote us", "what do breweries usually buy",
     "what do breweries typically spend with us", "which visits go out on a thursday",
     "what's the owner's name at Cedar Lane", "which rep is behind target", "the biggest job I have out"],
)  # fmt: skip
def test_another_kind_of_answer_than_asked_for_is_none(mill: Mill, text: str) -> None:
    assert mill.asks(text)


@pytest.mark.parametrize("text", ["order value by rep this year", "who has brought in more order value, Mira or Jonas"])
def test_a_column_that_only_orders_have_is_of_orders(mill: Mill, text: str) -> None:
    assert mill.spec(text).entity == "order"


def test_deals_go_by_the_stage_that_a_state_names(mill: Mill) -> None:
    assert "Negotiation" in str(mill.spec("how many jobs are under negotiation").where)
    assert "Negotiation" in str(mill.spec("jobs being negotiated").where)
    assert "open" in str(mill.spec("how many jobs are in progress").where)


def test_a_job_is_no_job_type(mill: Mill) -> None:
    spec = mill.spec("which jobs are in negotiation")

    assert spec.entity == "deal"
    assert not spec.distinct


def test_a_word_of_one_value_is_not_another_that_is_like_it(mill: Mill) -> None:
    assert "Food Producer" in str(mill.spec("how many food customers are there").where)
    assert "Brewery" in str(mill.spec("how many breweries are there").where)


def test_accounts_are_opened_on_their_own_day(mill: Mill) -> None:
    assert mill.count("how many new accounts have we opened in 2025") == sum(at % 2 == 0 for at in range(12))


@pytest.mark.parametrize("text", ["有几家客户没登记电话", "没留电话的客户有几家", "没填电话的客户有多少"])
def test_what_is_not_recorded_of_customers_is_a_field_of_theirs(mill: Mill, text: str) -> None:
    assert mill.count(text) == 5


@pytest.mark.parametrize("text", ["在用客户有多少", "多少在租客户"])
def test_how_a_customer_stands_is_not_passed_over(mill: Mill, text: str) -> None:
    assert mill.asks(text)


def test_the_time_at_the_end_of_two_questions_is_of_both(sales: Desk) -> None:
    for text in (
        "how many deals did we win and how many did we lose in 2024",
        "how many were won and how many lost this year",
    ):
        plan = sales.plan(text)
        plans = plan.parts if isinstance(plan, Queries) else (plan,)
        assert all(isinstance(part, Query) and "closed_on" in str(part.spec.where) for part in plans), plan


def test_a_time_that_the_first_of_two_questions_cannot_have_is_of_the_second(sales: Desk) -> None:
    plan = sales.plan("how many deals are open and how many did we win in 2024")

    assert isinstance(plan, Queries)
    assert "2024" not in str(plan.parts[0].spec.where)


def test_money_that_is_asked_for_is_no_number_of_deals(sales: Desk) -> None:
    plan = sales.plan("what do we expect to close by August, in dollars")

    assert not isinstance(plan, Query) or any(m.fn != "count" for m in plan.spec.measures)


def test_who_of_a_team_lost_is_no_competitor(sales: Desk) -> None:
    plan = sales.plan("who lost most often on price")

    assert isinstance(plan, Query)
    assert "owner" in str(plan.spec.group_by)


def test_which_of_those_counted_are_listed(desk: object) -> None:
    chinese: Desk = desk("chinese")  # type: ignore[operator]
    spec = chinese.spec("跟进中的商机有几个，都是哪几个")

    assert spec.entity == "deal"
    assert not spec.measures


def test_how_many_of_them_is_no_share(desk: object) -> None:
    chinese: Desk = desk("chinese")  # type: ignore[operator]
    before = chinese.turn("今年赢了几单")

    plan = chinese.plan("零售的占几个", after=[before])

    assert isinstance(plan, Query)
    spec = plan.spec
    assert [m.over for m in spec.measures] == [None]
    assert "closed_on" in str(spec.where)


def test_the_end_of_a_period_denies_nothing(sales: Desk) -> None:
    plan = sales.plan("which of the reps has done no deals in May 2024")

    assert not isinstance(plan, Query) or "value=0" in str(plan.spec.where)


def test_who_has_those_that_were_counted_is_asked_too(desk: object) -> None:
    chinese: Desk = desk("chinese")  # type: ignore[operator]

    plan = chinese.plan("零售客户有几家，都是谁在跟")

    assert not isinstance(plan, Query) or "owner" in str(plan.spec)
