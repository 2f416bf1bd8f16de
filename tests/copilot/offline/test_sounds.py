"""Chinese words that sound like known ones are read as those and noted; real words that are not known stay unknown."""

import pytest

from copilot.offline.plan import Query
from copilot.offline.sounds import pinyin, sound
from tests.copilot.offline.conftest import Desk


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("本季渡丢了几单", "本季度丢了几单"), ("上个月营单数", "上个月赢单数"), ("kehu一共多少家", "客户一共多少家"),
     ("各chanpin赢单数", "各产品赢单数"), ("上個月贏單數", "上个月赢单数")],
)  # fmt: skip
def test_a_slip_is_read_by_its_sound(sales: Desk, typed: str, meant: str) -> None:
    assert sales.spec(typed) == sales.spec(meant)


def test_the_repair_is_noted(sales: Desk) -> None:
    plan = sales.plan("本季渡丢了几单")

    assert isinstance(plan, Query)
    assert plan.notes == ("季渡 → 季度",)


@pytest.mark.parametrize("text", ["税率是多少", "上个月的库存多少", "每个客户的房租多少"])
def test_a_word_that_people_use_is_no_slip(sales: Desk, text: str) -> None:
    assert sales.asks(text)


def test_syllables_that_are_easily_confused_sound_alike() -> None:
    assert [pinyin(char) for char in "销售鱼"] == ["xiao", "shou", "yu"]
    assert sound("深") == sound("森")
    assert sound("Q") == ""


def test_how_much_before_a_counter_counts(sales: Desk) -> None:
    assert sales.spec("Atlas Core卖了多少个") == sales.spec("Atlas Core卖了几个")
    assert sales.spec("Atlas Core卖了多少个") != sales.spec("Atlas Core卖了多少")
