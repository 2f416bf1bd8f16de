"""Windows: edit a proposal, type the number of many changes, see all of them, see why."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from copilot.cards import field_label
from copilot.context import Lang
from crm_core.changes import State
from integrations.cards import Card
from integrations.mails import FIELDS
from integrations.slack.blocks import limits
from integrations.slack.blocks.card import diff_blocks, editable
from integrations.slack.blocks.text import Block, cut, parts, plain, rich_block
from integrations.slack.cards import Pressed
from integrations.slack.words import say

LISTED = 200  # changes of the window that shows all


@dataclass(frozen=True)
class Where:
    """Which card a window belongs to: it is drawn anew there."""

    pressed: Pressed
    channel: str
    message: str

    def packed(self) -> str:
        """As the window carries it."""
        return json.dumps(asdict(self))

    @staticmethod
    def unpacked(value: str) -> "Where | None":
        """What `packed` made; None for anything else."""
        try:
            told = json.loads(value)
            return Where(Pressed(**told["pressed"]), str(told["channel"]), str(told["message"]))
        except (ValueError, TypeError, KeyError):
            return None


def edit_view(card: Card, where: Where) -> Block:
    """The new values of a proposal, to be edited; only the fields that it proposes."""
    lang = where.pressed.lang
    labels = [f"{change['label']}"[:60] for change in card.changes]
    inputs = [
        _input(f"{at}:{name}", f"{labels[at]}: {field_label(card.changes[at]['entity'], name, lang)}", text)
        for at, name, text in editable(card)
    ]
    return modal("edit", say("edit_title", lang), inputs, lang, where=where, submit=say("save", lang))


def edited_values(card: Card, state: dict[str, Any]) -> dict[tuple[int, str], str]:
    """What the person typed, where it is another value than before: by position and field."""
    typed = {}
    for at, name, text in editable(card):
        block = state.get(f"{at}:{name}")
        field = block.get("value") if isinstance(block, dict) else None
        new = field.get("value") if isinstance(field, dict) else None
        if field is not None and (new or "") != text:
            typed[at, name] = str(new or "")
    return typed


def mail_view(card: Card, where: Where) -> Block | None:
    """The text of a draft, to be edited and approved as it then is; None where it is too long for a window."""
    lang, mail = where.pressed.lang, card.mail
    is_open = card.found.state in (State.PROPOSED, State.APPLIED)
    if mail is None or not is_open or max(len(mail.subject), len(mail.body)) > limits.INPUT:
        return None
    inputs = [
        _input("subject", say("mail_subject", lang), mail.subject),
        _input("body", say("mail_body", lang), mail.body),
    ]
    inputs[1]["element"]["multiline"] = True
    return modal("mail", say("mail_title", lang), inputs, lang, where=where, submit=say("approve", lang))


def typed_mail(state: dict[str, Any]) -> dict[str, str]:
    """Subject and body as the person left them; without one that is not there."""
    told = {name: (state.get(name) or {}).get("value") or {} for name in FIELDS}
    return {name: str(one.get("value") or "") for name, one in told.items() if "value" in one}


def reply_view(words: str, lang: Lang) -> Block:
    """A message that is to be answered by mail: whom to, and what to mention. Its own words are shown, no more."""
    quoted = rich_block([{**parts((cut(words, limits.RICH_TEXT), "")), "type": "rich_text_quote"}])
    about = _input("about", say("reply_label", lang), "")
    points = _input("words", say("points_label", lang), "")
    return modal("reply", say("reply_title", lang), [quoted, about, points], lang, submit=say("next", lang))


def count_view(card: Card, where: Where) -> Block:
    """The number of changes, to be typed before they are applied."""
    lang, count = where.pressed.lang, len(card.changes)
    asked = _input("count", say("count_label", lang, count=count), "")
    return modal("count", say("count_title", lang), [asked], lang, where=where, submit=say("approve", lang))


def typed_count(state: dict[str, Any]) -> str:
    """The number that the person typed."""
    return str(((state.get("count") or {}).get("value") or {}).get("value") or "").strip()


def all_view(card: Card, lang: Lang) -> Block:
    """Every change, as far as a window holds them."""
    blocks = diff_blocks(card.changes[:LISTED], lang)[: limits.VIEW_BLOCKS - 1]
    if len(card.changes) > LISTED:
        more = say("more_changes", lang, count=f"{len(card.changes) - LISTED:,}")
        blocks.append(rich_block([parts((more, "italic"))]))
    return modal("all", say("all_title", lang), blocks, lang)


def why_view(card: Card, lang: Lang) -> Block:
    """What a proposal rests on."""
    return modal(
        "why", say("why_title", lang), [rich_block([parts((line + "\n", ""))]) for line in _why(card, lang)], lang
    )


def log_view(words: str, lang: Lang) -> Block:
    """A message that is to be logged: with whom it was, and what is kept of it."""
    about = _input("about", say("about_label", lang), "")
    kept = _input("words", say("words_label", lang), words)
    return modal("log", say("log_title", lang), [about, kept], lang, submit=say("next", lang))


def typed_log(state: dict[str, Any]) -> tuple[str, str]:
    """With whom, and what was said."""
    about, words = (((state.get(name) or {}).get("value") or {}).get("value") for name in ("about", "words"))
    return str(about or "").strip(), str(words or "").strip()


def _why(card: Card, lang: Lang) -> Iterator[str]:
    quotes = list(dict.fromkeys(str(change["quote"]) for change in card.changes if change.get("quote")))
    for quote in quotes[:20]:
        yield say("evidence", lang, quote=cut(quote, 600))
    if not quotes:
        yield say("no_quote", lang)
    head = card.found.head
    model = str(head.origin.get("model") or "")
    told = say("offline", lang) if model == "offline" else model
    if told:
        yield say("by_model", lang, model=cut(told, 100), door=head.door)
    if head.tainted:
        yield say("tainted", lang)


def _input(block_id: str, label: str, value: str) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value", "multiline": len(value) > 80 or "\n" in value}
    if value:
        element["initial_value"] = cut(value, limits.INPUT)
    return {
        "type": "input", "block_id": block_id[:255], "optional": True, "label": plain(label, limits.LABEL),
        "element": element,
    }  # fmt: skip


def modal(
    name: str, title: str, blocks: list[Block], lang: Lang, *, where: Where | None = None, submit: str = ""
) -> Block:
    """A window; with `submit` it can be sent."""
    view: Block = {
        "type": "modal", "callback_id": name, "title": plain(title, limits.TITLE), "blocks": blocks,
        "close": plain(say("cancel" if submit else "close", lang), limits.TITLE),
    }  # fmt: skip
    if submit:
        view["submit"] = plain(submit, limits.TITLE)
    if where:
        view["private_metadata"] = where.packed()
    return view
