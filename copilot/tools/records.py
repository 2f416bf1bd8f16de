"""One record, whole."""

from typing import Any

from langchain.tools import tool
from pydantic import Field

from copilot.context import TurnContext
from copilot.fence import cell, fence
from copilot.table import to_artifact, to_json
from copilot.tools.base import Args, Runtime
from copilot.tools.query import answer_spec
from crm_core.errors import Ambiguous, NotFound
from crm_core.models import Role
from crm_core.query.result import QueryResult, Row
from crm_core.query.run import run_query
from crm_core.query.spec import Any as AnyOf
from crm_core.query.spec import Condition, Filter, Measure, QuerySpec
from crm_core.schema import Entity

CANDIDATES = 5


class RecordArgs(Args):
    """Arguments of get_record."""

    entity: str = Field(description='e.g. "account"')
    name_or_id: str = Field(min_length=1, max_length=200)


@tool(args_schema=RecordArgs, response_format="content_and_artifact")
def get_record(entity: str, name_or_id: str, runtime: Runtime) -> tuple[str, dict[str, Any]]:
    """Look up one record: all its fields and how many records hang on it. When several fit, it names them."""
    context = runtime.context
    kind = context.store.schema.entity(entity)
    condition, _ = find_one(context, kind, name_or_id)
    columns = [field.name for field in kind.fields.values() if field.ask]
    spec = QuerySpec(entity=kind.name, where=condition, columns=columns, limit=1)
    answer = answer_spec(context, spec, call_id=runtime.tool_call_id)
    children = _child_lines(context, kind, answer.result)
    context.ledger.facts.append("\n".join([*_field_lines(answer.result), *children]))
    shown = context.withheld.shown(answer, context.store.schema)
    lines = [*(_field_lines(shown.result) if shown else ()), *children]
    return fence("\n".join(lines), source=f"CRM {kind.name}"), to_artifact(answer, shown, context.store.schema)


def find_one(context: TurnContext, kind: Entity, name: str) -> tuple[Filter, Row]:
    """The condition that exactly one record meets, and that record: its title first.

    Raises:
        Ambiguous: several fit.
        NotFound: none does, or the actor may not see it.
    """
    names = [field.name for field in kind.fields.values() if field.role in (Role.TITLE, Role.CODE)]
    for op in ("eq", "contains"):
        where = AnyOf(any=[Condition.model_validate({"field": at, "op": op, "value": name}) for at in names])
        spec = QuerySpec(entity=kind.name, where=where, columns=names, limit=CANDIDATES)
        found = run_query(context.store, spec, actor=context.actor, today=context.today)
        if len(found.rows) == 1:
            return where, found.rows[0]
        if found.rows:
            listed = "; ".join(cell(" ".join(str(v) for v in row.values if v is not None)) for row in found.rows)
            raise Ambiguous(f"Several {kind.plural} fit {name!r}: {listed}. Give one of these names or ids.")
    raise NotFound(f"There is no {kind.name} called {name!r}.")


def _field_lines(result: QueryResult) -> list[str]:
    values = result.rows[0].values
    return [
        f"{column.name}: {cell(str(to_json(value)))}" + (f" {column.currency}" if column.currency else "")
        for column, value in zip(result.columns, values, strict=True)
        if value is not None
    ]


def _child_lines(context: TurnContext, kind: Entity, result: QueryResult) -> list[str]:
    record_id = result.rows[0].record_id
    lines = []
    for child in kind.children.values() if record_id is not None else ():
        spec = QuerySpec(
            entity=child.entity,
            where=Condition(field=child.field, op="eq", value=record_id),
            measures=[Measure(fn="count")],
        )
        count = run_query(context.store, spec, actor=context.actor, today=context.today).rows[0].values[0]
        if count:
            lines.append(f"{child.name}: {count}")
    return lines
