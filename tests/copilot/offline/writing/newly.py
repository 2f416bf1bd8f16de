"""What the tests of new records share: what a message makes, with the names of the records that it points to."""

from typing import Any

from copilot.offline.plan import Plan, Propose
from copilot.offline.tags import T
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk

Made = list[tuple[str, dict[str, Any]]]  # kind of record, its fields


def made(desk: Desk, plan: Plan) -> Made:
    """The records of a proposal, references by their names."""
    assert isinstance(plan, Propose), plan
    return [(step.entity, told(desk, step.entity, dict(step.set))) for step in plan.steps]


def told(desk: Desk, entity: str, values: dict[str, Any]) -> dict[str, Any]:
    """The same values with names in the place of ids."""
    fields = desk.vocabulary.schema.entities[entity].fields
    return {
        name: _called(desk, str(fields[name].target), value) if fields[name].target else value
        for name, value in values.items()
    }


def _called(desk: Desk, entity: str, value: Any) -> Any:
    """The name of a record; a deal's code."""
    if entity == "deal":
        rows = desk.run(QuerySpec(entity="deal", columns=["external_id"], limit=1000)).rows
        return next((row.values[0] for row in rows if row.record_id == value), value)
    names = (s.value for senses in desk.vocabulary.phrases.values() for s in senses if s.type is T.RECORD)
    return next((name.label for (name, *_) in names if (name.entity, name.id) == (entity, value)), value)
