"""The records that a brief rests on: every query, with its answer kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from copilot.answering import answer_to
from copilot.context import TurnContext
from copilot.fence import strip_marks
from copilot.labels import entity_label
from copilot.offline.say.values import value_in_words
from copilot.reply import Answer, Citation
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import Filter, Order, QuerySpec


@dataclass(frozen=True)
class Found:
    """A record as a query gave it."""

    entity: str
    row: Row
    columns: tuple[Column, ...]
    lang: Any

    def __getitem__(self, name: str) -> Any:
        """The value of a column; None where it has none."""
        return self.row.values[self._at(name)]

    def told(self, name: str) -> str:
        """The value as a person reads it; empty where there is none."""
        at = self._at(name)
        value = self.row.values[at]
        return "" if value is None else strip_marks(value_in_words(value, self.columns[at], self.lang))

    def id_of(self, name: str) -> int | None:
        """The record behind a reference."""
        return self.row.ids.get(self._at(name))

    @property
    def id(self) -> int:
        """Of the record."""
        return self.row.record_id or 0

    @property
    def source(self) -> Citation:
        """The record as the source of a line."""
        return Citation(self.entity, self.id, self.label, "")

    @property
    def label(self) -> str:
        """What it is called: its first column, else its code, else its kind."""
        code = next((column.name for column in self.columns if column.name == "external_id"), None)
        told = self.row.values[0] or (self[code] if code else None) or entity_label(self.entity, self.lang, count=1)
        return strip_marks(str(told))

    def _at(self, name: str) -> int:
        return next(at for at, column in enumerate(self.columns) if column.name == name)


@dataclass
class Desk:
    """Asks for the actor of a turn, and keeps what was answered."""

    context: TurnContext
    answers: list[Answer] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the brief."""
        return self.context.today

    def ask(
        self, entity: str, columns: Sequence[str], where: Filter | None = None, *,
        newest: str | None = None, first: str | None = None, limit: int | None = None,
        only: Sequence[int] | None = None,
    ) -> list[Found]:  # fmt: skip
        """Records, as far as the actor may see them.

        Args:
            entity: their kind.
            columns: what to know of them.
            where: which.
            newest: the date field that the newest come first by.
            first: the date field that the earliest come first by.
            limit: how many.
            only: ids of the records that may be among them; without a limit.
        """
        by = newest or first
        order = [Order(by=by, descending=newest is not None)] if by else []
        spec = QuerySpec(entity=entity, columns=list(columns), where=where, order_by=order, limit=limit)
        self.answers.append(answer_to(self.context, spec, only=only))
        return found_in(self.answers[-1].result, self.context)


def found_in(result: QueryResult, context: TurnContext) -> list[Found]:
    """The rows of a result."""
    return [Found(result.entity, row, result.columns, context.lang) for row in result.rows]
