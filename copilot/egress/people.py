"""The personal data that a store holds: what must be found wherever it stands in a text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, func, select

from copilot.egress.patterns import SHORTEST, digits_of, is_email
from copilot.egress.tokens import folded, tokens_of
from copilot.house_words import house_words
from crm_core.access import ADMIN
from crm_core.db import AgentStore
from crm_core.models import Kind
from crm_core.schema import Field, Schema

Key = tuple[str, ...]  # a name, unit by unit
MOST_SEEN, LONGEST_SEEN = 4_000, 10_000  # texts, and characters of one
LEAST_OF_A_PART = 3  # letters: shorter parts of names are words too often


@dataclass
class People:
    """Names, phones and odd addresses, ready to be looked up in a text.

    Attributes:
        full: a name as units → as the store writes it.
        lengths: first unit of a name → how many units the names have that begin so, the longest first.
        parts: one unit of a name (or the given name of a Chinese one, as units) → the names that it is of.
        phones: digits → as the store writes the number.
        seen: text → what was found in it. A conversation is sent whole with each call, and most of it was sent before.
    """

    full: dict[Key, str] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parts: dict[Key, frozenset[Key]] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, what: str, text: str, find: Callable[[str], tuple[Any, ...]]) -> tuple[Any, ...]:
        """What `find` finds in `text`, found once."""
        known = self.seen.get((what, text))
        if known is None:
            known = find(text)
            if len(self.seen) >= MOST_SEEN:
                self.seen.clear()
            if len(text) <= LONGEST_SEEN:
                self.seen[what, text] = known
        return known

    def add_names(self, names: Iterable[str]) -> None:
        """Take in the names of persons, each with its turned and its shortened form and with its parts."""
        self.seen.clear()
        keys = {key: name for name in names if (key := folded(name)) and not _is_house_word(key)}
        for key, name in keys.items():
            self.full.setdefault(key, name)
            for other in _other_forms(key):
                self.full.setdefault(other, name)
        parts: dict[Key, set[Key]] = {}
        for key in keys:
            for part in _parts(key):
                parts.setdefault(part, set()).add(key)
        self.parts.update({part: frozenset(of) | self.parts.get(part, frozenset()) for part, of in parts.items()})
        self._note_lengths()

    def add_phones(self, phones: Iterable[str]) -> None:
        """Take in phone numbers, whatever stands between their digits."""
        self.seen.clear()
        self.phones.update({digits: phone for phone in phones if len(digits := digits_of(phone)) >= SHORTEST})

    def _note_lengths(self) -> None:
        lengths: dict[str, set[int]] = {}
        for key in (*self.full, *self.parts):
            lengths.setdefault(key[0], set()).add(len(key))
        self.lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}


class PeopleOf:
    """All the people of one store, whoever asks: who is out of the asker's reach is masked too.

    Read anew after people were added, changed or removed.
    """

    def __init__(self, store: AgentStore) -> None:
        self._store = store
        self._lock = Lock()
        self._revision = -1
        self._state: list[Any] = []
        self._people = People()

    def __call__(self) -> People:
        """As the store has them now."""
        with self._lock:
            revision = self._store.revision
            if revision != self._revision:
                self._refresh()
                self._revision = revision
            return self._people

    def _refresh(self) -> None:
        with self._store.read(ADMIN) as connection:
            schema = self._store.schema_at(connection)
            state = [connection.execute(_state_of(schema, name)).one() for name in _entities(schema)]
            if state != self._state:
                self._people, self._state = _read(connection, schema), state


def _entities(schema: Schema) -> list[str]:
    return sorted({each.entity for each in schema.fields() if each.mask})


def _state_of(schema: Schema, entity: str) -> Any:
    """What moves when any record of the kind does."""
    table = schema.entities[entity].table
    return select(func.count(), func.max(table.c.updated_at), func.sum(table.c.version))


def _read(connection: Connection, schema: Schema) -> People:
    """Of deleted records too: notes still speak of them."""
    people = People()
    for each in schema.fields():
        if not each.mask or each.column is None:
            continue
        values = [str(value) for value in _values(connection, schema, each)]
        if each.kind is Kind.PHONE:
            people.add_phones(values)
        elif each.kind is Kind.EMAIL:
            people.add_names(value for value in values if not is_email(value))
        else:
            people.add_names(values)
    return people


def _values(connection: Connection, schema: Schema, each: Field) -> Iterator[Any]:
    column = schema.entities[each.entity].table.c[each.column or ""]
    return (normalize("NFC", value) for value in connection.execute(select(column).distinct()).scalars() if value)


def _is_house_word(key: Key) -> bool:
    """A contact called "Support" or "Sales", or by one letter: no person, and in nearly every sentence."""
    return len(key) == 1 and (key[0] in house_words() or not key[0].isalpha() or len(key[0]) < 2)


def _other_forms(key: Key) -> Iterator[Key]:
    """Last name first, and without the middle names."""
    if len(key) > 1 and not _is_ideographs(key):
        yield (key[-1], *key[:-1])
        yield (key[0], key[-1])


def _parts(key: Key) -> Iterator[Key]:
    """The names that stand alone in a sentence: "Anna" and "Lopez", 建国 of 王建国."""
    if _is_ideographs(key):
        if len(key) == 3 and "".join(key[1:]) not in house_words():
            yield key[1:]
        return
    for unit in key if len(key) > 1 else ():
        if len(unit) >= LEAST_OF_A_PART and unit.isalpha() and unit not in house_words():
            yield (unit,)


def _is_ideographs(key: Key) -> bool:
    return all(token.is_ideograph for token in tokens_of("".join(key)))
