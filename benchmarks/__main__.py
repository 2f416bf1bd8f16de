"""Run the benchmarks: all, or those named.

python -m benchmarks [NAME...] [--scale 0.1] [--database sqlite] [--at FOLDER] [--json FILE]
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict

from benchmarks import pipeline_questions
from benchmarks.stores import Stores
from benchmarks.timing import Measured

Benchmark = Callable[[Stores], Iterable[Measured]]

BENCHMARKS: dict[str, Benchmark] = {"pipeline_questions": pipeline_questions.measure}
SCRIPTS = (
    "agent",
    "analytics",
    "ask",
    "changes",
    "health",
    "imports",
    "planner",
    "scoring",
    "search",
    "slack",
)  # these print their own figures: python -m benchmarks.ask


def main(arguments: list[str] | None = None) -> int:
    """Print a table of what was measured; 1 when something is slower than it may be."""
    asked = _parser().parse_args(arguments)
    measured: list[Measured] = []
    wanted = asked.names or [*BENCHMARKS, *SCRIPTS]
    with Stores(asked.at, scale=asked.scale, databases=asked.database or ["sqlite", "postgresql"]) as stores:
        for name in [name for name in wanted if name in BENCHMARKS]:
            for one in BENCHMARKS[name](stores):
                print(_line(one), flush=True)
                measured.append(one)
    failed = [name for name in wanted if name in SCRIPTS and _run(name) != 0]
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump([asdict(one) | {"passes": one.passes} for one in measured], file, indent=1)
    return 0 if all(one.passes for one in measured) and not failed else 1


def _run(script: str) -> int:
    return subprocess.run([sys.executable, "-m", f"benchmarks.{script}"], check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast is it?")
    parser.add_argument(
        "names", nargs="*", choices=[*BENCHMARKS, *SCRIPTS, []], help="which ones; all when none is named"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="size of the store; 1 is that of limits.md")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="one of them only")
    parser.add_argument("--at", help="a folder to keep the stores in, and to take them from the next time")
    parser.add_argument("--json", help="a file to write the figures to")
    return parser


def _line(one: Measured) -> str:
    by_hand = f"{one.by_hand_ms:9.2f}" if one.by_hand_ms is not None else " " * 9
    limit = f"{one.limit_ms:9.2f}" if one.limit_ms is not None else " " * 9
    verdict = "ok" if one.passes else "SLOW"
    return f"{one.database:10} {one.name:55} p50 {one.p50_ms:9.2f} ms   by hand {by_hand}   limit {limit}   {verdict}"


if __name__ == "__main__":
    sys.exit(main())
