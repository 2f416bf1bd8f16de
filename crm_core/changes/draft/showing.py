"""Change sets that are there, as JSON: what the commands and REST show."""

from dataclasses import asdict
from itertools import islice
from typing import Any

from crm_core.access import Actor
from crm_core.changes.change import ChangeSet
from crm_core.changes.draft.telling import told
from crm_core.changes.history import find_change_set, read_changes
from crm_core.changes.undo import UndoResult
from crm_core.db import ReadStore


def look_up(
    store: ReadStore, id_or_prefix: str, *, actor: Actor, offset: int = 0, limit: int | None = None
) -> tuple[ChangeSet, list[dict[str, Any]]]:
    """A change set and its changes as a person reads them, all or a part.

    Raises:
        NotFound: none that the actor may see.
        Invalid: several begin so.
    """
    with store.read(actor) as connection:
        found = find_change_set(connection, actor, id_or_prefix)
        asked = (change for seq, change in read_changes(connection, found.id) if seq >= 0)
        changes = list(islice(asked, offset, None if limit is None else offset + limit))
    return found, told(store, changes, actor=actor, quotes=_quotes(found, offset, len(changes)))


def _quotes(found: ChangeSet, offset: int, number: int) -> dict[int, str]:
    """The words that the changes from `offset` on rest on, by their place among these."""
    kept = found.head.origin.get("quotes")
    quotes = {int(at) - offset: str(words) for at, words in kept.items()} if isinstance(kept, dict) else {}
    return {at: words for at, words in quotes.items() if 0 <= at < number}


def set_as_json(one: ChangeSet) -> dict[str, Any]:
    """A change set without its changes."""
    head = one.head
    return {
        "id": one.id, "state": str(one.state), "kind": head.kind, "summary": head.summary,
        "asked_by": head.asked_by, "door": head.door, "created_at": one.created_at.isoformat(),
        "expires_at": head.expires_at.isoformat() if head.expires_at else None, "tainted": head.tainted,
        "undoes": head.undoes, "note": one.note, "sha256": one.sha256,
    }  # fmt: skip


def undo_as_json(result: UndoResult) -> dict[str, Any]:
    """What an undo did and what it left."""
    return {
        "undone": result.undone.id, "id": result.change_set_id, "records": result.records,
        "left": [asdict(left) for left in result.left],
    }  # fmt: skip
