"""The frame of every page of settings: the others beside it, and how an edit of a record is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import ui

from crm_core.access import Actor
from crm_core.changes import commit_changes, undo
from crm_core.changes.draft import draft, summarise
from crm_core.changes.steps import Step
from crm_core.models import UserRole
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live
from integrations.web.people import Person
from integrations.web.shell import edge, frame, heading, notify, work

PATH = "/settings"


def is_admin(actor: Actor) -> bool:
    """Whether somebody arranges things for all."""
    return actor.role is UserRole.ADMIN


@contextmanager
def settings_frame(person: Person, key: str) -> Iterator[None]:
    """A page of settings, between the links to the others that this person may see."""
    with frame(person, person.say(f"settings_{key}")):
        heading(person.say("settings"))
        with ui.element("div").classes("settings"):
            with ui.element("nav").classes("settings-nav") as nav:
                nav.props["aria-label"] = person.say("settings")
                actor = person.actor
                for page in person.desk.pages:
                    if page.path.startswith(PATH) and page.may_see(actor):
                        shown = "settings_own" if page.path == PATH else page.key
                        link = text.link(person.say(shown), page.path, "nav-item")
                        if shown == f"settings_{key}":
                            link.props["aria-current"] = "page"
            with ui.element("div").classes("stack settings-body"):
                yield


def edit(desk: Desk, actor: Actor, step: dict[str, Any]) -> str | None:
    """Make a change at once, as its person's own edit; gives the change set's id, None where all is so already."""
    found = draft(desk.store, [Step.model_validate(step)], actor=actor, today=desk.today())
    if not found.changes:
        return None
    summary = summarise(found.changes, desk.store.schema)
    return commit_changes(desk.store, found.changes, actor=actor, kind="edit", summary=summary, door=DOOR)


async def tell_done(person: Person, change_set: str | None, live: Live[Any]) -> None:
    """Say that it is done, with its undo, and show how things are now."""
    await live.show()
    if change_set is None:
        notify(person.say("settings_same"))
        return

    async def take_back() -> None:
        with edge(person):
            result = await work(undo, person.desk.store, change_set, actor=person.actor, door=DOOR)
            await live.show()
            left = "; ".join(f"{one.label}: {person.told(one.reason)}" for one in result.left[:3])
            notify(person.say("settings_left", what=left) if left else person.say("settings_undone"))

    notify(person.say("settings_saved"), kind="positive", action=person.say("undo"), on_action=take_back)
