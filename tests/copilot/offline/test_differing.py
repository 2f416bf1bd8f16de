"""How many different ones, every one of them, and all but the first of a ranking; counted in plain Python."""

from collections import Counter, defaultdict

import pytest

from tests.copilot.offline.conftest import Desk
from tests.worlds import PRODUCTS, REPS, Row, joined, total


@pytest.fixture(params=["sales", "renamed"])
def at(request: pytest.FixtureRequest, desk: object) -> Desk:
    return desk(request.param)  # type: ignore[operator,no-any-return]


def won(desk: Desk) -> list[Row]:
    return [row for row in joined(desk.world) if row["stage"] == "Won"]


def different(desk: Desk, of: str, by: str) -> dict[str, set[str]]:
    out: dict[str, set[str]] = defaultdict(set)
    for row in won(desk):
        if row[by] and row[of]:
            out[row[by]].add(row[of])
    return out


@pytest.mark.parametrize(
    "text", ["how many different accounts did {} win business from", "how many accounts did {} win business from"]
)
def test_business_is_won_from_so_many_accounts(at: Desk, text: str) -> None:
    rep = next(iter(REPS))

    assert at.number(text.format(rep)) == len(different(at, "account", "rep")[rep])


@pytest.mark.parametrize(
    "text",
    ["average number of different products won per account", "平均每个客户买过几种不同的产品"],
)  # fmt: skip
def test_numbers_of_different_ones_are_averaged_over_groups(at: Desk, text: str) -> None:
    sets = different(at, "product", "account").values()

    assert at.number(text) == pytest.approx(sum(map(len, sets)) / len(sets))


@pytest.mark.parametrize(
    "text",
    ["which rep won at the most different accounts, and at how many?", "which rep sold to the most distinct accounts"],
)
def test_who_has_to_do_with_the_most_different_ones(at: Desk, text: str) -> None:
    counts = {rep: len(accounts) for rep, accounts in different(at, "account", "rep").items()}
    most = max(counts.values())

    assert dict(at.rows(text)) == {rep: count for rep, count in counts.items() if count == most}


@pytest.mark.parametrize(
    "text",
    ["which accounts have bought all six of our products", "accounts that bought every product we sell",
     "customers that have bought all of our products", "哪些客户买过我们所有的产品", "每种产品都买过的客户有哪些"],
)  # fmt: skip
def test_every_one_of_them(at: Desk, text: str) -> None:
    expected = {name for name, bought in different(at, "product", "account").items() if bought == set(PRODUCTS)}

    assert {str(row[0]) for row in at.rows(text)} == expected


def test_how_many_bought_every_one(at: Desk) -> None:
    bought = different(at, "product", "account").values()

    assert at.number("how many customers have bought all of our products") == sum(s == set(PRODUCTS) for s in bought)


@pytest.mark.parametrize(
    "text", ["which accounts have not bought all of our products", "which accounts bought all our products most often"]
)
def test_what_else_is_said_of_all_of_them_is_asked_about(sales: Desk, text: str) -> None:
    assert sales.asks(text)


@pytest.mark.parametrize(
    ("text", "by", "first"),
    [("what would 2024 revenue be without our three biggest accounts", "account", 3),
     ("2024 bookings excluding the top 2 reps", "rep", 2),
     ("2024 revenue without the 2 best products by revenue", "product", 2)],
)  # fmt: skip
def test_the_first_of_a_ranking_are_left_out(at: Desk, text: str, by: str, first: int) -> None:
    rows = [row for row in won(at) if row["close_date"].year == 2024]
    sums = Counter[str]()
    for row in rows:
        if row[by]:
            sums[row[by]] += row["amount"]
    out = {name for name, _ in sums.most_common(first)}

    assert at.number(text) == pytest.approx(total(row for row in rows if row[by] not in out))


def test_the_biggest_by_a_rate_are_asked_about(sales: Desk) -> None:
    assert sales.asks("win rate without our three biggest accounts")


def revenue(desk: Desk, by: str) -> list[tuple[str, float]]:
    """Who sold or bought, and for how much, the largest first."""
    sums = Counter[str]()
    for row in won(desk):
        if row[by]:
            sums[row[by]] += row["amount"]
    return sums.most_common()


@pytest.mark.parametrize("text", ["top 20% of accounts by revenue", "the top 20 percent of customers by revenue"])
def test_a_percentage_of_the_ranked_is_so_many_of_them(at: Desk, text: str) -> None:
    sums = revenue(at, "account")

    assert [row[0] for row in at.rows(text)] == [name for name, _ in sums[: -(-len(sums) // 5)]]


@pytest.mark.parametrize(
    "text",
    ["what share of revenue comes from the top 25% of reps", "前25%的销售占总业绩的多少",
     "what share of won revenue comes from the top 25% of reps, i.e. our 2 biggest by won revenue"],
)  # fmt: skip
def test_the_first_percent_make_up_so_much(at: Desk, text: str) -> None:
    sums = revenue(at, "rep")

    assert len(sums) == 8
    assert at.number(text) == pytest.approx(sum(amount for _, amount in sums[:2]) / total(won(at)))


@pytest.mark.parametrize(("text", "first"), [("our top 3 accounts", 3), ("the top 20% of accounts", 5)])
def test_deals_of_nobody_are_in_the_total_and_no_account(at: Desk, text: str, first: int) -> None:
    sums = revenue(at, "account")

    found = at.number(f"what share of revenue comes from {text}")

    assert sum(not row["account"] for row in won(at)) > 0
    assert found == pytest.approx(sum(amount for _, amount in sums[:first]) / total(won(at)))


def test_a_percentage_of_single_deals_is_asked_about(sales: Desk) -> None:
    assert sales.asks("the biggest 10% of open deals")


@pytest.mark.parametrize("verb", ["take", "run", "last"])
def test_how_long_lost_deals_run(at: Desk, verb: str) -> None:
    lasted = [(row["close_date"] - row["engage_date"]).days for row in joined(at.world) if row["stage"] == "Lost"]

    found = at.number(f"how many days does a lost deal {verb} on average before we lose it")

    assert found == pytest.approx(sum(lasted) / len(lasted))
