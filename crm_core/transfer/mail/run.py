"""Mails to changes, streamed: one interaction a mail, in one pass over the messages after a first look at their ids."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from crm_core.access import Actor
from crm_core.changes.change import Change, Json, Op
from crm_core.changes.layout import moment_text
from crm_core.errors import Invalid
from crm_core.ids import new_id
from crm_core.models import Interaction, InteractionKind
from crm_core.schema import Schema
from crm_core.transfer.mail.parse import Mail, parse_mail, read_ids
from crm_core.transfer.mail.people import Match, People
from crm_core.transfer.mail.report import MailCounts
from crm_core.transfer.mail.sources import MailSource, Raw
from crm_core.transfer.mail.threads import Threads

MOST_REMARKS = 100
Progress = Callable[[int, int], None]


class MailRun:
    """Makes the changes of an import of mails, and counts what becomes of each.

    Args:
        connection: of the running transaction.
        schema: the store's registry.
        actor: whose rights count.
        sources: read twice.
        now: the moment of the import.
        progress: told (mails done, mails in all).
    """

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        actor: Actor,
        sources: Sequence[MailSource],
        *,
        now: datetime,
        progress: Progress | None,
    ) -> None:
        self._connection = connection
        self._people = People(connection, schema, actor)
        self._sources = sources
        self._now = now
        self._progress = progress
        self._threads = Threads()
        self.counts: dict[str, MailCounts] = {}
        self.linked: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.remarks: list[tuple[str, str]] = []
        self.more_remarks = 0

    def changes(self) -> Iterator[Change]:
        """One creation for each mail that is new."""
        total = self._look_at_ids()
        done = 0
        for source in self._sources:
            counts = self.counts.setdefault(source.name, MailCounts())
            for raw in source.read():
                counts.mails += 1
                change = self._take(raw, counts)
                if change is not None:
                    yield change
                done += 1
                if self._progress:
                    self._progress(done, max(total, done))

    def _look_at_ids(self) -> int:
        total = 0
        for source in self._sources:
            for raw in source.read():
                total += 1
                if raw.data is not None:
                    self._threads.join(*read_ids(raw.data))
        self._threads.look_up(self._connection)
        return total

    def _take(self, raw: Raw, counts: MailCounts) -> Change | None:
        try:
            if raw.data is None:
                raise Invalid(raw.problem)
            if read_ids(raw.data)[0] in self._threads.known:
                counts.known += 1
                return None
            mail = parse_mail(raw.data, now=self._now)
        except Invalid as error:
            counts.unreadable += 1
            self._remark(raw.label, f"not taken: {error}")
            return None
        if self._is_known(mail):
            counts.known += 1
            return None
        is_own = bool(mail.senders) and self._people.is_own(mail.senders[0])
        match = self._match(mail, is_own=is_own)
        reason = self._why_not(mail, match)
        if reason:
            counts.left_out += 1
            self.left_out[reason] += 1
            return None
        counts.taken += 1
        return self._interaction(mail, match, raw, is_own=is_own)

    def _is_known(self, mail: Mail) -> bool:
        if not self._threads.add_known(mail.external_id):
            return True
        if mail.external_id.startswith("<"):
            return False  # looked up with all other ids before
        same = (Interaction.external_id == mail.external_id, Interaction.deleted_at.is_(None))
        return self._connection.execute(select(Interaction.id).where(*same).limit(1)).first() is not None

    def _match(self, mail: Mail, *, is_own: bool) -> Match:
        outside = [one for one in mail.recipients if not self._people.is_own(one)]
        others = [one for one in mail.senders if not self._people.is_own(one)]
        return self._people.match(outside if is_own or not mail.senders else others)

    def _why_not(self, mail: Mail, match: Match) -> str:
        """Why a mail is left out; empty: it is taken."""
        if match.party is None and mail.senders and mail.recipients:
            return "between colleagues"
        if mail.is_automatic and not match.is_known:
            return "sent by a machine or a list that nobody here knows"
        return ""

    def _interaction(self, mail: Mail, match: Match, raw: Raw, *, is_own: bool) -> Change:
        sent_at = mail.sent_at or raw.dated or self._now
        thread = self._threads.name_of(mail.external_id, mail.references)
        deal = self._people.deal_for(match, sent_at.date(), self._threads.deal_of(thread))
        user = self._people.user_of(mail.senders if is_own else mail.recipients)
        direction = "out" if is_own else "in" if mail.senders else None
        self._tell(mail, raw, match, sent_at)
        self._count(match, deal)
        values: dict[str, Json] = {
            "external_id": mail.external_id, "kind": str(InteractionKind.EMAIL), "direction": direction,
            "happened_on": sent_at.date().isoformat(), "happened_at": moment_text(sent_at), "subject": mail.subject,
            "body": mail.said, "split_off": mail.split_off, "attachments": "\n".join(mail.attachments),
            "thread": thread, "counterpart": str(match.party or ""), "account": match.account_id,
            "contact": match.contact_id, "lead": match.lead_id, "deal": deal, "user": user,
        }  # fmt: skip
        filled = {name: (None, value) for name, value in values.items() if value not in (None, "")}
        return Change(Op.CREATE, "interaction", new_id(), None, filled)

    def _tell(self, mail: Mail, raw: Raw, match: Match, sent_at: datetime) -> None:
        lacks = []
        if not mail.senders:
            lacks.append("names no sender")
        if mail.sent_at is None:
            lacks.append(f"has no date that can be read; it stands under {sent_at.astimezone(UTC):%Y-%m-%d}")
        if not mail.said:
            lacks.append("has no text")
        if lacks:
            self._remark(raw.label, "taken, though it " + ", and ".join(lacks))
        if match.party and match.account_id and not match.contact_id and not match.lead_id:
            self.linked["account by domain"] += 1

    def _count(self, match: Match, deal: int | None) -> None:
        found = {"contact": match.contact_id, "lead": match.lead_id, "account": match.account_id, "deal": deal}
        for name, record_id in found.items():
            self.linked[name] += record_id is not None

    def _remark(self, label: str, text: str) -> None:
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append((label, text))
        else:
            self.more_remarks += 1
