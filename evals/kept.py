"""What a run keeps while it runs: each outcome as it comes, so that a run that was stopped can go on.

The file lies beside the report (`<report>.part`) and goes when the report is written. One run writes one report.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from crm_core.errors import Conflict, Invalid
from evals.case import Case
from evals.marks import Mark
from evals.run import Outcome
from evals.scorers import Verdict
from evals.transcript import Transcript

_TRANSCRIPTS: TypeAdapter[Transcript] = TypeAdapter(Transcript)
Key = tuple[str, str, int]  # file, id, repeat


class Kept:
    """The outcomes of one run so far.

    Attributes:
        outcomes: by key, those of the run that is gone on with.
    """

    def __init__(self, path: Path, outcomes: dict[Key, Outcome]) -> None:
        self._path = path
        self.outcomes = outcomes

    def add(self, outcome: Outcome) -> None:
        """Keep it, on disk."""
        self.outcomes[key_of(outcome.case, outcome.run)] = outcome
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_as_json(outcome), ensure_ascii=False, default=str) + "\n")

    def finish(self, report: Path, text: str) -> None:
        """Write the report; what was kept is in it."""
        report.write_text(text, encoding="utf-8")
        self._path.unlink()


@contextmanager
def keeping(report: Path, cases: Sequence[Case], how: str, *, goes_on: bool) -> Iterator[Kept]:
    """Keep the outcomes of a run of `cases` beside `report`.

    Args:
        report: that the run will write.
        cases: that are played.
        how: all that makes another run of it: the solver, the world, the repeats.
        goes_on: with what an earlier run kept.

    Raises:
        Conflict: another run writes this report now.
        Invalid: there is something to go on with and it is not said; or it is of other cases.
    """
    from filelock import FileLock, Timeout

    report.parent.mkdir(parents=True, exist_ok=True)
    path = report.with_name(report.name + ".part")
    lock = FileLock(report.with_name(report.name + ".lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise Conflict(f"Another run writes {report} at this moment. Give this one another name.") from None
    try:
        yield Kept(path, _begin(path, cases, how, goes_on=goes_on))
    finally:
        lock.release()
        if not path.exists():
            Path(lock.lock_file).unlink(missing_ok=True)


def key_of(case: Case, run: int) -> Key:
    """What tells an outcome from the others of a run."""
    return case.source, case.id, run


def _begin(path: Path, cases: Sequence[Case], how: str, *, goes_on: bool) -> dict[Key, Outcome]:
    stamp = _stamp(cases, how)
    if not path.exists() or not path.stat().st_size:
        path.write_text(json.dumps({"run": stamp}) + "\n", encoding="utf-8")
        return {}
    if not goes_on:
        raise Invalid(f"{path} holds what a run that was stopped has done. Go on with --continue, or delete it.")
    head, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if not lines and not head.endswith("\n"):  # it was killed before it kept anything
        path.unlink()
        return _begin(path, cases, how, goes_on=goes_on)
    if head != json.dumps({"run": stamp}) + "\n":
        raise Invalid(f"{path}, line 1: it was kept by a run of other cases, or with another solver, world or number.")
    return dict(_read(path, head, lines, cases))


def _read(path: Path, head: str, lines: list[str], cases: Sequence[Case]) -> Iterator[tuple[Key, Outcome]]:
    """Whole lines; a last one that was cut off is taken out and played again."""
    by_name = {(case.source, case.id): case for case in cases}
    whole = [line for line in lines if line.endswith("\n")]
    if len(whole) != len(lines):
        path.write_text(head + "".join(whole), encoding="utf-8")
    for number, line in enumerate(whole, 2):
        try:
            kept = json.loads(line)
            case = by_name[kept["file"], kept["id"]]
            yield key_of(case, kept["run"]), _outcome(case, kept)
        except (ValueError, KeyError) as error:
            raise Invalid(f"{path}, line {number}, is no outcome: {error}. Delete the file and run anew.") from error


def _as_json(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "file": case.source,
        "id": case.id,
        "run": outcome.run,
        "verdict": outcome.verdict,
        "marks": [asdict(one) for one in outcome.marks],
        "transcript": asdict(lean(outcome.transcript)),
    }


def _outcome(case: Case, kept: dict[str, Any]) -> Outcome:
    marks = tuple(Mark(**one) for one in kept["marks"])
    return Outcome(case, _TRANSCRIPTS.validate_python(kept["transcript"]), marks, Verdict(kept["verdict"]), kept["run"])


def lean(transcript: Transcript) -> Transcript:
    """Without what models were shown: it has been looked at, and it is long."""
    return replace(transcript, exchanges=tuple(replace(one, shown="") for one in transcript.exchanges))


def _stamp(cases: Sequence[Case], how: str) -> str:
    digest = hashlib.sha256(how.encode())
    for case in cases:
        digest.update(case.model_dump_json(exclude={"place"}).encode())
    return digest.hexdigest()
