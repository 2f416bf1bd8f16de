"""The last steps: what would become of the rows, what became of them, the rows that were not taken, and the undo."""

from typing import TYPE_CHECKING

from nicegui import ui

from copilot.labels import entity_label
from crm_core.changes import undo
from crm_core.transfer import ImportReport
from crm_core.transfer.mail import MailReport
from integrations.web import text
from integrations.web.desk import DOOR
from integrations.web.importing.taking import Report
from integrations.web.panels import Do, act, panel, plain_table, row
from integrations.web.shell import notify, work

if TYPE_CHECKING:
    from integrations.web.importing.page import Wizard

_ROWS = ("report_file", "report_rows", "report_created", "report_updated", "report_unchanged", "report_errors")
_MAILS = ("report_file", "report_mails", "report_taken", "report_known", "report_left", "report_errors")
_TOLD = 10


def show_preview(wizard: "Wizard") -> None:
    """What would become of each file."""
    taking, say = wizard.taking, wizard.person.say
    assert taking.preview is not None
    count = _changed(taking.preview)
    with panel(say("preview_title"), say("preview_note")):
        _counts(wizard, taking.preview)
    _problems(wizard, taking.preview)
    with ui.element("div").classes("line"):
        act(wizard.person, say("import_back_columns"), lambda: wizard.show("columns"))
        if count:
            act(wizard.person, say("import_now", count=f"{count:,}"), lambda: wizard.run(taking.take, "done"),
                kind="primary")  # fmt: skip
    if not count:
        text.words("p", say("import_nothing"), "muted")


def show_done(wizard: "Wizard") -> None:
    """What became of each file, and the way back."""
    report, say = wizard.taking.done, wizard.person.say
    assert report is not None
    title = "done_title" if report.change_set_id else "import_nothing"
    with panel(say(title), say("done_note", seconds=f"{report.elapsed_s:.1f}")):
        _counts(wizard, report)
        with ui.element("div").classes("line"):
            if report.change_set_id:
                act(wizard.person, say("import_undo"), lambda: _undo(wizard, str(report.change_set_id)))
                text.link(say("import_change"), f"/changes?id={report.change_set_id}", "button-link")
            act(wizard.person, say("import_again"), wizard.restart, kind="primary")
    _problems(wizard, report)


async def _undo(wizard: "Wizard", change_set: str) -> None:
    person = wizard.person
    result = await work(undo, wizard.desk.store, change_set, actor=person.actor, door=DOOR)
    count = f"{sum(result.records.values()):,}"
    left = "; ".join(f"{one.label}: {person.told(one.reason)}" for one in result.left[:3])
    told = person.say("import_undone_left", count=count, left=len(result.left), what=left)
    notify(told if left else person.say("import_undone", count=count), kind="info" if left else "positive")
    await wizard.restart()


def _changed(report: Report) -> int:
    if isinstance(report, MailReport):
        return sum(one.taken for one in report.sources.values())
    return report.changed


def _counts(wizard: "Wizard", report: Report) -> None:
    say, lang = wizard.person.say, wizard.person.lang
    heads = [say(key) for key in (_ROWS if isinstance(report, ImportReport) else _MAILS)]
    with plain_table(heads, say("report")):
        if isinstance(report, ImportReport):
            for name, c in report.files.items():
                row(heads, (name, *(f"{n:,}" for n in (c.rows, c.created, c.updated, c.unchanged, c.errors))))
        else:
            for name, m in report.sources.items():
                row(heads, (name, *(f"{n:,}" for n in (m.mails, m.taken, m.known, m.left_out, m.unreadable))))
    if isinstance(report, ImportReport) and report.made:
        made = ", ".join(f"{n:,} {entity_label(name, lang, count=n)}" for name, n in report.made.items())
        text.words("p", say("report_made", what=made), "small")
    if isinstance(report, ImportReport):
        _ledger(wizard, report)


def _ledger(wizard: "Wizard", report: ImportReport) -> None:
    """What became of all rows, and which of their fields stay empty."""
    say, told, sums = wizard.person.say, wizard.person.told, report.ledger
    rows = {"rows": sums.rows, "taken": sums.taken, "refused": sums.refused, "left": sums.left_out}
    text.words("p", say("report_ledger", **{name: f"{n:,}" for name, n in rows.items()}), "small")
    lines = [
        *(say("report_left_out", file=o.file, count=f"{o.rows:,}", reason=told(o.reason)) for o in report.left_out),
        *(
            say("report_left_empty", file=e.file, column=e.column, count=f"{n:,}", reason=told(e.reason))
            for e, n in report.left_empty[:_TOLD]
        ),
    ]
    with ui.element("ul").classes("told"):
        for line in lines:
            text.words("li", line)


def _problems(wizard: "Wizard", report: Report) -> None:
    """Rows that were not taken, each with its reason, and the files to put them right in."""
    say, told = wizard.person.say, wizard.person.told
    if isinstance(report, MailReport):
        lines = [f"{label}: {told(remark)}" for label, remark in report.remarks]
    else:
        lines = [
            say("report_problem", file=file, row=number, reason=told(why)) for file, number, why in report.problems
        ]
    if not lines:
        return
    with panel(say("report_problems"), say("report_problems_note")) as actions:
        with actions:
            for name, data in wizard.taking.upload.error_files():
                act(wizard.person, say("report_download", name=name), _downloader(name, data), icon="download")
        with ui.element("ul").classes("told"):
            for line in lines[:_TOLD]:
                text.words("li", line)
            if len(lines) > _TOLD:
                text.words("li", say("and_more", count=len(lines) - _TOLD), "muted")


def _downloader(name: str, data: bytes) -> Do:
    return lambda: ui.download.content(data, name, "text/csv")
