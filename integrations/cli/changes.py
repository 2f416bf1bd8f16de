"""`farley changes` and `farley undo`: what was changed, and taking it back."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from crm_core.changes import ChangeSet, UndoResult
    from integrations.cli.session import Session

LEFT_SHOWN = 10


def changes(
    user: AsUser = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many.")] = 20,
    json: JsonFlag = False,
) -> None:
    """List the latest changes, newest first."""
    from crm_core.changes import list_changes
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json

    with open_session(user) as session:
        if json:
            found = list_changes(session.store, session.actor, limit=limit)
            print_json({"changes": [_as_json(one) for one in found]})
        else:
            show_changes(session, limit=limit)


def undo(
    change: Annotated[str, typer.Argument(metavar="ID", help="Of the change, or how it begins.")],
    user: AsUser = None,
    json: JsonFlag = False,
) -> None:
    """Take a change back: everything it did that nobody has changed since."""
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        result = take_back(session, change)
        if json:
            print_json(_result_json(result))
        else:
            say(describe(result))


def show_changes(session: "Session", *, limit: int) -> None:
    """The latest changes as a table."""
    from crm_core.changes import list_changes
    from integrations.cli.show import say, show_table

    found = list_changes(session.store, session.actor, limit=limit)
    if not found:
        say("Nothing was changed yet.")
        return
    rows = [
        (
            one.id[:8],
            f"{one.created_at.astimezone():%Y-%m-%d %H:%M}",
            one.state,
            one.head.asked_by,
            one.head.summary,
        )
        for one in found
    ]
    show_table(("id", "when", "state", "by", "what"), rows)


def take_back(session: "Session", id_or_prefix: str) -> "UndoResult":
    """Undo as the person of the session."""
    from crm_core.changes import undo

    return undo(session.store, id_or_prefix, actor=session.actor, door="cli")


def describe(result: "UndoResult") -> str:
    """What an undo did, in a sentence, and what it left with the reasons."""
    from integrations.cli.show import count_of

    counts = [count_of(n, name) for name, n in result.records.items()]
    undone = f"{result.undone.head.summary} ({result.undone.id[:8]})"
    lines = [
        f"Undone: {undone}. Put back: {', '.join(counts)}." if counts else f"Nothing of {undone} could be put back."
    ]
    lines += [f"  left: {left.entity} {left.label}: {left.reason}" for left in result.left[:LEFT_SHOWN]]
    if len(result.left) > LEFT_SHOWN:
        lines.append(f"  … and {len(result.left) - LEFT_SHOWN} more; --json lists all")
    if result.change_set_id:
        lines.append(f"`farley undo {result.change_set_id[:8]}` takes this back.")
    return "\n".join(lines)


def _as_json(one: "ChangeSet") -> dict[str, Any]:
    head = one.head
    return {
        "id": one.id, "state": str(one.state), "kind": head.kind, "summary": head.summary,
        "asked_by": head.asked_by, "door": head.door, "created_at": one.created_at.isoformat(),
        "undoes": head.undoes, "note": one.note, "sha256": one.sha256,
    }  # fmt: skip


def _result_json(result: "UndoResult") -> dict[str, Any]:
    return {
        "undone": result.undone.id, "id": result.change_set_id, "records": result.records,
        "left": [asdict(left) for left in result.left],
    }  # fmt: skip
