"""Doors: how what is said in a case reaches the agent, and how people decide."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Protocol

from copilot.serialise import reply_to_json
from crm_core.access import Actor
from crm_core.changes import approve, reject, undo
from crm_core.db import Store
from evals.transcript import Json

if TYPE_CHECKING:
    from copilot.agent import Copilot

DOOR = "eval"


class Door(Protocol):
    """What a case is played through.

    Attributes:
        books: tables that the door keeps for itself: what it writes there is nobody's record.
    """

    books: frozenset[str]

    def say(self, text: str, *, actor: Actor, today: date, thread: str) -> Json:
        """Say something in a conversation; what its person then sees, as the JSON object of the command line."""

    def decide(self, act: str, target: Json, *, actor: Actor) -> None:
        """Approve, reject or undo a proposal that a reply showed.

        Raises:
            CrmError: it was refused.
        """

    def close(self) -> None:
        """Let go of whatever it holds."""


MakeDoor = Callable[[Store, "Copilot"], Door]


class Direct:
    """No door at all: the agent is asked and the core decides, as every door does in the end."""

    books: frozenset[str] = frozenset()

    def __init__(self, store: Store, copilot: "Copilot") -> None:
        self._store = store
        self._copilot = copilot

    def say(self, text: str, *, actor: Actor, today: date, thread: str) -> Json:
        """Ask the agent."""
        return reply_to_json(self._copilot.ask(text, thread=thread, actor=actor, today=today, door=DOOR), id=thread)

    def decide(self, act: str, target: Json, *, actor: Actor) -> None:
        """A person decides. It is a function of the core that a door calls; no agent takes part."""
        proposal = str(target["id"])
        if act == "approve":
            approve(self._store, proposal, sha256=str(target["sha256"]), actor=actor, door=DOOR)
        elif act == "reject":
            reject(self._store, proposal, actor=actor, door=DOOR)
        else:
            undo(self._store, proposal, actor=actor, door=DOOR)

    def close(self) -> None:
        """It holds nothing."""
