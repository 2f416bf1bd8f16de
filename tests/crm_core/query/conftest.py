"""A small company whose every figure can be worked out by hand.

| deal | stage       | amount | owner | account    | product | started    | expected   | closed     |
|------|-------------|--------|-------|------------|---------|------------|------------|------------|
| D1   | Won         |    100 | Ann   | Acme       | GTX     | 2017-01-01 |            | 2017-01-31 |
| Big  | Won         |    300 | Bob   | Bluth      | GTX     | 2017-01-10 |            | 2017-04-10 |
| D3   | Lost        |     80 | Ann   | Acme North | MG      | 2017-04-01 |            | 2017-04-20 |
| D4   | Engaging    |    200 | Ann   | Acme       | GTX     | 2017-10-16 | 2017-12-01 |            |
| D5   | Prospecting |      - | Bob   | Bluth      | -       | 2017-11-05 | 2018-01-15 |            |
| D6   | Won         |     50 | -     | Cyber      | MG      | 2017-04-20 |            | 2017-04-30 |
| D7   | Won (deleted)  | 999 | Ann   | Acme       | GTX     | 2017-01-01 |            | 2017-01-31 |

Celia manages Ann (East) and Bob (West); Dan (West) has no manager. Acme (Ann's) is the parent of Acme North (nobody's);
Bluth is Bob's; Cyber is nobody's. The day is 2017-11-15.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from crm_core.access import ADMIN, Actor
from crm_core.db import Store
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from tests import factories as f
from tests.conftest import TODAY

Ask = Callable[..., QueryResult]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The company: ids by name, `store`, and `ask("deal", limit=3)`. Made once: nothing may write to it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('world') / 'farley.db'}"
        store = create_store(url)
    else:
        store = Store(request.getfixturevalue("postgres_database")("world"))
    with store.write() as w:
        ids = _people(w)
        ids |= _accounts(w, SimpleNamespace(**ids))
        ids |= _deals(w, SimpleNamespace(**ids))
        _talks(w, SimpleNamespace(**ids))
    yield SimpleNamespace(**ids, store=store, ask=_asker(store))
    store.close()


@pytest.fixture
def ask(store: Store) -> Ask:
    """Ask a store of the test's own: `ask("deal", limit=3)`."""
    return _asker(store)


def _asker(store: Store) -> Ask:
    def asked(entity: str, *, actor: Actor = ADMIN, **spec: Any) -> QueryResult:
        return run_query(
            store.for_agent, QuerySpec.model_validate({"entity": entity, **spec}), actor=actor, today=TODAY
        )

    return asked


def _people(w: Any) -> dict[str, int]:
    celia = f.make_user(w, "Celia Rouche", region="Central", role="manager", team="Alpha")
    ann = f.make_user(w, "Ann", region="East", manager=celia, team="Alpha")
    bob = f.make_user(w, "Bob", region="West", manager=celia, team="Alpha")
    dan = f.make_user(w, "Dan", region="West", team="Beta", is_active=False)
    gtx = f.make_product(w, "GTX", list_price=120, family="G")
    mg = f.make_product(w, "MG", list_price=50, family="M")
    return {"celia": celia, "ann": ann, "bob": bob, "dan": dan, "gtx": gtx, "mg": mg}


def _accounts(w: Any, at: SimpleNamespace) -> dict[str, int]:
    acme = f.make_account(
        w,
        "Acme",
        industry="Retail",
        country="United States",
        employees=100,
        revenue=1000.5,
        owner=at.ann,
        founded_year=1999,
    )
    north = f.make_account(w, "Acme North", industry="retail", country="Canada", employees=20, parent=acme)
    bluth = f.make_account(w, "Bluth", industry="software", country="Germany", owner=at.bob, external_id="B-7")
    cyber = f.make_account(w, "Cyber_50%", employees=7)
    return {"acme": acme, "north": north, "bluth": bluth, "cyber": cyber}


def _deals(w: Any, at: SimpleNamespace) -> dict[str, int]:
    day = date.fromisoformat

    def deal(code: str, stage: str, amount: float | None, owner: Any, account: int, product: Any, **days: str) -> int:
        dates = {name: day(value) for name, value in days.items()}
        name = "Big" if code == "D2" else None
        return f.make_deal(
            w,
            name,
            external_id=code,
            stage=stage,
            amount=amount,
            owner=owner,
            account=account,
            product=product,
            **dates,
        )

    d1 = deal("D1", "Won", 100, at.ann, at.acme, at.gtx, started_on="2017-01-01", closed_on="2017-01-31")
    d2 = deal("D2", "Won", 300, at.bob, at.bluth, at.gtx, started_on="2017-01-10", closed_on="2017-04-10")
    d3 = deal("D3", "Lost", 80, at.ann, at.north, at.mg, started_on="2017-04-01", closed_on="2017-04-20")
    d4 = deal("D4", "Engaging", 200, at.ann, at.acme, at.gtx, started_on="2017-10-16", closes_on="2017-12-01")
    d5 = deal("D5", "Prospecting", None, at.bob, at.bluth, None, started_on="2017-11-05", closes_on="2018-01-15")
    d6 = deal("D6", "Won", 50, None, at.cyber, at.mg, started_on="2017-04-20", closed_on="2017-04-30")
    gone = deal("D7", "Won", 999, at.ann, at.acme, at.gtx, started_on="2017-01-01", closed_on="2017-01-31")
    w.exec_driver_sql(f"UPDATE deals SET deleted_at = '2017-05-01T00:00:00.000Z' WHERE id = {gone}")
    return {"d1": d1, "d2": d2, "d3": d3, "d4": d4, "d5": d5, "d6": d6, "gone": gone}


def _talks(w: Any, at: SimpleNamespace) -> None:
    f.make_interaction(w, date(2017, 11, 10), account=at.acme, deal=at.d4, user=at.ann, subject="Demo")
    f.make_interaction(w, date(2017, 10, 1), account=at.acme, user=at.ann, kind="call")
    f.make_interaction(w, date(2017, 8, 1), account=at.bluth, user=at.bob)
    deleted = datetime(2017, 11, 12, tzinfo=UTC)
    f.make_interaction(w, date(2017, 11, 12), account=at.cyber, user=at.dan, deleted_at=deleted)
    stage = f.stage_named(w, "Engaging")
    f.make(w, "stage_change", deal=at.d4, changed_on=date(2017, 11, 5), to_stage=stage)
    f.make(w, "stage_change", deal=at.d4, changed_on=date(2017, 10, 20), to_stage=f.stage_named(w, "Prospecting"))


def rows(result: QueryResult) -> list[Any]:
    """The values of every row; bare where there is one column."""
    return [row.values[0] if len(row.values) == 1 else row.values for row in result.rows]
