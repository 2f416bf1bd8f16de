"""Answers as JSON, without FastAPI's detour through models."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def answer(value: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as JSON."""
    return Response(as_text(value), status, headers=dict(headers or {}), media_type="application/json")


def as_text(value: Any) -> str:
    """`value` as one line of JSON."""
    return _encode(value)
