"""A name that fits several records, told apart by the other records that are named."""

import pytest

from copilot.offline.plan import Clarify, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from tests.factories import make_account, make_deal, make_user


@pytest.fixture
def planner(sqlite_store, today):
    ann = make_user(sqlite_store, "Ann Silver")
    for company in ("Vantry Parts", "Norrvik Kyl", "Norrvik Group"):
        account = make_account(sqlite_store, company)
        make_deal(sqlite_store, f"{company} - night loading", account=account, owner=ann, amount=100, currency="USD")
    return Planner(sqlite_store)


def asked(planner, today, text):
    return planner.plan(text, actor=ADMIN, today=today)


def test_the_account_says_which_deal(planner, today):
    plan = asked(planner, today, "what is the amount of the Vantry night loading deal")

    assert isinstance(plan, Query)
    assert "Vantry Parts - night loading" in str(plan.spec.where)


def test_without_it_the_planner_asks(planner, today):
    assert isinstance(asked(planner, today, "what is the amount of the night loading deal"), Clarify)


def test_what_fits_two_accounts_still_asks(planner, today):
    plan = asked(planner, today, "what is the amount of the Norrvik night loading deal")

    assert isinstance(plan, Clarify)
    assert {"Norrvik Kyl", "Norrvik Group"} <= {option.split(" - ")[0] for option in plan.options}
