"""REST over a small company: who may call, and a client for each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from copilot.agent import Copilot
from copilot.models import offline_model
from crm_core.access import ADMIN, Actor, Scope
from crm_core.db import Store
from crm_core.models import RoleScope, UserRole
from crm_core.tokens import Doorman, Right, create_token
from crm_core.users import actor_for
from integrations.api.app import build_app
from integrations.api.caller import Api
from integrations.rates import Rates
from tests import factories

TODAY = date(2017, 11, 15)
EVERY_RIGHT = tuple(Right)
A_REPS = tuple(set(Right) - {Right.ADMIN})


@dataclass(frozen=True)
class Company:
    """A store in which reps see their own records alone."""

    store: Store
    ada: int
    bo: int
    acme: int
    bolt: int
    adas_deal: int
    bos_deal: int

    def actor(self, name: str) -> Actor:
        """Somebody of the company."""
        return actor_for(self.store, name)


@pytest.fixture
def company(sqlite_store: Store) -> Company:
    """Ada and Bo, each with an account and a deal that the other may not see; an auditor and an administrator."""
    with sqlite_store.write() as connection:
        own = update(RoleScope).where(RoleScope.role == UserRole.REP)
        connection.execute(own.values(reads=Scope.OWN, writes=Scope.OWN))
        make = factories
        ada, bo = make.make_user(connection, "Ada North"), make.make_user(connection, "Bo South")
        make.make_user(connection, "Cy Audit", role=UserRole.AUDITOR)
        make.make_user(connection, "Di Admin", role=UserRole.ADMIN)
        acme = make.make_account(connection, "Acme", industry="retail", owner=ada)
        bolt = make.make_account(connection, "Bolt", industry="medical", owner=bo)
        adas = make.make_deal(connection, "Alpha", amount=1000.5, owner=ada, account=acme, currency="USD")
        make.make_contact(connection, "Eve Hall", email="eve@acme.example", owner=ada, account=acme)
        bos = make.make_deal(connection, "Beta secret", amount=70, owner=bo, account=bolt, currency="USD")
    return Company(sqlite_store, ada, bo, acme, bolt, adas, bos)


@pytest.fixture(scope="session")
def built(sqlite_template: Path) -> FastAPI:
    """The app, once: making its hundred addresses takes as long as ten tests."""
    store = Store(f"sqlite:///{sqlite_template}")
    return build_app(Copilot(offline_model(store), store.for_agent), store)


@pytest.fixture
def api(built: FastAPI, company: Company) -> FastAPI:
    """The app over that company."""
    return serve(built, company.store)


def serve(app: FastAPI, store: Store, *, requests_per_minute: int = 0) -> FastAPI:
    """Put `app` before another store."""
    copilot = Copilot(offline_model(store), store.for_agent)
    rates, strangers = Rates(requests_per_minute), Rates(1_000)
    app.state.api = Api(copilot, store, Doorman(store), rates, strangers, lambda: TODAY)
    return app


Connect = Callable[..., TestClient]


@pytest.fixture
def connect(company: Company, api: FastAPI) -> Iterator[Connect]:
    """A client for somebody of the company, with all rights that they can have unless told otherwise."""
    opened: list[TestClient] = []

    def made(name: str = "Ada North", rights: Any = None) -> TestClient:
        actor = ADMIN if name == "admin" else company.actor(name)
        rights = rights or (EVERY_RIGHT if actor.role is UserRole.ADMIN else A_REPS)
        _, secret = create_token(company.store, actor, name="test", rights=rights, days=1)
        client = TestClient(api, raise_server_exceptions=False, headers={"Authorization": f"Bearer {secret}"})
        opened.append(client)
        return client

    yield made
    for client in opened:
        client.close()


@pytest.fixture
def ada(connect: Connect) -> TestClient:
    """A rep's client."""
    return connect("Ada North")
