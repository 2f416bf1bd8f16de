"""The order in which records are written: what others refer to first."""

from crm_core.schema import Schema


def entity_order(schema: Schema) -> tuple[str, ...]:
    """Every entity after those that it refers to."""
    ordered: list[str] = []
    waiting = dict(schema.entities)
    while waiting:
        ready = [
            name
            for name, entity in waiting.items()
            if not any(f.target in waiting and f.target != name for f in entity.fields.values() if f.column)
        ]
        ordered += ready
        for name in ready:
            del waiting[name]
    return tuple(ordered)
