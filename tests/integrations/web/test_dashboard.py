"""The figures: whose they are, of when, and what they were read from."""

from datetime import date

import pytest
from nicegui import ui

from crm_core.access import ADMIN
from integrations.web.dashboard import PERIODS, SHOWN, Scope, period_of, read_report, read_scopes
from tests import factories


@pytest.fixture
def won(company):
    """Ada won 1,000 and Bo 70 in this quarter."""
    for owner, amount in ((company.ada, 1000), (company.bo, 70)):
        factories.make_deal(
            company.store, "Won one", stage="Won", amount=amount, owner=owner, currency="USD",
            started_on=date(2017, 9, 1), closed_on=date(2017, 11, 2),
        )  # fmt: skip


def rows(desk, company, name, actor, scope=None):
    page = read_report(desk, name, actor, "en", period_of("this_quarter", desk.today()), scope)
    return [row.values[:2] for row in page.table.rows]


def test_figures_hold_what_the_person_may_see_and_say_what_they_were_read_from(visit, won):
    async def walk(user):
        await user.open("/dashboard")
        await user.should_see("Won against quota, 2017-10-01 to 2017-12-31", retries=150)
        await user.should_see("Read from: bookings", retries=150)
        await user.should_see("Ada North", retries=150)
        await user.should_not_see("70")

    visit("Ada North", walk)


def test_figures_are_narrowed_to_a_person_or_a_team(desk, company, won):
    assert rows(desk, company, "attainment", ADMIN, Scope("person", "Bo South")) == [("Bo South", 70)]
    assert rows(desk, company, "attainment", ADMIN, Scope("team", "None of ours")) == []
    assert rows(desk, company, "attainment", company.actor("Ada North")) == [("Ada North", 1000)]
    assert Scope("person", "Bo South") in read_scopes(company.store)


@pytest.mark.parametrize(
    ("key", "since", "until"),
    [
        ("this_quarter", date(2017, 10, 1), date(2017, 12, 31)),
        ("last_quarter", date(2017, 7, 1), date(2017, 9, 30)),
        ("next_quarter", date(2018, 1, 1), date(2018, 3, 31)),
        ("this_year", date(2017, 1, 1), date(2017, 12, 31)),
        ("last_year", date(2016, 1, 1), date(2016, 12, 31)),
        ("last_30_days", date(2017, 10, 17), date(2017, 11, 15)),
    ],
)
def test_periods_are_those_of_the_calendar(today, key, since, until):
    assert key in PERIODS
    assert (period_of(key, today).since, period_of(key, today).until) == (since, until)


@pytest.mark.parametrize("key", PERIODS)
def test_every_report_has_an_answer_or_a_reason_for_every_period(desk, company, key):
    for name in SHOWN:
        assert read_report(desk, name, ADMIN, "zh", period_of(key, desk.today()), None)


def test_another_period_draws_the_figures_anew(visit, won):
    async def walk(user):
        await user.open("/dashboard")
        await user.should_see("2017-10-01 to 2017-12-31", retries=150)
        min(user.find(kind=ui.select).elements, key=lambda one: one.id).value = "last_year"
        await user.should_see("2016-01-01 to 2016-12-31", retries=150)

    visit("admin", walk)
