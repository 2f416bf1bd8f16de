"""`farley send`: an approved draft leaves, once; and what was sent before."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from crm_core.sending import Delivery, Letter, Ready, Sent
    from integrations.cli.session import Session

_STYLES = {"sent": "green", "failed": "red", "unknown": "yellow"}


def send(
    draft: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Of the draft, or of the change that was approved.")
    ] = None,
    eml: Annotated[
        Path | None, typer.Option("--eml", metavar="FILE", help="Write the mail into a file instead, to send by hand.")
    ] = None,
    unknown: Annotated[bool, typer.Option("--unknown", help="List only mails of which nobody knows.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask again.")] = False,
    user: AsUser = None,
    json: JsonFlag = False,
) -> None:
    """Send an approved draft, once; without an ID: list the drafts to send and what was sent."""
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        if draft is None:
            _list(session, unknown=unknown, json=json)
            return
        ready = look_up(session, draft)
        if not json:
            show_ready(ready)
        if not (yes or json) and not typer.confirm("Send it?" if eml is None else f"Write it to {eml}?"):
            say("Nothing was sent.")
            return
        told = write_file(session, ready, eml) if eml else deliver(session, ready)
    if json:
        print_json(told)
    else:
        say(str(told["text"]), _STYLES.get(str(told["state"]), ""))
    if told["state"] in ("failed", "unknown"):
        raise typer.Exit(1)


def look_up(session: "Session", id_or_prefix: str) -> "Ready":
    """The approved draft with this id, or that this change made, if the person may send it."""
    from crm_core.changes import find_change_set, read_changes
    from crm_core.errors import Invalid
    from crm_core.sending import find_ready

    with session.store.read() as connection:
        schema = session.store.schema_at(connection)
        if id_or_prefix.isdecimal() and len(id_or_prefix) > 8:
            return find_ready(connection, schema, int(id_or_prefix), actor=session.actor)
        found = find_change_set(connection, session.actor, id_or_prefix)
        drafts = {change.record_id for _, change in read_changes(connection, found.id) if change.entity == "draft"}
        if len(drafts) != 1:
            raise Invalid(f"The change {found.id[:8]} made no draft; `farley send` lists what can be sent.")
        return find_ready(connection, schema, drafts.pop(), actor=session.actor)


def show_ready(ready: "Ready") -> None:
    """The mail as it will leave."""
    from integrations.cli.show import say

    say(f"To: {ready.recipient.name} <{ready.recipient.address}>", "bold")
    say(f"Subject: {ready.row.subject}", "bold")
    say(ready.row.body)


def deliver(session: "Session", ready: "Ready") -> dict[str, Any]:
    """Claim the send, hand the letter over and settle it; what became of it."""
    from crm_core.errors import Invalid
    from integrations.bootstrap import build_mailer

    mailer = build_mailer(session.settings)
    if mailer is None:
        raise Invalid(
            "No mail server is set (FARLEY_SMTP_HOST). `farley send ID --eml FILE` writes the mail to a file."
        )
    sent = mailer.send(session.store, ready.row.id, actor=session.actor, door="cli", shown=ready.approval)
    return _told(sent.letter, sent.delivery, sent.logged)


def write_file(session: "Session", ready: "Ready", path: Path) -> dict[str, Any]:
    """Write the mail into a file, in place of sending it."""
    from crm_core.errors import Unavailable
    from crm_core.sending import export
    from integrations.email import to_bytes

    sender = session.settings.smtp_from
    letter = export(session.store, ready.row.id, actor=session.actor, door="cli", shown=ready.approval, sender=sender)
    try:
        path.write_bytes(to_bytes(letter, is_unsent=True))
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}. Give another place.") from error
    text = f"Written to {path}. Send it with your mail program; it is logged when that mail is imported."
    return {"state": "exported", "text": text, "message_id": letter.message_id, "file": str(path)}


def _told(letter: "Letter", delivery: "Delivery", logged: str | None) -> dict[str, Any]:
    to = f"{letter.recipient.name} <{letter.recipient.address}>"
    texts = {
        "sent": f"Sent to {to}." + (f" Logged; `farley undo {logged[:8]}` takes the log back." if logged else ""),
        "failed": f"Not sent: the mail server did not take it ({delivery.note}). It can be sent again.",
        "unknown": f"Nobody knows whether it was sent: {delivery.note}. It is not sent again by itself; ask {to}, or"
        " look into the mailbox. To send it once more, change the draft and approve that.",
    }
    return {"state": str(delivery.state), "text": texts[delivery.state], "note": delivery.note,
            "message_id": letter.message_id, "change_set_id": logged}  # fmt: skip


def _list(session: "Session", *, unknown: bool, json: bool) -> None:
    from crm_core.sending import list_sends, list_unsent
    from integrations.cli.show import print_json, say

    sends = list_sends(session.store, session.actor, unknown=unknown)
    waiting = () if unknown else list_unsent(session.store, session.actor)
    if json:
        print_json({"to_send": [asdict(one) for one in waiting], "sends": [asdict(one) for one in sends]})
        return
    if waiting:
        _table("To send:", ("draft", "to", "subject"), ((str(one.id), one.to, one.subject) for one in waiting))
    if sends:
        _table("Sent:", ("draft", "when", "state", "to", "subject"), map(_row, sends))
    if not sends and not waiting:
        say("Nothing was sent, and no draft waits to be sent." if not unknown else "Of every mail it is known.")


def _row(one: "Sent") -> tuple[str, ...]:
    return (str(one.draft_id), f"{one.at.astimezone():%Y-%m-%d %H:%M}", one.state, one.recipient, one.subject)


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from integrations.cli.show import say, show_table

    say(title, "bold")
    show_table(heads, rows)
