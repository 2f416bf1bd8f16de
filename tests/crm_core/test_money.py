"""Minor units: exact both ways, for currencies with 0, 2 and 3 digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import Invalid
from crm_core.money import exact_minor, minor_digits, to_major, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (1250.5, "USD", 125_050),
        ("1250.50", "EUR", 125_050),
        (Decimal("0.1"), "USD", 10),
        (0.1 + 0.2, "USD", 30),
        (1500, "JPY", 1500),
        (1500, "krw", 1500),
        (2_000_000, "VND", 2_000_000),
        (1.234, "KWD", 1234),
        ("1.5", "BHD", 1500),
        (-7, "USD", -700),
        (1250.505, "USD", 125_050),
        (1250.515, "USD", 125_052),
        (3, None, 300),
    ],
)
def test_major_units_become_whole_minor_units(amount, currency, minor):
    assert to_minor(amount, currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "major"),
    [
        (125_050, "USD", "1250.50"),
        (1500, "JPY", "1500"),
        (1234, "KWD", "1.234"),
        (0, "USD", "0.00"),
        (-5, "USD", "-0.05"),
        (33.333333, "USD", "0.33"),
        (Decimal("12.5"), "USD", "0.12"),
        (10**30, "USD", "1" + "0" * 28 + ".00"),
    ],
)
def test_minor_units_become_major_ones(minor, currency, major):
    assert str(to_major(minor, currency)) == major


@given(st.integers(-(10**18), 10**18), st.sampled_from(["USD", "JPY", "KWD"]))
def test_there_and_back_is_exact(minor, currency):
    assert to_minor(to_major(minor, currency), currency) == minor


@pytest.mark.parametrize("amount", ["a lot", "", "NaN", float("inf"), True, "1,250"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(Invalid, match="amount of money"):
        to_minor(amount, "USD")


def test_a_limit_keeps_what_is_finer_than_a_minor_unit():
    assert exact_minor("99.999", "USD") == Decimal("9999.9")


def test_digits_are_known_whatever_the_case():
    assert [minor_digits(code) for code in ("usd", "Jpy", "KWD", "XXX", None)] == [2, 0, 3, 2, 2]
