"""Longer conversations: back to the first answer, beside what was compared, why, in money, whom "they" are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import FieldTest, Reading, Target
from copilot.offline.follow_up import Context
from copilot.offline.follow_up.whom import as_ones
from copilot.offline.plan import Clarify, PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk

At = Callable[[str], Desk]


def last(desk: Desk, turns: str) -> Plan:
    """The plan for the last of several turns."""
    *before, text = (turn.strip() for turn in turns.split(">>"))
    past: list[PastTurn] = []
    for said in before:
        past.append(desk.turn(said, after=past))
    return desk.plan(text, after=past)


def rows(desk: Desk, turns: str) -> list[tuple[Any, ...]]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), f"{turns} gave {plan}"
    return sorted((row.values for row in desk.run(plan.spec).rows), key=str)


# a conversation, and the whole question that says what its last turn means
SAME: dict[str, Sequence[tuple[str, str]]] = {
    "sales": (
        # back to the first answer
        ("top 3 reps by revenue in 2024 >> and only in Germany? >> what about Japan? "
         ">> those three from the beginning: how many deals did each of them lose in 2024",
         "how many deals did Priya Ramanath, Tessa Obafemi and Oskar Lindqvist lose in 2024, by rep"),
        ("2024年业绩前三的销售是谁 >> 德国的呢 >> 那日本呢 >> 最开始那三个人2024年各丢了几单",
         "how many deals did Priya Ramanath, Tessa Obafemi and Oskar Lindqvist lose in 2024, by rep"),
        ("open deals of Tessa Obafemi >> and Yuki Haneda?"
         " >> ok back to the first list: which of those are in Negotiation",
         "open deals of Tessa Obafemi in Negotiation"),
        ("how many deals did we win in 2024 >> what was the win rate in the North in 2024 "
         ">> back to the first question: how many of those were Atlas Core",
         "how many Atlas Core deals did we win in 2024"),
        ("top 2 reps by bookings in 2024 >> and in 2023?"
         " >> back to the first answer: how many deals did each lose in 2024",
         "how many deals did Priya Ramanath and Tessa Obafemi lose in 2024, by rep"),
        # beside what was compared
        ("compare the win rate of Mira and Jonas in 2024 >> add Priya and Caleb to that",
         "win rate of Mira, Jonas, Priya and Caleb in 2024 by rep"),
        ("bookings in 2024, Atlas Core vs Nimbus Team >> add Nimbus Grand",
         "bookings in 2024 by product for Atlas Core, Nimbus Team and Nimbus Grand"),
        ("who won more deals in 2024, Mira or Jonas >> add Tessa to that",
         "how many deals did Mira, Jonas and Tessa win in 2024, by rep"),
        ("Mira和Jonas 2024年谁的赢单率高 >> 再加上Priya和Caleb一起看看",
         "Mira、Jonas、Priya、Caleb 2024年各自的赢单率"),
        ("2024年德国和日本的业绩对比 >> 再加上巴西", "2024年德国、日本和巴西的业绩，按国家"),
        ("top 3 reps by bookings in 2024 >> add Yuki Haneda",
         "bookings in 2024 of Tessa Obafemi, Priya Ramanath, Oskar Lindqvist and Yuki Haneda, by rep"),
        ("bookings by region in 2024 for the North and the South >> and add the West", "bookings by region in 2024"),
        ("compare bookings of Germany and Japan in 2024 >> add Brazil >> and Canada too",
         "2024年德国、日本、巴西和加拿大的业绩，按国家"),
        ("What is Mira's win rate in 2024 compared with Jonas's? >> What about Priya?",
         "what is Priya's win rate in 2024"),
        # why
        ("South 2024年丢了多少单 >> 主要是因为什么", "South 2024年丢的单按丢单原因"),
        ("how many deals did the South lose in 2024 >> why did we lose them, mostly", "South 2024年丢的单按丢单原因"),
        ("which rep lost the most deals in 2024 >> why?", "Jonas 2024年丢的单按丢单原因"),
        ("list the deals we lost in May 2025 >> what were the reasons", "2025年5月丢的单按丢单原因"),
        ("Tessa 2024年丢了几单 >> 什么原因丢的，排个序", "Tessa 2024年丢的单按丢单原因"),
        ("how many deals did we lose in 2024 >> any particular reason", "2024年丢的单按丢单原因"),
        ("top 3 reps by bookings in 2024 >> how many did they lose >> 都是什么原因",
         "Priya、Tessa、Oskar 2024年丢的单按丢单原因"),
        # in money, per person, planned days
        ("how many deals did we win in 2024 >> and in money?", "bookings in 2024"),
        ("how many deals did Jonas lose in 2024 >> and in money?", "total amount of deals Jonas lost in 2024"),
        ("What did we win in Q1 2025, in money? >> and Q4 2024?", "bookings in Q4 2024"),
        ("which open deals in the West close this year >> how much is that per person",
         "total amount of open deals in the West closing this year by rep"),
        ("list the open deals in Negotiation >> per person then?", "how many open deals in Negotiation by rep"),
        ("open deals of Yuki Haneda >> how many are there in total?", "how many open deals does Yuki Haneda have"),
        ("open deals over 10k in the West >> add them up",
         "open deals over 10k in the West >> what do they come to in total"),
        # whom they are
        ("how many deals did Priya win at Lumora Health >> which industry are they in",
         "which industry is Lumora Health in"),
        # shares, changes, times
        ("Q3 2024 vs Q3 2023, how did bookings go >> which product made the difference",
         "bookings Q3 2023 vs Q3 2024 by product"),
        ("how many deals did we win in Q1 2025 >> same one a year ago", "how many deals did we win in Q1 2024"),
        ("how many deals did we win in May 2025 >> same for last year >> 1", "how many deals did we win in May 2024"),
        ("bookings in March 2024 >> break that down by region, and the same for April 2024",
         "bookings in March 2024 vs April 2024 by region"),
        # what is said in between, or by other words
        ("bookings by region in 2024 >> ok thanks, hm >> and 2023?", "bookings by region for 2023"),
        ("how many deals does Tessa have in 2024 >> no, I meant the lost ones",
         "how many deals did Tessa lose in 2024"),
        ("revenue for Kestrel >> the aviation one >> and in 2024 only", "revenue for Kestrel Aviation in 2024"),
        ("open deals in the North >> what is our win rate in 2024 overall", "win rate in 2024"),
        ("bookings of Atlas Core in 2024 >> back to all products, who brought in most of that 2024 number",
         "which rep had the highest bookings in 2024"),
    ),
    "chinese": (
        ("2024年华东赢单金额最高的两个销售 >> 华南呢 >> 回到最开始那两个人，他们2024年各丢了几单",
         "王晓燕和李建国2024年各丢了几单"),
        ("王晓燕和李建国2024年谁签的金额多 >> 把陈思远也加进来比一比", "王晓燕、李建国、陈思远2024年各自的赢单金额"),
        ("王晓燕2024年赢了多少单 >> 把李建国也算上 >> 再加上孙立群", "王晓燕、李建国、孙立群2024年各赢了多少单"),
        ("2024年华东赢了几单 >> 折成金额呢", "2024年华东的赢单金额"),
        ("各大区2024年赢单金额 >> 谢谢，嗯 >> 2023年呢", "各大区2023年赢单金额"),
        ("2024年赢了几单 >> 其中哪家客户花的钱最多", "2024年哪家客户的赢单金额最高"),
        ("华东2024年赢了几单 >> 不是华东，是华南", "华南2024年赢了几单"),
        ("在谈的商机有多少 >> 一共多少金额 >> 每个人呢", "在谈的商机金额合计，按负责人"),
    ),
    "shop": (
        ("how many orders did Cobalt Inn place in 2024 >> add Foxglove >> in money?",
         "order value in 2024 by customer for Cobalt Inn and Foxglove"),
        ("total order value by customer in 2024 >> same for 2025", "total order value by customer in 2025"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("world", "turns", "whole"), [(world, *pair) for world, pairs in SAME.items() for pair in pairs]
)
def test_a_conversation_ends_as_a_whole_question_would(desk: At, world: str, turns: str, whole: str) -> None:
    found, expected = rows(desk(world), turns), rows(desk(world), whole)

    assert expected
    if len(expected[0]) > len(found[0]):  # of one record its name is told as well
        expected = [row[1:] for row in expected]
    assert [row[:1] + row[-1:] for row in found] == [row[:1] + row[-1:] for row in expected]


@pytest.mark.parametrize(
    "turns",
    [
        "top 3 reps by revenue in 2024 >> and in Germany >> those four from the beginning: how many did each lose",
        "how many deals did each win",
        "bookings by region in 2024 >> add the West",
        "how many deals did we win in May 2025 >> same for last year",
        "2025年5月赢了几单 >> 去年同样的呢",
        "how many deals did we win in 2024 >> why?",
        "open deals in Germany >> for what reasons",
        "bookings in 2024 >> which product made the difference",
        "我们组那种下个月的单 >> 每个人各有多少金额",
        "ok thanks, hm",
        "how many deals did Tessa have in 2024 >> and Yuki?",
    ],
)
def test_what_fits_nothing_or_two_things_is_asked_back(sales: Desk, turns: str) -> None:
    plan = last(sales, turns)

    assert not isinstance(plan, Query), plan


def test_a_year_may_mean_the_month_that_was_spoken_of_or_all_of_it(sales: Desk) -> None:
    plan = last(sales, "how many deals did we win in May 2025 >> same for last year")

    assert isinstance(plan, Clarify)
    assert plan.options == ("2024-05-01 – 2024-05-31", "2024-01-01 – 2024-12-31")


def test_what_narrowed_is_the_part_of_all_the_lost_ones(sales: Desk) -> None:
    ((found,),) = rows(
        sales, "how many deals did we lose in 2024 because of price >> what share of all the lost ones is that"
    )

    price = sales.number("how many deals did we lose in 2024 because of price")
    assert found == pytest.approx(price / sales.number("how many deals did we lose in 2024"))


def test_her_part_of_her_region_is_hers_over_the_region(sales: Desk) -> None:
    ((found,),) = rows(sales, "bookings of Mira in 2024 >> what share of her region is that")

    assert float(found) == pytest.approx(
        sales.number("bookings of Mira in 2024") / sales.number("bookings in the North in 2024")
    )


@pytest.mark.parametrize("asked", ["他们家一共丢过几单", "他们公司一共丢过几单"])
def test_their_firm_is_the_company_and_not_the_seller(sales: Desk, asked: str) -> None:
    ((found,),) = rows(sales, f"Mira在Halcyon Labs赢了几单 >> {asked}")

    assert found == sales.number("how many deals did we lose to Halcyon Labs")


def test_open_deals_are_past_the_day_on_which_they_are_to_close(sales: Desk) -> None:
    plan = last(sales, "open deals in the West >> of those, the ones past their close date")

    assert isinstance(plan, Query)
    assert "closes_on" in plan.spec.model_dump_json()
    assert "closed_on" not in plan.spec.model_dump_json()


def test_expected_to_be_signed_are_the_open_ones_of_that_time(sales: Desk) -> None:
    assert rows(sales, "下个月预计能签的单子有哪些") == rows(sales, "open deals expected to close next month")


def test_adding_a_person_after_a_comparison_changes_nothing(sales: Desk) -> None:
    assert isinstance(last(sales, "win rate of Mira and Jonas in 2024 >> add Caleb"), Query)
    assert not isinstance(last(sales, "open deals of Mira >> add Caleb"), Query)


def test_the_ones_at_some_companies_are_still_contacts() -> None:
    before = Reading(target=Target("contact", "count"), asks=["count"])
    retail = FieldTest("account.industry", "in", ("retail",))
    ones = Pronoun("set", None, False, "Just the ones")
    said = Reading(target=Target("account", "list"), asks=["list"], fields=[retail], pronouns=[ones])
    context = Context([(before, PastTurn("how many contacts have no email"))], lambda *_: None)

    assert as_ones(context, said).target == Target("contact", "list")
    assert as_ones(context, replace(said, pronouns=[])).target == said.target


def test_orders_of_two_times_are_compared_by_the_day_of_the_order(desk: At) -> None:
    shop = desk("shop")
    april = dict(rows(shop, "how many orders did we get in April 2024, by customer"))
    found = {
        row[0]: row[2] for row in rows(shop, "how many orders did we get in March 2024 vs April 2024, by customer")
    }

    assert april
    assert {customer: found[customer] for customer in april} == april
