"""Constructions: what one sale came to, at list price, days between, each, me beside somebody, who leads whom."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import mean

import pytest

from copilot.offline.plan import Query
from crm_core.users import actor_for
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY, Row, joined

At = Callable[[str], Desk]


def won(desk: Desk) -> list[Row]:
    return [row for row in joined(desk.world) if row["stage"] == "Won"]


def pairs(desk: Desk, text: str) -> dict[str, float]:
    return {str(name): float(value) for name, value in desk.rows(text)}  # type: ignore[arg-type]


def told_of(desk: Desk, text: str) -> list[str]:
    """The ids of the deals that the question finds."""
    spec = desk.spec(text)
    return [str(row.values[0]) for row in desk.run(spec.model_copy(update={"columns": ["external_id"]})).rows]


@pytest.mark.parametrize(
    ("text", "pick"),
    [
        ("What's the cheapest an Atlas Plus ever sold for?", min),
        ("Dearest Atlas Plus we ever sold?", max),
        ("Priciest Atlas Plus ever sold", max),
        ("What did the most expensive Atlas Plus go for?", max),
        ("Atlas Plus 最低卖到多少钱", min),
        ("The least anybody ever paid us for an Atlas Plus", min),
        ("What's the most anyone has paid us for an Atlas Plus?", max),
        ("Atlas Plus 最便宜卖过多少钱？", min),
        ("Atlas Plus 历史最高成交价是多少", max),
    ],
)
def test_what_one_sale_came_to_is_that_of_a_single_won_deal(
    sales: Desk, text: str, pick: Callable[[Iterable[int]], int]
) -> None:
    amounts = {row["deal_id"]: row["amount"] for row in won(sales) if row["product"] == "Atlas Plus"}

    assert set(told_of(sales, text)) == {key for key, value in amounts.items() if value == pick(amounts.values())}


def test_one_points_at_the_product_that_was_spoken_of(sales: Desk) -> None:
    before = sales.turn("what's the list price of Nimbus Team?")

    plan = sales.plan("what's the most anyone has ever paid us for one?", after=[before])

    assert isinstance(plan, Query)
    assert "Nimbus Team" in str(plan.spec.where)
    assert [measure.fn for measure in plan.spec.measures] == ["max"]


def test_who_sold_the_most_of_a_product_is_still_a_ranking_of_people(sales: Desk) -> None:
    assert sales.spec("who sold the most Atlas Plus").group_by


@pytest.mark.parametrize("text", ["Which customers own an Atlas Max?", "Which customers have bought an Atlas Max?"])
def test_who_owns_a_product_has_bought_it(sales: Desk, text: str) -> None:
    assert {str(row[0]) for row in sales.rows(text)} == {
        row["account"] for row in won(sales) if row["product"] == "Atlas Max" and row["account"]
    }


@pytest.mark.parametrize(
    "text",
    [
        "In which year was Ferncliff established?", "What year was Ferncliff set up?", "when was Ferncliff founded",
        "which year did Ferncliff start trading?", "Ferncliff 是哪年成立的",
    ],
)  # fmt: skip
def test_the_year_of_a_company_is_looked_up(sales: Desk, text: str) -> None:
    (account,) = (row for row in sales.world.tables["accounts"] if row["account"] == "Ferncliff")

    ((_, year),) = sales.rows(text)

    assert year == account["year_founded"]


@pytest.mark.parametrize(
    "text",
    [
        "How many deals did we lose between the 2nd and the 19th of March?",
        "How many deals did we lose from the 2nd to the 19th of March?",
        "Number of deals lost between 2nd and 19th March",
    ],
)
def test_days_that_share_a_month_bound_a_period(sales: Desk, text: str) -> None:
    lost = [row["close_date"] for row in joined(sales.world) if row["stage"] == "Lost"]

    assert sales.number(text) == sum(date(2025, 3, 2) <= day <= date(2025, 3, 19) for day in lost)


@pytest.mark.parametrize(
    "text",
    [
        "What are our open deals worth at list price?", "our pipeline at list prices",
        "按标价算，没关的单值多少钱？", "进行中的商机按目录价一共多少",
    ],
)  # fmt: skip
def test_at_list_price_each_deal_counts_with_the_price_of_its_product(sales: Desk, text: str) -> None:
    listed = [row["list_price"] for row in joined(sales.world) if row["stage"] not in ("Won", "Lost")]

    assert sales.number(text) == sum(listed)


@pytest.mark.parametrize(
    "text",
    [
        "How many days from creation to close for won deals in retail", "从创建到赢单平均多少天，零售客户",
        "On average how many days from starting a deal to the order for retail companies?",
        "On average how many days between the start and the close for retail companies?",
    ],
)  # fmt: skip
def test_days_between_two_events_are_told_as_an_average(sales: Desk, text: str) -> None:
    days = [
        (row["close_date"] - row["engage_date"]) / timedelta(1) for row in won(sales) if row["industry"] == "retail"
    ]

    assert sales.number(text) == pytest.approx(mean(days), abs=0.1)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("biggest retail customer by staff, not by sales", "biggest retail customer by staff"),
        ("Richest retail company? I mean by their own revenue, not by what they buy",
         "retail company with the highest annual revenue"),
        ("revenue rather than number of deals by product", "revenue by product"),
        ("哪个产品卖得最好，看金额，不看单数", "哪个产品卖得最好，看金额"),
    ],
)  # fmt: skip
def test_a_measure_that_is_ruled_out_leaves_the_other_one(sales: Desk, text: str, plain: str) -> None:
    assert sales.rows(text)[0][0] == sales.rows(plain)[0][0]


def test_what_is_denied_of_records_still_counts(sales: Desk) -> None:
    inside = [row for row in won(sales) if row["industry"] == "retail"]

    everything = sum(row["amount"] for row in won(sales))

    assert sales.number("revenue of customers not in retail") == everything - sum(row["amount"] for row in inside)


@pytest.mark.parametrize(
    "text",
    [
        "Mira Castellan and Tessa Obafemi's won deals, each?", "Mira Castellan and Tessa Obafemi, how many wins each?",
        "Mira Castellan 和 Tessa Obafemi 各赢了几单",
    ],
)  # fmt: skip
def test_each_of_those_named_gets_a_figure(sales: Desk, text: str) -> None:
    wins = Counter(row["rep"] for row in won(sales))

    assert pairs(sales, text) == {name: wins[name] for name in ("Mira Castellan", "Tessa Obafemi")}


@pytest.mark.parametrize(
    "text",
    [
        "how many wins and losses each in retail", "零售行业成交和丢掉的各有多少单", "零售行业赢多少、丢多少",
        "how many deals in retail did we win and how many did we lose",
    ],
)  # fmt: skip
def test_won_and_lost_are_told_side_by_side(sales: Desk, text: str) -> None:
    stages = Counter(row["stage"] for row in joined(sales.world) if row["industry"] == "retail")

    ((won_deals, lost_deals),) = sales.rows(text)

    assert (won_deals, lost_deals) == (stages["Won"], stages["Lost"])


@pytest.mark.parametrize(
    "text",
    ["me vs Tessa Obafemi won $", "who won more, me or Tessa Obafemi", "我跟 Tessa Obafemi 的业绩比一下"],
)
def test_the_asker_beside_somebody_is_compared_by_name(sales: Desk, text: str) -> None:
    plan = sales.plan(text, actor=actor_for(sales.store, "Mira Castellan"))

    assert isinstance(plan, Query)
    shown = {str(row.values[0]) for row in sales.run(plan.spec).rows}
    assert shown == {"Mira Castellan", "Tessa Obafemi"}


@pytest.mark.parametrize("text", ["how many reps does each manager have", "每位经理各带几个销售", "每个经理手下几个人"])
def test_the_people_of_each_manager_are_counted(sales: Desk, text: str) -> None:
    assert pairs(sales, text) == Counter(row["manager"] for row in sales.world.tables["sales_team"])


def test_whom_a_person_reports_to_is_no_question_about_deals(sales: Desk) -> None:
    assert sales.rows("Yuki Haneda 归谁管") == [("Yuki Haneda", "Odile Fontane")]


def test_parts_that_make_up_a_whole_are_named_before_it(sales: Desk) -> None:
    part = sum(row["industry"] in ("retail", "software", "finance") for row in won(sales))

    share = sales.number("What do retail, software and finance make up of everything we won?")

    assert share == pytest.approx(part / len(won(sales)), abs=1e-3)


@pytest.mark.parametrize(
    ("text", "pick"), [("Busiest month for new deals", max), ("Slowest month for newly started deals", min)]
)
def test_a_busy_month_is_one_with_many_deals_begun(
    sales: Desk, text: str, pick: Callable[[Iterable[int]], int]
) -> None:
    begun: dict[str, int] = defaultdict(int)
    for row in joined(sales.world):
        begun[f"{row['engage_date']:%Y-%m}"] += 1

    found = pairs(sales, text)

    assert found == {month: number for month, number in begun.items() if number == pick(begun.values())}


@pytest.mark.parametrize("text", ["Win-to-loss ratio for Atlas Plus", "Won-to-lost ratio of Atlas Plus"])
def test_wins_to_losses_are_a_ratio(sales: Desk, text: str) -> None:
    stages = Counter(row["stage"] for row in joined(sales.world) if row["product"] == "Atlas Plus")

    assert sales.number(text) == pytest.approx(stages["Won"] / stages["Lost"], abs=0.01)


@pytest.mark.parametrize("text", ["有没有一条商机都没有的客户", "哪些客户名下一条商机都没有？", "一个商机都没有的客户"])
def test_not_one_deal_asks_for_those_without_any(sales: Desk, text: str) -> None:
    busy = {row["account"] for row in sales.world.tables["deals"]}
    idle = {row["account"] for row in sales.world.tables["accounts"]} - busy

    assert idle
    assert {str(row[0]) for row in sales.rows(text)} == idle


@pytest.mark.parametrize("text", ["零售客户结束的单里几成赢了？", "零售客户今年结掉的单子里有几成是赢的"])
def test_of_the_deals_that_ended_a_part_was_won(sales: Desk, text: str) -> None:
    ended = [row for row in joined(sales.world) if row["industry"] == "retail" and row["stage"] in ("Won", "Lost")]
    ended = [row for row in ended if "今年" not in text or row["close_date"].year == TODAY.year]

    assert sales.number(text) == pytest.approx(sum(row["stage"] == "Won" for row in ended) / len(ended), abs=1e-3)


@pytest.mark.parametrize(
    "text", ["Palisade Holdings 名下所有子公司花了多少钱", "Palisade Holdings 旗下那几个子公司一共买了多少钱"]
)
def test_subsidiaries_below_a_company_leave_it_out(sales: Desk, text: str) -> None:
    assert sales.number(text) == sum(row["amount"] for row in won(sales) if row["parent"] == "Palisade Holdings")


@pytest.mark.parametrize(
    "text", ["Yuki Haneda的赢单率多少？没结的别算进去", "win rate of Yuki Haneda, leaving out open deals"]
)
def test_a_rate_counts_no_open_deals_anyway(sales: Desk, text: str) -> None:
    assert sales.number(text) == sales.number("win rate of Yuki Haneda")


@pytest.mark.parametrize(("question", "answer"), [("who's our best rep?", "By money"), ("谁是最强的销售？", "按金额")])
def test_money_answers_by_which_measure(sales: Desk, question: str, answer: str) -> None:
    plan = sales.plan(answer, after=[sales.turn(question)])

    assert isinstance(plan, Query)
    assert [measure.metric for measure in plan.spec.measures] == ["bookings"]


def test_how_many_without_a_noun_is_asked_of_those_before(sales: Desk) -> None:
    before = sales.turn("how many open deals does Yuki Haneda have")

    plan = sales.plan("how many above 5000", after=[before])

    assert isinstance(plan, Query)
    assert "Yuki Haneda" in str(plan.spec.where)
    assert "open" in str(plan.spec.where)


def test_chinese_files_answer_the_same_constructions(desk: At) -> None:
    chinese = desk("chinese")
    rows = chinese.world.tables["商机"]
    names = sorted({str(row["负责人"]) for row in rows})[:2]
    wins = Counter(row["负责人"] for row in rows if row["阶段"] == "赢单")

    assert pairs(chinese, f"{names[0]}和{names[1]}各赢了几单") == {name: wins[name] for name in names}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Top five customers by money", "Top five customers by bookings"),
        ("Which region is strongest? By win rate", "Which region has the highest win rate?"),
        ("which product sells best by number of deals", "which product has the most won deals"),
        ("哪个行业最大，按单数", "哪个行业的商机最多"),
    ],
)
def test_a_ranking_goes_by_what_is_said_beside_it(sales: Desk, text: str, plain: str) -> None:
    assert [row[0] for row in sales.rows(text)] == [row[0] for row in sales.rows(plain)]


@pytest.mark.parametrize(
    "text", ["How many days from creation to loss in retail", "days between creating and losing a retail deal"]
)
def test_days_until_a_loss_are_those_of_lost_deals(sales: Desk, text: str) -> None:
    lost = [row for row in joined(sales.world) if row["industry"] == "retail" and row["stage"] == "Lost"]
    days = [(row["close_date"] - row["engage_date"]) / timedelta(1) for row in lost]

    assert sales.number(text) == pytest.approx(mean(days), abs=0.1)
