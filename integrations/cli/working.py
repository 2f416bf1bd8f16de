"""`farley worker`: what is due is done, until it is stopped."""

import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import JsonFlag

if TYPE_CHECKING:
    from integrations.jobs import History, Job
    from integrations.settings import Settings

_LOOKS_BACK = timedelta(days=7)


def worker(
    show: Annotated[bool, typer.Option("--show", help="Only tell what there is to do, and how it went.")] = False,
    json: JsonFlag = False,
) -> None:
    """Do what is due by schedule, until Ctrl-C. Killed or stopped, the next start goes on where it was."""
    from integrations.bootstrap import open_store
    from integrations.cli.session import start_logging
    from integrations.scheduled import build_jobs
    from integrations.settings import get_settings

    settings = get_settings()
    start_logging()
    store = open_store(settings)
    try:
        jobs = build_jobs(settings, store)
        if show:
            _show(settings, jobs, json=json)
        else:
            _work(settings, jobs)
    finally:
        store.close()


def _work(settings: "Settings", jobs: "tuple[Job, ...]") -> None:
    from integrations.cli.show import say
    from integrations.jobs import Worker

    ends = threading.Event()
    working = Worker(jobs, settings.jobs_url, lock=settings.worker_lock, zone=settings.time_zone)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ends.set())
    try:
        say(f"At work: {', '.join(job.name for job in jobs)}. Ctrl-C ends it.")
        ends.wait()
    finally:
        working.close()


def _show(settings: "Settings", jobs: "tuple[Job, ...]", *, json: bool) -> None:
    from integrations.cli.show import print_json, say, show_list, show_table
    from integrations.jobs import History, read_history

    since = datetime.now(UTC) - _LOOKS_BACK
    found = read_history(settings.jobs_url, lock=settings.worker_lock, since=since) or History(False, {}, ())
    if json:
        print_json(_as_json(found, jobs))
        return
    rows = [(job.name, job.schedule, _when(found.last.get(job.name)), job.about) for job in jobs]
    show_table(("job", "schedule", "last", "what it does"), rows)
    say(f"Times are those of {settings.time_zone}. " + ("A worker runs here." if found.is_running else "None runs."))
    show_list("Failed:", (f"{_when(one.at)}  {one.job}: {one.error}" for one in found.failures))


def _as_json(found: "History", jobs: "tuple[Job, ...]") -> dict[str, Any]:
    return {
        "is_running": found.is_running,
        "jobs": [{"name": job.name, "schedule": job.schedule, "last": found.last.get(job.name)} for job in jobs],
        "failures": [{"job": one.job, "at": one.at, "error": one.error} for one in found.failures],
    }


def _when(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else "never"
