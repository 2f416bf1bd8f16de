"""Cases and what happened in them, made by hand."""

from collections.abc import Callable
from typing import Any

from evals.case import Case
from evals.run import Play
from evals.transcript import Exchange, Took, Transcript


def make_case(id: str = "a", **given: Any) -> Case:
    whole = {"turns": ["?"], "today": "2017-12-31", "skill": "read.count", "source": "f", "suite": "s", **given}
    if not {"check", "expect"} & given.keys():
        whole["check"] = {"kind": "scalar", "value": 1}
    return Case.model_validate({"id": id, **whole})


def reply(value: Any = None, *, status: str = "answered", text: str = "Told.", **more: Any) -> dict[str, Any]:
    return {"status": status, "text": text, "rows": [] if value is None else [[value]], **more}


def told(*replies: dict[str, Any], ms: float = 10, **more: Any) -> Transcript:
    return Transcript(tuple(Exchange("admin", "?", one, took=Took(ms=ms)) for one in replies), **more)


def says(value: Any, status: str = "answered", ms: float = 10) -> Play:
    return lambda case: told(*[reply(value, status=status)] * len(case.turns), ms=ms)


def by_id(**plays: Callable[[Case], Transcript]) -> Play:
    return lambda case: plays[case.id](case)
