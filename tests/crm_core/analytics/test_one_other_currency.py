"""A store whose money is all in one currency that is not its own."""

from datetime import date

from crm_core.access import ADMIN
from crm_core.analytics.period import Period
from crm_core.analytics.quotas import quotas_of
from crm_core.setup import create_store
from tests.factories import make, make_account, make_deal, make_pipeline, make_user, stage_named

TODAY = date(2026, 11, 20)


def test_quotas_in_one_other_currency_are_told_as_they_are(tmp_path):
    store = create_store(f"sqlite:///{tmp_path}/farley.db")
    make_pipeline(store)
    ann = make_user(store, "Ann Archer")
    make_deal(store, account=make_account(store, "Acme"), stage=stage_named(store, "Won"), owner=ann,
              amount_minor=100, currency="CNY", closed_on=date(2026, 9, 1))  # fmt: skip
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    make(store, "quota", owner=ann, starts_on=year.since, ends_on=year.until, amount=4_000, currency="CNY")

    told, currency = quotas_of(store, year, actor=ADMIN, today=TODAY)

    assert (told, currency) == ({"Ann Archer": 4000}, "CNY")
    store.close()
