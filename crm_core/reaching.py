"""Whether a contact may be written to: asked when a draft is proposed, when it is approved and when it is sent."""

from enum import StrEnum

from sqlalchemy import Connection, select

from crm_core.errors import Invalid
from crm_core.models import Consent, Contact, Interaction, InteractionKind

_BY_THEM = (InteractionKind.EMAIL, InteractionKind.CALL, InteractionKind.CHAT)


class Block(StrEnum):
    """Why somebody gets no mail from us."""

    DO_NOT_CONTACT = "do_not_contact"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


_TOLD = {
    Block.DO_NOT_CONTACT: "{name} does not want to be contacted.",
    Block.WITHHELD: "{name} did not agree to be written to.",
    Block.UNKNOWN: "{name} never wrote to us, and whether they agree to be written to is not known.",
}


def find_block(connection: Connection, contact_id: int) -> Block | None:
    """Why this contact gets no mail from us; None: they may be written to, or there is no such contact.

    Where consent is not known, a mail, call or chat that they began stands for it.
    """
    asked = select(Contact.do_not_contact, Contact.consent).where(Contact.id == contact_id)
    contact = connection.execute(asked).one_or_none()
    if contact is None:
        return None
    if contact.do_not_contact:
        return Block.DO_NOT_CONTACT
    if contact.consent == Consent.WITHHELD:
        return Block.WITHHELD
    is_known = contact.consent == Consent.GRANTED or _has_written(connection, contact_id)
    return None if is_known else Block.UNKNOWN


def why_not_write_to(connection: Connection, contact_id: int) -> str | None:
    """The same in words that a seller may read."""
    block = find_block(connection, contact_id)
    if block is None:
        return None
    name = connection.execute(select(Contact.name).where(Contact.id == contact_id)).scalar_one()
    return _TOLD[block].format(name=name)


def check_may_write_to(connection: Connection, contact_id: int) -> None:
    """Invalid, with the reason, where this contact must not be written to."""
    reason = why_not_write_to(connection, contact_id)
    if reason is not None:
        raise Invalid(reason)


def _has_written(connection: Connection, contact_id: int) -> bool:
    began = select(Interaction.id).where(
        Interaction.contact_id == contact_id,
        Interaction.direction == "in",
        Interaction.kind.in_(_BY_THEM),
        Interaction.deleted_at.is_(None),
    )
    return connection.execute(began.limit(1)).first() is not None
