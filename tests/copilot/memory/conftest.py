"""Databases of conversations, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from copilot.memory.engine import Conversations
from copilot.memory.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Conversations]:
    """An empty database of conversations."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'talk.db'}" if is_sqlite else request.getfixturevalue("postgres_url")
    made = Conversations(url)
    with made.transaction() as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table))
    yield made
    made.close()
