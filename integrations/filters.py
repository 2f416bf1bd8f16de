"""Lists by address: `?stage=Won&amount__ge=1000&sort=-closed_on`, or any filter of the question language as JSON."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import TypeAdapter

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.spec import All, Condition, Filter, Op, Order, Scalar
from crm_core.schema import NUMERIC, Entity, Field, Schema

RESERVED = ("filter", "sort", "fields", "limit", "cursor")
MOST, USUAL = 200, 50
_OPS = frozenset(get_args(Op))
_LISTS = frozenset({"in", "not_in", "between"})
_ALONE = frozenset({"empty", "not_empty"})
_SCALARS = frozenset({str, int, float, bool})
_FILTER: TypeAdapter[Filter] = TypeAdapter(Filter)


@dataclass(frozen=True)
class Place:
    """Where a list goes on.

    Attributes:
        after: the id that was told last, for a list without `sort`.
        keys: what that record is sorted by, for a list with it.
        offset: how many were told, for a list of changes.
    """

    after: int = 0
    keys: tuple[Scalar | None, ...] | None = None
    offset: int = 0

    def cursor(self) -> str:
        """As it stands in an address."""
        parts = {"a": self.after, "o": self.offset, "k": self.keys}
        text = json.dumps({name: part for name, part in parts.items() if part}, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Place:
    """Where the list goes on; Invalid for what is no cursor of ours."""
    if not cursor:
        return Place()
    try:
        told = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        after, offset, keys = told.get("a", 0), told.get("o", 0), told.get("k")
        if {type(after), type(offset)} == {int} and 0 <= after < 2**63 and 0 <= offset < 2**31 and _are_keys(keys):
            return Place(after, None if keys is None else tuple(keys), offset)
    except (ValueError, AttributeError, RecursionError):
        pass
    raise Invalid("This is no cursor; take it from `next_cursor` of the answer before.", field="cursor")


def _are_keys(keys: Any) -> bool:
    return keys is None or (isinstance(keys, list) and all(one is None or type(one) in _SCALARS for one in keys))


def read_filter(schema: Schema, entity: Entity, given: Mapping[str, str]) -> Filter | None:
    """The filter that an address states; None: everything.

    Raises:
        Invalid: an unknown parameter, or a value that makes no sense; names it.
    """
    tests: list[Filter] = []
    if given.get("filter"):
        tests.append(_FILTER.validate_json(given["filter"]))
    tests += [_named_test(schema, entity, name, text) for name, text in given.items() if name not in RESERVED]
    return None if not tests else tests[0] if len(tests) == 1 else All(all=tests)


def read_sort(sort: str | None) -> list[Order]:
    """`-closed_on,name`: the latest first, then by name."""
    names = [name.strip() for name in (sort or "").split(",")]
    return [Order(by=name.removeprefix("-"), descending=name.startswith("-")) for name in names if name]


def read_condition(schema: Schema, entity: Entity, dotted: str, op: str, text: str) -> Condition:
    """A test of a field from texts; lists of values stand with commas.

    Raises:
        Invalid: there is no such field or operator.
    """
    field = schema.path(entity.name, dotted).field
    if op not in _OPS:
        raise Invalid(f"There is no operator {op!r}; there are: {', '.join(sorted(_OPS))}.", field=dotted)
    parts = [_value(field, part) for part in (text.split(",") if op in _LISTS else [text])]
    value = None if op in _ALONE else parts if op in _LISTS else parts[0]
    return Condition.model_validate({"field": dotted, "op": op, "value": value})


def _named_test(schema: Schema, entity: Entity, name: str, text: str) -> Condition:
    dotted, _, op = name.partition("__")
    try:
        schema.path(entity.name, dotted)
    except Invalid as error:
        raise Invalid(f"{error} Parameters: {', '.join(RESERVED)}, or a field.", field=name) from None
    try:
        return read_condition(schema, entity, dotted, op or "eq", text)
    except Invalid as error:
        error.field = name
        raise


def _value(field: Field, text: str) -> Scalar:
    """Addresses know only texts; what should be a number or a truth value becomes one where it reads as one."""
    if field.kind is Kind.BOOLEAN and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if field.kind in NUMERIC or field.target or field.kind is Kind.REFERENCE:
        return next(_numbers(text), text)
    return text


def _numbers(text: str) -> Iterator[int | float]:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(text) < 19:
        yield int(text)
        return
    try:
        number: Any = float(text)
    except ValueError:
        return
    if number - number == 0:  # neither infinite nor not a number
        yield number
