import pytest

from tests.integrations.cli.conftest import TODAY

QUESTION = "How many deals did Ada North win?"


@pytest.fixture
def chat(farley, company):
    def run(*lines, arguments=()):
        return farley("chat", "--today", TODAY, *arguments, stdin="\n".join(lines))

    return run


def test_a_pipe_is_answered_line_by_line_until_it_ends(chat):
    ran = chat(QUESTION, "", "And Bo South?")

    assert ran.code == 0
    assert ran.out.count("How I read it") == 2


def test_quit_leaves_the_rest_unread(chat):
    assert chat("/quit", QUESTION).out == ""


def test_help_lists_the_commands(chat):
    assert "/explain" in chat("/help").out


def test_an_unknown_command_is_told(chat):
    assert "There is no /dance" in chat("/dance").out


def test_new_forgets_the_conversation(chat):
    together = chat(QUESTION, "And Bo South?").out
    apart = chat(QUESTION, "/new", "And Bo South?").out

    assert together.replace("A new conversation.\n", "") != apart.replace("A new conversation.\n", "")


def test_explain_is_about_the_last_question(chat):
    assert "Nothing was asked yet." in chat("/explain").out
    assert len(chat(QUESTION, "/explain").out) > len(chat(QUESTION).out)


def test_tables_lists_what_can_be_asked(chat):
    assert "deals" in chat("/tables").out


def test_undo_without_an_id_says_where_to_find_one(chat):
    assert "/changes" in chat("/undo").out


def test_a_command_that_fails_does_not_end_the_chat(chat):
    ran = chat("/undo ffffffff", "/help")

    assert ran.code == 0
    assert "There is no change" in ran.out
    assert "/explain" in ran.out


def test_a_number_picks_the_reading_that_was_offered():
    from copilot.reply import Reply, Status
    from integrations.cli.chat import Talk

    talk = Talk(session=None, copilot=None)  # type: ignore[arg-type]  # neither is touched
    talk.reply = Reply(Status.CLARIFY, "Which one?", options=("Acme Europe", "Acme Asia"))

    assert [talk._choice(line) for line in ("1", "2", "3", "0", "two")] == [
        "Acme Europe", "Acme Asia", "3", "0", "two",
    ]  # fmt: skip


def test_a_number_asks_what_was_offered_in_the_place_of_a_question(chat):
    ran = chat("how many flashy deals did Ada North win", "1")

    assert "  1. how many deals did Ada North win\n" in ran.out
    assert "Number of deals: 1." in ran.out


def test_what_was_logged_and_approved_a_moment_ago_is_found(chat):
    ran = chat("log a call with Acme [Europe]: the roof leaks", "/approve", "who mentioned the roof?")

    assert "“The roof leaks”" in ran.out
