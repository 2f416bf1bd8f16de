"""Everybody's look, as the job does it."""

from datetime import UTC, datetime

import pytest

from copilot.knowledge import Knowledge
from crm_core.access import ADMIN
from crm_core.auto_drafts import choose
from crm_core.changes import list_changes
from integrations import auto_drafts
from integrations.auto_drafts import look_for_everybody, newest_change
from integrations.scheduled import build_jobs
from integrations.settings import Settings
from tests.factories import make_contact, make_interaction, make_user

NOW = datetime.now(UTC).replace(hour=12, minute=0)


@pytest.fixture
def reps(sqlite_store):
    """Three reps who each met somebody today."""
    made = {}
    for name in ("Ada", "Bo", "Cy"):
        user = made[name] = make_user(sqlite_store, name, email=f"{name}@us.example")
        contact = make_contact(sqlite_store, f"{name}'s contact", email="c@x.example", consent="granted", owner=user)
        make_interaction(
            sqlite_store, NOW.date(), kind="meeting", user=user, contact=contact, created_at=NOW, body="A pilot."
        )
    return made


def look(store):
    choose(store, "all", {"working_days": "mon-sun"}, actor=ADMIN)
    return look_for_everybody(store, Knowledge(store.for_agent), now=NOW, time_zone="UTC")


def asked_by(store):
    return sorted(one.head.asked_by for one in list_changes(store, ADMIN, waiting=True))


def test_each_person_gets_their_own_drafts(sqlite_store, reps):
    assert look(sqlite_store) == 3
    assert asked_by(sqlite_store) == ["Ada", "Bo", "Cy"]
    assert look(sqlite_store) == 0


def test_who_turned_them_off_gets_none(sqlite_store, reps):
    choose(sqlite_store, f"user:{reps['Bo']}", {"is_on": False}, actor=ADMIN)

    look(sqlite_store)

    assert asked_by(sqlite_store) == ["Ada", "Cy"]


def test_a_bug_on_one_persons_records_takes_nobody_elses_drafts(sqlite_store, reps, monkeypatch):
    real = auto_drafts.make_due

    def breaks_for_ada(turn, rules, *, now):
        if turn.actor.name == "Ada":
            raise ZeroDivisionError
        return real(turn, rules, now=now)

    monkeypatch.setattr(auto_drafts, "make_due", breaks_for_ada)

    with pytest.raises(RuntimeError, match="1 people"):
        look(sqlite_store)
    assert asked_by(sqlite_store) == ["Bo", "Cy"]


def test_the_job_looks_where_something_changed_and_every_quarter_of_an_hour(sqlite_store, monkeypatch, tmp_path):
    looks = []
    monkeypatch.setattr(auto_drafts, "look_for_everybody", lambda *_args, **_options: looks.append(1))
    monkeypatch.setattr(auto_drafts, "newest_change", lambda _store: changes[-1])
    changes = [1]
    jobs = {job.name: job for job in build_jobs(Settings(home=tmp_path), sqlite_store)}
    minutes = [NOW.replace(minute=minute) for minute in range(1, 20)]

    seen = []
    for minute in minutes:
        if minute.minute == 5:
            changes.append(2)
        jobs["auto-drafts"].run(minute)
        seen.append(len(looks))

    assert [minutes[at].minute for at in range(1, len(seen)) if seen[at] > seen[at - 1]] == [5, 15]
    assert seen[0] == 1


def test_an_empty_store_has_no_change(sqlite_store):
    assert newest_change(sqlite_store) == 0
