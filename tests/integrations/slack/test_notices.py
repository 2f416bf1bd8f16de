"""What people are told in Slack without asking: at their hour, once, and never if they do not want it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from crm_core.errors import Invalid, Unavailable
from integrations.rehearsal.workspace import TEAM
from integrations.scheduled import build_jobs
from integrations.settings import Settings
from integrations.slack.notices import once
from integrations.slack.notices.telling import tell_everybody
from integrations.slack.notices.wants import Wants, everybody, keep_wants, read_wants
from tests import factories
from tests.conftest import TODAY
from tests.integrations.slack.conftest import ANNA, BEN, COUNT, HEAD, NOW

MONDAY = datetime(2026, 1, 5, 8, 2, tzinfo=UTC)


def at(workspace, hour, *, days=0):
    """The door at an hour of the Monday after the team's records, or days later."""
    monday = NOW + timedelta(days=(7 - NOW.weekday()) % 7 + days)
    return replace(workspace.running.door, clock=lambda: monday.replace(hour=hour, minute=2))


def known(workspace, *users, **given):
    """They used Farley before."""
    for user in users:
        keep_wants(workspace.store, f"{TEAM}/{user}", given)


def told(workspace, user):
    return [one for one in workspace.slack.messages if one.channel == f"D{user}"]


def due(workspace, title, **given):
    return factories.make_task(workspace.store, title, owner=workspace.ids["anna"], due_on=TODAY, **given)


def test_the_digest_comes_once_at_the_persons_hour(workspace):
    known(workspace, ANNA, BEN)
    due(workspace, "Call Ada")

    assert tell_everybody(at(workspace, 7)) == 0
    assert tell_everybody(at(workspace, 8, days=1)) == 2
    assert tell_everybody(at(workspace, 9, days=1)) == 0
    digest = told(workspace, ANNA)[0]
    assert "Anna Berg" in digest.shown
    assert "Call Ada" in digest.shown
    assert "First today" in digest.shown
    assert tell_everybody(at(workspace, 8, days=2)) == 2


@pytest.mark.parametrize(
    ("zone", "hour", "kinds"),
    [
        ("UTC", 8, ("digest", "report")),
        ("UTC", 11, ("digest", "report")),
        ("UTC", 12, ()),
        ("UTC", 13, ("reminder", "question")),
        ("Asia/Shanghai", 0, ("digest", "report")),
        ("America/New_York", 13, ("digest", "report")),
        ("Asia/Shanghai", 8, ("reminder", "question")),
    ],
)
def test_hours_are_those_of_the_persons_own_clock(zone, hour, kinds):
    assert Wants(time_zone=zone).due(MONDAY.replace(hour=hour)) == kinds


def test_weekends_are_quiet_unless_somebody_wants_them():
    saturday = MONDAY + timedelta(days=5)

    assert Wants().due(saturday) == ()
    assert Wants(weekends=True).due(saturday) == ("digest",)


def test_what_is_off_does_not_come():
    off = Wants(digest_hour=None, reminder_hour=None, asks=False, reports=False)

    assert all(off.due(MONDAY + timedelta(hours=hour)) == () for hour in range(24))


def test_a_reminder_is_worked_by_its_buttons(workspace):
    known(workspace, ANNA, digest_hour=None)
    due(workspace, "Call Ada")
    due(workspace, "Send the offer")
    door = at(workspace, 13)
    tell_everybody(door)
    reminder = told(workspace, ANNA)[0]
    assert "Still due today" in reminder.shown

    workspace.press(ANNA, reminder, "Done")
    assert "Call Ada" not in reminder.shown
    workspace.press(ANNA, reminder, "Tomorrow")
    assert "Nothing is due" in reminder.shown
    assert workspace.value("task", "Call Ada", "status") == "done"
    assert workspace.value("task", "Send the offer", "due_on") == TODAY + timedelta(days=1)
    with workspace.store.read() as connection:
        trail = connection.exec_driver_sql("SELECT approved_by, door FROM audit_entries").all()
    assert [tuple(row) for row in trail] == [("Anna Berg", "slack")] * 2


def test_nothing_due_is_no_reminder(workspace):
    known(workspace, ANNA, digest_hour=None)

    assert tell_everybody(at(workspace, 13)) == 0
    assert told(workspace, ANNA) == []


def test_a_silent_deal_is_asked_about_and_the_answer_waits_for_approval(workspace):
    with workspace.store.write() as connection:
        factories.make_interaction(
            connection, TODAY - timedelta(days=60), kind="call", account=workspace.ids["alder"],
            user=workspace.ids["anna"],
        )  # fmt: skip
    known(workspace, ANNA, digest_hour=None)
    tell_everybody(at(workspace, 13))
    question = told(workspace, ANNA)[0]
    assert "Alder pilot" in question.shown
    assert "What is new there?" in question.shown

    card = workspace.dm(ANNA, "They wait for their budget until May", thread_ts=question.ts)
    assert "budget until May" in card.shown
    assert {"approve", "reject"} <= set(card.buttons)
    workspace.press(ANNA, card, "Approve")
    assert "Applied by Anna Berg" in card.shown

    assert tell_everybody(at(workspace, 13, days=1)) == 0  # not again for two weeks
    workspace.press(ANNA, question, "Answer")
    assert "answered already" in workspace.slack.messages[-1].shown


def test_the_answer_may_be_typed_in_a_window_and_is_nobody_elses(workspace):
    factories.make_interaction(workspace.store, TODAY - timedelta(days=60), account=workspace.ids["alder"])
    known(workspace, ANNA, digest_hour=None)
    tell_everybody(at(workspace, 13))
    question = told(workspace, ANNA)[0]
    workspace.press(BEN, question, "Answer")
    assert workspace.slack.views == []

    workspace.press(ANNA, question, "Answer")
    workspace.submit(ANNA, {"words": ""})
    assert "no words" in workspace.slack.messages[-1].shown
    workspace.submit(ANNA, {"words": "They want a second demo"})
    assert "second demo" in told(workspace, ANNA)[-1].shown


def test_a_manager_gets_the_week_of_the_team_on_monday(workspace):
    factories.make(workspace.store, "quota", owner=workspace.ids["anna"], amount=100000,
                   starts_on=TODAY.replace(month=1, day=1), ends_on=TODAY.replace(month=12, day=31))  # fmt: skip
    known(workspace, HEAD, ANNA, digest_hour=None)

    assert tell_everybody(at(workspace, 8)) == 1
    week = told(workspace, HEAD)[0]
    assert "Your team's week" in week.shown
    assert "Anna Berg" in week.shown
    assert "Won against quota" in week.shown
    assert "Forecast for" in week.shown
    assert told(workspace, ANNA) == []
    assert tell_everybody(at(workspace, 8, days=1)) == 0


def test_whoever_left_is_told_nothing(workspace):
    known(workspace, ANNA, BEN)
    workspace.slack.users[ANNA]["deleted"] = True
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE users SET is_active = 0 WHERE name = 'Ben Cole'")

    assert tell_everybody(at(workspace, 8)) == 0
    assert workspace.slack.messages == []


def test_a_rate_limit_ends_the_round_and_the_next_one_goes_on(workspace):
    known(workspace, ANNA, BEN)
    workspace.slack.fails["chat.postMessage"] = [(200, "x"), (429, "ratelimited"), (429, "ratelimited")]
    workspace.slack.fails["chat.postMessage"].pop(0)

    with pytest.raises(Unavailable, match="ratelimited"):
        tell_everybody(at(workspace, 8, days=1))
    assert tell_everybody(at(workspace, 8, days=1)) == 2
    assert len(workspace.slack.messages) == 2


def test_a_revoked_token_is_told_and_claims_nothing(workspace):
    known(workspace, ANNA)
    workspace.slack.token = "xoxb-new"

    with pytest.raises(Invalid, match="token_revoked"):
        tell_everybody(at(workspace, 8, days=1))
    workspace.slack.token = "xoxb-fake"
    assert tell_everybody(at(workspace, 8, days=1)) == 1


def test_where_it_may_have_been_shown_it_is_not_sent_again(workspace):
    known(workspace, ANNA)
    workspace.slack.fails["chat.postMessage"] = [(200, "fatal_error")]

    with pytest.raises(Unavailable):
        tell_everybody(at(workspace, 8, days=1))
    assert tell_everybody(at(workspace, 8, days=1)) == 0


def test_settings_are_chosen_in_a_window(workspace):
    shown = workspace.command(ANNA, "settings")
    assert "Digest: 08:00" in shown.shown
    workspace.press(ANNA, shown, "Settings")
    workspace.submit(ANNA, {"digest_hour": "10", "reminder_hour": "off", "weekends": "on"})

    assert read_wants(workspace.store, f"{TEAM}/{ANNA}") == Wants(10, None, True, True, True, "UTC")
    assert "Digest: 10:00" in workspace.slack.messages[-1].shown
    assert "Digest: 10:00" in str(workspace.slack.homes[ANNA])


def test_whoever_uses_farley_is_known_with_the_time_where_they_are(workspace):
    workspace.dm(ANNA, COUNT)
    assert everybody(workspace.store, TEAM)[ANNA] == Wants()
    workspace.slack.users[ANNA]["tz"] = "Europe/Berlin"
    workspace.command(ANNA, "help")
    workspace.press(ANNA, workspace.command(ANNA, "settings"), "Settings")

    assert everybody(workspace.store, TEAM)[ANNA].time_zone == "Europe/Berlin"


def test_digests_are_in_the_persons_language(workspace):
    workspace.slack.users[ANNA]["locale"] = "zh-CN"
    known(workspace, ANNA)
    tell_everybody(at(workspace, 8, days=1))

    assert "今天先做" in told(workspace, ANNA)[0].shown


def test_the_worker_tells_once_and_only_where_there_is_a_token(workspace, tmp_path):
    hour = datetime.now(UTC).hour
    known(workspace, ANNA, digest_hour=hour, reminder_hour=None, asks=False, reports=False, weekends=True)
    told_of = Settings(home=tmp_path, slack_bot_token=SecretStr("xoxb-fake"), slack_api_url=workspace.slack.api_url)
    jobs = {job.name: job for job in build_jobs(told_of, workspace.store)}
    for _ in range(2):
        jobs["slack"].run(datetime.now(UTC))

    assert len(told(workspace, ANNA)) == 1
    assert "slack" not in {job.name for job in build_jobs(Settings(home=tmp_path), workspace.store)}


def test_a_notice_is_claimed_once_and_answered_once_on_both_databases(store):
    user = factories.make_user(store)
    first = once.claim(store, "T/U:digest:2026-01-05", "question", user, at=MONDAY, record_id=7)

    assert once.claim(store, "T/U:digest:2026-01-05", "question", user, at=MONDAY) is None
    once.settle(store, first, message="D1:1.1")
    once.release(store, first)  # what was said stays claimed
    told_of = once.find_told(store, message="D1:1.1")
    assert once.is_claimed(store, "T/U:digest:2026-01-05")
    assert once.asked_since(store, [7, 8], MONDAY) == {7}
    assert [once.take_answer(store, told_of) for _ in range(2)] == [True, False]
    keep_wants(store, "T/U", {"digest_hour": None})
    assert everybody(store, "T") == {"U": Wants(digest_hour=None)}
