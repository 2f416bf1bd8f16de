"""A statement built in layers, each of which can be wrapped so that the next one may filter on its columns."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, select, union_all

from crm_core.query.compile import dialect


@dataclass(frozen=True)
class Term:
    """One key of an order: a column of the stage, by label. Missing values always come last.

    Attributes:
        is_text: case does not matter.
        is_gap: only tells missing values from others.
        is_filled: nothing is missing. SQLite finds no index where it is told where missing values would stand.
    """

    key: str
    descending: bool = False
    is_text: bool = False
    is_gap: bool = False
    is_filled: bool = False


class Stage:
    """A SELECT and its columns by label."""

    def __init__(self, statement: Select[Any], columns: dict[str, ColumnElement[Any]], flavour: str) -> None:
        self.statement, self.columns, self.flavour = statement, columns, flavour

    @classmethod
    def of(cls, columns: dict[str, ColumnElement[Any]], flavour: str, source: FromClause) -> "Stage":
        """These columns of a table, a join or a subquery."""
        labelled = [value.label(key) for key, value in columns.items()]
        return cls(select(*labelled).select_from(source), columns, flavour)

    def add(self, key: str, value: ColumnElement[Any]) -> None:
        """One more column."""
        self.columns[key] = value
        self.statement = self.statement.add_columns(value.label(key))

    def wrap(self) -> "Stage":
        """The same as a subquery, whose columns (window functions too) may be filtered on."""
        inner = self.statement.subquery()
        return Stage.of({key: inner.c[key] for key in self.columns}, self.flavour, inner)

    def order(self, terms: Sequence[Term]) -> list[ColumnElement[Any]]:
        """The ORDER BY of these terms."""
        ordered: list[ColumnElement[Any]] = []
        for term in terms:
            value = self.columns[term.key]
            if term.is_gap:
                ordered.append(case((value.is_(None), 1), else_=0).asc())
                continue
            value = dialect.text_order(value, self.flavour) if term.is_text else value
            placed = value.desc() if term.descending else value.asc()
            ordered.append(placed if term.is_filled else placed.nulls_last())
        return ordered

    def keep(self, *tests: ColumnElement[bool]) -> None:
        """Filter the rows."""
        self.statement = self.statement.where(*tests)


COMPARE = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Which rows of a stage are kept, and in which order.

    Attributes:
        terms: the complete order.
        ranked_by: ties are told by so many of its first terms.
        pct: keep so many percent of the rows, rounded up.
        top: keep so many rows of each value of the column `top_key`.
    """

    terms: tuple[Term, ...]
    ranked_by: int
    limit: int | None = None
    offset: int = 0
    with_ties: bool = False
    pct: float | None = None
    top: int | None = None
    top_key: str | None = None


def cut(stage: Stage, window: Window) -> Stage:
    """Order the rows and keep those that the question asks for."""
    if window.top is not None and window.top_key is not None:
        order = stage.order(window.terms)
        rank = func.row_number().over(partition_by=stage.columns[window.top_key], order_by=order)
        stage = _ranked(stage, rank, 0, window.top)
    if window.pct is not None:
        stage = _first_percent(stage, window)
    if window.with_ties and window.limit is not None:
        rank = func.rank().over(order_by=stage.order(window.terms[: window.ranked_by]))
        stage = _ranked(stage, rank, window.offset, window.limit)
    else:
        stage.statement = stage.statement.limit(window.limit) if window.limit is not None else stage.statement
        stage.statement = stage.statement.offset(window.offset) if window.offset else stage.statement
    stage.statement = stage.statement.order_by(*stage.order(window.terms))
    return stage


def filled_first(stage: Stage, terms: Sequence[Term], most: int) -> Stage:
    """The first rows of a descending order that an index gives, where PostgreSQL would sort them all.

    It reads an index backwards only with missing values first, so those come from a branch of their own.
    """
    if stage.flavour == dialect.SQLITE:
        return stage
    first, rest = stage.columns[terms[0].key], stage.order(terms[1:])
    filled = stage.statement.where(first.is_not(None)).order_by(first.desc(), *rest).limit(most)
    empty = stage.statement.where(first.is_(None)).order_by(*rest).limit(most)
    both = union_all(filled, empty).subquery()
    return Stage.of({key: both.c[key] for key in stage.columns}, stage.flavour, both)


def _first_percent(stage: Stage, window: Window) -> Stage:
    assert window.pct is not None
    ranked = Stage(stage.statement, dict(stage.columns), stage.flavour)
    ranked.add("rank", func.row_number().over(order_by=stage.order(window.terms)))
    ranked.add("rows", func.count().over())
    kept = ranked.wrap()
    place, rows = kept.columns.pop("rank"), kept.columns.pop("rows")
    kept = Stage.of(kept.columns, stage.flavour, kept.statement.get_final_froms()[0])
    kept.keep((place - 1) * 100.0 < rows * window.pct)
    return kept


def _ranked(stage: Stage, rank: ColumnElement[int], skip: int, limit: int) -> Stage:
    ranked = Stage(stage.statement, dict(stage.columns), stage.flavour)
    ranked.add("rank", rank)
    kept = ranked.wrap()
    place = kept.columns.pop("rank")
    kept = Stage.of(kept.columns, stage.flavour, kept.statement.get_final_froms()[0])
    kept.keep(place > skip, place <= skip + limit)
    return kept
