"""How long all that the page of an account shows takes to be read, beside the same statements run by hand."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.world import TODAY

ACCOUNTS = range(1_000, 1_100)
LIMIT_MS = 15  # beyond its SQL


@dataclass(frozen=True)
class PageTimes:
    """Medians over many accounts, each opened for the first time; milliseconds.

    Attributes:
        page_ms: of all that is read.
        sql_ms: of its statements alone, on a connection of the driver.
        statements: how many they are.
        among_all_ms: of how the account stands among all others, which the page shows last.
    """

    page_ms: float
    sql_ms: float
    statements: int
    among_all_ms: float

    @property
    def passes(self) -> bool:
        """Whether it takes little more than its SQL."""
        return self.page_ms <= self.sql_ms + LIMIT_MS

    def __str__(self) -> str:
        beyond = f"{self.sql_ms:.1f} ms its {self.statements} statements by hand"
        return f"{self.page_ms:.1f} ms   {beyond}; among all others {self.among_all_ms:.0f} ms"


def account_page(store: Any) -> PageTimes:
    """Read the page of a hundred accounts, as an administrator."""
    from sqlalchemy import event

    from crm_core.access import ADMIN
    from integrations.web.reader import Reader
    from integrations.web.record import read_figures, read_record, read_relations, read_talks
    from integrations.web.waiting import read_waiting_about

    reader = Reader(store, ADMIN, TODAY, "en")
    sent: list[tuple[str, Any]] = []
    event.listen(store._reader, "before_cursor_execute", lambda _, c, sql, given, *__: sent.append((sql, given)))

    def read(account: int) -> None:
        with reader.steady():
            read_record(reader, "account", account)
            read_relations(reader, "account", account)
            read_talks(reader, "account", account)
            read_figures(reader, "account", account)
            read_waiting_about(reader, "account", account)

    read(1)
    pages, by_hand = [], []
    for account in ACCOUNTS:
        sent.clear()
        pages.append(_ms(lambda at=account: read(at)))
        with store.read() as connection:
            raw: Any = connection.connection.driver_connection
            whole = [(sql, given) for sql, given in sent if sql != "BEGIN"]
            by_hand.append(_ms(lambda some=whole, on=raw: [on.execute(sql, given).fetchall() for sql, given in some]))
    statements = len(whole)
    among_all = [_ms(lambda at=one: read_figures(reader, "account", at, among_all=True)) for one in ACCOUNTS[:5]]
    return PageTimes(statistics.median(pages), statistics.median(by_hand), statements, statistics.median(among_all))


def _ms(run: Any) -> float:
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000
