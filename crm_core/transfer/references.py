"""Names in cells to records: by id, by exact title, or by a near miss that is the only one near."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Connection, null, select

from crm_core.models import Role
from crm_core.schema import Entity
from crm_core.titles import are_near, least_ratio, same_title, tight

NEXT_BELOW = 4.0  # the second best must be this much further off
SEVERAL = 0  # no record has this id


@dataclass(frozen=True)
class NearMiss:
    """A name in a file that is taken for a record of nearly the same name: `GTXPro → GTX Pro, 1,480 rows`."""

    file: str
    column: str
    entity: str
    value: str
    title: str
    rows: int

    def __str__(self) -> str:
        return f"{self.value} → {self.title}, {self.rows:,} row{'s' if self.rows != 1 else ''}"


class Directory:
    """Records of one entity by external id and title."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._titles: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._tight: dict[str, list[str]] = {}
        self._within: dict[tuple[str, int], int] = {}
        self._accounts: dict[int, int] = {}
        self._gone: set[int] = set()
        self.size = 0

    def add(
        self, record_id: int, *, code: str | None = None, title: str | None = None, account: int | None = None
    ) -> None:
        """Take in a record, of an account where it is one's. Two of one title make that title ambiguous."""
        self.size += 1
        if code:
            self._codes[code] = record_id
        if account is not None:
            self._accounts[record_id] = account
        if title and account is not None:
            place = (same_title(title), account)
            self._within[place] = record_id if self._within.get(place, record_id) == record_id else SEVERAL
        if title:
            plain = same_title(title)
            known = self._titles.get(plain, record_id)
            self._titles[plain] = record_id if known == record_id else SEVERAL
            if plain not in self._names:
                self._names[plain] = title
                self._tight.setdefault(tight(title), []).append(plain)

    def has_code(self, text: str) -> bool:
        """Whether a record has this id."""
        return text.strip() in self._codes

    def find(self, text: str) -> int | None:
        """The record with exactly this id or title; `SEVERAL` when the title fits more than one."""
        code = self._codes.get(text.strip())
        found = code if code is not None else self._titles.get(same_title(text))
        return None if found in self._gone else found

    def drop(self, record_id: int) -> None:
        """A record that was taken in and is not made after all: nothing finds it by what it alone is called."""
        self._gone.add(record_id)

    def account_of(self, record_id: int) -> int | None:
        """The account that the record is of."""
        return self._accounts.get(record_id)

    def find_within(self, title: str, account: int) -> int | None:
        """The record of this title that is the account's; `SEVERAL` when it has more."""
        found = self._within.get((same_title(title), account))
        return None if found in self._gone else found

    def find_title(self, title: str) -> int | None:
        """The record with exactly this title; `SEVERAL` when there are more."""
        found = self._titles.get(same_title(title))
        return None if found in self._gone else found

    def near(self, text: str) -> str | None:
        """The title that `text` is a near miss of, when there is only one such."""
        plain = tight(text)
        if not plain:
            return None
        same = self._tight.get(plain, [])
        if same:
            return self._names[same[0]] if len(same) == 1 else None
        return self._fuzzy(plain)

    def _fuzzy(self, plain: str) -> str | None:
        cutoff = least_ratio(plain)
        best = process.extract(plain, self._tight.keys(), scorer=fuzz.ratio, limit=2, score_cutoff=cutoff - NEXT_BELOW)
        if not best or best[0][1] < cutoff or (len(best) > 1 and best[0][1] - best[1][1] < NEXT_BELOW):
            return None
        found = best[0][0]
        names = self._tight[found]
        if len(names) > 1 or not are_near(plain, found):
            return None
        return self._names[names[0]]


def load_directory(connection: Connection, entity: Entity, *, only: ColumnElement[bool] | None = None) -> Directory:
    """The live records of `entity`; emails stand for people too.

    Args:
        connection: to the store.
        entity: whose records.
        only: a test of the rows.
    """
    directory = Directory()
    for record_id, code, title, email, account in _records(connection, entity, only):
        directory.add(record_id, code=code, title=title, account=account)
        if email:
            directory.add(record_id, code=email)
    return directory


def _records(
    connection: Connection, entity: Entity, only: ColumnElement[bool] | None
) -> Iterator[tuple[int, str | None, str | None, str | None, int | None]]:
    table = entity.table
    title = entity.by_role(Role.TITLE)
    columns = [table.c.id, table.c.external_id, table.c[str(title.column)] if title else table.c.external_id]
    email = table.c.email if "email" in table.c and entity.name in ("user", "contact") else null()
    account = table.c.account_id if "account_id" in table.c else null()
    query = select(*columns, email, account).where(table.c.deleted_at.is_(None))
    if only is not None:
        query = query.where(only)
    for row in connection.execute(query.order_by(table.c.id).execution_options(yield_per=5000)):
        yield row[0], row[1], row[2], row[3], row[4]
