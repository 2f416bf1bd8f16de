from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from copilot.reply import Answer, Proposal, Reply, Status
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import QuerySpec
from integrations.cli.show import clean, show_reply, show_table, tell

NAME = Column("name", "name", Kind.TEXT)
AMOUNT = Column("amount", "amount", Kind.MONEY, currency="USD")


def result(columns, rows, total=None):
    spec = QuerySpec(entity="deal")
    return QueryResult(spec, "deal", tuple(columns), tuple(Row(tuple(row)) for row in rows), total=total)


def shown(capsys, **given):
    show_reply(Reply(Status.ANSWERED, **{"text": "Here.", **given}))
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "column", "told"),
    [
        (Decimal("1250.50"), AMOUNT, "1,250.50 USD"),
        (Decimal("1250.00"), AMOUNT, "1,250 USD"),
        (None, AMOUNT, "–"),
        (0.6315, Column("rate", "rate", Kind.DECIMAL, is_ratio=True), "63.1%"),
        (12, Column("chance", "chance", Kind.PERCENT), "12%"),
        (1200, Column("n", "n", Kind.INTEGER), "1,200"),
        (1996, Column("founded", "founded", Kind.YEAR), "1996"),
        (51.782, Column("cycle", "cycle", Kind.DECIMAL, unit="days"), "51.78 days"),
        (True, Column("active", "active", Kind.BOOLEAN), "yes"),
        (date(2017, 3, 1), Column("day", "day", Kind.DATE), "2017-03-01"),
        (datetime(2017, 3, 1, 9, 5, tzinfo=UTC), Column("at", "at", Kind.DATETIME), "2017-03-01 09:05"),
        ("2017-Q1", Column("quarter", "quarter", Kind.DATE), "2017-Q1"),
    ],
)
def test_values_are_told_as_a_person_writes_them(value, column, told):
    assert tell(value, column) == told


def test_one_figure_needs_no_table(capsys):
    answer = Answer(result([AMOUNT], [[Decimal(5)]]), "bookings")

    assert shown(capsys, answers=(answer,)) == "Here.\nHow I read it: bookings\n"


def test_fifty_rows_are_shown_and_the_rest_is_counted(capsys):
    answer = Answer(result([NAME, AMOUNT], [[f"deal {n}", Decimal(n)] for n in range(60)]), "deals")

    told = shown(capsys, answers=(answer,))

    assert "deal 49" in told
    assert "deal 50" not in told
    assert "… and 10 more; --json shows all" in told


def test_what_the_limit_left_out_is_counted_too(capsys):
    answer = Answer(result([NAME, AMOUNT], [["a", Decimal(1)], ["b", Decimal(2)]], total=70), "deals")

    assert "2 of 70" in shown(capsys, answers=(answer,))


def test_options_are_numbered_and_the_receipt_comes_last(capsys):
    told = shown(capsys, options=("This year", "Last year"), receipt=("Looked at deals.",))

    assert told.splitlines() == ["Here.", "  1. This year", "  2. Last year", "Looked at deals."]


def test_a_proposal_shows_old_and_new_values(capsys):
    change = {
        "op": "update",
        "entity": "deal",
        "label": "Alpha",
        "currency": "USD",
        "set": {"stage": ["Engaging", "Won"], "amount": [None, 5000]},
    }
    proposal = Proposal(id="0123456789", sha256="", risk="low", summary="update 1 deal", changes=(change,))

    told = " ".join(shown(capsys, proposals=(proposal,)).split())
    assert "update deal Alpha stage Engaging Won amount – 5,000 USD" in told
    assert "farley approve 01234567" in told


def test_wide_characters_keep_the_columns_straight(capsys):
    show_table(("name", "n"), [("沃尔夫", "1"), ("Acme", "10")], right=(1,))

    assert capsys.readouterr().out.splitlines() == ["name     n", "沃尔夫   1", "Acme    10"]


def test_markup_in_a_name_is_shown_as_it_is(capsys):
    assert "[red]Acme[/red] [link=x]" in shown(capsys, text="[red]Acme[/red] [link=x]")


def test_a_name_cannot_steer_the_terminal(capsys):
    assert clean("a\x1b[31mb\x07c\u202ed\r") == "a[31mbcd"
    assert "\x1b" not in shown(capsys, text="\x1b]0;title\x07")
