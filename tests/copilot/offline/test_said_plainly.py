"""Words that were read past, so that the figure was one of something else."""

from datetime import date, timedelta

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY, World, joined


@pytest.fixture(scope="module")
def sales(desk) -> Desk:
    return desk("sales")


@pytest.fixture(scope="module")
def deals(sales):
    return joined(sales.world)


def total(deals, **same):
    return sum(d["amount"] for d in deals if d["stage"] == "Won" and all(d[k] == v for k, v in same.items()))


def test_what_is_joined_by_or_or_plus_is_one_figure(sales, deals):
    won = [d for d in deals if d["stage"] == "Won"]

    assert sales.number("number of deals won for Atlas Core or Atlas Plus") == sum(
        d["product"] in ("Atlas Core", "Atlas Plus") for d in won
    )
    retail = total(deals, industry="retail") + total(deals, industry="software")
    assert sales.number("revenue from retail plus software accounts") == retail
    assert len(sales.rows("deals won for Atlas Core and Atlas Plus")) == 2
    assert len(sales.rows("did Mira or Jonas win more deals")) == 2


def test_more_money_is_money(sales, deals):
    rows = dict(sales.rows("Did Mira win more money in Q1 or in Q2?"))

    first = [d for d in deals if d["rep"] == "Mira Castellan" and d["stage"] == "Won"]
    assert rows["2025-Q1"] == sum(d["amount"] for d in first if date(2025, 1, 1) <= d["close_date"] < date(2025, 4, 1))


def test_who_pays_the_most_is_told_in_money(sales, deals):
    ((name, money),) = sales.rows("哪家客户给的钱最多")

    assert money == max(total(deals, account=a) for a in {d["account"] for d in deals if d["account"]})
    assert money == total(deals, account=name)


@pytest.mark.parametrize("text", ["那个单子咋样了", "those deals", "what about this customer", "how many of them"])
def test_a_pointer_to_nothing_is_asked_about(sales, text):
    assert sales.asks(text)


def test_who_bought_it_is_the_account_and_who_won_it_the_rep(sales, deals):
    best = max((d for d in deals if d["rep"] == "Mira Castellan" and d["stage"] == "Won"), key=lambda d: d["amount"])

    assert best["account"] in sales.rows("what's the biggest deal Mira ever won and who bought it?")[0]
    assert best["account"] not in sales.rows("what's the biggest deal Mira ever won?")[0][:1]


@pytest.mark.parametrize(
    "text", ["quorum legal last win when n how much", "when was Quorum Legal's last win and how much was it"]
)
def test_the_last_win_is_the_latest_and_not_the_largest(sales, deals, text):
    won = [d for d in deals if d["account"] == "Quorum Legal" and d["stage"] == "Won"]
    last = max(won, key=lambda d: d["close_date"])

    row = sales.rows(text)[0]

    assert last["deal_id"] in row
    assert last["amount"] in row


@pytest.mark.parametrize(
    "text", ["which of my deals should I be worried about", "deals to worry about", "worrying deals in the West"]
)
def test_what_to_worry_about_are_the_deals_at_risk(sales, text):
    assert "risk" in str(sales.plan(text)) or "health" in str(sales.plan(text))
    assert not isinstance(sales.plan(text), Query)


@pytest.mark.parametrize(
    "text", ["今年业绩跟去年同期比", "今年到现在业绩和去年同期相比怎么样", "revenue this year vs same period last year"]
)
def test_the_same_time_last_year_ends_on_the_same_day(sales, text):
    compared = sales.spec(text).compare_to

    assert compared is not None
    assert (compared.base.since, compared.base.until) == ("2024-01-01", "2024-06-18")
    assert (compared.against.since, compared.against.until) == ("2025-01-01", TODAY.isoformat())


def test_the_same_month_last_year(sales):
    compared = sales.spec("上个月业绩和去年同期对比").compare_to

    assert (compared.base.since, compared.base.until) == ("2024-05-01", "2024-05-31")


@pytest.mark.parametrize(
    "text", ["which deals should close before Christmas", "open deals that will close before Christmas"]
)
def test_what_should_close_before_a_feast_is_open_and_to_come(sales, deals, text):
    due = [d for d in deals if d["stage"] not in ("Won", "Lost") and d["close_date"] <= date(2025, 12, 24)]

    assert {row[0] for row in sales.rows(text)} == {d["deal_id"] for d in due}


def test_what_is_not_signed_yet_is_open_and_what_was_not_signed_is_lost(sales, deals):
    open_ones = sum(d["stage"] not in ("Won", "Lost") for d in deals)

    assert sales.number("还有多少单没签下来") == open_ones
    assert sales.number("有几单没签成") == sum(d["stage"] == "Lost" for d in deals)


def test_the_top_one_is_told_with_its_share(sales, deals):
    text = "which product do we lose most deals of, and what share of all lost deals is that"
    lost = [d["product"] for d in deals if d["stage"] == "Lost"]

    ((name, count, share),) = sales.rows(text)

    assert count == max(map(lost.count, lost)) == lost.count(name)
    assert share == pytest.approx(count / len(lost))
    assert len(sales.rows("which rep has the best win rate and what percentage is that")[0]) == 2


@pytest.mark.parametrize(
    "text", ["what has Quorum Legal bought from us", "Quorum Legal买过哪些东西", "Quorum Legal买过什么"]
)
def test_what_was_bought_are_products(sales, deals, text):
    bought = {d["product"] for d in deals if d["account"] == "Quorum Legal" and d["stage"] == "Won"}

    assert {row[0] for row in sales.rows(text)} == bought


@pytest.mark.parametrize(
    ("text", "base"),
    [("is that better than in April", "2025-04-01"), ("was it more than last May?", "2024-05-01"),
     ("how does that compare with April", "2025-04-01")],
)  # fmt: skip
def test_what_was_told_is_set_against_another_time(sales, text, base):
    before = sales.turn("What did we sell in May?")

    plan = sales.plan(text, after=[before])

    assert isinstance(plan, Query)
    assert (plan.spec.compare_to.base.since, plan.spec.compare_to.against.since) == (base, "2025-05-01")


def test_the_biggest_that_somebody_closed_was_won(sales, deals):
    won = max((d for d in deals if d["stage"] == "Won"), key=lambda d: d["amount"])

    assert "won" in str(sales.spec("who closed the biggest deal").where)
    assert "lost" not in str(sales.spec("who closed the biggest deal").where)
    assert won["rep"] in sales.rows("who closed the biggest deal")[0]


def test_a_column_that_the_company_calls_so_comes_first(tmp_path):
    reps = "Name,Office\nAnn Ash,Ghent\nBo Birch,Lyon\n"
    accounts = "Company Name,Region,Company owner\nAcme,North,Ann Ash\nBorg,South,Bo Birch\n"
    deals = "Deal Name,Deal Stage,Amount,Close Date,Deal owner,Company\n" + "".join(
        f"Job {i},{['Won', 'Lost'][i % 2]},{i},{TODAY - timedelta(i)},Ann Ash,{['Acme', 'Borg'][i // 6]}\n"
        for i in range(12)
    )
    for name, text in {"team": reps, "companies": accounts, "deals": deals}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    store = create_store(f"sqlite:///{tmp_path / 'farley.db'}")
    apply_import(store, plan_import(store, sorted(tmp_path.glob("*.csv")), today=TODAY), actor=ADMIN)
    at = Desk(World("regions", {}), store, Planner(store))

    assert {row[0] for row in at.rows("今年各地区的业绩")} == {"North", "South"}
    assert {row[0] for row in at.rows("revenue by region")} == {"North", "South"}
    store.close()
