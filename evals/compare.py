"""Two reports on the same cases, case by case: what was repaired, what was broken, and whether that can be chance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

Json = Mapping[str, Any]
Key = tuple[str, str, int]
_SURE = 0.05


@dataclass(frozen=True)
class Comparison:
    """What changed from one report to another.

    Attributes:
        paired: how many plays both have.
        repaired: wrong before, right now.
        broken: right before, wrong now.
        worse: wrong in both, and in a more dangerous way now: (name, before, now).
        only_before, only_now: that one of them lacks.
        prompts: whose fingerprints differ.
        before, now: the reports' own figures.
    """

    paired: int
    repaired: tuple[str, ...]
    broken: tuple[str, ...]
    worse: tuple[tuple[str, str, str], ...]
    only_before: int
    only_now: int
    prompts: tuple[str, ...]
    before: Json
    now: Json

    @property
    def chance(self) -> float:
        """How likely flips as uneven as these are by chance (McNemar's exact test, two-sided)."""
        return mcnemar(len(self.repaired), len(self.broken))

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield f"{self.paired} cases in both; {self.only_before} only before, {self.only_now} only now"
        for label, told in (("right", _share), ("wrong with confidence", _wrong)):
            yield f"{label}: {told(self.before):.1%} before, {told(self.now):.1%} now"
        yield from (f"{name}: {a} before, {b} now" for name, a, b in _figures(self.before, self.now))
        sure = "more than chance" if self.chance < _SURE else "may be chance"
        yield f"{len(self.repaired)} repaired, {len(self.broken)} broken: p = {self.chance:.4f} (McNemar), {sure}"
        yield from (f"  broken    {name}" for name in self.broken)
        yield from (f"  repaired  {name}" for name in self.repaired)
        yield from (f"  worse     {name}: {was} before, {now} now" for name, was, now in self.worse)
        if self.prompts:
            yield "prompts that differ: " + ", ".join(self.prompts)

    def to_json(self) -> dict[str, Any]:
        """For a script."""
        return {"paired": self.paired, "repaired": list(self.repaired), "broken": list(self.broken),
                "worse": [list(one) for one in self.worse], "only_before": self.only_before,
                "only_now": self.only_now, "p": self.chance, "prompts": list(self.prompts)}  # fmt: skip


def compare(before: Json, now: Json) -> Comparison:
    """The JSON of two reports."""
    was, now_is = _by_key(before), _by_key(now)
    both = [key for key in was if key in now_is]
    order = list(before["dangers"])
    return Comparison(
        len(both),
        tuple(_name(key) for key in both if not _right(was[key]) and _right(now_is[key])),
        tuple(_name(key) for key in both if _right(was[key]) and not _right(now_is[key])),
        tuple(
            (_name(key), was[key]["danger"], now_is[key]["danger"])
            for key in both
            if not _right(was[key]) and not _right(now_is[key])
            if order.index(now_is[key]["danger"]) < order.index(was[key]["danger"])
        ),
        len(was) - len(both),
        len(now_is) - len(both),
        tuple(_differing(before["about"].get("prompts", {}), now["about"].get("prompts", {}))),
        before,
        now,
    )


def mcnemar(one: int, other: int) -> float:
    """Two-sided exact p of McNemar's test on discordant pairs. Source: McNemar 1947, with the binomial law."""
    n, few = one + other, min(one, other)
    return min(1.0, sum(comb(n, k) for k in range(few + 1)) / float(2 ** (n - 1)) if n else 1.0)


def _by_key(report: Json) -> dict[Key, Json]:
    return {(case["file"], case["id"], case["run"]): case for case in report["cases"]}


def _name(key: Key) -> str:
    return f"{key[0]}/{key[1]}" + (f" (repeat {key[2]})" if key[2] else "")


def _right(case: Json) -> bool:
    return bool(case["verdict"] == "right")


def _share(report: Json) -> float:
    return float(report["right"] / max(report["n"], 1))


def _wrong(report: Json) -> float:
    return float(report["wrong_confident"] / max(report["n"], 1))


def _figures(before: Json, now: Json) -> Iterator[tuple[str, str, str]]:
    for danger in before["dangers"]:
        yield danger, str(before["dangers"][danger]), str(now["dangers"].get(danger, 0))
    yield "a turn (p95)", f"{before['latency_ms']['p95']:.0f} ms", f"{now['latency_ms']['p95']:.0f} ms"
    yield "tokens", f"{before['took']['tokens']:,}", f"{now['took']['tokens']:,}"
    yield "cost", f"{before['took']['cost']:g}", f"{now['took']['cost']:g}"


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    yield from (name for name in sorted({*before, *now}) if before.get(name) != now.get(name))
