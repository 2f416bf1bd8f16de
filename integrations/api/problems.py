"""Every error as problem+json (RFC 9457): what was wrong, and the field it was about. The edge of REST."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from crm_core.errors import Conflict, CrmError, Forbidden, Invalid, NotFound, Unavailable
from integrations.records import Stale

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
_RETRY_S = 5


_STATUS: tuple[tuple[type[CrmError], int], ...] = (
    (Stale, 412), (NotFound, 404), (Invalid, 422), (Conflict, 409), (Forbidden, 403), (Unavailable, 503),
)  # fmt: skip


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> Response:
    """An error as a response.

    Args:
        status: of HTTP.
        detail: a sentence that a person may read.
        errors: `field` and `message` of each part that was wrong.
        headers: beside the content type.
        more: further members.
    """
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail, "errors": [dict(one) for one in errors], **more}
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, headers=dict(headers or {}), media_type=PROBLEM)


_CONTENT = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "400 unreadable · 401 no good token · 403 the token or the role lacks the right · 404 no such "
        "record, or not to be seen · 409 moved on · 412 stale ETag · 413 too large · 415 no JSON · 422 not right: see "
        "`errors` · 428 If-Match is missing · 429 too many requests: see Retry-After",
        "content": _CONTENT,
    },
    503: {"description": "The store cannot answer now: see Retry-After.", "content": _CONTENT},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What was wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that a person may read."},
        "errors": {
            "type": "array",
            "description": "The parts of the request that were wrong, by name.",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
        "id": {"type": "string", "description": "Of the entry in the log, for a bug."},
    },
    "required": ["type", "title", "status", "detail", "errors"],
}


def add_problems(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    app.add_exception_handler(CrmError, _expected)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(ValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def told(error: CrmError) -> Response:
    """An expected error. What a part of the request names and is not there makes the request wrong, not the address."""
    status = (
        422
        if isinstance(error, NotFound) and error.field
        else next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    )
    errors = [{"field": error.field, "message": str(error)}] if error.field else []
    return problem(status, str(error), errors=errors, headers={"Retry-After": str(_RETRY_S)} if status == 503 else None)


def _expected(_: Request, error: Exception) -> Response:
    assert isinstance(error, CrmError)
    return told(error)


def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError | ValidationError)
    errors = [{"field": _place(one["loc"]), "message": str(one["msg"])} for one in error.errors()]
    names = ", ".join(dict.fromkeys(one["field"] for one in errors if one["field"]))
    return problem(422, f"The request is not right: {names or 'see errors'}.", errors=errors)


def _place(loc: Sequence[int | str]) -> str:
    """Where in the request: `spec.where.all.0.field` without the words that only Pydantic needs."""
    return ".".join(str(part) for at, part in enumerate(loc) if at or part not in ("body", "query", "path", "header"))


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _bug(_: Request, error: Exception) -> Response:
    error_id = uuid4().hex[:8]
    log.error("bug id=%s", error_id, exc_info=error)
    return problem(500, f"Something went wrong that should not have; it is in the log as {error_id}.", id=error_id)
