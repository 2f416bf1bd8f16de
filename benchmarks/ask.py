"""How fast questions are answered: many in one process, and one in a new process with its memory.

The questions and the records come from the development data beside the project; without them it says so.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data"))
QUESTION = "What is our win rate by rep?"
PROCESSES = 5


def main() -> None:
    """Print the figures."""
    world, requests = DATA / "maven_crm", DATA / "requests_dev" / "mixed.jsonl"
    if not (world.is_dir() and requests.is_file()):
        print(f"ask: nothing to measure: {world} or {requests} is absent (set DATA=<folder>)")
        return
    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        home = Path(folder)
        seconds = import_world(world, home)
        print(f"ask: import of {world.name}: {seconds:.1f} s")
        times = answer_all(requests, home)
        print(f"ask: {len(times)} turns in one process: p50 {at(times, 50):.0f} ms, p95 {at(times, 95):.0f} ms")
        runs = [run_farley(home, "ask", QUESTION, "--json") for _ in range(PROCESSES)]
        print(f"ask: `farley ask` in a new process: median {statistics.median(s for s, _ in runs):.2f} s,"
              f" peak memory {max(kib for _, kib in runs) / 1024:.0f} MiB")  # fmt: skip
        helps = [run_farley(home, "--help")[0] for _ in range(PROCESSES)]
        print(f"ask: `farley --help`: median {statistics.median(helps):.2f} s")


def import_world(folder: Path, home: Path) -> float:
    """Make a store in `home` and import `folder`; seconds."""
    from crm_core.access import ADMIN
    from crm_core.setup import create_store
    from crm_core.transfer import apply_import, plan_import

    store = create_store(f"sqlite:///{home / 'farley.db'}")
    started = time.perf_counter()
    apply_import(store, plan_import(store, [folder], today=date.today()), actor=ADMIN)  # noqa: DTZ011
    seconds = time.perf_counter() - started
    store.close()
    return seconds


def answer_all(requests: Path, home: Path) -> list[float]:
    """Ask every turn of `requests`; milliseconds of each, after one question to warm up."""
    from copilot.agent import Copilot
    from copilot.models import offline_model
    from crm_core.db import Store
    from crm_core.users import actor_for
    from evals.load import load_cases

    store = Store(f"sqlite:///{home / 'farley.db'}")
    try:
        copilot = Copilot(offline_model(store), store.for_agent)
        times = []
        for case in load_cases([requests]):
            for turn in case.steps:
                actor = actor_for(store, case.actor)
                reply = copilot.ask(str(turn.say), thread=case.id, actor=actor, today=case.today)
                times.append(float(reply.elapsed_ms))
        return times[1:]
    finally:
        store.close()


def run_farley(home: Path, *arguments: str) -> tuple[float, int]:
    """Wall seconds and peak resident KiB of one `farley` process."""
    environment = {**os.environ, "FARLEY_HOME": str(home)}
    code = "import sys; from integrations.cli import main; sys.argv[0] = 'farley'; main()"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - started, _kib(used)


def _kib(used: resource.struct_rusage) -> int:
    return used.ru_maxrss // 1024 if sys.platform == "darwin" else used.ru_maxrss


def at(times: Sequence[float], percent: int) -> float:
    """The time that `percent` of all stay within."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
