"""The process that runs jobs when they are due, once for each due time."""

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from croniter import croniter
from dbos import DBOS, DBOSConfig
from filelock import FileLock, Timeout

from crm_core.errors import Conflict, Unavailable
from integrations.jobs.job import APPLICATION, SCHEMA, VERSION, Job, JsonSerializer

KEPT = timedelta(days=30)  # what was run longer ago is forgotten
_FORGOTTEN_AT_ONCE = 5_000
_TRIES, _BETWEEN_TRIES_S = 3, 5.0

log = logging.getLogger(__name__)


class Worker:
    """Runs `jobs` until it is closed; one on a machine.

    Each due time is run to its end once, also where the process is killed while it runs: who starts the worker again
    goes on with it. Due times that passed while no worker ran are made up for by one run, for the newest of them.

    Args:
        jobs: with names of their own.
        url: of the engine's own database, `sqlite:///…` or `postgresql://…`.
        lock: a file that says that a worker runs here.
        zone: IANA name of the time zone that schedules are meant in; None: UTC.

    Raises:
        Conflict: a worker runs already.
        Unavailable: the database cannot be had.
    """

    def __init__(self, jobs: Sequence[Job], url: str, *, lock: Path, zone: str | None = None) -> None:
        self._jobs, self._zone = tuple(jobs), zone
        self._lock = FileLock(lock, blocking=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise Conflict(f"A worker runs already ({lock} is held); one is enough.") from None
        try:
            self._launch(url)
        except BaseException as error:
            self.close()
            if isinstance(error, Exception):
                raise Unavailable(f"The jobs' own database cannot be had: {error}") from error
            raise

    def close(self) -> None:
        """Begin nothing more. What still runs is gone on with by the next worker."""
        DBOS.destroy(destroy_registry=True)
        self._lock.release()

    def _launch(self, url: str) -> None:
        config = DBOSConfig(
            name=APPLICATION, system_database_url=url, dbos_system_schema=SCHEMA, log_level="ERROR",
            application_version=VERSION, executor_id=socket.gethostname(), serializer=JsonSerializer(),
        )  # fmt: skip
        _join_logs()
        DBOS(config=config)
        workflows = {job.name: _as_workflow(job) for job in self._jobs}
        DBOS.launch()
        last = {known["schedule_name"]: known["last_fired_at"] for known in DBOS.list_schedules()}
        for name in last.keys() - workflows.keys():
            DBOS.delete_schedule(name)
        DBOS.apply_schedules(
            [
                {"schedule_name": job.name, "workflow_fn": workflows[job.name], "schedule": job.schedule,
                 "cron_timezone": self._zone}
                for job in self._jobs
            ]
        )  # fmt: skip
        for job in self._jobs:
            self._make_up(job, last.get(job.name))
        _forget(datetime.now(UTC) - KEPT)

    def _make_up(self, job: Job, last: str | None) -> None:
        """Run the newest due time that passed since the last one that was run, if there is one."""
        now = datetime.now(ZoneInfo(self._zone) if self._zone else UTC)
        due = croniter(job.schedule, now, second_at_beginning=True).get_prev(datetime)
        if last is not None and due > datetime.fromisoformat(last):
            DBOS.backfill_schedule(job.name, due - timedelta(milliseconds=1), due + timedelta(milliseconds=1))


def _as_workflow(job: Job) -> Callable[[datetime, object], None]:
    """The job as the engine knows it: one step, and no second run beside a first."""
    running = threading.Lock()
    retries = DBOS.step(
        name=job.name, retries_allowed=True, max_attempts=_TRIES, interval_seconds=_BETWEEN_TRIES_S,
        should_retry=lambda error: isinstance(error, Unavailable),
    )  # fmt: skip

    def once(due_at: datetime) -> None:
        if not running.acquire(blocking=False):
            log.info("job %s for %s passed: an earlier run still goes on", job.name, due_at)
            return
        try:
            job.run(due_at)
            log.info("job %s for %s done", job.name, due_at)
        finally:
            running.release()

    step = retries(once)

    def workflow(due_at: datetime, _context: object) -> None:
        step(due_at)

    return DBOS.workflow(name=job.name)(workflow)


def _forget(before: datetime) -> None:
    """Drop what was run long ago."""
    listed = partial(DBOS.list_workflows, end_time=before.isoformat(), limit=_FORGOTTEN_AT_ONCE, load_input=False)
    while old := [one.workflow_id for one in listed(status=["SUCCESS", "ERROR", "CANCELLED"])]:
        DBOS.delete_workflows(old)


def _join_logs() -> None:
    """The engine would write to the terminal, unless it has a handler; what it says goes into our log."""
    engine = logging.getLogger("dbos")
    for handler in list(engine.handlers):
        engine.removeHandler(handler)
    engine.addHandler(logging.NullHandler())
    engine.setLevel(logging.ERROR)
    engine.propagate = True
