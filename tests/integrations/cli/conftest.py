"""A home folder with a small store, and a way to run a command as a shell would."""

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_core.db import Store
from crm_core.models import UserRole
from integrations.cli import session
from integrations.settings import Settings, get_settings
from tests import factories

TODAY = "2017-11-15"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What it printed, as one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, and no other setting."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FARLEY_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FARLEY_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path / "home"
    session.stop_logging()
    get_settings.cache_clear()


@pytest.fixture
def empty(home: Path, sqlite_template: Path) -> Path:
    """An empty store at the place where commands look; the home folder."""
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "farley.db")
    return home


@pytest.fixture
def company(empty: Path) -> Store:
    """A store with a manager, two reps, two accounts and five deals, at the same place."""
    store = Store(f"sqlite:///{empty / 'farley.db'}")
    with store.write() as connection:
        boss = factories.make_user(connection, "Cara Losch", role=UserRole.MANAGER)
        ada = factories.make_user(connection, "Ada North", manager=boss, email="ada@farley.example")
        bo = factories.make_user(connection, "Bo South", manager=boss)
        acme = factories.make_account(connection, "Acme [Europe]", industry="retail")
        wolf = factories.make_account(connection, "沃尔夫贸易", industry="medical")
        for name, stage, amount, owner, account in (
            ("Alpha", "Won", 100_000, ada, acme), ("Beta", "Won", 50_000, bo, wolf),
            ("Gamma", "Lost", 20_000, ada, acme),
            ("Delta", "Engaging", 70_000, ada, wolf), ("Epsilon", "Prospecting", None, bo, acme),
        ):  # fmt: skip
            closed = date(2017, 10, 3) if stage in ("Won", "Lost") else None
            factories.make_deal(
                connection, name, stage=stage, amount_minor=amount, owner=owner, account=account,
                started_on=date(2017, 9, 1), closed_on=closed,
            )  # fmt: skip
    store.close()
    return store


@pytest.fixture
def farley(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `farley` with these arguments and standard input."""

    def run(*arguments: object, stdin: str = "") -> Ran:
        from integrations.cli.edge import run as run_edge
        from integrations.cli.options import as_json

        as_json.set(False)
        monkeypatch.setattr(sys, "argv", ["farley", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as left:
            run_edge()
        captured = capsys.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return run
