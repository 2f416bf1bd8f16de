"""The gate: raw bytes and headers in; a payload that is Slack's out, or a refusal. Nothing of the body is logged.

It knows no web framework. What is wrong with a request is 401 where it may not be Slack's, else 400.
Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from integrations.slack.shape import Payload, is_slacks

MOST_BYTES = 1024 * 1024
WINDOW_S = 300
_FIELDS = 64  # of a form
_TIMESTAMP = re.compile(rb"[0-9]{10}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Taken:
    """Slack's, to be kept and worked."""

    payload: Payload


@dataclass(frozen=True)
class Answered:
    """Slack's, and answered at once: nothing is to be done."""

    body: str = ""


@dataclass(frozen=True)
class Refused:
    """Not taken."""

    status: int
    reason: str


def examine(body: bytes, headers: Headers, *, secret: bytes, now: float) -> Taken | Answered | Refused:
    """Whether a request is Slack's, and what it holds.

    Args:
        body: as it came, at most one byte longer than `MOST_BYTES`.
        headers: as they came; their names in any case.
        secret: that Slack signs with.
        now: seconds since 1970.
    """
    if len(body) > MOST_BYTES:
        return Refused(400, "too large")
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    if not _is_signed(body, found, secret, now):
        return Refused(401, "not signed by Slack")
    try:
        payload = _read(body, found.get(b"content-type", [b""])[-1])
    except (ValueError, RecursionError):
        return Refused(400, "not readable")
    return _sort(payload)


def sign(body: bytes, timestamp: bytes, secret: bytes) -> bytes:
    """The signature that Slack puts on a request."""
    return b"v0=" + hmac.new(secret, b"v0:" + timestamp + b":" + body, hashlib.sha256).hexdigest().encode()


def _is_signed(body: bytes, headers: dict[bytes, list[bytes]], secret: bytes, now: float) -> bool:
    stamps = headers.get(b"x-slack-request-timestamp", [])
    signatures = headers.get(b"x-slack-signature", [])
    if len(stamps) != 1 or len(signatures) != 1:
        return False
    if not _TIMESTAMP.fullmatch(stamps[0]) or not _SIGNATURE.fullmatch(signatures[0]):
        return False
    if abs(now - int(stamps[0])) > WINDOW_S:
        return False
    return hmac.compare_digest(sign(body, stamps[0], secret), signatures[0])


def _read(body: bytes, content_type: bytes) -> Any:
    """The payload; ValueError where it is none."""
    kind = content_type.split(b";")[0].strip().lower()
    if kind == b"application/json":
        return _json(body.decode("utf-8"))
    if kind != b"application/x-www-form-urlencoded":
        raise ValueError("neither JSON nor a form")
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    form = dict(pairs)
    if len(form) != len(pairs):
        raise ValueError("a field twice")
    return _json(form["payload"]) if "payload" in form else form


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _sort(payload: Any) -> Taken | Answered | Refused:
    if isinstance(payload, dict):
        kind = payload.get("type")
        if kind == "url_verification" and isinstance(payload.get("challenge"), str) and len(payload["challenge"]) < 500:
            return Answered(payload["challenge"])
        if kind == "app_rate_limited" or payload.get("ssl_check") == "1":
            return Answered()
    return Taken(payload) if is_slacks(payload) else Refused(400, "not of a form that Slack sends")
