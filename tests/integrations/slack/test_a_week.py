"""A week of a sales team in Slack, as it goes: what each types and presses, and what they see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.rehearsal import payloads as slack_payloads
from integrations.slack.notices.telling import tell_everybody
from tests import factories
from tests.conftest import TODAY
from tests.integrations.slack.conftest import (
    ANNA,
    ASK_BACK,
    BEN,
    COUNT,
    GUEST,
    HEAD,
    LIST,
    LOG,
    MOVE_ALL,
    NOW,
    RAISE,
    WEB,
)

MONDAY = TODAY + timedelta(days=5)


@pytest.fixture
def now():
    return NOW + timedelta(days=5)


@pytest.fixture
def records(workspace):
    """What the team has on Monday, beside two deals: three more, tasks, a quota, a customer who is silent for long."""
    anna, ben = workspace.ids["anna"], workspace.ids["ben"]
    with workspace.store.write() as at:
        at.exec_driver_sql("UPDATE contacts SET email = 'ada@alder.example', consent = 'granted'")
        for name in ("Cedar intro", "Fir intro"):
            factories.make_deal(at, name, amount=5000, owner=anna, stage="Prospecting", started_on=MONDAY)
        factories.make_task(at, "Call Ada", owner=anna, due_on=MONDAY)
        factories.make_task(at, "Send the offer", owner=anna, due_on=MONDAY)
        factories.make_task(at, "Order cake", owner=ben, due_on=MONDAY - timedelta(days=3))
        factories.make(at, "quota", owner=anna, amount=100000, starts_on=MONDAY.replace(day=1), ends_on=MONDAY)
        factories.make_deal(
            at, "Elm renewal", amount=25000, owner=anna, stage="Won", closed_on=MONDAY, started_on=MONDAY
        )
        factories.make_interaction(at, MONDAY - timedelta(days=60), kind="call", account=workspace.ids["birch"],
                                   user=ben)  # fmt: skip


def test_a_week_of_a_sales_team(workspace, outgoing, records):
    slack = workspace.slack

    # Monday. All three open Farley for the first time; Anna ends a task and puts the other one off.
    for user in (HEAD, BEN, ANNA):
        workspace.deliver(home_of(user))
    home = shown(slack.homes[ANNA])
    assert "$25,000 booked of a quota of $100,000 (25%)" in home
    assert "Call Ada" in home
    theirs = shown(slack.homes[HEAD])
    assert "My team's number" in theirs
    assert "$25,000 booked of a quota of $100,000 (25%)" in theirs
    workspace.deliver(pressed(slack, ANNA, "task_done", "Call Ada, due"))
    workspace.deliver(pressed(slack, ANNA, "task_snooze", "Send the offer, due"))
    assert workspace.value("task", "Call Ada", "status") == "done"
    assert "Nothing is due" in shown(slack.homes[ANNA])

    # Hanna's week of the team has come at eight, with everybody's digest; at one Ben hears what is due, and is asked.
    assert come(workspace, 8) == 4
    assert "Your team's week" in "".join(one.shown for one in slack.seen_by(HEAD))
    assert come(workspace, 13) == 2
    reminder, question = slack.seen_by(BEN)[-2:]
    workspace.press(BEN, reminder, "Done")
    assert "Nothing is due" in reminder.shown
    assert "Birch rollout" in question.shown
    note = workspace.dm(BEN, "They wait for the new budget.", thread_ts=question.ts)
    workspace.press(BEN, note, "Approve")
    assert "Applied by Ben Cole" in note.shown
    assert come(workspace, 14) == 0

    # Anna asks in the team's channel; nobody else sees it. Ben asks in a thread, and says that the answer helped.
    before = len(slack.seen_by(BEN))
    assert "45,000" in workspace.mention(ANNA, LIST).shown
    assert len(slack.seen_by(BEN)) == before
    answer = workspace.dm(BEN, COUNT, thread_ts="1.1")
    assert "4" in answer.shown
    workspace.press(BEN, answer, "good", times=2)
    offered = workspace.dm(BEN, ASK_BACK, thread_ts="1.1")
    workspace.press(BEN, offered, "option_1")
    assert "Alder pilot" in slack.seen_by(BEN)[-1].shown

    # Tuesday. Ben wants no digest, and his reminders early. Anna logs a call, corrects a price twice, and approves it
    # with two clicks in a hurry.
    workspace.press(BEN, workspace.command(BEN, "settings"), "Settings")
    workspace.submit(BEN, {"digest_hour": "off", "reminder_hour": "7"})
    assert come(workspace, 8, days=1) == 2
    logged = workspace.dm(ANNA, LOG)
    workspace.press(ANNA, logged, "Approve")
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Edit")
    workspace.submit(ANNA, {"0:amount": "14000"})
    workspace.press(ANNA, card, "Why?")
    workspace.press(ANNA, card, "Approve", times=2)
    assert workspace.value("deal", "Alder pilot", "amount") == 14000
    assert "Applied by Anna Berg" in card.shown

    # Ben tries to undo it; it is not his. She does.
    workspace.press(BEN, card, "Undo")
    assert workspace.value("deal", "Alder pilot", "amount") == 14000
    workspace.press(ANNA, card, "Undo")
    assert workspace.value("deal", "Alder pilot", "amount") == 12000

    # Wednesday. A guest asks, somebody unknown asks, a bot chatters: none is told anything.
    assert workspace.dm(GUEST, LIST).shown.startswith("I answer only")
    slack.add_user("U0NEW", "new@example.com")
    assert "farley slack link" in workspace.dm("U0NEW", LIST).shown
    before = len(slack.messages)
    workspace.deliver(slack_payloads.message(BEN, LIST, bot_id="B9"))
    assert len(slack.messages) == before

    # She answers a customer's message by mail, fills in what she alone knows, and sends it, once.
    workspace.deliver(shortcut("draft_reply", ANNA, "Ada asks when the pilot begins"))
    workspace.submit(ANNA, {"about": "Ada Byron", "words": "the pilot"})
    mail = slack.seen_by(ANNA)[-1]
    workspace.press(ANNA, mail, "Edit & approve")
    workspace.submit(ANNA, {"body": "Dear Ada, we begin on […: date]."})
    assert "Fill in before it can be sent: date" in mail.shown
    workspace.press(ANNA, mail, "Edit & approve")
    workspace.submit(ANNA, {"body": "Dear Ada, we begin in May."})
    workspace.press(ANNA, mail, "Send", times=2)
    assert [letter.body for letter in outgoing.taken] == ["Dear Ada, we begin in May."]
    assert "Sent to ada@alder.example" in mail.shown

    # Thursday. A message of a colleague is logged by the shortcut; the card warns that others wrote it.
    workspace.deliver(shortcut("log_message", ANNA, "Birch Works wants a second <https://x.example|demo>"))
    window = slack.views[-1]
    workspace.submit(ANNA, {"about": "Birch Works"})
    noted = slack.seen_by(ANNA)[-1]
    assert "a second demo" in noted.shown
    assert "written by others" in noted.shown
    workspace.press(ANNA, noted, "Reject")
    workspace.deliver(slack_payloads.submission(ANNA, window, {"about": "Nobody & Sons"}))
    assert "Nobody &amp; Sons" in slack.seen_by(ANNA)[-1].shown

    # She posts a link of ours to Farley and one of somebody else's: only ours shows what it leads to.
    workspace.deliver(linked(ANNA, f"{WEB}/account/{workspace.ids['alder']}", "https://evil.example/deal/1"))
    unfurls = [call["unfurls"] for name, call in slack.calls if name == "chat.unfurl"]
    assert list(unfurls[0]) == [f"{WEB}/account/{workspace.ids['alder']}"]

    # Friday. All her new deals move on at once; Hanna, her manager, approves what Anna left and takes it back.
    moved = workspace.mention(ANNA, MOVE_ALL)
    assert "direct message" in moved.shown
    waiting = slack.seen_by(ANNA)[-2]
    workspace.deliver(home_of(HEAD))
    workspace.deliver(pressed(slack, HEAD, "show_card", "update 2 deals"))
    hers = slack.seen_by(HEAD)[-1]
    workspace.press(HEAD, hers, "Approve")
    assert workspace.value("deal", "Fir intro", "stage") == "Engaging"
    workspace.press(ANNA, waiting, "Approve")  # too late: it is done, and the card says by whom
    assert "Applied by Hanna Head" in waiting.shown
    workspace.press(HEAD, hers, "Undo")
    assert workspace.value("deal", "Fir intro", "stage") == "Prospecting"

    # Saturday is quiet. Every line of the trail was approved by a person, and nothing else was written.
    assert come(workspace, 8, days=5) == 0
    with workspace.store.read() as connection:
        trail = connection.exec_driver_sql("SELECT approved_by, door FROM audit_entries ORDER BY seq").all()
    anna, ben, hanna = ("Anna Berg", "slack"), ("Ben Cole", "slack"), ("Hanna Head", "slack")
    sent = [anna, ("Anna Berg", "email")]
    assert [tuple(row) for row in trail] == [anna] * 2 + [ben] * 2 + [anna] * 3 + sent + [hanna] * 2
    assert [(one.person, one.verdict) for one in workspace.running.door.feedback.all()] == [
        (workspace.ids["ben"], "good")
    ]
    assert workspace.running.inbox.counts().failed == 0


def come(workspace, hour, *, days=0):
    """What comes without asking at an hour of a day of this week."""
    at = (NOW + timedelta(days=5 + days)).replace(hour=hour, minute=5)
    return tell_everybody(replace(workspace.running.door, clock=lambda: at))


def home_of(user):
    return slack_payloads.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"})


def shortcut(name, user, text):
    return {
        "type": "message_action", "callback_id": name, "user": {"id": user, "team_id": "T0FARLEY"},
        "team": {"id": "T0FARLEY"}, "trigger_id": "t", "channel": {"id": "C0SALES"},
        "message": {"user": BEN, "text": text},
    }  # fmt: skip


def linked(user, *urls):
    return slack_payloads.event(
        {"type": "link_shared", "user": user, "channel": f"D{user}", "message_ts": "1.1",
         "links": [{"domain": "x", "url": url} for url in urls]}
    )  # fmt: skip


def shown(view):
    return "\n".join(
        part["text"] if isinstance(part["text"], str) else part["text"]["text"]
        for block in view["blocks"]
        for part in ([block] if block["type"] == "header" else texts(block))
    )


def texts(block):
    for element in block.get("elements", []):
        yield from element.get("elements", [element])


def pressed(slack, user, action, near):
    """A press of the first button of that action after the line that holds `near`."""
    blocks = slack.homes[user]["blocks"]
    start = next(at for at, block in enumerate(blocks) if near in str(block))
    found = next(one for block in blocks[start:] for one in block.get("elements", []) if one.get("action_id") == action)
    return {
        "type": "block_actions", "team": {"id": "T0FARLEY"}, "user": {"id": user, "team_id": "T0FARLEY"},
        "container": {"type": "view", "view_id": "V1"}, "trigger_id": f"t{near}{action}", "actions": [found],
    }  # fmt: skip
