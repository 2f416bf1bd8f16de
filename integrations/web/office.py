"""The pages of the office: approvals, changes, figures, import, settings."""

from integrations.web import approvals, changed, dashboard
from integrations.web.importing import page as importing
from integrations.web.importing.taking import may_import
from integrations.web.page import Nav, Page
from integrations.web.settings.pages import SETTINGS

OFFICE: tuple[Page, ...] = (
    Page(
        "/approvals", "approvals", approvals.build, icon="task_alt", nav=Nav.MAIN, hotkey="a",
        query=("id",), badge=approvals.count_waiting,
    ),
    Page("/dashboard", "dashboard", dashboard.build, icon="query_stats", nav=Nav.MORE),
    Page("/changes", "changes", changed.build, icon="history", nav=Nav.MORE, query=("id", "record")),
    Page("/import", "import", importing.build, icon="upload_file", nav=Nav.MORE, may_see=may_import),
    *SETTINGS,
)  # fmt: skip
