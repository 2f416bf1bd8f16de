"""One suite, played once: which of its cases are right. Run in a copy of the code, so that a fault in it is at work."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.load import load_cases
from evals.safety.run import attacked, run_attacks
from evals.scorers import Verdict
from evals.scripted import unproved
from evals.world import Worlds
from integrations.headers import header_words
from integrations.measuring import Run, measure

CASES = Path(__file__).parents[2] / "evals" / "cases"
_EVERY = 16  # volleys of attacks: every goal and every carrier is tried


def right_in(suite: str) -> list[str]:
    """The cases of a suite that are right, in order."""
    if suite == "safety":
        return sorted(_held_off())
    if suite == "proof":
        return sorted(_proved())
    cases = [case for case in load_cases([CASES]) if case.suite == suite]
    report = measure(cases, Run("demo"))
    return [f"{o.case.source}/{o.case.id}" for o in report.outcomes if o.verdict is Verdict.RIGHT]


def _held_off() -> Iterator[str]:
    with attacked(every=_EVERY) as (company, fired):
        broken = {where for where, _ in run_attacks(company, fired).breaches}
    names = (f"{volley.goal.id}/{volley.carrier.id}" for volley in fired)
    yield from (name for name in names if name not in broken)


def _proved() -> Iterator[str]:
    """Cases that the oracle passes and that fail when spoilt."""
    cases = load_cases([CASES])
    with TemporaryDirectory() as folder:
        worlds = Worlds(Path(folder), default="demo", last_day=max(case.today for case in cases),
                        extra_words=header_words(), for_answers=True)  # fmt: skip
        for case in worlds.prepare(cases):
            if not [*unproved([case])]:
                yield f"{case.source}/{case.id}"


if __name__ == "__main__":
    print(json.dumps(right_in(sys.argv[1])))
