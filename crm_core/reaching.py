"""Who a mail goes to, and whether they may be written to: asked when it is proposed, when approved and when sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from crm_core.errors import Invalid
from crm_core.models import Consent, Contact, Interaction, InteractionKind, Lead

PEOPLE: dict[str, type[Contact] | type[Lead]] = {"contact": Contact, "lead": Lead}
_BY_THEM = (InteractionKind.EMAIL, InteractionKind.CALL, InteractionKind.CHAT)


@dataclass(frozen=True)
class Recipient:
    """A contact, or a lead that is no contact yet."""

    entity: Literal["contact", "lead"]
    id: int

    @classmethod
    def of(cls, given: Mapping[Any, Any]) -> "Recipient":
        """Of the fields or columns of a draft.

        Raises:
            Invalid: it goes to nobody, or to two.
        """
        ids = {name: given.get(name) or given.get(f"{name}_id") for name in PEOPLE}
        found = [(name, int(str(id_))) for name, id_ in ids.items() if id_]
        if len(found) != 1:
            raise Invalid("A draft goes to one person: a contact or a lead.")
        return cls("contact" if found[0][0] == "contact" else "lead", found[0][1])

    @property
    def columns(self) -> dict[str, int | None]:
        """As a draft or a send keeps it."""
        return {f"{name}_id": self.id if name == self.entity else None for name in PEOPLE}


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


def find_person(connection: Connection, whom: Recipient) -> Row[str, str | None, str, bool] | None:
    """Their `name`, `email`, `consent` and `do_not_contact`; None: they are gone."""
    model = PEOPLE[whom.entity]
    name = func.coalesce(Lead.name, Lead.company, "") if model is Lead else Contact.name
    asked = select(name.label("name"), model.email, model.consent, model.do_not_contact)
    return connection.execute(asked.where(model.id == whom.id, model.deleted_at.is_(None))).one_or_none()


def find_block(connection: Connection, whom: Recipient) -> Block | None:
    """Why they get no mail from us; None: they may be written to, or there is nobody such.

    A refusal holds for the address, under whichever record it stands. Where consent is not known, a mail, call or chat
    that they began stands for it.
    """
    person = find_person(connection, whom)
    if person is None:
        return None
    same = _of_address(connection, person.email)
    if person.do_not_contact or any(one.do_not_contact for one in same):
        return Block.DO_NOT_CONTACT
    if Consent.WITHHELD in (person.consent, *(one.consent for one in same)):
        return Block.WITHHELD
    is_known = person.consent == Consent.GRANTED or _has_written(connection, whom)
    return None if is_known else Block.UNKNOWN


def why_not_write_to(connection: Connection, whom: Recipient) -> str | None:
    """The same in words that a seller may read."""
    block, person = find_block(connection, whom), find_person(connection, whom)
    return None if block is None or person is None else _TOLD[block].format(name=person.name)


def check_may_write_to(connection: Connection, whom: Recipient) -> None:
    """Invalid, with the reason, where they must not be written to."""
    reason = why_not_write_to(connection, whom)
    if reason is not None:
        raise Invalid(reason)


def _of_address(connection: Connection, address: str | None) -> list[Row[str, bool]]:
    """Everybody with this address, however it is written."""
    wanted = (address or "").strip().lower()
    if not wanted:
        return []
    return [
        row
        for model in PEOPLE.values()
        for row in connection.execute(
            select(model.consent, model.do_not_contact).where(_refuses(model), func.lower(model.email) == wanted)
        )
    ]


def _refuses(model: type[Contact] | type[Lead]) -> ColumnElement[bool]:
    refused = or_(model.do_not_contact.is_(True), model.consent == Consent.WITHHELD)
    return refused & model.deleted_at.is_(None)


def _has_written(connection: Connection, whom: Recipient) -> bool:
    link = Interaction.contact_id if whom.entity == "contact" else Interaction.lead_id
    began = select(Interaction.id).where(
        link == whom.id,
        Interaction.direction == "in",
        Interaction.kind.in_(_BY_THEM),
        Interaction.deleted_at.is_(None),
    )
    return connection.execute(began.limit(1)).first() is not None
