"""What a line of a deal comes to, where no column says it."""

from datetime import date
from decimal import Decimal as D

from tests.factories import make, make_deal, make_product, make_rate

SUM = {"fn": "sum", "field": "amount"}


def test_a_line_is_its_units_times_the_price_less_the_discount(store, ask):
    deal = make_deal(store)
    for quantity, price, discount in ((3, 100, None), (D("2.5"), 10, D("10")), (1, None, None), (None, 10, None)):
        make(store, "deal_line", deal=deal, quantity=quantity, unit_price=price, discount_pct=discount)

    listed = ask("deal_line", columns=["amount"], order_by=[{"by": "amount"}])
    assert [row.values[0] for row in listed.rows] == [D("22.50"), D("300.00"), None, None]
    assert ask("deal_line", measures=[SUM]).rows[0].values[0] == D("322.50")


def test_lines_in_several_currencies_are_converted(store, ask):
    deal, product = make_deal(store), make_product(store)
    make(store, "deal_line", deal=deal, product=product, quantity=2, unit_price=100, currency="EUR")
    make(store, "deal_line", deal=deal, product=product, quantity=1, unit_price=7)
    make_rate(store, "EUR", "USD", 1.5, date(2017, 1, 1))

    found = ask("deal_line", measures=[SUM], group_by=[{"field": "product"}])
    assert found.rows[0].values[1] == D("307.00")
    assert found.columns[1].currency == "USD"
