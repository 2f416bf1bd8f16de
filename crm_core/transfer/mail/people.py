"""Whose address it is: the company's own people, contacts, leads, accounts by their domain, and the deal that fits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, select

from crm_core.access import Actor, Scope
from crm_core.changes.rights import visible_ids
from crm_core.models import Account, Contact, Deal, DealContact, Lead, Stage, StageKind, User
from crm_core.schema import Schema
from crm_core.transfer.mail.headers import Address
from crm_core.transfer.mail.words import is_anybodys

_CHUNK = 5_000
_BEFORE = timedelta(days=90)  # so long before a deal begins, a mail may speak of it


@dataclass(frozen=True)
class Match:
    """Whose mail it is; None for what is not known.

    Attributes:
        party: the other side's address.
        contact_id, lead_id, account_id: found by it; the account also by its domain alone.
    """

    party: Address | None = None
    contact_id: int | None = None
    lead_id: int | None = None
    account_id: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether the person or their company is in the store."""
        return any((self.contact_id, self.lead_id, self.account_id))


class People:
    """Everybody with an address whom the actor may see."""

    def __init__(self, connection: Connection, schema: Schema, actor: Actor) -> None:
        self._connection = connection
        self._schema = schema
        self._actor = actor
        self._users: dict[str, int] = {}
        self._own_domains: set[str] = set()
        self._contacts: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        self._leads: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        self._domains: dict[str, set[int]] = defaultdict(set)
        self._deals: dict[int, list[tuple[int, date | None]]] = defaultdict(list)  # account → open deals
        self._deals_with: dict[int, set[int]] = defaultdict(set)  # contact → open deals
        self._load_users()
        self._load_people()
        self._load_deals()

    def is_own(self, address: Address) -> bool:
        """Whether it is somebody of the company itself."""
        return address.address in self._users or any(d in self._own_domains for d in _and_above(address.domain))

    def user_of(self, addresses: Iterable[Address]) -> int | None:
        """The first of them who is a user, as far as the actor may write mails down for them."""
        found = next((self._users[one.address] for one in addresses if one.address in self._users), None)
        is_free = self._actor.reads is Scope.ALL or found in self._actor.team | {self._actor.id}
        return found if is_free else self._actor.id

    def match(self, parties: Sequence[Address]) -> Match:
        """The first of `parties` who is known, else the first whose company is, else nobody known."""
        found = [self._match(one) for one in parties]
        people = (one for one in found if one.contact_id or one.lead_id)
        return next(people, None) or next((one for one in found if one.is_known), None) or (found or [Match()])[0]

    def deal_for(self, match: Match, day: date, of_thread: int | None) -> int | None:
        """The open deal that the mail belongs to: that of its conversation, else the only one that fits."""
        if match.account_id is None:
            return None
        fits = {deal for deal, begins in self._deals[match.account_id] if begins is None or day >= begins - _BEFORE}
        if of_thread in fits:
            return of_thread
        return _only(fits & self._deals_with.get(match.contact_id or 0, set())) or _only(fits)

    def _match(self, party: Address) -> Match:
        contacts, leads = self._contacts.get(party.address, []), self._leads.get(party.address, [])
        accounts = {account for _, account in contacts or leads if account is not None}
        domain = next((d for d in _and_above(party.domain) if d in self._domains), "")
        account = _only(accounts or self._domains.get(domain, set()))
        if contacts:
            return Match(party, contacts[0][0] if len(contacts) == 1 else None, None, account)
        return Match(party, None, leads[0][0] if len(leads) == 1 else None, account)

    def _load_users(self) -> None:
        rows = self._connection.execute(select(User.email, User.id).where(_lives(User)))
        self._users = {email.strip().lower(): user_id for email, user_id in rows if email}
        domains = {email.rpartition("@")[2] for email in self._users}
        self._own_domains = {domain for domain in domains if domain and not is_anybodys(domain)}

    def _load_people(self) -> None:
        for model, found in ((Contact, self._contacts), (Lead, self._leads)):
            query = select(model.id, model.email, model.account_id).where(model.email.is_not(None), _lives(model))
            for record_id, email, account_id in self._visible(query, model):
                address = email.strip().lower()
                found[address].append((record_id, account_id))
                if account_id is not None:
                    self._add_domain(address.rpartition("@")[2], account_id)
        sites = select(Account.id, Account.website).where(Account.website.is_not(None), _lives(Account))
        for account_id, site in self._visible(sites, Account):
            self._add_domain(_domain_of(site), account_id)

    def _load_deals(self) -> None:
        query = (
            select(Deal.id, Deal.account_id, Deal.started_on)
            .join(Stage, Stage.id == Deal.stage_id)
            .where(Stage.kind == StageKind.OPEN, Deal.account_id.is_not(None), _lives(Deal))
        )
        for deal_id, account_id, started_on in self._visible(query, Deal):
            self._deals[account_id].append((deal_id, started_on))
        pairs = select(DealContact.contact_id, DealContact.deal_id).where(_lives(DealContact))
        for contact_id, deal_id in self._connection.execute(pairs):
            self._deals_with[contact_id].add(deal_id)

    def _add_domain(self, domain: str, account_id: int) -> None:
        if "." in domain and not is_anybodys(domain) and domain not in self._own_domains:
            self._domains[domain].add(account_id)

    def _visible(self, query: Select[*tuple[Any, ...]], model: type[Any]) -> list[Any]:
        """The rows of `query` (record id first) that the actor may see."""
        rows = list(self._connection.execute(query))
        if self._actor.reads is Scope.ALL:
            return rows
        entity = self._schema.entity(model.__entity__.name)
        seen: set[int] = set()
        for start in range(0, len(rows), _CHUNK):
            seen |= self._seen(entity, [row[0] for row in rows[start : start + _CHUNK]])
        return [row for row in rows if row[0] in seen]

    def _seen(self, entity: Any, ids: Collection[int]) -> set[int]:
        return visible_ids(self._connection, self._schema, self._actor, entity, ids)


def _only(ids: Collection[int]) -> int | None:
    """The one of `ids`; None where there are none or several."""
    return next(iter(ids)) if len(ids) == 1 else None


def _lives(model: type[Any]) -> Any:
    return model.deleted_at.is_(None)


def _and_above(domain: str) -> list[str]:
    """eu.norrvik.example and norrvik.example, the nearest first."""
    labels = domain.split(".")
    return [".".join(labels[n:]) for n in range(len(labels) - 1)]


def _domain_of(site: str) -> str:
    """www.norrvik.example of a web address, without the www."""
    try:
        host = urlsplit(site if "//" in site else f"//{site}").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
