"""A small store that the tests of the agent loop ask about."""

from decimal import Decimal

import pytest

from crm_core.db import Store
from tests.factories import make_deal


@pytest.fixture
def deals(sqlite_store: Store) -> Store:
    """Three deals worth 600 dollars."""
    for name, amount in (("North", 100), ("South", 200), ("East", 300)):
        make_deal(sqlite_store, name, amount=Decimal(amount), stage="Engaging")
    return sqlite_store
