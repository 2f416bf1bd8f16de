"""One import as it goes: the files, the plan, what would become of the rows, and what became of them. No page in it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from crm_core.access import Actor, Scope
from crm_core.errors import Forbidden, Invalid
from crm_core.transfer import ImportMap, ImportPlan, ImportReport, apply_import, plan_import, preview_import
from crm_core.transfer.mail import MailReport, MailSource, open_mail, preview_mail, take_mail
from integrations.headers import header_words
from integrations.web.desk import DOOR, Desk
from integrations.web.importing.upload import Upload

Report = ImportReport | MailReport


def may_import(actor: Actor) -> bool:
    """Whether somebody may import: names are looked up in the whole store."""
    return actor.reads is Scope.ALL and actor.writes is not Scope.NONE


@dataclass
class Taking:
    """An import of one person; its methods block, and are called one at a time.

    Attributes:
        desk: where to.
        upload: the files.
        plan: how tables are read; None before they were looked at, and for mails.
        mails: the files, where they are mails.
        preview: what would become of the rows.
        done: what became of them.
        error: why the files could not be understood.
        progress: how far the step at work is, 0 to 1.
    """

    desk: Desk
    upload: Upload = field(default_factory=Upload)
    plan: ImportPlan | None = None
    mails: tuple[MailSource, ...] = ()
    preview: Report | None = None
    done: Report | None = None
    error: Invalid | None = None
    progress: float = 0.0

    def look(self, actor: Actor, mapping: ImportMap | None = None) -> None:
        """Find out how the files are to be read; what cannot be is told in `error`."""
        _check(actor)
        self.plan, self.mails, self.preview, self.error = None, (), None, None
        paths = self.upload.paths
        try:
            found = open_mail(paths)
            self.mails = found.mails
            if not self.mails:
                self.plan = plan_import(
                    self.desk.store, paths, today=self.desk.today(), mapping=mapping, extra_words=header_words(),
                    progress=self._move,
                )  # fmt: skip
        except Invalid as error:
            self.error = error

    def try_out(self, actor: Actor) -> None:
        """What would become of each row; changes nothing."""
        _check(actor)
        self.progress = 0.0
        self.upload.forget_errors()
        store = self.desk.store
        if self.plan is not None:
            self.preview = preview_import(store, self.plan, errors_to=self.upload.errors, progress=self._move)
        else:
            self.preview = preview_mail(store, self.mails, actor=actor, now=_now(), progress=self._move)

    def take(self, actor: Actor) -> None:
        """Take the rows in, as one change set; once.

        Raises:
            Forbidden: the actor may not make such records.
        """
        _check(actor)
        if self.done is not None:
            return
        self.progress = 0.0
        self.upload.forget_errors()
        store = self.desk.store
        if self.plan is not None:
            self.done = apply_import(
                store, self.plan, actor=actor, door=DOOR, errors_to=self.upload.errors, progress=self._move
            )  # fmt: skip
        else:
            self.done = take_mail(store, self.mails, actor=actor, door=DOOR, now=_now(), progress=self._move)

    def _move(self, done: int, total: int) -> None:
        self.progress = done / total if total else 1.0


def _check(actor: Actor) -> None:
    if not may_import(actor):
        raise Forbidden("An import looks names up in the whole store; it takes somebody who may read all of it.")


def _now() -> datetime:
    return datetime.now(UTC)
