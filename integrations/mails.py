"""The mail that a change set makes or changes: as it would leave, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_core.access import Actor
from crm_core.blanks import blanks_in
from crm_core.changes import Change, ChangeSet, Op, State
from crm_core.db import Store
from crm_core.models import Draft
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.reaching import Recipient
from crm_core.sending import Sent, find_send

FIELDS = ("subject", "body")  # that a person edits


@dataclass(frozen=True)
class Mail:
    """A draft as a card shows it.

    Attributes:
        draft_id: of the record that the change set makes or changes.
        is_new: the change set made it.
        name, address: of the contact or lead; empty where the person may not see them.
        subject, body: the text.
        reason: why it was made, where nobody asked for it.
        send: what became of it after this approval; None: nobody has tried to send it.
    """

    draft_id: int
    is_new: bool
    name: str
    address: str
    subject: str
    body: str
    reason: str = ""
    send: Sent | None = None

    @property
    def blanks(self) -> tuple[str, ...]:
        """What a person has to fill in before it may leave."""
        return blanks_in(f"{self.subject}\n{self.body}")


def read_mail(store: Store, found: ChangeSet, exact: Sequence[Change], actor: Actor) -> Mail | None:
    """The mail of a change set that is about one draft and nothing else; None of any other."""
    if len(exact) != 1 or exact[0].entity != "draft" or exact[0].op not in (Op.CREATE, Op.UPDATE):
        return None
    change = exact[0]
    with store.read() as connection:
        values = _kept(connection, change.record_id) if change.op is Op.UPDATE else {}
    values |= {name: pair[1] for name, pair in change.set.items()}
    whom = Recipient.of(values)
    spec = QuerySpec(entity=whom.entity, columns=["name", "email"])
    rows = run_query(store, spec, actor=actor, today=found.created_at.date(), only=[whom.id]).rows
    name, address = (str(one or "") for one in rows[0].values) if rows else ("", "")
    send = find_send(store, actor, found.id) if found.state is State.APPLIED else None
    return Mail(
        change.record_id, change.op is Op.CREATE, name, address, str(values["subject"] or ""),
        str(values["body"] or ""), str(values.get("reason") or ""), send,
    )  # fmt: skip


def _kept(connection: Connection, draft_id: int) -> dict[str, object]:
    columns = (Draft.subject, Draft.body, Draft.reason, Draft.contact_id.label("contact"), Draft.lead_id.label("lead"))
    return dict(connection.execute(select(*columns).where(Draft.id == draft_id)).one()._mapping)
