"""How fast files come in: the CRM Sales Opportunities data, and a made deals file of 200,000 rows.

    python -m benchmarks.imports [--rows 200000] [--database URL]

Each import runs in a process of its own, so that its peak memory can be told.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data"))
TODAY = date(2017, 12, 31)


@dataclass(frozen=True)
class Result:
    """One import: seconds for planning and writing together, and the process's peak memory."""

    name: str
    rows: int
    plan_s: float
    write_s: float
    peak_mib: float
    stored: int

    @property
    def seconds(self) -> float:
        """From the first look at the file to the commit."""
        return self.plan_s + self.write_s

    @property
    def rows_per_s(self) -> float:
        """Rows of the files in a second."""
        return self.rows / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.rows:,} rows in {self.seconds:.1f} s (looking {self.plan_s:.1f}, writing"
            f" {self.write_s:.1f}): {self.rows_per_s:,.0f} rows/s, peak memory {self.peak_mib:.0f} MiB"
        )


def run(rows: int = 200_000, url: str | None = None) -> list[Result]:
    """Import both; without the development data only the made file."""
    results = []
    with tempfile.TemporaryDirectory(prefix="farley-imports-") as folder:
        world = DATA / "maven_crm"
        if world.is_dir():
            results.append(in_own_process("import of maven_crm", world, url))
        path = Path(folder) / "deals.csv"
        write_deals(path, rows)
        results.append(in_own_process(f"import of {rows:,} deals", path, url))
        results.append(in_own_process(f"the same {rows:,} deals again", path, url, times=2))
    return results


def write_deals(path: Path, rows: int, seed: int = 1) -> None:
    """A deals file as a CRM exports it: ids, names, amounts with signs, dates, and a column of its own."""
    draw = random.Random(seed)
    accounts = [f"{a} {b} {c}" for a in ("North", "Blue", "Iron", "Clear") for b in ("River", "Gate", "Field", "Stone",
                "Harbor") for c in ("Foods", "Systems", "Logistics", "Health", "Energy")]  # fmt: skip
    owners = [f"{a} {b}" for a in ("Ana", "Bo", "Cy", "Dee", "Eli") for b in ("Ames", "Brook", "Cole", "Drew")]
    stages = ("Qualification", "Discovery", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
    with path.open("w", encoding="utf-8") as file:
        file.write("Opportunity ID,Opportunity Name,Account Name,Owner,Stage,Amount,Created Date,Close Date,Segment\n")
        for number in range(rows):
            started = date(2015, 1, 1) + timedelta(days=draw.randrange(1000))
            closed = started + timedelta(days=draw.randrange(10, 200))
            account, owner, stage = draw.choice(accounts), draw.choice(owners), draw.choice(stages)
            amount, segment = f'"${draw.randrange(500, 250_000):,}.00"', draw.choice(("SMB", "Mid", "Enterprise"))
            cells = [f"OPP-{number:07d}", f"{account} renewal {number % 9}", account, owner, stage, amount]
            file.write(",".join([*cells, str(started), str(closed), segment]) + "\n")


def in_own_process(name: str, path: Path, url: str | None, times: int = 1) -> Result:
    """Import `path` into a new store in a new process; `times` imports, the last one is told."""
    command = [sys.executable, "-m", "benchmarks.imports", "--one", str(path), "--times", str(times)]
    done = subprocess.run(
        command + (["--database", url] if url else []), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Result(name=name, **json.loads(done.stdout))


def import_one(path: Path, url: str | None, times: int) -> dict[str, float]:
    """Import `path` here; what `Result` needs."""
    from crm_core.access import ADMIN
    from crm_core.setup import create_store
    from crm_core.transfer import apply_import, plan_import

    with tempfile.TemporaryDirectory(prefix="farley-imports-") as folder:
        store = create_store(url or f"sqlite:///{folder}/farley.db")
        for _ in range(times):
            started = time.perf_counter()
            plan = plan_import(store, [path], today=TODAY)
            planned = time.perf_counter()
            report = apply_import(store, plan, actor=ADMIN)
            ended = time.perf_counter()
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stored = sum(counts.created + counts.updated + counts.unchanged for counts in report.files.values())
    return {
        "rows": plan.total, "plan_s": planned - started, "write_s": ended - planned, "peak_mib": peak,
        "stored": stored,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="How fast files come in.")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--database", help="a new, empty store's URL instead of a SQLite file")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=1, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.one:
        print(json.dumps(import_one(chosen.one, chosen.database, chosen.times)))
        return
    if not (DATA / "maven_crm").is_dir():
        print(f"imports: {DATA / 'maven_crm'} is absent (set DATA=<folder>); only the made file is measured")
    for result in run(chosen.rows, chosen.database):
        print(json.dumps(asdict(result)) if chosen.json else f"imports: {result}")


if __name__ == "__main__":
    main()
