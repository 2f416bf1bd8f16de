"""What a measurement stands on: one transaction, whose deals, which day, which limits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, select

from crm_core.health.limits import Limits
from crm_core.query.compile import dialect
from crm_core.query.compile.context import Context, Scope

Raw = tuple[Any, ...]
Fired = dict[int, Raw]  # by deal, the facts that its warning is told with


@dataclass(frozen=True)
class Cues:
    """What a text says, as far as words tell.

    Attributes:
        prices: a text that holds one of these, in whichever case, speaks of a price.
        decides: whether somebody with this title, or this part in a deal, decides.
        find_cool: the first annoyed or cool sentence of a text; None: there is none.
        is_warm: whether a text is pleased instead.
    """

    prices: tuple[str, ...]
    decides: Callable[[str], bool]
    find_cool: Callable[[str], str | None]
    is_warm: Callable[[str], bool]


@dataclass(frozen=True)
class Ground:
    """The surroundings of one check.

    Attributes:
        connection: a transaction of the asker's.
        context: the registry, the asker and the day.
        chosen: the open deals that are looked at; its column is `id`.
        limits: of the warnings.
        cues: of the texts.
    """

    connection: Connection
    context: Context
    chosen: CTE
    limits: Limits
    cues: Cues

    @property
    def today(self) -> date:
        """The day of the check."""
        return self.context.today

    def ago(self, days: int) -> date:
        """The day so many days before."""
        return self.today - timedelta(days=days)

    @property
    def deals(self) -> Select[Any]:
        """The ids of the deals that are looked at."""
        return select(self.chosen.c.id)

    def scope(self, entity: str) -> Scope:
        """Fresh rows of an entity."""
        return self.context.scope(entity)

    def holds(self, entity: str, *tests: Callable[[Any], ColumnElement[bool]]) -> bool:
        """Whether the asker sees any record of this kind that passes the tests of its columns."""
        rows = self.scope(entity)
        found = select(rows.id).where(*rows.guard(), *(test(rows.table.c) for test in tests)).limit(1)
        return self.connection.execute(found).first() is not None

    def days(self, start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[int]:
        """Whole days from one date to another."""
        return dialect.days_between(start, end, self.context.dialect)
