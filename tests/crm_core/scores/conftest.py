"""A company whose deals are won by partners and by what was said, learned from once a session."""

import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crm_core.db import Store
from crm_core.scores.keep import Kept
from crm_core.scores.learn import learn
from crm_core.scores.points import read_cards
from crm_core.scores.run import Run, score_all
from tests.conftest import TODAY
from tests.factories import make, make_account, make_deal, make_interaction, make_pipeline, make_user

NOW = datetime(2017, 11, 15, 9, 0, tzinfo=UTC)
NO_CARD = Path("/none/points.yaml")


def quiet(_done: int, _total: int) -> None:
    """No bar."""


def learned(store: Store, entity: str = "deal", *, today: date = TODAY) -> Kept:
    """What is learned from the store's records."""
    return learn(store, entity, read_cards(NO_CARD)[entity], today=today, at=NOW, progress=quiet)


def scored(store: Store, kept: Kept, *, today: date = TODAY) -> Run:
    """All open records scored."""
    return score_all(store, kept, today=today, at=NOW, progress=quiet)


def fill(store: Store, *, ended: int = 300, still_open: int = 60, odds: Callable[[str], float] | None = None) -> None:
    """Deals of a year with what was said; `odds` of a source to be won."""
    dice = random.Random(7)
    chance = odds or (lambda source: 0.85 if source == "Partner" else 0.2)
    with store.write() as connection:
        stages, rep, account = make_pipeline(connection), make_user(connection), make_account(connection)
        for number in range(ended + still_open):
            is_open = number >= ended
            source = dice.choice(["Partner", "Website", "Fair"])
            won = dice.random() < chance(source)
            begun = TODAY - timedelta(days=dice.randint(1, 60) if is_open else 420 - number * 300 // ended)
            life = dice.randint(20, 60)
            end = {} if is_open else {"closed_on": begun + timedelta(days=life)}
            stage = "Engaging" if is_open else "Won" if won else "Lost"
            deal = make_deal(
                connection, f"Deal {number}", stage=stages[stage], source=source, started_on=begun, owner=rep,
                account=account, amount=dice.randint(1, 90) * 100, currency="USD", **end,
            )  # fmt: skip
            _tell(connection, dice, deal, begun, life, won)
            for stage, day in (("Prospecting", begun), ("Engaging", begun + timedelta(days=5))):
                make(connection, "stage_change", deal=deal, to_stage_id=stages[stage], changed_on=day)


def _tell(connection: Connection, dice: random.Random, deal: int, begun: date, life: int, won: bool) -> None:
    for _ in range(dice.randint(2, 6) + 4 * won):
        day = begun + timedelta(days=dice.randint(0, life))
        if day <= TODAY:
            side = dice.choice(["in", "out"])
            make_interaction(connection, day, kind="email", direction=side, deal=deal)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The company's store with its model and scores, to copy."""
    path = tmp_path_factory.mktemp("scored") / "farley.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    fill(store)
    scored(store, learned(store))
    store.close()
    return path


@pytest.fixture
def company(filled: Path, tmp_path: Path) -> Store:
    """The company's own copy."""
    path = tmp_path / "company.db"
    shutil.copyfile(filled, path)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()
