"""What the tests of changes share: what a wish proposes, by the codes of deals and the names of other records."""

from collections.abc import Sequence
from typing import Any

from copilot.offline.plan import PastTurn, Plan, Propose, Query
from crm_core.access import ADMIN, Actor
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk

Changes = list[tuple[str, str, tuple[str, ...], dict[str, Any]]]  # op, entity, which, what

_TOLD_BY = {"deal": "external_id", "account": "name"}


def labels(desk: Desk, entity: str, ids: Sequence[int | str], where: Any = None) -> tuple[str, ...]:
    """What records are called, in order of their names."""
    rows = desk.run(QuerySpec(entity=entity, columns=[_TOLD_BY[entity]], where=where, limit=1000)).rows
    return tuple(sorted(str(row.values[0]) for row in rows if where is not None or row.record_id in ids))


def changes(desk: Desk, plan: Plan) -> Changes:
    """The proposal, step by step."""
    assert isinstance(plan, Propose), plan
    return [(s.op, s.entity, labels(desk, s.entity, s.records, s.where), dict(s.set)) for s in plan.steps]


def talk(desk: Desk, *texts: str, actor: Actor = ADMIN) -> Plan:
    """What the last of several messages comes to."""
    past: list[PastTurn] = []
    for text in texts[:-1]:
        plan = desk.plan(text, after=past, actor=actor)
        if isinstance(plan, Propose):
            past.append(PastTurn(text, proposal="P1", steps=plan.steps))
        elif isinstance(plan, Query):
            rows = desk.run(plan.spec).rows
            ids = tuple(row.record_id for row in rows if row.record_id is not None)
            past.append(PastTurn(text, spec=plan.spec, shape=plan.shape, entity=plan.spec.entity, ids=ids))
        else:
            past.append(PastTurn(text, options=getattr(plan, "options", ())))
    return desk.plan(texts[-1], after=past, actor=actor)
