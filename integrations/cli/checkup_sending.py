"""What `farley doctor` says of mails that were sent and of jobs that ran."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from integrations.cli.finding import Finding

if TYPE_CHECKING:
    from crm_core.db import Store
    from integrations.settings import Settings

LOOKS_BACK = timedelta(days=7)


def look_at_sending(store: "Store", settings: "Settings") -> Iterator[Finding]:
    """The mail server's settings, and mails of which nobody knows whether they were sent."""
    from crm_core.access import ADMIN
    from crm_core.errors import CrmError
    from crm_core.sending import list_sends
    from integrations.bootstrap import build_smtp
    from integrations.cli.show import count_of

    try:
        build_smtp(settings)
    except CrmError as error:
        yield Finding("fail", "mail server", str(error), "Drafts can be written to files meanwhile: farley send --eml.")
    unknown = list_sends(store, ADMIN, limit=100, unknown=True)
    if unknown:
        first = unknown[0]
        text = f"of {count_of(len(unknown), 'mail')} nobody knows whether it was sent, last to {first.recipient}"
        yield Finding("warn", "sending", text, "`farley send --unknown` lists them; none is sent again by itself.")
    elif sent := list_sends(store, ADMIN, limit=1):
        yield Finding("ok", "sending", f"of every mail it is known, last on {sent[0].at.astimezone():%Y-%m-%d}")


def look_at_jobs(_store: "Store", settings: "Settings") -> Iterator[Finding]:
    """Whether a worker runs here, and what failed in the last days."""
    if settings.store_url.startswith("sqlite") and not (settings.home / "jobs.db").exists():
        return
    from integrations.cli.show import count_of
    from integrations.jobs import read_history

    found = read_history(settings.jobs_url, lock=settings.worker_lock, since=datetime.now(UTC) - LOOKS_BACK)
    if found is None:
        return
    last = max(found.last.values(), default=None)
    told = "a worker runs here" if found.is_running else "no worker runs here"
    told += f", last at work {last.astimezone():%Y-%m-%d %H:%M}" if last else ""
    if found.failures:
        newest = found.failures[0]
        failed = f"{count_of(len(found.failures), 'run')} failed in 7 days, last {newest.job}: {newest.error}"
        yield Finding("warn", "jobs", f"{told}; {failed}", "The log has the whole of it; the next due time tries anew.")
    elif not found.is_running:
        yield Finding("warn", "jobs", told, "`farley worker` runs what is due: drafts by themselves, for one.")
    else:
        yield Finding("ok", "jobs", told)
