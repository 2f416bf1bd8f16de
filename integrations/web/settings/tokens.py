"""Access tokens: what programs show to act in a person's name."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nicegui import ui

from crm_core.access import Actor
from crm_core.tokens import Right, Token, create_token, list_tokens, revoke_token
from crm_core.users import names_of
from integrations.web.desk import Desk
from integrations.web.panels import Live, act, confirm, dialog, entry, panel, plain_table, row, told_once
from integrations.web.people import Person
from integrations.web.settings.frame import is_admin, settings_frame
from integrations.web.shell import empty, notify, work

_HEADS = ("token_name", "token_person", "token_rights", "token_state", "actions")
_USUAL = (Right.READ, Right.ASK)


@dataclass(frozen=True)
class Tokens:
    """One's own; an administrator's are everybody's."""

    tokens: tuple[Token, ...]
    names: dict[int, str]


def read_tokens(desk: Desk, actor: Actor) -> Tokens:
    """Those that this person may take back."""
    return Tokens(list_tokens(desk.store, actor), names_of(desk.store))


async def build(desk: Desk, person: Person) -> None:
    """The tokens, and the form to make one."""
    with settings_frame(person, "tokens"):
        live: Live[Tokens] = Live(
            lambda: read_tokens(desk, person.actor), lambda found: _show(desk, person, found, live)
        )  # fmt: skip
        await live.show()


def _show(desk: Desk, person: Person, found: Tokens, live: Live[Tokens]) -> None:
    heads = [person.say(key) for key in _HEADS]
    with panel(person.say("settings_tokens"), person.say("tokens_note")) as actions:
        with actions:
            act(person, person.say("token_new"), lambda: _new(desk, person, live), kind="primary")
        if not found.tokens:
            empty(person, "tokens_none", icon="key")
            return
        with plain_table(heads, person.say("settings_tokens")):
            for one in found.tokens:
                _row(desk, person, found, one, heads, live)


def _row(desk: Desk, person: Person, found: Tokens, one: Token, heads: list[str], live: Live[Tokens]) -> None:
    is_good = one.is_good(datetime.now(UTC))

    async def revoke() -> None:
        await work(revoke_token, desk.store, one.id, actor=person.actor)
        await live.show()
        notify(person.say("token_gone", name=one.name), kind="positive")

    def ask() -> None:
        confirm(person, person.say("token_revoke_title", name=one.name), person.say("token_revoke_note"), revoke,
                yes="token_revoke")  # fmt: skip

    def actions() -> None:
        if is_good:
            act(person, person.say("token_revoke"), ask, name=f"{person.say('token_revoke')} {one.name}")

    good = person.say("token_until", day=f"{one.expires_at:%Y-%m-%d}")
    state = person.say("token_revoked") if one.revoked_at else good if is_good else person.say("token_expired")
    rights = ", ".join(person.say(f"right_{right}") for right in Right if right in one.rights)
    row(heads, (one.name, found.names.get(one.user_id, "?"), rights, state, actions), "" if is_good else "is-off")


def _new(desk: Desk, person: Person, live: Live[Tokens]) -> None:
    async def save() -> None:
        rights = [right for right, box in boxes.items() if box.value]
        made, secret = await work(
            create_token, desk.store, person.actor, name=name.value or "", rights=rights, days=int(days.value or 0)
        )  # fmt: skip
        await live.show()
        told_once(person, person.say("token_made", name=made.name), person.say("token_made_note"), secret)

    with dialog(person, person.say("token_new"), save, yes="create"):
        name = entry(person.say("token_name"))
        with ui.element("div").classes("stack-small"):
            known = [right for right in Right if right is not Right.ADMIN or is_admin(person.actor)]
            boxes = {right: ui.checkbox(person.say(f"right_{right}_long"), value=right in _USUAL) for right in known}
        days = ui.number(person.say("token_days"), value=90, min=1, max=366, precision=0).props("outlined dense")
        days.classes("field")
