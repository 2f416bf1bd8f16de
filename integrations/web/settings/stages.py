"""The stages of the pipelines: their names, order and chances."""

from typing import Any

from nicegui import ui

from crm_core.models import StageKind
from crm_core.stages import Step, delete_stage, list_stages
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, choice, confirm, dialog, entry, panel, plain_table, row
from integrations.web.people import Person
from integrations.web.settings.frame import edit, settings_frame, tell_done
from integrations.web.shell import empty, work

_HEADS = ("stage_position", "stage_name", "stage_probability", "stage_kind", "stage_deals", "actions")
Found = tuple[Step, ...]


async def build(desk: Desk, person: Person) -> None:
    """Each pipeline with its stages."""
    with settings_frame(person, "stages"):
        live: Live[Found] = Live(lambda: list_stages(desk.store), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Found, live: Live[Found]) -> None:
    heads = [person.say(key) for key in _HEADS]
    if not found:
        with empty(person, "stages_none", icon="view_kanban"):
            text.link(person.say("import"), "/import", "button-link")
    for pipeline_id, pipeline in dict.fromkeys((one.pipeline_id, one.pipeline) for one in found):
        stages = [one for one in found if one.pipeline_id == pipeline_id]
        with panel(pipeline, person.say("stages_note")) as actions:
            with actions:
                _new_button(desk, person, stages, live)
            with plain_table(heads, pipeline):
                for one in stages:
                    _row(desk, person, one, heads, live)


def _new_button(desk: Desk, person: Person, stages: list[Step], live: Live[Found]) -> None:
    act(person, person.say("stage_new"), lambda: _form(desk, person, stages[-1], None, live), kind="primary")


def _row(desk: Desk, person: Person, one: Step, heads: list[str], live: Live[Found]) -> None:
    async def delete() -> None:
        await tell_done(person, await work(delete_stage, desk.store, one.id, actor=person.actor, door=DOOR), live)

    def ask() -> None:
        title = person.say("stage_delete", name=one.name)
        confirm(person, title, person.say("stage_delete_note"), delete, yes="delete")

    def actions() -> None:
        with ui.element("div").classes("line"):
            act(person, person.say("edit"), lambda: _form(desk, person, one, one, live),
                name=f"{person.say('edit')} {one.name}")  # fmt: skip
            act(person, "", ask, icon="delete_outline", name=f"{person.say('delete')} {one.name}").mark(
                f"delete-{one.name}"
            )

    kind = person.say(f"stage_{one.kind}")
    row(heads, (str(one.position), one.name, f"{one.probability_pct} %", kind, f"{one.deals:,}", actions))


def _form(desk: Desk, person: Person, like: Step, one: Step | None, live: Live[Found]) -> None:
    """The fields of a stage; what a stage means for its deals is said once, when it is made."""
    shown: dict[str, Any] = {}

    async def save() -> None:
        given = {name: field.value for name, field in shown.items()}
        given |= {name: int(given[name] or 0) for name in ("position", "probability_pct")}
        step = {"op": "update", "records": [one.id]} if one else {"op": "create", "is_new": True}
        given |= {} if one else {"pipeline": like.pipeline_id}
        made = await work(edit, desk, person.actor, {**step, "entity": "stage", "set": given})
        await tell_done(person, made, live)

    with dialog(person, one.name if one else person.say("stage_new"), save):
        shown["name"] = entry(person.say("stage_name"), one.name if one else "")
        shown["probability_pct"] = _number(person.say("stage_probability"), one.probability_pct if one else 50, 100)
        shown["position"] = _number(person.say("stage_position"), one.position if one else like.position + 1, 1000)
        if one is None:
            kinds = {str(kind): person.say(f"stage_{kind}") for kind in StageKind}
            shown["kind"] = choice(person.say("stage_kind"), kinds, str(StageKind.OPEN))


def _number(label: str, value: int, most: int) -> ui.number:
    return ui.number(label, value=value, min=0, max=most, step=1, precision=0).props("outlined dense").classes("field")
