"""`farley import`: CSV files and mails into the store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.mailing import find_mails, import_mails, read_mailbox, watch_mails
from integrations.cli.options import AsUser, JsonFlag, Today

if TYPE_CHECKING:
    from crm_core.transfer import ImportPlan, ImportReport
    from integrations.cli.session import Session


def import_files(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="CSV files, mails (.eml, .mbox), or folders of them.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="How to read the columns, as an import saved it.")
    ] = None,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", metavar="FILE", help="Save that here. [default: in FARLEY_HOME]")
    ] = None,
    errors: Annotated[
        Path | None, typer.Option("--errors", metavar="FOLDER", help="Rows not taken go here. [default: FARLEY_HOME]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do; change nothing.")] = False,
    imap: Annotated[bool, typer.Option("--imap", help="New mails of the mailbox of the settings.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: mails as they come into the folders PATH.")] = False,
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Bring CSV files or mails in, all in one change that `farley undo` takes back."""
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json

    if not (paths or imap) or ((imap or watch) and dry_run) or (imap and paths and not watch):
        raise typer.BadParameter("give PATH... to import, --watch PATH... or --imap; the last two have no --dry-run")
    paths = paths or []
    with open_session(user, today) as session:
        if watch:
            watch_mails(session, paths, imap=imap, json=json)
            return
        if imap:
            read_mailbox(session, json=json)
            return
        mails = find_mails(paths)
        if mails:
            import_mails(session, mails, dry_run=dry_run, json=json)
            return
        plan = _plan(session, paths, mapping)
        map_file = save_map or (None if mapping else session.settings.home / _map_name())
        if not json:
            show_plan(plan)
        report = _take_in(session, plan, dry_run=dry_run, errors=errors)
        map_file = _save(plan, map_file)
    if json:
        print_json(_as_json(plan, report, map_file))
    else:
        show_report(report, map_file)
    if report.files and all(c.errors == c.rows for c in report.files.values()):
        raise typer.Exit(1)


def show_plan(plan: "ImportPlan") -> None:
    """How each column is read, and what names were taken for."""
    from integrations.cli.show import say, show_list, show_table

    show_table(("file", "column", "becomes", "kind"), plan.columns())
    if plan.words:
        say("Your own words: " + ", ".join(f"{phrase} ({target})" for phrase, target in plan.words))
    show_list("Names taken for records of nearly the same name:", plan.near_misses)
    show_list("Made from names:", plan.created)
    show_list("Names that no record has:", (f"{name} ({entity}), {rows:,} rows" for entity, name, rows in plan.unknown))
    for note in plan.notes:
        say(note, "dim")


def show_report(report: "ImportReport", map_file: Path | None) -> None:
    """What became of the rows, and what to do next."""
    from integrations.cli.show import count_of, say, show_list, show_table

    say("")
    heads = ("file", "rows", "created", "updated", "unchanged", "not taken")
    rows = [
        (name, *(f"{n:,}" for n in (c.rows, c.created, c.updated, c.unchanged, c.errors)))
        for name, c in report.files.items()
    ]
    show_table(heads, rows, right=range(1, len(heads)))
    if report.made:
        say("Also made: " + ", ".join(count_of(n, name) for name, n in report.made.items()))
    show_list("Not taken:", (f"{name}, row {row}: {reason}" for name, row, reason in report.problems))
    show_list(
        "Left empty (their rows are taken):",
        (f"{left.file}, {left.column}: {left.reason}, {count_of(rows, 'row')}" for left, rows in report.left_empty),
    )
    show_list("Left out:", (f"{out.file}, {count_of(out.rows, 'row')}: {out.reason}" for out in report.left_out))
    say(str(report.ledger))
    for path in report.error_files:
        say(f"Rows not taken, with the reasons: {path}. Put them right there and import that file.")
    if map_file:
        say(f"How the columns were read: {map_file} (edit it, then import again with --map)")
    if report.is_dry_run:
        say("Nothing was changed: this was a dry run.")
    elif report.change_set_id:
        say(f"Done in {report.elapsed_s:.1f} s. `farley undo {report.change_set_id[:8]}` takes it all back.")
    else:
        say("Nothing had to change.")


def _plan(session: "Session", paths: list[Path], mapping: Path | None) -> "ImportPlan":
    from crm_core.transfer import load_map, plan_import
    from integrations.cli.show import progress_bar
    from integrations.headers import header_words

    with progress_bar("reading") as move:
        return plan_import(
            session.store,
            paths,
            today=session.today,
            mapping=load_map(mapping) if mapping else None,
            extra_words=header_words(),
            progress=move,
            actor=session.actor,
        )


def _take_in(session: "Session", plan: "ImportPlan", *, dry_run: bool, errors: Path | None) -> "ImportReport":
    from crm_core.transfer import apply_import, preview_import
    from integrations.cli.show import progress_bar

    with progress_bar("importing") as move:
        if dry_run:
            return preview_import(session.store, plan, errors_to=errors, progress=move)
        folder = errors or session.settings.home
        return apply_import(session.store, plan, actor=session.actor, door="cli", errors_to=folder, progress=move)


def _map_name() -> str:
    from crm_core.transfer import FILE_NAME

    return FILE_NAME


def _save(plan: "ImportPlan", path: Path | None) -> Path | None:
    from crm_core.errors import Unavailable
    from crm_core.transfer import save_map

    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_map(plan.mapping, path)
    except OSError as error:
        raise Unavailable(f"The map cannot be saved to {path}: {error.strerror}.") from error
    return path


def _as_json(plan: "ImportPlan", report: "ImportReport", map_file: Path | None) -> dict[str, Any]:
    from crm_core.transfer import import_as_json

    error_files = [str(path) for path in report.error_files]
    written = {"error_files": error_files, "map_file": str(map_file) if map_file else None}
    return import_as_json(plan, report) | written
