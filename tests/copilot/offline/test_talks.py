"""Calls, meetings and mails in questions, who reached a quota, and parts of a whole: answers, not only plans."""

from datetime import date

import pytest

from copilot.offline.plan import Query, ShowReport
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from tests.factories import (
    make,
    make_account,
    make_contact,
    make_deal,
    make_interaction,
    make_pipeline,
    make_user,
    stage_named,
)

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Ann called Acme twice and met Borealis; Ben wrote to Acme five times. Nobody has talked to Corvus since June."""
    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('talks')}/farley.db")
    make_pipeline(store)
    ann, ben = make_user(store, "Ann Archer"), make_user(store, "Ben Baker")
    acme, borealis, corvus = (make_account(store, name) for name in ("Acme", "Borealis", "Corvus"))
    make_contact(store, "Ada Byron", account=acme, email="ada@acme.example")
    make_contact(store, "Cyd Corm", account=corvus)
    for day in (3, 5):
        make_interaction(store, date(2026, 11, day), kind="call", account=acme, user=ann)
    make_interaction(store, date(2026, 10, 6), kind="meeting", account=borealis, user=ann)
    make_interaction(store, date(2026, 6, 1), kind="meeting", account=corvus, user=ann)
    for day in range(1, 6):
        make_interaction(store, date(2026, 10, day), kind="email", account=acme, user=ben)
    for amount, stage, owner in (
        (90_000, "Won", ann),
        (80_000, "Lost", ann),
        (10_000, "Won", ben),
        (9_000, "Won", ben),
    ):
        make_deal(store, account=acme, stage=stage_named(store, stage), owner=owner, amount_minor=amount * 100,
                  currency="USD", closed_on=date(2026, 9, 1))  # fmt: skip
    make(store, "quota", owner=ann, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31), amount=4_000)
    yield store
    store.close()


@pytest.fixture(scope="module")
def planner(store):
    return Planner(store)


def rows_of(store, planner, text):
    plan = planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)
    assert isinstance(plan, Query), plan
    return [row.values for row in run_query(store, plan.spec, actor=ADMIN, today=TODAY).rows]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("reps with the most calls", ("Ann Archer", 2)),
        ("reps with the most interactions", ("Ben Baker", 5)),
        ("number of emails per rep", ("Ben Baker", 5)),
        ("top 5 accounts by number of calls", ("Acme", 2)),
        ("average number of meetings per account", (1.0,)),
        ("what percentage of deals over 50k do we win", (0.5,)),
    ],
)
def test_talks_are_counted_by_their_kind(store, planner, text, first):
    assert rows_of(store, planner, text)[0] == first


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("accounts with no calls since October", {"Borealis", "Corvus"}),
        ("which customers haven't we talked to since September", {"Corvus"}),
        ("customers nobody has met since September", {"Acme", "Corvus"}),
        ("customers we met in October", {"Borealis"}),
        ("accounts not contacted in Q3", {"Acme", "Borealis", "Corvus"}),
        ("contacts with no email", {"Cyd Corm"}),
    ],
)
def test_who_was_talked_to_and_who_was_not(store, planner, text, names):
    assert {row[0] for row in rows_of(store, planner, text)} == names


@pytest.mark.parametrize(
    "text", ["who is behind on quota", "which reps haven't hit their target this year", "谁没完成目标"]
)
def test_whoever_is_behind_is_told_against_the_quota(planner, text):
    plan = planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, ShowReport)
    assert plan.name == "attainment"
    assert plan.where.value == "behind"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("top 5 accounts by how much they've bought from us", [("Acme", 109_000)]),
        ("share of September revenue that came from Ann", [(pytest.approx(90 / 109),)]),
        ("number of won deals for each of our reps", [("Ben Baker", 2), ("Ann Archer", 1)]),
    ],
)
def test_everyday_forms_are_read_as_they_are_meant(store, planner, text, found):
    assert [tuple(row[: len(found[0])]) for row in rows_of(store, planner, text)] == found
