"""What a person chooses for themself: password, language, theme."""

from urllib.parse import quote

from nicegui import ui

from crm_core.access import ADMIN
from crm_core.signing_in import Purpose, make_link, set_preferences
from crm_core.users import names_of
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.panels import act, choice, panel
from integrations.web.people import Person
from integrations.web.settings.frame import settings_frame
from integrations.web.shell import edge, work


def build(desk: Desk, person: Person) -> None:
    """Who one is here, and the choices."""
    with settings_frame(person, "own"):
        _who(desk, person)
        with panel(person.say("settings_look")), ui.element("div").classes("fields"):
            _preference(desk, person, "lang", {"en": "English", "zh": "中文"}, person.lang)
            themes = {theme: person.say(f"look_{theme or 'browser'}") for theme in ("", "light", "dark")}
            _preference(desk, person, "theme", themes, person.theme)


def _who(desk: Desk, person: Person) -> None:
    actor = person.actor

    async def change() -> None:
        key = await work(make_link, desk.store, person.actor.id, Purpose.SET_PASSWORD, by=person.actor)
        ui.navigate.to(f"/set-password?key={quote(key)}")

    with panel(actor.name, person.say("own_role", role=person.say(f"role_{actor.role}"))):
        reach = person.say("own_reach", reads=person.say(f"scope_{actor.reads}"),
                           writes=person.say(f"scope_{actor.writes}"))  # fmt: skip
        text.words("p", reach)
        if actor.manager:
            text.words("p", person.say("own_manager", name=actor.manager))
        others = sorted(name for user, name in names_of(desk.store).items() if user in actor.team - {actor.id})
        if others:
            text.words("p", person.say("own_team", names=", ".join(others)))
        if actor.id != ADMIN.id:
            with ui.element("div").classes("line"):
                act(person, person.say("own_password"), change)


def _preference(desk: Desk, person: Person, name: str, options: dict[str, str], value: str | None) -> None:
    async def keep(chosen: str) -> None:
        with edge(person):
            await work(set_preferences, desk.store, person.actor.id, **{name: chosen})
            ui.navigate.reload()

    made = choice(person.say(f"look_{name}"), options, value)
    made.on_value_change(lambda event: keep(str(event.value)))
