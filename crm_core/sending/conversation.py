"""Which mails a letter answers."""

import re

from sqlalchemy import Connection, select

from crm_core.models import Interaction
from crm_core.reaching import Recipient

_ID = re.compile(r"<[!-;=?-~]{3,400}>")  # ASCII without spaces and brackets
_MOST = 20


def answered(connection: Connection, thread: str | None, whom: Recipient) -> tuple[str, ...]:
    """Message ids of the mails with this person in the conversation, the oldest first."""
    if not thread:
        return ()
    link = Interaction.contact_id if whom.entity == "contact" else Interaction.lead_id
    query = (
        select(Interaction.external_id)
        .where(Interaction.thread == thread, link == whom.id, Interaction.deleted_at.is_(None))
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(_MOST)
    )
    found = [one for one in connection.scalars(query) if one and _ID.fullmatch(one)]
    return tuple(reversed(found))
