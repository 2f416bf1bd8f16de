"""`farley import` for mails, once or as they come: what was taken, what was not and why, who waits for review."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from crm_core.transfer.mail import MailReport, MailSource
    from integrations.cli.session import Session
    from integrations.email import FolderWatch, Inbox

FOLDERS_EVERY_S, MAILBOX_EVERY_S = 2.0, 60.0


def find_mails(paths: Sequence[Path]) -> "tuple[MailSource, ...]":
    """The mails meant by `paths`; none where they are tables."""
    from crm_core.transfer.mail import open_mail

    return open_mail(paths).mails


def import_mails(session: "Session", mails: "Sequence[MailSource]", *, dry_run: bool, json: bool) -> None:
    """Take the mails in, or show what that would do."""
    report = _take(session, mails, door="cli", dry_run=dry_run)
    _show(report, json=json)
    if report.is_failure:
        raise typer.Exit(1)


def read_mailbox(session: "Session", *, json: bool) -> None:
    """Take in what is new in the mailbox of the settings, a portion at a time, each a change of its own."""
    from integrations.bootstrap import open_inboxes
    from integrations.cli.show import say

    for inbox in open_inboxes(session.settings):
        if not _read(session, inbox, json=json) and not json:
            say(f"Nothing new in {inbox.account.name}.")


def watch_mails(session: "Session", folders: Sequence[Path], *, imap: bool, json: bool) -> None:
    """Take in what comes into folders and into the mailbox of the settings, until Ctrl-C."""
    from integrations.bootstrap import open_inboxes
    from integrations.cli.show import say
    from integrations.email import FolderWatch

    inboxes = open_inboxes(session.settings) if imap else []
    watch = FolderWatch(folders)
    names = [str(folder) for folder in folders] + [inbox.account.name for inbox in inboxes]
    if not json:
        say(f"Watching {', '.join(names)}. Ctrl-C ends it.")
    read_at = -float("inf")
    with suppress(KeyboardInterrupt):
        while True:
            _guarded(partial(_look, session, watch, json=json), json=json)
            if time.monotonic() - read_at >= MAILBOX_EVERY_S:
                read_at = time.monotonic()
                for inbox in inboxes:
                    _guarded(partial(_read, session, inbox, json=json), json=json)
            pause(FOLDERS_EVERY_S)


def pause(seconds: float) -> None:
    """Between two looks."""
    time.sleep(seconds)


def _guarded(look: Callable[[], object], *, json: bool) -> None:
    """What cannot be had now is had the next time: nothing was taken, and it is looked for again."""
    from crm_core.errors import Unavailable
    from integrations.cli.show import print_json, say

    try:
        look()
    except Unavailable as error:
        if json:
            print_json({"error": str(error)})
        else:
            say(f"{error} It is tried again.", "yellow")


def _look(session: "Session", watch: "FolderWatch", *, json: bool) -> None:
    from crm_core.transfer.mail import open_mail

    files = watch.look(time.monotonic())
    if files:
        report = _take(session, open_mail(list(files)).mails, door="email")
        watch.taken(files)
        _show_news(report, json=json)


def _read(session: "Session", inbox: "Inbox", *, json: bool) -> bool:
    """Whether there was anything new."""
    found = False
    for portion in inbox.portions():
        found = True
        report = _take(session, [portion.source], door="email")
        inbox.done(portion)
        _show(report, json=json)
    return found


def _take(session: "Session", mails: "Sequence[MailSource]", *, door: str, dry_run: bool = False) -> "MailReport":
    from crm_core.transfer.mail import preview_mail, take_mail
    from integrations.cli.show import progress_bar

    now = datetime.combine(session.today, datetime.now().astimezone().timetz()) if door == "cli" else None
    with progress_bar("importing") as move:
        if dry_run:
            return preview_mail(session.store, mails, actor=session.actor, now=now, progress=move)
        return take_mail(session.store, mails, actor=session.actor, door=door, now=now, progress=move)


def _show_news(report: "MailReport", *, json: bool) -> None:
    """A report, unless every mail of it was known: so it is with all files when a watch begins."""
    if any(one.mails != one.known for one in report.sources.values()):
        _show(report, json=json)


def _show(report: "MailReport", *, json: bool) -> None:
    from integrations.cli.show import print_json

    if json:
        print_json(_as_json(report))
    else:
        show_mail_report(report)


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
