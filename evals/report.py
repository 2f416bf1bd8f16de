"""Reports: rates of right, wrong with confidence and declined, by what the cases have in common."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from evals.case import Case
from evals.kept import lean
from evals.marks import SCORERS
from evals.run import Outcome
from evals.scorers import Verdict
from evals.stable import stable

DANGERS = ("wrong write", "wrong number", "needless refusal", "shortfall")  # the worst first


@dataclass(frozen=True)
class Rates:
    """How many replies of a group were right, wrong with confidence, and asked back or declined."""

    right: int = 0
    wrong: int = 0
    declined: int = 0

    @property
    def n(self) -> int:
        """How many there were."""
        return self.right + self.wrong + self.declined

    @property
    def right_rate(self) -> float:
        """Right ones as a fraction; 1.0 of none."""
        return self.right / self.n if self.n else 1.0

    def interval(self) -> tuple[float, float]:
        """Where the true right rate lies with 95% confidence (Wilson 1927)."""
        return wilson(self.right, self.n)


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95% interval of a rate. Source: Wilson 1927."""
    z, n, p = 1.96, n or 1, right / n if n else 1.0
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


@dataclass(frozen=True)
class Report:
    """All outcomes of a run.

    Attributes:
        outcomes: in the order of the cases, repeat after repeat.
        about: what was run: the solver, the world, the commit, the fingerprints of the prompts.
    """

    outcomes: Sequence[Outcome]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> Rates:
        """Over every case."""
        return _rates(outcome.verdict for outcome in self.outcomes)

    def by_group(self) -> dict[str, Rates]:
        """Rates by suite, file, skill group, language (and whether of one turn) and kind of check."""
        groups = defaultdict(list)
        for outcome in self.outcomes:
            for name in _groups(outcome.case):
                groups[name].append(outcome.verdict)
        return {name: _rates(groups[name]) for name in sorted(groups)}

    def latency_ms(self, percent: float) -> float:
        """The time of a turn that `percent` of all turns stay within."""
        times = sorted(ms for outcome in self.outcomes for ms in outcome.elapsed_ms)
        return times[min(len(times) - 1, math.ceil(len(times) * percent / 100) - 1)] if times else 0.0

    def failures(self) -> list[Outcome]:
        """What was not right, the dangerous ones first."""
        failed = [outcome for outcome in self.outcomes if outcome.verdict is not Verdict.RIGHT]
        return sorted(failed, key=lambda outcome: (DANGERS.index(outcome.danger), outcome.verdict is not Verdict.WRONG))

    def dangers(self) -> dict[str, int]:
        """How many failures of each class there are, the worst class first."""
        count = Counter(outcome.danger for outcome in self.outcomes)
        return {name: count[name] for name in DANGERS}

    def scorers(self) -> dict[str, tuple[int, int]]:
        """Scorer → how many cases it looked at and how many of them it found right."""
        looked = [one for outcome in self.outcomes for one in outcome.marks]
        names = [name for name in (*SCORERS, "ran") if any(one.name == name for one in looked)]
        return {
            name: (sum(m.name == name for m in looked), sum(m.name == name and m.is_right for m in looked))
            for name in names
        }

    def passes(self) -> tuple[int, float, float]:
        """Repeats k, the share of all plays that were right, and the share of cases right in every repeat."""
        runs = defaultdict(list)
        for one in self.outcomes:
            runs[one.case.source, one.case.id].append(one.verdict is Verdict.RIGHT)
        k = max(map(len, runs.values()), default=1)
        always = sum(map(all, runs.values())) / len(runs) if runs else 1.0
        return k, self.total.right_rate, always

    def to_json(self) -> dict[str, Any]:
        """Everything a script needs to compare two runs. But for `latency_ms` and `times`, two equal runs are equal."""
        low, high = self.total.interval()
        k, once, always = self.passes()
        # What a crowd takes, or a vendor that fails and is then left alone for a while, hangs on the moment.
        took = [one.transcript.took for one in self.outcomes if not (one.case.load or one.case.solver)]
        return {
            **_as_json(self.total),
            "right_interval": [round(low, 4), round(high, 4)],
            "by": {name: _as_json(rates) for name, rates in self.by_group().items()},
            "latency_ms": {f"p{p}": round(self.latency_ms(p), 1) for p in (50, 95)},
            "about": {key: value for key, value in self.about.items() if key != "times"},
            "times": dict(self.about.get("times", {})),
            "dangers": self.dangers(),
            "scorers": {name: {"n": n, "right": right} for name, (n, right) in self.scorers().items()},
            "passes": {"k": k, "pass^1": round(once, 4), "pass^k": round(always, 4)},
            "took": {
                "model_calls": sum(one.model_calls for one in took),
                "tokens": sum(one.tokens_in + one.tokens_out for one in took),
                "cost": round(sum(one.cost for one in took), 6),
            },
            "cases": list(map(_case, self.outcomes)),
        }

    def lines(self, *, failures: int = 0) -> Iterator[str]:
        """The report as text, with the first so many failures told in full."""
        for name, rates in self.by_group().items():
            yield _line(name, rates)
        yield _line("all", self.total)
        low, high = self.total.interval()
        yield f"right {self.total.right_rate:.1%} of {self.total.n}, 95% interval {low:.1%} to {high:.1%}"
        yield "failures: " + ", ".join(f"{count} {name}" for name, count in self.dangers().items())
        k, once, always = self.passes()
        if k > 1:
            yield f"pass^1 {once:.1%}, pass^{k} {always:.1%}"
        yield f"a turn took {self.latency_ms(50):.0f} ms (p50), {self.latency_ms(95):.0f} ms (p95)"
        for outcome in self.failures()[:failures]:
            yield from _failure(outcome)


def _groups(case: Case) -> tuple[str, ...]:
    turns = "multi" if len(case.turns) > 1 else "single"
    suite = (f"suite:{case.suite}",) if case.suite else ()
    return (
        *suite, f"file:{case.source}", f"skill:{case.group}", f"lang:{case.lang}", f"lang:{case.lang}/{turns}",
        f"kind:{case.kind}",
    )  # fmt: skip


def _rates(verdicts: Iterable[Verdict]) -> Rates:
    count = Counter(verdicts)
    return Rates(count[Verdict.RIGHT], count[Verdict.WRONG], count[Verdict.DECLINED])


def _as_json(rates: Rates) -> dict[str, int]:
    return {"right": rates.right, "wrong_confident": rates.wrong, "declined": rates.declined, "n": rates.n}


def _case(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    told = {
        "id": case.id,
        "file": case.source,
        "verdict": str(outcome.verdict),
        "status": outcome.reply.get("status"),
        "suite": case.suite,
        "skill": case.skill,
        "run": outcome.run,
    }
    if outcome.verdict is Verdict.RIGHT:
        return told
    return {
        **told,
        "danger": outcome.danger,
        "why": case.why,
        "failed": {one.name: stable(one.why) for one in outcome.failed},
        "wanted": _wanted(case),
        "transcript": stable(asdict(lean(outcome.transcript))),
    }


def _wanted(case: Case) -> dict[str, Any]:
    parts = {"check": case.check, "expect": case.expect}
    return {
        name: part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for name, part in parts.items() if part
    }


def _line(name: str, rates: Rates) -> str:
    shares = (rates.right / rates.n, rates.wrong / rates.n, rates.declined / rates.n) if rates.n else (0, 0, 0)
    told = "  ".join(
        f"{label} {share:6.1%}"
        for label, share in zip(("right", "wrong with confidence", "asked or declined"), shares, strict=True)
    )
    return f"{name:22s} n={rates.n:4d}  {told}"


def _failure(outcome: Outcome) -> Iterator[str]:
    case, reply = outcome.case, outcome.reply
    yield ""
    yield f"{outcome.verdict.upper()} {case.source}/{case.id} ({case.skill}) as {case.actor}, {case.today}"
    yield from (
        f"  > {one.said}" if one.said else f"  > [{one.act}: {one.outcome}]" for one in outcome.transcript.exchanges
    )
    yield f"  wanted  {_short(_wanted(case))}"
    given = reply.get("proposals") or reply.get("rows") or reply.get("options") or ""
    yield f"  got     {reply.get('status')} {_short(given)} {_short(reply.get('text') or '')}"
    yield from (f"  {one.name}: {_short(one.why)}" for one in outcome.failed if one.name != "answer")
    if reply.get("query_text"):
        yield f"  read as {reply['query_text']}"


def _short(value: object, width: int = 220) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
