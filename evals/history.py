"""How rates went from commit to commit: one short line a commit and model, and a badge of the newest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from crm_core.errors import Invalid

FILE = Path(__file__).parent / "history.jsonl"
Json = Mapping[str, Any]
_SAME = ("commit", "solver", "model")
_GOOD, _FAIR = 0.95, 0.8
_BADGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {told}">'
    '<rect width="{width}" height="20" rx="3" fill="#3b4650"/>'
    '<path d="M{at} 0h{rest}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{rest}z" fill="{fill}"/>'
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
    '<text x="6" y="14">{label}</text><text x="{text_at}" y="14">{told}</text></g></svg>\n'
)


def read_report(path: Path) -> dict[str, Any]:
    """The JSON of a report.

    Raises:
        Invalid: it is missing, or is none; names the file.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{path} cannot be read as a report: {error}") from error
    if not isinstance(report, dict) or not {"right", "n", "cases", "about", "dangers"} <= report.keys():
        raise Invalid(f"{path} is no report of `farley eval run`.")
    return report


def summed_up(report: Json) -> dict[str, Any]:
    """A run in one line."""
    about = report["about"]
    suites = {
        name.partition(":")[2]: [one["right"], one["n"]] for name, one in report["by"].items() if "suite:" in name
    }
    return {"at": report["times"].get("at"), "commit": about.get("commit"), "solver": about.get("solver"),
            "model": about.get("model"), "right": report["right"], "n": report["n"], "dangers": report["dangers"],
            "p95_ms": report["latency_ms"]["p95"], "cost": report["took"]["cost"], "suites": suites}  # fmt: skip


def add(path: Path, report: Json) -> None:
    """Add a run to a history, in the place of an earlier one of the same commit with the same solver and model."""
    new = summed_up(report)
    kept = [one for one in read_history(path) if any(one.get(name) != new[name] for name in _SAME)]
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in sorted([*kept, new], key=_moment))
    path.write_text("".join(lines), encoding="utf-8")


def read_history(path: Path) -> list[dict[str, Any]]:
    """Its runs, the oldest first.

    Raises:
        Invalid: a line is no run; names the file and the line.
    """
    if not path.exists():
        return []
    runs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            runs.append({**json.loads(line)})
            runs[-1]["right"], runs[-1]["n"], runs[-1]["dangers"], runs[-1]["suites"]
        except (ValueError, TypeError, KeyError) as error:
            raise Invalid(f"{path}, line {number}, is no run: {error}") from error
    return sorted(runs, key=_moment)


def _moment(run: Json) -> str:
    return str(run.get("at"))


def table(runs: Sequence[Json]) -> Iterator[tuple[str, ...]]:
    """Heads, then a row a run, with the change of each suite's rate from the run before."""
    names = sorted({name for run in runs for name in run["suites"]})
    yield ("when", "commit", "model", "n", "right", "wrong writes", "wrong numbers", "p95 ms", *names)
    for at, run in enumerate(runs):
        before = runs[at - 1]["suites"] if at else {}
        yield (
            str(run.get("at") or ""), str(run.get("commit") or ""), str(run.get("model") or ""), str(run["n"]),
            f"{run['right'] / max(run['n'], 1):.1%}", str(run["dangers"].get("wrong write", 0)),
            str(run["dangers"].get("wrong number", 0)), f"{run.get('p95_ms') or 0:.0f}",
            *(_suite(run["suites"].get(name), before.get(name)) for name in names),
        )  # fmt: skip


def badge(run: Json, *, label: str = "answers right") -> str:
    """An SVG file with the rate, to be shown in a README."""
    share = run["right"] / max(run["n"], 1)
    fill = "#2b7a4b" if share >= _GOOD else "#9a6b00" if share >= _FAIR else "#a3231f"
    told = f"{share:.1%} of {run['n']}"
    at, rest = 7 * len(label) + 8, 7 * len(told) + 6
    return _BADGE.format(
        width=at + rest + 3, at=at, rest=rest, text_at=at + 6, fill=fill, label=escape(label), told=told
    )


def _suite(now: Sequence[int] | None, before: Sequence[int] | None) -> str:
    if not now:
        return "-"
    share = now[0] / max(now[1], 1)
    if not before:
        return f"{share:.1%}"
    change = share - before[0] / max(before[1], 1)
    return f"{share:.1%}" + (f" ({change:+.1%})" if abs(change) >= 0.0005 else "")
