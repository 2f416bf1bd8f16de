"""What taking mails in did, for whoever shows it."""

from dataclasses import dataclass, field


@dataclass
class MailCounts:
    """What became of the mails of one source: `mails` is the sum of the others."""

    mails: int = 0
    taken: int = 0
    known: int = 0
    left_out: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class Waiting:
    """A proposal to make a contact of somebody whose mails were taken.

    Attributes:
        change_set_id: to approve or reject it by.
        person: as the mails name them.
        mails: how many it links.
    """

    change_set_id: str
    person: str
    mails: int


@dataclass(frozen=True)
class MailReport:
    """What taking mails in did, or would do.

    Attributes:
        change_set_id: to undo it by; None when nothing was taken, or in a dry run.
        sources: file or folder → what became of its mails.
        linked: how many of the mails taken now belong to a contact, a lead, an account, a deal.
        left_out: how many were not taken on purpose, by reason.
        remarks: the first few of (mail, what a person should know of it).
        more_remarks: how many beyond those.
        waiting: contacts proposed for senders that nobody here knows.
        more_unknown: how many further senders wait for the next time.
        is_dry_run: nothing was written.
        elapsed_s: seconds.
    """

    change_set_id: str | None
    sources: dict[str, MailCounts]
    linked: dict[str, int]
    left_out: dict[str, int]
    remarks: tuple[tuple[str, str], ...]
    more_remarks: int
    waiting: tuple[Waiting, ...] = ()
    more_unknown: int = 0
    is_dry_run: bool = False
    elapsed_s: float = field(default=0.0, compare=False)

    @property
    def is_failure(self) -> bool:
        """Whether there were mails and none could be read."""
        counts = self.sources.values()
        return any(one.mails for one in counts) and all(one.mails == one.unreadable for one in counts)
