"""The model in use, its budget, what it took and what left for it. All of it is told by the process's settings."""

from dataclasses import dataclass

from copilot.egress import EgressLog, Sent
from copilot.memory.spending import Spent
from copilot.models import OFFLINE
from crm_core.access import Actor
from crm_core.users import names_of
from integrations.settings import PREFIX
from integrations.spending import read_spent
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.panels import Live, panel, plain_table, row
from integrations.web.people import Person
from integrations.web.settings.frame import is_admin, settings_frame
from integrations.web.shell import empty

DAYS, SENT_SHOWN = 30, 20
_SETTINGS = (
    "model", "local_only", "model_daily_cap", "model_price_in", "model_price_out", "model_turn_tokens",
    "model_timeout_s", "withheld_fields", "embedder", "time_zone", "currency", "conversation_days", "learn",
)  # fmt: skip
_USED = ("used_day", "used_person", "used_model", "used_calls", "used_tokens", "used_cost")
_SENT = ("sent_at", "used_person", "used_model", "sent_characters", "sent_fields")


@dataclass(frozen=True)
class Usage:
    """What the model took, and what left for it; only an administrator sees what others' questions took."""

    spent: tuple[Spent, ...]
    sent: tuple[Sent, ...]
    names: dict[int, str]


def read_usage(desk: Desk, actor: Actor) -> Usage:
    """Everybody's for an administrator, one's own for others."""
    spent = read_spent(desk.settings, days=DAYS)
    if is_admin(actor):
        return Usage(spent, EgressLog(desk.settings.conversations).read(SENT_SHOWN), names_of(desk.store))
    return Usage(tuple(one for one in spent if one.actor_id == actor.id), (), {actor.id: actor.name})


async def build(desk: Desk, person: Person) -> None:
    """Settings of the process to read, and the ledger."""
    with settings_frame(person, "usage"):
        live: Live[Usage] = Live(lambda: read_usage(desk, person.actor), lambda found: _show(desk, person, found))
        await live.show()


def _show(desk: Desk, person: Person, found: Usage) -> None:
    settings = desk.settings
    is_offline = settings.model == OFFLINE or settings.local_only == "on"
    name = person.say("model_offline") if is_offline else settings.model
    with panel(person.say("model_in_use"), person.say("model_note")):
        text.words("p", name, "strong")
        if is_admin(person.actor):
            _settings(desk, person)
    _spent(desk, person, found)
    if is_admin(person.actor):
        _sent(person, found)


def _settings(desk: Desk, person: Person) -> None:
    heads = [person.say(key) for key in ("setting_name", "setting_value", "setting_what")]
    with plain_table(heads, person.say("model_in_use")):
        for name in _SETTINGS:
            value = getattr(desk.settings, name)
            about = type(desk.settings).model_fields[name].description or ""
            row(heads, (f"{PREFIX}{name.upper()}", "–" if value in (None, "") else str(value), about))


def _spent(desk: Desk, person: Person, found: Usage) -> None:
    heads = [person.say(key) for key in _USED]
    cap = desk.settings.model_daily_cap
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
