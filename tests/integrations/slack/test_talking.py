"""Asking in Slack."""

from dataclasses import replace

import pytest

from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.workspace import TEAM
from integrations.slack.talking import on_message, words_of
from integrations.slack.words import read_command
from tests.factories import make_deal
from tests.integrations.slack.conftest import ANNA, ASK_BACK, BEN, BY_STAGE, COUNT, GUEST, LIST


def test_a_direct_message_is_answered_in_place(workspace):
    answer = workspace.dm(ANNA, COUNT)

    assert "2" in answer.shown
    assert (answer.channel, answer.to, answer.thread) == (f"D{ANNA}", None, None)
    assert {"good", "bad"} <= set(answer.buttons)
    assert "How I read it" in answer.shown


def test_a_thread_is_a_conversation_of_its_own(workspace):
    first = workspace.dm(ANNA, COUNT, thread_ts="1.1")
    second = workspace.dm(ANNA, "and Ben's?", thread_ts="1.1")

    assert first.thread == second.thread == "1.1"
    assert "1" in second.shown


def test_in_a_channel_only_the_asker_sees_the_answer(workspace):
    answer = workspace.mention(ANNA, LIST)

    assert "45,000" in answer.shown
    assert answer.to == ANNA
    assert workspace.slack.seen_by(BEN) == []


def test_a_table_stands_in_columns(workspace):
    answer = workspace.dm(ANNA, LIST)

    assert "Birch rollout" in answer.shown
    assert "45,000" in answer.shown


def test_chinese_is_answered_in_chinese(workspace):
    answer = workspace.dm(BEN, "现在有多少未完成的商机？")

    assert "我的理解" in answer.shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "Approve"), ("help", "/farley ask"), ("帮助", "批准"), (f"ask {COUNT}", "2"), (COUNT, "2"),
     ("ask", "Approve"), ("draft", "Approve"), ("brief Alder Valley", "Alder Valley"), ("undo", "nothing"),
     ("tasks", "Your open tasks: 0"), ("任务", "您未完成的任务：0")],
)  # fmt: skip
def test_the_command_answers_its_person_alone(workspace, text, expected):
    answer = workspace.command(ANNA, text)

    assert expected in answer.shown
    assert answer.to == ANNA


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ("help", "")), ("Brief Acme Corp", ("brief", "Acme Corp")), ("记录 打过电话", ("log", "打过电话")),
     ("briefly, how are we doing?", ("ask", "briefly, how are we doing?")), ("任务", ("tasks", "")),
     ("  undo  ", ("undo", ""))],
)  # fmt: skip
def test_the_first_word_after_the_command_says_what_it_is_for(text, expected):
    assert read_command(text) == expected


def test_an_option_that_is_picked_goes_on_in_its_conversation(workspace):
    asked = workspace.dm(ANNA, ASK_BACK, thread_ts="3.3")
    workspace.press(ANNA, asked, "option_0")

    answer = workspace.slack.seen_by(ANNA)[-1]
    assert "2" in answer.shown
    assert answer.thread == "3.3"


@pytest.mark.parametrize("given", [{"is_restricted": True}, {"is_ultra_restricted": True}, {"deleted": True},
                                   {"team_id": "T0OTHER"}, {"is_stranger": True}])  # fmt: skip
def test_a_guest_or_a_stranger_is_refused_politely_and_told_nothing(workspace, given):
    workspace.slack.add_user(GUEST, "anna@example.com", **given)

    answer = workspace.mention(GUEST, COUNT)

    assert answer.shown.startswith("I answer only people of this workspace")
    assert answer.to == GUEST


def test_a_refusal_is_in_the_persons_language_and_stands_on_their_home_tab(workspace):
    workspace.slack.add_user(GUEST, "anna@example.com", is_restricted=True, locale="zh-CN")
    opened = {"type": "app_home_opened", "user": GUEST, "tab": "home", "channel": "D1"}
    workspace.deliver(slack_payloads.event(opened))

    assert workspace.dm(GUEST, COUNT).shown.startswith("我只回答")
    assert "我只回答" in str(workspace.slack.homes[GUEST])


@pytest.mark.parametrize(("email", "given"), [("nobody@example.com", {}), (None, {}),
                                              ("anna@example.com", {"is_email_confirmed": False})])  # fmt: skip
def test_somebody_unknown_hears_how_to_become_known(workspace, email, given):
    workspace.slack.add_user("U0NEW", email, **given)

    answer = workspace.dm("U0NEW", COUNT)

    assert "farley slack link U0NEW" in answer.shown


def test_a_deactivated_user_is_refused_at_once(workspace):
    workspace.dm(BEN, COUNT)
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE users SET is_active = 0 WHERE name = 'Ben Cole'")

    assert workspace.dm(BEN, COUNT).shown.startswith("I answer only")


def test_an_edited_message_stays_as_it_was_answered(workspace):
    payload = slack_payloads.event(
        {"type": "message", "subtype": "message_changed", "channel": f"D{ANNA}", "channel_type": "im", "ts": "9.9",
         "message": {"user": ANNA, "text": "new", "edited": {"user": ANNA}}, "previous_message": {"text": "old"}}
    )  # fmt: skip

    assert workspace.after(ANNA, payload).shown.startswith("I answered your message as it was first")


@pytest.mark.parametrize("given", [{"bot_id": "B1"}, {"subtype": "message_deleted"}, {"subtype": "channel_join"},
                                   {"subtype": "bot_message"}])  # fmt: skip
def test_what_nobody_says_is_not_answered(workspace, given):
    workspace.deliver(slack_payloads.message(ANNA, COUNT, **given))

    assert workspace.slack.messages == []


def test_a_file_in_the_place_of_words_is_not_read(workspace):
    answer = workspace.dm(ANNA, "", subtype="file_share", files=[{"id": "F1", "name": "deals.csv"}])

    assert "farley import" in answer.shown


def test_a_file_beside_words_is_said_to_be_unread_and_the_words_are_answered(workspace):
    workspace.deliver(slack_payloads.message(ANNA, COUNT, subtype="file_share", files=[{"id": "F1", "name": "a.txt"}]))

    hint, answer = (message.shown for message in workspace.slack.messages)
    assert "I read text only" in hint
    assert "deals" in answer


def test_twelve_thousand_characters_are_too_many(workspace):
    assert "4,000" in workspace.dm(ANNA, "deals " * 2000).shown


def test_what_slack_marks_up_is_read_as_words():
    text = "<@U0FARLEY> R&amp;D of <https://a.example|Acme>, <mailto:a@b.co|a@b.co>, <@U1|ben> &lt;now&gt; <!here>"

    assert words_of(text, "U0FARLEY") == "R&D of Acme, a@b.co, ben <now> here"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hey :wave: how many deals? :pray::skin-tone-3:", "hey how many deals?"),
        ("你好:wave:有多少商机", "你好 有多少商机"),
        ("meet at 10:30:15, ratio 1:2:3", "meet at 10:30:15, ratio 1:2:3"),
        ('Larkfield: call, note: "a: b"', 'Larkfield: call, note: "a: b"'),
        (":+1:", ":+1:"),
    ],
)
def test_emoji_are_no_words_of_the_question(text, words):
    assert words_of(text, "U0FARLEY") == words


def test_a_page_turns_and_the_table_comes_as_csv(workspace):
    for at in range(25):
        make_deal(workspace.store, f"Deal {at:02}", amount=100 + at, owner=workspace.ids["anna"], stage="Engaging")
    answer = workspace.dm(ANNA, LIST)
    workspace.press(ANNA, answer, "page_later")
    page = workspace.slack.seen_by(ANNA)[-1]
    workspace.press(ANNA, answer, "csv")

    assert "11–20 of 27" in page.shown
    assert workspace.slack.files[0]["channel"] == f"D{ANNA}"
    assert workspace.slack.files[0]["content"].decode().count("\n") == 28


def test_a_thumb_is_kept_once(workspace):
    answer = workspace.dm(ANNA, COUNT)
    for label in ("good", "good", "bad"):
        workspace.press(ANNA, answer, label)

    kept = workspace.running.door.feedback.all()
    assert [(one.turn, one.person, one.verdict, one.question) for one in kept] == [
        (f"slack:D{ANNA}:{answer.ts}", workspace.ids["anna"], "bad", COUNT)
    ]


def test_the_assistant_greets_and_offers_what_works(workspace):
    thread = {"user_id": ANNA, "channel_id": f"D{ANNA}", "thread_ts": "5.5", "context": {}}
    greeting = workspace.after(
        ANNA, slack_payloads.event({"type": "assistant_thread_started", "assistant_thread": thread})
    )
    answer = workspace.dm(ANNA, COUNT, thread_ts="5.5")

    assert greeting.thread == "5.5"
    assert "2" in answer.shown
    called = [name for name, _ in workspace.slack.calls]
    assert "assistant.threads.setSuggestedPrompts" in called
    assert "assistant.threads.setStatus" in called


@pytest.mark.parametrize(("reads", "foreign", "to"), [("all", False, None), ("own", False, ANNA), ("all", True, ANNA)])
def test_in_an_open_channel_all_see_what_every_rep_may_read(workspace, reads, foreign, to):
    with workspace.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE role_scopes SET reads = '{reads}' WHERE role = 'rep'")
    door = replace(workspace.running.door, open_channels=frozenset({"C0SALES"}))

    mention = slack_payloads.mention(ANNA, LIST) | {"is_ext_shared_channel": foreign}
    on_message(door, door.people.get(ANNA, TEAM), mention)

    assert workspace.slack.messages[-1].to == to
    assert workspace.slack.messages[-1].thread is not None


def test_an_option_pressed_in_a_channel_is_answered_by_the_channels_rule(workspace):
    opened = replace(workspace.running.door, open_channels=frozenset({"C0SALES"}))
    on_message(opened, opened.people.get(ANNA, TEAM), slack_payloads.mention(ANNA, ASK_BACK))
    asked = workspace.slack.messages[-1]
    assert asked.to is None

    workspace.press(BEN, asked, "option_0")  # the channel is not open any more

    assert workspace.slack.messages[-1].to == BEN


def test_an_answer_comes_once_though_its_chart_and_its_status_cannot_be_shown(workspace):
    faults = [(429, "ratelimited")] * 9
    workspace.slack.fails |= {"files.getUploadURLExternal": faults, "assistant.threads.setStatus": list(faults)}
    for stage in ("Prospecting", "Won"):
        make_deal(workspace.store, f"One in {stage}", stage=stage)
    answer = workspace.dm(ANNA, BY_STAGE, thread_ts="8.8")

    assert "Engaging" in answer.shown
    assert "files.getUploadURLExternal" in [name for name, _ in workspace.slack.calls]
    assert len(workspace.slack.messages) == 1
    assert workspace.slack.files == []
    assert workspace.running.inbox.counts().waiting == 0
