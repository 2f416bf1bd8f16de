"""A follow-up without a subject is about the one that a ranking found; what nothing lifts stays in the scope."""

import pytest

from copilot.offline.plan import PastTurn, Plan, Query
from tests.copilot.offline.conftest import Desk


def last(desk: Desk, turns: str) -> Plan:
    """The plan for the last of several turns."""
    *before, text = (turn.strip() for turn in turns.split(">>"))
    past: list[PastTurn] = []
    for said in before:
        past.append(desk.turn(said, after=past))
    return desk.plan(text, after=past)


def figures(desk: Desk, turns: str) -> list[object]:
    plan = last(desk, turns)
    assert isinstance(plan, Query), plan
    return [row.values[-1] for row in desk.run(plan.spec).rows]


TOP = {"en": "which account had the highest bookings in 2024", "zh": "2024年哪家客户的业绩最高"}


@pytest.mark.parametrize(("lang", "said"), [("en", "how many deals were won in total"), ("zh", "总共签了几单")])
def test_a_total_after_the_top_customer_is_that_customers_and_says_so(sales: Desk, lang: str, said: str) -> None:
    account = sales.rows(TOP[lang])[0][0]
    plan = last(sales, f"{TOP[lang]} >> {said}")

    assert isinstance(plan, Query)
    assert any(str(account) in note for note in plan.notes)
    assert figures(sales, f"{TOP[lang]} >> {said}") == [sales.number(f"how many deals did we win at {account} in 2024")]


def test_inside_is_of_what_was_counted(sales: Desk) -> None:
    before = f"{TOP['zh']} >> 总共签了几单"

    assert figures(sales, f"{before} >> 里面有几单是Atlas Core") == figures(
        sales, f"{before} >> 其中有几单是Atlas Core"
    )


@pytest.mark.parametrize(
    "turns",
    [
        "which rep has the highest total amount of open deals >> does she have any over 10k",
        "谁的在跟商机金额最高 >> 她有超过1万的吗",
    ],
)
def test_any_over_a_bound_keeps_the_open_ones(sales: Desk, turns: str) -> None:
    rep = sales.rows("which rep has the highest total amount of open deals")[0][0]
    plan = last(sales, turns)

    assert isinstance(plan, Query)
    found = {row.values[0] for row in sales.run(plan.spec).rows}
    assert found == {row[0] for row in sales.rows(f"list open deals of {rep} over 10k")}
