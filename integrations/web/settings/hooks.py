"""Webhooks: addresses that hear of applied changes."""

from dataclasses import dataclass

from nicegui import ui

from copilot.labels import entity_label
from crm_core.access import Actor
from integrations.web.desk import Desk
from integrations.web.panels import Live, act, choice, confirm, dialog, entry, panel, plain_table, row, told_once
from integrations.web.people import Person
from integrations.web.settings.frame import settings_frame
from integrations.web.shell import empty, notify, work
from integrations.webhooks.hooks import Delivery, Hook, create_hook, delete_hook, list_deliveries, list_hooks, resend
from integrations.webhooks.send import DEAD

_HEADS = ("hook_url", "hook_kinds", "hook_state", "actions")
_DEAD = ("hook_url", "hook_change", "hook_tries", "hook_answer", "actions")


@dataclass(frozen=True)
class Hooks:
    """All webhooks, and what was given up."""

    hooks: tuple[Hook, ...]
    dead: tuple[tuple[Hook, Delivery], ...]


def read_hooks(desk: Desk, actor: Actor) -> Hooks:
    """As the page shows them."""
    hooks = list_hooks(desk.store, actor)
    dead = [
        (hook, one) for hook in hooks for one in list_deliveries(desk.store, hook.id, actor=actor, state=DEAD, limit=20)
    ]
    return Hooks(hooks, tuple(dead))


async def build(desk: Desk, person: Person) -> None:
    """The webhooks, the form to add one, and what did not arrive."""
    with settings_frame(person, "hooks"):
        live: Live[Hooks] = Live(lambda: read_hooks(desk, person.actor), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Hooks, live: Live[Hooks]) -> None:
    heads = [person.say(key) for key in _HEADS]
    with panel(person.say("settings_hooks"), person.say("hooks_note")) as actions:
        with actions:
            act(person, person.say("hook_new"), lambda: _new(desk, person, live), kind="primary")
        if not found.hooks:
            empty(person, "hooks_none", icon="webhook")
        else:
            with plain_table(heads, person.say("settings_hooks")):
                for one in found.hooks:
                    _row(desk, person, one, heads, live)
    if found.dead:
        heads = [person.say(key) for key in _DEAD]
        title = person.say("hooks_dead")
        with panel(title, person.say("hooks_dead_note")), plain_table(heads, title):
            for hook, delivery in found.dead:
                _dead_row(desk, person, hook, delivery, heads, live)


def _row(desk: Desk, person: Person, one: Hook, heads: list[str], live: Live[Hooks]) -> None:
    async def delete() -> None:
        await work(delete_hook, desk.store, one.id, actor=person.actor)
        await live.show()
        notify(person.say("hook_gone"), kind="positive")

    def actions() -> None:
        act(person, person.say("delete"), lambda: confirm(
            person, person.say("hook_delete"), one.url, delete, yes="delete"
        ), name=f"{person.say('delete')} {one.url}")  # fmt: skip

    kinds = ", ".join(entity_label(kind, person.lang) for kind in one.kinds) or person.say("hook_all")
    row(heads, (one.url, kinds, one.disabled or person.say("hook_on"), actions))


def _dead_row(
    desk: Desk, person: Person, hook: Hook, one: Delivery, heads: list[str], live: Live[Hooks]
) -> None:  # fmt: skip
    async def again() -> None:
        await work(resend, desk.store, hook.id, one.id, actor=person.actor)
        await live.show()
        notify(person.say("hook_again_done"), kind="positive")

    def actions() -> None:
        act(person, person.say("hook_again"), again)

    row(heads, (hook.url, one.change_set_id[:8], str(one.tries), one.answer or "–", actions))


def _new(desk: Desk, person: Person, live: Live[Hooks]) -> None:
    async def save() -> None:
        _, secret = await work(
            create_hook, desk.store, url.value or "", kinds.value or [], actor=person.actor,
            may_be_private=desk.settings.private_webhooks == "on",
        )  # fmt: skip
        await live.show()
        told_once(person, person.say("hook_made"), person.say("hook_made_note"), secret)

    entities = {name: entity_label(name, person.lang) for name in desk.store.schema.entities}
    with dialog(person, person.say("hook_new"), save, yes="create"):
        url = entry(person.say("hook_url"), "https://")
        kinds = choice(person.say("hook_kinds"), entities, [], multiple=True)
        kinds.props("use-chips").props["hint"] = person.say("hook_kinds_note")
        ui.element("div").classes("gap")
