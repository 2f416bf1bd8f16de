"""The JSON contract of a reply."""

import json
from datetime import date
from decimal import Decimal

from copilot.reply import Citation, Reply, Status
from copilot.serialise import reply_to_json
from crm_core.models import Kind
from tests.results import MONEY, RATE, answer, column, scalar

CONTRACT = {
    "id", "status", "text", "columns", "rows", "query", "query_text", "citations", "proposals", "options", "receipt",
    "elapsed_ms",
}  # fmt: skip


def test_every_field_of_the_contract_is_there():
    made = reply_to_json(Reply(Status.CANNOT, "No."), id="q1")

    assert set(made) >= CONTRACT
    assert (made["id"], made["status"], made["columns"], made["rows"]) == ("q1", "cannot", [], [])
    assert made["query"] is None


def test_values_are_plain_json():
    columns = [column("owner"), column("bookings", **MONEY), column("win_rate", **RATE), column("on", Kind.DATE)]
    answered = answer(
        {"group_by": [{"field": "owner"}], "measures": [{"metric": "bookings"}]},
        columns,
        ("Ann", Decimal("1250.50"), 0.25, date(2017, 3, 1)),
        ("Bob", Decimal("3.00"), None, None),
        words="by owner",
    )

    made = reply_to_json(Reply(Status.ANSWERED, "See.", answers=(answered,), elapsed_ms=7), id=1)

    assert made["columns"] == ["owner", "bookings", "win_rate", "on"]
    assert made["rows"] == [["Ann", 1250.5, 0.25, "2017-03-01"], ["Bob", 3, None, None]]
    assert made["currency"] == "USD"
    assert made["column_types"][1] == {
        "label": "bookings", "kind": "money", "currency": "USD", "unit": None, "is_ratio": False,
    }  # fmt: skip
    assert made["query"] == {
        "entity": "deal", "group_by": [{"field": "owner"}], "measures": [{"metric": "bookings"}],
    }  # fmt: skip
    assert made["query_text"] == "by owner"
    assert json.loads(json.dumps(made)) == made


def test_rows_are_of_the_last_query():
    reply = Reply(Status.ANSWERED, "Two.", answers=(scalar(Decimal(1)), scalar(Decimal(2))))

    assert reply_to_json(reply, id=None)["rows"] == [[2]]


def test_a_turn_that_does_not_answer_shows_its_query_but_no_rows():
    made = reply_to_json(Reply(Status.CANNOT, "Blank.", answers=(scalar(None, missing=3),)), id=None)

    assert made["rows"] == []
    assert made["query"] == {"entity": "deal", "measures": [{"metric": "bookings"}]}


def test_options_citations_and_receipt_are_lists():
    reply = Reply(
        Status.CLARIFY,
        "Which?",
        options=("a", "b"),
        citations=(Citation("deal", 3, "North", "said yes"),),
        receipt=("Looked at: all deals.",),
    )

    made = reply_to_json(reply, id=None)

    assert made["options"] == ["a", "b"]
    assert made["citations"] == [{"entity": "deal", "id": 3, "label": "North", "quote": "said yes"}]
    assert made["receipt"] == ["Looked at: all deals."]


def test_a_total_over_nothing_has_no_rows():
    assert reply_to_json(Reply(Status.ANSWERED, "None.", answers=(scalar(None),)), id=None)["rows"] == []
