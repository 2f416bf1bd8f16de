"""Signs and shortened names ask the same as the sentence that they stand for."""

import pytest

from tests.copilot.offline.conftest import Desk


@pytest.mark.parametrize(
    ("short", "full"),
    [("$ won may 2025", "bookings in may 2025"), ("total $ from Germany", "total bookings from Germany"),
     ("deals / rep", "deals per rep"), ("pipeline count", "how many open deals"),
     ("% of bookings from Germany", "what percentage of bookings is from Germany"),
     ("won deals > 20k", "won deals over $20,000"), ("caleb d wins", "Caleb Durand wins"),
     ("m. castellan wins", "Mira Castellan wins"), ("caleb s wins", "caleb's wins"),
     ("accts in US", "accounts in the United States"), ("us accts", "accounts in the United States"),
     ("total open deals", "how many open deals"), ("wins 4 caleb", "Caleb's wins"),
     ("avg $ per win 2024", "average deal size 2024"),
     ("$/deal 2024", "average deal size 2024"),
     ("accts us count", "how many accounts in the United States"),
     ("bookings industry breakdown", "bookings by industry"),
     ("bookings in 2024 minus bookings in 2023", "difference between bookings in 2024 and 2023")],
)  # fmt: skip
def test_the_short_form_asks_the_same(sales: Desk, short: str, full: str) -> None:
    assert sales.rows(short) == sales.rows(full)


def test_won_versus_lost_is_a_number_of_each(sales: Desk) -> None:
    ((won, lost),) = sales.rows("won vs lost 2024")

    assert (won, lost) == (sales.number("deals won 2024"), sales.number("deals lost 2024"))


def test_min_and_max_are_both_told(sales: Desk) -> None:
    ((low, high),) = sales.rows("min max deal 2024")

    assert low < high  # type: ignore[operator]


def test_a_split_by_values_is_by_their_field(sales: Desk) -> None:
    assert {row[0] for row in sales.rows("bookings split Germany/Japan")} == {"Germany", "Japan"}


def test_the_deals_of_one_who_only_leads_are_the_teams(sales: Desk) -> None:
    assert sales.number("how many deals did Helene Brandt win") == sales.number(
        "how many deals did Helene Brandt's team win"
    )


def test_dollars_lost_have_no_measure(sales: Desk) -> None:
    assert sales.asks("$ lost 2024")


def test_us_is_also_who_asks(sales: Desk) -> None:
    assert "United States" not in str(sales.plan("customers who bought from us in 2024"))


def test_what_sellers_sold_is_not_how_large_their_customers_are(sales: Desk) -> None:
    assert "account.revenue" not in str(sales.spec("reps w/ >300k rev"))


def test_those_without_a_loss_have_lost_nothing(sales: Desk) -> None:
    assert "lost" in str(sales.spec("reps with no deals lost in 2024"))


def test_a_fact_in_question_is_told(sales: Desk) -> None:
    assert sales.rows("is Ferncliff in Japan") == sales.rows("Ferncliff country")


def test_a_state_and_a_time_alone_list_deals(sales: Desk) -> None:
    spec = sales.spec("won Germany 2024")

    assert (spec.entity, spec.measures) == ("deal", [])


def test_a_leader_and_a_seller_side_by_side_ask(sales: Desk) -> None:
    assert sales.asks("Helene Brandt vs Mira Castellan bookings")


@pytest.mark.parametrize(
    "text",
    ["% of wins from Germany", "average bookings of accounts", "first win of 2024"],
)
def test_what_would_be_half_read_asks(sales: Desk, text: str) -> None:
    assert sales.asks(text)
