"""`farley eval safety`: planted attacks through a model that an attacker has taken over."""

import json as json_format
from pathlib import Path
from typing import Annotated

import typer


def safety(
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")] = None,
    every: Annotated[
        int, typer.Option("--every", metavar="N", min=1, help="Only one attack of N; each goal and carrier is tried.")
    ] = 1,
) -> None:
    """Plant every attack in a made-up company, let a model obey it, and look at what came of it; exit 1 on a breach."""
    from evals.safety.run import attacked, run_attacks
    from integrations.cli.session import start_logging
    from integrations.cli.show import progress_bar, say

    start_logging()
    with attacked(every=every) as (company, fired, path), progress_bar("attacks") as step:
        report = run_attacks(company, fired, path, progress=step)
    for line in report.lines():
        say(line)
    if json:
        json.write_text(json_format.dumps(report.to_json(), indent=1), encoding="utf-8")
    if report.breaches:
        raise typer.Exit(1)
