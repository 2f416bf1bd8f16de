"""The model in use and its budget, which an administrator may set here; what it took, and what left for it."""

from dataclasses import dataclass
from typing import Any

from nicegui import ui

from copilot.egress import EgressLog, Sent
from copilot.memory.spending import Spent
from copilot.models import OFFLINE
from crm_core.access import Actor
from crm_core.company_settings import read_settings
from crm_core.users import names_of
from integrations.settings import PREFIX, Settings
from integrations.spending import read_spent
from integrations.stored import STORED, effective, keep, source_of
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, dialog, entry, panel, plain_table, row
from integrations.web.people import Person
from integrations.web.settings.frame import is_admin, settings_frame, tell_done
from integrations.web.shell import empty, work

DAYS, SENT_SHOWN = 30, 20
_PROCESS = ("local_only", "model_timeout_s", "withheld_fields", "embedder", "time_zone", "conversation_days", "learn")
_USED = ("used_day", "used_person", "used_model", "used_calls", "used_tokens", "used_cost")
_SENT = ("sent_at", "used_person", "used_model", "sent_characters", "sent_fields")


@dataclass(frozen=True)
class Usage:
    """What the model took, and what left for it; only an administrator sees what others' questions took.

    `own` are the settings that hold; `kept` is what was set in the store.
    """

    spent: tuple[Spent, ...]
    sent: tuple[Sent, ...]
    names: dict[int, str]
    own: Settings
    kept: dict[str, str]


def read_usage(desk: Desk, actor: Actor) -> Usage:
    """Everybody's for an administrator, one's own for others."""
    own, kept = effective(desk.settings, desk.store), read_settings(desk.store)
    spent = read_spent(own, days=DAYS)
    if is_admin(actor):
        return Usage(spent, EgressLog(own.conversations).read(SENT_SHOWN), names_of(desk.store), own, kept)
    return Usage(tuple(one for one in spent if one.actor_id == actor.id), (), {actor.id: actor.name}, own, kept)


async def build(desk: Desk, person: Person) -> None:
    """Settings of the process to read, and the ledger."""
    with settings_frame(person, "usage"):
        live: Live[Usage] = Live(lambda: read_usage(desk, person.actor), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Usage, live: Live[Usage]) -> None:
    settings = found.own
    is_offline = settings.model == OFFLINE or settings.local_only == "on"
    name = person.say("model_offline") if is_offline else settings.model
    with panel(person.say("model_in_use"), person.say("model_note")):
        text.words("p", name, "strong")
        if is_admin(person.actor):
            _settings(desk, person, found, live)
    _spent(person, found)
    if is_admin(person.actor):
        _sent(person, found)


def _settings(desk: Desk, person: Person, found: Usage, live: Live[Usage]) -> None:
    """What may be set here, where the environment does not; then what only the environment sets."""
    say = person.say
    heads = [say(key) for key in ("setting_name", "setting_value", "setting_from", "actions")]
    with plain_table(heads, say("model_in_use")):
        for name in STORED:
            _stored(desk, person, found, name, heads, live)
        key = say("setting_key_there" if desk.settings.model_key else "setting_key_none")
        row(heads, (say("setting_model_key"), key, _variable(person, "model_key", "alone"), "–"))
        for name in _PROCESS:
            value = getattr(found.own, name)
            shown = "–" if value in (None, "") else str(value)
            row(heads, (say(f"setting_{name}"), shown, _variable(person, name, "alone"), "–"))


def _variable(person: Person, name: str, how: str = "environment") -> str:
    return person.say(f"setting_{how}", name=f"{PREFIX}{name.upper()}")


def _stored(
    desk: Desk, person: Person, found: Usage, name: str, heads: list[str], live: Live[Usage]
) -> None:  # fmt: skip
    say, value = person.say, str(getattr(found.own, name))
    source = source_of(desk.settings, name, found.kept)
    where = _variable(person, name) if source == "environment" else say(f"setting_{source}")

    def told() -> None:
        text.words("span", say(f"setting_{name}"), "strong")
        text.words("p", say(f"setting_{name}_note"), "muted small")

    def actions() -> None:
        if source == "environment":
            text.words("span", say("setting_fixed"), "muted small")
            return
        label = f"{say('edit')}: {say(f'setting_{name}')}"
        act(person, say("edit"), lambda: _edit(desk, person, name, value, live), name=label).mark(f"set-{name}")

    row(heads, (told, value, where, actions))


def _edit(desk: Desk, person: Person, name: str, value: str, live: Live[Usage]) -> None:
    async def save() -> None:
        wanted = None if shown["default"].value else str(shown["value"].value or "")
        made = await work(keep, desk.settings, desk.store, name, wanted, actor=person.actor, door=DOOR)
        await tell_done(person, made, live)

    shown: dict[str, Any] = {}
    with dialog(person, person.say(f"setting_{name}"), save):
        text.words("p", person.say(f"setting_{name}_note"), "muted small")
        shown["value"] = entry(person.say("setting_value"), value).mark("setting-value")
        default = str(type(desk.settings).model_fields[name].default)
        shown["default"] = ui.checkbox(person.say("warning_default", limit=default), value=False)


def _spent(person: Person, found: Usage) -> None:
    heads = [person.say(key) for key in _USED]
    cap = found.own.model_daily_cap
    note = person.say("used_cap", cap=f"{cap:,}") if cap else person.say("used_no_cap")
    with panel(person.say("used", days=DAYS), note):
        if not found.spent:
            empty(person, "used_none", icon="savings")
            return
        with plain_table(heads, person.say("used", days=DAYS)):
            for one in found.spent:
                tokens = f"{one.tokens_in:,} / {one.tokens_out:,}"
                who = found.names.get(one.actor_id, f"#{one.actor_id}")
                row(heads, (one.day.isoformat(), who, one.model, f"{one.calls:,}", tokens, f"{one.cost:,.4f}"))


def _sent(person: Person, found: Usage) -> None:
    heads = [person.say(key) for key in _SENT]
    with panel(person.say("sent"), person.say("sent_note")):
        if not found.sent:
            empty(person, "sent_none", icon="shield")
            return
        with plain_table(heads, person.say("sent")):
            for one in found.sent:
                who = found.names.get(one.actor, f"#{one.actor}")
                row(heads, (one.at[:19], who, one.model, f"{one.characters:,}", ", ".join(one.fields) or "–"))
