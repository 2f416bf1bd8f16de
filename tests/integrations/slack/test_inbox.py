"""The inbox: what is acknowledged is worked once, in its order, whatever becomes of the process."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.http_retry import HttpResponse, RetryState

from crm_core.models import InboxRow
from integrations.rehearsal import payloads as slack_payloads
from integrations.slack import process, talking
from integrations.slack.inbox import KEPT, MOST_ATTEMPTS, PAUSES_S, Inbox
from integrations.slack.start import web_client
from integrations.slack.worker import PutOff, Worker
from tests.integrations.slack.conftest import ANNA, BEN, COUNT
from tests.waiting import wait_until

PROCESS = Path(__file__).with_name("killed_process.py")
KILLS = 50 if os.environ.get("FARLEY_SOAK") else 2
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_an_event_is_kept_once_on_both_databases(store, clock):
    inbox = Inbox(store, worker="a", clock=clock)
    payload = slack_payloads.message(ANNA, "a \x00 and a half \ud800")

    assert [inbox.put(payload), inbox.put(payload)] == [True, False]
    held = inbox.claim()
    assert held.payload == payload
    assert inbox.claim() is None
    inbox.finish(held)
    assert inbox.put(payload) is False
    assert inbox.counts().waiting == 0


def test_a_conversation_goes_in_order_and_others_do_not_wait_for_it(store, clock):
    inbox = Inbox(store, worker="a", clock=clock)
    first, second = slack_payloads.message(ANNA, "1"), slack_payloads.message(ANNA, "2")
    other = slack_payloads.message(BEN, "3")
    for one in (first, second, other):
        inbox.put(one)

    held = [inbox.claim(), inbox.claim()]

    assert [one.payload["event"]["text"] for one in held] == ["1", "3"]
    assert inbox.claim() is None
    inbox.finish(held[0])
    assert inbox.claim().payload["event"]["text"] == "2"


def test_a_click_goes_before_questions(sqlite_store, clock):
    inbox = Inbox(sqlite_store, worker="a", clock=clock)
    inbox.put(slack_payloads.message(ANNA, "1"))
    inbox.put({"type": "shortcut", "user": {"id": ANNA}, "callback_id": "log"})

    assert inbox.claim(urgent=True).payload["type"] == "shortcut"
    assert inbox.claim(urgent=True) is None
    assert inbox.claim().payload["type"] == "event_callback"


def test_what_a_dead_worker_held_is_taken_up_and_what_a_living_one_holds_is_not(store, clock):
    dead, living = Inbox(store, worker="a", clock=clock), Inbox(store, worker="b", clock=clock)
    dead.put(slack_payloads.message(ANNA, "1"))
    dead.put(slack_payloads.message(BEN, "2"))
    taken, kept = dead.claim(), living.claim()

    clock.now += timedelta(seconds=20)
    living.renew()
    clock.now += timedelta(seconds=20)

    again = living.claim()
    assert (again.id, again.attempts) == (taken.id, 2)
    dead.finish(taken)  # too late: it is not its own any more
    assert living.claim() is None
    living.finish(again)
    living.finish(kept)
    assert living.counts().waiting == 0


def test_a_done_event_is_empty_and_forgotten_after_a_week(sqlite_store, clock):
    inbox = Inbox(sqlite_store, worker="a", clock=clock)
    inbox.put(slack_payloads.message(ANNA, "secret"))
    inbox.finish(inbox.claim())
    with sqlite_store.read() as connection:
        assert connection.execute(InboxRow.__table__.select()).one().payload == "{}"

    clock.now += KEPT + timedelta(seconds=1)
    inbox.forget_old()

    with sqlite_store.read() as connection:
        assert connection.execute(InboxRow.__table__.select()).all() == []


def test_work_that_fails_for_a_passing_reason_is_tried_again_and_at_last_given_up(sqlite_store, clock):
    def fail(_payload):
        raise PutOff("Slack says ratelimited")

    inbox = Inbox(sqlite_store, worker="a", clock=clock)
    worker = Worker(inbox, fail)
    inbox.put(slack_payloads.message(ANNA, "1"))
    tried = 0
    for pause in (0, *PAUSES_S):
        assert worker.work_one() is (pause == 0)
        clock.now += timedelta(seconds=pause)
        tried += 1 if pause == 0 else worker.work_one()

    assert tried == MOST_ATTEMPTS
    assert (inbox.counts().waiting, inbox.counts().failed) == (0, 1)


def test_an_event_that_ends_the_process_each_time_is_given_up(sqlite_store, clock):
    inbox = Inbox(sqlite_store, worker="a", clock=clock)
    inbox.put(slack_payloads.message(ANNA, "1"))
    for _ in range(MOST_ATTEMPTS):
        assert inbox.claim() is not None
        clock.now += timedelta(seconds=31)
    worked = []
    Worker(inbox, worked.append).work_one()

    assert worked == []
    assert inbox.counts().failed == 1


def test_the_loop_works_what_comes_and_stops(sqlite_store):
    inbox, worked = Inbox(sqlite_store, worker="a"), []
    worker = Worker(inbox, lambda payload: worked.append(payload["event"]["text"]))
    worker.start()
    for at in range(20):
        inbox.put(slack_payloads.message(f"U{at}", str(at)))
        worker.wake()
    wait_until(lambda: len(worked) == 20)
    worker.stop()

    assert sorted(worked, key=int) == [str(at) for at in range(20)]


def test_a_bug_in_one_event_is_logged_and_the_next_one_is_worked(workspace, monkeypatch):
    def fail(*_args, **_given):
        raise ZeroDivisionError

    monkeypatch.setattr(talking, "help_message", fail)
    answer = workspace.command(ANNA, "")

    assert "It is in the log as" in answer.shown
    assert workspace.running.inbox.counts().failed == 1
    assert "2" in workspace.dm(ANNA, COUNT).shown


def test_what_slack_refuses_for_good_is_told_directly_and_in_the_persons_language(workspace):
    workspace.slack.users[ANNA]["locale"] = "zh-CN"
    workspace.slack.fails["chat.postEphemeral"] = [(200, "not_in_channel")]

    told = workspace.mention(ANNA, COUNT)

    assert (told.channel, told.to) == (f"D{ANNA}", None)
    assert "日志编号" in told.shown


@pytest.mark.parametrize("error", ["ratelimited", "token_revoked"])
def test_what_slack_refuses_for_now_is_said_later(workspace, error):
    fault = (429, error) if error == "ratelimited" else (200, error)
    workspace.slack.fails["chat.postMessage"] = [fault, fault]
    workspace.deliver(slack_payloads.message(ANNA, COUNT))
    if error == "token_revoked":
        assert workspace.slack.messages == []
        assert workspace.running.inbox.counts().waiting == 1
    workspace.slack.fails.clear()
    with workspace.store.derive() as connection:
        connection.execute(InboxRow.__table__.update().values(not_before=None))
    workspace.work()

    assert len(workspace.slack.messages) == 1


@pytest.mark.parametrize(("pause", "waits"), [("3", True), ("3600", False), ("", False)])
def test_only_a_short_pause_that_slack_asks_for_is_waited_for(pause, waits):
    handler = web_client("xoxb-fake").retry_handlers[1]
    answer = HttpResponse(status_code=429, headers={"Retry-After": [pause]})

    assert handler.can_retry(state=RetryState(), request=None, response=answer) is waits


def test_a_command_whose_answer_slack_does_not_take_is_answered_later(workspace):
    workspace.slack.fails["respond"] = [(503, "down")]
    workspace.deliver(slack_payloads.command(workspace.slack, ANNA, "help"))
    assert workspace.slack.messages == []
    with workspace.store.derive() as connection:
        connection.execute(InboxRow.__table__.update().values(not_before=None))
    workspace.work()

    assert len(workspace.slack.messages) == 1


def test_killed_between_the_acknowledgement_and_the_work_nothing_is_lost_or_done_twice(sqlite_store, tmp_path):
    file = tmp_path / "worked"
    for _ in range(KILLS):
        command = [sys.executable, str(PROCESS), str(sqlite_store.path), str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as process:
            assert process.stdout is not None
            assert [process.stdout.readline() for _ in range(4)] == ["kept\n"] * 3 + ["held\n"]
            os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.6)  # what the last one held runs out
    worked = file.read_text(encoding="utf-8").split()
    worker = Worker(Inbox(sqlite_store, worker="last"), lambda payload: worked.append(payload["event_id"]))
    while worker.work_one():
        pass

    assert len(worked) == len(set(worked)) == 3 * KILLS


def test_a_worker_that_ends_by_itself_is_started_again_and_one_that_is_stopped_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "RESTART_S", 0)
    file = tmp_path / "starts"
    code = f"import sys; open({str(file)!r}, 'a').write('s'); sys.exit(3 if sys.stdin.readline() else 0)"
    worker = process.WorkerProcess([sys.executable, "-S", "-c", code])
    worker.wake()  # before it is there: nothing
    worker.start()
    wait_until(lambda: file.exists() and file.read_text() == "s")
    worker.wake()
    wait_until(lambda: file.read_text() == "ss")
    worker.stop()

    assert file.read_text() == "ss"
