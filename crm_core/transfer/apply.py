"""Doing what a plan says, as one change set: all of it or nothing."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from crm_core.access import Actor
from crm_core.changes.change import Head
from crm_core.changes.commit import commit_on
from crm_core.db import Store
from crm_core.models import UserRole
from crm_core.transfer.errors_csv import ErrorFiles
from crm_core.transfer.plan import ImportPlan, Progress
from crm_core.transfer.report import ImportReport, Ledger
from crm_core.transfer.run import ImportRun
from crm_core.transfer.stakeholders import is_further_reading


def apply_import(
    store: Store,
    plan: ImportPlan,
    *,
    actor: Actor,
    door: str = "cli",
    errors_to: Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Take the files in as one change set: all of it or, on any failure, nothing.

    Args:
        store: where to.
        plan: from `plan_import`; what changed in the store since is looked up again.
        actor: whose rights count, whoever planned it; only an administrator teaches words.
        door: what it came through.
        errors_to: folder for the error files; None: rows that are not taken are only counted.
        progress: told (rows done, rows in all).

    Raises:
        Forbidden: the actor may not make such records.
        Unavailable: the store is read-only, full or held by another program.
    """
    errors = ErrorFiles(errors_to)
    started = time.monotonic()
    head = Head(str(uuid4()), "import", _summary(plan), actor.name, actor.id, door, origin={"files": _origin(plan)})
    try:
        with store.write() as connection:
            base = store.schema_at(connection)
            teaches = actor.role is UserRole.ADMIN
            run = ImportRun(connection, replace(plan, actor=actor), base, errors, progress, teaches)
            brings_history = any(file.entity == "stage_change" for file in plan.files)
            written = commit_on(connection, base, run.changes(), head, actor=actor, record_stages=not brings_history)
    except BaseException:
        errors.drop()
        raise
    change_set = head.id if written.total else None
    return _report(run, change_set, errors.keep(), started)


def preview_import(
    store: Store, plan: ImportPlan, *, errors_to: Path | None = None, progress: Progress | None = None
) -> ImportReport:
    """What `apply_import` would do, row by row; writes nothing but the error files."""
    errors = ErrorFiles(errors_to)
    started = time.monotonic()
    try:
        with store.read() as connection:
            run = ImportRun(connection, plan, store.schema_at(connection), errors, progress)
            for _ in run.changes():
                pass
    except BaseException:
        errors.drop()
        raise
    return _report(run, None, errors.keep(), started, is_dry_run=True)


def import_as_json(plan: ImportPlan, report: ImportReport) -> dict[str, Any]:
    """What an import read and did, as the commands and REST show it."""
    return {
        "change_set_id": report.change_set_id,
        "dry_run": report.is_dry_run,
        "files": {file.name: {"entity": file.entity, **asdict(report.files[file.name])} for file in plan.files},
        "made": report.made,
        "columns": [dict(zip(("file", "column", "becomes", "kind"), line, strict=True)) for line in plan.columns()],
        "words": [dict(zip(("phrase", "target"), word, strict=True)) for word in plan.words],
        "near_misses": [asdict(miss) for miss in plan.near_misses],
        "created_from_names": [asdict(made) for made in plan.created],
        "unknown_names": [dict(zip(("entity", "name", "rows"), line, strict=True)) for line in plan.unknown],
        "notes": list(plan.notes),
        "problems": [dict(zip(("file", "row", "reason"), line, strict=True)) for line in report.problems],
        "left_empty": [{**left._asdict(), "rows": rows} for left, rows in report.left_empty],
        "left_out": [out._asdict() for out in report.left_out],
        "ledger": asdict(report.ledger),
        "elapsed_s": round(report.elapsed_s, 3),
    }


def _report(
    run: ImportRun, change_set_id: str | None, files: tuple[Path, ...], started: float, *, is_dry_run: bool = False
) -> ImportReport:
    seconds = time.monotonic() - started
    return ImportReport(
        change_set_id, run.counts, run.made, files, tuple(run.problems), is_dry_run, seconds,
        left_empty=tuple(run.left.most_common()), left_out=run.plan.left_out, ledger=_ledger(run),
    )  # fmt: skip


def _ledger(run: ImportRun) -> Ledger:
    """Each row of a file once, in however many ways it is read."""
    counts = [run.counts[file.name] for file in run.plan.files if not is_further_reading(file.source)]
    refused, left_out = sum(c.errors for c in counts), sum(out.rows for out in run.plan.left_out)
    rows = sum(c.rows for c in counts)
    return Ledger(rows + left_out, rows - refused, refused, left_out)


def _summary(plan: ImportPlan) -> str:
    names = [file.name for file in plan.files]
    told = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"Import of {told}"


def _origin(plan: ImportPlan) -> list[Any]:
    return [
        {"name": file.name, "sha256": file.source.sha256(), "entity": file.entity, "rows": file.profile.rows}
        for file in plan.files
    ]
