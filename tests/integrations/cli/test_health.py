"""`farley health`: the deals at risk, one customer's deals, and the limits of the warnings."""

import pytest

TODAY = "2018-06-15"
pytestmark = pytest.mark.usefixtures("company")


def test_the_deals_at_risk_and_those_of_a_customer_are_shown(farley):
    farley("health", "--set", "at_risk=0")
    risky, of_one = farley("health", "--today", TODAY), farley("health", "Acme", "--today", TODAY, "--json")

    assert (risky.code, of_one.code) == (0, 0)
    assert "**Open deals: at risk**" in risky.out
    assert [row[0] for row in of_one.json["rows"]] == ["Epsilon"]


def test_a_limit_is_set_shown_and_set_back(farley):
    mine = farley("health", "--set", "no-reply=21", "--json")
    told = {one["warning"]: one for one in mine.json["warnings"]}
    assert (told["no_reply"]["limit"], told["no_reply"]["is_own"]) == (21, True)
    assert "at least 21 days old" in told["no_reply"]["formula"]

    assert "off" in farley("health", "--set", "negative=off").out
    assert farley("health", "--set", "no_reply=default", "--json").json["warnings"][2]["limit"] == 7


def test_what_is_no_limit_and_who_is_no_administrator_are_told(farley):
    wrong, rep = farley("health", "--set", "stalled=soon"), farley("health", "--set", "stalled=9", "--as", "ada north")

    assert (wrong.code, rep.code) == (1, 1) or (wrong.code, rep.code) == (3, 3)
    assert "stalled=30" in wrong.err
    assert "administrator" in rep.err
