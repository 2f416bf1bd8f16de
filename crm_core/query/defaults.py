"""What a list shows and how it is sorted when the question does not say: decided once, from the roles of fields."""

from crm_core.models import Kind, Role
from crm_core.query.spec import Order
from crm_core.schema import DATES, Entity, Field

MOST_COLUMNS = 7
_ROLES = (
    Role.STAGE, Role.AMOUNT, Role.HAPPENED, Role.DUE, Role.CLOSED, Role.OWNER, Role.OPENED, Role.PLACE, Role.PARENT,
)  # fmt: skip
_BOOKKEEPING = frozenset({"created_at", "updated_at", "external_id", "currency"})
_SKIPPED = frozenset({Kind.LONG_TEXT, Kind.URL, Kind.DATETIME})


def columns(entity: Entity) -> list[str]:
    """The title first, then references, amount, dates and the rest as declared: at most seven."""
    title = entity.by_role(Role.TITLE)
    first = title.name if title else "external_id"
    useful = [field for field in entity.fields.values() if _is_useful(field)]
    parties = [field for field in useful if field.target and field.role not in (Role.OWNER, Role.PARENT)]
    by_role = [field for role in _ROLES for field in useful if field.role is role]
    plain = [field for field in useful if field.target is None]
    names = [first, *(field.name for field in (*parties[:2], *by_role, *plain, *parties))]
    return list(dict.fromkeys(names))[:MOST_COLUMNS]


def _is_useful(field: Field) -> bool:
    is_stored = field.column is not None and field.ask
    return is_stored and field.name not in _BOOKKEEPING and field.kind not in _SKIPPED


def order(entity: Entity) -> list[Order]:
    """What is due comes soonest first, what happened or began latest first, everything else by title."""
    for role, descending in ((Role.HAPPENED, True), (Role.OPENED, True), (Role.DUE, False)):
        field = entity.by_role(role)
        if field is not None and field.kind in DATES:
            return [Order(by=field.name, descending=descending)]
    if "position" in entity.fields:
        return [Order(by="position")]
    title = entity.by_role(Role.TITLE)
    return [Order(by=title.name if title else "external_id")]
