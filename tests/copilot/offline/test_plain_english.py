"""Turns of everyday English, over companies whose columns the registry does not know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from copilot.offline.cut_short import both_nouns, shares_in_tens
from copilot.offline.plan import PastTurn, Query
from copilot.offline.planner import Planner
from copilot.offline.tokens import tokenize
from copilot.offline.turns import in_plain_words
from copilot.offline.vocabulary import Vocabulary
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY, build, joined, sales

RIVALS = ("Hobart", "Mega Label", None)


@pytest.fixture(scope="module")
def plain(desk) -> Desk:
    return desk("sales")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The company of `sales` with columns of its own, and what is planned with its customers."""
    world = sales()
    accounts = [
        {**row, "Payment Terms (Days)": (30, 60)[at % 2], "city": ("Ipoh", "Muar")[at % 2]}
        for at, row in enumerate(world.tables["accounts"])
    ]
    deals = [
        {**row, "Contract months": (12, 24, 36)[at % 3], "Lost To": RIVALS[at % 3] if row["stage"] == "Lost" else None}
        for at, row in enumerate(world.tables["deals"])
    ]
    talks = [
        {"ID": f"T{at}", "Type": kind, "Subject": f"{kind} {at}", "Account": "Vantry", "Date": TODAY + timedelta(days),
         "Assigned to": "Mira Castellan", "Status": "Planned" if days > 0 else "Held"}
        for at, (kind, days) in enumerate((("Call", -9), ("Meeting", -3), ("Call", 6), ("Meeting", 4), ("Meeting", 11)))
    ]  # fmt: skip
    tables = {**world.tables, "accounts": accounts, "deals": deals, "activities": talks}
    world = replace(world, name="firm", tables=tables)
    store, report = build(world, tmp_path_factory.mktemp("plain"))
    assert not report.problems, report.problems
    yield Desk(world, store, Planner(store))
    store.close()


def words(text: str, vocabulary: Vocabulary) -> str:
    """A message as the grammar reads it."""
    return " ".join(t.text for t in in_plain_words(shares_in_tens(both_nouns(tokenize(text))), vocabulary))


def same(desk: Desk, *texts: str) -> None:
    first, *others = (desk.spec(text) for text in texts)
    assert all(other == first for other in others), texts


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("between the second quarter and the third", "between the second quarter and the third quarter"),
        ("from the third to the fourth quarter", "from the third quarter to the fourth quarter"),
        ("the first and second halves", "the first half and second half"),
        ("Q2 and the third", "q2 and the third quarter"),
        ("the first half versus the second", "the first half versus the second half"),
        ("the second quarter and the third rep", "the second quarter and the third rep"),
        ("the first deal and the third", "the first deal and the third"),
        ("fewer than six deals out of ten", "fewer than 60 % of deals"),
        ("more than two in three", "more than 66.6667 %"),
        ("more than two in May", "more than two in may"),
        ("at least half of their deals", "at least 50 % of their deals"),
    ],
)
def test_what_is_said_once_is_written_twice(said, read, plain):
    told = shares_in_tens(both_nouns(tokenize(said)))

    assert " ".join(token.text for token in told) == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("how much of our revenue hangs on Vantry", "what share of our revenue comes from vantry"),
        ("what part of the pipeline rests on Mira", "what part of the pipeline comes from mira"),
        ("when am I out at Vantry again", "when is my next appointment with vantry"),
        ("how many people report to me", "how many reps are on my team"),
        ("unassigned leads", "leads without an owner"),
        ("orders won against orders decided", "win rate"),
    ],
)
def test_a_turn_is_read_as_what_it_means(said, read, plain):
    assert words(said, plain.vocabulary) == read


def test_a_turn_takes_no_name_away(plain):
    known = plain.vocabulary
    assert words("how many orders did Vantry take off us", known) == "how many deals did we lose to vantry"
    assert "mira" in words("how much is Mira carrying", known)


def test_periods_that_share_a_noun_are_two(plain):
    same(
        plain,
        "how much did bookings change between the second quarter of 2025 and the third quarter of 2025",
        "how much did bookings change between the second and the third quarter of 2025",
    )
    same(
        plain,
        "how much did our bookings change between the first quarter and the second quarter",
        "difference between what we sold in the first quarter and the second",
        "difference in our revenue between the first quarter and the second",
    )


def test_a_rate_said_as_two_counts_is_that_rate(plain):
    same(plain, "win rate in 2025", "deals won against deals decided in 2025", "won over won plus lost in 2025")
    assert plain.number("our hit rate in 2025, orders won out of orders decided") == plain.number("win rate in 2025")


def test_so_many_out_of_ten_is_a_rate_to_be_tested(plain):
    below = plain.rows("who wins fewer than six deals out of ten")

    assert below == plain.rows("which reps have a win rate below 60%")
    assert below
    assert all(float(str(rate)) < 0.6 for _, rate in below)


def test_what_rests_on_one_is_a_share(plain):
    share = plain.number("how much of our revenue rides on Mira Castellan")

    won = [d for d in joined(plain.world) if d["stage"] == "Won"]
    mine = sum(d["amount"] for d in won if d["rep"] == "Mira Castellan")
    assert share == pytest.approx(mine / sum(d["amount"] for d in won))


def test_a_team_is_its_managers_where_no_other_team_is_kept(plain):
    assert plain.rows("what did each team sell in 2025") == plain.rows("what did each manager's team sell in 2025")
    same(plain, "bookings by manager in 2025", "bookings by team in 2025")


def test_a_sum_leaves_out_who_is_left_out(plain):
    listed = plain.spec("what did each rep sell in 2025")
    rows = dict(plain.rows("what did each rep sell in 2025"))
    shown = plain.run(listed)
    past = PastTurn(
        "what did each rep sell in 2025", spec=listed, shape="grouped", entity="deal",
        labels=tuple(str(r.values[0]) for r in shown.rows), ids=tuple(r.ids[0] for r in shown.rows),
    )  # fmt: skip

    plan = plain.plan("Without Mira Castellan, what does that add up to?", after=(past,))

    assert isinstance(plan, Query), plan
    ((total,),) = [row.values for row in plain.run(plan.spec).rows]
    assert total == sum(money for rep, money in rows.items() if rep != "Mira Castellan")


def test_money_that_the_store_does_not_have_is_told(plain):
    other = plain.plan("bookings in 2025 in ringgit")
    own = plain.plan("bookings in 2025 in US dollars")

    assert isinstance(other, Query)
    assert isinstance(own, Query)
    assert other.spec == own.spec == plain.spec("bookings in 2025")
    assert other.notes == ("The amounts are in USD; nothing was converted to ringgit.",)
    assert own.notes == ()
    chinese = plain.plan("2025年卖了多少日元")
    assert isinstance(chinese, Query)
    assert chinese.notes == ("金额是 USD，没有换算成日元。",)


def test_a_length_is_that_of_the_companys_own_column(firm, plain):
    accounts, deals = firm.world.tables["accounts"], firm.world.tables["deals"]
    sixty = sum(row["Payment Terms (Days)"] == 60 for row in accounts)

    assert firm.number("how many customers are on 60 day terms") == sixty
    assert firm.number("how many accounts have payment terms of 60 days") == sixty
    two_years = sum(row["Contract months"] == 24 for row in deals)
    assert firm.number("how many deals are on a 2 year contract") == two_years
    assert firm.number("how many deals are on a 24 month plan") == two_years
    assert plain.asks("2 year deals won in 2025")


def test_what_is_planned_next_is_the_earliest_to_come(firm):
    ((first, *_),) = firm.rows("when is the next meeting with Vantry")
    listed = firm.rows("upcoming meetings with Vantry")

    assert first == "Meeting 3"
    assert {row[0] for row in listed} == {"Meeting 3", "Meeting 4"}
    assert [row[0] for row in firm.rows("what's next with Vantry")] == ["Meeting 3"]


def test_next_beside_what_is_no_activity_is_not_explained(firm):
    assert firm.asks("our next deals")


def test_where_names_the_city_that_is_kept(firm, plain):
    ((name, city, country),) = firm.rows("where is Vantry based")

    stored = next(row for row in firm.world.tables["accounts"] if row["account"] == "Vantry")
    assert (name, city, country) == ("Vantry", stored["city"], stored["country"])
    assert plain.rows("where is Vantry based") == [("Vantry", stored["country"])]
    same(firm, "which city is Vantry in", "where does Vantry sit, which city?")


def test_whom_deals_were_lost_to_is_the_column_of_that_name(firm):
    lost = [row["Lost To"] for row in firm.world.tables["deals"]]

    ((rival, number),) = firm.rows("who did we lose to most")
    assert number == max(lost.count(name) for name in RIVALS if name)
    assert rival in RIVALS
    assert firm.number("how many did Mega Label take off us") == lost.count("Mega Label")


def test_gone_quiet_says_for_how_long(firm):
    plan = firm.plan("which accounts have gone quiet")

    assert isinstance(plan, Query)
    assert plan.notes == ('Read "gone quiet" as: no contact in the last 30 days.',)
    since = (TODAY - timedelta(30)).isoformat()
    assert since in plan.spec.model_dump_json()
    assert len(firm.rows("which accounts have gone quiet")) == len(firm.world.tables["accounts"]) - 1


def test_the_number_of_each_is_told_by_the_ranking(plain):
    same(
        plain,
        "which three months of 2024 saw the most lost deals",
        "which three months of 2024 saw the most lost deals, and how many were lost in each?",
    )
    assert plain.asks("which two products sold the most in 2025, and how many were lost of each?")


def test_who_sold_nothing_has_no_win_at_all(plain):
    names = {name for name, *_ in plain.rows("who hasn't sold a single thing in May 2025")}

    won = {
        d["rep"] for d in joined(plain.world)
        if d["stage"] == "Won" and date(2025, 5, 1) <= d["close_date"] <= date(2025, 5, 31)
    }  # fmt: skip
    assert names == {row["sales_rep"] for row in plain.world.tables["sales_team"]} - won


def test_deals_go_by_other_names(plain):
    same(plain, "how many deals did we win in 2025", "how many jobs did we win in 2025")
