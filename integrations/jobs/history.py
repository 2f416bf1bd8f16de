"""What the worker did, read without being one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbos import DBOSClient
from filelock import FileLock, Timeout
from sqlalchemy import create_engine, inspect, make_url

from integrations.jobs.job import APPLICATION, SCHEMA, JsonSerializer

_MOST = 100


@dataclass(frozen=True)
class Failure:
    """A run that ended in an error."""

    job: str
    at: datetime
    error: str


@dataclass(frozen=True)
class History:
    """How the jobs fare.

    Attributes:
        is_running: a worker runs on this machine.
        last: when each job was last due and begun, by name.
        failures: the newest first.
    """

    is_running: bool
    last: dict[str, datetime]
    failures: tuple[Failure, ...]


def read_history(url: str, *, lock: Path, since: datetime) -> History | None:
    """How the jobs fare since a moment; None where no worker ever ran here."""
    if not _has_worked(url):
        return None
    with _client(url) as client:
        begun = {one["schedule_name"]: one["last_fired_at"] for one in client.list_schedules()}
        failed = client.list_workflows(
            status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"], start_time=since.isoformat(), sort_desc=True,
            limit=_MOST, load_input=False,
        )  # fmt: skip
    last = {name: datetime.fromisoformat(at) for name, at in begun.items() if at}
    failures = (Failure(one.name, _moment(one.updated_at), str(one.error or one.status)) for one in failed)
    return History(_is_held(lock), last, tuple(failures))


def _has_worked(url: str) -> bool:
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        return bool(where.database) and Path(str(where.database)).exists()
    engine = create_engine(where.set(drivername="postgresql+psycopg"))
    try:
        return inspect(engine).has_schema(SCHEMA)
    finally:
        engine.dispose()


@contextmanager
def _client(url: str) -> Iterator[DBOSClient]:
    client = DBOSClient(
        system_database_url=url, dbos_system_schema=SCHEMA, serializer=JsonSerializer(),
        application_name=APPLICATION, retry_connection_errors=False,
    )  # fmt: skip
    try:
        yield client
    finally:
        client.destroy()


def _is_held(lock: Path) -> bool:
    probe = FileLock(lock, blocking=False)
    try:
        probe.acquire()
    except Timeout:
        return True
    probe.release()
    return False


def _moment(epoch_ms: int | None) -> datetime:
    return datetime.fromtimestamp((epoch_ms or 0) / 1000, UTC)
