"""Claiming the one send that an approval allows, before anything leaves."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from crm_core.access import Actor
from crm_core.blanks import blanks_in
from crm_core.changes.commit import explained
from crm_core.db import Store
from crm_core.errors import Conflict, Invalid
from crm_core.ids import new_id
from crm_core.models import Draft, Send, SendState
from crm_core.reaching import PEOPLE
from crm_core.sending.conversation import answered
from crm_core.sending.draft import Ready, find_ready
from crm_core.sending.letter import Letter, Mailbox

_TOLD = {
    SendState.SENT: "It was sent already, on {at}.",
    SendState.EXPORTED: "It was written into a file on {at}, to be sent by hand.",
    SendState.CLAIMED: "Its sending began on {at} and nobody knows whether it went.",
    SendState.UNKNOWN: "It may have been sent on {at}: the server gave no answer.",
}
_AGAIN = " To send it once more, change the draft or make a new one, and approve that."


def claim(
    store: Store, draft_id: int, *, actor: Actor, door: str, shown: str, sender: str = "", at: datetime | None = None
) -> Letter:
    """Claim the send of a draft for this person, and give the letter that may now be handed over, once.

    It is committed before this returns. Say `settle` with what became of it; where nobody does, it stays unknown.

    Args:
        store: where.
        draft_id: of the approved draft.
        actor: who sends it.
        door: what they asked through.
        shown: the approval of the draft that they saw, from `find_ready`.
        sender: the address that all mail leaves from; empty: the person's own.
        at: the moment, default now.

    Raises:
        NotFound, Forbidden, Invalid: see `find_ready`; Invalid too where a blank is to be filled in.
        Conflict: it was sent, may have been, or is no more what was shown.
    """
    return _claim(store, draft_id, SendState.CLAIMED, actor=actor, door=door, shown=shown, sender=sender, at=at)


def export(
    store: Store, draft_id: int, *, actor: Actor, door: str, shown: str, sender: str = "", at: datetime | None = None
) -> Letter:
    """The same for a file that a person will send: it takes the place of the send, and may be written again."""
    return _claim(store, draft_id, SendState.EXPORTED, actor=actor, door=door, shown=shown, sender=sender, at=at)


def _claim(
    store: Store,
    draft_id: int,
    state: SendState,
    *,
    actor: Actor,
    door: str,
    shown: str,
    sender: str,
    at: datetime | None,
) -> Letter:
    at = at or datetime.now(UTC)
    with store.write() as connection, explained():
        _hold(connection, draft_id)
        ready = find_ready(connection, store.schema_at(connection), draft_id, actor=actor)
        if ready.approval != shown:
            raise Conflict("The draft is not what was shown. Look at it again.")
        if state is SendState.CLAIMED:
            _check_filled(ready)
        box, reply_to = _from(ready, sender)
        send_id, message_id = _take(connection, ready, state, box, actor=actor, door=door, at=at)
        row = ready.row
        return Letter(
            send_id, message_id, box, reply_to, ready.recipient, row.subject or "", row.body,
            answered(connection, row.thread, ready.whom), at,
        )  # fmt: skip


def _check_filled(ready: Ready) -> None:
    """A mail with a blank in it does not leave; a file of it may, for a person to fill in."""
    blanks = blanks_in(f"{ready.row.subject}\n{ready.row.body}")
    if blanks:
        raise Invalid(
            f"There is a blank to fill in: {blanks[0]}. Fill it in, by `farley draft {ready.row.id} --set` or by chat,"
            " and approve that; or write the mail to a file and fill it in there."
        )


def _hold(connection: Connection, draft_id: int) -> None:
    """Let nobody change the draft or who it is to until the claim is committed."""
    mine = Draft.id == draft_id
    connection.execute(select(Draft.id).where(mine).with_for_update())
    for name, model in PEOPLE.items():
        link = Draft.__table__.c[f"{name}_id"]
        connection.execute(
            select(model.id).join(Draft, link == model.id).where(mine).with_for_update(of=model.__table__)
        )


def _from(ready: Ready, sender: str) -> tuple[Mailbox, Mailbox | None]:
    name, own = ready.sender
    if not sender:
        if not own:
            raise Invalid(f"{name} has no email address to send from; FARLEY_SMTP_FROM can name one.")
        return Mailbox.of(name, own), None
    box = Mailbox.of(name, sender)
    return box, Mailbox.of(name, own) if own and own.lower() != sender.lower() else None


def _take(
    connection: Connection, ready: Ready, state: SendState, box: Mailbox, *, actor: Actor, door: str, at: datetime
) -> tuple[int, str]:
    """The row of this approval: a new one, or that of an attempt that certainly failed."""
    before = connection.execute(
        select(Send.id, Send.state, Send.message_id, Send.claimed_at).where(Send.approval == ready.approval)
    ).one_or_none()
    row = ready.row
    given = {
        "draft_id": row.id, **ready.whom.columns, "recipient": ready.recipient.address,
        "subject": row.subject or "", "sender": actor.name, "sender_id": actor.id, "door": door, "state": str(state),
        "claimed_at": at, "settled_at": None, "note": None,
    }  # fmt: skip
    if before is None:
        send_id, message_id = new_id(), _message_id(box)
        made = {"id": send_id, "approval": ready.approval, "message_id": message_id, "attempts": 1}
        connection.execute(insert(Send), [{**made, **given}])
        return send_id, message_id
    is_again = before.state == state == SendState.EXPORTED
    if before.state != SendState.FAILED and not is_again:
        told = _TOLD[SendState(before.state)].format(at=f"{before.claimed_at.astimezone():%Y-%m-%d %H:%M}")
        raise Conflict(told + _AGAIN)
    taken = update(Send).where(Send.id == before.id, Send.state == before.state)
    if not connection.execute(taken.values(attempts=Send.attempts + 1, **given)).rowcount:
        raise Conflict("It is being sent at this very moment.")
    return before.id, before.message_id


def _message_id(box: Mailbox) -> str:
    return f"<{uuid4().hex}.farley@{box.address.rpartition('@')[2]}>"
