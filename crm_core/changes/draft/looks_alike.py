"""Records that a new one looks like, so that a person can say "update that one instead"."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm_core.changes.change import Json
from crm_core.changes.draft.finding import Finder
from crm_core.models import Kind, Role
from crm_core.query.spec import Condition, QuerySpec
from crm_core.schema import Entity


@dataclass(frozen=True)
class Alike:
    """A record that is there already.

    Attributes:
        entity: of both.
        record_id: of the one that is there.
        label: of the one that is there.
        by: label of the field that is the same.
    """

    entity: str
    record_id: int
    label: str
    by: str


def find_alike(finder: Finder, entity: Entity, filled: Mapping[str, Json]) -> list[Alike]:
    """Records of the same kind with the same name or email address, as far as the actor may see. Facts may repeat."""
    if entity.is_fact and entity.name != "lead":
        return []
    found: dict[int, Alike] = {}
    for field in entity.fields.values():
        value = filled.get(field.name)
        if (field.role is Role.TITLE or field.kind is Kind.EMAIL) and isinstance(value, str):
            where = Condition(field=field.name, op="eq", value=value)
            for record_id in finder.ids(QuerySpec(entity=entity.name, where=where, limit=3)):
                label = finder.label(entity.name, record_id)
                found.setdefault(record_id, Alike(entity.name, record_id, label, field.label))
    return list(found.values())
