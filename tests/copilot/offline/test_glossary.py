"""A company's own values, columns and stages in the other language, by a dictionary."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Cannot, Clarify, Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]

SURE = (
    ("spares", "how many sensor deals did we win?", "how many 传感器 deals did we win?", "sensor → 传感器"),
    ("spares", "win rate for machine vision", "win rate for 机器视觉", "machine vision → 机器视觉"),
    ("spares", "servo systems won in 2024", "伺服系统 won in 2024", "servo systems → 伺服系统"),
    ("spares", "how many touch screen deals are open", "how many 触摸屏 deals are open", "touch screen → 触摸屏"),
    (
        "spares",
        "how many customers in packaging machinery",
        "how many customers in 包装机械",
        "packaging machinery → 包装机械",
    ),
    (
        "spares",
        "how many deals are in commercial negotiation",
        "how many deals are in 商务谈判",
        "commercial negotiation → 商务谈判",
    ),
    (
        "spares",
        "average registered capital of customers",
        "average 注册资本 of customers",
        "registered capital → 注册资本",
    ),
    ("support", "洗碗机赢了多少单", "Dishwashers赢了多少单", "洗碗机 → Dishwashers"),
    ("support", "烤箱的业绩", "Ovens的业绩", "烤箱 → Ovens"),
    ("support", "制冷设备今年赢了多少钱", "Refrigeration今年赢了多少钱", "制冷设备 → Refrigeration"),
    ("support", "咖啡机的赢单率", "Coffee Machines的赢单率", "咖啡机 → Coffee Machines"),
    ("support", "中央厨房有几家", "Central Kitchen有几家", "中央厨房 → Central Kitchen"),
    ("shop", "照明的销售额", "lighting的销售额", "照明 → lighting"),
    ("lined", "传感器赢了多少单", "Sensors赢了多少单", "传感器 → Sensors"),
)


@pytest.mark.parametrize(("world", "text", "own", "note"), SURE)
def test_what_says_one_string_of_the_company_word_for_word_is_read_as_it_and_told(
    desk: At, world: str, text: str, own: str, note: str
) -> None:
    company = desk(world)
    plan = company.plan(text)

    assert isinstance(plan, Query), plan
    assert plan.spec == company.spec(own)
    assert note in plan.notes


OFFERED = (
    ("spares", "how many lithium battery customers do we have", ("锂电新能源",)),
    ("spares", "bookings for vision", ("机器视觉",)),
    ("chinese", "gateway bookings", ("慧联网关",)),
    ("support", "员工食堂有多少家", ("Staff Canteen",)),
    ("support", "机器的业绩", ("Coffee Machines",)),
    ("shop", "软木的销售额", ("Cork Board",)),
    ("lined", "压力表的业绩", ("Kelvo P2 Pressure Gauge", "Kelvo P6 Pressure Gauge")),
)


@pytest.mark.parametrize(("world", "text", "options"), OFFERED)
def test_what_says_a_part_of_a_string_is_asked_about(desk: At, world: str, text: str, options: tuple[str, ...]) -> None:
    plan = desk(world).plan(text)

    assert isinstance(plan, Clarify), plan
    assert plan.options == options


PICKED = (
    ("spares", "bookings for vision by rep in 2024", "bookings for 机器视觉 by rep in 2024"),
    ("spares", "how many lithium battery customers do we have", "how many 锂电新能源 customers do we have"),
    ("support", "保修期最长的客户", "warranty最长的客户"),
    ("support", "员工食堂有多少家", "Staff Canteen有多少家"),
)


@pytest.mark.parametrize(("world", "text", "own"), PICKED)
def test_the_string_that_is_picked_stands_in_the_question(desk: At, world: str, text: str, own: str) -> None:
    company = desk(world)
    asked = company.turn(text)

    plan = company.plan("1", after=[asked])

    assert isinstance(plan, Query)
    assert plan.spec == company.spec(own)


def test_a_follow_up_is_read_so_too(desk: At) -> None:
    company = desk("spares")
    before = company.turn("how many 传感器 deals did we win?")

    plan = company.plan("and touch screens?", after=[before])

    assert isinstance(plan, Query)
    assert plan.spec == company.spec("how many 触摸屏 deals did we win?")


DECLINED = (
    ("spares", "how many quantum deals did we win?"),  # no string of the company says it
    ("spares", "bookings for spring rolls"),
    ("spares", "how many sensor deals did we win for zwanfel?"),  # what is picked would leave zwanfel out
    ("support", "冰箱的业绩"),  # a refrigerator is no refrigeration
    ("support", "洗碗机和冰箱的业绩"),
    ("sales", "洗碗机的业绩"),
)


@pytest.mark.parametrize(("world", "text"), DECLINED)
def test_what_says_none_of_them_gets_no_number(desk: At, world: str, text: str) -> None:
    assert isinstance(desk(world).plan(text), Cannot | Clarify)


UNREAD = (
    ("spares", "how many deals did we win?"),  # all its words are known
    ("support", "今年赢了多少单"),
    ("sales", "bookings by zwanfel"),  # the company wrote nothing in the other script
)


@pytest.mark.parametrize(("world", "text"), UNREAD)
def test_the_dictionary_is_not_read_for_nothing(
    desk: At, world: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.offline.glossary.find_dictionary", lambda: pytest.fail("the dictionary was read"))

    desk(world).plan(text)
