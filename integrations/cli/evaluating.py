"""`farley eval`: how good the answers are, as a number."""

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from integrations.cli import gauging
from integrations.cli.options import Scale

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals import retrieval as texts
    from evals import scoring as scores
    from evals import summaries as summed

MANY = 150  # cases from which a second process is worth its start
app = typer.Typer(help="Measure the quality of the answers.", rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure the quality of the answers."""


@app.command("run")
def run(
    files: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Cases as JSON lines or YAML, or folders of such files.")
    ],
    world: Annotated[
        str | None,
        typer.Option(
            "--world",
            metavar="FOLDER",
            help="Folder of CSV files to import and ask; `demo`: the demo company. For cases that name no world.",
        ),
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Write it as one page.")] = None,
    minimum: Annotated[
        float,
        typer.Option("--min", metavar="RATE", min=0, max=1, help="Exit 1 when fewer are right, e.g. 0.9."),
    ] = 0,
    failures: Annotated[int, typer.Option("--failures", metavar="N", min=0, help="Tell the first N failures.")] = 0,
    only: Annotated[
        Literal["reads", "writes"] | None, typer.Option("--only", help="Only questions, or only changes.")
    ] = None,
    suite: Annotated[
        list[str] | None, typer.Option("--suite", metavar="NAME", help="Only this suite; may be repeated.")
    ] = None,
    solver: Annotated[
        str,
        typer.Option(
            "--solver",
            metavar="NAME",
            help="What answers: offline; model, the one of the settings, or its name such as openai:gpt-5-mini; "
            "oracle, which is always right; saboteur, which never is.",
        ),
    ] = "offline",
    repeats: Annotated[int, typer.Option("--repeats", metavar="K", min=1, help="Play each case K times.")] = 1,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=0, help="Processes; 0: two for many cases, one for few.")
    ] = 0,
    limit_s: Annotated[
        float, typer.Option("--limit", metavar="SECONDS", min=0.001, help="A case that takes longer has failed.")
    ] = 120,
    goes_on: Annotated[
        bool, typer.Option("--continue", help="Go on with what a run that was stopped has kept beside OUT.")
    ] = False,
    scale: Scale = 1,
) -> None:
    """Play every case of PATH... in a world of its own, and report what was right."""
    from crm_core.errors import Invalid
    from evals.load import load_cases
    from integrations.cli.session import start_logging
    from integrations.cli.show import say
    from integrations.measuring import Run

    start_logging()
    cases = [c for c in load_cases(files) if only is None or c.is_write == (only == "writes")]
    there = sorted({c.suite for c in cases})
    cases = [c for c in cases if not suite or c.suite in suite]
    if not cases:
        raise Invalid(f"None of the cases is asked for; their suites are {', '.join(there) or 'none'}.")
    how = Run(world, solver, repeats, workers or (2 if len(cases) > MANY else 1), limit_s, json, goes_on, scale)
    report = gauging.play(cases, how, failures=failures)
    if html:
        from evals.page import page

        html.write_text(page(report.to_json()), encoding="utf-8")
    if report.total.right_rate < minimum:
        say(f"below the wanted {minimum:.1%}", "red")
        raise typer.Exit(1)


@app.command("retrieval")
def retrieval(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds corpus.jsonl and queries.jsonl.")],
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")] = None,
) -> None:
    """Search for every question of FOLDER, beside plain BM25 and plain vectors in the same run."""
    from evals.retrieval import measure

    _over_texts(measure, folder, json)


@app.command("summaries")
def summaries(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="As for `eval retrieval`, with answers.")],
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")] = None,
) -> None:
    """Sum up the talks of FOLDER on every question, and compare with the answers written by people."""
    from evals.summaries import measure

    _over_texts(measure, folder, json)


def _over_texts(measure: "Callable[..., texts.Measured | summed.Measured]", folder: Path, json: Path | None) -> None:
    """Measure something on the texts of a folder, and report it."""
    from integrations.bootstrap import build_embedder
    from integrations.cli.session import start_logging
    from integrations.cli.show import progress_bar
    from integrations.settings import get_settings

    start_logging()
    with progress_bar("vectors") as step:
        measured = measure(folder, build_embedder(get_settings()), progress=step)
    _report(measured, json)


def _report(measured: "texts.Measured | summed.Measured | scores.Measured", json: Path | None) -> None:
    from integrations.cli.show import say

    for line in measured.lines():
        say(line)
    if json:
        json.write_text(json_format.dumps(measured.to_json(), indent=1, ensure_ascii=False), encoding="utf-8")


@app.command("scoring")
def scoring(
    train: Annotated[Path, typer.Option("--train", metavar="CSV", help="Rows to learn from.")],
    test: Annotated[Path, typer.Option("--test", metavar="CSV", help="Rows to judge by.")],
    target: Annotated[
        str, typer.Option("--target", metavar="COLUMN", help="Says how each row ended: 1 or 0, won or lost.")
    ],
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the report as JSON.")] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="COLUMN", help="The day on which each row came; else as they stand."),
    ] = None,
    trust: Annotated[
        list[str] | None, typer.Option("--trust", metavar="COLUMN", help="Known before the outcome: never refused.")
    ] = None,
) -> None:
    """Learn to score from one table and judge it on another."""
    from evals.scoring import measure
    from integrations.cli.session import start_logging, this_day

    start_logging()
    _report(measure(train, test, target, order=order, trusted=trust or (), today=this_day()), json)
