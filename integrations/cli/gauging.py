"""`farley eval` on what was measured: the gate, comparisons, history, and drafts of new cases."""

import json as json_format
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import Scale, parse_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals import report as measured
    from evals.case import Case
    from evals.gate import Gate
    from integrations.measuring import Run

app = typer.Typer()
Thresholds = Annotated[
    Path | None, typer.Option("--file", metavar="YAML", help="The thresholds; else evals/gate.yaml.")
]
Report = Annotated[Path, typer.Argument(metavar="REPORT", help="Written by `eval run --json`.")]


@app.command("gate")
def gate(
    report: Annotated[
        Path | None, typer.Argument(metavar="REPORT", help="Written by `eval run --json`; else the cases are played.")
    ] = None,
    file: Thresholds = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help="Processes.")] = 2,
    fast: Annotated[
        bool, typer.Option("--fast", help="Only the suites that the file calls fast, as the tests do.")
    ] = False,
    scale: Scale = 1,
) -> None:
    """Hold the offline planner to the thresholds: exit 1 where it falls short of one."""
    from evals.gate import FILE, load_gate
    from evals.history import read_report
    from evals.load import load_cases
    from integrations.cli.session import start_logging
    from integrations.measuring import Run

    start_logging()
    limits, paths = load_gate(file or FILE)
    if report is not None:
        found = read_report(report)
    else:
        cases = [case for case in load_cases(paths) if not fast or not limits.fast or case.suite in limits.fast]
        found = play(cases, Run(workers=workers, scale=scale)).to_json()
    if not holds(limits, found):
        raise typer.Exit(1)


def play(cases: "Sequence[Case]", how: "Run", *, failures: int = 0) -> "measured.Report":
    """Play cases with a bar, and show the rates and the first so many failures."""
    from integrations.cli.show import progress_bar, say
    from integrations.measuring import measure

    with progress_bar("cases") as step:
        report = measure(cases, how, progress=step)
    for line in report.lines(failures=failures):
        say(line)
    return report


def holds(limits: "Gate", found: dict[str, Any]) -> bool:
    """Whether a report reaches the thresholds; says where it does not."""
    from evals.gate import shortfalls
    from integrations.cli.show import say

    short = shortfalls(limits, found)
    for line in short:
        say(line, "red")
    say(f"the gate is {'closed' if short else 'open'}: {found['right']} of {found['n']} right")
    return not short


@app.command("prove")
def prove(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Cases, or folders of them.")],
    world: Annotated[str | None, typer.Option("--world", metavar="FOLDER", help="As for `eval run`.")] = None,
) -> None:
    """Prove the cases themselves: each can be passed, and each scorer that looks at it can fail."""
    from evals.load import load_cases
    from evals.scripted import unproved
    from integrations.cli.session import start_logging
    from integrations.cli.show import say
    from integrations.measuring import with_answers

    start_logging()
    cases = with_answers(load_cases(paths), world)
    found = list(unproved(cases))
    for line in found:
        say(line, "red")
    say(f"{len(cases)} cases, {len(found)} faults")
    if found:
        raise typer.Exit(1)


@app.command("compare")
def compare_reports(
    before: Report,
    now: Report,
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write it as JSON.")] = None,
    table: Annotated[bool, typer.Option("--table", help="Also every case side by side, scorer by scorer.")] = False,
) -> None:
    """Tell what was repaired and what was broken from one report to another, case by case."""
    from evals.compare import compare
    from evals.history import read_report
    from integrations.cli.show import say

    was, now_is = read_report(before), read_report(now)
    found = compare(was, now_is)
    if table:
        from evals.table import as_report
        from integrations.cli.show import console

        as_report(now_is, name="now").print(baseline=as_report(was, name="before"), console=console())
    for line in found.lines():
        say(line)
    if json:
        json.write_text(json_format.dumps(found.to_json(), indent=1, ensure_ascii=False), encoding="utf-8")


@app.command("history")
def history(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A line of JSON a commit; else evals/history.jsonl.")
    ] = None,
    add: Annotated[list[Path] | None, typer.Option("--add", metavar="REPORT", help="Add this report first.")] = None,
    badge: Annotated[Path | None, typer.Option("--badge", metavar="OUT", help="Write the newest rate as SVG.")] = None,
) -> None:
    """Show how the rates went from commit to commit."""
    from evals import history as kept
    from integrations.cli.show import say, show_table

    file = file or kept.FILE
    for path in add or ():
        kept.add(file, kept.read_report(path))
    runs = kept.read_history(file)
    heads, *rows = kept.table(runs)
    show_table(heads, rows, right=range(3, len(heads)))
    if badge and runs:
        badge.write_text(kept.badge(runs[-1]), encoding="utf-8")
    elif badge:
        say(f"a badge is made of a run, and {file} holds none: add one with --add", "red")
        raise typer.Exit(2)


@app.command("candidates")
def candidates(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write them there, else show them.")] = None,
    since: Annotated[
        date | None, typer.Option("--since", metavar="YYYY-MM-DD", parser=parse_day, help="Only from this day on.")
    ] = None,
) -> None:
    """Draft cases from what people rated down, rejected, undid or corrected; nobody is named in them."""
    from integrations.cli.session import open_session
    from integrations.cli.show import say
    from integrations.measuring import draft_cases

    with open_session() as session:
        text = draft_cases(session.settings, session.store, since=since or date.min)
    if out is None:
        print(text, end="")
        return
    out.write_text(text, encoding="utf-8")
    say(f"{text.count('- id:')} drafts in {out}")


@app.command("judge")
def judge_labels(
    labels: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="What people thought of replies, a line of JSON each; else a few made-up ones."
        ),
    ] = None,
) -> None:
    """Ask the model of the settings for its opinion of replies, and tell how far it agrees with the labels."""
    from evals.judge import FILE, agreement, load_labels
    from integrations.cli.show import say
    from integrations.measuring import judging_model

    for line in agreement(load_labels(labels or FILE), judging_model()).lines():
        say(line)
