"""What a move asks: which stage, and for a closed one when it closed and why it was lost."""

from nicegui import ui

from crm_core.models import StageKind
from integrations.web import text
from integrations.web.board import Card, Lane
from integrations.web.moving import lost_reasons
from integrations.web.people import Person
from integrations.web.reader import Reader
from integrations.web.shell import button, work
from integrations.web.window import window


async def ask_stage(person: Person, card: Card, lanes: list[Lane]) -> Lane | None:
    """The stage that a deal is to go to; None: none."""
    with window(person.say("board_move", name=card.name)) as dialog:
        for lane in lanes:
            button(text.clean(lane.name), lambda lane=lane: dialog.submit(lane)).classes("stage-choice").mark(
                f"to-{lane.stage}"
            )
        button(person.say("record_cancel"), dialog.close, kind="flat")
    chosen = await dialog
    dialog.delete()
    return chosen if isinstance(chosen, Lane) else None


async def ask_closing(person: Person, card: Card, to: Lane) -> dict[str, str | None] | None:
    """When a deal closed, and why it was lost; None: it is not to close."""
    is_lost = to.kind is StageKind.LOST
    reasons = await work(lambda: lost_reasons(Reader.of(person))) if is_lost else ()
    with window(person.say("board_close_title", name=card.name, stage=to.name)) as dialog:
        day = ui.input(person.say("board_closed_on"), value=person.desk.today().isoformat())
        day.props("outlined dense type=date stack-label").classes("full")
        reason = None
        if is_lost:
            reason = ui.select(list(reasons), label=person.say("board_lost_reason"), with_input=True)
            reason.props("outlined dense use-input clearable").props["new-value-mode"] = "add-unique"
            reason.classes("full")
        with ui.element("div").classes("dialog-actions"):
            button(person.say("record_cancel"), dialog.close, kind="flat")
            button(person.say("record_move"), lambda: dialog.submit(True), kind="primary")
    is_sure = await dialog
    given = {"closed_on": str(day.value or "") or None}
    if reason is not None:
        given["lost_reason"] = str(reason.value or "") or None
    dialog.delete()
    return given if is_sure else None
