"""What a job is, and how it is kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dbos import Serializer

SCHEMA = "farley_jobs"  # on PostgreSQL
APPLICATION, VERSION = "farley", "1"  # under which the engine keeps what it does; a new Farley goes on with the same


@dataclass(frozen=True)
class Job:
    """Something to do at certain times.

    Attributes:
        name: short, of letters and hyphens; due times are remembered under it.
        schedule: five fields of cron (minute, hour, day, month, weekday), in the worker's time zone; six begin with
            seconds.
        about: a line for a person.
        run: does it, for the time at which it was due. Killed before it came back it is run again for that time, so
            what it writes must be the same the second time (a proposal under an id made from its cause, say).
            `Unavailable` is tried again twice; any other error is the end of this run, and told by `farley doctor`.
    """

    name: str
    schedule: str
    about: str
    run: Callable[[datetime], object]


class JobFailed(Exception):
    """What a job failed with, as it was kept."""


class JsonSerializer(Serializer):
    """JSON for all that the engine keeps: its own way is pickle, which runs what somebody else may have written."""

    def serialize(self, data: Any) -> str:
        """Times and errors are marked as such."""
        return json.dumps(data, default=_marked, ensure_ascii=False)

    def deserialize(self, serialized_data: str) -> Any:
        """Back from JSON."""
        return json.loads(serialized_data, object_hook=_unmarked)

    def name(self) -> str:
        """What the engine notes beside each value."""
        return "farley_json"


def _marked(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, BaseException):
        return {"$error": f"{type(value).__name__}: {value}"[:2_000]}
    raise TypeError(f"a job keeps no {type(value).__name__}")


def _unmarked(value: dict[str, Any]) -> object:
    if value.keys() == {"$time"}:
        return datetime.fromisoformat(value["$time"])
    return JobFailed(value["$error"]) if value.keys() == {"$error"} else value
