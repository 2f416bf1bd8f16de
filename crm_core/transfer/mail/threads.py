"""Which mails belong to one conversation, whatever order they come in."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from crm_core.models import Interaction

_CHUNK = 500


class Threads:
    """Groups message ids that refer to one another; each group is called by its oldest known id."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._deals: dict[str, set[int]] = {}
        self.known: set[str] = set()

    def join(self, message_id: str | None, references: Sequence[str]) -> None:
        """Note that a mail answers others."""
        ids = [*references, message_id] if message_id else list(references)
        for one in ids:
            self._parent.setdefault(one, one)
        for later in ids[1:]:
            oldest, newer = self._root(ids[0]), self._root(later)
            if oldest != newer:
                self._parent[newer] = oldest

    def look_up(self, connection: Connection) -> None:
        """Learn which of the mails the store has, and what their conversations are called there."""
        ids = list(self._parent)
        mail = (Interaction.external_id, Interaction.thread, Interaction.deal_id)
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            meant = or_(Interaction.external_id.in_(some), Interaction.thread.in_(some))
            for row in connection.execute(select(*mail).where(meant, Interaction.deleted_at.is_(None))):
                self._learn(row.external_id, row.thread, row.deal_id)

    def add_known(self, external_id: str) -> bool:
        """Note that a mail is in the store, or about to be; False where it was already."""
        is_new = external_id not in self.known
        self.known.add(external_id)
        return is_new

    def name_of(self, message_id: str, references: Sequence[str]) -> str:
        """What the conversation of a mail is called."""
        root = self._root(references[0] if references else message_id)
        return self._named.get(root, root)

    def deal_of(self, thread: str) -> int | None:
        """The deal that the store has the conversation under, where it is one alone."""
        deals = self._deals.get(thread, set())
        return next(iter(deals)) if len(deals) == 1 else None

    def _learn(self, external_id: str | None, thread: str | None, deal_id: int | None) -> None:
        if external_id:
            self.known.add(external_id)
        called = thread or external_id
        for one in (external_id, thread):
            if called and one in self._parent:
                self._named.setdefault(self._root(one), called)
        if called and deal_id is not None:
            self._deals.setdefault(called, set()).add(deal_id)

    def _root(self, message_id: str) -> str:
        walked = []
        while (above := self._parent.get(message_id, message_id)) != message_id:
            walked.append(message_id)
            message_id = above
        for one in walked:
            self._parent[one] = message_id
        return message_id
