from decimal import Decimal

import pytest

from copilot.offline.numbers import Number, find_numbers
from copilot.offline.tokens import tokenize


def numbers(text: str) -> list[Number]:
    return find_numbers(tokenize(text))


def longest(text: str) -> Number:
    return numbers(text)[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50k", 50_000), ("1.2m", 1_200_000), ("5 million", 5_000_000), ("2bn", 2_000_000_000),
        ("2.5 billion", 2_500_000_000), ("1,000,000", 1_000_000), ("6,500", 6_500), ("2.7", "2.7"), (".5", "0.5"),
        ("5万", 50_000), ("2.7 万", 27_000), ("30w", 300_000), ("3亿", 300_000_000), ("3亿5千万", 350_000_000),
        ("五千", 5_000), ("两百三十", 230), ("十", 10), ("十二", 12), ("二十", 20), ("一百零二", 102), ("一百二", 120),
        ("三千五", 3_500), ("一万二", 12_000), ("3万5", 35_000), ("五千万", 50_000_000), ("一亿零五万", 100_050_000),
        ("三十万零五百", 300_500), ("两千零一十七", 2_017), ("二〇一七", 2_017), ("二点七万", 27_000), ("一", 1),
        ("zero", 0), ("twelve", 12), ("twenty-five", 25), ("twenty five", 25), ("five thousand", 5_000),
        ("a hundred", 100), ("one hundred and five", 105), ("two hundred and five thousand", 205_000),
        ("five thousand two hundred", 5_200), ("half a million", 500_000), ("a quarter of a million", 250_000),
        ("two and a half million", 2_500_000), ("2 and a half", "2.5"), ("a dozen", 12), ("two dozen", 24),
        ("half a dozen", 6), ("3 hundred", 300), ("1.5 trillion", 1_500_000_000_000),
    ],
)  # fmt: skip
def test_a_number_has_its_value(text: str, value: object) -> None:
    number = longest(text)

    assert number.value == Decimal(str(value))
    assert (number.start, number.end) == (0, len(tokenize(text)))
    assert {number.is_money, number.is_percent, number.is_ordinal, number.or_more} == {False}


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$400K", 400_000, "USD"), ("$5 billion", 5_000_000_000, "USD"), ("€20k", 20_000, "EUR"),
        ("£3m", 3_000_000, "GBP"),
        ("¥5万", 50_000, "CNY"), ("US$5m", 5_000_000, "USD"), ("HK$200", 200, "HKD"), ("500€", 500, "EUR"),
        ("5k usd", 5_000, "USD"), ("5kusd", 5_000, "USD"), ("500 dollars", 500, "USD"), ("ten bucks", 10, "USD"),
        ("RMB500", 500, "CNY"), ("rmb 500", 500, "CNY"), ("300美元", 300, "USD"), ("2.7 万美元", 27_000, "USD"),
        ("5万元", 50_000, "CNY"), ("20块", 20, "CNY"), ("20块钱", 20, "CNY"), ("5万人民币", 50_000, "CNY"),
        ("人民币500", 500, "CNY"), ("三千欧元", 3_000, "EUR"), ("5 grand", 5_000, None),
    ],
)  # fmt: skip
def test_money_has_its_currency(text: str, value: int, currency: str | None) -> None:
    number = longest(text)

    assert (number.value, number.is_money, number.currency) == (value, True, currency)
    assert (number.start, number.end) == (0, len(tokenize(text)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12%", 12), ("12 %", 12), ("2.5%", "2.5"), ("twelve percent", 12), ("twelve per cent", 12), ("5 pct", 5),
        ("百分之五", 5), ("百分之五十", 50), ("千分之三", "0.3"), ("三成", 30), ("三成五", 35), ("一半", 50),
        ("half", 50), ("四分之一", 25), ("5个百分点", 5), ("5个点", 5), ("5 percentage points", 5),
    ],
)  # fmt: skip
def test_a_share_is_a_percentage(text: str, value: object) -> None:
    number = longest(text)

    assert (number.value, number.is_percent) == (Decimal(str(value)), True)
    assert (number.start, number.end) == (0, len(tokenize(text)))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("30 days", 30, "day"), ("30days", 30, "day"), ("90d", 90, "day"), ("30-day", 30, "day"), ("90天", 90, "day"),
        ("six weeks", 6, "week"), ("两周", 2, "week"), ("三个星期", 3, "week"), ("两个月", 2, "month"),
        ("six-month", 6, "month"), ("3 quarters", 3, "quarter"), ("两个季度", 2, "quarter"), ("2 yrs", 2, "year"),
        ("三年", 3, "year"), ("a week", 1, "week"), ("a couple of months", 2, "month"), ("48 hours", 48, "hour"),
        ("两个小时", 2, "hour"), ("15 minutes", 15, "minute"), ("10 business days", 10, "day"),
        ("半年", "0.5", "year"), ("half a year", "0.5", "year"), ("一年半", "1.5", "year"),
        ("一个半月", "1.5", "month"), ("10个工作日", 10, "day"),
    ],
)  # fmt: skip
def test_a_length_of_time_has_its_unit(text: str, value: object, unit: str) -> None:
    number = longest(text)

    assert (number.value, number.unit) == (Decimal(str(value)), unit)
    assert (number.start, number.end) == (0, len(tokenize(text)))


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("first", 1), ("second", 2), ("twentieth", 20), ("twenty-first", 21), ("1st", 1), ("3rd", 3), ("22nd", 22),
        ("第二", 2), ("第三", 3), ("第十二", 12), ("第3", 3), ("#2", 2),
    ],
)  # fmt: skip
def test_a_rank_is_ordinal(text: str, rank: int) -> None:
    assert (longest(text).value, longest(text).is_ordinal) == (rank, True)


@pytest.mark.parametrize("text", ["3月", "三月", "四季度", "2017年", "12月15日"])
def test_a_date_is_no_length_of_time(text: str) -> None:
    assert all(number.unit is None for number in numbers(text))


@pytest.mark.parametrize(
    "text", ["万科", "百度", "千万不要", "a deal", "per month", "第一", "AT&T", "Q4", "1C1I7A6R", ""]
)
def test_words_that_only_look_like_numbers_give_none(text: str) -> None:
    assert [number for number in numbers(text) if not number.is_ordinal] == []


@pytest.mark.parametrize("text", ["about 50", "~50", "roughly 50", "大约50", "50左右", "50 or so", "50多"])
def test_a_vague_number_is_approximate(text: str) -> None:
    number = longest(text)

    assert (number.value, number.is_approx) == (50, True)


def test_a_glued_plus_means_or_more() -> None:
    assert [(n.value, n.or_more) for n in numbers("100+ or 20k+ or 50")] == [(100, True), (20_000, True), (50, False)]


def test_the_longest_reading_comes_first_and_the_bare_number_follows() -> None:
    assert [(n.start, n.end, n.unit) for n in numbers("30 days")] == [(0, 2, "day"), (0, 1, None)]
    assert [(n.end, n.is_money) for n in numbers("500 dollars")] == [(2, True), (1, False)]


def test_no_reading_starts_inside_another_number() -> None:
    assert {number.start for number in numbers("twenty five thousand two hundred")} == {0}
    assert {number.start for number in numbers("三千五百")} == {0}


def test_numbers_stand_at_their_tokens() -> None:
    found = numbers("top 3 deals over $5k in 华东 和 五千 以上")

    assert [(n.start, n.end, n.value) for n in found] == [(1, 2, 3), (4, 5, 5_000), (9, 11, 5_000)]


def test_a_deal_made_is_not_three_tenths() -> None:
    assert not any(number.is_percent for number in numbers("三成交易"))


@pytest.mark.parametrize("text", ["一" * 10_000, "twenty " * 1_500, "百分之" * 3_000, "5万" * 4_000, "a " * 5_000])
def test_a_long_text_does_not_raise(text: str) -> None:
    find_numbers(tokenize(text))
