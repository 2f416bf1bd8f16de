"""`farley lexicon`: from a question that failed to a word that is read."""

import pytest

from copilot import unread
from copilot.unread import UnreadWords


@pytest.fixture
def rich(company):
    """The company, one of whose two accounts is large."""
    from tests import factories

    factories.make_account(company, "Giant", industry="retail", revenue_minor=500_000_000_00)
    return company


def collected(empty):
    return UnreadWords(empty / "conversations.db").read()


class TestCollecting:
    def test_a_question_that_fails_on_a_word_is_kept_with_date_and_language(self, farley, company, empty):
        farley("ask", "pipeline by terrytoryish", "--today", "2017-11-15")
        farley("ask", "总共有多少个珑玥客户")

        second, first = collected(empty)
        assert (first.word, first.question) == ("terrytoryish", "pipeline by terrytoryish")
        assert (first.lang, first.asked_on, first.is_known, first.rephrased) == ("en", "2017-11-15", False, None)
        assert (second.word, second.lang) == ("珑玥", "zh")

    def test_nothing_is_kept_of_questions_that_were_answered(self, farley, company, empty):
        farley("ask", "how many deals are open")

        assert not (empty / "conversations.db").exists()

    def test_the_next_turn_that_says_it_otherwise_is_kept_with_it(self, farley, company, empty):
        farley("chat", stdin="bookings by terrytoryish\nbookings by owner\n")
        farley("chat", stdin="bookings by terrytoryish\nhow many accounts are there\n")

        second, first = collected(empty)
        assert (first.rephrased, second.rephrased) == ("bookings by owner", "")

    def test_a_conversation_over_several_commands_is_one(self, farley, company, empty):
        farley("ask", "bookings by terrytoryish", "--thread", "t1")
        farley("ask", "bookings by owner", "--thread", "t2")
        farley("ask", "bookings by rep", "--thread", "t1")

        assert [one.rephrased for one in collected(empty)] == ["bookings by rep"]

    def test_the_setting_turns_it_off(self, farley, company, empty, monkeypatch):
        monkeypatch.setenv("FARLEY_LEARN", "off")
        farley("ask", "pipeline by terrytoryish")

        assert collected(empty) == ()
        assert "FARLEY_LEARN=off" in farley("lexicon", "suggest").out

    def test_only_the_latest_are_kept(self, farley, company, empty, monkeypatch):
        monkeypatch.setattr(unread, "MOST_KEPT", 2)
        for word in ("zonkish", "wibblish", "blorpish"):
            farley("ask", f"pipeline by {word}")

        assert [one.word for one in collected(empty)] == ["blorpish", "wibblish"]

    def test_a_word_of_the_turn_before_is_not_counted_again(self, farley, company, empty):
        farley("chat", stdin="pipeline by zonkish\nand in retail?\n")

        assert [one.question for one in collected(empty)] == ["pipeline by zonkish"]

    def test_a_file_that_cannot_be_written_does_not_fail_the_answer(self, farley, company, empty):
        (empty / "conversations.db").write_text("no database at all, and long enough to be read as one" * 20)

        ran = farley("ask", "pipeline by terrytoryish")

        assert ran.code == 3
        assert "terrytoryish" in ran.out

    def test_forget_deletes_what_was_collected(self, farley, company, empty):
        farley("ask", "pipeline by terrytoryish")

        assert "1 question" in farley("lexicon", "forget").out
        assert collected(empty) == ()


def test_a_declined_question_shows_what_comes_near(farley, rich):
    ran = farley("ask", "pipeline by industreeal")

    assert ran.code == 3
    assert "Did you mean: industry" in ran.out


class TestSuggest:
    def test_with_nothing_collected_it_says_so(self, farley, company):
        ran = farley("lexicon", "suggest")

        assert ran.code == 0
        assert "nothing to suggest" in ran.out
        assert farley("lexicon", "suggest", "--json").json == {"suggestions": []}

    def test_words_are_grouped_with_examples_and_what_each_would_mean(self, farley, rich):
        farley("ask", "accounts by industreeal")
        farley("ask", "win rate by industreeal")
        farley("ask", "pipeline by zonk")

        first, second = farley("lexicon", "suggest", "--json").json["suggestions"]

        assert (first["word"], first["count"]) == ("industreeal", 2)
        assert first["examples"] == ["win rate by industreeal", "accounts by industreeal"]
        best = first["candidates"][0]
        assert (best["meaning"], best["means"]) == ("account.industry", "the industry of accounts")
        assert len(first["candidates"]) <= 4
        assert second["word"] == "zonk"

    def test_the_text_shows_the_command_that_accepts(self, farley, rich):
        farley("ask", "accounts by industreeal")

        assert "farley lexicon accept industreeal account.industry" in farley("lexicon", "suggest").out

    def test_a_word_that_was_taught_is_no_longer_suggested(self, farley, rich):
        farley("ask", "accounts by zonk")
        farley("lexicon", "accept", "zonk", "account.industry")

        assert "nothing to suggest" in farley("lexicon", "suggest").out

    def test_only_an_administrator_reads_what_others_asked(self, farley, company):
        ran = farley("lexicon", "suggest", "--as", "Ada North")

        assert ran.code == 1
        assert "administrator" in ran.err


class TestAccept:
    def test_from_a_condition_to_an_answer_that_shows_it(self, farley, rich):
        ran = farley("lexicon", "accept", "key account", "revenue over 1 m")
        asked = farley("ask", "how many key accounts do we have", "--json").json

        assert "accounts (annual revenue over 1,000,000)" in ran.out
        assert asked["rows"] == [[1]]
        assert asked["query_text"] == "number of accounts, only annual revenue over 1,000,000"

    def test_the_json_names_target_condition_and_change(self, farley, rich):
        told = farley("lexicon", "accept", "key account", "revenue over 1m", "--json").json

        assert (told["target"], told["where"]["field"]) == ("where:account", "revenue")
        assert told["change"] == farley("changes", "--json").json["changes"][0]["id"]

    def test_undo_takes_the_word_back(self, farley, rich):
        change = farley("lexicon", "accept", "zonk", "deal.amount", "--json").json["change"]
        before = farley("ask", "total zonk of won deals").code
        farley("undo", change)

        assert (before, farley("ask", "total zonk of won deals").code) == (0, 3)
        assert farley("lexicon", "list", "--json").json == {"words": []}

    def test_only_an_administrator_may(self, farley, rich):
        ran = farley("lexicon", "accept", "zonk", "deal.amount", "--as", "Ada North")

        assert (ran.code, "administrator" in ran.err) == (1, True)

    def test_a_meaning_that_makes_no_sense_is_an_error_that_says_what_would_be_right(self, farley, rich):
        ran = farley("lexicon", "accept", "zonk", "a shade of blue", "--json")

        assert (ran.code, ran.json["status"]) == (1, "error")
        assert "deal.amount" in ran.json["text"]

    def test_the_command_that_the_chat_shows_works_as_it_stands(self, farley, rich):
        import shlex

        said = farley("ask", "by key account I mean accounts with revenue over 1m", "--json").json
        command = said["text"].splitlines()[-1].strip()
        ran = farley(*shlex.split(command)[1:])

        assert (said["status"], ran.code) == ("answered", 0)
        assert farley("ask", "how many key accounts do we have", "--json").json["rows"] == [[1]]


class TestList:
    def test_an_empty_list_says_how_to_begin(self, farley, company):
        assert "lexicon accept" in farley("lexicon", "list").out

    def test_each_word_is_shown_with_its_meaning_and_source(self, farley, rich):
        farley("lexicon", "accept", "zonk", "deal.amount")
        farley("lexicon", "accept", "key account", "revenue over 1m")

        words = farley("lexicon", "list", "--json").json["words"]

        assert [(word["word"], word["means"], word["source"]) for word in words] == [
            ("key account", "accounts (annual revenue over 1,000,000)", "person"),
            ("zonk", "the amount of deals", "person"),
        ]
        assert "the amount of deals" in farley("lexicon", "list").out

    def test_remove_forgets_the_word_and_can_be_undone(self, farley, rich):
        farley("lexicon", "accept", "zonk", "deal.amount")
        change = farley("lexicon", "remove", "zonk", "--json").json["change"]
        gone = farley("lexicon", "list", "--json").json["words"]
        farley("undo", change)

        assert gone == []
        assert [word["word"] for word in farley("lexicon", "list", "--json").json["words"]] == ["zonk"]

    def test_an_unknown_word_cannot_be_removed(self, farley, company):
        assert farley("lexicon", "remove", "zonk").code == 1
