"""Deals that name no product: what is in them stands on lines, and each question counts what it asks about."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from copilot.offline.plan import Clarify, Query
from tests.copilot.offline.conftest import Desk
from tests.worlds import PLANTS, Row, sold

PUMP, BOOST, SENSOR = "Hydra Feed Pump", "Hydra Boost Pump", "Sentry Flow Sensor"


@pytest.fixture
def lined(desk: Callable[[str], Desk]) -> Desk:
    return desk("lined")


def won(desk: Desk, test: Callable[[Row], bool] = lambda _: True) -> list[Row]:
    return [row for row in sold(desk.world) if row["stage"] == "Won" and test(row)]


def sums(rows: list[Row], by: str, of: str = "net_total") -> dict[object, float]:
    out: dict[object, float] = defaultdict(float)
    for row in rows:
        out[row[by]] += row[of]
    return dict(out)


def in_2025(row: Row) -> bool:
    return bool(row["close_date"].year == 2025)


@pytest.mark.parametrize("text", ["bookings by product", "revenue per product", "各产品业绩", "按产品统计销售额"])
def test_money_by_product_is_that_of_the_lines(lined, text):
    assert dict(lined.rows(text)) == sums(won(lined), "product")


def test_without_a_column_of_totals_it_is_worked_out_of_the_price(desk):
    priced = desk("priced")
    expected: dict[object, float] = defaultdict(float)
    for row in won(priced):
        expected[row["product"]] += row["quantity"] * row["unit_price"] * (100 - row["discount_percent"]) / 100

    assert {name: pytest.approx(total) for name, total in expected.items()} == dict(priced.rows("bookings by product"))


def test_periods_go_by_the_close_date_of_the_deal(lined):
    assert dict(lined.rows("bookings by product this year")) == sums(won(lined, in_2025), "product")
    first = won(lined, lambda row: in_2025(row) and row["close_date"].month < 4 and row["product"] == PUMP)
    assert lined.number(f"revenue from {PUMP} in Q1") == sums(first, "stage")["Won"]


def test_money_of_a_product_is_that_of_its_lines_and_says_so(lined):
    plan = lined.plan(f"revenue from {PUMP}")

    assert isinstance(plan, Query)
    assert any("Only the lines of" in note for note in plan.notes)
    assert lined.number(f"revenue from {PUMP}") == sums(won(lined), "product")[PUMP]


def test_the_value_of_deals_with_a_product_is_that_of_whole_deals_and_says_so(lined):
    inside = {row["deal_id"] for row in won(lined, lambda row: row["product"] == PUMP)}
    whole = sum(row["amount"] for row in lined.world.tables["deals"] if row["deal_id"] in inside)
    plan = lined.plan(f"total amount of won deals with {PUMP}")

    assert isinstance(plan, Query)
    assert any("whole amounts" in note for note in plan.notes)
    assert lined.number(f"total amount of won deals with {PUMP}") == whole


@pytest.mark.parametrize("text", [f"how many deals include {PUMP}", f"有多少商机包含{PUMP}"])
def test_deals_with_a_product_are_counted_once(lined, text):
    assert lined.number(text) == len({row["deal_id"] for row in sold(lined.world) if row["product"] == PUMP})


def test_wins_by_product_count_deals_and_not_lines(lined):
    deals: dict[object, set[str]] = defaultdict(set)
    for row in won(lined):
        deals[row["category"]].add(row["deal_id"])

    assert dict(lined.rows("number of won deals by category")) == {name: len(ids) for name, ids in deals.items()}


def test_the_win_rate_by_product_is_of_deals(lined):
    ended: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in sold(lined.world):
        ended[row["product"]][row["stage"]].add(row["deal_id"])
    rates = {p: len(by["Won"]) / len(by["Won"] | by["Lost"]) for p, by in ended.items()}

    assert dict(lined.rows("win rate by product")) == {name: pytest.approx(rate) for name, rate in rates.items()}


@pytest.mark.parametrize(
    "text",
    [f"how many {PUMP} did we sell this year", f"how many units of {PUMP} did we sell this year",
     f"今年卖了几台{PUMP}", f"{PUMP}今年卖了多少台", f"{PUMP}这款今年的销量"],
)  # fmt: skip
def test_what_was_sold_is_counted_in_units(lined, text):
    rows = won(lined, lambda row: in_2025(row) and row["product"] == PUMP)

    assert lined.number(text) == sum(row["quantity"] for row in rows)


@pytest.mark.parametrize(
    "text",
    ["how many pumps did we sell this year", "units of pumps sold this year", "how many pumps were sold this year"],
)
def test_units_of_a_category(lined, text):
    rows = won(lined, lambda row: in_2025(row) and row["category"] == "Pumps")

    assert lined.number(text) == sum(row["quantity"] for row in rows)


@pytest.mark.parametrize("text", ["units sold by product", "各产品销量", "units sold per product"])
def test_units_by_product(lined, text):
    assert dict(lined.rows(text)) == sums(won(lined), "product", "quantity")


@pytest.mark.parametrize("text", [f"who sold the most {PUMP}", f"who sold the most units of {PUMP}"])
def test_who_sold_the_most_of_a_product_by_units(lined, text):
    units = sums(won(lined, lambda row: row["product"] == PUMP), "rep", "quantity")

    assert lined.rows(text) == [max(units.items(), key=lambda pair: pair[1])]


@pytest.mark.parametrize("text", ["哪个产品卖得最好", "哪款卖得最好", "best-selling product by revenue"])
def test_the_best_product_by_the_money_of_its_lines(lined, text):
    assert lined.rows(text) == [max(sums(won(lined), "product").items(), key=lambda pair: pair[1])]


def test_the_first_products_of_each_region(lined):
    money = sums(won(lined, lambda row: row["rep"] != "Rhea Calder"), "product")
    coast = [row[1:] for row in lined.rows("top 2 products by revenue per region") if row[0] == "Coast"]

    assert coast == sorted(money.items(), key=lambda pair: -pair[1])[:2]


@pytest.mark.parametrize("text", [f"which accounts bought {SENSOR}", f"哪些客户买过{SENSOR}", f"买过{SENSOR}的客户"])
def test_who_bought_a_product(lined, text):
    assert {row[0] for row in lined.rows(text)} == {r["account"] for r in won(lined, lambda r: r["product"] == SENSOR)}


def test_who_bought_one_product_and_never_another(lined):
    lost = [row for row in sold(lined.world) if row["stage"] != "Won"]
    with_pump, with_sensor = (
        {row["account"] for row in won(lined, lambda row, p=p: row["product"] == p)} for p in (PUMP, SENSOR)
    )

    assert lost
    assert {r[0] for r in lined.rows(f"accounts that bought {PUMP} but never {SENSOR}")} == with_pump - with_sensor
    assert {r[0] for r in lined.rows(f"没买过{SENSOR}的客户")} == set(PLANTS) - with_sensor


@pytest.mark.parametrize("text", ["{}买过我们哪些东西", "what has {} bought", "which products did {} buy"])
def test_what_a_customer_bought_is_its_products(lined, text):
    bought = sums(won(lined, lambda row: row["account"] == PLANTS[0]), "product")

    assert dict(lined.rows(text.format(PLANTS[0]))) == bought


def test_products_that_nobody_bought(lined):
    expected = {row["product"] for row in sold(lined.world)} - {
        row["product"] for row in won(lined, lambda row: in_2025(row) and row["close_date"].month == 2)
    }

    assert {row[0] for row in lined.rows("which products were never sold in February 2025")} == expected


def test_deals_without_a_product_have_no_line_of_it(lined):
    having = {row["deal_name"] for row in won(lined, lambda row: row["product"] == PUMP)}
    names = {row["deal_name"] for row in won(lined)}

    assert {row[0] for row in lined.rows(f"won deals without {PUMP}")} == names - having


def test_a_share_is_of_the_won_lines(lined):
    money = sums(won(lined), "product")

    assert lined.number(f"what share of revenue is {PUMP}") == pytest.approx(money[PUMP] / sum(money.values()))


def test_the_model_that_is_asked_for_is_one_of_those_called_so(lined):
    units = {p: n for p, n in sums(won(lined), "product", "quantity").items() if "Pressure Gauge" in str(p)}

    assert lined.rows("which pressure gauge model sells best by units") == [max(units.items(), key=lambda p: p[1])]
    assert lined.number("how many pressure gauges did we sell") == sum(units.values())


@pytest.mark.parametrize("text", ["Hydra那款卖了多少", "revenue from the Hydra model"])
def test_a_name_of_two_products_asks_which(lined, text):
    plan = lined.plan(text)

    assert isinstance(plan, Clarify)
    assert set(plan.options) == {PUMP, BOOST}


def test_units_in_open_deals(lined):
    rows = [row for row in sold(lined.world) if row["product"] == PUMP and row["stage"] in ("Proposal", "Negotiation")]

    assert lined.number(f"how many {PUMP} are in open deals") == sum(row["quantity"] for row in rows)


def test_splitting_figures_is_no_wish_to_change_anything(lined):
    money = sums(won(lined, in_2025), "category")

    assert {row[0]: row[1] for row in lined.rows("split this year's bookings by product category")} == money


@pytest.mark.parametrize("text", ["average sales cycle by product", "share of won deals by product"])
def test_what_lines_do_not_tell_is_not_told(lined, text):
    assert lined.asks(text)


def bought(desk: Desk, test: Callable[[Row], bool] = lambda _: True) -> list[Row]:
    orders = {row["order_number"]: row for row in desk.world.tables["orders"]}
    rows = [orders[line["order_number"]] | line for line in desk.world.tables["order_lines"]]
    return [row for row in rows if test(row)]


def test_orders_have_lines_too(desk):
    shop = desk("shop")
    stools = bought(shop, lambda row: row["product"] == "Oak Stool")
    lately = [row for row in stools if row["order_date"].year == 2024]

    assert dict(shop.rows("revenue by product")) == sums(bought(shop), "product", "line_total")
    assert shop.number("revenue from Oak Stool in 2024") == sum(row["line_total"] for row in lately)
    assert shop.number("how many Oak Stools did we sell in 2024") == sum(row["quantity"] for row in lately)
    assert shop.number("how many units of Oak Stool were sold in 2024") == sum(row["quantity"] for row in lately)
    assert shop.number("how many orders include Oak Stool") == len({row["order_number"] for row in stools})


def test_deals_with_two_products_hold_both(lined):
    inside: dict[str, set[str]] = defaultdict(set)
    for row in sold(lined.world):
        inside[row["deal_name"]].add(row["product"])
    both = {name for name, products in inside.items() if products >= {PUMP, SENSOR}}
    either = {name for name, products in inside.items() if products & {PUMP, SENSOR}}

    assert {row[0] for row in lined.rows(f"deals with both {PUMP} and {SENSOR}")} == both
    assert lined.number(f"how many deals have {PUMP} and {SENSOR}") == len(both)
    assert {row[0] for row in lined.rows(f"deals with {PUMP} or {SENSOR}")} == either


def test_the_products_of_a_deal(lined):
    inside = {row["product"] for row in sold(lined.world) if row["deal_name"] == "Plan 7"}

    assert {row[0] for row in lined.rows("list the products in deal Plan 7")} == inside


def test_different_products_are_counted_once(lined):
    assert lined.number("how many different products did we sell") == len({row["product"] for row in won(lined)})


def test_the_unit_of_a_ranking_is_no_noun_of_its_own(lined):
    coast = won(lined, lambda row: row["rep"] != "Rhea Calder")
    best = max(sums(coast, "category", "quantity").items(), key=lambda pair: pair[1])

    assert ("Coast", *best) in lined.rows("which category sells most units per region")


def test_the_total_value_of_deals_is_no_number_of_deals(desk):
    world = desk("sales")
    expected = sum(row["amount"] for row in world.world.tables["deals"] if row["stage"] == "Won")

    assert world.number("total value of deals") == expected
