"""Words that the offline planner could not read, kept beside the conversations so that people can teach them.

Nothing leaves the machine, and what is kept is bounded. A turn never fails because of it.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from copilot.context import TurnContext
from copilot.memory.engine import connect
from copilot.reply import Reply, Status

log = logging.getLogger(__name__)

MOST_KEPT = 2_000
LONGEST_QUESTION = 500
SAME_WISH = 50  # of 100: how much of a question is said again by one that rephrases it
_COLUMNS = "word, is_known, question, lang, asked_on, rephrased"


@dataclass(frozen=True)
class Unread:
    """One word that a question was not answered for.

    Attributes:
        word: as it was typed.
        is_known: it has a meaning, and none that fitted there.
        question: that it stood in.
        lang: "en" or "zh".
        asked_on: ISO date.
        rephrased: what the next turn asked instead and got an answer to; "" where the next turn did not, None where
            there was none.
    """

    word: str
    is_known: bool
    question: str
    lang: str
    asked_on: str
    rephrased: str | None


class UnreadWords:
    """The collection in the SQLite file at `path`, which conversations share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, turn: TurnContext, reply: Reply) -> None:
        """Note what the turn could not read, and whether it rephrased the one before it."""
        try:
            self._follow(turn, reply)
            if _is_of_this_turn(turn):
                self._add(turn)
        except (sqlite3.Error, OSError):
            log.warning("turn=%s its unread word was not kept", turn.turn_id, exc_info=True)

    def read(self) -> tuple[Unread, ...]:
        """Everything collected, the newest first."""
        if not self._path.exists():
            return ()
        with self._open() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM unread_words ORDER BY id DESC").fetchall()
        return tuple(Unread(word, bool(known), *rest) for word, known, *rest in rows)

    def forget(self) -> int:
        """Forget all of it; how many there were."""
        if not self._path.exists():
            return 0
        with self._open() as connection:
            return int(connection.execute("DELETE FROM unread_words").rowcount)

    def _follow(self, turn: TurnContext, reply: Reply) -> None:
        if not self._path.exists():
            return
        with self._open() as connection:
            newest = "SELECT id, question, rephrased FROM unread_words WHERE thread = ? ORDER BY id DESC LIMIT 1"
            found = connection.execute(newest, (turn.thread,)).fetchone()
            if found is None or found[2] is not None:
                return
            is_rephrased = reply.status is Status.ANSWERED and _says_again(turn.text, found[1])
            told = turn.text[:LONGEST_QUESTION] if is_rephrased else ""
            connection.execute("UPDATE unread_words SET rephrased = ? WHERE id = ?", (told, found[0]))

    def _add(self, turn: TurnContext) -> None:
        is_known = not turn.ledger.is_strange
        question = turn.text[:LONGEST_QUESTION]
        row = (turn.ledger.unread, is_known, question, turn.lang, turn.today.isoformat(), turn.thread)
        columns = "word, is_known, question, lang, asked_on, thread"
        with self._open() as connection:
            connection.execute(f"INSERT INTO unread_words ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)
            oldest = "(SELECT max(id) FROM unread_words) - ?"
            connection.execute(f"DELETE FROM unread_words WHERE id <= {oldest}", (MOST_KEPT,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(connect(self._path)) as connection:
            yield connection


def _is_of_this_turn(turn: TurnContext) -> bool:
    """Whether a word was not read that stands in the message itself, and not in what it follows up on."""
    word = turn.ledger.unread
    return word is not None and (turn.lang == "zh" or word.lower() in turn.text.lower())


def _says_again(text: str, before: str) -> bool:
    return fuzz.token_set_ratio(text.lower(), before.lower()) >= SAME_WISH
