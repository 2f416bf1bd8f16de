"""`farley index`: texts taken in, and found by `farley ask`."""

from datetime import date

from tests import factories


def test_what_was_said_is_taken_in_once(farley, company):
    factories.make_interaction(company, date(2017, 11, 1), body="They froze the budget.")

    first, second = farley("index", "--json"), farley("index", "--json")

    assert first.code == second.code == 0
    assert first.json["taken_in"] >= 1
    assert second.json["taken_in"] == second.json["embedded"] == 0
    assert second.json["passages"] == first.json["passages"]


def test_a_rebuild_takes_everything_in_anew(farley, company):
    factories.make_interaction(company, date(2017, 11, 1), body="They froze the budget.")
    first = farley("index", "--json").json

    assert farley("index", "--rebuild", "--json").json["taken_in"] == first["taken_in"]


def test_a_question_finds_what_was_logged_a_moment_ago(farley, company):
    factories.make_interaction(company, date(2017, 11, 1), body="They froze the budget.")

    ran = farley("ask", "who mentioned the budget?", "--json")

    assert ran.code == 0
    assert [cited["quote"] for cited in ran.json["citations"]] == ["They froze the budget."]


def test_doctor_tells_how_far_the_search_is(farley, company):
    factories.make_interaction(company, date(2017, 11, 1), body="They froze the budget.")
    farley("index")

    found = {one["name"]: one for one in farley("doctor", "--json").json["findings"]}

    assert found["search"]["level"] == "ok"
