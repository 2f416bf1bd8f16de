"""Which record a row is: by external id, by title, by what makes it that record; and what differs."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from crm_core.changes.change import Change, Json, Op
from crm_core.changes.layout import Layout
from crm_core.ids import new_id
from crm_core.models import Role
from crm_core.transfer.convert import Problem
from crm_core.transfer.read import Source
from crm_core.transfer.references import SEVERAL, Directory

BY_TITLE = frozenset({"user", "account", "product", "pipeline", "stage"})  # a name stands once
_NATURAL: dict[str, tuple[tuple[str, ...], ...]] = {  # else: what makes two rows the same record, best first
    "contact": (("email",), ("name", "account")),
    "lead": (("email",), ("name", "company"), ("company",)),
    "deal": (("name", "account"),),
    "task": (("title", "due_on", "account", "deal", "contact", "lead"),),
    "interaction": (("subject", "happened_on", "kind", "account", "contact", "deal", "lead"),),
    "order": (("name", "account"),),
    "quota": (("owner", "starts_on", "ends_on"),),
    "stage_change": (("deal", "changed_on", "to_stage"),),
    "deal_contact": (("deal", "contact"),),
    "deal_line": (("deal", "product"),),
    "order_line": (("order", "product"),),
    "exchange_rate": (("from_currency", "to_currency", "valid_on"),),
}
_WHERE_MOST = 1000


@dataclass(slots=True)
class Item:
    """A row on its way into the store; `left` says which of its fields stay empty, and why."""

    source: Source | None
    number: int
    cells: Sequence[str]
    values: dict[str, Json]
    problems: list[Problem]
    late: str | None = None
    record_id: int = 0
    existing: Mapping[str, Any] | None = None
    defaults: Mapping[str, Json] = field(default_factory=dict)
    left: list[Problem] = field(default_factory=list)


class Matcher:
    """Finds the record of each row, and refuses a second row for the same one.

    A row with an external id is the record with that id, or one of its name that has none yet. In lists where a name
    stands once (accounts, users, products) the name decides. Elsewhere a natural key does, and its second row is the
    second such record. A row with neither is known by a hash of its values, kept as external id `row-…`.

    Args:
        connection: to the store.
        layout: of the entity.
        directory: its records by name, for entities in `BY_TITLE`; rows are added as they come.
        is_empty: the store has no record of the entity yet.
        only: a test of its rows; others are as if they were not there.
    """

    def __init__(
        self, connection: Connection, layout: Layout, *, directory: Directory | None, is_empty: bool,
        only: ColumnElement[bool] | None = None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._layout = layout
        self._entity = layout.entity.name
        title = layout.entity.by_role(Role.TITLE)
        self._title = title.name if title else "external_id"
        self._directory = directory
        self._is_empty = is_empty
        self._only = true() if only is None else only
        self._codes: dict[str, int] = {}
        self._by_record: dict[int, int] = {}
        self._seen: Counter[object] = Counter()

    def match(self, items: Iterable[Item]) -> None:
        """Fill in `record_id` and `existing`, or a problem."""
        good = [item for item in items if not item.problems]
        for item in good:
            self._give_code(item)
        stored = {} if self._is_empty else self._by_code(good)
        for item in good:
            item.existing = stored.get(str(item.values.get("external_id")))
        rest = [item for item in good if item.existing is None]
        titled = {} if self._directory is None or self._is_empty else self._by_title(rest)
        if self._directory is None and not self._is_empty:
            self._match_natural(rest)
        for item in good:
            if self._directory is not None and item.existing is None:
                self._match_title(item, self._directory, titled)
            if not item.problems:
                self._settle(item)

    def _give_code(self, item: Item) -> None:
        if item.values.get("external_id") or self._directory is not None or self._key(item) is not None:
            return
        text = json.dumps(item.values, sort_keys=True, ensure_ascii=False)
        code = "row-" + hashlib.sha256(text.encode()).hexdigest()[:12]
        self._seen[code] += 1
        n = self._seen[code]
        item.values["external_id"] = code if n == 1 else f"{code}-{n}"

    def _settle(self, item: Item) -> None:
        code = item.values.get("external_id")
        first = self._codes.get(str(code)) if code else None
        if item.existing is not None:
            item.record_id = int(item.existing["id"])
        if first is None and item.record_id:
            first = self._by_record.get(item.record_id)
        if first is not None:
            item.problems.append(Problem("", str(code or ""), f"the same {self._entity} as row {first}"))
            return
        item.record_id = item.record_id or new_id()
        self._by_record[item.record_id] = item.number
        if code:
            self._codes[str(code)] = item.number
        if self._directory is not None and item.existing is None:
            title = item.values.get(self._title)
            self._directory.add(item.record_id, code=str(code) if code else None, title=str(title or ""))
        if self._directory is not None and item.values.get("email"):
            self._directory.add(item.record_id, code=str(item.values["email"]))  # "owner: anna@example.com"

    def _by_code(self, items: Sequence[Item]) -> dict[str, Mapping[str, Any]]:
        codes = [str(item.values["external_id"]) for item in items if item.values.get("external_id")]
        return {row["external_id"]: row for row in self._rows("external_id", codes)}

    def _rows(self, column: str, values: Sequence[Any]) -> list[Mapping[str, Any]]:
        table = self._layout.table
        rows: list[Mapping[str, Any]] = []
        unique = list(dict.fromkeys(values))
        for start in range(0, len(unique), _WHERE_MOST):
            some = unique[start : start + _WHERE_MOST]
            found = select(table).where(table.c[column].in_(some), table.c.deleted_at.is_(None), self._only)
            query = found.order_by(table.c.id)
            rows += [dict(row) for row in self._connection.execute(query).mappings()]
        return rows

    def _by_title(self, items: Sequence[Item]) -> dict[int, Mapping[str, Any]]:
        assert self._directory is not None
        found = [self._directory.find_title(str(item.values.get(self._title) or "")) for item in items]
        return {row["id"]: row for row in self._rows("id", [record_id for record_id in found if record_id])}

    def _match_title(self, item: Item, directory: Directory, stored: Mapping[int, Mapping[str, Any]]) -> None:
        """Two records of one name are told apart only by ids that both have."""
        title = str(item.values.get(self._title) or "")
        has_code = bool(item.values.get("external_id"))
        found = directory.find_title(title)
        row = stored.get(found) if found else None
        if found == SEVERAL and not has_code:
            item.problems.append(Problem("", title, f"several {self._entity} records are called so"))
        elif row is not None and not (row["external_id"] and has_code):
            item.existing = row
        elif found and row is None and not has_code:
            item.record_id = found  # made by an earlier row

    def _key(self, item: Item) -> tuple[str, ...] | None:
        return next((names for names in _NATURAL.get(self._entity, ()) if item.values.get(names[0])), None)

    def _match_natural(self, items: Sequence[Item]) -> None:
        by_names: dict[tuple[str, ...], list[Item]] = {}
        for item in items:
            names = self._key(item)
            if names is not None and not str(item.values.get("external_id") or "").startswith("row-"):
                by_names.setdefault(names, []).append(item)
        for names, same in by_names.items():
            self._match_by(names, same)

    def _match_by(self, names: tuple[str, ...], items: Sequence[Item]) -> None:
        column = self._layout.columns[names[0]]
        wanted = [self._layout.split({names[0]: item.values[names[0]]})[0][column.name] for item in items]
        stored: dict[tuple[Json, ...], list[Mapping[str, Any]]] = {}
        for row in self._rows(column.name, wanted):
            dumped = self._layout.dump(row, dict.fromkeys(names))
            stored.setdefault(tuple(dumped[name] for name in names), []).append(row)
        usual = {name: self._usual(name) for name in names}
        for item in items:
            key = tuple(item.values.get(name, usual[name]) for name in names)
            self._seen[key] += 1
            found = stored.get(key, [])
            if self._seen[key] <= len(found):
                row = found[self._seen[key] - 1]
                if not (row["external_id"] and item.values.get("external_id")):
                    item.existing = row

    def _usual(self, name: str) -> Json:
        default = self._layout.defaults.get(self._layout.columns[name].name)
        return str(default) if isinstance(default, str) else default


def difference(layout: Layout, item: Item) -> Change | None:
    """The change that a row asks for; None when the record is so already.

    Blank cells change nothing: what a file does not say stays.
    """
    entity = layout.entity.name
    if item.existing is None:
        given = {**item.defaults, **item.values}
        return Change(
            Op.CREATE, entity, item.record_id, None, {n: (None, v) for n, v in given.items() if v is not None}
        )
    before = layout.dump(item.existing, item.values)
    changed = {n: (before[n], v) for n, v in item.values.items() if v is not None and before[n] != v}
    if not changed:
        return None
    return Change(Op.UPDATE, entity, item.record_id, item.existing["version"], changed)
