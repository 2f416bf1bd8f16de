"""Data that no report was made for: a thousand categories, one outcome only, days to come, money without a rate."""

import shutil
from datetime import date, timedelta
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from copilot.reports import REPORTS
from crm_core.access import ADMIN
from crm_core.db import Store
from tests.factories import make_account, make_deal, make_interaction, make_user

TODAY = date(2017, 11, 15)
SHOWN = [name for name in REPORTS if name != "day"]


@pytest.fixture(scope="module", params=["Won", "Lost"])
def odd(request, sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "farley.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    with store.write() as at:
        rep = make_user(at, "Moses Frase")
        for number in range(1_000):
            account = make_account(at, f"Firm {number}", industry=f"industry {number}", owner=rep)
            if number % 4:
                continue
            began = TODAY - timedelta(days=30 + number // 4)
            make_deal(at, f"Done {number}", stage=request.param, account=account, owner=rep, amount=100,
                      started_on=began, closed_on=began + timedelta(days=20), lost_reason=f"r {number}")  # fmt: skip
        firm = make_account(at, "Tomorrow", owner=rep)
        later = TODAY + timedelta(days=400)
        make_deal(
            at, "To come", stage="Engaging", account=firm, owner=rep, amount=100, started_on=later, closes_on=later
        )
        make_deal(at, "No rate", stage="Engaging", account=firm, owner=rep, amount=7, currency="XTS", started_on=TODAY)
        make_interaction(at, later, account=firm, user=rep, subject="A talk to come", body="Next year.")
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)

    def ask(text: str) -> Reply:
        return copilot.ask(text, thread=uuid4().hex, actor=ADMIN, today=TODAY)

    yield ask
    store.close()


@pytest.mark.parametrize("name", SHOWN)
def test_every_report_is_told(odd, name):
    assert odd(f"report {name}").status in (Status.ANSWERED, Status.CANNOT)


@pytest.mark.parametrize("name", ["forecast", "health", "win_loss", "cycle_time"])
def test_a_thousand_groups_are_told_too(odd, name):
    assert odd(f"report {name} by account industry").status is Status.ANSWERED


def test_money_without_a_rate_is_named_and_not_counted(odd):
    assert "XTS" in odd("report forecast").text


def test_a_deal_that_begins_in_the_future_is_at_no_risk_by_its_age(odd):
    assert "To come" not in odd("stalled deals").text
