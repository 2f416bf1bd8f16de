"""`farley import` for mails: what was taken, what was not and why, who waits for review."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from crm_core.transfer.mail import MailReport, MailSource
    from integrations.cli.session import Session


def find_mails(paths: Sequence[Path]) -> "tuple[MailSource, ...]":
    """The mails meant by `paths`; none where they are tables."""
    from crm_core.transfer.mail import open_mail

    return open_mail(paths).mails


def import_mails(session: "Session", mails: "Sequence[MailSource]", *, dry_run: bool, json: bool) -> None:
    """Take the mails in, or show what that would do."""
    from crm_core.transfer.mail import preview_mail, take_mail
    from integrations.cli.show import print_json, progress_bar

    now = datetime.combine(session.today, datetime.now().astimezone().timetz())
    with progress_bar("importing") as move:
        if dry_run:
            report = preview_mail(session.store, mails, actor=session.actor, now=now, progress=move)
        else:
            report = take_mail(session.store, mails, actor=session.actor, now=now, progress=move)
    if json:
        print_json(_as_json(report))
    else:
        show_mail_report(report)
    if report.is_failure:
        raise typer.Exit(1)


def show_mail_report(report: "MailReport") -> None:
    """What became of the mails, and what to do next."""
    from integrations.cli.show import count_of, say, show_list, show_table

    heads = ("from", "mails", "taken", "known already", "left out", "not taken")
    rows = [
        (name, *(f"{n:,}" for n in (c.mails, c.taken, c.known, c.left_out, c.unreadable)))
        for name, c in report.sources.items()
    ]
    show_table(heads, rows, right=range(1, len(heads)))
    linked = [f"{n:,} to a{'n' if name[0] == 'a' else ''} {name}" for name, n in report.linked.items() if n]
    if linked:
        say("Linked: " + ", ".join(linked))
    show_list("Left out:", (f"{count_of(n, 'mail')} {reason}" for reason, n in report.left_out.items()))
    show_list("To know:", (f"{label}: {text}" for label, text in report.remarks))
    if report.more_remarks:
        say(f"  … and {report.more_remarks:,} more such mails", "dim")
    _show_waiting(report)
    if report.is_dry_run:
        say("Nothing was changed: this was a dry run.")
    elif report.change_set_id:
        say(f"Done in {report.elapsed_s:.1f} s. `farley undo {report.change_set_id[:8]}` takes it all back.")
    else:
        say("Nothing had to change.")


def _show_waiting(report: "MailReport") -> None:
    from integrations.cli.show import count_of, say, show_list

    waiting = (f"{one.change_set_id[:8]}  {one.person} ({count_of(one.mails, 'mail')})" for one in report.waiting)
    show_list("Senders whom nobody here knows; each waits for you as a new contact:", waiting)
    if report.waiting:
        say("`farley approve ID` makes the contact and links the mails, `farley reject ID` does not.", "dim")
    if report.more_unknown:
        say(f"{count_of(report.more_unknown, 'further sender')} will be proposed by the next import of mails.", "dim")


def _as_json(report: "MailReport") -> dict[str, Any]:
    return {
        "change_set_id": report.change_set_id,
        "dry_run": report.is_dry_run,
        "sources": {name: asdict(counts) for name, counts in report.sources.items()},
        "linked": report.linked,
        "left_out": report.left_out,
        "remarks": [dict(zip(("mail", "text"), one, strict=True)) for one in report.remarks],
        "more_remarks": report.more_remarks,
        "waiting": [asdict(one) for one in report.waiting],
        "more_unknown": report.more_unknown,
        "elapsed_s": round(report.elapsed_s, 3),
    }
