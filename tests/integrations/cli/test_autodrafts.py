import pytest

from tests import factories


@pytest.fixture
def ada(company, monkeypatch):
    monkeypatch.setenv("FARLEY_USER", "Ada North")
    return company


def test_a_person_turns_them_off_and_on_for_themself(farley, ada):
    before = farley("autodrafts", "show").out
    off = farley("autodrafts", "off").out
    on = farley("autodrafts", "on", "--quiet", "18:30-08:00", "--zone", "Asia/Shanghai", "--days", "2").out

    assert "waits for an answer for 3 days" in before
    assert "No drafts are made" in off
    assert "none between 18:30 and 08:00 (Asia/Shanghai)" in on
    assert farley("autodrafts", "show", "--json").json["unanswered_days"] == 2


def test_a_rep_chooses_for_nobody_else(farley, ada):
    ran = farley("autodrafts", "off", "--everybody")

    assert ran.code == 1
    assert "a manager for their team" in ran.err


def test_an_administrator_chooses_for_all(farley, company):
    assert "off for all" in farley("autodrafts", "off", "--everybody").out
    assert "No drafts" in farley("autodrafts", "show", "--as", "Ada North").out


def test_the_administrator_is_no_person_who_gets_drafts(farley, company):
    assert "name a person" in farley("autodrafts", "on").err


def test_hours_that_make_no_sense_are_refused(farley, ada):
    assert farley("autodrafts", "on", "--quiet", "evening").code == 2
    assert "no time of day" in farley("autodrafts", "on", "--quiet", "25:00-08:00").err


def test_what_there_is_to_do_is_shown_without_doing_it(farley, company):
    factories.make_user(company, "Somebody")

    ran = farley("worker", "--show")

    assert "auto-drafts" in ran.out
    assert "None runs" in ran.out
    assert farley("worker", "--show", "--json").json["is_running"] is False
