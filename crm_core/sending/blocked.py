"""Who must not be written to."""

from sqlalchemy import Connection, select

from crm_core.models import Consent, Contact, Interaction


def why_not_write_to(connection: Connection, contact_id: int) -> str | None:
    """Why this contact gets no mail from us; None: they may be written to.

    Where consent is not known, a mail, call or chat that they began stands for it.
    """
    query = select(Contact.name, Contact.do_not_contact, Contact.consent).where(Contact.id == contact_id)
    contact = connection.execute(query).one()
    if contact.do_not_contact:
        return f"{contact.name} does not want to be contacted."
    if contact.consent == Consent.WITHHELD:
        return f"{contact.name} did not agree to be written to."
    wrote = (Interaction.contact_id == contact_id, Interaction.direction == "in", Interaction.deleted_at.is_(None))
    if contact.consent != Consent.GRANTED and connection.execute(select(Interaction.id).where(*wrote)).first() is None:
        return f"{contact.name} never wrote to us, and whether they agree to be written to is not known."
    return None
