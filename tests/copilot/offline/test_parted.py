"""Groups that the question makes: with and without, decades, bands, the parent's fields; counted in plain Python."""

from collections import Counter

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import Row, joined, total


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


def won(desk: Desk) -> list[Row]:
    return [row for row in joined(desk.world) if row["stage"] == "Won"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("won revenue from accounts with a parent versus those without", ("with parent", "without parent")),
        ("won revenue for accounts that have a parent company compared to those that don't",
         ("with parent company", "without parent company")),
        ("revenue from accounts with a parent vs accounts without one - label the rows subsidiary and standalone",
         ("subsidiary", "standalone")),
        ("有母公司的客户和没有母公司的客户，业绩各是多少", ("有母公司", "没有母公司")),
    ],
)  # fmt: skip
def test_with_and_without_are_two_groups(at: Desk, text: str, names: tuple[str, str]) -> None:
    rows = [row for row in won(at) if row["account"]]
    expected = [total(row for row in rows if row["parent"]), total(row for row in rows if not row["parent"])]

    assert dict(at.rows(text)) == pytest.approx(dict(zip(names, expected, strict=True)))


def test_with_and_without_a_record_is_asked_about(sales: Desk) -> None:
    assert sales.asks("revenue with and without Atlas Max")


@pytest.mark.parametrize(
    "text", ["accounts with a parent and without an industry", "accounts that don't have a parent"]
)
def test_one_side_alone_is_a_condition(sales: Desk, text: str) -> None:
    assert not sales.read(text).parted


@pytest.mark.parametrize(
    "text",
    ["won revenue from accounts founded in the 1980s, the 1990s and the 2000s (2000-2009), one figure each",
     "revenue of customers founded in the 1980s, 1990s and 2000s, each"],
)  # fmt: skip
def test_decades_are_groups(at: Desk, text: str) -> None:
    expected = Counter[str]()
    for row in won(at):
        if row["account"] and 1980 <= row["year_founded"] < 2010:
            expected[f"{row['year_founded'] // 10 * 10}s"] += row["amount"]

    assert dict(at.rows(text)) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["won revenue by decade the account was founded in", "按成立年代看业绩"])
def test_every_decade_is_a_group(at: Desk, text: str) -> None:
    expected = Counter[str]()
    for row in won(at):
        if row["account"]:
            expected[f"{row['year_founded'] // 10 * 10}s"] += row["amount"]

    assert dict(at.rows(text)) == pytest.approx(expected)


def test_a_chinese_decade_is_its_ten_years(sales: Desk) -> None:
    rows = [row for row in won(sales) if row["account"]]
    expected = {f"{short}年代": total(r for r in rows if first <= r["year_founded"] < first + 10)
                for short, first in ((80, 1980), (90, 1990))}  # fmt: skip

    assert dict(sales.rows("80年代和90年代成立的客户业绩各多少")) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["number of won deals by deal size: small = under 2000, mid = 2000 to 9,000, large = above 9,000",
     "won deals by size bucket: small (under 2000), mid (2000-9000), large (over 9000)",
     "bucket won deals into small (under 2000), mid (2000 to 9000) and large (above 9000): how many in each?"],
)  # fmt: skip
def test_bands_have_the_names_that_the_question_gives_them(at: Desk, text: str) -> None:
    amounts = [row["amount"] for row in won(at)]
    expected = {"small": sum(a < 2000 for a in amounts), "mid": sum(2000 <= a <= 9000 for a in amounts),
                "large": sum(a > 9000 for a in amounts)}  # fmt: skip

    assert dict(at.rows(text)) == expected


def test_bands_of_another_record_s_number(at: Desk) -> None:
    rows = [row for row in won(at) if row["account"]]
    expected = {"小": total(r for r in rows if r["employees"] <= 3000),
                "大": total(r for r in rows if r["employees"] > 3000)}  # fmt: skip

    english = dict(at.rows("revenue by account headcount: small = up to 3000, big = more than 3000"))
    chinese = dict(at.rows("按员工人数把客户分成小(3000以下)、大(3000以上)，各有多少业绩"))

    assert english == pytest.approx({"small": expected["小"], "big": expected["大"]})
    assert chinese == pytest.approx(expected)


def test_what_lies_between_the_bands_is_left_out(sales: Desk) -> None:
    found = dict(sales.rows("won deals by deal size: tiny = under 500, huge = over 20000"))

    assert set(found) == {"tiny", "huge"}


@pytest.mark.parametrize(
    "text",
    ["total won revenue from accounts whose parent company is in the {} industry", "母公司在{}行业的客户业绩"],
)  # fmt: skip
def test_a_condition_on_the_parent_is_not_one_on_the_account(at: Desk, text: str) -> None:
    industry = {row["account"]: row["industry"] for row in at.world.tables["accounts"]}
    expected = total(row for row in won(at) if row["parent"] and industry[row["parent"]] == "retail")
    other = total(row for row in won(at) if row["industry"] == "retail")

    assert expected != other
    assert at.number(text.format("retail")) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["how many accounts have a parent in the retail industry", "how many accounts have a parent that is in retail"],
)
def test_what_is_said_of_the_parent_they_have(sales: Desk, text: str) -> None:
    industry = {row["account"]: row["industry"] for row in sales.world.tables["accounts"]}
    parents = [row["parent"] for row in sales.world.tables["accounts"] if row["parent"]]

    if not sales.asks(text):
        assert sales.number(text) == sum(industry[parent] == "retail" for parent in parents)


@pytest.mark.parametrize(
    "text",
    ["rank parent companies by the total won revenue of their subsidiaries",
     "which parent company's subsidiaries brought in the most revenue"],
)  # fmt: skip
def test_subsidiaries_are_added_up_by_parent(at: Desk, text: str) -> None:
    sums = Counter[str]()
    for row in won(at):
        if row["parent"]:
            sums[row["parent"]] += row["amount"]

    assert at.rows(text)[0][0] == sums.most_common(1)[0][0]
