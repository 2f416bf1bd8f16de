"""Each rule makes its node and takes the words that it explains; what none takes stays loose."""

from datetime import date

import pytest

from copilot.offline.compose.reading import MeasureNode
from tests.copilot.offline.conftest import Desk


@pytest.mark.parametrize(
    ("text", "metric"),
    [("bookings", "bookings"), ("win rate", "win_rate"), ("average deal size", "average_deal_size"), ("销售额",
    "bookings"),
     ("赢单率", "win_rate"), ("sales cycle", "sales_cycle_days"), ("pipeline", "pipeline")],
)  # fmt: skip
def test_a_metric_becomes_a_measure(sales: Desk, text: str, metric: str) -> None:
    assert sales.read(f"{text} in 2024").measures == [MeasureNode(metric=metric)]


def test_a_date_becomes_a_period_with_both_ends(sales: Desk) -> None:
    (period,) = sales.read("bookings in Q3 2024").periods

    assert (period.span.since, period.span.until) == (date(2024, 7, 1), date(2024, 9, 30))


def test_a_value_becomes_a_test_on_its_own_field(sales: Desk) -> None:
    (test,) = sales.read("accounts in Germany").fields

    assert (test.dotted, test.op, test.values, test.negated) == ("account.country", "in", ("Germany",), False)


def test_two_values_of_a_field_are_alternatives(sales: Desk) -> None:
    (test,) = sales.read("accounts in Germany or Japan").fields

    assert test.values == ("Germany", "Japan")


@pytest.mark.parametrize("words", ["excluding Germany", "not in Germany", "outside Germany", "except Germany"])
def test_a_negation_reaches_the_value_behind_it(sales: Desk, words: str) -> None:
    tests = {test.values: test.negated for test in sales.read(f"accounts in retail {words}").fields}

    assert tests == {("retail",): False, ("Germany",): True}


def test_a_negation_reaches_no_further_than_its_own_value(sales: Desk) -> None:
    tests = {t.values: t.negated for t in sales.read("accounts not in Germany with retail as industry").fields}

    assert tests.get(("retail",)) in (False, None)


@pytest.mark.parametrize(
    ("words", "op", "value"),
    [("over 20k", "gt", 20000), ("above $5,000", "gt", 5000), ("at least 30k", "ge", 30000), ("under 1000", "lt", 1000),
     ("no more than 5000", "le", 5000), ("20k or more", "ge", 20000), ("up to 9,000", "le", 9000),
     ("between 10k and 50k", "between", 10000)],
)  # fmt: skip
def test_a_sum_of_money_is_compared_with_the_amount(sales: Desk, words: str, op: str, value: float) -> None:
    (test,) = sales.read(f"open deals {words}").fields

    assert (test.dotted, test.op, test.values[0]) == ("deal.amount", op, value)


def test_a_count_with_a_noun_tests_the_group(sales: Desk) -> None:
    (test,) = sales.read("accounts with more than 3 open deals").having

    assert (test.op, test.value) == ("gt", 3)


@pytest.mark.parametrize("words", ["by region", "per region", "in each region", "for every region", "按大区"])
def test_a_group_word_groups(sales: Desk, words: str) -> None:
    assert [g.dotted for g in sales.read(f"bookings {words}").groups] == ["user.region"]


@pytest.mark.parametrize(
    ("text", "sort", "limit"),
    [("top 3 reps by revenue", "max", 3), ("the five smallest deals", "min", 5), ("oldest open deal", "old", None),
     ("newest deals", "new", None)],
)  # fmt: skip
def test_a_superlative_knows_its_direction_and_number(sales: Desk, text: str, sort: str, limit: int | None) -> None:
    sup = sales.read(text).sup

    assert sup is not None
    assert (sup.sort.startswith(sort), sup.limit) == (True, limit)


def test_a_team_is_a_test_on_the_manager(sales: Desk) -> None:
    (test,) = sales.read("deals won by Victor Amadi's team").records

    assert (test.reference, test.names[0].label) == ("user.manager", "Victor Amadi")


def test_a_company_with_its_subsidiaries_is_a_tree(sales: Desk) -> None:
    (test,) = sales.read("revenue of Palisade Holdings and its subsidiaries").records

    assert test.below


@pytest.mark.parametrize(
    "text", ["bookings of zwanfel in 2024", "zwanfel bookings", "how many deals did we win zwanfel"]
)
def test_an_unknown_word_stays_loose(sales: Desk, text: str) -> None:
    assert "zwanfel" in [tag.text for tag in sales.read(text).loose]


@pytest.mark.parametrize(
    "text",
    ["how many deals did we win in 2024", "bookings by region", "top 3 reps by revenue", "accounts in Germany",
     "open deals of Mira Castellan over 10k", "各大区的销售额", "deals lost by Caleb Durand in 2024",
     "latest deal won by Tessa"],
)  # fmt: skip
def test_every_word_of_a_plain_question_is_owned(sales: Desk, text: str) -> None:
    assert [tag.text for tag in sales.read(text).loose] == []
