"""Reports without a conversation, as a page of figures asks for them."""

from datetime import date

import pytest

from copilot.reports import REPORTS, Asked, make_report
from crm_core.access import ADMIN, Actor, Scope
from crm_core.errors import Invalid
from crm_core.models import UserRole
from crm_core.query.spec import Condition
from tests import factories


def made(store, today, name, *, actor=ADMIN, asked=None, lang="en"):
    return make_report(store.for_agent, name, asked or Asked(), actor=actor, today=today, lang=lang)


@pytest.fixture
def people(sqlite_store):
    """Ada won 1,000 and Bo 70 in this quarter."""
    ada, bo = (factories.make_user(sqlite_store, name) for name in ("Ada North", "Bo South"))
    for owner, amount in ((ada, 1000), (bo, 70)):
        factories.make_deal(
            sqlite_store, "Alpha", stage="Won", amount=amount, owner=owner, currency="USD",
            started_on=date(2017, 9, 1), closed_on=date(2017, 11, 2),
        )  # fmt: skip
    return ada, bo


def test_a_report_counts_no_record_that_the_person_may_not_see(sqlite_store, today, people):
    ada = Actor(id=people[0], name="Ada North", role=UserRole.REP, reads=Scope.OWN, team=frozenset({people[0]}))

    page = made(sqlite_store, today, "attainment", actor=ada)

    assert [row.values[:2] for row in page.table.rows] == [("Ada North", 1000)]


def test_a_report_can_be_narrowed_to_some_owners_and_says_so(sqlite_store, today, people):
    asked = Asked(where=Condition(field="owner", value="Bo South"))

    page = made(sqlite_store, today, "attainment", asked=asked)

    assert [row.values[0] for row in page.table.rows] == ["Bo South"]
    assert "Bo South" in page.asked


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["forecast", "funnel", "activity", "attainment", "health", "win_loss"])
def test_each_report_of_an_empty_store_is_a_page(sqlite_store, today, name, lang):
    page = made(sqlite_store, today, name, lang=lang)

    assert page.title
    assert page.asked


def test_a_wrong_name_gets_the_right_ones(sqlite_store, today):
    with pytest.raises(Invalid, match=", ".join(list(REPORTS)[:2])):
        made(sqlite_store, today, "weather")
