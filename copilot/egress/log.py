"""The log of what left for a model vendor: when, for whom, to which model, of which fields; never contents."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from langchain_core.messages import BaseMessage

from copilot.memory.engine import connect
from crm_core.errors import Unavailable


@dataclass(frozen=True)
class Sent:
    """One call of a model vendor.

    Attributes:
        at: when, UTC in ISO form.
        turn: id of the turn.
        actor: id of the user who asked.
        model: that was called.
        sha256: of the messages as they left.
        messages: how many.
        characters: in all of them together.
        fields: of which records, as "deal.amount", in the order in which they came.
        stand_ins: how many people, emails and phones were replaced, by kind.
    """

    at: str
    turn: str
    actor: int
    model: str
    sha256: str
    messages: int
    characters: int
    fields: tuple[str, ...]
    stand_ins: dict[str, int]


class EgressLog:
    """The log in the SQLite file at `path`, which conversations share; it also keeps the key of the stand-ins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def key(self) -> bytes:
        """The store's secret that stand-ins are made with; made on first use."""
        with self._open() as connection:
            connection.execute("INSERT OR IGNORE INTO egress_key VALUES (1, ?)", (secrets.token_bytes(32),))
            return bytes(connection.execute("SELECT value FROM egress_key").fetchone()[0])

    def add(self, sent: Sent) -> None:
        """Write one line, before anything leaves.

        Raises:
            Unavailable: it cannot be written, so nothing may leave.
        """
        with self._open() as connection:
            connection.execute("INSERT INTO egress_log (sent) VALUES (?)", (json.dumps(asdict(sent)),))

    def read(self, limit: int) -> tuple[Sent, ...]:
        """The newest `limit` lines, the newest first."""
        if not self._path.exists():
            return ()
        newest = "SELECT sent FROM egress_log ORDER BY id DESC LIMIT ?"
        with self._open() as connection:
            lines = [json.loads(row[0]) for row in connection.execute(newest, (limit,))]
        return tuple(Sent(**{**line, "fields": tuple(line["fields"])}) for line in lines)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(connect(self._path)) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"What leaves for a model cannot be logged in {self._path}: {error}.") from error


def digest(messages: Sequence[BaseMessage]) -> tuple[str, int]:
    """SHA-256 and length of messages as they leave."""
    told = [message.model_dump(mode="json", include={"type", "content", "tool_calls", "name"}) for message in messages]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), len(text)
