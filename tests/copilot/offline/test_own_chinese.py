"""What Chinese speech makes of headers and stored values: shorter names, other words for not yet, half of a name."""

import pytest

from copilot.offline.lexicon import key
from copilot.offline.own_chinese import bare, mixed_parts, places, spoken_names, unfinished_values
from copilot.offline.tags import Sense, T


def _value(field: str, text: str) -> dict[tuple[str, ...], list[Sense]]:
    return {key(text): [Sense(T.VALUE, (field, text))]}


@pytest.mark.parametrize(
    ("label", "name"), [("约定交货日期", "交货日期"), ("预计到货时间", "到货时间"), ("合同金额", "合同")]
)
def test_a_header_is_said_without_its_qualifier(label: str, name: str) -> None:
    assert name in set(bare(label))


def test_money_still_to_come_is_said_with_any_word_for_not() -> None:
    names = set(spoken_names("未回款金额", is_money=True))

    assert {"未回款", "没回款", "还没回款", "尚未回款"} <= names
    assert "回款" not in names
    assert "回款" in set(spoken_names("已回款金额", is_money=True))


def test_what_is_pending_has_not_been_done() -> None:
    found = dict(unfinished_values(_value("order.status", "待发货"), {}))

    assert found[key("还没发货")][0].value == ("order.status", "待发货")
    assert key("发货") not in found


def test_a_word_that_means_something_else_keeps_to_it() -> None:
    known = {key("没发货"): [Sense(T.STATE, "lost")]}

    assert key("没发货") not in dict(unfinished_values(_value("order.status", "待发货"), known))


def test_half_of_a_name_in_two_scripts() -> None:
    brands = _value("deal.brand", "SICK西克") | _value("deal.brand", "汇川")

    found = dict(mixed_parts(brands, {}))

    assert found[("sick",)][0].value == ("deal.brand", "SICK西克") == found[key("西克")][0].value


def test_a_province_with_its_suffix() -> None:
    found = dict(places(_value("account.place", "江苏"), {}, {"account.place": "省份"}))

    assert found[key("江苏省")][0].value == ("account.place", "江苏")
