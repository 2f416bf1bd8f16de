"""The audit trail: one line for each applied change set, each with the hash of the line before it.

Who alters or removes a line, or a change that a line speaks of, breaks the chain from there on; `check_audit` says
where. The trail begins when the store came to the version that keeps it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from crm_core.access import Actor
from crm_core.changes.change import Digest, Head
from crm_core.changes.history import find_head, read_changes
from crm_core.changes.layout import moment_text
from crm_core.errors import Conflict
from crm_core.models import AuditEntry

_FIRST = "0" * 64
_SIGNED = (
    "seq", "change_set_id", "action", "asked_by_id", "approved_by", "approved_by_id", "door", "at", "sha256",
    "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with the trail at one place.

    Attributes:
        kind: missing: a line is gone or was replaced; altered: a line; changed: the changes that a line speaks of.
        what: the number of the line, or the first characters of the change set's id.
    """

    kind: Literal["missing", "altered", "changed"]
    what: str

    def __str__(self) -> str:
        return _SAID[self.kind].format(self.what)


_SAID = {
    "missing": "Line {} of the audit trail is missing or was replaced.",
    "altered": "Line {} of the audit trail was altered.",
    "changed": "The change {} is not what was approved.",
}


def append_audit(connection: Connection, head: Head, sha256: str, *, actor: Actor, door: str, at: datetime) -> None:
    """Add the line of a set that `actor` approved; inside the transaction that applies it."""
    newest = select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    entry = {
        "seq": last.seq + 1 if last else 1, "change_set_id": head.id, "action": head.kind,
        "asked_by_id": head.asked_by_id, "approved_by": actor.name, "approved_by_id": actor.id, "door": door,
        "at": at, "sha256": sha256, "previous": last.hash if last else _FIRST,
    }  # fmt: skip
    connection.execute(insert(AuditEntry), [{**entry, "hash": _hash(entry)}])


def check_audit(connection: Connection) -> Iterator[Fault]:
    """What is wrong with the trail; nothing, where it is whole."""
    previous, expected = _FIRST, 1
    for row in connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.seq)).mappings():
        if row["seq"] != expected or row["previous"] != previous:
            yield Fault("missing", str(expected))
        if row["hash"] != _hash(dict(row)):
            yield Fault("altered", str(row["seq"]))
        if row["sha256"] != digest_of(connection, row["change_set_id"]):
            yield Fault("changed", row["change_set_id"][:8])
        previous, expected = row["hash"], row["seq"] + 1


def digest_of(connection: Connection, change_set_id: str) -> str:
    """The SHA-256 of a change set as it stands in the store."""
    digest = Digest(find_head(connection, change_set_id))
    for seq, change in read_changes(connection, change_set_id):
        if seq >= 0:
            digest.add(change)
    return digest.hex()


def check_whole(connection: Connection, change_set_id: str) -> None:
    """Conflict where a set's changes are not those that its line of the trail speaks of; an older set has no line."""
    signed = select(AuditEntry.sha256).where(AuditEntry.change_set_id == change_set_id)
    if connection.execute(signed).scalar() not in (None, digest_of(connection, change_set_id)):
        raise Conflict(f"The change {change_set_id[:8]} is not what was approved, so it cannot be taken back.")


def _hash(entry: dict[str, object]) -> str:
    at = entry["at"]
    assert isinstance(at, datetime)
    signed = [moment_text(at) if name == "at" else entry[name] for name in _SIGNED]
    return hashlib.sha256(json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
