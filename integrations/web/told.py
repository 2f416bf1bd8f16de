"""What change sets do, in a line in the reader's language: in English as they were called, else from their changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from copilot.cards import summary
from copilot.context import Lang
from crm_core.changes import ChangeSet
from crm_core.db import ReadStore
from crm_core.models import ChangeRow
from integrations.web.words import say

READ = 100  # changes of a set; one with more is told by their number
_HEADS = ("import", "undo")


def tell_set(one: ChangeSet, changes: Sequence[dict[str, Any]], count: int, lang: Lang) -> str:
    """A change set in a line.

    Args:
        one: the set.
        changes: of it: op, entity and set of each; all of them, or the first ones.
        count: how many there are.
        lang: of the reader.
    """
    if lang == "en" or not count:
        return _begun(one.head.summary)
    whole = len(changes) == count
    told = summary(changes, lang) if whole else say("changes_of_set", lang, count=f"{count:,}")
    return say(f"told_{one.head.kind}", lang, what=told) if one.head.kind in _HEADS else told


def tell_sets(store: ReadStore, sets: Iterable[ChangeSet], lang: Lang) -> dict[str, str]:
    """Id → the line of each of these, which somebody may see."""
    sets = tuple(sets)
    if lang == "en":
        return {one.id: _begun(one.head.summary) for one in sets}
    row, ids = ChangeRow, [one.id for one in sets]
    counts = select(row.change_set_id, func.max(row.seq) + 1).where(row.change_set_id.in_(ids), row.seq >= 0)
    first = select(row.change_set_id, row.op, row.entity, row.set).where(row.change_set_id.in_(ids), row.seq >= 0)
    changes: dict[str, list[dict[str, Any]]] = {}
    with store.read() as connection:
        number = {str(id): int(found) for id, found in connection.execute(counts.group_by(row.change_set_id))}
        for found in connection.execute(first.where(row.seq < READ).order_by(row.change_set_id, row.seq)):
            changes.setdefault(found.change_set_id, []).append(
                {"op": found.op, "entity": found.entity, "set": found.set}
            )
    return {one.id: tell_set(one, changes.get(one.id, []), number.get(one.id, 0), lang) for one in sets}


def _begun(told: str) -> str:
    """As a line begins."""
    return told[:1].upper() + told[1:]
