"""References between records of one kind (parent company, manager), once all of them are known."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from crm_core.models import Role
from crm_core.schema import Entity
from crm_core.titles import same_title
from crm_core.transfer.convert import Lookups, Problem
from crm_core.transfer.match import Item
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.references import SEVERAL, load_directory


def without_strangers(
    connection: Connection, profile: FileProfile, entity: Entity, targets: Mapping[int, str]
) -> tuple[Mapping[int, str], list[str]]:
    """`targets` without a column of parents none of which is a record, and a note: groups, chains, holdings.

    Args:
        connection: to the store, whose records count too.
        profile: the file.
        entity: what it holds. The managers of users stay: they are people, and are made where they are missing.
        targets: position → field, as guessed.
    """
    name = next((f.name for f in entity.fields.values() if f.target == entity.name and f.role is Role.PARENT), None)
    at = {target: index for index, target in targets.items()}
    if name not in at or entity.name == "user":
        return targets, []
    above = profile.columns[at[name]]
    keys = [profile.columns[at[key]] for key in ("name", "external_id") if key in at]
    own = {same_title(value) for column in keys for value in column.distinct}
    if not above.filled or not all(column.is_whole for column in (above, *keys)):
        return targets, []
    if any(same_title(value) in own for value in above.distinct):
        return targets, []
    stored = load_directory(connection, entity)
    if any(stored.find(value) is not None for value in above.distinct):
        return targets, []
    note = f"{profile.source.name}: {above.header} is kept as a field of its own: none of its names is a record."
    return {index: target for index, target in targets.items() if target != name}, [note]


def find_parents(connection: Connection, entity: Entity, name: str, items: Sequence[Item], lookups: Lookups) -> None:
    """Fill in the reference `name` of each row from its `late` text.

    Where the parent does not exist, or is several, or below the row itself, or where its own row cannot be taken, the
    row is taken without it.
    """
    for item in items:
        if item.late is not None and not item.problems:
            _resolve(entity, name, item, lookups)
    _leave_cycles(connection, entity, name, items)
    _leave_orphans(name, items)


def _resolve(entity: Entity, name: str, item: Item, lookups: Lookups) -> None:
    text = str(item.late)
    found = lookups.find(entity.name, text)
    if found is None:
        _leave(item, name, f"no {entity.name} called {text!r}")
    elif found == SEVERAL:
        _leave(item, name, f"several {entity.name} records are called {text!r}")
    else:
        item.values[name] = found


def _leave_cycles(connection: Connection, entity: Entity, name: str, items: Sequence[Item]) -> None:
    column = entity.table.c[str(entity.fields[name].column)]
    query = select(entity.table.c.id, column).where(column.is_not(None), entity.table.c.deleted_at.is_(None))
    above: dict[int, int] = {row[0]: row[1] for row in connection.execute(query)}
    above |= {item.record_id: int(str(item.values[name])) for item in items if item.values.get(name)}
    bad = _in_cycles(above)
    for item in items:
        if item.record_id in bad and item.values.get(name) and not item.problems:
            _leave(item, name, f"{item.late!r} is above itself: the {name} goes round in a circle")


def _in_cycles(above: dict[int, int]) -> set[int]:
    state: dict[int, int] = {}
    bad: set[int] = set()
    for start in above:
        path: list[int] = []
        at: int | None = start
        while at is not None and at not in state:
            state[at] = start
            path.append(at)
            at = above.get(at)
        if at is not None and state[at] == start and at in path:
            bad |= set(path[path.index(at) :])
    return bad


def _leave_orphans(name: str, items: Sequence[Item]) -> None:
    gone = {item.record_id for item in items if item.problems and item.existing is None}
    for item in items:
        if not item.problems and item.values.get(name) in gone:
            _leave(item, name, f"the row of {item.late!r} has an error itself")


def _leave(item: Item, name: str, reason: str) -> None:
    """The row is taken without it."""
    item.values.pop(name, None)
    item.left.append(Problem(name, str(item.late), reason, is_left=True))
