"""Groups against the one that they are in: their region, their manager's team; counted in plain Python."""

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import Row, joined


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


def rate(rows: list[Row]) -> float:
    closed = [row for row in rows if row["stage"] in ("Won", "Lost")]
    return sum(row["stage"] == "Won" for row in closed) / len(closed)


def above(desk: Desk, by: str, inside: str) -> set[str]:
    """Those whose win rate is above that of all in the same group."""
    rows = [row for row in joined(desk.world) if row[by] and row[inside]]
    groups = {row[by]: row[inside] for row in rows}
    whole = {name: rate([row for row in rows if row[inside] == name]) for name in set(groups.values())}
    return {name for name, group in groups.items() if rate([r for r in rows if r[by] == name]) > whole[group]}


def names(desk: Desk, text: str) -> set[str]:
    return {str(row[0]) for row in desk.rows(text)}


@pytest.mark.parametrize(
    "text",
    ["reps whose win rate is above their region's average", "which reps have a win rate higher than their region's",
     "哪些销售的赢单率高于所在大区", "赢单率超过本大区平均的销售"],
)  # fmt: skip
def test_each_rep_is_held_against_the_region(at: Desk, text: str) -> None:
    assert names(at, text) == above(at, "rep", "region")


@pytest.mark.parametrize(
    "text",
    ["reps whose win rate beats their own manager's team win rate",
     "which reps have a higher win rate than their manager's team"],
)  # fmt: skip
def test_each_rep_is_held_against_the_team(at: Desk, text: str) -> None:
    assert names(at, text) == above(at, "rep", "manager")


def test_another_test_holds_as_well(at: Desk) -> None:
    wins = [row["rep"] for row in joined(at.world) if row["stage"] == "Won"]
    expected = {name for name in above(at, "rep", "manager") if wins.count(name) > 20}

    text = "reps whose win rate beats their own manager's team win rate and who have more than 20 wins"

    assert names(at, text) == expected


def test_accounts_are_held_against_their_industry(at: Desk) -> None:
    found = names(at, "accounts whose win rate is above their industry's")

    assert found == above(at, "account", "industry")


def test_how_many_they_are(at: Desk) -> None:
    text = "how many reps have a higher win rate than their region"

    assert at.number(text) == len(above(at, "rep", "region"))


@pytest.mark.parametrize(
    "text", ["reps above their region's average bookings", "reps whose revenue beats their team's"]
)
def test_sums_of_one_and_of_all_are_not_compared(sales: Desk, text: str) -> None:
    assert sales.asks(text)
