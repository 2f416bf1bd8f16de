"""Whether proposed changes are the expected ones, whatever each side calls its fields."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from evals.check import ExpectedChange, Proposal, Split
from evals.values import normalise, read_number

# One name for each field → what else it is called, without a suffix such as _on or _id.
_FAMILIES = {
    "close": "close_date closed closes expected_close",
    "start": "engage_date engaged started opened start_date",
    "amount": "value close_value",
    "industry": "sector",
    "country": "office_location location",
    "year_established": "founded founded_year",
    "parent": "subsidiary_of",
    "due": "due_date",
    "type": "kind",
    "date": "happened occurred when",
    "note": "body notes text description summary",
    "title": "subject job_title",
    "name": "full_name customer_name",
    "phone": "phone_number customer_phone",
    "email": "email_address customer_email",
    "owner": "assigned_to_email assigned_to assignee rep",
    "stage": "status",
}
_CANONICAL = {alias: name for name, aliases in _FAMILIES.items() for alias in aliases.split()}
_SUFFIX = re.compile(r"_(id|on|at|minor|name|pct|min|s)$")

# What a store may fill by itself: a create may set it unasked; so may the update of a deal.
_FILLED_IN_A_CREATE = frozenset((
    "owner", "stage", "type", "priority", "source", "direction", "currency", "pipeline", "probability", "date",
    "name", "title", "deal", "contact", "contacts", "account", "lead", "user", "logged_by", "created_by", "author",
    "done", "remind", "reminder", "duration", "team", "close", "start",
))  # fmt: skip
_FILLED_IN_A_DEAL = frozenset(("lost_reason", "probability", "next_step", "currency", "won_reason"))


def field_name(name: str) -> str:
    """The one name of a field's family: `closed_on`, `closes_on` and `close_date` are all `close`."""
    low = name.strip().lower()
    stem = low if low in ("first_name", "last_name") else _SUFFIX.sub("", low)
    return _CANONICAL.get(stem) or _CANONICAL.get(low) or stem


def new_values(change: dict[str, Any]) -> dict[str, Any]:
    """Field → new value of one proposed change. Clearing a field's twin is no change of its own."""
    found: dict[str, Any] = {}
    for name, pair in (change.get("set") or {}).items():
        value = pair[-1] if isinstance(pair, list) and len(pair) == 2 else pair
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        key = field_name(name)
        if value is not None or found.get(key) is None:
            found[key] = value
    if "first_name" in found or "last_name" in found:
        parts = (found.pop("first_name", None) or "", found.pop("last_name", None) or "")
        found.setdefault("name", " ".join(map(str, parts)).strip())
    return found


def is_proposed(check: Proposal, reply: dict[str, Any]) -> bool:
    """Whether exactly the expected changes wait for approval."""
    return reply.get("status") == "proposed" and are_changes(check.changes, _changes(reply))


def are_changes(expected: Sequence[ExpectedChange], changes: Sequence[dict[str, Any]]) -> bool:
    """Whether `changes` are exactly the expected ones, in any order."""
    got = list(changes)
    if len(got) != len(expected):
        return False
    for wanted in expected:
        hit = next((change for change in got if _fits(wanted, change)), None)
        if hit is None:
            return False
        got.remove(hit)
    return True


def is_split(check: Split, reply: dict[str, Any]) -> bool:
    """Whether each record is proposed once, and each value as often as it should be."""
    left = Counter(map(normalise, check.records))
    got = _changes(reply)
    for change in got:
        names = map(normalise, (change.get(key) for key in ("external_id", "label", "record_id")))
        hit = next((name for name in names if left[name]), None)
        if hit is None:
            return False
        left[hit] -= 1
    told = Counter(normalise(new_values(change).get(field_name(check.field))) for change in got)
    return (
        reply.get("status") == "proposed"
        and not left.total()
        and told == {normalise(k): n for k, n in check.counts.items()}
    )


def _changes(reply: dict[str, Any]) -> list[dict[str, Any]]:
    return [change for proposal in reply.get("proposals") or [] for change in proposal.get("changes") or []]


def _fits(wanted: ExpectedChange, got: dict[str, Any]) -> bool:
    if wanted.op != got.get("op") or not _is_entity(wanted.entity, got.get("entity")):
        return False
    keys = ("label", "record_id", "external_id", "name")
    if wanted.record is not None and normalise(wanted.record) not in {normalise(got.get(k)) for k in keys}:
        return False
    values = new_values(got)
    return _has_values(wanted, values) and _has_words(wanted, values) and not _unasked(wanted, values)


def _is_entity(wanted: str | None, got: Any) -> bool:
    return not wanted or not got or wanted == got or {wanted, got} == {"interaction", "activity"}


def _has_values(wanted: ExpectedChange, values: dict[str, Any]) -> bool:
    return all(
        _is_value(values[field_name(name)], value) if field_name(name) in values else name in wanted.implied
        for name, value in wanted.values.items()
    )


def _has_words(wanted: ExpectedChange, values: dict[str, Any]) -> bool:
    everything = " ".join(map(normalise, values.values()))
    lists = ([words] if isinstance(words, str) else words for words in wanted.text.values())
    return all(any(either.lower() in everything for either in word.split("|")) for words in lists for word in words)


def _unasked(wanted: ExpectedChange, values: dict[str, Any]) -> set[str]:
    asked = {field_name(name) for name in (*wanted.values, *wanted.text, *wanted.allow)}
    extra = set(values) - asked
    if wanted.op == "create":
        return extra - _FILLED_IN_A_CREATE
    return extra - _FILLED_IN_A_DEAL if wanted.entity in (None, "deal") else extra


def _is_value(got: Any, wanted: bool | int | float | str | None) -> bool:
    if wanted is None:
        return got in (None, "", "none")
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        number = read_number(got)
        return number is not None and math.isclose(number, wanted, rel_tol=1e-6)
    left, right = normalise(got), normalise(wanted)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", right):
        return left[:10] == right
    if "@" in right and "@" not in left:
        return left.replace(" ", ".") == right.split("@")[0]
    return left == right
