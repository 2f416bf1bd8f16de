"""Drafts that come by themselves: for oneself, for one's team, for all."""

from dataclasses import dataclass
from typing import Any

from nicegui import ui
from sqlalchemy import select

from crm_core.access import ADMIN, Actor, Scope
from crm_core.auto_drafts import EVERYBODY, Rules, choose, rules_of
from crm_core.models import AutoDraftSetting, User
from integrations.web.desk import Desk
from integrations.web.panels import Live, act, entry, panel
from integrations.web.people import Person
from integrations.web.settings.frame import is_admin, settings_frame
from integrations.web.shell import empty, notify, work


@dataclass(frozen=True)
class Choices:
    """What holds for the person, and for each scope that they may choose for: its name and what was chosen there."""

    own: Rules | None
    others: tuple[tuple[str, dict[str, Any]], ...]


def read_choices(desk: Desk, actor: Actor) -> Choices:
    """For oneself, for teams that one manages whole, for all where one is an administrator."""
    with desk.store.read() as connection:
        rows = {row["scope"]: dict(row) for row in connection.execute(select(AutoDraftSetting.__table__)).mappings()}
        people = connection.execute(select(User.id, User.team).where(User.deleted_at.is_(None), User.team.is_not(None)))
        members: dict[str, set[int]] = {}
        for user_id, team in people:
            members.setdefault(str(team), set()).add(user_id)
        zone = desk.settings.time_zone
        own = None if actor.id == ADMIN.id else rules_of(connection, actor.id, time_zone=zone)
    leads = actor.writes is Scope.TEAM
    teams = [team for team, ids in sorted(members.items()) if is_admin(actor) or (leads and ids <= actor.team)]
    scopes = [*([EVERYBODY] if is_admin(actor) else []), *(f"team:{team}" for team in teams)]
    return Choices(own, tuple((scope, rows.get(scope, {})) for scope in scopes))


async def build(desk: Desk, person: Person) -> None:
    """A form for each scope that the person may choose for."""
    with settings_frame(person, "drafts"):
        live: Live[Choices] = Live(
            lambda: read_choices(desk, person.actor), lambda found: _show(desk, person, found, live)
        )  # fmt: skip
        await live.show()


def _show(desk: Desk, person: Person, found: Choices, live: Live[Choices]) -> None:
    if found.own is not None:
        with panel(person.say("drafts_own"), person.say("drafts_note")):
            _form(desk, person, f"user:{person.actor.id}", vars(found.own), live)
    elif not found.others:
        empty(person, "drafts_none")
    for scope, chosen in found.others:
        kind, _, team = scope.partition(":")
        title = person.say("drafts_team", team=team) if kind == "team" else person.say("drafts_all")
        with panel(title, person.say("drafts_others_note")):
            _form(desk, person, scope, {**vars(Rules()), **_chosen(chosen)}, live)


def _chosen(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _form(desk: Desk, person: Person, scope: str, rules: dict[str, Any], live: Live[Choices]) -> None:
    async def save() -> None:
        given = {
            "is_on": bool(on.value), "unanswered_days": int(days.value or 0), "quiet_from": quiet_from.value or "",
            "quiet_until": quiet_until.value or "", "time_zone": zone.value or "",
        }  # fmt: skip
        await work(choose, desk.store, scope, given, actor=person.actor)
        await live.show()
        notify(person.say("settings_saved"), kind="positive")

    on = ui.switch(person.say("drafts_on"), value=rules["is_on"])
    with ui.element("div").classes("fields"):
        days = ui.number(person.say("drafts_days"), value=rules["unanswered_days"], min=1, max=60, precision=0)
        days.props("outlined dense").classes("field")
        quiet_from = entry(person.say("drafts_quiet_from"), rules["quiet_from"], kind="time")
        quiet_until = entry(person.say("drafts_quiet_until"), rules["quiet_until"], kind="time")
        zone = entry(person.say("drafts_zone"), rules["time_zone"])
    with ui.element("div").classes("line"):
        act(person, person.say("save"), save, kind="primary")
