"""Questions within a question: a test against what another one gives; places among all groups."""

from decimal import Decimal as D

import pytest

from crm_core.errors import Invalid
from crm_core.query.words import spec_in_words
from tests.conftest import TODAY
from tests.crm_core.query.conftest import rows

BOOKED = {"metric": "bookings", "name": "bookings"}
PER_ACCOUNT = {"entity": "deal", "group_by": [{"field": "account"}], "measures": [BOOKED]}
PER_OWNER = {"entity": "deal", "group_by": [{"field": "owner"}], "measures": [BOOKED]}
FIRST_OWNER = {
    **PER_OWNER, "where": {"field": "owner", "op": "not_empty"},
    "order_by": [{"by": "bookings", "descending": True}], "limit": 1,
}  # fmt: skip


def groups(world, wanted=PER_ACCOUNT, **more):
    return rows(world.ask(**{**wanted, **more}))


def test_groups_above_the_average_of_all_groups(world):
    above = {"measure": "bookings", "op": "gt", "answer": {**PER_ACCOUNT, "summary": "avg"}}

    assert groups(world, having=[above]) == [("Bluth", D("300.00"))]


def test_groups_that_are_ahead_of_one_of_them(world):
    of_cyber = {"entity": "deal", "measures": [BOOKED], "where": {"field": "account", "value": "Cyber_50%"}}

    ahead = groups(world, having=[{"measure": "bookings", "op": "gt", "answer": of_cyber}])

    assert ahead == [("Bluth", D("300.00")), ("Acme", D("100.00"))]


def test_a_group_is_told_with_its_place_among_all(world):
    measures = [BOOKED, {"metric": "bookings", "rank": "highest", "name": "place"}]
    share = {"metric": "bookings", "share": True, "name": "share"}

    told = groups(world, measures=[*measures, share], having=[{"measure": "account", "op": "eq", "value": "acme"}])

    assert told == [("Acme", D("100.00"), 2, pytest.approx(100 / 450))]


def test_equal_groups_share_a_place_and_missing_ones_come_last(world):
    counted = [{"fn": "count", "name": "count"}, {"fn": "count", "rank": "lowest", "name": "place"}]
    by_count = groups(world, measures=counted, where={"field": "account", "op": "not_empty"})
    place = {"metric": "bookings", "rank": "lowest", "name": "place"}
    booked = groups(world, measures=[place], order_by=[{"by": "place"}])

    assert sorted(place for _, _, place in by_count) == [1, 1, 3, 3]
    assert booked[:2] == [("Cyber_50%", 1), ("Acme", 2)]


def of_answer(field, op, **asked):
    """A test of `field` on what another question gives."""
    return {"field": field, "op": op, "answer": asked}


MANAGERS = {"entity": "user", "where": {"field": "role", "value": "manager"}}
INDUSTRY_OF_BLUTH = {
    "entity": "account", "columns": ["industry"], "distinct": True, "where": {"field": "name", "value": "Bluth"},
}  # fmt: skip
COUNT = {"measures": [{"fn": "count"}]}


@pytest.mark.parametrize(
    ("entity", "asked", "where", "expected"),
    [
        ("deal", {"measures": [{"metric": "deals_won"}]}, of_answer("owner", "in", **FIRST_OWNER), [1]),
        ("user", {"columns": ["name", "manager"]}, of_answer("name", "in", **FIRST_OWNER), [("Bob", "Celia Rouche")]),
        ("deal", COUNT, of_answer("owner.manager", "in", **MANAGERS), [5]),
        ("deal", COUNT, of_answer("owner", "not_in", **FIRST_OWNER), [4]),
        ("account", {"columns": ["name"]}, of_answer("industry", "in", **INDUSTRY_OF_BLUTH), ["Bluth"]),
    ],
)
def test_a_field_is_one_of_what_another_question_gives(world, entity, asked, where, expected):
    found = world.ask(entity, where=where, **asked)

    assert rows(found) == expected


def test_records_above_the_average_of_their_kind(world):
    mean = {"entity": "deal", "measures": [{"metric": "average_deal_size"}]}

    found = world.ask("deal", columns=["name"], where={"field": "amount", "op": "gt", "answer": mean})

    assert rows(found) == ["D4", "Big"]


def test_the_spread_is_from_the_lowest_to_the_highest_group(world):
    assert groups(world, summary="spread") == [D("250.00")]


@pytest.mark.parametrize(
    "asked",
    [
        {"entity": "deal", "where": of_answer("amount", "gt", **PER_ACCOUNT)},
        {"entity": "deal", "where": of_answer("amount", "gt", entity="deal", measures=[{"fn": "count"}])},
        {"entity": "deal", "where": of_answer("owner", "in", **PER_ACCOUNT)},
        {"entity": "deal", "where": of_answer("owner", "contains", **FIRST_OWNER)},
        {**PER_ACCOUNT, "having": [{"measure": "bookings", "op": "gt"}]},
        {**PER_ACCOUNT, "having": [{"measure": "account", "op": "gt", "value": "Acme"}]},
    ],
)
def test_an_answer_of_another_kind_is_refused(world, asked):
    with pytest.raises(Invalid):
        world.ask(**asked)


def test_a_question_within_a_question_is_told(world):
    spec = world.ask(
        **PER_ACCOUNT, having=[{"measure": "bookings", "op": "gt", "answer": {**PER_ACCOUNT, "summary": "avg"}}]
    ).spec

    told = spec_in_words(spec, world.store.schema, today=TODAY)

    assert "bookings above [bookings" in told
    assert "the average over the groups]" in told
