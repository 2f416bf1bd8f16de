"""The agent loop: a scripted model drives the real loop, the real tools and a real database."""

import pytest
from langchain_core.messages import ToolMessage

from copilot.offline.plan import Cannot, Clarify, Queries, Query, Say
from copilot.reply import Status
from crm_core.access import ADMIN
from crm_core.query.spec import Condition, QuerySpec
from tests.factories import make_deal
from tests.scripted import COUNT, TOTAL, calls, calls_all, planned, queries, says, scripted

# --- answering ---


def test_an_answer_carries_its_query_and_its_receipt(deals, today):
    copilot, _ = scripted(deals, queries(**COUNT), says("There are 3 deals."))

    reply = copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today)

    assert (reply.status, reply.text) == (Status.ANSWERED, "There are 3 deals.")
    assert reply.query == QuerySpec.model_validate(COUNT)
    assert reply.answers[0].result.rows[0].values == (3,)
    assert reply.answers[0].query_text
    assert reply.receipt == ("Looked at: all deals.",)


def test_a_wrong_field_comes_back_and_is_corrected(deals, today):
    wrong = {**COUNT, "where": {"field": "stagee", "value": "Engaging"}}
    right = {**COUNT, "where": {"field": "stage", "value": "Engaging"}}
    copilot, model = scripted(deals, queries(**wrong), queries(**right), says("3 deals."))

    reply = copilot.ask("engaging deals?", thread="t", actor=ADMIN, today=today)

    told = model.seen[1][-1]
    assert isinstance(told, ToolMessage)
    assert told.status == "error"
    assert "stage" in str(told.content)
    assert reply.status is Status.ANSWERED
    assert reply.answers[0].result.rows[0].values == (3,)


def test_a_spec_of_the_wrong_form_is_explained_to_the_model(deals, today):
    copilot, model = scripted(deals, queries(entity="deal", filters=[]), queries(**COUNT), says("3 deals."))

    copilot.ask("how many?", thread="t", actor=ADMIN, today=today)

    assert "filters" in str(model.seen[1][-1].content)


def test_several_queries_are_all_answers_in_their_order(deals, today):
    listing = {"entity": "deal", "columns": ["name"], "limit": 1}
    both = calls_all(("query_crm", {"spec": COUNT}), ("query_crm", {"spec": listing}))
    copilot, _ = scripted(deals, both, says("Done."))

    reply = copilot.ask("count and list", thread="t", actor=ADMIN, today=today)

    assert [bool(answer.result.spec.measures) for answer in reply.answers] == [True, False]


def test_a_spec_sent_as_json_text_is_read(deals, today):
    copilot, _ = scripted(deals, calls("query_crm", spec='{"entity": "deal", "measures": [{"fn": "count"}]}'))

    reply = copilot.ask("how many?", thread="t", actor=ADMIN, today=today)

    assert reply.query == QuerySpec.model_validate(COUNT)


# --- asking back and declining ---


def test_asking_back_ends_the_turn(deals, today):
    copilot, model = scripted(deals, calls("ask_user", question="Which one?", options=["North", "South"]))

    reply = copilot.ask("that deal", thread="t", actor=ADMIN, today=today)

    assert (reply.status, reply.text) == (Status.CLARIFY, "Which one?")
    assert reply.options == ("North", "South")
    assert len(model.seen) == 1


def test_a_question_with_five_options_goes_back_to_the_model(deals, today):
    copilot, model = scripted(
        deals,
        calls("ask_user", question="Which?", options=list("abcde")),
        calls("ask_user", question="Which?", options=list("abcd")),
    )

    reply = copilot.ask("that deal", thread="t", actor=ADMIN, today=today)

    assert len(model.seen) == 2
    assert reply.options == tuple("abcd")


def test_declining_ends_the_turn(deals, today):
    copilot, _ = scripted(deals, calls("cannot_answer", missing="Churn is not recorded.", near=["Lost deals?"]))

    reply = copilot.ask("churn?", thread="t", actor=ADMIN, today=today)

    assert (reply.status, reply.text) == (Status.CANNOT, "Churn is not recorded.")
    assert reply.suggestions == ("Lost deals?",)


def test_a_refusal_may_repeat_a_figure_of_the_person_but_bring_no_new_one(deals, today):
    asked = "how many deals over 5 million?"
    for text, status in (("No field for 5 million.", "No field"), ("Churn was 12%.", "I do not have a source")):
        copilot, _ = scripted(deals, calls("cannot_answer", missing=text, near=[]))

        reply = copilot.ask(asked, thread="t", actor=ADMIN, today=today)

        assert reply.text.startswith(status)


# --- figures ---


@pytest.mark.parametrize("text", ["There are 4 deals.", "3 deals, that is 50% more.", "Closed on 2017-01-01."])
def test_a_text_with_a_figure_that_no_result_shows_is_withheld(deals, today, text):
    copilot, _ = scripted(deals, queries(**COUNT), says(text))

    reply = copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert text not in reply.text
    assert "3" in reply.text
    assert "The model's wording was withheld: it held a figure that no result shows." in reply.receipt


def test_a_figure_without_any_query_is_withheld(deals, today):
    copilot, _ = scripted(deals, says("You have 17 deals."))

    reply = copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.CANNOT
    assert "17" not in reply.text


def test_totals_over_blank_amounts_are_no_answer(sqlite_store, today):
    make_deal(sqlite_store, "North", stage="Engaging")
    copilot, _ = planned(sqlite_store, Query(TOTAL, "scalar"))

    reply = copilot.ask("what are the deals worth?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.CANNOT
    assert not any(letter.isdigit() for letter in reply.text)
    assert "amount" in reply.text


# --- offline ---


def test_the_offline_model_runs_in_the_same_loop(deals, today):
    copilot, _ = planned(deals, Query(TOTAL, "scalar", notes=("I read 'dels' as deals.",)))

    reply = copilot.ask("total of dels", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert "$600" in reply.text
    assert reply.text.endswith("I read 'dels' as deals.")
    assert reply.query == TOTAL


def test_each_part_of_a_message_is_answered(deals, today):
    count = QuerySpec.model_validate(COUNT)
    copilot, _ = planned(deals, Queries((Query(TOTAL, "scalar"), Query(count, "scalar"))))

    reply = copilot.ask("total and count", thread="t", actor=ADMIN, today=today)

    assert [answer.result.spec for answer in reply.answers] == [TOTAL, count]
    assert "$600" in reply.text
    assert "3" in reply.text.splitlines()[1]


def test_plans_without_a_query_become_their_replies(deals, today):
    plans = (Clarify("Which?", ("a", "b")), Cannot("No churn.", ("Losses?",)), Say("Hello.", ("Win rate?",)))
    copilot, _ = planned(deals, *plans)

    replies = [copilot.ask("x", thread="t", actor=ADMIN, today=today) for _ in plans]

    assert [reply.status for reply in replies] == [Status.CLARIFY, Status.CANNOT, Status.ANSWERED]
    assert replies[0].options == ("a", "b")
    assert replies[1].suggestions == ("Losses?",)
    assert replies[2].suggestions == ("Win rate?",)


def test_the_planner_is_given_the_dialogue_so_far(deals, today):
    listing = QuerySpec(entity="deal", columns=["name"], where=Condition(field="name", value="South"))
    copilot, planner = planned(deals, Query(listing, "look_up"), Clarify("Which?", ("a", "b")), Say("Bye."))

    for text in ("find south", "and the other?", "bye"):
        copilot.ask(text, thread="t", actor=ADMIN, today=today)

    first, second = planner.dialogues[-1]
    assert (first.text, first.spec, first.shape) == ("find south", listing, "look_up")
    assert (first.entity, first.labels, len(first.ids)) == ("deal", ("South",), 1)
    assert (second.text, second.options, second.spec) == ("and the other?", ("a", "b"), None)


def test_the_reply_is_in_the_language_of_the_question(deals, today):
    copilot, _ = planned(deals, Query(TOTAL, "scalar"))

    reply = copilot.ask("一共多少钱？", thread="t", actor=ADMIN, today=today)

    assert reply.text.endswith("。")
    assert reply.receipt == ("查看范围：全部商机。",)


def test_the_offline_planner_takes_over_when_the_model_fails(deals, today):
    from copilot.offline.model import OfflineModel
    from tests.scripted import ScriptedPlanner

    fallback = OfflineModel(planner=ScriptedPlanner(Query(TOTAL, "scalar")))
    copilot, _ = scripted(deals, ConnectionError("vendor"), fallback=fallback)

    reply = copilot.ask("total?", thread="t", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert "$600" in reply.text
    assert "The language model is not available now. The offline planner answered." in reply.receipt
