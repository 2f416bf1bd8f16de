import json

import pytest

from tests.integrations.cli.conftest import TODAY

KEYS = {
    "id", "status", "text", "columns", "rows", "query", "query_text", "citations", "proposals", "options", "receipt",
    "elapsed_ms",
}  # fmt: skip
QUESTION = "How many deals are won?"


@pytest.mark.usefixtures("company")
class TestOneQuestion:
    def test_an_answer_is_told_with_how_it_was_read(self, farley):
        ran = farley("ask", QUESTION, "--today", TODAY)

        assert ran.code == 0
        assert "2" in ran.out
        assert "How I read it: " in ran.out

    def test_json_is_one_object_of_the_contract(self, farley):
        ran = farley("ask", QUESTION, "--today", TODAY, "--json")

        assert ran.code == 0
        assert set(ran.json) >= KEYS
        assert (ran.json["status"], ran.json["rows"]) == ("answered", [[2]])
        assert ran.err == ""

    def test_words_need_no_quotes(self, farley):
        assert farley("ask", *QUESTION.split(), "--json", "--today", TODAY).json["rows"] == [[2]]

    def test_what_the_data_does_not_hold_ends_with_code_3(self, farley):
        ran = farley("ask", "What is the weather in Paris?", "--json", "--today", TODAY)

        assert (ran.code, ran.json["rows"]) == (3, [])
        assert ran.json["status"] in ("cannot", "clarify")

    def test_a_table_in_a_pipe_is_plain_text_and_keeps_brackets(self, farley):
        ran = farley("ask", "List all accounts", "--today", TODAY)

        assert "Acme [Europe]" in ran.out
        assert "沃尔夫贸易" in ran.out
        assert not set(ran.out) & set("│┃╭─━\x1b")

    def test_i_is_the_person_that_as_names(self, farley):
        ran = farley("ask", "How many deals do I have?", "--as", "ada north", "--json", "--today", TODAY)

        assert ran.json["rows"] == [[3]]

    def test_an_unknown_person_is_an_error_that_names_who_comes_near(self, farley):
        ran = farley("ask", QUESTION, "--as", "Ada Nort")

        assert (ran.code, ran.out) == (1, "")
        assert "did you mean Ada North" in ran.err

    def test_in_json_an_error_is_an_object_too(self, farley):
        ran = farley("ask", QUESTION, "--as", "Ada Nort", "--json")

        assert ran.code == 1
        assert set(ran.json) >= KEYS
        assert ran.json["status"] == "error"

    def test_a_thread_is_remembered_from_one_command_to_the_next(self, farley):
        farley("ask", "How many deals did Ada North win?", "--thread", "t1", "--today", TODAY)

        ran = farley("ask", "And Bo South?", "--thread", "t1", "--today", TODAY, "--json")

        assert (ran.json["status"], ran.json["rows"]) == ("answered", [[1]])

    def test_explain_shows_how_the_question_was_read(self, farley):
        ran = farley("ask", QUESTION, "--explain", "--today", TODAY)

        assert len(ran.out.splitlines()) > len(farley("ask", QUESTION, "--today", TODAY).out.splitlines())

    def test_explain_stands_in_the_json_too(self, farley):
        assert farley("ask", QUESTION, "--explain", "--json", "--today", TODAY).json["explanation"]

    def test_bytes_that_are_no_text_do_not_end_the_command(self, farley):
        assert farley("ask", "how many \ud83d deals \x1b[31m", "--json", "--today", TODAY).code in (0, 3)

    @pytest.mark.parametrize("arguments", [[], ["hi", "--jsonl", "-"], ["hi", "--today", "soon"], ["--nonsense"]])
    def test_a_command_that_makes_no_sense_is_a_usage_error(self, farley, arguments):
        ran = farley("ask", *arguments)

        assert (ran.code, ran.out) == (2, "")
        assert "ask" in ran.err


@pytest.mark.usefixtures("company")
class TestManyRequests:
    def ask(self, farley, *requests, more=()):
        text = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in requests)
        return farley("ask", "--jsonl", "-", "--json", "--today", TODAY, *more, stdin=text)

    def test_each_line_gets_one_line_with_its_id(self, farley):
        ran = self.ask(farley, {"id": "a", "turns": [QUESTION]}, "", {"id": 7, "turns": [QUESTION], "skill": "x"})

        assert ran.code == 0
        assert [(line["id"], line["rows"]) for line in ran.lines] == [("a", [[2]]), (7, [[2]])]

    def test_the_answer_is_that_of_the_last_turn(self, farley):
        ran = self.ask(farley, {"id": "a", "turns": ["How many deals did Ada North win?", "And Bo South?"]})

        assert ran.lines[0]["rows"] == [[1]]

    def test_requests_know_nothing_of_one_another(self, farley):
        first = {"id": "a", "turns": ["How many deals did Ada North win?"]}

        ran = self.ask(farley, first, {"id": "b", "turns": ["And Bo South?"]})

        assert ran.lines[1]["rows"] != [[1]] or ran.lines[1]["status"] != "answered"

    def test_a_line_may_say_who_asks_and_when(self, farley):
        ran = self.ask(
            farley, {"id": "a", "turns": ["How many deals do I have?"], "as": "Bo South", "today": "2017-12-01"}
        )

        assert ran.lines[0]["rows"] == [[2]]

    @pytest.mark.parametrize(
        "line",
        ["{", "[]", "7", '{"id": "x"}', '{"id": "x", "turns": []}', '{"id": "x", "turns": "hi"}',
         '{"id": "x", "turns": ["hi"], "today": "soon"}', '{"id": "x", "turns": ["hi"], "as": "Nobody"}', "[" * 5000],
    )  # fmt: skip
    def test_a_line_that_is_no_request_does_not_stop_the_rest(self, farley, line):
        ran = self.ask(farley, line, {"id": "b", "turns": [QUESTION]})

        assert ran.code == 0
        assert [found["status"] for found in ran.lines] == ["error", "answered"]
        assert ran.lines[0]["id"] == ("x" if '"x"' in line else None)
        assert set(ran.lines[0]) >= KEYS

    def test_a_file_is_read_as_well_as_standard_input(self, farley, tmp_path):
        file = tmp_path / "requests.jsonl"
        file.write_text("\ufeff" + json.dumps({"id": "a", "turns": [QUESTION]}), encoding="utf-8")

        assert farley("ask", "--jsonl", file, "--today", TODAY).lines[0]["rows"] == [[2]]

    def test_a_file_that_is_not_there_is_an_error(self, farley, tmp_path):
        ran = farley("ask", "--jsonl", tmp_path / "none.jsonl")

        assert ran.code == 1
        assert "none.jsonl" in ran.err


def test_without_a_store_the_command_says_how_to_make_one(farley):
    ran = farley("ask", QUESTION)

    assert ran.code == 1
    assert "farley init" in ran.err
    assert "Traceback" not in ran.err


def test_a_bug_is_logged_with_an_id_and_never_shown(farley, company, home, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the secret of the bug")

    monkeypatch.setattr("integrations.bootstrap.build_copilot", broken)

    ran = farley("ask", QUESTION)

    assert ran.code == 1
    assert "secret" not in ran.err
    error_id = ran.err.split(" as ")[-1].strip(". \n")
    assert f"error {error_id}" in (home / "farley.log").read_text()
