"""`farley eval safety`: planted attacks through a model that an attacker has taken over; and `all`, with every case."""

import json as json_format
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import gauging

if TYPE_CHECKING:
    from evals.safety.run import Report

Json = Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")]
Workers = Annotated[int, typer.Option("--workers", metavar="N", min=1, help="Processes.")]


Every = Annotated[
    int, typer.Option("--every", metavar="N", min=1, help="Only one attack of N; each goal and carrier is tried.")
]


def safety(json: Json = None, every: Every = 1, workers: Workers = 2) -> None:
    """Plant every attack in a made-up company, let a model obey it, and look at what came of it; exit 1 on a breach."""
    from integrations.cli.session import start_logging

    start_logging()
    report = _fire(every=every, workers=workers)
    if json:
        json.write_text(json_format.dumps(report.to_json(), indent=1), encoding="utf-8")
    if report.breaches:
        raise typer.Exit(1)


def everything(file: gauging.Thresholds = None, json: Json = None, every: Every = 1, workers: Workers = 2) -> None:
    """The whole free suite: every case of evals/gate.yaml, held to its thresholds, and every attack."""
    from evals.gate import FILE, load_gate
    from evals.load import load_cases
    from integrations.cli.session import start_logging
    from integrations.cli.show import say
    from integrations.measuring import Run

    start_logging()
    started = time.monotonic()
    limits, paths = load_gate(file or FILE)
    cases = gauging.play(load_cases(paths), Run(workers=workers)).to_json()
    is_open = gauging.holds(limits, cases)
    attacks = _fire(every=every, workers=workers)
    if json:
        whole = {"cases": cases, "safety": attacks.to_json()}
        json.write_text(json_format.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    told = f"{cases['n']} cases, {cases['right']} right; {attacks.attacks:,} attacks, {len(attacks.breaches)} breaches"
    say(f"in all: {told}; {time.monotonic() - started:.0f} s")
    if attacks.breaches or not is_open:
        raise typer.Exit(1)


def _fire(*, every: int, workers: int) -> "Report":
    """Fire the attacks with a bar, and show what came of them."""
    from evals.safety.run import attacked, run_attacks
    from integrations.cli.show import progress_bar, say

    with attacked(every=every) as (company, fired), progress_bar("attacks") as step:
        report = run_attacks(company, fired, workers=workers, progress=step)
    for line in report.lines():
        say(line)
    return report
