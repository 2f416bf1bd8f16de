"""Follow-ups about rows of what was shown: one by its place, two against each other, all of them, all but them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk

Desks = Callable[[str], Desk]


def last(desk: Desk, turns: str) -> Plan:
    """The plan for the last of several turns, "first >> second >> …"."""
    past: list[PastTurn] = []
    *before, asked = turns.split(" >> ")
    for text in before:
        past.append(desk.turn(text, after=past))
    return desk.plan(asked, after=past)


def rows(desk: Desk, turns: str) -> list[tuple[Any, ...]]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return [row.values for row in desk.run(plan.spec).rows]


def number(desk: Desk, turns: str) -> float:
    ((*_, value),) = rows(desk, turns)
    return float(value or 0)


# The last turn of a dialogue says the same as a whole question.
SAME: dict[str, Sequence[tuple[str, str]]] = {
    "sales": (
        ("bookings in Q1 2024 >> and the third one?", "bookings in Q3 2024"),
        ("wins in the second half of 2024 >> and the first one?", "wins in the first half of 2024"),
        ("how did the North do in the first quarter of 2024? >> Thanks. And how about the second one?",
         "bookings in the North in Q2 2024"),
        ("bookings of Tessa in Q4 2024 >> what did she make over the whole year", "bookings of Tessa in 2024"),
        ("who has the best win rate in Victor Amadi's team? >> how much revenue did that person bring in this year?",
         "bookings of Caleb Durand this year"),
        ("who works for Victor Amadi? >> rank them by bookings in Q4 2024 >> "
         "what did the last one on that list make over the whole year", "bookings of Tessa Obafemi in 2024"),
        ("top 3 reps by revenue in 2024 >> which region is the last one in", "which region is Oskar Lindqvist in"),
        ("bookings by region in 2024 >> only the Nimbus Lite ones", "bookings of Nimbus Lite by region in 2024"),
        ("bookings by rep in 2024 >> sorry, only the two in the West", "bookings by rep in the West in 2024"),
        ("bookings by rep in 2024 >> only the three North ones", "bookings by rep in the North in 2024"),
        ("bookings in May 2024 >> which region led then", "which region had the highest bookings in May 2024"),
        ("how much did we sell to Tidewell in 2024? >> which rep brought in the biggest part of it?",
         "which rep had the highest bookings from Tidewell in 2024"),
        ("bookings from Lumora Health >> who was behind most of it",
         "which rep had the highest bookings from Lumora Health"),
        ("how much have we sold to Tidewell >> mostly which product",
         "which product had the highest bookings from Tidewell"),
        ("best selling product by revenue in the North in 2024? >> and in the South? >> "
         "West too, and how much was it there",
         "best selling product by revenue in the West in 2024"),
        ("how many deals did we lose in Q1 2024 >> make it Q2 2024 >> which rep lost the most of those",
         "which rep lost the most deals in Q2 2024"),
        ("bookings from Palisade Holdings in 2024 >> include the subsidiaries",
         "bookings from Palisade Holdings and its subsidiaries in 2024"),
        ("Palisade Holdings 2024年的销售额 >> 把子公司也算上",
         "bookings from Palisade Holdings and its subsidiaries in 2024"),
        ("what's the list price of Atlas Max? >> and on average, what do we really get for one when we win?",
         "average amount of won Atlas Max deals"),
        ("how many open deals does Caleb have >> only those she started before May 2025",
         "how many open deals of Caleb were started before May 2025"),
        ("how many open deals does Caleb have >> only those he started before May 2025, with the ids",
         "ids of the open deals of Caleb started before May 2025"),
        ("how many deals did we close in May 2024? >> ha, not bad. and how many of those were wins?",
         "how many deals did we win in May 2024"),
        ("how many deals did we close in May 2024? >> how many of those were won >> and the rest, by rep?",
         "lost deals in May 2024 by rep"),
        ("who has the most open deals? >> how many of them are in Proposal >> and the rest, by product?",
         "open deals of Caleb Durand and Yuki Haneda not in Proposal by product"),
        ("2024年丢了多少单 >> 光看下半年呢", "2024年下半年丢了多少单"),
        ("去年丢单最多的销售是谁 >> 他主要丢在哪个产品上？",
         "which product did Jonas lose the most deals with in 2024"),
        ("2024年业绩最高的产品是哪个 >> 这个产品 Mira 的赢单率是多少", "Mira 2024年 Atlas Max 的赢单率"),
        ("2024年业绩前三的销售是谁 >> 最后一个是哪个区的", "which region is Oskar Lindqvist in"),
        ("员工超过五千人的客户有哪些 >> 去掉总部在美国的", "员工超过五千人的客户，美国的除外"),
    ),
    "chinese": (
        ("2024年第三季度签了多少钱 >> 不错。第四季度呢", "2024年第四季度签了多少钱"),
        ("2024年业绩前三的销售是谁 >> 最后一个是哪个大区的", "王晓燕是哪个大区的"),
        ("2024年丢了多少单 >> 只看下半年 >> 哪个产品丢得最多", "2024年下半年哪个产品丢单最多"),
        ("2024年华东赢了几单 >> 华南呢 >> 这两个大区一共签了多少钱", "2024年华东和华南一共签了多少钱"),
    ),
    "shop": (
        ("how many orders did we get in Q1 2024 >> and the second one?", "how many orders did we get in Q2 2024"),
        ("how many orders did we get in Q1 2024 >> and Q2 2024 >> put the two together",
         "how many orders did we get in the first half of 2024"),
        ("total order value in 2024 >> which customer made up the largest part of it",
         "which customer had the highest order value in 2024"),
    ),
    "renamed": (
        ("top 3 customers by bookings in 2024 >> which vertical is the last one in",
         "which vertical is Ostrava Glass in"),
        ("bookings in Q2 2024 >> which item made up the largest part of it",
         "which item had the highest bookings in Q2 2024"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("world", "turns", "whole"), [(world, *pair) for world, pairs in SAME.items() for pair in pairs]
)
def test_a_follow_up_says_the_same_as_a_whole_question(desk: Desks, world: str, turns: str, whole: str) -> None:
    expected = desk(world).rows(whole)

    assert expected
    assert sorted(rows(desk(world), turns), key=str) == sorted(expected, key=str)


# what is shown first, and what is asked of all its rows together
TOGETHER = (
    ("sales", "top 3 reps by revenue in 2024", "what did the three of them bring in together"),
    ("sales", "top 3 reps by revenue in 2024", "and those three, altogether?"),
    ("sales", "2024年业绩前三的销售是谁", "他们三个一共做了多少"),
    ("chinese", "2024年业绩前三的销售是谁", "他们三个加起来多少"),
    ("renamed", "top 3 sellers by bookings in 2024", "what did the three of them bring in together"),
)


@pytest.mark.parametrize(("world", "shown", "asked"), TOGETHER)
def test_rows_are_added_up(desk: Desks, world: str, shown: str, asked: str) -> None:
    total = sum(float(row[-1]) for row in desk(world).rows(shown))  # type: ignore[arg-type]

    assert number(desk(world), f"{shown} >> {asked}") == total


def test_only_the_first_rows_are_added_up(sales: Desk) -> None:
    shown = "bookings by rep in 2024"
    two = sorted((float(row[-1]) for row in sales.rows(shown)), reverse=True)[:2]  # type: ignore[arg-type]

    assert number(sales, f"{shown} >> what did the top two of them bring in together") == sum(two)


PUT_TOGETHER = (
    ("bookings in the North in 2024 >> and the South? >> put together, how much is that",
     "bookings in the North in 2024", "bookings in the South in 2024"),
    ("how many deals did the North win in Q3 2024 >> and the South? >> and what did those two regions book altogether",
     "bookings in the North in Q3 2024", "bookings in the South in Q3 2024"),
    ("2024年第三季度北区签了几单 >> 南区呢 >> 这两个区加一块，签了多少钱",
     "bookings in the North in Q3 2024", "bookings in the South in Q3 2024"),
    ("零售客户有几家 >> 金融的呢 >> 这两个行业2024年一共签了多少钱",
     "bookings of retail accounts in 2024", "bookings of finance accounts in 2024"),
)  # fmt: skip


@pytest.mark.parametrize(("turns", "one", "other"), PUT_TOGETHER)
def test_what_was_asked_about_is_put_together(sales: Desk, turns: str, one: str, other: str) -> None:
    assert number(sales, turns) == sales.number(one) + sales.number(other)


# the rows shown, of what whole, and the plain question of the whole
PARTS = (
    ("sales", "top 3 accounts by revenue in 2024", "what do the three of them make up of our total",
     "bookings in 2024"),
    ("sales", "top 3 reps by revenue in 2024", "what share of our bookings is that, those three?", "bookings in 2024"),
    ("sales", "2024年业绩最高的产品是哪个", "占全部销售额多少", "2024年的销售额"),
    ("sales", "top 2 regions by bookings in 2024", "what do the two of them make up of the total", "bookings in 2024"),
    ("shop", "top 3 customers by order value", "what do the three of them make up of the total", "total order value"),
)  # fmt: skip


@pytest.mark.parametrize(("world", "shown", "asked", "whole"), PARTS)
def test_rows_are_a_part_of_the_whole(desk: Desks, world: str, shown: str, asked: str, whole: str) -> None:
    total = sum(float(row[-1]) for row in desk(world).rows(shown))  # type: ignore[arg-type]

    assert number(desk(world), f"{shown} >> {asked}") == pytest.approx(total / desk(world).number(whole))


SHARES = (
    ("how many deals over 10k did we win in 2024 >> as a share of all the wins that year",
     "how many deals over 10k did we win in 2024", "how many deals did we win in 2024"),
    ("how many Atlas Max deals did we win below list price in 2024 >> as a share of all the ones we won",
     "how many Atlas Max deals did we win below list price in 2024", "how many Atlas Max deals did we win in 2024"),
    ("how many Atlas Max deals did we win below list price in 2024 >> as a share of all the ones we won >> "
     "same share for Atlas Plus?",
     "how many Atlas Plus deals did we win below list price in 2024", "how many Atlas Plus deals did we win in 2024"),
    ("2024年我们签了多少钱 >> Q4占全年多大比例", "bookings in Q4 2024", "bookings in 2024"),
    ("2024年第三季度签了多少钱 >> 占全年多大比例", "bookings in Q3 2024", "bookings in 2024"),
    ("bookings in May 2024 >> what share of the whole quarter is that", "bookings in May 2024", "bookings in Q2 2024"),
)  # fmt: skip


@pytest.mark.parametrize(("turns", "part", "whole"), SHARES)
def test_what_was_shown_is_a_part_of_what_is_said(sales: Desk, turns: str, part: str, whole: str) -> None:
    assert number(sales, turns) == pytest.approx(sales.number(part) / sales.number(whole))


# a ranking, the question about two of its places, and the places
APART = (
    ("sales", "top 5 products by revenue in 2024", "what's the gap between the first and the last", 0, -1),
    ("sales", "top 3 reps by revenue in 2024", "by how much does the first beat the second", 0, 1),
    ("sales", "top 3 reps by revenue in 2024", "by how much over the third one", 0, 2),
    ("sales", "win rate by rep in 2024", "what's the gap between the best and the worst", 0, -1),
    ("sales", "2024年业绩前三的销售是谁", "第一名比第三名多多少", 0, 2),
    ("chinese", "2024年业绩前三的销售是谁", "第一名比第二名多多少", 0, 1),
)


@pytest.mark.parametrize(("world", "shown", "asked", "one", "other"), APART)
def test_two_rows_are_set_against_each_other(
    desk: Desks, world: str, shown: str, asked: str, one: int, other: int
) -> None:
    told = [float(row[-1]) for row in rows(desk(world), shown)]
    ((base, against, difference, *_),) = rows(desk(world), f"{shown} >> {asked}")

    assert (float(against), float(base)) == (pytest.approx(told[one]), pytest.approx(told[other]))
    assert float(difference) == pytest.approx(told[one] - told[other])


@pytest.mark.parametrize(
    "turns",
    [
        "bookings in May 2024 >> which region led then >> by how much over the second one?",
        "bookings in May 2024 >> which region led then >> by how much ahead of the next one",
    ],
)
def test_the_first_is_set_against_a_row_that_was_not_shown(sales: Desk, turns: str) -> None:
    told = sorted((float(row[-1]) for row in sales.rows("bookings in May 2024 by region")), reverse=True)  # type: ignore[arg-type]

    assert number(sales, turns) == told[0] - told[1]


def test_the_best_and_the_worst_are_set_against_each_other(sales: Desk) -> None:
    told = [float(row[-1]) for row in sales.rows("bookings in 2024 by region")]  # type: ignore[arg-type]
    turns = "which region had the highest bookings in 2024 >> and the lowest? >> how far apart are the two"
    ((*_, difference, _change),) = rows(sales, turns)

    assert abs(float(difference)) == max(told) - min(told)


def test_the_difference_after_the_best_and_the_worst_is_between_them(sales: Desk) -> None:
    told = [float(row[-1]) for row in sales.rows("win rate by rep in 2024")]  # type: ignore[arg-type]
    turns = "which rep has the highest win rate in 2024 >> and the lowest? >> what's the difference"
    ((*_, difference),) = rows(sales, turns)

    assert abs(float(difference)) == pytest.approx(max(told) - min(told))


def test_a_row_in_another_time_is_that_row_or_is_asked_about(sales: Desk) -> None:
    shown = "top 3 reps by wins in 2024"
    second = sales.rows(shown)[1][0]

    assert number(sales, f"{shown} >> how did the second one do in Q1 2025") == sales.number(
        f"wins of {second} in Q1 2025"
    )
    assert isinstance(last(sales, f"{shown} >> and the second one in Q1 2025?"), Clarify)


WORTH = (
    ("how many deals are in Negotiation >> how much is that in total", "total amount of the deals in Negotiation"),
    ("谈判阶段有几个商机？ >> 一共多少钱？", "total amount of the deals in Negotiation"),
    ("how many deals did we lose in 2024 >> how much is that altogether", "total amount of the deals lost in 2024"),
    ("how many deals did we win in 2024 >> how much is that altogether", "bookings in 2024"),
)


@pytest.mark.parametrize(("turns", "whole"), WORTH)
def test_what_was_counted_is_added_up_and_not_what_was_won(sales: Desk, turns: str, whole: str) -> None:
    assert number(sales, turns) == sales.number(whole)


PICKS = (("the second one", 1), ("the first one please", 0), ("第二个", 1), ("2", 1))


@pytest.mark.parametrize(("picked", "at"), PICKS)
def test_an_option_is_picked_by_its_place(sales: Desk, picked: str, at: int) -> None:
    asked = "how many deals did Kestrel win in 2024"
    plan = sales.plan(asked)

    assert isinstance(plan, Clarify)
    assert number(sales, f"{asked} >> {picked}") == number(sales, f"{asked} >> {plan.options[at]}")


def test_two_that_were_counted_are_set_against_each_other_by_another_measure(sales: Desk) -> None:
    ((finance, retail, *_),) = rows(sales, "零售客户有几家？ >> 金融的呢 >> 这两个行业2024年业绩差多少")

    assert float(retail) == sales.number("bookings of retail accounts in 2024")
    assert float(finance) == sales.number("bookings of finance accounts in 2024")


@pytest.mark.parametrize(
    "turns",
    [
        "list the open deals of Caleb >> which one was started first? >> how many days ago was that",
        "list the open deals of Caleb >> which of those is the oldest? >> how long ago was that",
        "列出 Caleb 在跟的单 >> 最早的是哪个 >> 距今多少天了",
    ],
)
def test_how_long_ago_a_deal_began(sales: Desk, turns: str) -> None:
    days = max(float(row[-1]) for row in sales.rows("age of the open deals of Caleb"))  # type: ignore[arg-type]

    assert number(sales, turns) == days


@pytest.mark.parametrize("asked", ["list those, just the ids", "list them"])
def test_those_that_a_ranking_counted_are_listed(sales: Desk, asked: str) -> None:
    turns = "how many deals did we close in May 2024? >> who won the most of them"
    plain = {row[0] for row in sales.rows("deals won by Yuki Haneda in May 2024")}

    assert {row[0] for row in rows(sales, f"{turns} >> {asked}")} == plain


def test_the_rest_holds_those_without_a_value(sales: Desk) -> None:
    turns = "how many open deals in Germany >> how many of those are over 10k >> and the rest, by stage"
    whole = sales.number("how many open deals in Germany")
    part = sales.number("how many open deals over 10k in Germany")

    assert sum(float(row[-1]) for row in rows(sales, turns)) == whole - part


def test_the_ones_that_have_one_are_of_the_same_kind(sales: Desk) -> None:
    turns = "how many open deals does Yuki have >> list the ones that have an account"
    plain = {row[0] for row in sales.rows("open deals of Yuki") if row[1] is not None}

    assert {row[0] for row in rows(sales, turns)} == plain


@pytest.mark.parametrize(
    ("world", "turns"),
    [
        ("sales", "how many deals did we win in 2024 >> and the second one?"),  # a number has no second row
        ("shop", "how many orders did we get in 2024 >> and the last one?"),
        ("sales", "bookings in Q1 2024 >> and the fifth one?"),  # a year has four quarters
        ("sales", "top 3 reps by revenue in 2024 >> by how much over the fifth one"),  # not shown
        ("sales", "as a share of all the ones we won"),
        ("sales", "what is the weather >> as a share of all the ones we won"),
        ("sales", "how many days ago was that"),
        ("sales", "include the subsidiaries"),
        ("sales", "bookings in 2024 >> include the subsidiaries"),
        ("sales", "who lost the most deals in 2024 >> what did they lose >> how many days ago was that"),
    ],
)
def test_rows_that_were_not_shown_are_asked_about(desk: Desks, world: str, turns: str) -> None:
    assert isinstance(last(desk(world), turns), Clarify)


@pytest.mark.parametrize(
    ("asked", "is_question"),
    [
        ("remind me of the list price of Atlas Max", True),
        ("remind me of the win rate of Mira", True),
        ("remind me of the meeting with Tidewell tomorrow", False),
    ],
)
def test_to_be_reminded_of_a_figure_is_a_question(sales: Desk, asked: str, is_question: bool) -> None:
    assert isinstance(sales.plan(asked), Query) is is_question
