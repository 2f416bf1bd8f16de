"""The parts of a card: its head, the old and new values, and what it rests on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

from nicegui import ui

from copilot.cards import field_label, summary, totals
from copilot.context import Lang
from copilot.labels import entity_label, value_label
from copilot.words import sentence
from crm_core.changes import State
from crm_core.models import Kind
from crm_core.schema import Schema
from integrations.cards import Card
from integrations.web import text
from integrations.web.people import Person

EDITED, QUOTES, LONGEST = 20, 5, 3_000
_CHIPS = {State.PROPOSED: "warn", State.APPLIED: "good", State.CONFLICTED: "bad", State.EXPIRED: "bad"}
SAY_WHY = (State.REJECTED, State.CONFLICTED)  # the notes of others are numbers and ids
_RISKS = {"medium": "warn", "high": "bad"}


def show_head(person: Person, card: Card) -> None:
    """Its state, what it does in a line, and how carefully to look."""
    state = card.found.state
    with ui.element("div").classes("spread"):
        with ui.element("div").classes("line"):
            text.words("span", person.say(f"state_{state}"), f"chip {_CHIPS.get(state, '')}")
            told = summary(card.changes, person.lang) or card.found.head.summary
            text.words("strong", told[:1].upper() + told[1:])
        if state is State.PROPOSED and card.risk in _RISKS:
            text.words("span", person.say(f"risk_{card.risk}"), f"chip {_RISKS[card.risk]}")


def show_diff(
    person: Person,
    changes: Sequence[dict[str, Any]],
    schema: Schema,
    *,
    behind: Callable[[str, str], Any] | None = None,
) -> None:
    """Each record with its fields, old → new; `behind` builds what stands behind a changed field of a kind."""
    for change in changes:
        with ui.element("section").classes("change"):
            with ui.element("div").classes("line change-of"):
                text.words("span", person.say(f"op_{change['op']}", what=_kind(change, person.lang)), "muted small")
                _label(change, schema)
            if change["set"]:
                with ui.element("dl").classes("diff"):
                    for name, (old, new) in change["set"].items():
                        _pair(person, change, schema, name, old, new, behind if change["op"] == "update" else None)
    for label, before, after in totals(changes, person.lang):
        told = person.say("total_effect", what=label, old=f"{before:,}", new=f"{after:,}")
        text.words("p", told, "small muted")


def show_facts(person: Person, card: Card) -> None:
    """The words that it rests on, who asked, and what to beware of."""
    quotes = list(dict.fromkeys(str(one["quote"]) for one in card.changes if one.get("quote")))
    for quote in quotes[:QUOTES]:
        text.words("p", f"“{quote}”", "quote")
    head, waits = card.found.head, card.found.state is State.PROPOSED
    facts = [person.say("asked_by", who=head.asked_by)]
    if waits and head.expires_at:
        facts.append(person.say("until", moment=f"{head.expires_at.astimezone(UTC):%Y-%m-%d %H:%M}"))
    if card.decided_at is not None and not waits:
        facts.append(person.say("decided", who=card.decided_by, moment=f"{card.decided_at:%Y-%m-%d %H:%M}"))
    text.words("p", " · ".join([*facts, card.found.id[:8]]), "small muted")
    if card.found.note and card.found.state in SAY_WHY:
        text.words("p", card.found.note, "small")
    if head.tainted and waits:
        with ui.element("p").classes("line small warn"):
            ui.icon("warning_amber").props("aria-hidden=true")
            text.words("span", person.say("tainted"))


def editable(card: Card, schema: Schema, lang: Lang = "en") -> list[tuple[int, str, str, str]]:
    """(position of the change, field, label, new value) of what may be edited: what is proposed, and no more."""
    found = []
    for at, change in enumerate(card.changes):
        fields = schema.entities[change["entity"]].fields if change["entity"] in schema.entities else {}
        for name, (_, new) in change["set"].items():
            value = "" if new is None else str(new)
            if change["op"] in ("update", "create") and name in fields and fields[name].edit and len(value) < LONGEST:
                label = field_label(change["entity"], name, lang)
                told = label if len(card.changes) == 1 else f"{change['label']}: {label}"
                found.append((at, name, text.clean(told), value))
    return found


def value_of(change: Mapping[str, Any], schema: Schema, name: str, value: Any, lang: Lang) -> str:
    """An old or new value as a person reads it."""
    if value is None or value == "":
        return "–"
    entity = schema.entities.get(change["entity"])
    field = entity.fields.get(name) if entity else None
    if field is not None and field.kind is Kind.MONEY and isinstance(value, int | float):
        return f"{value:,} {change['currency'] or ''}".strip()
    return sentence("yes" if value else "no", lang) if isinstance(value, bool) else value_label(str(value), name, lang)


def _pair(
    person: Person, change: dict[str, Any], schema: Schema, name: str, old: Any, new: Any,
    behind: Callable[[str, str], Any] | None,
) -> None:  # fmt: skip
    text.words("dt", field_label(change["entity"], name, person.lang))
    with ui.element("dd"):
        if change["op"] != "create":
            text.words("del", value_of(change, schema, name, old, person.lang))
            text.words("span", "→", "arrow")
        text.words("ins", value_of(change, schema, name, new, person.lang))
        if behind is not None:
            behind(change["entity"], name)


def _kind(change: dict[str, Any], lang: Lang) -> str:
    return entity_label(change["entity"], lang, count=1)


def _label(change: dict[str, Any], schema: Schema) -> None:
    label = str(change.get("label") or f"#{change['record_id']}")
    if change["op"] == "create" and label.startswith("new "):  # it has no name to be called by
        return
    if change["op"] == "update" and change["entity"] in schema.entities:
        text.record_link(label, change["entity"], change["record_id"])
    else:
        text.words("strong", label)
