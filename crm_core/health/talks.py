"""Warnings that the talks with a customer give: when, by whom and with whom, not what was said.

The talks of a deal are its own, and those with its account that belong to no deal.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, func, literal, or_, select, union_all

from crm_core.health.ground import Fired, Ground
from crm_core.models import Deal, InteractionKind
from crm_core.query.compile import dialect, hints
from crm_core.query.compile.context import Scope

_DEALS = Deal.__table__
_WRITTEN = (InteractionKind.EMAIL, InteractionKind.CHAT)
_SPOKEN = (InteractionKind.CALL, InteractionKind.MEETING)
_TALKS = (*_WRITTEN, *_SPOKEN)  # a note is none: it may be about anything
_USUAL_FROM = 4  # days with talks; fewer have no usual gap
_USUAL_TIMES = 2
_FEWEST_TALKS = 3  # one talk is with one person


def silences(at: Ground) -> dict[str, Fired]:
    """Silence, unanswered messages and lonely contacts; empty where nobody enters talks.

    `no_activity`: (last day, usual gap in days or None); `no_reply`: (day of our message,); `single_contact`: (how
    many people, the id of one).
    """
    on = {rule.name for rule in at.limits.rules()}
    if not at.holds("interaction"):
        return {}
    found: dict[str, Fired] = {name: {} for name in ("no_activity", "no_reply", "single_contact") if name in on}
    for row in at.connection.execute(_by_deal(at)):
        if "no_activity" in on and (quiet := _quiet(at, row)) is not None:
            found["no_activity"][row.id] = quiet
        if "no_reply" in on and _is_unanswered(at, row):
            found["no_reply"][row.id] = (row.wrote,)
        if "single_contact" in on and _is_alone(at, row):
            found["single_contact"][row.id] = (row.people, row.person)
    return found


def no_decider(at: Ground) -> Fired | None:
    """Nobody who decides: (how many do,). None: neither titles nor parts in deals are kept."""
    if not at.holds("deal_contact") and not at.holds("contact", lambda one: func.coalesce(one.title, "") != ""):
        return None
    parts, people = at.scope("deal_contact"), at.scope("contact")
    takes_part = select(
        parts.table.c.deal_id.label("deal"), parts.table.c.contact_id.label("person"), parts.table.c.role.label("role")
    ).where(parts.table.c.deal_id.in_(at.deals), *parts.guard())
    talked = [
        select(each.c.deal.label("deal"), each.c.person.label("person"), literal("").label("role"))
        for each in (one.subquery() for one in _talks(at))
    ]
    known = union_all(takes_part, *(one.where(one.selected_columns.person.is_not(None)) for one in talked)).subquery()
    in_deal, by_title = _meaning(at, parts, "role"), _meaning(at, people, "title")
    decides = or_(known.c.role.in_(in_deal), people.table.c.title.in_(by_title))
    counted = func.count(distinct(case((decides, known.c.person))))
    wanted = (
        select(known.c.deal, counted)
        .join_from(known, people.table, and_(people.id == known.c.person, *people.guard()))
        .group_by(known.c.deal)
        .having(counted <= at.limits.of("no_decider"))
    )
    return {id_: (count,) for id_, count in at.connection.execute(wanted)}


def _meaning(at: Ground, rows: Scope, column: str) -> list[str]:
    """The values of a column that say that somebody decides."""
    value = rows.table.c[column]
    found = at.connection.execute(select(value).where(value.is_not(None), *rows.guard()).distinct()).scalars()
    return [one for one in found if at.cues.decides(one)]


def _talks(at: Ground) -> list[Select[Any]]:
    """The talks of the deals: those of a deal, and those of its account alone."""
    made = []
    for is_own in (True, False):
        talk = at.scope("interaction")
        own = talk.table.c
        columns = (own.happened_on.label("day"), own.kind, own.direction, own.contact_id.label("person"))
        guard = (own.happened_on <= at.today, *talk.guard())
        if is_own:
            made.append(select(own.deal_id.label("deal"), *columns).where(own.deal_id.in_(at.deals), *guard))
            continue
        chosen = at.chosen.alias()
        of_account = and_(own.account_id == _DEALS.c.account_id, hints.hidden(own.deal_id).is_(None))
        deals = chosen.join(_DEALS, _DEALS.c.id == chosen.c.id).join(talk.table, of_account)
        made.append(select(_DEALS.c.id.label("deal"), *columns).select_from(deals).where(*guard))
    return made


def _by_deal(at: Ground) -> Select[Any]:
    talks = union_all(*_talks(at)).subquery()
    day, kind = talks.c.day, talks.c.kind
    wrote = and_(kind.in_(_WRITTEN), talks.c.direction == "out")
    heard = or_(kind.in_(_SPOKEN), and_(kind.in_(_WRITTEN), talks.c.direction == "in"))
    told: dict[str, ColumnElement[Any]] = {
        "last": func.max(day),
        "first": func.min(day),
        "days": func.count(distinct(day)),
        "talks": func.sum(case((kind.in_(_TALKS), 1), else_=0)),
        "wrote": func.max(case((wrote, day))),
        "heard": func.max(case((heard, day))),
        "people": func.count(distinct(talks.c.person)),
        "person": func.min(talks.c.person),
    }
    summed = (
        select(talks.c.deal, *(value.label(name) for name, value in told.items())).group_by(talks.c.deal).subquery()
    )
    began = func.coalesce(_DEALS.c.started_on, dialect.day_of(_DEALS.c.created_at, at.context.dialect)).label("began")
    return (
        select(_DEALS.c.id, began, *(summed.c[name] for name in told))
        .outerjoin(summed, summed.c.deal == _DEALS.c.id)
        .where(_DEALS.c.id.in_(at.deals))
    )


def _quiet(at: Ground, row: Row[Any]) -> tuple[date | None, int | None] | None:
    since = (at.today - (row.last or row.began)).days
    usual = round((row.last - row.first).days / (row.days - 1)) if (row.days or 0) >= _USUAL_FROM else None
    is_quiet = since > max(at.limits.of("no_activity"), _USUAL_TIMES * (usual or 0))
    return (row.last, usual) if is_quiet else None


def _is_unanswered(at: Ground, row: Row[Any]) -> bool:
    if row.wrote is None or row.wrote > at.ago(at.limits.of("no_reply")):
        return False
    return row.heard is None or row.heard < row.wrote


def _is_alone(at: Ground, row: Row[Any]) -> bool:
    return (row.talks or 0) >= _FEWEST_TALKS and 1 <= row.people <= at.limits.of("single_contact")
