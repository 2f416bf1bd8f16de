"""Chinese constructions: each says what a plainer question says, or it asks."""

from collections.abc import Callable

import pytest

from tests.copilot.offline.conftest import Desk


@pytest.fixture(scope="session")
def company(desk: Callable[[str], Desk]) -> Desk:
    """The Chinese company."""
    return desk("chinese")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("超过一万的单子有几个", "金额超过一万的商机有几个"),
        ("1万以上的大单有几个", "金额1万以上的商机有几个"),
        ("金额5000到10000之间的赢单有几个", "金额不低于5000并且不超过10000的赢单有几个"),
        ("人均业绩", "平均每个业务员的业绩"),
        ("每个销售业绩", "按业务员看业绩"),
        ("在谈的单子一共多少钱", "pipeline是多少"),
        ("今年的业绩走势", "按月看今年的业绩"),
        ("Q1到Q2的业绩趋势", "今年上半年按季度看业绩"),
        ("最贵的产品", "标价最高的产品"),
        ("谁签单多", "谁赢单最多"),
        ("哪个大区赢单率高", "赢单率最高的大区"),
        ("业绩最高的大区前两名", "业绩前两名的大区"),
        ("签了多少单，总金额是多少", "赢单数和业绩"),
        ("除了华东的客户以外的业绩", "华东以外的业绩"),
        ("钱伟明下面谁业绩最好", "钱伟明团队谁业绩最好"),
        ("同时买了智云标准版和慧联网关的客户", "智云标准版和慧联网关都买过的客户"),
        ("既买过智云标准版又买过慧联网关的客户", "智云标准版和慧联网关都买过的客户"),
        ("买过智云标准版没买过慧联网关的客户", "买过智云标准版但没买过慧联网关的客户"),
        ("瑞康医疗买过什么", "瑞康医疗买过哪些产品"),
        ("华东客户业绩前三", "华东业绩前三的客户"),
        ("吴海涛团队业绩排名", "按业务员看吴海涛团队的业绩，从高到低"),
        ("赢单率第二高的大区", "赢单率排第二的大区"),
        ("平均成交周期超过50天的产品", "成交周期超过50天的产品"),
        ("丢单超过10单的销售", "丢单数超过10的销售"),
    ],
)
def test_two_ways_to_say_it_are_the_same_question(company: Desk, text: str, plain: str) -> None:
    assert company.rows(text) == company.rows(plain)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("华东比华南多赢了多少单", "华东赢单数", "华南赢单数"),
        ("王晓燕比李建国多签了几单", "王晓燕赢单数", "李建国赢单数"),
        ("慧联网关比智云标准版业绩高多少", "慧联网关业绩", "智云标准版业绩"),
    ],
)
def test_how_much_the_one_is_ahead_of_the_other(company: Desk, text: str, one: str, other: str) -> None:
    ((base, against, gap, _),) = company.rows(text)

    assert float(str(against)) == company.number(one)
    assert float(str(base)) == company.number(other)
    assert float(str(gap)) == pytest.approx(company.number(one) - company.number(other))


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("今年一季度丢的单占今年丢单的百分之几", "今年一季度丢了多少单", "今年丢了多少单"),
        ("慧联网关在华东的赢单里占几成", "慧联网关在华东的赢单数", "华东赢单数"),
        ("1万以上的赢单占多少", "1万以上的赢单有多少", "赢单有多少"),
    ],
)
def test_the_part_stands_before_the_whole(company: Desk, text: str, part: str, whole: str) -> None:
    assert company.number(text) == pytest.approx(company.number(part) / company.number(whole))


def test_a_list_is_put_in_order_by_the_number_it_tells(company: Desk) -> None:
    prices = [float(str(row[1])) for row in company.rows("产品按标价从高到低列一下")]

    assert prices == sorted(prices, reverse=True)


def test_both_ends_of_what_was_won(company: Desk) -> None:
    ((most, least),) = company.rows("赢单金额的最大值和最小值")

    assert float(str(most)) > float(str(least)) > 0


def test_who_bought_then_and_not_since(company: Desk) -> None:
    then = {row[0] for row in company.rows("2023年签过单的客户")}
    lost = {row[0] for row in company.rows("2023年签过2024年没签的客户")}

    assert lost <= then


def test_customers_are_counted_and_not_their_deals(company: Desk) -> None:
    ((industry, most),) = company.rows("客户最多的行业")[:1]

    assert most == company.number(f"{industry}有多少客户")


def test_a_number_of_people_is_said_of_the_company(company: Desk) -> None:
    assert company.spec("员工500人以下的客户有几家").entity == "account"


def test_how_long_a_deal_has_been_open_is_its_age(company: Desk) -> None:
    where = str(company.spec("三个月以上没结的单子").where)

    assert "age_days" in where
    assert "duration_days" not in where


def test_what_lingers_is_open(company: Desk) -> None:
    assert "open" in str(company.spec("挂得最久的商机").where)


def test_a_share_of_what_stands_before_it(company: Desk) -> None:
    total = company.number("今年赢单有多少")
    large = company.number("今年1万以上的赢单有多少")

    assert company.number("今年赢单中，1万以上的占比") == pytest.approx(large / total)


@pytest.mark.parametrize(
    "text",
    [
        "哪些行业今年没有成交",  # values without deals
        "大客户今年贡献了多少",  # nobody said which are large
        "那几个客户怎么样",  # nobody was mentioned
        "谁是华南的头儿",  # of those who work there
        "业绩前五的客户今年业绩合计",  # their sum, and not each
        "还有几天到季度末",  # of the calendar
        "一季度有几天签了单",  # days, and not deals
        "没有成交过的行业",
        "王晓燕有几个在跟的，都在哪个阶段",  # two questions
    ],
)
def test_what_no_shape_can_answer_is_asked_about(company: Desk, text: str) -> None:
    assert company.asks(text)
