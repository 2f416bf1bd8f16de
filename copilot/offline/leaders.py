"""Who leads people who sell, and sells nothing: their deals are their team's."""

from datetime import date

from crm_core.access import Actor, Scope
from crm_core.db import ReadStore
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec

MOST = 500


def leaders(store: ReadStore, filled: frozenset[str], *, actor: Actor, today: date) -> frozenset[str]:
    """Names of those who are somebody's manager and no deal's owner; none where deals have no owner."""

    def named(entity: str, field: str) -> frozenset[str]:
        spec = QuerySpec(entity=entity, columns=[field], distinct=True, limit=MOST)
        rows = run_query(store, spec, actor=actor, today=today).rows
        return frozenset(str(row.values[0]) for row in rows if row.values[0])

    if not {"deal.owner", "user.manager"} <= filled or actor.reads is not Scope.ALL:
        return frozenset()
    return named("user", "manager") - named("deal", "owner")
