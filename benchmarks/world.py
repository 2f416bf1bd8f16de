"""The store of limits.md, made up: the same seed gives the same one on both databases."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table

from crm_core.db import Store
from crm_core.schema import build_schema

TODAY = date(2017, 11, 15)
CREATED = datetime(2015, 1, 1, tzinfo=UTC)
STAGES = (
    ("Prospecting", 10, "open"), ("Qualified", 20, "open"), ("Engaging", 40, "open"), ("Proposal", 60, "open"),
    ("Negotiation", 80, "open"), ("Won", 100, "won"), ("Lost", 0, "lost"),
)  # fmt: skip
REGIONS = ("East", "Central", "West", "North", "South")
INDUSTRIES = ("software", "retail", "medical", "finance", "telecom", "services", "energy", "media")
COUNTRIES = ("United States", "Germany", "China", "Japan", "Brazil", "Kenya", "France", "India")
KINDS = ("email", "call", "meeting", "note", "chat")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Size:
    """How many of each. The open deals are 35 % of all."""

    users: int = 200
    accounts: int = 100_000
    contacts: int = 300_000
    deals: int = 500_000
    interactions: int = 2_000_000

    def scaled(self, factor: float) -> "Size":
        """A smaller or larger store of the same shape."""
        counts = (self.users, self.accounts, self.contacts, self.deals, self.interactions)
        return Size(*(max(5, round(count * factor)) for count in counts))


def build_world(store: Store, size: Size, *, seed: int = 1) -> None:
    """Fill an empty store."""
    draw = random.Random(seed)
    with store.write() as connection:
        for entity, columns, rows in _tables(draw, size):
            insert_rows(connection, build_schema().entity(entity).table, columns, rows)
    if not store.is_sqlite:
        _vacuum(store)


def _tables(draw: random.Random, size: Size) -> Iterator[tuple[str, tuple[str, ...], Iterator[Row]]]:
    yield "user", ("name", "role", "region", "manager_id", "is_active"), _users(draw, size)
    yield "pipeline", ("name",), iter([(1, "Sales")])
    yield "stage", ("name", "position", "probability_pct", "kind", "pipeline_id"), _stages()
    yield "account", _ACCOUNT, _accounts(draw, size)
    yield "contact", ("name", "account_id", "owner_id", "consent", "do_not_contact"), _contacts(draw, size)
    yield "deal", _DEAL, _deals(draw, size)
    yield "interaction", ("kind", "happened_on", "subject", "account_id", "deal_id", "user_id"), _talks(draw, size)


def _users(draw: random.Random, size: Size) -> Iterator[Row]:
    managers = max(1, size.users // 10)
    for at in range(1, size.users + 1):
        manager = None if at <= managers else draw.randint(1, managers)
        yield at, f"User {at:04}", "rep" if manager else "manager", draw.choice(REGIONS), manager, True


def _stages() -> Iterator[Row]:
    for at, (name, chance, kind) in enumerate(STAGES, start=1):
        yield at, name, at, chance, kind, 1


_ACCOUNT = ("name", "industry", "country", "revenue_minor", "currency", "employees", "parent_id", "owner_id")


def _accounts(draw: random.Random, size: Size) -> Iterator[Row]:
    for at in range(1, size.accounts + 1):
        parent = draw.randint(1, at - 1) if at > 100 and draw.random() < 0.05 else None
        place, owner, revenue = draw.choice(COUNTRIES), draw.randint(1, size.users), draw.randint(1, 10**6) * 10_000
        industry, staff = draw.choice(INDUSTRIES), draw.randint(1, 9999)
        yield at, f"Account {at:06}", industry, place, revenue, "USD", staff, parent, owner


def _contacts(draw: random.Random, size: Size) -> Iterator[Row]:
    for at in range(1, size.contacts + 1):
        yield at, f"Contact {at:06}", draw.randint(1, size.accounts), draw.randint(1, size.users), "unknown", False


_DEAL = (
    "name", "amount_minor", "currency", "started_on", "closes_on", "closed_on", "account_id", "stage_id", "owner_id",
)  # fmt: skip


def _deals(draw: random.Random, size: Size) -> Iterator[Row]:
    for at in range(1, size.deals + 1):
        account, owner = draw.randint(1, size.accounts), draw.randint(1, size.users)
        amount = None if draw.random() < 0.02 else round(draw.lognormvariate(10, 1)) * 100
        if draw.random() < 0.35:
            stage, started = draw.randint(1, 5), TODAY - timedelta(days=draw.randint(1, 200))
            closes, closed = TODAY + timedelta(days=draw.randint(-30, 300)), None
        else:
            stage, closed = draw.choice((6, 7)), TODAY - timedelta(days=draw.randint(0, 1095))
            started, closes = closed - timedelta(days=draw.randint(5, 200)), closed
        yield at, f"Deal {at:06}", amount, "USD", started, closes, closed, account, stage, owner


def _talks(draw: random.Random, size: Size) -> Iterator[Row]:
    days = [TODAY - timedelta(days=730 - back) for back in range(731)]
    for at in range(1, size.interactions + 1):
        day = days[min(730, 731 * at // size.interactions)]
        account = int(size.accounts * draw.random()) + 1
        deal = draw.randint(1, size.deals) if draw.random() < 0.3 else None
        yield at, draw.choice(KINDS), day, "Call about the offer", account, deal, draw.randint(1, size.users)


def insert_rows(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterator[Row]) -> None:
    raw: Any = connection.connection.driver_connection
    names = ("id", *columns, "version", "created_at", "updated_at", "custom")
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        stamp = (1, "2015-01-01T00:00:00.000Z", "2015-01-01T00:00:00.000Z", "{}")
        raw.executemany(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})",
            ((*(str(each) if isinstance(each, date) else each for each in row), *stamp) for row in rows),
        )
        return
    with raw.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, 1, CREATED, CREATED, "{}"))


def _vacuum(store: Store) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(store.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")  # as autovacuum would have done long ago
    engine.dispose()
