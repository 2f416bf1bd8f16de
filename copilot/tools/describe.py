"""What the data holds: entities, fields, metrics, and which fields are empty in this store."""

from langchain.tools import tool
from pydantic import Field

from copilot.context import TurnContext
from copilot.tools.base import Args, Runtime
from crm_core.models import Kind
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Measure, QuerySpec
from crm_core.schema import Entity, Schema
from crm_core.schema import Field as SchemaField


class DescribeArgs(Args):
    """Arguments of describe_data."""

    entity: str | None = Field(None, description="one kind of record; without it: all kinds and the metrics")


@tool(args_schema=DescribeArgs)
def describe_data(entity: str | None, runtime: Runtime) -> str:
    """List what can be asked: the kinds of records and the named metrics, or all fields of one kind.

    Use it before `query_crm` when you do not know a field's name, and before you say that something is not recorded.
    """
    context = runtime.context
    schema = context.store.schema
    text = _describe_entity(context, schema.entity(entity)) if entity else _describe_all(schema)
    context.ledger.facts.append(text)
    return text


def _describe_all(schema: Schema) -> str:
    kinds = [f"- {e.name}: {', '.join(e.words)}" for e in schema.entities.values()]
    metrics = [f"- {m.name} (of {m.entity}): {m.formula}" for m in schema.metrics.values()]
    return "\n".join(["Kinds of records:", *kinds, "", "Metrics:", *metrics])


def _describe_entity(context: TurnContext, entity: Entity) -> str:
    fields = [field for field in entity.fields.values() if field.ask]
    empty = _without_data(context, entity, fields)
    lines = [f"{entity.name} ({', '.join(entity.words)}):"]
    lines += [_field_line(field, is_empty=field.name in empty) for field in fields]
    lines += [f"- children {child.name}: {child.entity} records" for child in entity.children.values()]
    metrics = [f"- {m.name}: {m.formula}" for m in context.store.schema.metrics.values() if m.entity == entity.name]
    return "\n".join(lines + (["Metrics:", *metrics] if metrics else []))


def _field_line(field: SchemaField, *, is_empty: bool) -> str:
    kind = f"{field.kind} to {field.target}" if field.target else str(field.kind)
    words = ", ".join(word for word in field.words if word != field.name)
    return f"- {field.name}: {kind}" + (f" ({words})" if words else "") + ("; holds no data" if is_empty else "")


def _without_data(context: TurnContext, entity: Entity, fields: list[SchemaField]) -> set[str]:
    """Names of the stored fields that no record the actor may see has a value for: one statement."""
    stored = [field.name for field in fields if not field.derived and field.kind is not Kind.LONG_TEXT]
    measures = [
        Measure(fn="count", where=Condition(field=name, op="not_empty"), name=f"with_{name}") for name in stored
    ]
    spec = QuerySpec(entity=entity.name, measures=measures)
    result = run_query(context.store, spec, actor=context.actor, today=context.today)
    return {name for name, count in zip(stored, result.rows[0].values, strict=False) if not count}
