"""Customers by the month that they first bought in, and how many of them bought again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, union_all

from crm_core.access import Actor
from crm_core.analytics.ground import Ground, open_ground
from crm_core.db import ReadStore
from crm_core.models import StageKind
from crm_core.money import to_major
from crm_core.query.compile import dialect, fields
from crm_core.query.compile.context import Scope
from crm_core.query.spec import Filter

HALF_YEAR_DAYS, YEAR_DAYS = 182, 365


@dataclass(frozen=True)
class Cohort:
    """The customers whose first purchase lies in a month.

    Attributes:
        month: "2017-03".
        customers: how many.
        in_half_year, in_year: of those bought again within 182 and 365 days of the first time.
        amount: all that they bought so far, in major units of the store's currency.
    """

    month: str
    customers: int
    in_half_year: int
    in_year: int
    amount: Decimal


@dataclass(frozen=True)
class Cohorts:
    """The earliest month first; purchases in currencies without a rate are left out."""

    rows: tuple[Cohort, ...]
    currency: str
    lacking: tuple[str, ...]


def read_cohorts(
    store: ReadStore, *, actor: Actor, today: date, where: Filter | None = None,
    since: date | None = None, until: date | None = None,
) -> Cohorts:  # fmt: skip
    """Cohorts of the accounts that match, by first purchases between two days.

    A purchase is an order; of a customer without orders, a won deal.
    """
    with open_ground(store, actor=actor, today=today) as ground:
        found = ground.connection.execute(_by_month(ground, where, since, until)).all()
        rows = tuple(Cohort(row[0], row[1], row[2], row[3], to_major(row[4] or 0, ground.currency)) for row in found)
        return Cohorts(rows, ground.currency, ground.lacking)


def _by_month(ground: Ground, where: Filter | None, since: date | None, until: date | None) -> Select[Any]:
    flavour = ground.context.dialect
    buyers = _buyers(ground, where).subquery()
    first, gap = buyers.c.first_on, dialect.days_between(buyers.c.first_on, buyers.c.second_on, flavour)
    month = dialect.bucket_label(dialect.bucket_key(first, "month", flavour), "month", flavour)
    counts = [func.count(case((gap <= days, 1))) for days in (HALF_YEAR_DAYS, YEAR_DAYS)]
    columns: list[ColumnElement[Any]] = [month.label("month"), func.count(), *counts, func.sum(buyers.c.amount)]
    found = select(*columns)
    bounds = [*([first >= since] if since else []), *([first <= until] if until else [])]
    return found.where(*bounds).group_by("month").order_by("month")


def _buyers(ground: Ground, where: Filter | None) -> Select[Any]:
    """A row for each customer: first and second day of buying, and all that was bought."""
    bought = union_all(_orders(ground), _won_deals(ground)).subquery()
    days = select(bought.c.account, bought.c.day, func.sum(bought.c.amount).label("amount"))
    by_day = days.group_by(bought.c.account, bought.c.day).subquery()
    place = func.row_number().over(partition_by=by_day.c.account, order_by=by_day.c.day)
    placed = select(by_day, place.label("place")).subquery()
    accounts, guard = ground.rows("account")
    chosen = ground.chosen(accounts, where)
    source = accounts.source().join(placed, placed.c.account == accounts.id)
    first, second = (func.min(case((placed.c.place == at, placed.c.day))) for at in (1, 2))
    columns = (first.label("first_on"), second.label("second_on"), func.sum(placed.c.amount).label("amount"))
    return select(*columns).select_from(source).where(*guard, chosen).group_by(accounts.id)


def _orders(ground: Ground) -> Select[Any]:
    scope, guard = ground.rows("order")
    return _purchases(ground, scope, "ordered_on", guard)


def _won_deals(ground: Ground) -> Select[Any]:
    orders, of_orders = ground.rows("order")
    scope, guard = ground.rows("deal")
    stage = scope.reach([scope.entity.fields["stage"]]).table.c
    has_orders = select(orders.id).select_from(orders.source())
    ordered = has_orders.where(orders.table.c.account_id == scope.table.c.account_id, *of_orders)
    tests = [*guard, stage.kind == StageKind.WON, ~ordered.correlate(scope.table).exists()]
    return _purchases(ground, scope, "closed_on", tests)


def _purchases(ground: Ground, scope: Scope, day: str, tests: list[ColumnElement[bool]]) -> Select[Any]:
    own = scope.table.c
    amount = fields.value_of(scope, scope.entity.fields["amount"])
    columns = (own.account_id.label("account"), own[day].label("day"), amount.label("amount"))
    known = (own.account_id.is_not(None), own[day].is_not(None), ground.has_rate(scope))
    return select(*columns).select_from(scope.source()).where(*tests, *known)
