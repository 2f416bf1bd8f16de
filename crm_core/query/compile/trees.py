"""`under`: a record and everything below it, along the entity's own parent reference."""

from sqlalchemy import ColumnElement, select

from crm_core.errors import Invalid
from crm_core.models import Role
from crm_core.query.compile import filters, values
from crm_core.query.compile.context import Scope
from crm_core.query.spec import Condition
from crm_core.schema import Field


def under(scope: Scope, field: Field, condition: Condition) -> ColumnElement[bool]:
    """Whether the field's target (or the record itself, by its title) is the named one or below it."""
    if field.target is None and field.role not in filters.NAMES:
        raise Invalid(
            f"{field.entity}.{field.name} is neither a reference nor a name, so 'under' does not work on it; "
            f"these do: {', '.join(values.operators(field))}."
        )
    wanted = values.raw_values(condition, field.kind)
    top = scope.beyond(field) if field.target else scope.context.scope(scope.entity.name)
    below = scope.context.scope(top.entity.name)
    parent = top.entity.by_role(Role.PARENT)
    if parent is None:
        raise Invalid(f"A {top.entity.name} has no parent, so nothing stands under it; use 'eq' or 'in'.")
    is_top = filters.named(top, field, "eq", wanted)
    tree = select(top.id).select_from(top.source()).where(is_top, *top.guard()).cte(recursive=True)
    step = below.table.join(tree, below.column(parent) == tree.c.id)
    tree = tree.union(select(below.id).select_from(step).where(*below.guard()))  # UNION: a cycle ends
    link = scope.column(field) if field.target else scope.id
    return link.in_(select(tree.c.id))
