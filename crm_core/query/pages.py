"""A whole list, a part at a time in the order of ids: nothing is told twice or left out while records come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, Table, bindparam, func, select

from crm_core.query.compile.dialect import SQLITE
from crm_core.query.compile.hints import hidden

_WITHIN = (500, 20_000)  # records
_AFTER, _LIMIT, _NEAR, _ONE = (
    bindparam(name, type_=BigInteger()) for name in ("page_after", "page_limit", "page_near", "page_one")
)
_LAST = 2**63 - 1

Fetched = tuple[str, Sequence[Row[Any]]]  # the SQL that was run, and its rows


def fetch(connection: Connection, statement: Select[Any], given: Mapping[str, int] | None = None) -> Fetched:
    """All rows of a statement."""
    result = connection.execute(statement, given)
    found = result.all()
    return str(result.context.statement) if result.context is not None else "", found


@dataclass(frozen=True)
class ById:
    """The part that is wanted: so many records with larger ids."""

    after: int
    limit: int


@dataclass(frozen=True)
class Pages:
    """The parts of one list. Its statements are made once: making one costs more than running it.

    Attributes:
        whole: the statement of all its records.
        table: of the records.
        is_filtered: the list may hold few of them.
    """

    whole: Select[Any]
    table: Table
    is_filtered: bool

    def among(self, connection: Connection, ids: Sequence[int], given: Mapping[str, int]) -> Fetched:
        """Those records of the list that have one of these ids."""
        if len(ids) == 1:
            return fetch(connection, self._one, {**given, "page_one": ids[0]})
        return fetch(connection, self.whole.where(self._id.in_(ids)), given)

    def read(self, connection: Connection, page: ById, given: Mapping[str, int]) -> Fetched:
        """A part of the list.

        SQLite has no statistics to tell a filter that many records pass from one that few do. So the next records by
        id are looked at first, and only where too few of them match is all that matches found and put in order.
        """
        given = {**given, "page_after": page.after, "page_limit": page.limit}
        if not self.is_filtered:
            return fetch(connection, self._next, given)
        if connection.dialect.name != SQLITE:
            return fetch(connection, self._all, given)
        for many in _WITHIN:
            near = given | {"page_near": many}
            found = fetch(connection, self._near, near)
            if len(found[1]) == page.limit or connection.execute(self._end, near).first() is None:
                return found
        return fetch(connection, self._few, given)

    @property
    def _id(self) -> ColumnElement[int]:
        return self.whole.selected_columns["record_id"]

    @cached_property
    def _one(self) -> Select[Any]:
        return self.whole.where(self._id == _ONE)

    @cached_property
    def _next(self) -> Select[Any]:
        return self._after(self._id)

    @cached_property
    def _near(self) -> Select[Any]:
        """As far as `_end`."""
        return self._shown(self._next.where(self._id <= func.coalesce(self._end.scalar_subquery(), _LAST)))

    @cached_property
    def _end(self) -> Select[Any]:
        """The id that lies so many records on; none where there are fewer."""
        ids = self.table.alias("near").c.id
        return select(ids).where(ids > _AFTER).order_by(ids).limit(1).offset(_NEAR)

    @cached_property
    def _all(self) -> Select[Any]:
        return self._shown(self._next)

    @cached_property
    def _few(self) -> Select[Any]:
        """By any index but that of the ids, which would lead through every record."""
        return self._shown(self._after(hidden(self._id)))

    def _after(self, record_id: ColumnElement[int]) -> Select[Any]:
        return self.whole.where(record_id > _AFTER).order_by(None).order_by(record_id).limit(_LIMIT)

    def _shown(self, found: Select[Any]) -> Select[Any]:
        """Ids first, so that columns are only joined to what is shown."""
        return self.whole.where(self._id.in_(found.with_only_columns(self._id))).order_by(None).order_by(self._id)
