"""One answered query in words, by the form of its result: a figure, a who-and-how-much, a list, a table, or none."""

from collections.abc import Iterable
from dataclasses import dataclass

from copilot.context import Lang
from copilot.labels import column_label, entity_label
from copilot.offline.say.periods import period_of, tell_span
from copilot.offline.say.values import value_in_words
from copilot.recorded import is_empty, is_recorded
from copilot.reply import Answer
from copilot.words import sentence
from crm_core.models import Kind
from crm_core.query.result import Column, QueryResult, Row, Value
from crm_core.query.spec import Compare, Period, Side

ROWS_IN_TEXT = 5
ROWS_OF_A_TABLE = 3
_SEPARATORS = {"en": (", ", "; ", "."), "zh": ("、", "；", "。")}


@dataclass(frozen=True)
class Part:
    """An answered query, the shape that the planner chose for it, and what the planner assumed."""

    answer: Answer
    shape: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """Words for one result in one language."""

    answer: Answer
    lang: Lang

    @property
    def _result(self) -> QueryResult:
        return self.answer.result

    @property
    def _groups(self) -> int:
        """How many of the first columns name the group of a row."""
        return 0 if self._result.spec.summary else len(self._result.spec.group_by)

    def text(self) -> str:
        """The answer in a line, with what was cut off or left out."""
        if self.answer.is_quoted:
            return self._quotes()
        if is_empty(self._result):
            return self._none()
        if not is_recorded(self._result):
            return self._not_recorded()
        if not self._result.spec.measures:
            told = self._records()
        elif self._groups:
            told = self._table()
        else:
            told = self._scalar()
        return " ".join([told, *self._remarks()])

    # --- quotes ---

    def _quotes(self) -> str:
        """Passages word for word, one a line, each with its day and who stands behind it."""
        if not self._result.rows:
            return self._say("nothing_said", asked=self.answer.query_text)
        return "\n".join([self._say("said", asked=self.answer.query_text), *map(self._quote, self._result.rows)])

    def _quote(self, row: Row) -> str:
        cells = zip(row.values, self._result.columns, strict=True)
        told = [(self._value(value, column), column.kind) for value, column in cells if value is not None]
        heads = [text for text, kind in told if kind is not Kind.LONG_TEXT]
        quote = next((text for text, kind in told if kind is Kind.LONG_TEXT), "")
        return f"- {' · '.join(heads)}: “{quote}”"

    # --- figures ---

    def _scalar(self) -> str:
        columns, values = self._result.columns, self._result.rows[0].values
        spec = self._result.spec
        if spec.compare_to and not spec.summary and len(spec.measures) <= 1:
            return self._compared(spec.compare_to)
        if len(columns) > 1:
            return self._sentence(self._pairs(self._result.rows[0]))
        subject, period = self._label(columns[0]), period_of(self._result.spec, self.lang)
        if period:
            subject = self._say("in_period", subject=subject, period=period)
        return self._sentence(self._pair(subject[:1].upper() + subject[1:], self._value(values[0], columns[0])))

    def _compared(self, compare: Compare) -> str:
        """One measure on two sides, the difference and the change."""
        base, against, *changes = map(self._value, self._result.rows[0].values, self._result.columns)
        subject = self._label(self._result.columns[-1]).removeprefix("change of ").removesuffix("变化")
        told = {"base_side": self._side(compare.base), "against_side": self._side(compare.against)}
        subject = subject[:1].upper() + subject[1:]
        change = changes[-1]
        if len(changes) > 1:
            change = self._say("with_change", difference=changes[0], change=changes[1])
        return self._say("compared", subject=subject, base=base, against=against, change=change, **told)

    def _side(self, side: Period | Side) -> str:
        if isinstance(side, Side):
            return side.name or "…"
        return tell_span(side.since, side.until, self.lang)

    def _table(self) -> str:
        rows = self._result.rows
        if len(rows) <= ROWS_IN_TEXT:
            return self._sentence(self._listed(map(self._group, rows)))
        first = self._listed(map(self._group, rows[:ROWS_OF_A_TABLE]))
        return self._say("table", count=f"{len(rows):,}", first=first)

    def _group(self, row: Row) -> str:
        """Like "Ann: $2", or "Ann: bookings $2, win rate 50.0%" where there are several measures."""
        named = zip(row.values[: self._groups], self._result.columns, strict=False)
        name = " / ".join(self._say("no_group") if v is None else self._value(v, column) for v, column in named)
        if len(row.values) == self._groups + 1:
            return self._pair(name, self._value(row.values[-1], self._result.columns[-1]))
        return self._pair(name, self._pairs(row, skip=self._groups))

    # --- records ---

    def _records(self) -> str:
        rows, total = self._result.rows, self._result.total
        if len(rows) == 1:
            return self._record(rows[0])
        told = {"entity": self._listed_things(), "count": f"{len(rows):,}"}
        is_cut = total is not None and total > len(rows)
        if is_cut:
            told["total"] = f"{total:,}"
        if len(rows) > ROWS_IN_TEXT or all(row.values[0] is None for row in rows):
            return self._say("first_of" if is_cut else "list_long", **told)
        names = self._listed(map(self._item, rows), is_short=not self._is_paired)
        return self._say("first_of_named" if is_cut else "list_named", names=names, **told)

    def _listed_things(self) -> str:
        """What the rows are: records, or the different values of the one field that is listed."""
        column = self._result.columns[0]
        if not self._result.spec.distinct or len(self._result.columns) > 1:
            return entity_label(self._result.entity, self.lang)
        if column.entity is not None:
            return entity_label(column.entity, self.lang)
        return self._say("values_of", field=self._label(column))

    @property
    def _is_paired(self) -> bool:
        """A list of two columns that were asked for: a name and something about it."""
        return len(self._result.columns) == 2 and bool(self._result.spec.columns)

    def _item(self, row: Row) -> str:
        name = self._value(row.values[0], self._result.columns[0])
        return self._pair(name, self._value(row.values[1], self._result.columns[1])) if self._is_paired else name

    def _record(self, row: Row) -> str:
        if len(row.values) <= 1 or self._is_paired:
            return self._sentence(self._item(row))
        rest = self._pairs(row, skip=1, filled_only=not self._result.spec.columns)
        return self._sentence(self._pair(self._item(row), rest) if rest else self._item(row))

    # --- what is not there ---

    def _none(self) -> str:
        entity, result = entity_label(self._result.entity, self.lang), self._result
        if not result.spec.measures or not result.rows:
            return self._say("none_match", entity=entity)
        measured = [self._label(column) for column in result.columns[self._groups :]]
        return self._say("no_figure", entity=entity, fields=self._listed(measured, is_short=True))

    def _not_recorded(self) -> str:
        """What is blank, by name and without a figure."""
        blank = [
            self._label(column)
            for at, column in enumerate(self._result.columns)
            if all(row.values[at] is None for row in self._result.rows)
        ]
        return self._say("blank", query=self.answer.query_text, fields=self._listed(blank, is_short=True))

    def _remarks(self) -> list[str]:
        entity = entity_label(self._result.entity, self.lang)
        names = {column.name: self._label(column) for column in self._result.columns}
        told = [
            self._say("left_out", count=f"{count:,}", entity=entity, field=names.get(name, name))
            for name, count in self._result.missing.items()
            if count
        ]
        limit = self._result.spec.limit
        has_tie = self._result.spec.with_ties and limit and len(self._result.rows) > limit
        return [*told, self._say("tie")] if has_tie else told

    # --- pieces ---

    def _pairs(self, row: Row, *, skip: int = 0, filled_only: bool = False) -> str:
        """`label value` of each column of a row."""
        told = [
            self._say("named", name=self._label(column), value=self._value(value, column))
            for column, value in list(zip(self._result.columns, row.values, strict=True))[skip:]
            if value is not None or not filled_only
        ]
        return self._listed(told, is_short=True)

    def _value(self, value: Value, column: Column) -> str:
        """A measure without a value and without a blank behind it is "none"; everything else is "not recorded"."""
        if value is None and self._result.spec.measures and not any(self._result.missing.values()):
            return self._say("no_value")
        return value_in_words(value, column, self.lang)

    def _label(self, column: Column) -> str:
        return column_label(column.label, self._result.entity, self.lang)

    def _pair(self, name: str, value: str) -> str:
        return self._say("pair", name=name, value=value)

    def _listed(self, told: Iterable[str], *, is_short: bool = False) -> str:
        return _SEPARATORS[self.lang][0 if is_short else 1].join(told)

    def _sentence(self, told: str) -> str:
        return told + _SEPARATORS[self.lang][2]

    def _say(self, key: str, **values: object) -> str:
        return sentence(key, self.lang, **values)
