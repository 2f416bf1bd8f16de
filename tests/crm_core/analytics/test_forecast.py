"""A forecast from the records of a store: what counts, for whom, and what is said of what is missing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.analytics.forecast import make_forecast
from crm_core.analytics.movement import find_movement
from crm_core.analytics.period import Period, quarter_of
from crm_core.changes import Change, Op, commit_changes
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.query.spec import Condition
from tests.factories import actor_for, make, make_deal, make_rate, make_user, stage_named

TODAY = date(2017, 11, 15)
QUARTER = Period(date(2017, 10, 1), date(2017, 12, 31))


def forecast(store: Store, *, actor=ADMIN, period=QUARTER, **asked):
    return make_forecast(store, period, actor=actor, today=TODAY, **asked)


def make_life(connection, outcome: str, started: date, closed: date | None, **given) -> int:
    """A deal that stood in both open stages."""
    deal = make_deal(connection, stage=outcome, started_on=started, closed_on=closed, **given)
    step = timedelta(days=20)
    for at, stage in enumerate(("Prospecting", "Engaging")):
        to_stage = stage_named(connection, stage)
        make(connection, "stage_change", deal=deal, to_stage=to_stage, changed_on=started + at * step)
    return deal


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    return with_two_years(sqlite_store)


def with_two_years(store: Store) -> Store:
    """Two years in which half of the deals are won after 60 days, and two that are open."""
    with store.write() as connection:
        rep, other = (make_user(connection, name) for name in ("Moses Frase", "Anna Snelling"))
        for week in range(105):
            started = TODAY - timedelta(days=800 - 7 * week)
            outcome = "Won" if week % 2 else "Lost"
            owner = rep if week % 4 < 2 else other
            make_life(connection, outcome, started, started + timedelta(days=60), owner=owner, amount=1_000)
        for owner in (rep, other):
            make_life(connection, "Engaging", TODAY - timedelta(days=45), None, owner=owner, amount=5_000,
                      closes_on=date(2017, 12, 20))  # fmt: skip
    return store


def test_a_forecast_lies_between_what_is_won_and_what_could_be(store):
    found = forecast(with_two_years(store), where=Condition(field="account", op="empty"), by=("owner.region",))

    assert found.chances.source == "history"
    assert found.total.won > 0
    assert found.total.won <= found.total.range.low <= found.total.range.likely <= found.total.range.high
    assert found.total.range.high <= found.total.won + 10_000 + 10 * (found.total.fresh or 0)
    assert found.total.best == found.total.won + 10_000
    assert found.past.error is not None


def test_the_same_question_gives_the_same_figures(world):
    assert forecast(world).total == forecast(world).total


def test_a_forecast_is_told_apart_and_measured_against_quotas(world):
    with world.write() as connection:
        owner = make_user(connection, "Quota Holder")
        make(connection, "quota", owner=owner, starts_on=date(2017, 10, 1), ends_on=date(2017, 12, 31), amount=9_000)

    found = forecast(world, by=("owner",))

    assert {one.label for one in found.groups} == {("Moses Frase",), ("Anna Snelling",)}
    assert sum(one.deals for one in found.groups) == found.total.deals
    assert found.total.quota == 9_000
    assert forecast(world, by=("product",)).total.quota is None


def test_a_filter_chooses_what_is_forecast(world):
    found = forecast(world, where=Condition(field="owner", value="Moses Frase"))

    assert found.total.deals == 1
    assert found.chances.source == "history"


def test_a_forecast_counts_what_the_asker_may_see(world):
    nobody = make_user(world, "Nobody Yet")

    found = forecast(world, actor=actor_for(nobody, reads=Scope.OWN))

    assert found.total.deals == 0
    assert found.total.range.high == 0


def test_a_currency_without_a_rate_is_named_and_left_out(world):
    make_deal(world, stage="Engaging", started_on=TODAY, amount=1_000_000, currency="XTS")
    make_deal(world, stage="Engaging", started_on=TODAY, amount=100, currency="EUR")
    make_rate(world, "EUR", "USD", 2, date(2017, 1, 1))

    found = forecast(world)

    assert found.lacking == {"XTS": 1}
    assert found.total.deals == 3


def test_thin_history_falls_back_to_the_stages_own_probabilities(sqlite_store):
    make_deal(sqlite_store, stage="Engaging", started_on=TODAY, amount=1_000, closes_on=date(2017, 12, 1))
    make_deal(sqlite_store, stage="Engaging", started_on=TODAY, amount=1_000, closes_on=date(2018, 3, 1))

    found = forecast(sqlite_store)

    assert found.chances.source == "own"
    assert 200 <= found.total.open <= 600
    assert found.total.fresh is None
    assert found.past.error is None


@pytest.mark.parametrize("outcome", ["Won", "Lost"])
def test_all_won_or_all_lost_gives_a_forecast(sqlite_store, outcome):
    with sqlite_store.write() as connection:
        for week in range(60):
            started = TODAY - timedelta(days=500 - 7 * week)
            make_life(connection, outcome, started, started + timedelta(days=30), amount=1_000)
        make_life(connection, "Engaging", TODAY - timedelta(days=25), None, amount=1_000)

    found = forecast(sqlite_store)

    assert found.total.range.low <= found.total.range.high
    assert (found.total.open > 100) == (outcome == "Won")


def test_deals_without_dates_amounts_or_with_days_to_come_break_nothing(sqlite_store):
    make_deal(sqlite_store, stage="Won")
    make_deal(sqlite_store, stage="Won", closed_on=date(2031, 1, 1), amount=5)
    make_deal(sqlite_store, stage="Engaging", started_on=date(2030, 1, 1), amount=5)
    make_deal(sqlite_store, stage="Engaging")

    found = forecast(sqlite_store)

    assert found.undated == 1
    assert found.total.range.low >= 0


def test_an_empty_store_is_forecast_at_nothing(sqlite_store):
    assert forecast(sqlite_store).total.range.high == 0


def test_a_period_that_is_over_is_refused(sqlite_store):
    with pytest.raises(Invalid, match="is over"):
        forecast(sqlite_store, period=quarter_of(date(2017, 2, 1)))


def test_on_its_last_day_a_period_is_forecast_with_what_it_has_brought(world):
    last = Period(date(2017, 9, 1), TODAY)

    found = forecast(world, period=last)

    assert found.total.won > 0
    assert found.total.won <= found.total.range.low <= found.total.range.high
    assert found.total.range.likely < forecast(world, period=Period(last.since, date(2017, 12, 31))).total.range.likely


def test_what_moved_a_forecast_names_each_deal_and_adds_up(world):
    with world.write() as connection:
        won = make_life(connection, "Won", TODAY - timedelta(days=50), TODAY - timedelta(days=2), amount=3_000)
        new = make_deal(connection, stage="Prospecting", started_on=TODAY - timedelta(days=1), amount=700)

    found = find_movement(world, QUARTER, TODAY - timedelta(days=7), actor=ADMIN, today=TODAY)

    causes = {one.deal: one.cause for one in found.moved}
    assert causes[won] == "won"
    assert causes[new] == "new"
    told = sum(one.effect for one in found.moved)
    assert abs(found.after - found.before - found.fresh - found.passed - told) < 1


def test_a_deal_put_off_beyond_the_period_slipped_and_a_changed_amount_is_told(world):
    with world.write() as connection:
        late, less = (make_life(connection, "Engaging", TODAY - timedelta(days=30), None, amount=1_000,
                                closes_on=date(2017, 12, 1)) for _ in range(2))  # fmt: skip
    yesterday = datetime(2017, 11, 14, 12, tzinfo=UTC)
    commit_changes(world, [
        Change(Op.UPDATE, "deal", late, 1, {"closes_on": ("2017-12-01", "2018-02-01")}),
        Change(Op.UPDATE, "deal", less, 1, {"amount": (100_000, 40_000)}),
    ], actor=ADMIN, kind="edit", door="test", summary="put off", at=yesterday)  # fmt: skip

    found = find_movement(world, QUARTER, TODAY - timedelta(days=7), actor=ADMIN, today=TODAY)

    moved = {one.deal: one for one in found.moved}
    assert moved[less].cause == "amount"
    assert moved[less].effect < 0
    assert (moved[late].cause, moved[late].after) == ("slipped", "2018-02-01")
