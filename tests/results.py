"""Query results made by hand, for what renders them."""

from datetime import date
from typing import Any

from copilot.context import Lang, TurnContext
from copilot.knowledge import Knowledge
from copilot.reply import Answer
from crm_core.access import ADMIN
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import QuerySpec

MONEY = {"kind": Kind.MONEY, "currency": "USD"}
RATE = {"kind": Kind.DECIMAL, "is_ratio": True}
DAYS = {"kind": Kind.DECIMAL, "unit": "days"}


def column(name: str, kind: Kind = Kind.TEXT, **given: Any) -> Column:
    """A column labelled by its name."""
    return Column(**{"name": name, "label": name.replace("_", " "), "kind": kind} | given)


def answer(
    spec: dict[str, Any], columns: list[Column], *rows: tuple[Any, ...], words: str = "the query", **given: Any
) -> Answer:
    """An answered query."""
    parsed = QuerySpec.model_validate({"entity": "deal"} | spec)
    made = tuple(row if isinstance(row, Row) else Row(row) for row in rows)
    return Answer(QueryResult(parsed, parsed.entity, tuple(columns), made, **given), words)


def scalar(value: Any, name: str = "bookings", missing: int = 0, where: Any = None, **kind: Any) -> Answer:
    """One figure."""
    return answer(
        {"measures": [{"metric": "bookings"}], "where": where},
        [column(name, **(kind or MONEY))],
        (value,),
        words=f"the {name}",
        missing={name: missing} if missing else {},
    )


def a_turn(lang: Lang = "en", store: Any = None) -> TurnContext:
    """A turn of the administrator on the last day of 2017."""
    agents: Any = store and store.for_agent
    return TurnContext(
        store=agents, actor=ADMIN, today=date(2017, 12, 31), lang=lang, text="?", thread="0/t",
        knowledge=Knowledge(agents),
    )  # fmt: skip
