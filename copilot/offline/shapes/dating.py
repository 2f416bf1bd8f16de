"""Of which date the periods are that are grouped by."""

from copilot.offline.compose.reading import Reading
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.where import Ambiguous, Unreachable
from crm_core.models import Role


def bucket_field(reading: Reading, vocabulary: Vocabulary, base: str, *, own: str | None) -> str:
    """The date field of `base` that a month, quarter … is of.

    `own` is the "entity.field" that periods of what is measured are of by themselves.

    Raises Ambiguous where the words name another date than what is measured goes by, or nothing says which of
    several; Unreachable where `base` has no such date.
    """
    told = {p.dotted or (_field(vocabulary, "deal", Role(p.role)) if p.role else None) for p in reading.periods} - {
        None
    }
    if not reading.dated and told and own and own not in told:
        raise Ambiguous(sorted([own, *map(str, told)]))
    dotted = reading.dated or own or next(iter(told), None) or _only(vocabulary, base)
    if dotted.split(".")[0] != base:
        raise Unreachable(dotted)
    return dotted.split(".")[1]


def _only(vocabulary: Vocabulary, base: str) -> str:
    dates = [f for role in (Role.HAPPENED, Role.CLOSED, Role.OPENED) if (f := _field(vocabulary, base, role))]
    if len(dates) != 1:
        raise Ambiguous(dates)
    return dates[0]


def _field(vocabulary: Vocabulary, entity: str, role: Role) -> str | None:
    field = vocabulary.schema.entities[entity].by_role(role)
    dotted = f"{entity}.{field.name}" if field else ""
    return dotted if field and vocabulary.holds(dotted) else None
