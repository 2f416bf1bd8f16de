"""The funnel and the cohorts in both databases."""

from datetime import date

from crm_core.access import ADMIN
from crm_core.analytics.cohorts import read_cohorts
from crm_core.analytics.funnel import read_funnel
from tests.copilot.test_analytics_reports import TODAY, with_customers


def test_a_funnel_and_cohorts_are_worked_out_in_the_database(store):
    with_customers(store)

    funnel = read_funnel(store, actor=ADMIN, today=TODAY)
    cohorts = read_cohorts(store, actor=ADMIN, today=TODAY, since=date(2017, 1, 1))

    assert [(step.stage, step.reached, step.days) for step in funnel.steps] == [
        ("Prospecting", 3, 30),
        ("Engaging", 2, 30),
    ]
    assert (funnel.entered, funnel.won, funnel.lost) == (3, 1, 1)
    assert [(one.month, one.customers, one.in_year) for one in cohorts.rows] == [("2017-07", 1, 1)]
