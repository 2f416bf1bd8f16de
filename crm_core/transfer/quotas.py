"""Sales targets that stand in a column beside the people: `Quarterly Quota`, `QUOTA_2026`, 2026年度指标."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from crm_core.changes.change import Change, Json
from crm_core.changes.layout import lay_out
from crm_core.ids import new_id
from crm_core.models import Kind, Quota
from crm_core.schema import Entity
from crm_core.transfer.columns import map_column
from crm_core.transfer.convert import Converter, Lookups
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.mapping import FileMap
from crm_core.transfer.match import Item, difference
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import header_words, headers, is_missing

_YEAR = re.compile(r"(?:fy ?)?(20\d\d)|fy ?(\d\d)\b")
_QUARTER = re.compile(r"\bq([1-4])\b|([1-4])季度")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}
_KEYS = ("external_id", "email", "name")


@dataclass(frozen=True)
class QuotaColumn:
    """A column of a list of people that holds what each should sell in every one of these periods."""

    profile: FileProfile
    header: str
    map: FileMap
    periods: tuple[tuple[date, date], ...]

    def __str__(self) -> str:
        first, last = self.periods[0][0], self.periods[-1][1]
        each = f"in each of {len(self.periods)} periods" if len(self.periods) > 1 else "as one target"
        return f"{self.profile.source.name}: {self.header} is each person's quota, {each} from {first} to {last}."


def quota_column(profile: FileProfile, targets: Mapping[int, str], entity: Entity, today: date) -> QuotaColumn | None:
    """The only column of targets in a list of people; None where there is none, or no telling which.

    Args:
        profile: of a file of users.
        targets: position → field of a user.
        entity: quotas, as the registry has them.
        today: a column that names no year is of this one.
    """
    found = [(c, periods) for c in profile.columns if c.index not in targets and (periods := _periods(c, today))]
    at = {target: index for index, target in targets.items()}
    key = next((at[name] for name in _KEYS if name in at), None)
    if len(found) != 1 or key is None:
        return None
    column, periods = found[0]
    owner = profile.columns[key]
    columns = {
        column.header: map_column(column, entity, "amount", ()),
        owner.header: map_column(owner, entity, "owner", ()),
    }
    return QuotaColumn(profile, column.header, FileMap(entity="quota", columns=columns), periods)


def quota_changes(
    connection: Connection, entity: Entity, columns: Sequence[QuotaColumn], lookups: Lookups
) -> Iterator[Change]:
    """The quotas to make; one that a person has for the same days stays as it is.

    Args:
        connection: to the store.
        entity: quotas, as the registry has them.
        columns: where they stand.
        lookups: with the people in them.
    """
    table = Quota.__table__
    query = select(table.c.owner_id, table.c.starts_on, table.c.ends_on).where(table.c.deleted_at.is_(None))
    known = {(row.owner_id, row.starts_on, row.ends_on) for row in connection.execute(query)} if columns else set()
    layout = lay_out(entity)
    for column in columns:
        source = column.profile.source
        at = source.headers.index(column.header)
        for since, until in column.periods:
            days: dict[str, Json] = {"starts_on": since.isoformat(), "ends_on": until.isoformat()}
            converter = Converter(entity, column.map, source.headers, lookups, constants=days)
            for row in source.rows():
                if row.problem is not None or is_missing(row.cells[at]):
                    continue
                values, problems = converter.convert(row.cells)
                place = (values.get("owner"), since, until)
                if problems or not place[0] or not values.get("amount") or place in known:
                    continue
                known.add(place)
                item = Item(source, row.number, row.cells, values, [], record_id=new_id(), defaults=converter.defaults)
                change = difference(layout, item)
                if change is not None:
                    yield change


def _periods(column: Profile, today: date) -> tuple[tuple[date, date], ...]:
    """The days that a column of targets is for; none where its header says anything beside a target and a time."""
    if not column.filled or custom_kind(column) not in (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL):
        return ()
    told = header_words(column.header)
    words = headers()["quotas"]
    year = _YEAR.search(told)
    quarter = _QUARTER.search(told)
    rest = _QUARTER.sub(" ", _YEAR.sub(" ", told)).split()
    parts = [part for word in rest for part in (_han(word, words) if _HAN.fullmatch(word) else [word])]
    if not any(part in words["targets"] for part in parts) or any(part not in _known(words) for part in parts):
        return ()
    at = int(year[1] or f"20{year[2]}") if year else today.year
    if quarter:
        first = 3 * int(quarter[1] or quarter[2]) - 2
        return (_span(at, first, 3),)
    length = next((unit for unit in _LENGTHS if any(part in words[unit] for part in parts)), "year")
    return tuple(_span(at, month, _LENGTHS[length]) for month in range(1, 13, _LENGTHS[length]))


def _known(words: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(word for listed in words.values() for word in listed)


def _han(text: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    """Chinese words, longest first; what none of them covers stays as it is."""
    pattern = "|".join(sorted((w for w in _known(words) if _HAN.fullmatch(w)), key=len, reverse=True))
    return [part for part in re.split(f"({pattern})", text) if part]


def _span(year: int, month: int, months: int) -> tuple[date, date]:
    after = month + months
    until = date(year + (after > 12), after - 12 if after > 12 else after, 1) - timedelta(1)
    return date(year, month, 1), until
