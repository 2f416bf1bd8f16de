"""The card of a draft: the mail as it would leave, what stands in its way, and what became of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from copilot.context import Lang
from crm_core.changes import State
from crm_core.models import SendState
from integrations.cards import Card
from integrations.mails import Mail
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button, confirmed
from integrations.slack.blocks.message import Message, message
from integrations.slack.blocks.text import Block, context, cut, one_line, parts, rich, rich_block
from integrations.slack.cards import Pressed
from integrations.slack.words import say

_BODY, _PARTS = 2_600, 3  # characters of a block of a mail on its card, and how many of them
_LINE = 250
_GONE = (SendState.SENT, SendState.EXPORTED)


def mail_message(card: Card, mail: Mail, lang: Lang, *, now: datetime, intro: str, status: str) -> Message:
    """The card of a draft as it stands.

    Args:
        card: of the change set.
        mail: that it makes or changes.
        lang: of the card.
        now: the moment.
        intro: what the answer said beside it.
        status: how the change set stands, in words.
    """
    told = _sent(mail, lang) or status
    blocks = [*rich(cut(intro, limits.RICH_TEXT)), *_letter(mail, lang, told), *context(_facts(card, mail, lang))]
    return message(
        f"{told}: {card.found.head.summary}", blocks, lang, last=actions(list(_buttons(card, mail, lang, now)))
    )


def is_sendable(card: Card) -> bool:
    """Whether the mail is approved, whole, and not on its way."""
    mail = card.mail
    if mail is None or card.found.state is not State.APPLIED or mail.blanks:
        return False
    return mail.send is None or mail.send.state is SendState.FAILED


def _letter(mail: Mail, lang: Lang, status: str) -> list[Block]:
    whom = f"{one_line(mail.name, _LINE)} <{one_line(mail.address, _LINE)}>" if mail.address else mail.name
    body = mail.body if len(mail.body) <= _PARTS * _BODY else mail.body[: _PARTS * _BODY - 1] + "…"
    pieces = [body[at : at + _BODY] for at in range(0, len(body), _BODY)] or [""]
    head = [
        parts((status + "\n", "bold")),
        parts((say("mail_to", lang) + " ", ""), (one_line(whom, 2 * _LINE) + "\n", "bold")),
        parts((say("mail_subject", lang) + " ", ""), (one_line(mail.subject, _LINE) + "\n", "bold")),
    ]
    return [rich_block(head), *(rich_block([{**parts((one, "")), "type": "rich_text_quote"}]) for one in pieces)]


def _sent(mail: Mail, lang: Lang) -> str:
    """What became of it, in words; empty where nobody tried to send it."""
    if mail.send is None:
        return ""
    at, to = f"{mail.send.at.astimezone(UTC):%Y-%m-%d %H:%M}", one_line(mail.send.recipient, _LINE)
    return say(f"mail_{mail.send.state}", lang, at=at, to=to)


def _facts(card: Card, mail: Mail, lang: Lang) -> Iterator[str]:
    if mail.blanks and card.found.state in (State.PROPOSED, State.APPLIED):
        yield say("mail_blanks", lang, what=one_line(" ".join(mail.blanks), _LINE))
    if not mail.address:
        yield say("mail_no_address", lang)
    if mail.send is not None and mail.send.note and mail.send.state is not SendState.SENT:
        yield say("mail_note", lang, note=one_line(mail.send.note, _LINE))
    if mail.reason:
        yield say("mail_reason", lang, reason=one_line(mail.reason, _LINE))
    if card.found.state is State.PROPOSED and card.found.head.tainted:
        yield say("tainted", lang)
    yield f"{say('asked_by', lang, who=one_line(card.found.head.asked_by, 80))} · {card.found.id[:8]}"


def _buttons(card: Card, mail: Mail, lang: Lang, now: datetime) -> Iterator[Block]:
    value = Pressed(lang, card.found.id, card.found.sha256).packed()
    state = card.found.state
    if state is State.PROPOSED:
        if not mail.blanks:
            yield button(say("approve", lang), "approve", value, style="primary")
        yield button(say("edit_approve", lang), "edit_mail", value)
        yield button(say("discard", lang), "reject", value, style="danger")
        yield button(say("why", lang), "why", value)
    elif state is State.APPLIED:
        yield from _further(card, mail, lang, now, value)


def _further(card: Card, mail: Mail, lang: Lang, now: datetime, value: str) -> Iterator[Block]:
    """What may be done with an approved draft."""
    if is_sendable(card) and mail.address:
        sure = say("send_sure", lang, to=f"{one_line(mail.name, 60)} <{one_line(mail.address, 120)}>")
        send = button(say("send", lang), "send", value, style="primary")
        yield confirmed(send, title=sure, yes=say("send", lang), no=say("cancel", lang))
    if mail.send is None or mail.send.state not in _GONE:
        yield button(say("edit_approve", lang), "edit_mail", value)
    if mail.send is None and card.may_be_undone(now):
        label = say("discard" if mail.is_new else "undo", lang)
        gone = button(label, "undo", value, style="danger")
        yield confirmed(gone, title=say("undo_sure", lang), yes=label, no=say("cancel", lang))
    yield button(say("why", lang), "why", value)
