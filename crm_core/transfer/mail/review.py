"""The review queue: people who write and whom nobody here knows are proposed as contacts, for a person to decide.

It looks at the mails in the store that belong to nobody, so an import that broke off, or a proposal that ran out, is
made good by the next one. Who was rejected is not proposed again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from crm_core.access import Actor, Scope
from crm_core.changes.change import Change, ChangeSet, Json, Op, State
from crm_core.changes.history import find_change_set
from crm_core.changes.propose import Origin, propose
from crm_core.changes.rights import visible_ids
from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.models import ChangeRow, ChangeSetRow, Contact, Interaction, InteractionKind
from crm_core.schema import Schema
from crm_core.transfer.mail.headers import Address
from crm_core.transfer.mail.report import Waiting
from crm_core.transfer.mail.words import is_automatic

MOST_AT_ONCE = 100
_MOST_MAILS = 5_000  # that one proposal links
_LASTS = timedelta(days=365)
_CHUNK = 500
_ASKS_AGAIN = frozenset({State.EXPIRED, State.CONFLICTED, State.WITHDRAWN, State.SUPERSEDED})


@dataclass
class _Unknown:
    """Somebody without a contact, and their mails as (id, version, account)."""

    person: Address
    subject: str
    mails: list[tuple[int, int, int | None]] = field(default_factory=list)
    contact: tuple[int, int | None] | None = None  # made in the meantime: its id and account
    asked: ChangeSet | None = None
    covered: int = 0  # mails that the waiting proposal links

    @property
    def turn(self) -> str:
        """What its proposals are found by."""
        return f"mail:{self.person.address}"

    @property
    def account(self) -> int | None:
        """The account of their domain, where the mails agree on it."""
        accounts = {account for _, _, account in self.mails}
        return next(iter(accounts)) if len(accounts) == 1 else None

    def is_due(self, actor: Actor) -> bool:
        """Whether somebody is to be asked now."""
        state = self.asked.state if self.asked else None
        if self.asked and state is State.PROPOSED:
            return self.asked.head.asked_by_id == actor.id and self.covered < min(len(self.mails), _MOST_MAILS)
        return state is None or state in _ASKS_AGAIN or (state is State.APPLIED and self.contact is not None)


def review_unknown(store: Store, *, actor: Actor, door: str, at: datetime) -> tuple[tuple[Waiting, ...], int]:
    """Propose a contact for each sender that nobody knows and that was not asked about.

    Returns:
        The proposals made now, those with most mails first, and how many senders wait for the next time.
    """
    with store.read() as connection:
        unknown = _find_unknown(connection, store.schema_at(connection), actor)
        _find_contacts(connection, unknown)
        _find_asked(connection, actor, unknown)
    due = sorted((one for one in unknown.values() if one.is_due(actor)), key=lambda one: -len(one.mails))
    made = tuple(_propose(store, one, actor, door, at) for one in due[:MOST_AT_ONCE])
    return made, max(0, len(due) - MOST_AT_ONCE)


def _find_unknown(connection: Connection, schema: Schema, actor: Actor) -> dict[str, _Unknown]:
    mail = Interaction
    query = (
        select(mail.id, mail.version, mail.counterpart, mail.account_id, mail.subject)
        .where(mail.kind == InteractionKind.EMAIL, mail.counterpart.is_not(None), mail.deleted_at.is_(None))
        .where(mail.contact_id.is_(None), mail.lead_id.is_(None))
        .order_by(mail.happened_on.desc(), mail.id)
    )
    rows = list(connection.execute(query))
    if actor.reads is not Scope.ALL:
        seen = visible_ids(connection, schema, actor, schema.entity("interaction"), [row.id for row in rows])
        rows = [row for row in rows if row.id in seen]
    found: dict[str, _Unknown] = {}
    for row in rows:
        person = Address.of(row.counterpart)
        if person.address and not is_automatic(person.address):
            one = found.setdefault(person.address, _Unknown(person, row.subject or ""))
            one.mails.append((row.id, row.version, row.account_id))
    return found


def _find_contacts(connection: Connection, unknown: Mapping[str, _Unknown]) -> None:
    address = func.lower(Contact.email)
    for some in _chunks(unknown):
        query = select(Contact.id, address.label("address"), Contact.account_id)
        rows = list(connection.execute(query.where(address.in_(some), Contact.deleted_at.is_(None))))
        for row in rows:
            if sum(other.address == row.address for other in rows) == 1:
                unknown[row.address].contact = (row.id, row.account_id)


def _find_asked(connection: Connection, actor: Actor, unknown: Mapping[str, _Unknown]) -> None:
    by_turn = {one.turn: one for one in unknown.values()}
    for some in _chunks(by_turn):
        query = select(ChangeSetRow.id, ChangeSetRow.turn).where(ChangeSetRow.turn.in_(some))
        for row in connection.execute(query.order_by(ChangeSetRow.created_at)).all():
            one = by_turn[str(row.turn)]
            one.asked = find_change_set(connection, actor, row.id)
            links = (ChangeRow.change_set_id == row.id, ChangeRow.entity == "interaction")
            one.covered = connection.execute(select(func.count()).where(*links)).scalar_one()


def _propose(store: Store, one: _Unknown, actor: Actor, door: str, at: datetime) -> Waiting:
    mails = one.mails[:_MOST_MAILS]
    is_new = one.contact is None
    count = f"{len(mails)} mail" + ("" if len(mails) == 1 else "s")
    told = f"New contact from {count}: {one.person}" if is_new else f"Link {count} to the contact {one.person}"
    origin = Origin(door, turn=one.turn, tainted=True, quotes={0: f"{one.person}: {one.subject}"})
    waits = one.asked is not None and one.asked.state is State.PROPOSED
    made = propose(
        store.for_agent, list(_changes(one, mails)), actor=actor, summary=told, origin=origin,
        instead_of=one.asked.id if one.asked and waits else None, at=at, lasts=_LASTS,
    )  # fmt: skip
    return Waiting(made.id, str(one.person), len(mails))


def _changes(one: _Unknown, mails: Collection[tuple[int, int, int | None]]) -> Iterator[Change]:
    contact, account = one.contact or (new_id(), one.account)
    if one.contact is None:
        given: dict[str, Json] = {"name": one.person.name or _name_in(one.person.address), "email": one.person.address}
        filled = {**given, **({"account": account} if account is not None else {})}
        yield Change(Op.CREATE, "contact", contact, None, {name: (None, value) for name, value in filled.items()})
    for mail, version, of_mail in mails:
        linked: dict[str, tuple[Json, Json]] = {"contact": (None, contact)}
        if of_mail is None and account is not None:
            linked["account"] = (None, account)
        yield Change(Op.UPDATE, "interaction", mail, version, linked)


def _name_in(address: str) -> str:
    """Eva Novak of eva.novak@norrvik.example."""
    local = address.partition("@")[0].partition("+")[0]
    words = local.replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word) or address


def _chunks(keys: Collection[str]) -> Iterator[list[str]]:
    listed = list(keys)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
