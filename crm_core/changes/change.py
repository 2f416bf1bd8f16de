"""What a change and a change set are, and the canonical form that their SHA-256 is taken of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None


class Op(StrEnum):
    """What happens to one record. A deleted record stays in its table, marked, and can be restored."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"

    @property
    def inverse(self) -> "Op":
        """What puts it back."""
        return _INVERSE[self]


CUSTOM_FIELD, COMPANY_WORD, ROLE_SCOPE = "custom_field", "company_word", "role_scope"
DECLARATIONS = frozenset({CUSTOM_FIELD, COMPANY_WORD, ROLE_SCOPE})  # no records: how a company arranges its store
_INVERSE = {Op.CREATE: Op.DELETE, Op.DELETE: Op.RESTORE, Op.RESTORE: Op.DELETE, Op.UPDATE: Op.UPDATE}


class State(StrEnum):
    """A state that a change set reaches; each is an appended event, the newest one holds."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    APPLIED = "applied"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CONFLICTED = "conflicted"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Change:
    """One record's change.

    Attributes:
        op: what happens.
        entity: as in the registry, or one of DECLARATIONS.
        record_id: the record, made by the client for a create.
        base_version: what the record must still be at; None for a create.
        set: public field name → (old, new). Money is whole minor units, a reference the record's id, a date ISO
            text, a decimal its digits as text. A create lists only what is filled; a delete or restore nothing.
    """

    op: Op
    entity: str
    record_id: int
    base_version: int | None = None
    set: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)

    @property
    def inverse(self) -> "Change":
        """The change that takes this one back, right after it."""
        version = 1 if self.base_version is None else self.base_version + 1
        swaps = self.op is Op.UPDATE or self.entity in DECLARATIONS  # a declaration is removed for good
        swapped = {name: (new, old) for name, (old, new) in self.set.items()} if swaps else {}
        return Change(self.op.inverse, self.entity, self.record_id, version, swapped)


@dataclass(frozen=True)
class Head:
    """All of a change set but its changes.

    Attributes:
        id: a UUID made by the client.
        kind: edit | import | undo.
        summary: one line for a person.
        asked_by: the actor's name.
        asked_by_id: the actor's id.
        door: what it came through: cli, web, slack, api, mcp.
        turn: the conversation turn it came from.
        tainted: untrusted text had been read before it was proposed.
        origin: where it came from, e.g. an import's files and their hashes.
        undoes: the change set that it takes back.
    """

    id: str
    kind: str
    summary: str
    asked_by: str
    asked_by_id: int
    door: str
    turn: str | None = None
    tainted: bool = False
    origin: Mapping[str, Json] = field(default_factory=dict)
    undoes: str | None = None

    @property
    def expires_at(self) -> datetime | None:
        """Until when a proposal may be approved; None: it was approved at once."""
        until = self.origin.get("expires_at")
        return datetime.fromisoformat(until) if isinstance(until, str) else None


@dataclass(frozen=True)
class ChangeSet:
    """A change set as it stands in the store, without its changes (see `read_changes`)."""

    head: Head
    sha256: str
    created_at: datetime
    state: State
    note: str | None = None

    @property
    def id(self) -> str:
        """Its UUID."""
        return self.head.id


class Digest:
    """SHA-256 of a change set's canonical form, taken as the changes stream by.

    The form is one line of JSON for the head and one for each change, keys sorted, so that it comes out the same
    from the store of any dialect.
    """

    def __init__(self, head: Head) -> None:
        values = {name: getattr(head, name) for name in _HEAD_FIELDS}
        self._hash = hashlib.sha256(_line(_plain({**values, "origin": dict(head.origin)})))

    def add(self, change: Change) -> None:
        """Take in the next change."""
        changed: object = change.set
        if _is_loose(change.set):
            changed = _plain(changed)
        self._hash.update(_line([change.op, change.entity, change.record_id, change.base_version, changed]))

    def hex(self) -> str:
        """The digest of what came so far."""
        return self._hash.hexdigest()


_HEAD_FIELDS = ("id", "kind", "summary", "asked_by", "asked_by_id", "door", "turn", "tainted", "undoes")
_LOOSE = frozenset({float, list, dict})  # what JSON may write in more than one way
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _line(value: object) -> bytes:
    return (_encode(value) + "\n").encode()


def storable(words: str) -> str:
    """`words` without the characters that no database can hold."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


def exact_number(value: float) -> int | float:
    """A float in the one form that both dialects give back: 3.0 as 3. For custom fields."""
    return int(value) if value.is_integer() else value


def _is_loose(changed: Mapping[str, tuple[Json, Json]]) -> bool:
    return any(new.__class__ in _LOOSE or old.__class__ in _LOOSE for old, new in changed.values())


def _plain(value: object) -> object:
    if isinstance(value, float):
        return exact_number(value)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
