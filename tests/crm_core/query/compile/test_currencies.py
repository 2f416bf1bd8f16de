"""Money in one currency, in another one, and in several."""

from datetime import date
from decimal import Decimal as D

import pytest

from crm_core.errors import Invalid
from crm_core.models import Kind
from tests.crm_core.query.conftest import rows
from tests.factories import make_account, make_custom_field, make_deal, make_product, make_rate, make_user

SUM = {"fn": "sum", "field": "amount"}
DAY = date(2017, 1, 1)


def total(ask, **spec):
    asked = ask("deal", measures=[SUM], **spec)
    return asked.rows[0].values[0], asked.columns[0].currency


def test_an_amount_without_a_currency_is_in_the_stores_own(store, ask):
    make_deal(store, amount=10)
    make_deal(store, amount=5, currency="USD")

    assert total(ask) == (D("15.00"), "USD")


def test_one_foreign_currency_is_told_as_it_is(store, ask):
    make_deal(store, amount=1500, currency="JPY")

    assert total(ask) == (D("1500"), "JPY")
    assert total(ask, where={"field": "amount", "op": "ge", "value": 1500})[0] == D("1500")
    assert total(ask, where={"field": "amount", "op": "gt", "value": 1500})[0] is None


def test_several_currencies_are_converted_at_the_latest_rate_of_the_day(store, ask):
    make_deal(store, amount=100, currency="EUR")
    make_deal(store, amount=1000, currency="JPY")
    make_deal(store, amount=3, currency="KWD")
    make_deal(store, amount=7)
    make_rate(store, "EUR", "USD", 1.1, DAY)
    make_rate(store, "EUR", "USD", 1.2, date(2017, 6, 1))
    make_rate(store, "EUR", "USD", 9, date(2017, 11, 16))  # of tomorrow
    make_rate(store, "USD", "JPY", 100, DAY)  # the other way round
    make_rate(store, "KWD", "USD", 3, DAY)

    assert total(ask) == (D("146.00"), "USD")


def test_a_currency_without_a_rate_is_named(store, ask):
    make_deal(store, amount=100, currency="EUR")
    make_deal(store, amount=100, currency="GBP")
    make_deal(store, amount=7)
    make_rate(store, "GBP", "USD", 1.5, DAY)

    with pytest.raises(Invalid, match="to USD for EUR on or before 2017-11-15"):
        total(ask)


def test_only_the_rows_behind_the_question_matter(store, ask):
    make_deal(store, amount=100, currency="EUR", stage="Won")
    make_deal(store, currency="GBP", stage="Won")  # no amount, so no currency either
    make_deal(store, amount=7)
    euros = {"field": "currency", "value": "EUR"}

    assert total(ask, where=euros) == (D("100.00"), "EUR")
    assert total(ask, where={"all": [euros, {"field": "amount", "op": "gt", "value": 99}]}) == (D("100.00"), "EUR")
    assert rows(ask("deal", measures=[{"metric": "bookings"}])) == [D("100.00")]
    assert ask("deal", measures=[{"fn": "count"}]).rows[0].values == (3,)


def test_groups_are_ranked_by_what_they_are_worth(store, ask):
    for name, amount, currency in (("Yen", 9000, "JPY"), ("Euro", 100, "EUR"), ("Dollar", 105, None)):
        make_deal(store, owner=make_user(store, name), amount=amount, currency=currency)
    make_rate(store, "EUR", "USD", 1.1, DAY)
    make_rate(store, "JPY", "USD", 0.01, DAY)

    ranked = ask("deal", measures=[SUM], group_by=[{"field": "owner"}])
    over = ask("deal", where={"field": "amount", "op": "gt", "value": 104}, measures=[{"fn": "count"}])
    top = ask("deal", columns=["owner"], order_by=[{"by": "amount", "descending": True}], limit=2)

    assert rows(ranked) == [("Euro", D("110.00")), ("Dollar", D("105.00")), ("Yen", D("90.00"))]
    assert rows(over) == [2]
    assert rows(top) == ["Euro", "Dollar"]


def test_a_list_shows_each_amount_in_its_own_currency(store, ask):
    make_deal(store, "A", amount=1500, currency="JPY")
    make_deal(store, "B", amount=12.5, currency="EUR")
    make_deal(store, "C", currency="GBP")

    mixed = ask("deal", columns=["name", "amount"], order_by=[{"by": "name"}])
    one = ask("deal", columns=["name", "amount"], where={"field": "name", "value": "B"})

    assert rows(mixed) == [("A", D("1500"), "JPY"), ("B", D("12.50"), "EUR"), ("C", None, "GBP")]
    assert [column.name for column in mixed.columns] == ["name", "amount", "currency"]
    assert mixed.columns[1].currency is None
    assert (rows(one), one.columns[1].currency) == ([("B", D("12.50"))], "EUR")


def test_amounts_of_different_records_are_compared_in_one_unit(store, ask):
    product = make_product(store, list_price=100, currency="EUR")
    make_deal(store, "Cheap", amount=115, product=product)
    make_deal(store, "Dear", amount=125, product=product)
    make_rate(store, "EUR", "USD", 1.2, DAY)

    over = ask("deal", where={"field": "amount", "op": "gt", "other": "product.list_price"}, columns=["name"])
    ratio = ask("deal", where={"field": "name", "value": "dear"}, columns=["price_ratio"])

    assert rows(over) == ["Dear"]
    assert rows(ratio) == [pytest.approx(125 / 120)]


def test_children_are_added_up_in_one_currency(store, ask):
    account = make_account(store)
    make_deal(store, amount=100, currency="EUR", account=account, stage="Won")
    make_deal(store, amount=10, account=account, stage="Won")
    make_rate(store, "EUR", "USD", 1.5, DAY)

    asked = ask("account", columns=["won_amount"])

    assert (rows(asked), asked.columns[0].currency) == ([D("160.00")], "USD")


def test_a_rate_arrives_and_the_question_is_answered(store, ask):
    make_deal(store, amount=100, currency="EUR")
    make_deal(store, amount=7)
    with pytest.raises(Invalid):
        total(ask)

    make_rate(store, "EUR", "USD", 2, DAY)

    assert total(ask) == (D("207.00"), "USD")


CUSTOM = {
    Kind.TEXT: ("Blue", {"op": "eq", "value": "blue"}, "Blue"),
    Kind.CHOICE: ("gold", {"op": "in", "value": ["Gold"]}, "gold"),
    Kind.INTEGER: (12, {"op": "gt", "value": 11.5}, 12),
    Kind.DECIMAL: (1.5, {"op": "between", "value": [1, 2]}, 1.5),
    Kind.MONEY: (125_050, {"op": "eq", "value": 1250.5}, D("1250.50")),
    Kind.PERCENT: (40, {"op": "le", "value": 40}, 40),
    Kind.YEAR: (2017, {"op": "eq", "value": 2017}, 2017),
    Kind.DATE: ("2017-03-31", {"op": "lt", "value": "2017-04-01"}, date(2017, 3, 31)),
    Kind.BOOLEAN: (True, {"op": "eq", "value": True}, True),
}


@pytest.mark.parametrize("kind", CUSTOM)
def test_a_field_that_the_company_added_is_asked_like_any_other(store, ask, kind):
    held, test, shown = CUSTOM[kind]
    make_custom_field(store, "deal", "extra", kind)
    make_deal(store, "Has", custom={"extra": held})
    make_deal(store, "Lacks")

    listed = ask("deal", where={"field": "extra", **test}, columns=["name", "extra"])
    lacking = ask("deal", where={"field": "extra", "op": "empty"}, columns=["name"])
    key = {"field": "extra", "bucket": "month"} if kind is Kind.DATE else {"field": "extra"}
    grouped = ask("deal", group_by=[key])

    assert rows(listed) == [("Has", shown)]
    assert rows(lacking) == ["Lacks"]
    assert rows(grouped)[1] == (None, 1)
    assert rows(ask("deal", order_by=[{"by": "extra"}], columns=["name"])) == ["Has", "Lacks"]
