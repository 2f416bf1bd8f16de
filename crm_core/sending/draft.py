"""Whether a draft may be sent, by whom and to whom: asked before it is shown, and again when it is claimed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_core.access import ADMIN, Actor
from crm_core.changes import State
from crm_core.changes.rights import check_kind, check_records
from crm_core.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.models import ChangeDecision, ChangeRow, User
from crm_core.reaching import Recipient, check_may_write_to, find_person
from crm_core.schema import Schema
from crm_core.sending.letter import Mailbox


@dataclass(frozen=True)
class Ready:
    """An approved draft that the actor may send.

    Attributes:
        approval: the change set that made the draft what it is; it allows one send.
        version: of the draft, as the approval left it.
        whom: it goes to.
        recipient: their own address, from the store.
        sender: whose name the mail carries; the address is the user's own, or empty.
        row: the draft.
    """

    approval: str
    version: int
    whom: Recipient
    recipient: Mailbox
    sender: tuple[str, str]
    row: Row[Any]


def find_ready(connection: Connection, schema: Schema, draft_id: int, *, actor: Actor) -> Ready:
    """The draft, if the actor may send it now.

    Raises:
        NotFound: there is none that they may see, or who it is to is gone.
        Forbidden: it is another person's, or their right has ended.
        Conflict: it is not as it was approved.
        Invalid: it has no recipient, or they must not be written to; says why.
    """
    row = _draft(connection, schema, draft_id, actor)
    sender = _sender(connection, row, actor)
    approval, approved = _approval(connection, draft_id)
    if row.version != approved:
        raise Conflict("The draft has changed since it was approved; it has to be approved anew.")
    if not (row.body or "").strip():
        raise Invalid("The draft has no text.")
    whom = Recipient.of(row._mapping)
    return Ready(approval, approved, whom, _mailbox(connection, whom), sender, row)


def _draft(connection: Connection, schema: Schema, draft_id: int, actor: Actor) -> Row[Any]:
    table = schema.entity("draft").table
    row = connection.execute(select(table).where(table.c.id == draft_id, table.c.deleted_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound("There is no such draft; a proposal has to be approved first.")
    check_kind(actor, schema, "draft")
    check_records(connection, schema, actor, schema.entity("draft"), [draft_id])
    return row


def _sender(connection: Connection, draft: Row[Any], actor: Actor) -> tuple[str, str]:
    """Name and address of the person who sends; a draft leaves in nobody's name but its own user's."""
    if draft.user_id != (actor.id or None):
        raise Forbidden("A draft is sent by the person whose it is; this one is somebody else's.")
    if actor.id == ADMIN.id:
        return actor.name, ""
    user = connection.execute(
        select(User.name, User.email).where(User.id == actor.id, User.is_active, User.deleted_at.is_(None))
    ).one_or_none()
    if user is None:
        raise Forbidden(f"{actor.name} is no longer active and cannot send.")
    return str(user.name), user.email or ""


def _approval(connection: Connection, draft_id: int) -> tuple[str, int]:
    """The change set that last touched the draft, and the version that it left."""
    applied = (
        select(ChangeRow.change_set_id, ChangeRow.base_version)
        .join(ChangeDecision, ChangeDecision.change_set_id == ChangeRow.change_set_id)
        .where(ChangeRow.entity == "draft", ChangeRow.record_id == draft_id, ChangeDecision.state == State.APPLIED)
        .order_by(ChangeDecision.id.desc())
        .limit(1)
    )
    newest = connection.execute(applied).one_or_none()
    if newest is None:
        raise Conflict("Nobody approved this draft.")
    return newest.change_set_id, (newest.base_version or 0) + 1


def _mailbox(connection: Connection, whom: Recipient) -> Mailbox:
    person = find_person(connection, whom)
    if person is None:
        raise NotFound(f"The {whom.entity} that the draft is to is gone.")
    check_may_write_to(connection, whom)
    if not (person.email or "").strip():
        raise Invalid(f"{person.name} has no email address.")
    return Mailbox.of(person.name, person.email)
