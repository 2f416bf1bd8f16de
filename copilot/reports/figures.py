"""Parts that reports are made of: columns, money in words, and what a report that runs no query of its own rests on."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from copilot.answering import in_words
from copilot.context import TurnContext
from copilot.labels import value_label
from copilot.offline.say.values import money
from copilot.reply import Answer
from copilot.reports.report import Asked
from copilot.words import sentence
from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import Filter, Group, QuerySpec


def read_from(context: TurnContext, entity: str, where: Filter | None, fields: Sequence[str]) -> Answer:
    """The records and fields that a report was worked out from: for the receipt, and for what must not leave.

    Its rows are not read again: the report's own table holds what came of them.
    """
    schema = context.store.schema
    columns = tuple(Column(name, name, schema.path(entity, name).field.kind) for name in fields)
    told_of = in_words(context, QuerySpec(entity=entity, where=where))
    spec = QuerySpec(entity=entity, where=where, columns=list(fields))
    return Answer(QueryResult(spec=spec, entity=entity, columns=columns, rows=()), query_text=told_of)


def refuse_by(context: TurnContext, asked: Asked, *, own: str = "") -> None:
    """Invalid for a report that is told apart in one way of its own: by the field `own`, or by none."""
    if any(one.field.partition(".")[0] != own or one.bucket for one in asked.by):
        raise Invalid(sentence("report_refuse_by", context.lang))


def refuse_period(context: TurnContext, asked: Asked) -> None:
    """Invalid for a report that is told as of the day of the question."""
    if asked.since or asked.until:
        raise Invalid(sentence("report_refuse_period", context.lang))


def in_language(context: TurnContext, columns: Sequence[Column], rows: Sequence[Row]) -> list[Row]:
    """The rows with Farley's own values as the person says them, for what is drawn rather than told."""
    lang = context.lang
    return [
        replace(
            row,
            values=tuple(
                value_label(one, column.name, lang) if isinstance(one, str) else one
                for one, column in zip(row.values, columns, strict=True)
            ),
        )
        for row in rows
    ]


def plain_fields(by: Sequence[Group]) -> tuple[str, ...]:
    """The fields to tell apart by."""
    return tuple(group.field for group in by)


def text_column(context: TurnContext, key: str, name: str | None = None, *, entity: str | None = None) -> Column:
    """A column of words, called by the sentence `col_<key>`."""
    return Column(name or key, sentence(f"col_{key}", context.lang), Kind.TEXT, entity=entity)


def money_column(context: TurnContext, key: str, currency: str) -> Column:
    """A column of amounts."""
    return Column(key, sentence(f"col_{key}", context.lang), Kind.MONEY, currency=currency)


def count_column(context: TurnContext, key: str, *, unit: str | None = None) -> Column:
    """A column of whole numbers."""
    return Column(key, sentence(f"col_{key}", context.lang), Kind.INTEGER, unit=unit)


def date_column(context: TurnContext, key: str) -> Column:
    """A column of days."""
    return Column(key, sentence(f"col_{key}", context.lang), Kind.DATE)


def share_column(context: TurnContext, key: str) -> Column:
    """A column of fractions."""
    return Column(key, sentence(f"col_{key}", context.lang), Kind.DECIMAL, is_ratio=True)


def told(context: TurnContext, key: str, currency: str | None = None, **values: Any) -> str:
    """The sentence `report_<key>`; amounts in words, fractions as percentages, counts with commas."""
    return sentence(f"report_{key}", context.lang, **{name: _told(one, currency) for name, one in values.items()})


def _told(value: Any, currency: str | None) -> str:
    if isinstance(value, Decimal):
        return money(value.to_integral_value() if abs(value) >= 1000 else value, currency)
    if isinstance(value, float):
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)
