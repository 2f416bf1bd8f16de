"""What was promised to be sold in a period, for the people whose deals are asked about."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.analytics.ground import Ground, labels_of, open_ground
from crm_core.analytics.period import Period
from crm_core.db import ReadStore
from crm_core.money import to_major
from crm_core.query.compile import fields
from crm_core.query.spec import All, Any, Condition, Filter, Not

Label = tuple[str | None, ...]


def read_quotas(
    ground: Ground, period: Period, where: Filter | None, by: Sequence[str] = ()
) -> dict[Label, Decimal] | None:
    """Quotas of the period by group, in major units; one that reaches beyond it counts by the days that they share.

    None where no quota can be told: a quota is a person's, so it has no part of a product or an industry.
    """
    if not all(_is_of_owner(name) for name in [*_names(where), *by]):
        return None
    scope, guard = ground.rows("quota")
    own = scope.table.c
    chosen = ground.chosen(scope, where)
    columns = [own.starts_on, own.ends_on, own.amount_minor, fields.currency_of(scope).label("code")]
    labels = [ground.value(scope, dotted).label(f"by_{at}") for at, dotted in enumerate(by)]
    within = (own.starts_on <= period.until, own.ends_on >= period.since, ground.has_rate(scope))
    found = select(*columns, *labels).select_from(scope.source()).where(*guard, chosen, *within)
    quotas: dict[Label, float] = {}
    for row in ground.connection.execute(found):
        label = labels_of(row[len(columns) :])
        worth = row.amount_minor * ground.worth[row.code]
        quotas[label] = quotas.get(label, 0.0) + worth * period.shared(row.starts_on, row.ends_on)
    return {label: to_major(round(worth), ground.currency) for label, worth in quotas.items()}


def quotas_of(
    store: ReadStore, period: Period, *, actor: Actor, today: date, where: Filter | None = None
) -> tuple[dict[str, Decimal], str]:
    """Quotas of the period by name of their owner, and their currency; empty where none can be told."""
    with open_ground(store, actor=actor, today=today) as ground:
        found = read_quotas(ground, period, where, ("owner",)) or {}
        return {label[0]: quota for label, quota in found.items() if label[0]}, ground.currency


def _is_of_owner(dotted: str) -> bool:
    return dotted == "owner" or dotted.startswith("owner.")


def _names(where: Filter | None) -> list[str]:
    """The fields that a filter tests; a test that is on no field counts as one that no owner has."""
    if where is None:
        return []
    if isinstance(where, Condition):
        return [where.field] if where.other is None else [where.field, where.other]
    if isinstance(where, All):
        return [name for part in where.all for name in _names(part)]
    if isinstance(where, Any):
        return [name for part in where.any for name in _names(part)]
    return _names(where.none) if isinstance(where, Not) else [""]
