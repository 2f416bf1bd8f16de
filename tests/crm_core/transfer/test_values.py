"""Numbers and dates as people write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm_core.titles import tight
from crm_core.transfer.dates import find_order, has_time, parse_date, parse_moment
from crm_core.transfer.numbers import currency_in, parse_number, uses_decimal_comma
from crm_core.transfer.text import header_words, is_missing
from crm_core.transfer.units import scale_in, unit_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"), ("1,234.50", "1234.50"), ("$1,234.50", "1234.50"), ("(1,234)", "-1234"), ("-5", "-5"),
        ("- $5.25", "-5.25"), ("$-5", "-5"), ("12.5k", "12500"), ("1.2M", "1200000"), ("3万", "30000"),
        ("1.5亿", "150000000"), ("¥3,000元", "3000"), ("USD 12", "12"), ("12 EUR", "12"), ("45%", "45"),
        (".5", "0.5"),
        ("１２３", "123"), ("1 234 567", "1234567"), ("1'000", "1000"), ("12,34,567", "1234567"),
        ("2 million", "2000000"),
        ("US$ 7", "7"), ("0", "0"), ("+3", "3"),
    ],
)  # fmt: skip
def test_a_number_is_read(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(("text", "number"), [("1.234,50", "1234.50"), ("12,5", "12.5"), ("1.234", "1234"), ("7", "7")])
def test_a_number_with_a_decimal_comma_is_read(text, number):
    assert parse_number(text, decimal_comma=True) == Decimal(number)


@pytest.mark.parametrize("text", ["", "abc", "1,23", "1.2.3", "--5", "12abc", "$", "1e5", "NaN", "∞", "1,2,3", "()"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_number(text)


def test_a_decimal_comma_is_told_from_all_values():
    assert uses_decimal_comma(["1.234,50", "12", "3,5"])
    assert not uses_decimal_comma(["1,234.50", "1,234", "12"])
    assert not uses_decimal_comma(["1,234", "2,500"])


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Amount (USD)", "USD"),
        ("€ 5", "EUR"),
        ("金额（元）", "CNY"),
        ("RMB 5", "CNY"),
        ("HK$5", "HKD"),
        ("Usage", None),
    ],
)
def test_a_currency_is_found(text, currency):
    assert currency_in(text) == currency


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("Annual revenue (in millions of USD)", 6), ("Revenue ($M)", 6), ("revenue USD mm", 6), ("金额（万元）", 4),
        ("营收(亿元)", 8), ("in thousands", 3), ("$000s", 3), ("Amount", 0), ("Number of employees", 0), ("百万元", 6),
        ("Minimum amount", 0), ("十亿", 9), ("Value (k EUR)", 3), ("Umsatz (T€)", 3), ("Turnover (m USD)", 6),
        ("Umsatz in Mio. €", 6), ("Market EUR", 0), ("Kick-off EUR", 0),
    ],
)  # fmt: skip
def test_a_unit_is_read_from_words(text, scale):
    assert scale_in(text) == Decimal(10) ** scale


def test_a_unit_names_its_currency_too():
    assert unit_of("Annual revenue (in millions of USD)") == (Decimal(1_000_000), "USD")


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05", "2024/3/5", "2024.03.05", "20240305", "2024年3月5日", "2024年03月05号", "3/5/2024", "03-05-24",
        "5 Mar 2024", "05-Mar-24", "March 5, 2024", "Mar 5 2024", "Tue, 5 March 2024", "5th March 2024", "45356",
        "2024-03-05T10:20:30Z", "2024-03-05 10:20", "3/5/2024 2:20 PM", "2024年3月5日 10:20",
        "2024-03-05T00:00:00.000+08:00",
    ],
)  # fmt: skip
def test_a_day_is_read(text):
    assert parse_date(text) == date(2024, 3, 5)


def test_day_first_is_taken_when_said():
    assert parse_date("05.03.2024", "dmy") == date(2024, 3, 5)


def test_two_digit_years_go_up_to_the_pivot():
    assert parse_date("1/2/37", year_pivot=2037) == date(2037, 1, 2)
    assert parse_date("1/2/38", year_pivot=2037) == date(1938, 1, 2)


@pytest.mark.parametrize(
    "text", ["31/02/2024", "13/13/2024", "2024-02-30", "0/0/0000", "soon", "12", "2024-13-01", "5 Foo 2024"]
)
def test_what_is_no_day_is_refused(text):
    for order in ("mdy", "dmy"):
        with pytest.raises(ValueError):
            parse_date(text, order)


@pytest.mark.parametrize(
    ("values", "order", "sure"),
    [
        (["13/02/2024", "05/03/2024"], "dmy", True),
        (["02/13/2024", "05/03/2024"], "mdy", True),
        (["02/03/2024"], "mdy", False),
        (["02.03.2024"], "dmy", False),
        (["2024-01-02"], "mdy", True),
        (["13/02/2024", "02/13/2024", "14/02/2024"], "dmy", False),
    ],
)
def test_the_order_of_day_and_month_is_judged_over_the_column(values, order, sure):
    assert find_order(values) == (order, sure)


def test_a_moment_keeps_its_offset():
    assert parse_moment("2024-03-05 10:20 +08:00") == datetime(2024, 3, 5, 2, 20, tzinfo=UTC)
    assert parse_moment("3/5/2024 2:20 PM") == datetime(2024, 3, 5, 14, 20, tzinfo=UTC)
    assert has_time("2024-03-05 10:20")
    assert not has_time("2024-03-05")


@pytest.mark.parametrize("text", ["", "  ", "n/a", "N/A", "-", "—", "null", "None", "无", "#N/A"])
def test_what_stands_for_nothing_is_missing(text):
    assert is_missing(text)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Annual_Revenue (USD)", "annual revenue"), ("AnnualRevenue", "annual revenue"), ("Deal__c", "deal"),
        ("客户名称", "客户名称"), (" Close   Date ", "close date"), ("金额（万元）", "金额"), ("(USD)", "usd"),
        ("E-Mail", "e mail"),
    ],
)  # fmt: skip
def test_a_header_becomes_plain_words(header, words):
    assert header_words(header) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTXPro", "GTX Pro"), ("Acme, Inc.", "ACME"), ("北京华信科技有限公司", "北京华信科技"),
        ("Müller GmbH", "müller"),
        ("Acme  Corp", "acme corporation"),
    ],
)  # fmt: skip
def test_titles_are_compared_without_case_spaces_signs_and_legal_form(one, other):
    assert tight(one) == tight(other)
