"""A whole list, a part at a time: each goes on behind the record that was told last, in any order.

Nothing is told twice or left out while records come and go; one whose place in the order changes goes along with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.types import TypeEngine

from crm_core.errors import Invalid
from crm_core.models.base import UtcDateTime
from crm_core.query.compile.dialect import SQLITE
from crm_core.query.compile.hints import hidden
from crm_core.query.compile.outputs import Compiled, Parts

WITHIN = (500, 4_000)  # rows that are looked at; looking at more costs what finding all that match does
_MOST_MADE = 50  # statements of one list; a usual one has ten
AFTER, LIMIT, NEAR, ONE = "page_after", "page_limit", "page_near", "page_one"
_AFTER, _LIMIT, _NEAR, _ONE = (bindparam(name, type_=BigInteger()) for name in (AFTER, LIMIT, NEAR, ONE))

Key = str | int | float | bool | None
Fetched = tuple[str, Sequence[Row[Any]]]  # the SQL that was run, and its rows
_Test = ColumnElement[bool]
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")


def fetch(connection: Connection, statement: Select[Any], given: Mapping[str, Any] | None = None) -> Fetched:
    """All rows of a statement."""
    result = connection.execute(statement, given)
    found = result.all()
    return str(result.context.statement) if result.context is not None else "", found


@dataclass(frozen=True)
class Page:
    """The part that is wanted: so many records behind one.

    Attributes:
        last: what that one is sorted by before its id, as JSON knows it; None: from the start.
        after: its id.
        limit: how many.
    """

    last: tuple[Key, ...] | None
    after: int
    limit: int


@dataclass(frozen=True)
class _Some:
    """Which records one statement gives.

    Attributes:
        is_filled: those that have a value of the first key, or those that have none and come after them.
        missing: by key, whether the record that was told last had none; None: from the start.
        way: `near`: among the next rows in this order; `found`: all that match, whatever gives the order; `any`.
    """

    is_filled: bool
    missing: tuple[bool, ...] | None
    way: str = "any"


class Pages:
    """The parts of one list. Its statements are made once: making one costs more than running it.

    Args:
        compiled: the whole list.
        is_filtered: it may hold few of the records.
    """

    def __init__(self, compiled: Compiled, *, is_filtered: bool) -> None:
        self._compiled, self._is_filtered = compiled, is_filtered
        self._made: dict[_Some, Select[Any]] = {}

    def among(self, connection: Connection, ids: Sequence[int], given: Mapping[str, int]) -> Fetched:
        """Those records of the list that have one of these ids."""
        if len(ids) == 1:
            return fetch(connection, self._one, {**given, ONE: ids[0]})
        whole = self._compiled.statement
        return fetch(connection, whole.where(_id_of(whole).in_(ids)), given)

    @cached_property
    def _one(self) -> Select[Any]:
        whole = self._compiled.statement
        return whole.where(_id_of(whole) == _ONE)

    @cached_property
    def parts(self) -> Parts:
        """What the parts are made of."""
        assert self._compiled.parts is not None
        return self._compiled.parts()

    def read(self, connection: Connection, page: Page, given: Mapping[str, int]) -> Fetched:
        """A part of the list, and with each row what it is sorted by.

        Raises:
            Invalid: the list is not sorted by such values.
        """
        missing = None if page.last is None else tuple(key is None for key in page.last)
        told: dict[str, Any] = {**given, AFTER: page.after, **self._typed(page.last)}
        sql, rows = "", list[Any]()
        for is_filled in (True,) if not self.parts.keys else (False,) if missing and missing[0] else (True, False):
            behind = missing if not missing or missing[0] is not is_filled else None
            wanted = page.limit - len(rows)
            sql, more = self._read(connection, _Some(is_filled, behind), wanted, told | {LIMIT: wanted})
            rows += more
            if len(rows) == page.limit:
                break
        return sql, rows

    def _read(self, connection: Connection, some: _Some, wanted: int, told: Mapping[str, Any]) -> Fetched:
        """SQLite has no statistics to tell a filter that many records pass from one that few do.

        So the next rows in order are looked at first, and only where too few of them match is all that matches found
        and put in order.
        """
        if not self._is_filtered or connection.dialect.name != SQLITE:
            return fetch(connection, self._statement(some), told)
        for many in WITHIN if self.parts.walked is not None else ():
            near = {**told, NEAR: many}
            found = fetch(connection, self._statement(_Some(some.is_filled, some.missing, "near")), near)
            if len(found[1]) == wanted or self._are_all(connection, some, near):
                return found
        return fetch(connection, self._statement(_Some(some.is_filled, some.missing, "found")), told)

    def _are_all(self, connection: Connection, some: _Some, near: Mapping[str, Any]) -> bool:
        counted = select(func.count()).select_from(self._next_rows(some).subquery())
        return int(connection.execute(counted, near).scalar_one()) < int(near[NEAR])

    def _statement(self, some: _Some) -> Select[Any]:
        made = self._made.get(some)
        if made is None:
            if len(self._made) >= _MOST_MADE:  # whoever makes up cursors could ask for any number of them
                self._made.clear()
            made = self._made[some] = self.parts.show(self._ids(some))
        return made

    def _ids(self, some: _Some) -> Select[Any]:
        whole = self.parts.walked if some.way == "near" and self.parts.walked is not None else self.parts.found
        statement = whole.where(*self._tests(whole, some))
        if some.way == "near":
            statement = statement.where(_id_of(whole).in_(self._next_rows(some)))
        return statement.order_by(*self._order(whole, some)).limit(_LIMIT)

    def _next_rows(self, some: _Some) -> Select[Any]:
        """The ids of so many rows that follow, matching or not."""
        every = self.parts.every
        ordered = every.where(*self._tests(every, some)).order_by(*self._order(every, some))
        return ordered.limit(_NEAR).with_only_columns(_id_of(every))

    def _order(self, whole: Select[Any], some: _Some) -> Iterator[ColumnElement[Any]]:
        """Of one kind of first key: so an index gives the order, wherever its database puts missing values."""
        for at, term in enumerate(self.parts.terms):
            key = whole.selected_columns[term.key]
            if at == 0 and not some.is_filled:
                continue
            key = hidden(key) if some.way != "any" and whole is not self.parts.every else key
            placed = key.desc() if term.descending else key.asc()
            yield placed if at == 0 or term.is_filled else placed.nulls_last()

    def _tests(self, whole: Select[Any], some: _Some) -> Iterator[_Test]:
        """What keeps the rows to those behind the record that was told last."""
        *keys, record_id = (whole.selected_columns[term.key] for term in self.parts.terms)
        if keys:  # hidden, or its index would give all that lack it, whatever is asked of them
            lacks = (hidden(keys[0]) if some.way == "found" else keys[0]).is_(None)
            yield keys[0].is_not(None) if some.is_filled else lacks
        if some.missing is None:
            return
        same: list[_Test] = []
        behind: list[_Test] = []
        for at, (key, term) in enumerate(zip(keys, self.parts.terms, strict=False)):
            if some.missing[at]:
                same.append(key.is_(None))
                continue
            last = bindparam(_name(at), type_=key.type)
            if at == 0:
                known = hidden(key) if some.way == "found" else key
                yield known <= last if term.descending else known >= last
            further = key < last if term.descending else key > last
            behind.append(and_(*same, further if at == 0 else or_(further, key.is_(None))))
            same.append(key == last)
        later = record_id < _AFTER if self.parts.terms[-1].descending else record_id > _AFTER
        yield or_(*behind, and_(*same, later))

    def _typed(self, last: Sequence[Key] | None) -> dict[str, Any]:
        """The keys of the record that was told last, as the database has them."""
        if last is None:
            return {}
        if len(last) != len(self.parts.keys):
            raise _other_list()
        columns = self.parts.found.selected_columns
        types = [columns[key].type for key in self.parts.keys]
        return {_name(at): _value(key, types[at]) for at, key in enumerate(last) if key is not None}


def _id_of(whole: Select[Any]) -> ColumnElement[int]:
    return whole.selected_columns["record_id"]


def _name(at: int) -> str:
    return f"page_key_{at}"


def _value(key: Key, of: TypeEngine[Any]) -> Any:
    """As the database has it, or it would refuse the statement."""
    wanted: Any = datetime if isinstance(of, UtcDateTime) else of.python_type
    if wanted in (date, datetime):
        return _moment(key, wanted)
    if wanted in (str, bool):
        is_right = type(key) is wanted and not (isinstance(key, str) and _UNSTORABLE.search(key))
    else:
        largest = 2**31 if isinstance(of, Integer) and not isinstance(of, BigInteger) else 2**63
        is_right = type(key) in ((int,) if wanted is int else (int, float)) and abs(cast(float, key)) < largest
    if not is_right:
        raise _other_list()
    return key


def _moment(key: Key, wanted: Any) -> Any:
    try:
        read = wanted.fromisoformat(key)
    except (ValueError, TypeError):
        raise _other_list() from None
    if wanted is datetime and read.tzinfo is None:
        raise _other_list()
    return read


def _other_list() -> Invalid:
    return Invalid("This cursor is of another list; take it from `next_cursor` of the answer before.", field="cursor")
