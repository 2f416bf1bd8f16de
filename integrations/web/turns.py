"""Turns of the chat that run on, whether or not a browser still looks; what comes of them is in the transcript."""

import logging
from dataclasses import dataclass
from threading import Thread
from uuid import uuid4

from copilot.reply import Reply, Status
from integrations.current import bring_up_to_date
from integrations.web.desk import DOOR, Desk
from integrations.web.people import Person
from integrations.web.shown import shown_of, to_text

log = logging.getLogger(__name__)

TURNS_S = 600  # after which a turn without an answer was interrupted


@dataclass
class Running:
    """A turn that runs in this process.

    Attributes:
        turn: its id in the transcript.
        step: what goes on.
        is_done: what came of it stands in the transcript.
    """

    turn: int
    step: str = ""
    is_done: bool = False


def answer(desk: Desk, person: Person, thread: str, question: str) -> Running:
    """Begin to answer; gives what tells how far it is."""
    actor = person.actor
    running = Running(desk.transcripts.ask(actor.id, thread, question))

    def tell(step: str) -> None:
        running.step = step

    def run() -> None:
        try:
            today = desk.today()
            bring_up_to_date(desk.store, today)
            reply = desk.copilot.ask(
                question, thread=f"{DOOR}:{thread}", actor=actor, today=today, door=DOOR, on_step=tell
            )
        except Exception:
            error_id = uuid4().hex[:8]
            log.exception("bug id=%s turn", error_id)
            reply = Reply(Status.ERROR, person.say("bug", id=error_id), error_id=error_id)
        try:
            desk.transcripts.answer(running.turn, to_text(shown_of(reply)))
        finally:
            running.is_done = True

    Thread(target=run, daemon=True).start()
    return running
