"""A thumb up or down under an answer, kept once for each person; the last one holds."""

from typing import get_args

from nicegui import ui

from copilot.feedback import Verdict
from copilot.memory.transcripts import Turn
from integrations.web.desk import DOOR, Desk
from integrations.web.people import Person
from integrations.web.shell import button, edge, work

_ICONS: dict[Verdict, str] = {"good": "thumb_up", "bad": "thumb_down"}


def answer_name(turn: int) -> str:
    """What an answer of the page is called among opinions."""
    return f"{DOOR}:{turn}"


def show_thumbs(desk: Desk, person: Person, turn: int, question: str, given: Verdict | None = None) -> None:
    """Two buttons.

    Args:
        desk: of the process.
        person: who may say what they think.
        turn: id of the answer in the transcript.
        question: that was answered.
        given: what the person thought of it before.
    """
    shown: dict[Verdict, ui.button] = {}

    async def give(verdict: Verdict) -> None:
        with edge(person):
            await work(desk.feedback.record, answer_name(turn), person.actor.id, verdict, question=question)
            show(verdict)

    def show(chosen: Verdict | None) -> None:
        for verdict, made in shown.items():
            made.props["aria-pressed"] = "true" if verdict == chosen else "false"

    with ui.element("div").classes("line thumbs"):
        for verdict in get_args(Verdict):
            label = person.say(f"answer_{verdict}")
            shown[verdict] = button(
                "", lambda verdict=verdict: give(verdict), kind="thumb", icon=_ICONS[verdict], label=label
            ).mark(f"thumb-{verdict}")  # fmt: skip
    show(given)


def thumbs_of(desk: Desk, person: Person, turns: tuple[Turn, ...]) -> dict[int, Verdict]:
    """By turn, what the person thought of its answer."""
    found = desk.feedback.of(person.actor.id, [answer_name(turn.id) for turn in turns])
    return {turn.id: found[answer_name(turn.id)] for turn in turns if answer_name(turn.id) in found}
