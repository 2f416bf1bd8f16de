"""Searching everything: records by their names, and what was said, as far as the person may see either."""

from collections.abc import Iterator
from dataclasses import dataclass

from copilot.knowledge import Knowledge, Wanted, day_of, text_of
from crm_core.models import Kind, Role
from crm_core.query.result import QueryResult, Row
from crm_core.query.spec import Any as AnyOf
from crm_core.query.spec import Condition, Filter, QuerySpec
from crm_core.schema import Entity
from crm_core.titles import same_title
from integrations.web.reader import Reader

SHORTEST, LONGEST = 2, 200  # characters
MOST_OF_A_KIND, MOST_PASSAGES = 6, 6
_LOOKED_AT = 40  # names of a kind that the best are chosen from
_BESIDE = ("account", "stage", "owner", "industry", "due_on", "happened_on", "family", "role")
_MOST_BESIDE = 3


@dataclass(frozen=True)
class Hit:
    """A record that fits: what it is called, and what tells it from others of its name."""

    entity: str
    id: int
    label: str
    beside: str


@dataclass(frozen=True)
class Quote:
    """Words that fit, of a record."""

    entity: str
    id: int
    label: str
    day: str
    text: str


@dataclass(frozen=True)
class Found:
    """What a search gives: records by kind, and passages."""

    hits: tuple[tuple[str, tuple[Hit, ...]], ...]
    quotes: tuple[Quote, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits."""
        return not self.hits and not self.quotes


def search_names(reader: Reader, words: str) -> Found:
    """Records whose name, code or address holds `words`, the best of each kind first."""
    told = _told(words)
    if len(told) < SHORTEST:
        return Found((), ())
    found = ((entity.name, tuple(_hits(reader, entity, told))) for entity in _named(reader))
    return Found(tuple((name, hits) for name, hits in found if hits), ())


def search_texts(reader: Reader, knowledge: Knowledge, words: str) -> tuple[Quote, ...]:
    """What was said that comes near `words`."""
    told = _told(words)
    if len(told) < SHORTEST:
        return ()
    passages = knowledge.search(Wanted(told), actor=reader.actor, today=reader.today, limit=MOST_PASSAGES)
    quotes: list[Quote] = []
    for passage in passages:
        quotes += _quote(reader, passage.source.kind, passage.source.id, passage.text)
    return tuple(quotes)


def _told(words: str) -> str:
    return " ".join(words.split())[:LONGEST]


def _named(reader: Reader) -> Iterator[Entity]:
    """The kinds of records that have names, customers' before the company's own."""
    named = [entity for entity in reader.schema.entities.values() if entity.by_role(Role.TITLE)]
    return iter(sorted(named, key=lambda entity: not entity.owned_by))


def _hits(reader: Reader, entity: Entity, words: str) -> Iterator[Hit]:
    title = entity.by_role(Role.TITLE)
    assert title is not None
    also = [
        f.name for f in entity.fields.values() if f.column and f.ask and (f.kind is Kind.EMAIL or f.role is Role.CODE)
    ]
    tests: list[Filter] = [Condition(field=name, op="contains", value=words) for name in (title.name, *also)]
    beside = [name for name in _BESIDE if name in entity.fields][:_MOST_BESIDE]
    spec = QuerySpec(
        entity=entity.name, columns=[title.name, "external_id", *beside], where=AnyOf(any=tests), limit=_LOOKED_AT
    )
    found = reader.ask(spec)
    hits = [
        Hit(entity.name, row.record_id or 0, str(row.values[0] or row.values[1] or ""), _beside(reader, found, row))
        for row in found.rows
    ]
    return iter(sorted(hits, key=lambda hit: _distance(hit.label, words))[:MOST_OF_A_KIND])


def _beside(reader: Reader, found: QueryResult, row: Row) -> str:
    cells = (reader.cell(found.columns, row, at) for at in range(2, len(row.values)))
    return " · ".join(cell.text for cell in cells if cell.text)


def _distance(label: str, words: str) -> tuple[int, int]:
    """How far a name is from what was typed: the same, begins so, has a word that begins so, holds it."""
    name, wanted = same_title(label), same_title(words)
    begins = any(part.startswith(wanted) for part in name.split())
    return (0 if name == wanted else 1 if name.startswith(wanted) else 2 if begins else 3), len(name)


def _quote(reader: Reader, kind: str, record_id: int, text: str) -> Iterator[Quote]:
    entity = reader.schema.entity(kind)
    title, day = entity.by_role(Role.TITLE), day_of(entity)
    names = [name for name in (title.name if title else None, day.name if day else None) if name]
    found = reader.ask(QuerySpec(entity=kind, columns=names or [text_of(entity).name]), only=[record_id])
    for row in found.rows:
        cells = {column.name: reader.cell(found.columns, row, at).text for at, column in enumerate(found.columns)}
        label = cells.get(title.name, "") if title else ""
        yield Quote(kind, record_id, label or reader.kind(kind, count=1), cells.get(day.name, "") if day else "", text)
