"""The walls under the agent: what its database connections may do, whatever text reaches them.

SQLite asks an authorizer before it prepares a statement; PostgreSQL has a role of its own for the agent.
"""

import sqlite3
from collections.abc import Callable

PROPOSALS = frozenset({"change_sets", "changes", "change_events"})  # the only tables that a proposal is written to
AGENT_ROLE = "farley_agent"  # on PostgreSQL
# No question reaches these; on PostgreSQL no policy shows them.
SECRET = frozenset({"access_tokens", "request_keys", "webhooks", "web_users", "web_sessions", "web_links"})

_RECURSIVE = 33  # sqlite3 has no name for it; tree queries need it
_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, _RECURSIVE}
)
_ASKED = frozenset({"read_uncommitted", "data_version"})  # by SQLAlchemy and by FTS5; asked, never set
Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def reads_only(action: int, name: str | None, value: str | None, *_: str | None) -> int:
    """An authorizer that allows questions and nothing else.

    A virtual table (the full-text index) asks to update sqlite_master when it is opened. A statement that says so is
    refused by SQLite itself, for `writable_schema` is off and no pragma can be set here.
    """
    if action == sqlite3.SQLITE_READ and name in SECRET:
        return sqlite3.SQLITE_DENY
    asks = action == sqlite3.SQLITE_PRAGMA and name in _ASKED and value is None
    opens_index = action == sqlite3.SQLITE_UPDATE and name == "sqlite_master"
    return sqlite3.SQLITE_OK if action in _READING or asks or opens_index else sqlite3.SQLITE_DENY


def proposes_only(action: int, name: str | None, value: str | None, *rest: str | None) -> int:
    """An authorizer that also allows rows to be added to the tables of proposals."""
    adds = action == sqlite3.SQLITE_INSERT and name in PROPOSALS
    return sqlite3.SQLITE_OK if adds else reads_only(action, name, value, *rest)
