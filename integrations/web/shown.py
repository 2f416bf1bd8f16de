"""A reply as the chat shows it, now and when the conversation is opened again: plain data that goes through JSON."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from copilot.page import Page
from copilot.recorded import is_empty
from copilot.reply import Answer, Citation, Proposal, Reply, Status
from crm_core.models import Kind
from crm_core.query.result import Column, Row

MOST_ROWS = 500


@dataclass(frozen=True)
class Table:
    """Columns and rows of one answer. `read_as` is the query in words; `total` counts what there is in all."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    entity: str | None
    read_as: str
    total: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A summary, brief or report: headings with lines, each with the number of its source, and what it suggests."""

    title: str
    sections: tuple[tuple[str, tuple[tuple[str, int | None], ...], str], ...]
    note: str
    read_as: str
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What one turn gave; see `Reply`. `notes` are what the card of a proposal does not say."""

    status: str
    text: str
    tables: tuple[Table, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    chart: dict[str, Any] | None = None
    citations: tuple[Citation, ...] = ()
    proposals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    receipt: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    error_id: str | None = None
    elapsed_ms: int = 0
    is_told: bool = field(default=True)  # the text says something that the cards and sheets do not


def shown_of(reply: Reply) -> Shown:
    """What the page shows of a reply."""
    sheets = tuple(_sheet(page, reply.citations) for page in reply.pages)
    tables = tuple(_table(one) for one in reply.answers if _is_worth(reply, one))
    tables += tuple(_page_table(page) for page in reply.pages if page.table is not None and page.table.rows)
    charts = [page.chart for page in reply.pages if page.chart]
    return Shown(
        str(reply.status), reply.text, tables, sheets, reply.chart or (charts[-1] if charts else None),
        reply.citations, tuple(one.id for one in reply.proposals), _notes(reply.proposals), reply.options,
        reply.receipt, reply.suggestions, reply.error_id, reply.elapsed_ms,
        is_told=not sheets and not reply.proposals,
    )  # fmt: skip


def _is_worth(reply: Reply, answer: Answer) -> bool:
    """A figure that the text tells needs no table, and passages are the text."""
    result = answer.result
    has_more = len(result.rows) > 1 or len(result.columns) > 1
    return reply.status is Status.ANSWERED and not answer.is_quoted and has_more and not is_empty(result)


def _table(answer: Answer) -> Table:
    result = answer.result
    total = result.total if result.total is not None else len(result.rows)
    return Table(result.columns, result.rows[:MOST_ROWS], result.entity, answer.query_text, total)


def _page_table(page: Page) -> Table:
    assert page.table is not None
    return Table(page.table.columns, page.table.rows[:MOST_ROWS], page.table.entity, "", len(page.table.rows))


def _sheet(page: Page, citations: tuple[Citation, ...]) -> Sheet:
    places = {source: at for at, source in enumerate(citations, 1)}
    sections = tuple(
        (one.heading, tuple((line.text, places.get(line.source) if line.source else None) for line in one.lines),
         one.if_empty)
        for one in page.sections
    )  # fmt: skip
    return Sheet(page.title, sections, page.note, page.asked, tuple(offer.label for offer in page.offers))


def _notes(proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    return tuple(alike for one in proposals for alike in one.alike)


def to_text(shown: Shown) -> str:
    """As the transcript keeps it."""
    return json.dumps(asdict(shown), ensure_ascii=False, separators=(",", ":"), default=_tagged)


def from_text(kept: str) -> Shown:
    """What `to_text` kept."""
    told = json.loads(kept, object_hook=_untagged)
    told["tables"] = tuple(_read_table(one) for one in told["tables"])
    told["sheets"] = tuple(_read_sheet(one) for one in told["sheets"])
    told["citations"] = tuple(Citation(**one) for one in told["citations"])
    names = ("proposals", "notes", "options", "receipt", "suggestions")
    return Shown(**{**told, **{name: tuple(told[name]) for name in names}})


def _read_table(told: dict[str, Any]) -> Table:
    columns = tuple(Column(**{**one, "kind": Kind(one["kind"])}) for one in told["columns"])
    rows = tuple(
        Row(tuple(one["values"]), one["record_id"], one["version"], {int(at): id_ for at, id_ in one["ids"].items()})
        for one in told["rows"]
    )
    return Table(columns, rows, told["entity"], told["read_as"], told["total"])


def _read_sheet(told: dict[str, Any]) -> Sheet:
    sections = tuple((head, tuple((text, at) for text, at in lines), empty) for head, lines, empty in told["sections"])
    return Sheet(told["title"], sections, told["note"], told["read_as"], tuple(told["offers"]))


def _tagged(value: object) -> dict[str, str]:
    """What JSON has no form for, under a key that no column has."""
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    raise TypeError(f"{type(value)} is no value of a result")


def _untagged(told: dict[str, Any]) -> Any:
    if len(told) == 1:
        [(tag, value)] = told.items()
        if tag == "$decimal":
            return Decimal(value)
        if tag == "$moment":
            return datetime.fromisoformat(value)
        if tag == "$day":
            return date.fromisoformat(value)
    return told
