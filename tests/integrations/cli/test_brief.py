"""`farley brief`: the page as text and as JSON, and what it says where there is none."""

import pytest

TODAY = "2017-11-15"
pytestmark = pytest.mark.usefixtures("company")


def test_a_brief_is_a_page_with_a_source_for_every_line(farley):
    ran = farley("brief", "Acme", "--today", TODAY, "--json")

    assert (ran.code, ran.json["status"]) == (0, "answered")
    assert ran.json["columns"] == ["section", "day", "text", "entity", "id", "label"]
    cited = {(one["entity"], one["id"]) for one in ran.json["citations"]}
    assert {(row[3], row[4]) for row in ran.json["rows"]} == cited


def test_the_same_page_is_printed_as_markdown(farley):
    ran = farley("brief", "Acme", "--today", TODAY)

    assert ran.out.startswith("**Brief: Acme [Europe]**\n**Who**\n- Acme")


def test_nobody_of_that_name_and_a_day_without_customers_end_with_code_3(farley):
    stranger, empty = farley("brief", "Zorgblatt"), farley("brief", "--today", TODAY, "--as", "ada north")

    assert (stranger.code, empty.code) == (3, 3)
    assert "Zorgblatt" in stranger.out
    assert "You have no open task, call or meeting with a customer on 2017-11-15." in empty.out
