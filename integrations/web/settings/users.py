"""People: who may sign in, what they may do, who manages them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nicegui import ui
from sqlalchemy import select

from crm_core.access import Scope
from crm_core.db import Store
from crm_core.models import User, UserRole
from crm_core.roles import FIXED, choices_of, read_scopes, set_scope
from crm_core.signing_in import Purpose, has_password, make_link
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, choice, dialog, entry, panel, plain_table, row, told_once
from integrations.web.people import Person
from integrations.web.settings.frame import edit, settings_frame, tell_done
from integrations.web.shell import work

_HEADS = ("user_name", "user_role", "user_team", "user_manager", "user_sign_in", "actions")


@dataclass(frozen=True)
class Member:
    """Somebody of the company."""

    id: int
    name: str
    email: str | None
    role: str
    title: str | None
    team: str | None
    manager_id: int | None
    is_active: bool
    has_password: bool


@dataclass(frozen=True)
class Members:
    """Everybody, those who left last, and how far each role reaches."""

    people: tuple[Member, ...]
    roles: Mapping[UserRole, tuple[Scope, Scope]]

    def name_of(self, user_id: int | None) -> str:
        """What somebody is called; "" for nobody."""
        return next((one.name for one in self.people if one.id == user_id), "")


def read_members(store: Store) -> Members:
    """As the page shows them."""
    columns = (User.id, User.name, User.email, User.role, User.title, User.team, User.manager_id, User.is_active)
    query = select(*columns).where(User.deleted_at.is_(None)).order_by(User.is_active.desc(), User.name)
    with store.read() as connection:
        rows = connection.execute(query).all()
    signs_in = has_password(store, [row.id for row in rows])
    people = tuple(Member(*row, row.id in signs_in) for row in rows)
    return Members(people, read_scopes(store))


async def build(desk: Desk, person: Person) -> None:
    """The list of people and the forms to add and change them."""
    with settings_frame(person, "users"):
        live: Live[Members] = Live(lambda: read_members(desk.store), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Members, live: Live[Members]) -> None:
    heads = [person.say(key) for key in _HEADS]
    with panel(person.say("settings_users"), person.say("users_note")) as actions:
        with actions:
            act(person, person.say("user_new"), lambda: _form(desk, person, found, live, None), kind="primary")
        with plain_table(heads, person.say("settings_users")):
            for one in found.people:
                _row(desk, person, found, live, one, heads)
    with panel(person.say("roles"), person.say("roles_note")):
        heads = [person.say(key) for key in ("user_role", "role_reads", "role_writes", "actions")]
        with plain_table(heads, person.say("roles")):
            for role, scopes in found.roles.items():
                _role(desk, person, live, role, scopes, heads)


def _role(
    desk: Desk, person: Person, live: Live[Members], role: UserRole, scopes: tuple[Scope, Scope], heads: list[str]
) -> None:
    name = person.say(f"role_{role}")

    def actions() -> None:
        if role not in FIXED:
            act(person, person.say("edit"), lambda: _reach(desk, person, live, role, scopes),
                name=f"{person.say('edit')} {name}")  # fmt: skip

    row(heads, (name, *(person.say(f"scope_{scope}") for scope in scopes), actions))


def _reach(desk: Desk, person: Person, live: Live[Members], role: UserRole, scopes: tuple[Scope, Scope]) -> None:
    """How far a role sees and changes, to choose."""
    shown: list[ui.select] = []

    async def save() -> None:
        reads, writes = (Scope(one.value) for one in shown)
        made = await work(set_scope, desk.store, role, reads, writes, actor=person.actor, door=DOOR)
        await tell_done(person, made, live)

    with dialog(person, person.say(f"role_{role}"), save):
        heads = (person.say("role_reads"), person.say("role_writes"))
        for label, options, chosen in zip(heads, choices_of(role), scopes, strict=True):
            told = {str(scope): person.say(f"scope_{scope}") for scope in options}
            shown.append(choice(label, told, str(chosen)))


def _row(desk: Desk, person: Person, found: Members, live: Live[Members], one: Member, heads: list[str]) -> None:
    def actions() -> None:
        with ui.element("div").classes("line"):
            act(person, person.say("edit"), lambda: _form(desk, person, found, live, one),
                name=f"{person.say('edit')} {one.name}")  # fmt: skip
            if one.is_active:
                act(person, person.say("user_link"), lambda: _give_link(desk, person, one),
                    name=f"{person.say('user_link')} {one.name}")  # fmt: skip

    def named() -> None:
        text.words("span", one.name, "strong")
        text.words("p", " · ".join(part for part in (one.title, one.email) if part), "muted small")

    state = "sign_in_off" if not one.is_active else "sign_in_yes" if one.has_password else "sign_in_no"
    cells = (
        named, person.say(f"role_{one.role}"), one.team or "–",
        found.name_of(one.manager_id) or "–", person.say(state), actions,
    )  # fmt: skip
    row(heads, cells, "" if one.is_active else "is-off")


async def _give_link(desk: Desk, person: Person, one: Member) -> None:
    key = await work(make_link, desk.store, one.id, Purpose.SET_PASSWORD, by=person.actor)
    origin = str(ui.context.client.request.base_url).rstrip("/")
    link = f"{origin}/set-password?key={quote(key)}"
    told_once(person, person.say("user_link_title", name=one.name), person.say("user_link_note"), link)


def _form(desk: Desk, person: Person, found: Members, live: Live[Members], one: Member | None) -> None:
    """The fields of a person, new or known."""
    shown: dict[str, Any] = {}

    async def save() -> None:
        values = {name: _plain(field.value) for name, field in shown.items()}
        step = {"op": "update", "records": [one.id]} if one else {"op": "create", "is_new": True}
        given = values if one else {name: value for name, value in values.items() if value is not None}
        made = await work(edit, desk, person.actor, {**step, "entity": "user", "set": given})
        await tell_done(person, made, live)

    teams = sorted({other.team for other in found.people if other.team})
    managers = {other.id: other.name for other in found.people if other.is_active and (not one or other.id != one.id)}
    with dialog(person, one.name if one else person.say("user_new"), save):
        shown["name"] = entry(person.say("user_name"), one.name if one else "")
        shown["email"] = entry(person.say("user_email"), (one and one.email) or "", kind="email")
        roles = {str(role): person.say(f"role_{role}") for role in UserRole}
        shown["role"] = choice(person.say("user_role"), roles, one.role if one else str(UserRole.REP))
        shown["title"] = entry(person.say("user_title"), (one and one.title) or "")
        shown["team"] = choice(
            person.say("user_team"), teams, one.team if one else None, new_value_mode="add-unique", clearable=True
        )  # fmt: skip
        manager = one.manager_id if one and one.manager_id in managers else None
        shown["manager"] = choice(person.say("user_manager"), managers, manager, clearable=True)
        if one:
            shown["is_active"] = ui.switch(person.say("user_active"), value=one.is_active)


def _plain(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value
