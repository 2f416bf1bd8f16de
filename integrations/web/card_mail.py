"""A draft on its card: the mail as it would leave, an editor, and sending it by a click, once for each approval."""

from typing import TYPE_CHECKING

from nicegui import ui

from crm_core.changes import State, commit_changes
from crm_core.changes.draft import draft, summarise
from crm_core.changes.steps import Step
from crm_core.errors import CrmError, Invalid
from crm_core.models import SendState
from integrations.cards import Card
from integrations.mails import FIELDS, Mail
from integrations.web import text
from integrations.web.card_parts import show_facts
from integrations.web.desk import DOOR
from integrations.web.shell import button, edge, notify, work

if TYPE_CHECKING:
    from integrations.web.cards import ProposalCard
from integrations.web.window import window


class MailCard:
    """The mail of a change set that is about one draft.

    Args:
        whole: the card that it stands on.
        card: as it was read.
        mail: of it.
    """

    def __init__(self, whole: "ProposalCard", card: Card, mail: Mail) -> None:
        self._whole, self._card, self._mail = whole, card, mail
        self._desk, self._person = whole.desk, whole.person

    def show(self) -> None:
        """The mail with its buttons."""
        say, mail = self._person.say, self._mail
        with ui.element("div").classes("mail"):
            to = f"{mail.name} <{mail.address}>" if mail.address else mail.name or say("hidden")
            text.words("p", say("mail_to", who=to), "small muted")
            text.words("h3", mail.subject)
            text.words("div", mail.body, "mail-body")
        if mail.reason:
            text.words("p", mail.reason, "small muted")
        if mail.blanks and not self._is_gone():
            text.words("p", say("fill_in", what=", ".join(mail.blanks)), "small warn")
        self._show_send()
        show_facts(self._person, self._card)
        with ui.element("div").classes("line"):
            self._whole.buttons(self._card)
            if not self._is_gone() and (self._whole.allowed.approve or self._whole.allowed.undo):
                button(say("edit"), self._edit, icon="edit")
            if self._may_leave():
                button(say("send_mail"), self._send, kind="primary", icon="send")

    def _show_send(self) -> None:
        send = self._mail.send
        if send is not None:
            kind = {SendState.SENT: "good", SendState.FAILED: "bad", SendState.UNKNOWN: "bad"}.get(send.state, "")
            text.words("p", self._person.say(f"mail_{send.state}", to=send.recipient, note=send.note or ""), kind)

    def _is_gone(self) -> bool:
        send = self._mail.send
        return send is not None and send.state is not SendState.FAILED

    def _may_leave(self) -> bool:
        is_ready = self._whole.allowed.undo and not self._mail.blanks and not self._is_gone()
        return is_ready and self._desk.mailer is not None

    async def _send(self) -> None:
        """After a last look at where it goes."""
        say, mail = self._person.say, self._mail
        with window(say("send_sure")) as dialog:
            text.words("p", say("mail_to", who=f"{mail.name} <{mail.address}>"))
            text.words("p", mail.subject, "muted")
            with ui.element("div").classes("line end"):
                button(say("cancel"), lambda: dialog.submit(False))
                button(say("send_mail"), lambda: dialog.submit(True), kind="primary", icon="send")
        if not await dialog:
            return
        with edge(self._person):
            mailer = self._desk.mailer
            if mailer is None:
                raise Invalid(say("no_server"))
            store, shown = self._desk.store, self._card.found.id
            await work(mailer.send, store, mail.draft_id, actor=self._person.actor, door=DOOR, shown=shown)
        await self._whole.redraw()

    def _edit(self) -> None:
        say = self._person.say
        self._whole.box.clear()
        with self._whole.box, ui.element("div").classes("stack"):
            subject = ui.input(say("subject"), value=self._mail.subject).props("outlined dense").classes("full-width")
            body = ui.textarea(say("mail_text"), value=self._mail.body).props("outlined autogrow").classes("full-width")
            with ui.element("div").classes("line"):
                button(say("save"), lambda: self._save(str(subject.value), str(body.value)), kind="primary")
                button(say("cancel"), self._whole.redraw)

    async def _save(self, *typed: str) -> None:
        """A waiting proposal is corrected; an approved draft becomes the person's own edit, which approves it anew."""
        new = {name: value for name, value in zip(FIELDS, typed, strict=True) if value != getattr(self._mail, name)}
        if new and self._card.found.state is State.PROPOSED:
            if not await self._whole.corrected(self._card, {(0, name): value for name, value in new.items()}):
                return
        elif new:
            try:
                self._whole.id = await work(self._change, new)
            except CrmError as error:
                notify(self._person.told(error), kind="warning")
                return
        await self._whole.redraw()

    def _change(self, new: dict[str, str]) -> str:
        store, actor = self._desk.store, self._person.actor
        step = Step(op="update", entity="draft", records=[self._mail.draft_id], set=dict(new))
        changes = tuple(draft(store, [step], actor=actor, today=self._desk.today()).changes)
        summary = summarise(changes, store.schema)
        return commit_changes(store, changes, actor=actor, kind="edit", summary=summary, door=DOOR)
