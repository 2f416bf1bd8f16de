"""`farley changes`, `approve`, `reject` and `undo`: what waits, what was changed, and taking it back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag
from integrations.cli.rewriting import Edit, Sets, correct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.changes import ChangeSet, UndoResult
    from integrations.cli.session import Session

LEFT_SHOWN, MANY = 10, 10


def changes(
    change: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Show one change, old and new values in full.")
    ] = None,
    user: AsUser = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many.")] = 20,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for approval.")] = False,
    json: JsonFlag = False,
) -> None:
    """List the latest changes and what waits for approval, newest first; or show one of them."""
    from crm_core.changes import list_changes
    from crm_core.changes.draft import set_as_json
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json

    with open_session(user) as session:
        if change is not None:
            _show_one(session, change, json=json)
        elif json:
            found = list_changes(session.store, session.actor, limit=limit, waiting=waiting)
            print_json({"changes": [set_as_json(one) for one in found]})
        else:
            show_changes(session, limit=limit, waiting=waiting)


def approve(
    change: Annotated[str, typer.Argument(metavar="ID", help="Of the proposal, or how it begins.")],
    user: AsUser = None,
    sets: Sets = None,
    edit: Edit = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask again.")] = False,
    json: JsonFlag = False,
) -> None:
    """Apply a proposal, exactly as it is shown; corrected before, where you give other values."""
    from crm_core.changes.draft import set_as_json
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say, show_diff

    with open_session(user) as session:
        if sets or edit:
            change = correct(session, change, sets or (), in_editor=edit).id
        found, diff = look_up(session, change)
        if not json:
            say(found.head.summary, "bold")
            show_diff(diff)
        if not (yes or json) and not _confirmed(len(diff)):
            say("Nothing was changed; the proposal still waits.")
            return
        applied = apply(session, found)
        if json:
            print_json(set_as_json(applied))
        else:
            say(describe_applied(applied))


def reject(
    change: Annotated[str, typer.Argument(metavar="ID", help="Of the proposal, or how it begins.")],
    user: AsUser = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, for the record.")] = None,
    json: JsonFlag = False,
) -> None:
    """Drop a proposal: nothing is changed."""
    from crm_core.changes.draft import set_as_json
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        found = drop(session, change, reason=reason)
        if json:
            print_json(set_as_json(found))
        else:
            say(describe_dropped(found))


def undo(
    change: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of the change, or how it begins.")] = None,
    user: AsUser = None,
    turn: Annotated[
        str | None, typer.Option("--turn", metavar="TURN", help="All that one turn of a conversation led to.")
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="NAME", help="Only this field; may be given again.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Take a change back: everything it did that nobody has changed since."""
    from crm_core.changes.draft import undo_as_json
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    if (change is None) == (turn is None) or (field and turn):
        raise typer.BadParameter("give either the ID of a change, with --field if not all of it, or --turn TURN")
    with open_session(user) as session:
        results = [take_back(session, change, fields=field or ())] if change else _take_turn_back(session, str(turn))
        if json:
            print_json([undo_as_json(one) for one in results] if turn else undo_as_json(results[0]))
        else:
            say("\n".join(describe(one) for one in results))


def look_up(session: "Session", id_or_prefix: str) -> "tuple[ChangeSet, list[dict[str, Any]]]":
    """A change set and its changes as a person reads them."""
    from crm_core.changes.draft import look_up

    return look_up(session.store, id_or_prefix, actor=session.actor)


def _show_one(session: "Session", id_or_prefix: str, *, json: bool) -> None:
    from crm_core.changes.draft import set_as_json
    from integrations.cli.show import print_json, say, show_diff

    found, diff = look_up(session, id_or_prefix)
    if json:
        print_json({**set_as_json(found), "changes": diff})
        return
    say(f"{found.head.summary} ({found.state})", "bold")
    asked = f"asked by {found.head.asked_by} through {found.head.door}"
    say(f"{asked}, {found.created_at.astimezone():%Y-%m-%d %H:%M}", "dim")
    show_diff(diff)


def _confirmed(number: int) -> bool:
    """Whether the person says yes; many changes at once take their number, typed."""
    if number <= MANY:
        return typer.confirm("Apply this?")
    return str(typer.prompt(f"Type {number} to apply all {number} changes", default="no")).strip() == str(number)


def _take_turn_back(session: "Session", turn: str) -> "list[UndoResult]":
    from crm_core.changes import undo_turn

    return list(undo_turn(session.store, turn, actor=session.actor, door="cli"))


def show_changes(session: "Session", *, limit: int, waiting: bool = False) -> None:
    """The latest changes as a table."""
    from crm_core.changes import list_changes
    from integrations.cli.show import say, show_table

    found = list_changes(session.store, session.actor, limit=limit, waiting=waiting)
    if not found:
        say("Nothing waits for approval." if waiting else "Nothing was changed yet.")
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


def apply(session: "Session", shown: "ChangeSet") -> "ChangeSet":
    """Approve what was shown, as the person of the session."""
    from crm_core.changes import approve

    return approve(session.store, shown.id, sha256=shown.sha256, actor=session.actor, door="cli")


def describe_applied(applied: "ChangeSet", *, command: str = "farley ") -> str:
    """What an approval did, in a sentence."""
    return f"Done: {applied.note}. `{command}undo {applied.id[:8]}` takes it back."


def drop(session: "Session", id_or_prefix: str, *, reason: str | None = None) -> "ChangeSet":
    """Reject as the person of the session."""
    from crm_core.changes import reject

    return reject(session.store, id_or_prefix, actor=session.actor, door="cli", reason=reason)


def describe_dropped(rejected: "ChangeSet") -> str:
    """What a rejection did, in a sentence."""
    return f"Rejected: {rejected.head.summary} ({rejected.id[:8]}). Nothing was changed."


def take_back(session: "Session", id_or_prefix: str, *, fields: "Sequence[str]" = ()) -> "UndoResult":
    """Undo as the person of the session: all of it, or these fields."""
    from crm_core.changes import undo, undo_fields

    if fields:
        return undo_fields(session.store, id_or_prefix, fields, actor=session.actor, door="cli")
    return undo(session.store, id_or_prefix, actor=session.actor, door="cli")


def describe(result: "UndoResult", *, command: str = "farley ") -> str:
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
        lines.append(f"`{command}undo {result.change_set_id[:8]}` takes this back.")
    return "\n".join(lines)
