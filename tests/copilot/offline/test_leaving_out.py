"""What a question leaves out, in a clause or a sentence of its own: it and the rest make the whole."""

from collections.abc import Callable

import pytest

from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]
COUNTS = ("how many deals did we win in 2024", "how many open deals are there", "how many deals did we lose in 2024")
OUT = (
    "{q}? Leave {v} out.", "{q}, leave {v} out", "{q}, leaving {v} out of it", "{q}? Take {v} out.",
    "{q}, but keep {v} out of this", "{q}? Not counting the ones from {v}.", "{q}, without those from {v}",
    "{q}? Ignore the ones in {v}.", "{q} if you don't count {v}", "{q}, if we exclude {v}",
)  # fmt: skip


@pytest.mark.parametrize("value", ["Germany", "retail", "Caleb Durand", "Atlas Core"])
@pytest.mark.parametrize("form", OUT)
def test_what_is_left_out_and_the_rest_make_the_whole(sales: Desk, form: str, value: str) -> None:
    for count in COUNTS:
        inside = sales.number(f"{count} for {value}")
        rest = sales.number(form.format(q=count, v=value))

        assert inside + rest == sales.number(count), count


@pytest.mark.parametrize(
    "out",
    ["Leave out those below {n}.", "leaving out the ones under {n}", "without those under {n}",
     "not counting deals below {n}", "exclude amounts under {n}"],
)  # fmt: skip
@pytest.mark.parametrize("number", ["5k", "20,000"])
def test_a_size_that_is_left_out_leaves_the_others(sales: Desk, out: str, number: str) -> None:
    for count in COUNTS:
        inside = sales.number(f"{count} below {number}")
        rest = sales.number(f"{count}? {out.format(n=number)}")

        assert inside + rest == sales.number(count), count


def test_several_are_left_out_together(sales: Desk) -> None:
    named = "Caleb Durand and Mira Castellan"

    assert sales.rows(f"who won the most deals in 2024? Leave {named} out.") == sales.rows(
        f"who won the most deals in 2024, excluding {named}"
    )


CHINESE_OUT = ("{q}，把{v}去掉", "{q}，别把{v}算进去", "{q}？不要把{v}算在内", "{q}？{v}不算。", "{q}，除了{v}的")


@pytest.mark.parametrize("value", ["华东", "制造业", "王晓燕"])
@pytest.mark.parametrize("form", CHINESE_OUT)
def test_what_is_left_out_in_chinese_and_the_rest_make_the_whole(desk: At, form: str, value: str) -> None:
    company, question = desk("chinese"), "2024年赢了多少单"
    inside, rest = company.number(f"{value}{question}"), company.number(form.format(q=question, v=value))

    assert inside + rest == company.number(question)


@pytest.mark.parametrize("out", ["去掉金额低于1万的", "不算1万以下的"])
def test_a_size_that_is_left_out_in_chinese_leaves_the_others(desk: At, out: str) -> None:
    company = desk("chinese")
    whole, rest = company.number("2024年赢了多少单"), company.number(f"2024年赢了多少单，{out}")
    below = company.number(f"2024年金额{'低于1万' if '低于' in out else '1万以下'}的商机赢了多少单")

    assert below + rest == whole


@pytest.mark.parametrize("form", OUT[:4])
def test_orders_of_a_customer_are_left_out(desk: At, form: str) -> None:
    shop, question = desk("shop"), "how many orders did we get in 2024"
    inside, rest = shop.number(f"{question} from Cobalt Inn"), shop.number(form.format(q=question, v="Cobalt Inn"))

    assert inside + rest == shop.number(question)


def test_a_region_that_is_to_be_counted_is_not_left_out(desk: At) -> None:
    assert desk("chinese").asks("各大区的业绩，把华南算进去")
