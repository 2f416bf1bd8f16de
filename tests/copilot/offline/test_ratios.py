"""One measure divided by another: what each of the two is by itself, counted in plain Python."""

import pytest

from copilot.offline.plan import Clarify
from tests.copilot.offline.conftest import Desk
from tests.worlds import PRODUCTS, REGIONS, REPS, Row, joined, total

CLOSE = 1e-6


def picked(desk: Desk, **values: object) -> list[Row]:
    """The deals with these values; `quarter=(2024, 3)` is of the close date."""
    rows = joined(desk.world)
    if (quarter := values.pop("quarter", None)) is not None:
        rows = [row for row in rows if (row["close_date"].year, (row["close_date"].month + 2) // 3) == quarter]
    return [row for row in rows if all(row[name] == value for name, value in values.items())]


def won(desk: Desk, **values: object) -> list[Row]:
    return picked(desk, stage="Won", **values)


def lost(desk: Desk, **values: object) -> list[Row]:
    return picked(desk, stage="Lost", **values)


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


@pytest.mark.parametrize(
    "text",
    ["wins divided by losses", "what is the ratio of wins to losses", "the ratio between won deals and lost deals",
     "number of won deals divided by number of lost deals", "赢单数除以丢单数", "赢单与丢单之比"],
)  # fmt: skip
def test_two_numbers_of_deals_are_divided(at: Desk, text: str) -> None:
    assert at.number(text) == pytest.approx(len(won(at)) / len(lost(at)), rel=CLOSE)


@pytest.mark.parametrize(
    "text",
    ["how many deals do we lose for every deal we win", "lost deals per won deal",
     "for every deal we win, how many do we lose", "每赢一单丢几单"],
)  # fmt: skip
def test_a_number_for_each_of_another_kind_is_their_ratio(at: Desk, text: str) -> None:
    assert at.number(text) == pytest.approx(len(lost(at)) / len(won(at)), rel=CLOSE)


def test_each_side_keeps_what_only_it_says(at: Desk) -> None:
    expected = total(won(at, product="Atlas Plus")) / total(won(at, product="Nimbus Team"))

    assert at.number("ratio of won revenue on Atlas Plus to won revenue on Nimbus Team") == pytest.approx(expected)
    assert at.number("Atlas Plus revenue as a multiple of Nimbus Team revenue") == pytest.approx(expected)
    assert at.number("Atlas Plus的业绩是Nimbus Team的几倍") == pytest.approx(expected)


@pytest.mark.parametrize("text", ["Atlas Max revenue divided by total revenue", "Atlas Max的业绩除以总业绩"])
def test_a_whole_is_not_narrowed_by_the_part(at: Desk, text: str) -> None:
    assert at.number(text) == pytest.approx(total(won(at, product="Atlas Max")) / total(won(at)))


@pytest.mark.parametrize(
    "text",
    ["ratio of wins to losses in Q3 2024", "Q3 2024 wins divided by losses", "in Q3 2024, wins divided by losses",
     "2024年第三季度赢单和丢单的比例"],
)  # fmt: skip
def test_a_time_said_once_holds_for_both(at: Desk, text: str) -> None:
    expected = len(won(at, quarter=(2024, 3))) / len(lost(at, quarter=(2024, 3)))

    assert at.number(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "wins divided by losses, by region",
        "for each region: wins divided by losses",
        "ratio of wins to losses per region",
    ],
)
def test_groups_hold_for_both(at: Desk, text: str) -> None:
    expected = {name: len(won(at, region=name)) / len(lost(at, region=name)) for name in REGIONS}

    assert dict(at.rows(text)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["the number of open deals divided by the number of won deals for each region", "每个大区：在谈单数除以赢单数",
     "open deals per won deal, by region"],
)  # fmt: skip
def test_open_deals_are_counted_for_each_group(at: Desk, text: str) -> None:
    rows = [row for row in joined(at.world) if row["stage"] not in ("Won", "Lost")]
    expected = {
        name: sum(row["region"] == name for row in rows) / len(won(at, region=name)) for name in REGIONS
    }  # fmt: skip

    assert dict(at.rows(text)) == pytest.approx(expected)


def test_a_field_of_what_is_sold_is_added_up_over_the_deals(at: Desk) -> None:
    expected = {
        name: total(won(at, product=name)) / total(won(at, product=name), "list_price")
        for name in PRODUCTS
    }  # fmt: skip

    found = at.rows("for every product: total won amount divided by total list price of those won deals")

    assert dict(found) == pytest.approx(expected)


def test_one_person_is_meant_on_both_sides(at: Desk) -> None:
    name = next(iter(REPS))

    assert at.number(f"wins divided by losses for {name}") == pytest.approx(
        len(won(at, rep=name)) / len(lost(at, rep=name))
    )


@pytest.mark.parametrize(
    "text", ["revenue divided by region", "win rate divided by loss rate", "Kestrel wins divided by losses"]
)
def test_what_is_no_ratio_of_two_numbers_is_none(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Clarify) or getattr(plan, "shape", None) != "ratio"


@pytest.mark.parametrize(
    "text",
    [
        "revenue per won deal and per lost deal",
        "revenue divided by the number of accounts",
        "number of won deals divided by number of products",
    ],
)
def test_numbers_that_are_not_of_the_same_records_are_asked_about(sales: Desk, text: str) -> None:
    assert sales.asks(text)


def test_an_average_for_each_win_stays_one(at: Desk) -> None:
    assert at.number("average amount per win") == pytest.approx(total(won(at)) / len(won(at)), abs=0.01)


def test_a_percentage_of_something_measured_by_itself_is_a_ratio(at: Desk) -> None:
    year = [row for row in won(at) if row["close_date"].year == 2024]

    found = at.number("Q4 2024 bookings as a percentage of 2024 bookings")

    assert found == pytest.approx(total(won(at, quarter=(2024, 4))) / total(year))


def test_a_time_before_the_second_is_its_own(at: Desk) -> None:
    year = [row for row in won(at) if row["close_date"].year == 2024]
    pipeline = [row for row in joined(at.world) if row["stage"] not in ("Won", "Lost")]

    assert at.number("the ratio of open pipeline to 2024 bookings") == pytest.approx(total(pipeline) / total(year))
    assert at.asks("ratio of wins to Q3 2024 losses")
