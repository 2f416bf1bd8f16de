"""Which mails a letter answers."""

import re

from sqlalchemy import Connection, select

from crm_core.models import Interaction

_ID = re.compile(r"<[!-;=?-~]{3,400}>")  # ASCII without spaces and brackets
_MOST = 20


def answered(connection: Connection, thread: str | None, contact_id: int) -> tuple[str, ...]:
    """Message ids of the mails with this contact in the conversation, the oldest first."""
    if not thread:
        return ()
    query = (
        select(Interaction.external_id)
        .where(Interaction.thread == thread, Interaction.contact_id == contact_id, Interaction.deleted_at.is_(None))
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(_MOST)
    )
    found = [one for one in connection.scalars(query) if one and _ID.fullmatch(one)]
    return tuple(reversed(found))
