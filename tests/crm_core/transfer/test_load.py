"""Rows made in code, such as the demo company."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.demo import build_company
from crm_core.errors import Invalid
from crm_core.transfer import load_rows
from tests.crm_core.dumps import count, dump
from tests.crm_core.transfer.conftest import TODAY


def load(store, rows):
    return load_rows(store, rows, actor=ADMIN, door="cli", summary="rows of a test")


def test_the_demo_company_comes_in_once_and_goes_again(store):
    company = build_company(TODAY)
    before = dump(store)

    made = load(store, company)
    full = count(store)
    again = load(store, company)
    undo(store, made, actor=ADMIN, door="cli")

    assert full == {
        f"{entity}s" if entity[-1] != "y" else f"{entity[:-1]}ies": len(rows) for entity, rows in company.items()
    }
    assert again is None
    assert dump(store) == before


def test_values_are_stored_exactly(store):
    load(
        store,
        {
            "interaction": [
                {"external_id": "I1", "happened_on": date(2017, 1, 2), "account": "A2", "body": "x",
                 "happened_at": datetime(2017, 1, 2, 3, 4, tzinfo=UTC)}
            ],
            "account": [
                {"external_id": "A1", "name": "Child", "parent": "A2", "revenue": Decimal("12.345"), "currency": "JPY"},
                {"external_id": "A2", "name": "Parent", "revenue": Decimal("12.34")},
            ],
        },
    )  # fmt: skip

    child, parent = dump(store)["accounts"]
    assert (child["revenue_minor"], parent["revenue_minor"], parent["currency"]) == (12, 1234, "USD")
    assert child["parent_id"] == parent["id"]
    assert dump(store)["interactions"][0]["account_id"] == parent["id"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"planet": []}, "no kind of record 'planet'"),
        ({"account": [{"name": "A", "colour": "red"}]}, "account, row 1: there is no field 'colour'"),
        ({"contact": [{"name": "A", "account": "X"}]}, "contact.account: there is no account 'X'"),
        ({"account": [{"industry": "x", "external_id": "A"}]}, "account needs 'name'"),
        ({"account": [{"name": "A"}, {"name": "A"}]}, "row 2: the same account as row 1"),
    ],
)
def test_rows_that_make_no_sense_are_refused(sqlite_store, rows, message):
    with pytest.raises(Invalid, match=message):
        load(sqlite_store, rows)

    assert count(sqlite_store) == {}
