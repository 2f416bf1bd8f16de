"""The notice after a change: what was done, and the way back."""

from collections.abc import Awaitable, Callable

from crm_core.changes import UndoResult, undo
from integrations.web.desk import DOOR
from integrations.web.people import Person
from integrations.web.shell import edge, notify, work


def undo_notice(person: Person, told: str, change_set: str, *, then: Callable[[], Awaitable[None]]) -> None:
    """Tell what was done, with a button that takes it back.

    Args:
        person: who did it.
        told: what was done.
        change_set: its id.
        then: brings the page up to date once it is undone.
    """

    async def back() -> None:
        with edge(person):
            done: UndoResult = await work(undo, person.desk.store, change_set, actor=person.actor, door=DOOR)
            left = "; ".join(f"{one.label}: {person.told(one.reason)}" for one in done.left)
            notify(left or person.say("record_undone"), kind="warning" if left else "positive")
            await then()

    notify(told, kind="positive", action=person.say("record_undo"), on_action=back)
