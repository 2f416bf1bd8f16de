"""Lists: columns, order, pages, and one row a record."""

from datetime import date
from decimal import Decimal as D

import pytest
from sqlalchemy import insert

from crm_core.errors import Invalid
from crm_core.models import Account, Kind
from crm_core.query import defaults
from crm_core.schema import build_schema
from tests.crm_core.query.conftest import rows
from tests.factories import CREATED, make_deal

BY_AMOUNT = [{"by": "amount", "descending": True}]


def test_a_list_shows_the_usual_columns_of_the_latest_first(world):
    asked = world.ask("deal", limit=2)

    assert [column.name for column in asked.columns] == [
        "name", "account", "stage", "amount", "closes_on", "closed_on", "owner",
    ]  # fmt: skip
    assert rows(asked) == [
        ("D5", "Bluth", "Prospecting", None, date(2018, 1, 15), None, "Bob"),
        ("D4", "Acme", "Engaging", D("200.00"), date(2017, 12, 1), None, "Ann"),
    ]
    assert asked.rows[0].record_id == world.d5
    assert asked.rows[0].ids == {1: world.bluth, 2: asked.rows[0].ids[2], 6: world.bob}


@pytest.mark.parametrize("entity", build_schema().entities.values(), ids=lambda entity: entity.name)
def test_every_entity_has_a_list_worth_reading(world, entity):
    shown = defaults.columns(entity)
    asked = world.ask(entity.name, limit=5)

    assert 1 <= len(shown) <= 7
    assert [column.name for column in asked.columns][: len(shown)] == shown
    assert not [name for name in shown if entity.fields[name].kind is Kind.LONG_TEXT]


def test_the_columns_asked_for_are_shown_in_their_order(world):
    asked = world.ask(
        "deal",
        where={"field": "external_id", "value": "D3"},
        columns=["amount", "owner.manager", "account.parent.owner", "duration_days", "stage.kind", "name", "amount"],
    )

    assert rows(asked) == [(D("80.00"), "Celia Rouche", "Ann", 19, "lost", "D3")]
    assert asked.columns[1].label == "owner manager"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([{"by": "amount"}], "D6 D3 D1 D4 D2 D5"),
        (BY_AMOUNT, "D2 D4 D1 D3 D6 D5"),
        ([{"by": "closed_on"}], "D1 D2 D3 D6 D4 D5"),
        ([{"by": "owner"}, {"by": "amount"}], "D3 D1 D4 D2 D5 D6"),
        ([{"by": "owner", "descending": True}, {"by": "amount"}], "D2 D5 D3 D1 D4 D6"),
        ([{"by": "stage"}, {"by": "external_id"}], "D5 D4 D1 D2 D6 D3"),
        ([{"by": "name"}], "D2 D1 D3 D4 D5 D6"),
        ([{"by": "owner.region"}, {"by": "external_id", "descending": True}], "D4 D3 D1 D5 D2 D6"),
        ([{"by": "last_interaction_at", "descending": True}, {"by": "external_id"}], "D4 D1 D2 D3 D5 D6"),
        ([{"by": "duration_days"}, {"by": "external_id"}], "D6 D3 D1 D2 D4 D5"),
    ],
)
def test_a_list_is_sorted_with_what_is_missing_last(world, order, expected):
    whole = world.ask("deal", columns=["external_id"], order_by=order)
    pages = [world.ask("deal", columns=["external_id"], order_by=order, limit=2, offset=at) for at in (0, 2, 4)]

    assert rows(whole) == expected.split()
    assert [value for page in pages for value in rows(page)] == expected.split()


def test_a_page_says_how_many_there_are(world):
    assert world.ask("deal", limit=2).total == 6
    assert world.ask("deal", limit=2, offset=4).total == 6
    assert world.ask("deal").total == 6
    assert world.ask("deal", limit=2, where={"field": "amount", "op": "gt", "value": 9999}).total == 0
    assert world.ask("deal", limit=2, offset=50).total is None


def test_a_long_list_is_not_counted_to_its_end(store, ask):
    with store.write() as w:
        stamps = {"created_at": CREATED, "updated_at": CREATED}
        w.execute(insert(Account), [{"name": "Copy", **stamps} for _ in range(1101)])

    assert ask("account", limit=1).total == 1101
    assert ask("account", limit=1, where={"children": "deals", "op": "eq", "value": 0}).total is None


def test_ties_at_the_cut_are_kept(store, ask):
    for name, amount in (("A", 5), ("B", 9), ("C", 5), ("D", 5), ("E", 1)):
        make_deal(store, name, amount=amount)

    tied = ask("deal", columns=["name"], order_by=BY_AMOUNT, limit=2, with_ties=True)

    assert rows(tied) == ["B", "A", "C", "D"]


def test_the_first_of_each(world):
    asked = world.ask("deal", columns=["owner", "name"], order_by=BY_AMOUNT, top_per={"field": "owner", "limit": 1})

    assert sorted(map(str, rows(asked))) == ["('Ann', 'D4')", "('Bob', 'Big')", "(None, 'D6')"]


def test_each_combination_once(world):
    asked = world.ask("deal", distinct=True, columns=["owner"], limit=1)

    assert (rows(asked), asked.total) == (["Ann"], 3)
    assert asked.rows[0].record_id is None


def test_a_record_without_a_name_is_called_by_its_id_everywhere(world):
    talks = world.ask("interaction", columns=["deal"], where={"field": "deal", "op": "not_empty"})

    assert rows(talks) == ["D4"]
    assert rows(world.ask("deal", where={"field": "name", "value": "d1"}, columns=["name"])) == ["D1"]


def test_unknown_columns_are_refused_with_what_would_be_right(world):
    for spec in ({"columns": ["ammount"]}, {"order_by": [{"by": "ammount"}]}, {"columns": ["account.nmae"]}):
        with pytest.raises(Invalid, match="did you mean"):
            world.ask("deal", **spec)


def test_it_is_one_statement(world):
    asked = world.ask("deal", where={"children": "interactions"}, limit=5, order_by=BY_AMOUNT)

    assert asked.sql.count(";") == 0
    assert asked.sql.lstrip().upper().startswith("SELECT")
