"""Taking data in: files of other systems, and rows made in code. It writes only through `crm_core.changes`.

It knows files, headers, values and names; it knows no door and shows nothing: whoever calls it renders the plan and
the report, and is told of progress through a callback.
"""

from crm_core.transfer.apply import apply_import, import_as_json, preview_import
from crm_core.transfer.load import load_rows
from crm_core.transfer.mapping import FILE_NAME, ImportMap, load_map, save_map
from crm_core.transfer.plan import FilePlan, ImportPlan, plan_import
from crm_core.transfer.references import NearMiss
from crm_core.transfer.report import Counts, ImportReport

__all__ = [
    "FILE_NAME", "Counts", "FilePlan", "ImportMap", "ImportPlan", "ImportReport", "NearMiss", "apply_import",
    "import_as_json", "load_map", "load_rows", "plan_import", "preview_import", "save_map",
]  # fmt: skip
