"""What a store says of how deals end: the kinds of its stages, and whether ended deals say when."""

from datetime import date

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, QuerySpec


def stage_kinds(store: ReadStore, actor: Actor, today: date) -> dict[str, str]:
    """Name → open, won or lost."""
    rows = run_query(store, QuerySpec(entity="stage", columns=["name", "kind"]), actor=actor, today=today).rows
    return {str(row.values[0]): str(row.values[1]) for row in rows}


def is_undated(store: ReadStore, kind: str, actor: Actor, today: date) -> bool:
    """Whether there are deals of this outcome, and none says when it closed."""
    stood = Condition(field="stage.kind", value=kind)
    dated = All(all=[stood, Condition(field="closed_on", op="not_empty")])
    specs = [QuerySpec(entity="deal", columns=["name"], where=where, limit=1) for where in (stood, dated)]
    some, closed = (bool(run_query(store, spec, actor=actor, today=today).rows) for spec in specs)
    return some and not closed
