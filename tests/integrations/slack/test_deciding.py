"""Approving, editing, rejecting and undoing in Slack."""

from datetime import UTC, datetime

from crm_core.changes import history
from tests.integrations.slack.conftest import ANNA, BEN, HEAD, LOG, MOVE_ALL, RAISE


def test_nothing_changes_before_approve_is_pressed_and_undo_puts_it_back(workspace):
    card = workspace.dm(ANNA, RAISE)

    assert "12,000" in card.shown
    assert "15,000" in card.shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000
    workspace.press(ANNA, card, "Approve")
    assert workspace.value("deal", "Alder pilot", "amount") == 15000
    assert "Applied by Anna Berg" in card.shown
    workspace.press(ANNA, card, "Undo")
    assert workspace.value("deal", "Alder pilot", "amount") == 12000
    assert "Undone" in card.shown
    assert card.buttons == []


def test_a_double_click_and_a_retry_approve_once(workspace):
    card = workspace.dm(ANNA, RAISE)
    again = workspace.slack.messages[-1]
    pressed = card.button("Approve")
    workspace.press(ANNA, card, "Approve", times=3)
    card.blocks.append({"type": "actions", "elements": [pressed]})
    workspace.press(ANNA, card, "Approve")

    assert again is workspace.slack.messages[-1]  # no complaint about what is so already
    with workspace.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit_entries").scalar() == 1


def test_a_card_is_decided_after_a_restart(workspace, reopened):
    card = workspace.dm(ANNA, RAISE)

    reopened.press(ANNA, card, "Approve")

    assert workspace.value("deal", "Alder pilot", "amount") == 15000


def test_a_change_asked_for_in_a_channel_waits_in_a_direct_message(workspace):
    hint = workspace.mention(ANNA, RAISE)

    assert "direct message" in hint.shown
    assert hint.to == ANNA
    card = workspace.slack.messages[-2]
    assert card.channel == f"D{ANNA}"
    workspace.press(ANNA, card, "Reject")
    assert "Rejected" in card.shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000


def test_a_colleague_may_not_decide_but_the_manager_may(workspace):
    card = workspace.dm(ANNA, RAISE)

    workspace.press(BEN, card, "Approve")
    told = workspace.slack.messages[-1]
    assert told.to == BEN
    assert "may not decide" in told.shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000
    workspace.press(HEAD, card, "Approve")
    assert workspace.value("deal", "Alder pilot", "amount") == 15000


def test_a_click_from_another_workspace_changes_nothing(workspace):
    card = workspace.dm(ANNA, RAISE)

    workspace.press(ANNA, card, "Approve", team="T0OTHER")

    assert "I answer only" in workspace.slack.messages[-1].shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000


def test_a_card_of_a_record_that_moved_on_is_refused(workspace):
    first, second = (
        workspace.dm(ANNA, RAISE),
        workspace.dm(ANNA, "change the amount of Alder pilot to 20000", thread_ts="1.1"),
    )
    workspace.press(ANNA, second, "Approve")

    workspace.press(ANNA, first, "Approve")

    assert workspace.value("deal", "Alder pilot", "amount") == 20000
    assert "changed since" in first.shown
    assert workspace.slack.messages[-1].to == ANNA


def test_a_card_that_expired_says_so(workspace, monkeypatch):
    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2099, 1, 1, tzinfo=UTC)

    card = workspace.dm(ANNA, RAISE)
    monkeypatch.setattr(history, "datetime", Later)
    workspace.press(ANNA, card, "Approve")

    assert "Expired" in card.shown
    assert "expired" in workspace.slack.messages[-1].shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000


def test_an_edited_proposal_waits_with_its_new_values(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Edit")
    workspace.submit(ANNA, {"0:amount": "16,500"})

    assert "16,500" in card.shown
    assert workspace.value("deal", "Alder pilot", "amount") == 12000
    workspace.press(ANNA, card, "Approve")
    assert workspace.value("deal", "Alder pilot", "amount") == 16500


def test_an_edit_that_makes_no_sense_leaves_the_card(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Edit")
    workspace.submit(ANNA, {"0:amount": "a lot"})

    assert "is a number" in workspace.slack.messages[-1].shown
    assert "15,000" in card.shown
    workspace.press(ANNA, card, "Approve")
    assert workspace.value("deal", "Alder pilot", "amount") == 15000


def test_many_changes_take_their_number_typed(workspace):
    from tests.factories import make_deal

    for at in range(12):
        make_deal(workspace.store, f"Deal {at}", amount=1, owner=workspace.ids["anna"], stage="Prospecting")
    card = workspace.dm(ANNA, MOVE_ALL)
    workspace.press(ANNA, card, "Show all")
    workspace.press(ANNA, card, "Approve")
    workspace.submit(ANNA, {"count": "11"})
    assert workspace.value("deal", "Deal 3", "stage") == "Prospecting"
    workspace.submit(ANNA, {"count": "12"})

    assert workspace.value("deal", "Deal 3", "stage") == "Engaging"
    assert "Applied" in card.shown


def test_a_window_that_slack_waited_too_long_for_asks_for_another_click(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.slack.fails["views.open"] = [(200, "expired_trigger_id")] * 2
    workspace.press(ANNA, card, "Edit")
    workspace.press(ANNA, workspace.command(ANNA, "settings"), "Settings")

    assert [one.shown for one in workspace.slack.messages if "press again" in one.shown] == [
        "That took too long for Slack to open the window. Please press again."
    ] * 2
    assert workspace.slack.views == []


def test_why_shows_the_words_that_a_change_rests_on(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Why?")

    assert "offline planner" in str(workspace.slack.views[-1])


def test_the_command_offers_to_undo_the_last_change(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Approve")
    offered = workspace.command(ANNA, "undo")
    workspace.press(ANNA, offered, "Undo")

    assert workspace.value("deal", "Alder pilot", "amount") == 12000
    assert "Undone" in offered.shown


def test_a_long_note_is_shown_whole_before_it_is_approved(workspace):
    said = "Alder Valley wants " + "a second pilot " * 90 + "in May"
    card = workspace.dm(ANNA, f"log a call with Alder Valley: {said}")

    assert said[19:] in card.shown


def test_a_card_in_chinese_calls_its_values_in_chinese(workspace):
    card = workspace.dm(ANNA, "记录 今天和Alder Valley通了电话，周五前要报价")

    assert card.text == "等待批准: 新建 1 个互动记录"
    assert "新建互动记录\n" in card.shown
    assert "互动类型: 电话" in card.shown


def test_what_was_logged_can_be_asked_for_at_once(workspace):
    card = workspace.dm(ANNA, LOG)
    workspace.press(ANNA, card, "Approve")
    found = workspace.dm(ANNA, "what did Alder Valley say about a quote?", thread_ts="2.2")

    assert "quote by Friday" in found.shown


def test_a_window_of_a_card_that_somebody_may_not_see_tells_them_directly(workspace):
    card = workspace.dm(ANNA, RAISE)
    workspace.press(ANNA, card, "Edit")
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE role_scopes SET reads = 'own' WHERE role = 'rep'")
    workspace.submit(BEN, {"0:amount": "1"})

    assert "There is no change" in workspace.slack.seen_by(BEN)[-1].shown
    assert "15,000" in card.shown
