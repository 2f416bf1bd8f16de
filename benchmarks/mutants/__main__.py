"""Put each fault into a copy of the code and see whether its suite notices.

python -m benchmarks.mutants [ID...] [--workers 2] [--json FILE]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).parents[2]
PACKAGES = ("crm_core", "retrieval", "prompts", "copilot", "integrations", "evals", "benchmarks")
WANTED = 28  # of the first thirty and more; all that concern safety
LIMIT_S = 600


@dataclass(frozen=True)
class Fault:
    """A replacement in one file.

    Attributes:
        suite: that must notice.
        safety: it concerns what nobody may write, decide or see.
    """

    id: str
    suite: str
    file: str
    old: str
    new: str
    safety: bool = False


@dataclass(frozen=True)
class Found:
    """What a fault did: the cases that its suite lost, and how long it took."""

    id: str
    suite: str
    safety: bool
    lost: tuple[str, ...]
    seconds: float

    @property
    def line(self) -> str:
        """For a person."""
        told = f"{len(self.lost)} lost, such as {self.lost[0]}" if self.lost else "NOT CAUGHT"
        return f"{self.id:28s} {self.suite:10s} {'safety' if self.safety else '':6s} {self.seconds:5.0f} s  {told}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each fault lost; 1 when too few are caught, or one that concerns safety is not."""
    asked = _parser().parse_args(arguments)
    faults = [fault for fault in load_faults() if not asked.ids or fault.id in asked.ids]
    started = time.monotonic()
    with ThreadPoolExecutor(asked.workers) as pool:
        suites = sorted({fault.suite for fault in faults})
        sound = dict(zip(suites, pool.map(_sound, suites), strict=True))
        found = []
        for one in pool.map(lambda fault: _try(fault, sound[fault.suite]), faults):
            print(one.line, flush=True)
            found.append(one)
    caught = sum(bool(one.lost) for one in found)
    missed = [one.id for one in found if one.safety and not one.lost]
    print(f"{caught} of {len(found)} caught in {time.monotonic() - started:.0f} s; safety missed: {missed or 'none'}")
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(one) for one in found], indent=1), encoding="utf-8")
    return 1 if missed or caught < min(WANTED, len(found)) else 0


def load_faults() -> list[Fault]:
    """All of them, each checked to fit the code as it stands.

    Raises:
        ValueError: a fault's `old` does not stand exactly once in its file.
    """
    faults = [Fault(**entry) for entry in yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text("utf-8"))]
    for fault in faults:
        if (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) != 1:
            raise ValueError(f"{fault.id}: {fault.old!r} does not stand exactly once in {fault.file}")
    return faults


def _sound(suite: str) -> set[str]:
    right = _probe(ROOT, suite)
    if not right:
        raise SystemExit(f"the suite {suite} passes nothing without any fault")
    return right


def _try(fault: Fault, sound: Iterable[str]) -> Found:
    started = time.monotonic()
    with TemporaryDirectory(prefix="farley-mutant-") as folder:
        copy = Path(folder)
        for package in PACKAGES:
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        path = copy / fault.file
        path.write_text(path.read_text(encoding="utf-8").replace(fault.old, fault.new), encoding="utf-8")
        right = _probe(copy, fault.suite)
    lost = tuple(sorted(set(sound) - right))
    return Found(fault.id, fault.suite, fault.safety, lost, round(time.monotonic() - started, 1))


def _probe(root: Path, suite: str) -> set[str]:
    """What is right in the code below `root`; nothing where it does not even run."""
    with TemporaryDirectory(prefix="farley-home-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.mutants.probe", suite],
            cwd=root, env={**os.environ, "PYTHONPATH": str(root), "FARLEY_HOME": home},
            capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    if done.returncode:
        return set()
    return set(json.loads(done.stdout.strip().splitlines()[-1]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description="Do the suites notice faults?")
    parser.add_argument("ids", nargs="*", help="which faults; all when none is named")
    parser.add_argument("--workers", type=int, default=2, help="faults at a time")
    parser.add_argument("--json", metavar="FILE", help="write what was found")
    return parser


if __name__ == "__main__":
    sys.exit(main())
