"""Shares of a part that a verb or a condition tells, counted in plain Python."""

from datetime import date

import pytest

from copilot.offline.plan import Query
from tests.copilot.offline.conftest import Desk
from tests.worlds import REGIONS, REPS, TODAY, Row, joined

OPEN = ("Prospecting", "Proposal", "Negotiation")


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


def deals(desk: Desk, stage: str) -> list[Row]:
    return [row for row in joined(desk.world) if row["stage"] == stage]


def days(row: Row) -> int:
    return int((row["close_date"] - row["engage_date"]).days)


@pytest.mark.parametrize(
    "text",
    ["what share of our lost deals were lost in under 60 days", "what fraction of losses took less than 60 days",
     "what percentage of the deals we lost were lost in fewer than 60 days after being started"],
)  # fmt: skip
def test_a_verb_that_says_the_state_again_adds_only_its_condition(at: Desk, text: str) -> None:
    lost = deals(at, "Lost")

    assert at.number(text) == pytest.approx(sum(days(row) < 60 for row in lost) / len(lost))


def test_a_share_by_a_verb_is_told_for_each_group(at: Desk) -> None:
    lost = deals(at, "Lost")
    expected = {
        name: sum(days(row) < 60 for row in lost if row["region"] == name) / sum(row["region"] == name for row in lost)
        for name in REGIONS
    }

    found = at.rows("what share of our lost deals were lost in under 60 days, by region")

    assert dict(found) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["what percent of 2024 wins closed in December 2024", "what share of wins in 2024 were closed in December 2024"],
)
def test_a_time_behind_the_verb_is_the_part_and_one_before_it_the_whole(at: Desk, text: str) -> None:
    won = [row for row in deals(at, "Won") if row["close_date"].year == 2024]

    assert at.number(text) == pytest.approx(sum(row["close_date"].month == 12 for row in won) / len(won))


def test_a_start_long_ago_is_the_part(at: Desk) -> None:
    rows = deals(at, "Negotiation")
    old = sum((TODAY - row["engage_date"]).days > 60 for row in rows)

    found = at.number("what percentage of deals in Negotiation were started more than 60 days ago")

    assert found == pytest.approx(old / len(rows), abs=1.5 / len(rows))  # "60 days ago" may count that day


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        ("what % of open deals sit in Proposal, per region", OPEN, {"stage": "Proposal"}),
        ("在Proposal阶段的商机占在谈商机的比例，按大区", OPEN, {"stage": "Proposal"}),
        ("what percentage of wins came from Atlas Max, per region", ("Won",), {"product": "Atlas Max"}),
        ("各大区丢单里因为价格丢的占比", ("Lost",), {"lost_reason": "price"}),
    ],
)  # fmt: skip
def test_the_part_is_one_of_each_group(at: Desk, text: str, whole: tuple[str, ...], part: dict[str, str]) -> None:
    (column, value), expected = *part.items(), {}
    for name in REGIONS:
        rows = [row for row in joined(at.world) if row["stage"] in whole and row["region"] == name]
        expected[name] = sum(row[column] == value for row in rows) / len(rows)

    assert dict(at.rows(text)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["out of all deals lost in 2024, what share were lost on price", "what share of 2024 losses were lost on price"],
)
def test_what_they_were_lost_on_is_the_part(at: Desk, text: str) -> None:
    rows = [row for row in deals(at, "Lost") if row["close_date"].year == 2024]

    assert at.number(text) == pytest.approx(sum(row["lost_reason"] == "price" for row in rows) / len(rows))


def test_a_time_at_the_end_is_of_the_whole_where_something_else_is_the_part(at: Desk) -> None:
    rows = [
        row for row in deals(at, "Won") if (row["close_date"].year, (row["close_date"].month + 2) // 3) == (2024, 4)
    ]
    west = sum(row["amount"] for row in rows if row["region"] == "West")

    found = at.number("what share of revenue came from the West in Q4 2024")

    assert found == pytest.approx(west / sum(row["amount"] for row in rows))


def test_a_share_of_parties_counts_them(at: Desk) -> None:
    german = {row["account"] for row in at.world.tables["accounts"] if row["country"] == "Germany"}
    bought = {row["account"] for row in deals(at, "Won") if row["product"] == "Atlas Max"}

    found = at.number("what fraction of accounts in Germany have bought Atlas Max")

    assert found == pytest.approx(len(german & bought) / len(german))


@pytest.mark.parametrize("ask", ["For each of {}'s reps, what share of their open deals is in Proposal?"])
def test_each_of_a_team_has_a_share_of_its_own(at: Desk, ask: str) -> None:
    open_deals = [row for row in joined(at.world) if row["stage"] not in ("Won", "Lost")]
    boss = REGIONS["South"]
    expected = {}
    for rep in (name for name, region in REPS.items() if region == "South"):
        own = [row for row in open_deals if row["rep"] == rep]
        expected[rep] = sum(row["stage"] == "Proposal" for row in own) / len(own)

    assert dict(at.rows(ask.format(boss))) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["what is the loss rate in the North, i.e. lost out of everything closed",
     "what's the loss rate in the North — lost out of all closed, won or lost?"],
)  # fmt: skip
def test_the_formula_of_a_rate_said_again_changes_nothing(at: Desk, text: str) -> None:
    assert at.number(text) == at.number("loss rate in the North")


def test_another_formula_is_not_taken_for_the_rate(sales: Desk) -> None:
    assert sales.asks("what is the loss rate, i.e. lost out of everything opened")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [("wins in 2024 that closed after the 20th of the month", 21, 31),
     ("wins of 2024 that closed on the 25th of the month or later", 25, 31),
     ("wins in 2024 closed before the 10th of the month", 1, 9)],
)  # fmt: skip
def test_days_of_the_month_are_those_of_each_month(at: Desk, text: str, since: int, until: int) -> None:
    won = [row["close_date"] for row in deals(at, "Won") if row["close_date"].year == 2024]

    assert at.number(f"number of {text}") == sum(since <= day.day <= until for day in won)


def test_days_of_the_month_may_be_the_part(at: Desk) -> None:
    won = [row["close_date"] for row in deals(at, "Won") if date(2024, 1, 1) <= row["close_date"] <= date(2024, 12, 31)]

    found = at.number("what percent of 2024 wins closed on the 25th of the month or later")

    assert found == pytest.approx(sum(day.day >= 25 for day in won) / len(won))


@pytest.mark.parametrize(
    "text",
    [
        "of the deals that came from referral, what percentage did we win",
        "of all referral deals, what share have we won",
    ],
)
def test_what_is_led_by_of_is_the_whole(at: Desk, text: str) -> None:
    rows = [row for row in joined(at.world) if row["source"] == "referral"]

    if not at.asks(text):
        assert at.number(text) == pytest.approx(sum(row["stage"] == "Won" for row in rows) / len(rows))


@pytest.mark.parametrize(
    "ask", ["what percentage of the average amount of deals is retail", "retail's share of the average amount"]
)
def test_an_average_is_no_whole_with_parts(at: Desk, ask: str) -> None:
    assert not isinstance(at.plan(ask), Query)
