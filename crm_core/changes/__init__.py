"""The change set: the only way that a record changes.

It knows records, versions, rights and history; it knows no file format, no door, no model. A change's values are JSON
as the store holds them: money in whole minor units and references as record ids, both under the public field name
(`amount`, `owner`), dates as ISO text. Turning them into words and major units is the work of whoever shows them.

Who writes many changes hands over an iterable; they are streamed in chunks and never held together.
"""

from crm_core.changes.audit import Fault, check_audit
from crm_core.changes.change import Change, ChangeSet, Head, Json, Op, State
from crm_core.changes.commit import commit_changes, commit_on
from crm_core.changes.decide import approve, list_deciders, list_waiting, may_decide, reject
from crm_core.changes.history import Event, Sought, find_change_set, list_changes, read_changes, read_events
from crm_core.changes.moved import Left
from crm_core.changes.propose import Origin, propose, withdraw
from crm_core.changes.rights import may_apply
from crm_core.changes.undo import UndoResult, undo, undo_turn
from crm_core.changes.undo_fields import undo_fields

__all__ = [
    "Change", "ChangeSet", "Event", "Fault", "Head", "Json", "Left", "Op", "Origin", "Sought", "State", "UndoResult",
    "approve", "check_audit", "commit_changes", "commit_on", "find_change_set", "list_changes", "list_deciders",
    "list_waiting", "may_apply", "may_decide", "propose", "read_changes", "read_events", "reject", "undo",
    "undo_fields", "undo_turn", "withdraw",
]  # fmt: skip
