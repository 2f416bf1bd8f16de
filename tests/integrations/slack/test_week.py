"""A week of a sales team in Slack, as it goes: what each types and presses, and what they see."""

from tests import factories, slack_payloads
from tests.conftest import TODAY
from tests.integrations.slack.conftest import ANNA, ASK_BACK, BEN, COUNT, GUEST, HEAD, LIST, LOG, MOVE_ALL, RAISE


def test_a_week_of_a_sales_team(workspace):
    slack, anna, ben = workspace.slack, workspace.ids["anna"], workspace.ids["ben"]
    with workspace.store.write() as at:
        for name in ("Cedar intro", "Fir intro"):
            factories.make_deal(at, name, amount=5000, owner=anna, stage="Prospecting", started_on=TODAY)
        factories.make_task(at, "Call Ada", owner=anna, due_on=TODAY)
        factories.make_task(at, "Send the offer", owner=anna, due_on=TODAY)
        factories.make(at, "quota", owner=anna, amount=100000, starts_on=TODAY.replace(day=1), ends_on=TODAY)
        factories.make_deal(at, "Elm renewal", amount=25000, owner=anna, stage="Won", closed_on=TODAY, started_on=TODAY)

    # Monday. Anna opens her day, ends a task and puts the other one off.
    workspace.deliver(slack_payloads.event({"type": "app_home_opened", "user": ANNA, "tab": "home", "channel": "D1"}))
    home = shown(slack.homes[ANNA])
    assert "$25,000 booked of a quota of $100,000 (25%)" in home
    assert "Call Ada" in home
    workspace.deliver(pressed(slack, ANNA, "task_done", "Call Ada"))
    workspace.deliver(pressed(slack, ANNA, "task_snooze", "Send the offer"))
    assert workspace.value("task", "Call Ada", "status") == "done"
    assert "Nothing is due" in shown(slack.homes[ANNA])

    # She asks in the team's channel; nobody else sees it. Ben asks in a direct message, in a thread.
    assert "45,000" in workspace.mention(ANNA, LIST).shown
    assert slack.seen_by(BEN) == []
    assert "4" in workspace.dm(BEN, COUNT, thread_ts="1.1").shown
    offered = workspace.dm(BEN, ASK_BACK, thread_ts="1.1")
    workspace.press(BEN, offered, "option_1")
    assert "Alder pilot" in slack.seen_by(BEN)[-1].shown

    # Tuesday. She logs a call, corrects a price twice, and approves it with two clicks in a hurry.
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

    # Thursday. A message of a colleague is logged by the shortcut; the card warns that others wrote it.
    workspace.deliver(
        {"type": "message_action", "callback_id": "log_message", "user": {"id": ANNA, "team_id": "T0FARLEY"},
         "team": {"id": "T0FARLEY"}, "trigger_id": "t", "channel": {"id": "C0SALES"},
         "message": {"user": BEN, "text": "Birch Works wants a second <https://x.example|demo>"}}
    )  # fmt: skip
    workspace.submit(ANNA, {"about": "Birch Works"})
    noted = slack.seen_by(ANNA)[-1]
    assert "a second demo" in noted.shown
    assert "written by others" in noted.shown
    workspace.press(ANNA, noted, "Reject")
    workspace.deliver(submitted_again(slack, ANNA, about="Nobody & Sons"))
    assert "Nobody &amp; Sons" in slack.seen_by(ANNA)[-1].shown

    # Friday. All her new deals move on at once; Hanna, her manager, approves what Anna left and takes it back.
    moved = workspace.mention(ANNA, MOVE_ALL)
    assert "direct message" in moved.shown
    waiting = slack.seen_by(ANNA)[-2]
    workspace.deliver(slack_payloads.event({"type": "app_home_opened", "user": HEAD, "tab": "home", "channel": "D2"}))
    workspace.deliver(pressed(slack, HEAD, "show_card", "update 2 deals"))
    hers = slack.seen_by(HEAD)[-1]
    workspace.press(HEAD, hers, "Approve")
    assert workspace.value("deal", "Fir intro", "stage") == "Engaging"
    workspace.press(ANNA, waiting, "Approve")  # too late: it is done, and the card says by whom
    assert "Applied by Hanna Head" in waiting.shown
    workspace.press(HEAD, hers, "Undo")
    assert workspace.value("deal", "Fir intro", "stage") == "Prospecting"

    # Every line of the trail was approved by a person, and nothing else was written.
    with workspace.store.read() as connection:
        trail = connection.exec_driver_sql("SELECT approved_by, door FROM audit_entries ORDER BY seq").all()
    assert [tuple(row) for row in trail] == [("Anna Berg", "slack")] * 5 + [("Hanna Head", "slack")] * 2
    assert workspace.running.inbox.counts().failed == 0
    assert ben != anna


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


def submitted_again(slack, user, **typed):
    return slack_payloads.submission(user, slack.views[-1], typed)
