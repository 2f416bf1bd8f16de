"""What people thought of answers: one opinion for each answer and person, for whoever measures Farley."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import delete, select

from copilot.memory.engine import Conversations
from copilot.memory.tables import feedback

Verdict = Literal["good", "bad"]
_LONGEST = 4_000  # characters of a question

_of = feedback.c


@dataclass(frozen=True)
class Rated:
    """An answer and what somebody thought of it.

    Attributes:
        turn: the door's name of the answer, such as "slack:C0SALES:1700.01".
        person: id of the user.
        verdict: their last word on it.
        question: that was answered.
        at: when they said so.
    """

    turn: str
    person: int
    verdict: Verdict
    question: str
    at: datetime


class Feedback:
    """The opinions, kept beside the conversations."""

    def __init__(self, kept: Conversations) -> None:
        self._kept = kept

    def record(self, turn: str, person: int, verdict: Verdict, *, question: str, at: datetime | None = None) -> None:
        """Keep what a person thinks of an answer, in the place of what they thought before.

        Args:
            turn: the door's name of the answer, the same for each click on it; at most 260 characters.
            person: id of the user.
            verdict: a thumb up or down.
            question: that was answered.
            at: the moment, default now.
        """
        row = {"turn": turn, "person": person, "verdict": verdict, "question": question[:_LONGEST]}
        with self._kept.transaction() as connection:
            connection.execute(delete(feedback).where(_of.turn == turn, _of.person == person))
            connection.execute(self._kept.insert(feedback).values(**row, at=at or datetime.now(UTC)))

    def of(self, person: int, turns: Iterable[str]) -> dict[str, Verdict]:
        """By answer, what a person thought of these."""
        wanted = select(_of.turn, _of.verdict).where(_of.person == person, _of.turn.in_(list(turns)))
        with self._kept.transaction() as connection:
            return {row.turn: row.verdict for row in connection.execute(wanted)}

    def all(self) -> tuple[Rated, ...]:
        """Every opinion, the oldest first."""
        with self._kept.transaction() as connection:
            rows = connection.execute(select(feedback).order_by(_of.at, _of.turn, _of.person)).all()
        return tuple(
            Rated(row.turn, row.person, row.verdict, row.question, row.at.replace(tzinfo=row.at.tzinfo or UTC))
            for row in rows
        )
