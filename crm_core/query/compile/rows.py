"""The rows behind a question, without what it does with them: for telling which currencies they are in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, or_, select

from crm_core.query.compile import fields, filters
from crm_core.query.compile.context import Context, Scope
from crm_core.query.compile.told import shared_filters, told_of
from crm_core.query.spec import All, Filter, QuerySpec


def currencies_behind(context: Context, spec: QuerySpec, money: Sequence[str]) -> Select[Any]:
    """The currencies of the rows that match and have a value in one of the fields `money`.

    Conditions on money itself are left out: what they mean depends on the answer.
    """
    scope = context.scope(spec.entity)
    told = told_of(context, spec)[0] if spec.measures else []
    where = [
        part
        for each in (spec.where, *shared_filters(told).where)
        if each is not None
        for part in _without_money(scope, each)
    ]
    filled = or_(*(fields.stored(scope, scope.entity.fields[name]).is_not(None) for name in money))
    tests = [*scope.guard(), filled, *(filters.holds(scope, part) for part in where)]
    return select(fields.currency_of(scope).label("currency")).select_from(scope.source()).where(*tests).distinct()


def currencies_seen(context: Context, entity: str) -> Select[Any]:
    """The currencies of all the records of a kind that the actor may see."""
    scope = context.scope(entity)
    guard = scope.guard()
    return select(fields.currency_of(scope).label("currency")).select_from(scope.source()).where(*guard).distinct()


def _without_money(scope: Scope, where: Filter) -> list[Filter]:
    if isinstance(where, All):
        return [kept for part in where.all for kept in _without_money(scope, part)]
    trial = replace(scope.context, money_of=set())
    filters.holds(trial.scope(scope.entity.name), where)
    return [] if trial.money_of else [where]
