"""A company with a rep, a customer with one contact and one open deal, and mails taken in by the administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.models import Interaction
from crm_core.transfer.mail import MailReport, take_mail
from tests import factories
from tests.crm_core.transfer.mail.letters import source

NOW = datetime(2017, 11, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Company:
    """Ids of what is in the store."""

    store: Store
    ada: int
    norrvik: int
    eva: int
    deal: int

    def mails(self) -> list[Any]:
        """The living mails, the oldest first."""
        query = select(Interaction.__table__).where(Interaction.deleted_at.is_(None), Interaction.kind == "email")
        with self.store.read() as connection:
            return list(connection.execute(query.order_by(Interaction.happened_at, Interaction.external_id)))


@pytest.fixture
def company(store: Store) -> Company:
    """Ada sells to Eva of Norrvik."""
    with store.write() as connection:
        ada = factories.make_user(connection, "Ada North", email="Ada@Farley.example")
        factories.make_user(connection, "Bo South", email="bo@farley.example")
        norrvik = factories.make_account(connection, "Norrvik", website="https://www.norrvik.example/en", owner=ada)
        eva = factories.make_contact(connection, "Eva Novak", email="Eva@norrvik.example", account=norrvik)
        deal = factories.make_deal(connection, "Expansion", account=norrvik, owner=ada, started_on=date(2017, 10, 1))
    return Company(store, ada, norrvik, eva, deal)


@pytest.fixture
def take(company: Company) -> Callable[..., MailReport]:
    """Take letters in, as the administrator unless another actor is named."""

    def taken(*letters: bytes, actor: Any = ADMIN) -> MailReport:
        return take_mail(company.store, [source(*letters)], actor=actor, now=NOW)

    return taken
