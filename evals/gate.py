"""The gate: what a report must reach, in one file, so that a change that makes answers worse is seen at once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from crm_core.errors import Invalid
from evals.check import Strict

FILE = Path(__file__).parent / "gate.yaml"
Danger = Literal["wrong write", "wrong number", "needless refusal", "shortfall"]


class Limit(Strict):
    """What a suite must reach.

    Attributes:
        right: at least this share of its cases, 0 to 1.
        n: at least so many cases: a suite that is gone passes everything. 0: it may be absent.
        most: class of failure → at most so many.
        p95_ms: at most this for a turn; only for all suites together.
    """

    right: float = Field(0.0, ge=0, le=1)
    n: int = 1
    most: dict[Danger, int] = Field({})
    p95_ms: float | None = None


class Gate(Strict):
    """What the offline planner must reach.

    Attributes:
        cases: files and folders, beside the file.
        fast: the suites that the tests play; [] for all.
        all: all suites together.
        suites: name → what it must reach; a suite that is not named has the limits of `others`.
        others: of each suite without limits of its own.
    """

    cases: list[str] = Field(["cases"])
    fast: list[str] = Field([])
    all: Limit = Limit()
    suites: dict[str, Limit] = Field({})
    others: Limit = Limit()


def load_gate(path: Path) -> tuple[Gate, list[Path]]:
    """The thresholds, and the files of cases that they are of.

    Raises:
        Invalid: the file is missing or is no gate; names it.
    """
    try:
        gate = Gate.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, yaml.YAMLError) as error:
        raise Invalid(f"{path} cannot be read as thresholds: {error}") from error
    except ValidationError as error:
        found = error.errors()[0]
        raise Invalid(f"{path}: {'.'.join(map(str, found['loc']))}: {found['msg']}") from error
    return gate, [path.parent / name for name in gate.cases]


def shortfalls(gate: Gate, report: dict[str, Any]) -> list[str]:
    """Where a report (its JSON) falls short, one line each; [] where the gate is open."""
    suites: dict[str, list[dict[str, Any]]] = {name: [] for name in gate.suites}
    for case in report["cases"]:
        suites.setdefault(case["suite"], []).append(case)
    found = [*_short("all suites", gate.all, report["cases"])]
    for name, cases in sorted(suites.items()):
        found += _short(f"suite {name}", gate.suites.get(name, gate.others), cases)
    slow = report["latency_ms"]["p95"]
    if gate.all.p95_ms is not None and slow > gate.all.p95_ms:
        found.append(f"all suites: a turn takes {slow:.0f} ms (p95), at most {gate.all.p95_ms:.0f} are allowed")
    return found


def _short(name: str, limit: Limit, cases: list[dict[str, Any]]) -> Iterator[str]:
    n, right = len(cases), sum(case["verdict"] == "right" for case in cases)
    if n < limit.n:
        yield f"{name}: {n} cases, there must be {limit.n}"
    if n and right / n < limit.right:
        yield f"{name}: {right / n:.1%} right ({right} of {n}), {limit.right:.1%} are needed"
    count = Counter(case.get("danger") for case in cases)
    for danger, most in limit.most.items():
        if count[danger] > most:
            names = [f"{case['file']}/{case['id']}" for case in cases if case.get("danger") == danger]
            yield f"{name}: {count[danger]} {danger}, at most {most} are allowed: {', '.join(names[:5])}"
