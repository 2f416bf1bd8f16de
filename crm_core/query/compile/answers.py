"""Questions within a question: what another one gives, as a subquery of the same statement."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ScalarSelect, Select, select

from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.query.compile.context import Context, MoneyUse
from crm_core.query.compile.outputs import Compiled
from crm_core.query.spec import QuerySpec
from crm_core.schema import Field

_MONEY = "an amount of money"


@dataclass(frozen=True)
class Found:
    """The records or values that a question gives, as a subquery. `is_record`: ids of records."""

    values: Select[Any]
    is_record: bool


def compile_any(context: Context, spec: QuerySpec) -> Compiled:
    """A list or groups, whichever the question asks for."""
    from crm_core.query.compile.grouped import compile_groups  # which compiles filters, that hold questions
    from crm_core.query.compile.listed import compile_list

    is_list = not spec.measures and not spec.group_by and not (spec.distinct and spec.columns)
    return compile_list(context, spec) if is_list else compile_groups(context, spec)


def number(context: Context, asked: QuerySpec, *, kind: Kind) -> ScalarSelect[Any]:
    """The one number that a question gives, to be compared with a number of `kind`.

    Raises:
        Invalid: it gives several rows or columns, or something else.
    """
    if not asked.measures or (asked.group_by and asked.summary is None) or asked.compare_to is not None:
        raise Invalid(
            "A comparison with an answer needs a question with one number: a measure, or a summary of groups."
        )
    compiled = _within(context, asked)
    first = compiled.outputs[0]
    if (first.column.kind is Kind.MONEY) is not (kind is Kind.MONEY):
        one, other = (_MONEY if each is Kind.MONEY else "a plain number" for each in (kind, first.column.kind))
        raise Invalid(f"{one.capitalize()} cannot be compared with {other}.")
    inner = compiled.statement.subquery()
    return select(inner.c[first.value]).scalar_subquery()


def found(context: Context, asked: QuerySpec, field: Field) -> Found:
    """What a question lists or groups by, for `field` to be one of.

    Raises:
        Invalid: it gives records or values of another kind.
    """
    compiled = _within(context, asked)
    inner = compiled.statement.subquery()
    if asked.group_by or asked.distinct:
        first = compiled.outputs[0]
        target, key = first.column.entity, first.id or first.value
    else:
        target, key = asked.entity, str(compiled.record_id)
    wanted = field.target or (field.entity if field.role is Role.TITLE else None)
    is_record = target is not None
    if asked.summary is not None or (is_record and target != wanted) or (field.target and not is_record):
        raise Invalid(f"{field.entity}.{field.name} cannot be one of what that question gives.")
    return Found(select(inner.c[key]), is_record)


def _within(context: Context, asked: QuerySpec) -> Compiled:
    """The question, compiled beside the one around it: with its rights and its money, and aliases of its own."""
    own = replace(context, money_of=set())
    compiled = compile_any(own, asked)
    context.money_of.update(MoneyUse(use.entity, use.field, is_base=False) for use in own.money_of)
    return compiled
