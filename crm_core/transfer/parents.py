"""References between records of one kind (parent company, manager), once all of them are known."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from crm_core.schema import Entity
from crm_core.transfer.convert import Lookups, Problem
from crm_core.transfer.match import Item
from crm_core.transfer.references import SEVERAL


def find_parents(connection: Connection, entity: Entity, name: str, items: Sequence[Item], lookups: Lookups) -> None:
    """Fill in the reference `name` of each row from its `late` text.

    A parent that does not exist, a row among its own ancestors, and a parent whose own row cannot be taken are
    problems of the row.
    """
    for item in items:
        if item.late is not None and not item.problems:
            _resolve(entity, name, item, lookups)
    _refuse_cycles(connection, entity, name, items)
    while _refuse_orphans(entity, name, items):
        pass


def _resolve(entity: Entity, name: str, item: Item, lookups: Lookups) -> None:
    text = str(item.late)
    found = lookups.find(entity.name, text)
    if found is None:
        item.problems.append(Problem(name, text, f"no {entity.name} called {text!r}"))
    elif found == SEVERAL:
        item.problems.append(Problem(name, text, f"several {entity.name} records are called {text!r}"))
    else:
        item.values[name] = found


def _refuse_cycles(connection: Connection, entity: Entity, name: str, items: Sequence[Item]) -> None:
    column = entity.table.c[str(entity.fields[name].column)]
    query = select(entity.table.c.id, column).where(column.is_not(None), entity.table.c.deleted_at.is_(None))
    above: dict[int, int] = {row[0]: row[1] for row in connection.execute(query)}
    above |= {item.record_id: int(str(item.values[name])) for item in items if item.values.get(name)}
    bad = _in_cycles(above)
    for item in items:
        if item.record_id in bad and item.values.get(name) and not item.problems:
            item.problems.append(Problem(name, str(item.late), f"is above itself: the {name} goes round in a circle"))


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


def _refuse_orphans(entity: Entity, name: str, items: Sequence[Item]) -> bool:
    gone = {item.record_id for item in items if item.problems and item.existing is None}
    refused = False
    for item in items:
        if not item.problems and item.values.get(name) in gone:
            item.problems.append(Problem(name, str(item.late), f"the row of this {entity.name} has an error itself"))
            refused = True
    return refused
