"""Fields that must not leave: what a model is shown of a result that rests on them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from copilot.reply import Answer
from crm_core.query.result import Column, Row
from crm_core.schema import Schema


@dataclass(frozen=True)
class Withheld:
    """Names of fields, as "deal.amount". Nothing is withheld by default.

    A field is told by its name in any kind of record, through references and relations: rather too much stays here
    than too little.
    """

    fields: frozenset[str] = frozenset()

    @classmethod
    def named(cls, names: Iterable[str], schema: Schema) -> "Withheld":
        """Those of `names` ("deal.amount"); Invalid with the closest right ones where the store has no such field."""
        wanted = [name.strip() for name in names if name.strip()]
        for name in wanted:
            entity, _, field = name.partition(".")
            schema.path(entity, field)
        return cls(frozenset(wanted))

    def shown(self, answer: Answer, schema: Schema) -> Answer | None:
        """The answer without its withheld columns; None where more than a plain column of it rests on such a field."""
        if not self.fields:
            return answer
        result = answer.result
        listed = set() if result.spec.measures or result.spec.group_by else {column.name for column in result.columns}
        spec = result.spec.model_copy(update={"columns": []})
        if self._names & _names_in(spec, schema) or (self._names & _all_names(result.columns, schema) and not listed):
            return None
        kept = [at for at, column in enumerate(result.columns) if not self._names & _all_names([column], schema)]
        rows = tuple(_only(row, kept) for row in result.rows)
        columns = tuple(result.columns[at] for at in kept)
        return replace(answer, result=replace(result, columns=columns, rows=rows))

    @property
    def _names(self) -> set[str]:
        return {name.rpartition(".")[2] for name in self.fields}


def _only(row: Row, kept: list[int]) -> Row:
    ids = {place: row.ids[at] for place, at in enumerate(kept) if at in row.ids}
    return replace(row, values=tuple(row.values[at] for at in kept), ids=ids)


def _all_names(columns: Iterable[Column], schema: Schema) -> set[str]:
    return {name for column in columns for name in _behind(column.name, schema)}


def _names_in(part: Any, schema: Schema) -> set[str]:
    """Every name that a spec says or that stands behind a metric or a derived field of it."""
    return {name for text in _texts(part) for name in _behind(text, schema)}


def _behind(text: str, schema: Schema) -> Iterator[str]:
    """`text` as a dotted field or a metric: its own names, and those of what it is worked out from."""
    todo, seen = text.partition("@")[0].split("."), set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        if name in schema.metrics:
            todo += _texts(schema.metrics[name].measure)
        for entity in schema.entities.values():
            found = entity.fields.get(name)
            if found is not None and found.derived is not None:
                todo += _texts(found.derived.rule)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, BaseModel):
        part = part.model_dump(exclude_defaults=True)
    elif is_dataclass(part) and not isinstance(part, type):
        part = asdict(part)
    if isinstance(part, str):
        yield from (part, *part.split("."))
    elif isinstance(part, dict):
        yield from (text for inner in part.values() for text in _texts(inner))
    elif isinstance(part, list | tuple):
        yield from (text for inner in part for text in _texts(inner))
