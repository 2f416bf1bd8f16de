"""Every operator on every sort of field, and what missing values do."""

import pytest

from crm_core.access import ADMIN
from crm_core.errors import Invalid
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from tests.crm_core.query.conftest import rows
from tests.factories import make_account

WON = {"field": "stage.kind", "value": "won"}


def deals(ask, where):
    return rows(ask("deal", where=where, columns=["external_id"], order_by=[{"by": "external_id"}]))


def accounts(ask, where):
    return rows(ask("account", where=where, columns=["name"], order_by=[{"by": "name"}]))


DEAL_FILTERS = [
    ({"field": "amount", "value": 100}, "D1"),
    ({"field": "amount", "value": "100.00"}, "D1"),
    ({"field": "amount", "op": "ne", "value": 100}, "D2 D3 D4 D5 D6"),
    ({"field": "amount", "op": "in", "value": [100, 50]}, "D1 D6"),
    ({"field": "amount", "op": "in", "value": [100, 50, 80, 79.5]}, "D1 D3 D6"),
    ({"field": "amount", "op": "not_in", "value": [100, 50]}, "D2 D3 D4 D5"),
    ({"field": "amount", "op": "gt", "value": 100}, "D2 D4"),
    ({"field": "amount", "op": "gt", "value": 99.999}, "D1 D2 D4"),
    ({"field": "amount", "op": "ge", "value": 100}, "D1 D2 D4"),
    ({"field": "amount", "op": "lt", "value": 80}, "D6"),
    ({"field": "amount", "op": "le", "value": 80}, "D3 D6"),
    ({"field": "amount", "op": "between", "value": [80, 200]}, "D1 D3 D4"),
    ({"field": "amount", "op": "empty"}, "D5"),
    ({"field": "amount", "op": "not_empty"}, "D1 D2 D3 D4 D6"),
    ({"not": {"field": "amount", "op": "gt", "value": 90}}, "D3 D5 D6"),
    ({"field": "closed_on", "value": "2017-04-20"}, "D3"),
    ({"field": "closed_on", "op": "ne", "value": "2017-04-20"}, "D1 D2 D4 D5 D6"),
    ({"field": "closed_on", "op": "between", "value": ["2017-04-10", "2017-04-30"]}, "D2 D3 D6"),
    ({"field": "closed_on", "op": "lt", "value": "2017-04-10"}, "D1"),
    ({"field": "closed_on", "op": "empty"}, "D4 D5"),
    ({"field": "created_at", "value": "2016-10-01"}, "D1 D2 D3 D4 D5 D6"),
    ({"field": "created_at", "op": "gt", "value": "2016-10-01"}, ""),
    ({"field": "created_at", "op": "le", "value": "2016-10-01"}, "D1 D2 D3 D4 D5 D6"),
    ({"field": "created_at", "op": "between", "value": ["2016-10-01", "2016-10-01"]}, "D1 D2 D3 D4 D5 D6"),
    ({"field": "created_at", "op": "gt", "value": "2016-10-01T09:00:00Z"}, ""),
    ({"field": "created_at", "op": "ge", "value": "2016-10-01T11:00:00+02:00"}, "D1 D2 D3 D4 D5 D6"),
    ({"field": "created_at", "op": "lt", "value": "2016-10-01"}, ""),
    (WON, "D1 D2 D6"),
    ({"field": "stage.kind", "op": "ne", "value": "won"}, "D3 D4 D5"),
    ({"field": "stage", "value": "won"}, "D1 D2 D6"),
    ({"field": "stage", "op": "in", "value": ["Won", "LOST"]}, "D1 D2 D3 D6"),
    ({"field": "owner", "value": "ann"}, "D1 D3 D4"),
    ({"field": "owner", "op": "ne", "value": "Ann"}, "D2 D5 D6"),
    ({"field": "owner", "op": "not_in", "value": ["Ann", "Bob"]}, "D6"),
    ({"field": "owner", "op": "empty"}, "D6"),
    ({"field": "owner", "op": "not_empty"}, "D1 D2 D3 D4 D5"),
    ({"field": "owner", "op": "contains", "value": "NN"}, "D1 D3 D4"),
    ({"field": "owner.region", "value": "WEST"}, "D2 D5"),
    ({"field": "owner.region", "op": "ne", "value": "West"}, "D1 D3 D4 D6"),
    ({"field": "owner.manager", "value": "Celia Rouche"}, "D1 D2 D3 D4 D5"),
    ({"field": "owner.manager.region", "value": "central"}, "D1 D2 D3 D4 D5"),
    ({"field": "owner", "op": "under", "value": "celia rouche"}, "D1 D2 D3 D4 D5"),
    ({"field": "owner", "op": "under", "value": "Bob"}, "D2 D5"),
    ({"field": "account", "value": "b-7"}, "D2 D5"),
    ({"field": "account", "op": "under", "value": "Acme"}, "D1 D3 D4"),
    ({"field": "account.parent", "value": "Acme"}, "D3"),
    ({"field": "account.parent", "op": "empty"}, "D1 D2 D4 D5 D6"),
    ({"field": "account.industry", "value": "retail"}, "D1 D3 D4"),
    ({"field": "account.industry", "op": "empty"}, "D6"),
    ({"field": "product", "op": "empty"}, "D5"),
    ({"field": "name", "value": "big"}, "D2"),
    ({"field": "name", "value": "d4"}, "D4"),
    ({"field": "name", "op": "not_in", "value": ["d4", "big"]}, "D1 D3 D5 D6"),
    ({"field": "name", "op": "empty"}, "D1 D3 D4 D5 D6"),
    ({"field": "name", "op": "starts_with", "value": "BI"}, "D2"),
    ({"field": "external_id", "op": "contains", "value": "d"}, "D1 D2 D3 D4 D5 D6"),
    ({"field": "started_on", "op": "lt", "other": "closed_on"}, "D1 D2 D3 D6"),
    ({"field": "amount", "op": "lt", "other": "product.list_price"}, "D1"),
    ({"field": "amount", "op": "eq", "other": "product.list_price"}, "D6"),
    ({"field": "amount", "op": "ne", "other": "product.list_price"}, "D1 D2 D3 D4 D5"),
    ({"field": "owner", "op": "eq", "other": "account.owner"}, "D1 D2 D4 D5"),
    ({"field": "duration_days", "value": 30}, "D1"),
    ({"field": "duration_days", "op": "ge", "value": 30}, "D1 D2"),
    ({"field": "age_days", "op": "le", "value": 30}, "D4 D5"),
    ({"field": "days_in_stage", "value": 10}, "D4"),
    ({"field": "last_interaction_at", "op": "ge", "value": "2017-11-01"}, "D4"),
    ({"field": "price_ratio", "op": "gt", "value": 1.6}, "D2 D4"),
    ({"any": [{"field": "amount", "op": "empty"}, WON]}, "D1 D2 D5 D6"),
    ({"all": [WON, {"not": {"field": "owner", "value": "Ann"}}]}, "D2 D6"),
    ({"not": {"any": [WON, {"field": "owner.region", "value": "West"}]}}, "D3 D4"),
    ({"not": {"not": WON}}, "D1 D2 D6"),
    ({"not": {"field": "owner", "op": "empty"}}, "D1 D2 D3 D4 D5"),
    ({"field": "interactions", "op": "eq", "value": 1}, Invalid),
]  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), DEAL_FILTERS, ids=[str(where) for where, _ in DEAL_FILTERS])
def test_a_filter_keeps_the_deals_that_it_says(world, where, expected):
    if expected is Invalid:
        with pytest.raises(Invalid):
            deals(world.ask, where)
        return

    assert deals(world.ask, where) == expected.split()


ACCOUNT_FILTERS = [
    ({"field": "employees", "op": "between", "value": [7, 20]}, ["Acme North", "Cyber_50%"]),
    ({"field": "employees", "op": "gt", "value": 19.5}, ["Acme", "Acme North"]),
    ({"field": "employees", "op": "ne", "value": 7}, ["Acme", "Acme North", "Bluth"]),
    ({"field": "revenue", "op": "eq", "value": 1000.5}, ["Acme"]),
    ({"field": "founded_year", "op": "lt", "value": 2000}, ["Acme"]),
    ({"field": "name", "op": "contains", "value": "_"}, ["Cyber_50%"]),
    ({"field": "name", "op": "contains", "value": "50%"}, ["Cyber_50%"]),
    ({"field": "name", "op": "contains", "value": "%"}, ["Cyber_50%"]),
    ({"field": "name", "op": "starts_with", "value": "acme"}, ["Acme", "Acme North"]),
    ({"field": "name", "op": "under", "value": "acme"}, ["Acme", "Acme North"]),
    ({"field": "country", "op": "not_in", "value": ["canada", "GERMANY"]}, ["Acme", "Cyber_50%"]),
    ({"field": "industry", "op": "not_empty"}, ["Acme", "Acme North", "Bluth"]),
    ({"children": "deals"}, ["Acme", "Acme North", "Bluth", "Cyber_50%"]),
    ({"children": "deals", "where": WON}, ["Acme", "Bluth", "Cyber_50%"]),
    ({"children": "deals", "where": WON, "op": "eq", "value": 0}, ["Acme North"]),
    ({"children": "deals", "op": "gt", "value": 1}, ["Acme", "Bluth"]),
    ({"children": "deals", "op": "eq", "value": 2}, ["Acme", "Bluth"]),
    ({"children": "deals", "op": "ne", "value": 2}, ["Acme North", "Cyber_50%"]),
    ({"children": "deals", "op": "lt", "value": 1}, []),
    ({"children": "deals", "measure": {"fn": "sum", "field": "amount"}, "op": "gt", "value": 250}, ["Acme", "Bluth"]),
    ({"children": "deals", "measure": {"metric": "bookings"}, "op": "le", "value": 100}, ["Acme", "Cyber_50%"]),
    (
        {"children": "deals", "measure": {"metric": "win_rate"}, "op": "lt", "value": 0.5},
        ["Acme North"],
    ),
    ({"children": "interactions", "op": "eq", "value": 0}, ["Acme North", "Cyber_50%"]),
    (
        {
            "children": "interactions", "op": "le", "value": 0,
            "where": {"field": "happened_on", "op": "ge", "value": "2017-10-16"},
        },
        ["Acme North", "Bluth", "Cyber_50%"],
    ),
    ({"children": "subsidiaries", "where": {"field": "employees", "op": "lt", "value": 50}}, ["Acme"]),
    ({"children": "deals", "where": {"children": "interactions"}}, ["Acme"]),
    (
        {"children": "deals", "where": {"field": "owner", "op": "ne", "other": "account.owner"}},
        ["Acme North", "Cyber_50%"],
    ),
    ({"field": "open_deal_count", "op": "ge", "value": 1}, ["Acme", "Bluth"]),
    ({"field": "won_amount", "op": "ge", "value": 100}, ["Acme", "Bluth"]),
    ({"field": "last_interaction_at", "op": "empty"}, ["Acme North", "Cyber_50%"]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), ACCOUNT_FILTERS, ids=[str(where) for where, _ in ACCOUNT_FILTERS])
def test_a_filter_keeps_the_accounts_that_it_says(world, where, expected):
    assert accounts(world.ask, where) == expected


def test_a_yes_or_no_field_is_asked_with_any_spelling(world):
    for value in (False, "no", "false"):
        where = {"field": "is_active", "value": value}
        assert rows(world.ask("user", where=where, columns=["name"])) == ["Dan"]


def test_a_reference_is_found_by_id(world):
    assert deals(world.ask, {"field": "owner", "value": world.bob}) == ["D2", "D5"]
    assert deals(world.ask, {"field": "owner", "op": "in", "value": [world.bob, "Ann"]}) == [
        "D1",
        "D2",
        "D3",
        "D4",
        "D5",
    ]


def test_letters_beyond_ascii_match_in_any_case(store, ask):
    make_account(store, "ÉNERGIE Österreich", city="Zürich")

    for name in ("énergie österreich", "Énergie Österreich", "ÉNERGIE ÖSTERREICH"):
        assert accounts(ask, {"field": "name", "value": name}) == ["ÉNERGIE Österreich"]


def test_text_that_looks_like_sql_is_only_text(world):
    for text in ("'; DROP TABLE deals; --", "' OR 1=1 --", '"', "\\", "%", "_", ":x", "{0}", "Robert'); --"):
        for op in ("eq", "contains", "starts_with"):
            expected = ["Cyber_50%"] if op == "contains" and text in "%_" else []
            assert accounts(world.ask, {"field": "name", "op": op, "value": text}) == expected
        assert deals(world.ask, {"field": "owner", "value": text}) == []


def test_a_tree_that_bites_its_tail_ends(store, ask):
    first = make_account(store, "First")
    second = make_account(store, "Second", parent=first)
    with store.write() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET parent_id = {second} WHERE id = {first}")

    assert accounts(ask, {"field": "name", "op": "under", "value": "first"}) == ["First", "Second"]
    assert accounts(ask, {"field": "parent", "op": "under", "value": "first"}) == ["First", "Second"]


INVALID = [
    ({"field": "amuont", "value": 1}, "amount"),
    ({"field": "amount.x", "value": 1}, "no reference"),
    ({"field": "amount", "value": "a lot"}, "amount of money"),
    ({"field": "amount", "value": True}, "amount of money"),
    ({"field": "amount", "op": "gt", "value": float("inf")}, "amount of money"),
    ({"field": "amount", "op": "gt", "value": 1e300}, "amount of money"),
    ({"field": "amount", "op": "contains", "value": "1"}, "these do: eq"),
    ({"field": "account.industry", "op": "gt", "value": "a"}, "these do: eq"),
    ({"field": "amount", "op": "under", "value": 1}, "under"),
    ({"field": "stage", "op": "under", "value": "Won"}, "no parent"),
    ({"field": "closed_on", "value": "last week"}, "YYYY-MM-DD"),
    ({"field": "closed_on", "value": 2017}, "YYYY-MM-DD"),
    ({"field": "closed_on", "value": "2017-02-30"}, "YYYY-MM-DD"),
    ({"field": "created_at", "value": "2017-02-03Tnoon"}, "ISO moment"),
    ({"field": "amount", "op": "between", "value": [1]}, "low, high"),
    ({"field": "amount", "op": "between", "value": 1}, "low, high"),
    ({"field": "amount", "value": [1, 2]}, "'in'"),
    ({"field": "amount"}, "'empty'"),
    ({"field": "amount", "op": "in", "value": []}, "1 to"),
    ({"field": "name", "value": "a\x00b"}, "characters"),
    ({"field": "name", "value": "\ud800"}, "characters"),
    ({"field": "name", "value": True}, "text"),
    ({"field": "owner", "value": 2**80}, "large"),
    ({"field": "amount", "op": "gt", "other": "closed_on"}, "compares nothing"),
    ({"field": "name", "op": "gt", "other": "next_step"}, "eq or ne"),
    ({"field": "amount", "op": "contains", "other": "amount"}, "compares nothing"),
    ({"children": "orders"}, "child records"),
    ({"all": []}, "empty"),
    ({"any": []}, "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "told"), INVALID, ids=[str(where)[:60] for where, _ in INVALID])
def test_a_filter_that_makes_no_sense_is_refused_in_words(sqlite_store, today, where, told):
    with pytest.raises(Invalid, match=told):
        run_query(sqlite_store, QuerySpec(entity="deal", where=where), actor=ADMIN, today=today)


def nested(depth):
    return {"not": nested(depth - 1)} if depth else WON


PARENTS = ".".join(["account", *["parent"] * 10])


def owners(deepest):
    """Owners of parents of parents, and their managers' managers: each a record more to join."""
    steps = [(up, over) for up in range(deepest + 1) for over in range(deepest + 1 - up)]
    return [f"account.{'parent.' * up}owner.{'manager.' * over}name" for up, over in steps]


MANAGERS = [f"owner.{'manager.' * over}name" for over in range(8)]
TOO_MUCH = [
    ({"where": nested(25)}, "deep"),
    ({"where": {"any": [WON] * 201}}, "parts"),
    ({"measures": [{"fn": "count", "where": {"any": [WON] * 201}}]}, "parts"),
    ({"where": {"field": "amount", "op": "in", "value": list(range(1001))}}, "1 to 1000"),
    ({"where": {"field": "created_at", "op": "in", "value": ["2017-01-01"] * 101}}, "1 to 100 "),
    ({"where": {"all": [{"field": "amount", "op": "in", "value": list(range(1000))}] * 4}}, "3000 values"),
    ({"where": {"field": "name", "op": "contains", "value": "x" * 1001}}, "longer"),
    ({"where": {"field": PARENTS, "value": 1}}, "away"),
    ({"columns": [PARENTS]}, "away"),
    ({"group_by": [{"field": PARENTS}]}, "away"),
    ({"columns": owners(3)}, None),
    ({"columns": [*owners(6), *MANAGERS]}, "too many other records"),
    ({"where": {"field": "owner.is_active", "op": "in", "value": [True, False] * 500}}, None),
    ({"where": {"field": "name", "op": "in", "value": [f"Ünïcode {n}" for n in range(1000)]}}, None),
    ({"where": {"field": "amount", "op": "in", "value": [n / 3 for n in range(1000)]}}, None),
    ({"where": {"field": "created_at", "op": "in", "value": ["2017-01-01"] * 100}}, None),
    ({"where": {"any": [WON] * 190}}, None),
    ({"where": nested(19)}, None),
    ({"measures": [{"metric": "win_rate"}] * 30, "group_by": [{"field": "owner"}]}, None),
    ({"offset": 3}, None),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "told"), TOO_MUCH, ids=[f"{told} {at}" for at, (_, told) in enumerate(TOO_MUCH)])
def test_what_is_too_much_is_refused_and_what_is_not_is_answered(world, spec, told):
    if told is None:
        assert world.ask("deal", **spec).entity == "deal"
        return

    with pytest.raises(Invalid, match=told):
        world.ask("deal", **spec)
