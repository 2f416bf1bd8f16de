"""What of a run is the same each time it is run: ids, hashes and moments are taken out, all else stays."""

import re
from typing import Any

_DRAWN = frozenset(
    {"id", "sha256", "expires_at", "elapsed_ms", "record_id", "error_id", "turn_id", "chart", "ms", "shown"}
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHORT = re.compile(r"\b(?:[0-9a-f]{8}|[0-9a-f]{12})\b")  # beginnings of ids, and the marks of fences
_RECORD = re.compile(r"(?<![\d.])\d{14,16}(?!\d)")  # record ids are made of the moment


def stable(value: Any) -> Any:
    """`value` as it is in every run."""
    if isinstance(value, dict):
        return {key: stable(one) for key, one in value.items() if key not in _DRAWN}
    if isinstance(value, list | tuple):
        return [stable(one) for one in value]
    if isinstance(value, str):
        return _RECORD.sub("#", _SHORT.sub("#", _UUID.sub("#", value)))
    if isinstance(value, int) and not isinstance(value, bool) and 10**13 <= value < 10**16:
        return "#"
    return value if value is None or isinstance(value, bool | int | float) else str(value)
