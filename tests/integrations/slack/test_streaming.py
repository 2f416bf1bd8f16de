"""Answers that come a few lines at a time in an assistant's thread, and what happens where there is none."""

import pytest

from integrations.pieces import MOST_PIECES
from integrations.slack.blocks.message import message
from integrations.slack.blocks.text import preformatted, rich
from integrations.slack.streaming import pieces_of
from tests.integrations.slack.conftest import ANNA, LIST, RAISE

BRIEF = "brief me on Alder Valley"


def calls(workspace, prefix="chat."):
    return [name for name, _ in workspace.slack.calls if name.startswith(prefix)]


def test_a_brief_comes_a_few_lines_at_a_time_and_its_buttons_last(workspace):
    answer = workspace.dm(ANNA, BRIEF, thread_ts="5.5")

    made = calls(workspace)
    assert (made[0], made[-1]) == ("chat.startStream", "chat.stopStream")
    assert set(made[1:-1]) == {"chat.appendStream"}
    assert not answer.is_open
    assert "Alder pilot" in answer.shown
    assert {"good", "bad"} <= set(answer.buttons)


def test_a_stream_says_what_a_message_says(workspace):
    streamed, posted = workspace.dm(ANNA, BRIEF, thread_ts="5.5"), workspace.dm(ANNA, BRIEF)

    assert calls(workspace)[-1] == "chat.postMessage"
    assert streamed.shown.split() == posted.shown.split()


def test_where_slack_has_no_streams_the_answer_comes_as_a_message(workspace):
    workspace.slack.fails["chat.startStream"] = [(200, "unknown_method")]

    answer = workspace.dm(ANNA, LIST, thread_ts="5.5")

    assert "45,000" in answer.shown
    assert len(workspace.slack.messages) == 1


@pytest.mark.parametrize(("method", "error"), [("chat.appendStream", "message_not_in_streaming_state"),
                                               ("chat.appendStream", "internal_error"),
                                               ("chat.stopStream", "invalid_blocks")])  # fmt: skip
def test_a_stream_that_breaks_becomes_one_whole_message(workspace, method, error):
    whole = workspace.dm(ANNA, BRIEF)
    workspace.slack.fails[method] = [(200, error)]

    answer = workspace.dm(ANNA, BRIEF, thread_ts="5.5")

    assert answer.shown == whole.shown
    assert len(workspace.slack.messages) == 2
    assert workspace.running.inbox.counts().waiting == 0


def test_what_others_could_read_and_what_waits_for_approval_is_not_streamed(workspace):
    workspace.mention(ANNA, LIST)
    workspace.dm(ANNA, RAISE, thread_ts="5.5")

    assert "chat.startStream" not in calls(workspace)


def test_the_pieces_are_the_words_and_nothing_else():
    text = "**Deals**\n\n- one\n- two\n\n\n" + "\n".join(f"line {at}" for at in range(20))
    pieces = pieces_of(message(text, [*rich(text), {"type": "divider"}], "en"))

    assert len(pieces) == MOST_PIECES
    assert "".join(words(pieces)).split() == text.replace("**", "").replace("- ", " ").split()


def test_a_message_without_words_has_no_pieces():
    assert pieces_of(message("", [{"type": "divider"}], "en")) == []
    assert pieces_of(message("a", [preformatted("a  b")], "en")) == []


def words(node):
    if isinstance(node, dict):
        if node.get("type") == "text":
            yield node["text"] + " "
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from words(part)
