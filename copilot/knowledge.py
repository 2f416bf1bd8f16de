"""CRM texts and the search over them: the one bridge between the two.

Whatever long text a customer's records hold can be found: notes, emails, calls, descriptions of tasks, accounts and
leads. Whose texts are looked at is decided by the store's own guard, inside the statement that searches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, func, select, union

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.errors import Invalid, Unavailable
from crm_core.models import Contact, Draft, Interaction, InteractionKind, Kind, Lead, Role, User
from crm_core.query.run import select_ids
from crm_core.query.spec import All, Condition, Filter, QuerySpec
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Field, Schema
from retrieval.document import Document, Passage, Source
from retrieval.embed import DamagedModel, Embedder
from retrieval.scan import Scan
from retrieval.search import Nearest, Question, search_all, search_within

AUTHOR = User.__entity__.name
HOLDER = "account"  # what is said to a person or about a deal is said to their account


@dataclass(frozen=True)
class About:
    """One record whose history is looked at."""

    entity: str
    id: int


@dataclass(frozen=True)
class Wanted:
    """What to look for, and where.

    Attributes:
        text: in the person's words.
        about: records that the texts hang on, all of them; empty: anybody's.
        kinds: of interactions ("email"), or of records ("task"); empty: any.
        since, until: inclusive; None: open.
    """

    text: str
    about: tuple[About, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Newest:
    """Records, the newest first.

    Attributes:
        ids: of them, as many as were wanted.
        total: how many there are.
    """

    ids: tuple[int, ...]
    total: int


class Knowledge:
    """Finds passages in the texts of a store.

    Args:
        store: read by the asker's rights.
        embedder: None: words alone find.
        nearest: finds near vectors among everything; None: every vector is looked at.
    """

    def __init__(self, store: ReadStore, *, embedder: Embedder | None = None, nearest: Nearest | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._nearest = nearest or Scan(embedder.name if embedder else "")

    def search(self, wanted: Wanted, *, actor: Actor, today: date, limit: int) -> list[Passage]:
        """The best passages that the actor may read, the best first; empty where nothing comes near.

        Raises:
            Unavailable: the embedding model is not what was published.
        """
        try:
            question = Question.of(wanted.text, self._embedder)
        except DamagedModel as error:
            raise Unavailable(str(error)) from error
        with self._store.read(actor) as connection:
            among = self._among(connection, wanted, actor, today)
            if among == {}:
                return []
            if wanted.about:
                found = search_within(connection, question, among, limit=limit)
            else:
                found = search_all(connection, question, among, nearest=self._nearest, limit=limit)
        return [passage for passage in found if passage.is_close]

    def newest(self, wanted: Wanted, *, actor: Actor, today: date, limit: int) -> dict[str, Newest]:
        """The newest records with a text that hang on what is wanted, by their kind; its words are not looked at."""
        found = {}
        with self._store.read(actor) as connection:
            schema = self._store.schema_at(connection)
            for name, ids in self._among(connection, wanted, actor, today).items():
                table, day = schema.entity(name).table, day_of(schema.entity(name))
                newest = [table.c[day.column].desc().nulls_last()] if day and day.column else []
                statement = select(table.c.id, func.count().over()).where(table.c.id.in_(ids))
                rows = connection.execute(statement.order_by(*newest, table.c.id.desc()).limit(limit)).all()
                if rows:
                    found[name] = Newest(tuple(row[0] for row in rows), rows[0][1])
        return found

    def _among(
        self, connection: Connection, wanted: Wanted, actor: Actor, today: date
    ) -> dict[str, Select[tuple[int]]]:
        schema, base = self._store.schema_at(connection), self._store.base_currency
        among: dict[str, Select[tuple[int]]] = {}
        for entity in texts(schema):
            filters = list(_filters(schema, entity, wanted))
            if filters:
                parts = [
                    select_ids(
                        schema, QuerySpec(entity=entity.name, where=where, columns=[text_of(entity).name]), actor=actor,
                        today=today, dialect=connection.dialect.name, base_currency=base,
                    )
                    for where in filters
                ]  # fmt: skip
                among[entity.name] = parts[0] if len(parts) == 1 else select(union(*parts).subquery())
        return among


def texts(schema: Schema) -> list[Entity]:
    """The kinds of customers' records that hold long texts, interactions first; a draft holds what nobody has said."""
    kinds = (entity for entity in schema.entities.values() if entity.owned_by and entity.model is not Draft)
    held = [entity for entity in kinds if find_text(entity)]
    return sorted(held, key=lambda entity: entity.name != Interaction.__entity__.name)


def documents(connection: Connection, entity: Entity, ids: Sequence[int]) -> list[Document]:
    """The texts of these records; none of a record that is deleted or holds no text."""
    table, heading = entity.table, entity.by_role(Role.TITLE)
    columns = {"id": table.c.id, "text": table.c[text_of(entity).column or ""]}
    if heading is not None and heading.column:
        columns["heading"] = table.c[heading.column]
    if "thread" in table.c:  # mails that answer one another are one talk
        columns["thread"] = table.c.thread
    statement = select(*(column.label(name) for name, column in columns.items()))
    rows = connection.execute(statement.where(table.c.id.in_(ids), table.c.deleted_at.is_(None))).mappings().all()
    said_by = _speakers(connection, entity, ids)
    return [
        Document(
            source=Source(entity.name, row["id"]),
            text=row["text"] or "",
            heading=row.get("heading") or "",
            speaker=said_by.get(row["id"]),
            thread=row.get("thread"),
        )
        for row in rows
        if (row["text"] or "").strip()
    ]


def _speakers(connection: Connection, entity: Entity, ids: Sequence[int]) -> dict[int, str]:
    """Who wrote or said an interaction: the contact or lead what came in, the colleague what went out."""
    if entity.model is not Interaction:
        return {}
    theirs = func.coalesce(Contact.name, Lead.name)
    rows = connection.execute(
        select(Interaction.id, Interaction.direction, theirs.label("theirs"), User.name.label("user"))
        .outerjoin(Contact, Contact.id == Interaction.contact_id)
        .outerjoin(Lead, Lead.id == Interaction.lead_id)
        .outerjoin(User, User.id == Interaction.user_id)
        .where(Interaction.id.in_(ids), Interaction.kind.in_([InteractionKind.EMAIL, InteractionKind.CHAT]))
    )
    named = {row.id: row.theirs if row.direction == "in" else row.user for row in rows}
    return {id_: name for id_, name in named.items() if name}


def _filters(schema: Schema, entity: Entity, wanted: Wanted) -> Iterator[Filter | None]:
    """One for each way in which records of `entity` may belong to what is wanted; none: they cannot."""
    narrowing = _narrowing(entity, wanted)
    if narrowing is None:
        return
    if not wanted.about:
        yield All(all=narrowing) if narrowing else None
        return
    first, *others = wanted.about
    rest = [_either(schema, entity, about) for about in others]
    if not all(rest):
        return
    for way in _ways(schema, entity, first.entity):
        yield All(all=[Condition(field=way, value=first.id), *narrowing, *(one for one in rest if one)])


def _either(schema: Schema, entity: Entity, about: About) -> Filter | None:
    ways = [Condition(field=way, value=about.id) for way in _ways(schema, entity, about.entity)]
    return AnyOf(any=list(ways)) if ways else None


def _ways(schema: Schema, entity: Entity, target: str) -> list[str]:
    """Dotted references from `entity` to records of `target`; a colleague's texts are what they logged."""
    if target == AUTHOR and entity.model is not Interaction:
        return []
    steps = [
        field for field in entity.fields.values() if field.target and field.column and field.role is not Role.PARENT
    ]
    direct = [field.name for field in steps if field.target == target]
    if target != HOLDER:
        return direct
    return direct + [
        f"{step.name}.{further.name}"
        for step in steps
        if step.target not in (target, entity.name)
        for further in schema.entities[step.target or ""].fields.values()
        if further.target == target and further.column and further.role is not Role.PARENT
    ]


def _narrowing(entity: Entity, wanted: Wanted) -> list[Filter] | None:
    """Conditions of kind and period; None: no record of `entity` can meet them."""
    conditions: list[Filter] = []
    if wanted.kinds and entity.name not in wanted.kinds:
        if entity.model is not Interaction:
            return None
        kinds = [kind for kind in wanted.kinds if kind in set(InteractionKind)]
        if not kinds:
            return None
        conditions.append(Condition(field="kind", op="in", value=list(kinds)))
    if wanted.since or wanted.until:
        day = day_of(entity)
        if day is None:
            return None
        for op, at in (("ge", wanted.since), ("le", wanted.until)):
            if at is not None:
                conditions.append(Condition.model_validate({"field": day.name, "op": op, "value": at.isoformat()}))
    return conditions


def check_kinds(kinds: Sequence[str], schema: Schema) -> None:
    """Raise Invalid for a kind that no text is of."""
    known = [*InteractionKind, *(entity.name for entity in texts(schema))]
    for kind in kinds:
        if kind not in known:
            raise Invalid(f"There is no kind of text called {kind!r}; there are {', '.join(known)}.")


def day_of(entity: Entity) -> Field | None:
    """The day that a text is of; None: it has none."""
    roles = (Role.HAPPENED, Role.DUE, Role.OPENED)
    return next((field for role in roles if (field := entity.by_role(role))), None)


def find_text(entity: Entity) -> Field | None:
    """The long text of a kind of record; None: it holds none."""
    return next((f for f in entity.fields.values() if f.kind is Kind.LONG_TEXT and f.column and f.ask), None)


def text_of(entity: Entity) -> Field:
    """The long text of a kind of record that holds one."""
    found = find_text(entity)
    assert found is not None
    return found
