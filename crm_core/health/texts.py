"""Warnings that the words of the talks give."""

from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from crm_core.health.ground import Fired, Ground
from crm_core.models import InteractionKind

_BY_BOTH = (InteractionKind.CALL, InteractionKind.MEETING)  # what we write of a talk tells how the customer was


def no_price(at: Ground) -> Fired | None:
    """No text speaks of a price: (number of texts,). None: no text is kept."""
    if not at.holds("interaction", _has_text):
        return None
    talk = at.scope("interaction")
    own = talk.table.c
    speaks = or_(
        *(text.icontains(word, autoescape=True) for word in at.cues.prices for text in (own.body, own.subject))
    )
    counted = func.count()
    wanted = (
        select(own.deal_id, counted)
        .where(own.deal_id.in_(at.deals), own.happened_on <= at.today, _has_text(own), *talk.guard())
        .group_by(own.deal_id)
        .having(counted >= at.limits.of("no_price"), func.sum(case((speaks, 1), else_=0)) == 0)
    )
    return {id_: (count,) for id_, count in at.connection.execute(wanted)}


def negative(at: Ground) -> Fired | None:
    """The customer was cool, and not warm since: (interaction, its day, the sentence). None: no text is kept."""
    if not at.holds("interaction", _has_text):
        return None
    talk = at.scope("interaction")
    own = talk.table.c
    is_theirs = or_(own.direction == "in", own.kind.in_(_BY_BOTH))
    wanted = (
        select(own.deal_id, own.id, own.happened_on, own.body)
        .where(
            own.deal_id.in_(at.deals), own.happened_on.between(at.ago(at.limits.of("negative")), at.today), is_theirs,
            _has_text(own), *talk.guard(),
        )
        .order_by(own.happened_on, own.id)
    )  # fmt: skip
    found: Fired = {}
    for deal, id_, day, text in at.connection.execute(wanted):
        cool = at.cues.find_cool(text)
        if cool:
            found[deal] = (id_, day, cool)
        elif at.cues.is_warm(text):
            found.pop(deal, None)
    return found


def _has_text(own: Any) -> ColumnElement[bool]:
    return func.coalesce(own.body, "") != ""
