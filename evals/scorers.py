"""Verdicts: does a reply (the JSON object of the command line) hold what its case asks for?"""

import re
from collections.abc import Callable
from enum import StrEnum
from itertools import permutations
from typing import Any

from evals.case import Case
from evals.changes import is_proposed, is_split
from evals.check import Cannot as CannotCheck
from evals.check import (
    Check,
    Clarify,
    Empty,
    Label,
    Ordered,
    Proposal,
    Record,
    Scalar,
    SetOf,
    Split,
    Table,
    Withdraw,
)  # fmt: skip
from evals.values import are_labels, is_label, is_near, normalise, numbers_in, read_number

Json = dict[str, Any]

_CONFIDENT = ("answered", "proposed")
_ABOUT_CHANGE = re.compile(r"compare|gap|diff|growth|change|ratio")
_ID = re.compile(r"[A-Z0-9]{8}|\d{6,}|[0-9a-f]{32}")
_YES = re.compile(r"\byes\b|^是|有")


class Verdict(StrEnum):
    """How a reply fares. WRONG is the dangerous one: it was told as if it were right."""

    RIGHT = "right"
    WRONG = "wrong"
    DECLINED = "declined"


def judge(case: Case, reply: Json) -> Verdict:
    """The verdict on a reply to the last turn of a case, by its check alone."""
    if case.check is None or is_right(case.check, reply, skill=case.skill):
        return Verdict.RIGHT
    return Verdict.WRONG if reply.get("status") in _CONFIDENT else Verdict.DECLINED


def is_right(check: Check, reply: Json, *, skill: str = "") -> bool:
    """Whether `reply` holds what `check` asks for. `skill` tells a change over time from a plain figure."""
    status = reply.get("status")
    match check:
        case Proposal():
            return is_proposed(check, reply)
        case Split():
            return is_split(check, reply)
        case Withdraw():
            return not reply.get("proposals") and status != "proposed"
        case Empty() if "write" in skill:
            return not reply.get("proposals") and status in ("answered", "cannot")
    if reply.get("proposals"):
        return False  # nobody asked for a change
    match check:
        case Clarify():
            return status == "clarify" and _asks_about(check.options, reply)
        case CannotCheck():
            return status in ("cannot", "clarify", "refused")
    return status == "answered" and _is_answer(check, reply, skill)


def _is_answer(check: Check, reply: Json, skill: str) -> bool:
    match check:
        case Scalar():
            return _tells_number(check, reply, may_lose_sign=bool(_ABOUT_CHANGE.search(skill)))
        case Table():
            return _tells_table(check, reply)
        case SetOf():
            return any(are_labels((c for c in column if c is not None), check.values) for column in _columns(reply))
        case Ordered():
            return any(_is_ranking(column, check.values) for column in _columns(reply))
        case Record():
            return all(_tells_value(name, value, reply) for name, value in check.values.items())
        case Empty():
            return all(_is_nothing(cell) for row in _rows(reply) for cell in row)
    raise AssertionError(check)


def _rows(reply: Json) -> list[list[Any]]:
    return reply.get("rows") or []


def _columns(reply: Json) -> list[list[Any]]:
    rows = _rows(reply)
    width = max(map(len, rows), default=0)
    return [[row[i] if i < len(row) else None for row in rows] for i in range(width)]


def _asks_about(options: list[Label], reply: Json) -> bool:
    if not options:
        return True
    offered = reply.get("options") or []
    if offered and all(_ID.fullmatch(str(option)) for option in options):
        return True  # records are offered by name, date or product, not by their ids
    asked = normalise(" ".join([reply.get("text") or "", *map(str, offered)]))
    words = (w for option in options for w in re.findall(r"[\w\u4e00-\u9fff&-]+", normalise(option)))
    return any(word in asked for word in words if len(word) > 2 or re.search(r"[\u4e00-\u9fff]", word))


def _tells_number(check: Scalar, reply: Json, *, may_lose_sign: bool) -> bool:
    def fits(number: float) -> bool:
        signs = (number, -number) if may_lose_sign else (number,)
        return any(is_near(n, check.value, rel_tol=check.rel_tol, unit=check.unit) for n in signs)

    rows = _rows(reply)
    cells = [n for n in map(read_number, rows[0]) if n is not None] if len(rows) == 1 else []
    if len(cells) == 1:
        return fits(cells[0])
    in_text = numbers_in(reply.get("text") or "")[:3] if len(rows) <= 2 else []
    return any(map(fits, [*cells, *in_text]))


def _tells_table(check: Table, reply: Json) -> bool:
    if any(_is_table(check, labels, values) for labels, values in permutations(_columns(reply), 2)):
        return True
    rows = _rows(reply)
    return len(rows) == 1 and len(check.rows) > 1 and _is_pivot(check, reply.get("columns") or [], rows[0])


def _is_table(check: Table, labels: list[Any], values: list[Any]) -> bool:
    got = [(label, read_number(value)) for label, value in zip(labels, values, strict=True)]
    for label, number in got:
        is_wanted = any(is_label(label, wanted) for wanted in check.rows)
        is_void = normalise(label) in ("none", "", "null") or number in (0.0, None)
        if not is_wanted and not is_void:
            return False
    return _all_told(check, lambda wanted: (n for label, n in got if is_label(label, wanted)))


def _is_pivot(check: Table, heads: list[Any], row: list[Any]) -> bool:
    got = [(head, read_number(cell)) for head, cell in zip(heads, row, strict=False)]

    def names(head: Any, wanted: str) -> bool:
        return is_label(head, wanted) or normalise(wanted) in normalise(head)

    return _all_told(check, lambda wanted: (n for head, n in got if names(head, wanted)))


def _all_told(check: Table, numbers_of: Callable[[str], Any]) -> bool:
    return all(
        any(is_near(n, value, rel_tol=check.rel_tol, unit=check.unit) for n in numbers_of(wanted))
        for wanted, value in check.rows.items()
    )


def _is_ranking(column: list[Any], wanted: list[Label]) -> bool:
    return len(column) == len(wanted) and all(map(is_label, column, wanted))


def _tells_value(name: str, wanted: bool | int | float | str, reply: Json) -> bool:
    text, cells = reply.get("text") or "", [cell for row in _rows(reply) for cell in row]
    if name == "exists":
        return bool(cells or _rows(reply) or _YES.search(text.lower()))
    if not isinstance(wanted, int | float):
        everything = " ".join([*map(normalise, cells), text.lower()])
        return normalise(wanted) in everything or wanted.lower() in everything
    tolerance = 0 if isinstance(wanted, int) else 0.005
    forms = (wanted, wanted * 1e6) if "revenue" in name else (wanted,)  # stored in millions, told in full
    numbers = [*map(read_number, cells), *numbers_in(text)]
    return any(is_near(n, form, rel_tol=tolerance) for n in numbers for form in forms)


def _is_nothing(cell: Any) -> bool:
    is_words = isinstance(cell, str) and cell.strip()
    return not is_words and read_number(cell) in (0.0, None)
