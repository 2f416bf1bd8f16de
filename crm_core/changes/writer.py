"""Changes put into the tables, a chunk of one kind at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from crm_core.access import Actor
from crm_core.changes.bulk import BulkInsert
from crm_core.changes.change import COMPANY_WORD, CUSTOM_FIELD, DECLARATIONS, Change, Json, Op
from crm_core.changes.layout import Layout, lay_out
from crm_core.changes.rights import check_created, check_kind, check_records
from crm_core.changes.stages import StageHistory
from crm_core.errors import Conflict, Invalid
from crm_core.models import CompanyWord, CustomField, RoleScope
from crm_core.reaching import PEOPLE, Recipient, check_may_write_to
from crm_core.schema import Schema


class Writer:
    """Writes chunks of changes of one op and entity inside a running transaction.

    Args:
        connection: of the transaction.
        schema: the registry before the change set; custom fields that the set declares join as they come.
        actor: whose rights count.
        at: the moment of the change.
        history: makes the stage changes; None: the set brings its own or takes them back.
        strict: only fields that people may edit.
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        *,
        actor: Actor,
        at: datetime,
        history: StageHistory | None,
        strict: bool,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._actor = actor
        self._at = at
        self._history = history
        self._strict = strict
        self._layouts: dict[str, Layout] = {}
        self._inserts: dict[str, BulkInsert] = {}
        self._late: dict[tuple[str, str], list[dict[str, int]]] = {}

    def write(self, op: Op, entity: str, batch: Sequence[Change]) -> list[tuple[int, Change]]:
        """Apply `batch`; gives the further changes that it brings about, each with the index of its cause.

        Raises:
            Conflict: a record moved on since its `base_version`.
            Invalid: an unknown field, a missing required one, a value of the wrong kind.
            Forbidden, NotFound: see `rights`.
        """
        check_kind(self._actor, self._schema, entity)
        if entity in DECLARATIONS:
            self._declare(op, entity, batch)
            return []
        layout = self.layout(entity)
        if op is Op.CREATE:
            rows = self._create(layout, batch)
        else:
            current = self._check_base(layout, op, batch)
            rows = self._update(layout, batch, current) if op is Op.UPDATE else self._mark(layout, op, batch)
        self._check_reach(entity, batch, rows)
        return self._follow(entity, batch, rows)

    def finish(self) -> None:
        """Fill in references between records of one kind, which may have come in any order."""
        for (entity, column), pairs in self._late.items():
            table = self.layout(entity).table
            statement = update(table).where(table.c.id == bindparam("of")).values({column: bindparam("to")})
            self._connection.execute(statement, pairs)
        self._late.clear()

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert whole rows."""
        if table.name not in self._inserts:
            self._inserts[table.name] = BulkInsert(self._connection, table)
        self._inserts[table.name].write(rows)

    def layout(self, entity: str) -> Layout:
        """The layout of `entity`."""
        if entity not in self._layouts:
            self._layouts[entity] = lay_out(self._schema.entity(entity))
        return self._layouts[entity]

    def _declare(self, op: Op, entity: str, batch: Sequence[Change]) -> None:
        for change in batch:
            values = {name: new for name, (_, new) in change.set.items()}
            if op is Op.UPDATE and entity != COMPANY_WORD:
                self._redeclare(change)
            elif op not in (Op.CREATE, Op.RESTORE):
                model = CustomField if entity == CUSTOM_FIELD else CompanyWord
                self._connection.execute(delete(model).where(model.id == change.record_id))
            elif entity == COMPANY_WORD:
                self._add_word(change.record_id, values)
            else:
                self._connection.execute(insert(CustomField), [{"id": change.record_id, **values}])
                self.layout(str(values["entity"])).custom.add(str(values["key"]))

    def _redeclare(self, change: Change) -> None:
        """Call a custom field otherwise or let a role reach further, unless somebody did so since."""
        values = {name: new for name, (_, new) in change.set.items()}
        is_field = change.entity == CUSTOM_FIELD
        this = CustomField.id == change.record_id if is_field else RoleScope.role == values["role"]
        model = CustomField if is_field else RoleScope
        row = self._connection.execute(select(model.__table__).where(this)).mappings().one_or_none()
        if row is None or any(row[name] != old for name, (old, _) in change.set.items()):
            told = "custom field" if is_field else f"reach of the role {values['role']}"
            raise Conflict(f"The {told} has been changed or deleted since; look at it again.")
        self._connection.execute(update(model).where(this).values(values))

    def _add_word(self, word_id: int, values: Mapping[str, Json]) -> None:
        """Add a word, unless it came back from elsewhere while it was gone."""
        same = (CompanyWord.phrase == values["phrase"], CompanyWord.target == values["target"])
        if self._connection.execute(select(CompanyWord.id).where(*same)).scalar() is None:
            stamps = {"created_at": self._at, "updated_at": self._at}
            self._connection.execute(insert(CompanyWord), [{"id": word_id, **values, **stamps}])

    def _create(self, layout: Layout, batch: Sequence[Change]) -> list[dict[str, Any]]:
        rows = [self._new_row(layout, change) for change in batch]
        self.insert(layout.table, rows)
        ids = [change.record_id for change in batch]
        check_created(self._connection, self._schema, self._actor, layout.entity, ids)
        return rows

    def _check_reach(self, entity: str, batch: Sequence[Change], rows: Sequence[Mapping[str, Any]]) -> None:
        """No mail is drafted to somebody who must not be written to, also where that came about since."""
        for change, row in zip(batch, rows, strict=True) if entity == "draft" else ():
            if row and (change.op is Op.CREATE or not PEOPLE.keys().isdisjoint(change.set)):
                check_may_write_to(self._connection, Recipient.of(row))

    def _new_row(self, layout: Layout, change: Change) -> dict[str, Any]:
        self._check_names(layout, change.set)
        given = {name: new for name, (_, new) in change.set.items() if new is not None}
        stored, custom = layout.split(given)
        row = {**layout.defaults, **stored}
        for name in layout.required:
            if row[name] is None:
                raise Invalid(f"{layout.entity.name} needs {name.removesuffix('_id').removesuffix('_minor')!r}.")
        self._put_off(layout, change.record_id, row)
        row.setdefault("created_at", self._at)
        row.setdefault("updated_at", self._at)
        row |= {"id": change.record_id, "version": 1, "deleted_at": None, "custom": custom}
        return row

    def _put_off(self, layout: Layout, record_id: int, row: dict[str, Any]) -> None:
        for name in layout.self_columns:
            if row[name] is not None:
                self._late.setdefault((layout.entity.name, name), []).append({"of": record_id, "to": row[name]})
                row[name] = None

    def _check_names(self, layout: Layout, names: Mapping[str, object]) -> None:
        if not self._strict:
            return
        for name in names:
            field = layout.entity.fields.get(name)
            if field is not None and not field.edit:
                raise Invalid(f"{layout.entity.name}.{name} cannot be changed.")

    def _check_base(self, layout: Layout, op: Op, batch: Sequence[Change]) -> dict[int, Mapping[str, Any]]:
        table, ids = layout.table, [change.record_id for change in batch]
        query = select(table).where(table.c.id.in_(ids)).with_for_update()
        current: dict[int, Mapping[str, Any]] = {
            row["id"]: dict(row) for row in self._connection.execute(query).mappings()
        }
        check_records(self._connection, self._schema, self._actor, layout.entity, ids)
        for change in batch:
            self._check_one(layout, change, op, current.get(change.record_id))
        return current

    def _check_one(self, layout: Layout, change: Change, op: Op, row: Mapping[str, Any] | None) -> None:
        if row is None:
            raise Conflict(f"The {layout.entity.name} {change.record_id} does not exist.")
        label = next((row[name] for name in layout.label_columns if row[name]), row["id"])
        if (row["deleted_at"] is not None) is not (op is Op.RESTORE):
            done = "restored" if op is Op.RESTORE else "deleted"
            raise Conflict(f"{layout.entity.name} {label!s} has been {done} since.")
        if row["version"] != change.base_version:
            raise Conflict(f"{layout.entity.name} {label!s} has changed since; look at it again.")

    def _update(
        self, layout: Layout, batch: Sequence[Change], current: Mapping[int, Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for change in batch:
            self._check_names(layout, change.set)
            stored, custom = layout.split({name: new for name, (_, new) in change.set.items()})
            if custom:
                stored["custom"] = _merge(current[change.record_id]["custom"], custom)
            groups.setdefault(tuple(stored), []).append(self._bound(change, stored))
            rows.append({**current[change.record_id], **stored})
        for names, values in groups.items():
            self._run_update(layout.table, names, values)
        return rows

    def _bound(self, change: Change, stored: Mapping[str, Any]) -> dict[str, Any]:
        values = {f"new_{name}": value for name, value in stored.items()}
        return {"of": change.record_id, "next": (change.base_version or 0) + 1, "at": self._at, **values}

    def _run_update(self, table: Table, names: Sequence[str], values: Sequence[dict[str, Any]]) -> None:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        columns |= {"version": bindparam("next"), "updated_at": bindparam("at")}
        self._connection.execute(update(table).where(table.c.id == bindparam("of")).values(columns), values)

    def _mark(self, layout: Layout, op: Op, batch: Sequence[Change]) -> list[dict[str, Any]]:
        table, ids = layout.table, [change.record_id for change in batch]
        marks = {"deleted_at": self._at if op is Op.DELETE else None, "updated_at": self._at}
        changed = update(table).where(table.c.id.in_(ids)).values(version=table.c.version + 1, **marks)
        self._connection.execute(changed)
        return [{} for _ in batch]

    def _follow(self, entity: str, batch: Sequence[Change], rows: Sequence[dict[str, Any]]) -> list[tuple[int, Change]]:
        if self._history is None or entity != "deal":
            return []
        found = [(i, self._history.follow(batch[i], rows[i])) for i in range(len(batch))]
        effects = [(i, effect) for i, effect in found if effect is not None]
        if effects:
            self._create(self.layout("stage_change"), [effect for _, effect in effects])
        return effects


def _merge(before: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
    merged = {**before, **new}
    return {name: value for name, value in merged.items() if value is not None}
