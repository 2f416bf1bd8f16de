"""Files in, and answers out."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, File, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from crm_core.errors import Invalid
from crm_core.query.spec import QuerySpec
from crm_core.transfer import ImportMap, apply_import, import_as_json, plan_import, preview_import
from crm_core.transfer.export import Format, export
from integrations.api.answers import answer
from integrations.api.asking import Day
from integrations.api.bodies import answered
from integrations.api.caller import DOOR, PREFIX, Reader, Writer
from integrations.api.problems import RESPONSES
from integrations.headers import header_words

MOST_FILES = 20
_MOST_NAME = 250  # bytes of a file's name
_MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class Export(BaseModel):
    """What goes out, and how."""

    model_config = ConfigDict(extra="forbid")

    spec: QuerySpec
    format: Format = "csv"
    today: Day | None = Field(None, description="The day of the question; default: now.")


def add_transfer(app: FastAPI) -> None:
    """The addresses of import and export."""
    done = answered({"type": "object"}, "How each column was read, and what became of the rows.")
    app.add_api_route(
        f"{PREFIX}/import", import_files, methods=["POST"], tags=["import and export"], operation_id="import",
        summary="Import CSV files", responses={**RESPONSES, 200: done},
    )  # fmt: skip
    kinds = (kind.split(";")[0] for kind in _MEDIA.values())
    rows = {"description": "The rows.", "content": {kind: {"schema": {"type": "string"}} for kind in kinds}}
    app.add_api_route(
        f"{PREFIX}/export", export_rows, methods=["POST"], tags=["import and export"], operation_id="export",
        summary="Export the answer of a question", response_class=StreamingResponse,
        responses={**RESPONSES, 200: rows},
    )  # fmt: skip


def import_files(
    caller: Writer,
    files: Annotated[list[UploadFile], File(description="CSV files, imported together.", max_length=MOST_FILES)],
    mapping: Annotated[
        str | None, Form(max_length=500_000, description="`mapping` of a dry run, edited: JSON.")
    ] = None,
    dry_run: Annotated[bool, Query(description="Only tell what it would do.")] = True,
) -> Response:
    """All in one change set, which can be undone. Sent twice, it changes nothing the second time.

    Names are looked up among what the caller may see; a row of a record that they may not change is not taken.
    """
    given = None if mapping is None else ImportMap.model_validate_json(mapping)
    with tempfile.TemporaryDirectory(prefix="farley-import-") as folder:
        paths = [_kept(Path(folder), file) for file in files]
        plan = plan_import(
            caller.store, paths, today=caller.api.today(), mapping=given, extra_words=header_words(),
            actor=caller.actor,
        )  # fmt: skip
        if dry_run:
            report = preview_import(caller.store, plan)
        else:
            report = apply_import(caller.store, plan, actor=caller.actor, door=DOOR)
        read_as = plan.mapping.model_dump(mode="json", exclude_defaults=True)
        return answer({**import_as_json(plan, report), "mapping": read_as})


def export_rows(caller: Reader, wanted: Export) -> Response:
    """As CSV or JSON lines, of any length; texts that a spreadsheet would work out are escaped in CSV."""
    today = wanted.today or caller.api.today()
    pieces = export(caller.store, wanted.spec, actor=caller.actor, today=today, format=wanted.format)
    name = f"{wanted.spec.entity}.{wanted.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=_MEDIA[wanted.format], headers=headers)


def _kept(folder: Path, file: UploadFile) -> Path:
    """The file under its own last name: it tells what is in it."""
    name = Path((file.filename or "").replace("\\", "/")).name
    path = folder / name
    is_name = name and len(name.encode("utf-8", "replace")) <= _MOST_NAME and "\0" not in name and name[0] != "."
    if not is_name or not name.lower().endswith(".csv") or path.exists():
        raise Invalid("Each file needs a name of its own that ends in .csv.", field="files")
    path.write_bytes(file.file.read())
    return path
