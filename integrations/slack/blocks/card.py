"""The card of a change set: what changes, old → new, and what the person may do. Made from the diff, by no model."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from copilot.cards import field_label
from copilot.cards import summary as told_changes
from copilot.context import Lang
from copilot.labels import entity_label, value_label
from crm_core.changes import State
from crm_core.models import Kind
from crm_core.schema import build_schema
from integrations.cards import MANY, Card
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button, confirmed
from integrations.slack.blocks.mail import mail_message
from integrations.slack.blocks.message import Message, length, message
from integrations.slack.blocks.text import Block, context, cut, one_line, parts, rich, rich_block
from integrations.slack.cards import Pressed
from integrations.slack.words import say

SHOWN = 5  # changes of a card
FIELDS = 8  # of a change
EDITED = 20  # fields of the window that edits
_VALUE = 280  # characters of a value on a card
_LONGEST, _ALL = 2_000, 6_000  # of a value, where all of them are not longer than that


def card_message(card: Card, lang: Lang, *, now: datetime, intro: str = "") -> Message:
    """A card as it stands; `intro` is what the answer said beside it."""
    summary = _status(card, lang)
    if card.mail is not None:
        return mail_message(card, card.mail, lang, now=now, intro=intro, status=summary)
    blocks = [*rich(cut(intro, limits.RICH_TEXT)), *diff_blocks(card.changes[:SHOWN], lang, head=summary)]
    if len(card.changes) > SHOWN:
        blocks += context([say("more_changes", lang, count=f"{len(card.changes) - SHOWN:,}")])
    blocks += context(_facts(card, lang))
    return message(
        f"{summary}: {told_changes(card.changes, lang)}", blocks, lang, last=actions(_buttons(card, lang, now))
    )


def diff_blocks(changes: Sequence[dict[str, Any]], lang: Lang, *, head: str = "") -> list[Block]:
    """Changes as lines of old → new, a block for some of them at a time."""
    blocks: list[Block] = []
    sections = [parts((head + "\n", "bold"))] if head else []
    size = 0
    most = _LONGEST if sum(len(str(value)) for change in changes for value in _shown(change)) <= _ALL else _VALUE
    for change in changes:
        lines = list(_lines(change, lang, most))
        grown = sum(map(length, lines))
        if sections and size + grown > limits.RICH_TEXT:
            blocks.append(rich_block(sections))
            sections, size = [], 0
        sections += lines
        size += grown
    return [*blocks, rich_block(sections)] if sections else blocks


def editable(card: Card) -> list[tuple[int, str, str]]:
    """(position of the change, field, new value) of what may be edited."""
    schema = build_schema()
    found = []
    for at, change in enumerate(card.changes[:SHOWN]):
        fields = schema.entities[change["entity"]].fields if change["entity"] in schema.entities else {}
        for name, (_, new) in change["set"].items():
            text = "" if new is None else str(new)
            if change["op"] in ("update", "create") and name in fields and fields[name].edit and len(text) < 3000:
                found.append((at, name, text))
    return found[:EDITED]


def _status(card: Card, lang: Lang) -> str:
    state = card.found.state
    if state is State.PROPOSED:
        return say("waits", lang)
    return say(str(state), lang, who=one_line(card.decided_by, 80)) if state is State.APPLIED else say(str(state), lang)


def _lines(change: dict[str, Any], lang: Lang, most: int) -> Iterator[Block]:
    kind = entity_label(change["entity"], lang, count=1)
    label = one_line(str(change.get("label") or ""), 150)
    done = say(f"op_{change['op']}", lang)
    what = f"{done} {kind}" if lang == "en" else f"{done}{kind}"
    if label == f"new {change['entity']}".replace("_", " "):  # it has no name of its own
        yield parts((f"{what}\n", "bold"))
    else:
        yield parts((what + (": " if lang == "en" else "："), ""), (f"{label}\n", "bold"))
    for name, (old, new) in list(change["set"].items())[:FIELDS]:
        told = f"    {field_label(change['entity'], name, lang)}: "
        before = [] if change["op"] == "create" else [(_value(change, name, old, lang, most), "strike"), (" → ", "")]
        yield parts((told, ""), *before, (_value(change, name, new, lang, most), "bold"), ("\n", ""))
    if len(change["set"]) > FIELDS:
        yield parts(("    " + say("more_changes", lang, count=len(change["set"]) - FIELDS) + "\n", ""))


def _shown(change: dict[str, Any]) -> Iterator[Any]:
    for pair in list(change["set"].values())[:FIELDS]:
        yield from pair


def _value(change: dict[str, Any], name: str, value: Any, lang: Lang, most: int) -> str:
    if value is None or value == "":
        return "–"
    entity = build_schema().entities.get(change["entity"])
    field = entity.fields.get(name) if entity else None
    is_money = field is not None and field.kind is Kind.MONEY and isinstance(value, int | float)
    return (
        f"{value:,} {change['currency'] or ''}".strip()
        if is_money
        else one_line(value_label(str(value), name, lang), most)
    )


def _facts(card: Card, lang: Lang) -> Iterator[str]:
    """Risk, number and who asked; evidence; what to beware of."""
    head, count = card.found.head, len(card.changes)
    facts = [
        say(f"risk_{card.risk}", lang),
        say("one_change", lang) if count == 1 else say("counted", lang, count=f"{count:,}"),
        say("asked_by", lang, who=one_line(head.asked_by, 80)),
    ]
    if card.found.state is State.PROPOSED and head.expires_at:
        facts.append(say("until", lang, moment=f"{head.expires_at.astimezone(UTC):%Y-%m-%d %H:%M}"))
    yield " · ".join([*facts, card.found.id[:8]])
    quote = next((change["quote"] for change in card.changes if change.get("quote")), "")
    if quote:
        yield say("evidence", lang, quote=cut(str(quote), 300))
    if head.tainted and card.found.state is State.PROPOSED:
        yield say("tainted", lang)


def _buttons(card: Card, lang: Lang, now: datetime) -> list[Block]:
    value = Pressed(lang, card.found.id, card.found.sha256).packed()
    expand = [button(say("show_all", lang), "show_all", value)] if len(card.changes) > SHOWN else []
    if card.found.state is State.PROPOSED:
        approve = "approve_many" if len(card.changes) > MANY else "approve"
        edit = [button(say("edit", lang), "edit", value)] if editable(card) and len(card.changes) <= SHOWN else []
        return [
            button(say("approve", lang), approve, value, style="primary"), *edit,
            button(say("reject", lang), "reject", value, style="danger"), *expand,
            button(say("why", lang), "why", value),
        ]  # fmt: skip
    if card.may_be_undone(now):
        undo = button(say("undo", lang), "undo", value)
        asked = confirmed(undo, title=say("undo_sure", lang), yes=say("undo", lang), no=say("cancel", lang))
        return [asked, *expand, button(say("why", lang), "why", value)]
    return expand
