"""How one kind of record reaches another: dotted references, shortest first, through references that hold anything."""

from collections import deque
from dataclasses import dataclass

from copilot.offline.vocabulary import Vocabulary
from crm_core.models import Role


@dataclass(frozen=True)
class Route:
    """From an entity to another: through references, or into children first and on from there."""

    through: tuple[str, ...] = ()  # references from the base
    child: str | None = None  # then the children relation
    child_entity: str | None = None
    onward: tuple[str, ...] = ()  # references from the child

    def dotted(self, name: str) -> str:
        """The field `name` at the end, seen from the base (or from the child, when there is one)."""
        return ".".join([*(self.onward if self.child else self.through), name])


def find_route(vocabulary: Vocabulary, base: str, target: str) -> Route | None:
    """The shortest way from `base` to `target`: itself, to-one references, else by way of fact children."""
    direct = _references(vocabulary, base, target)
    if direct is not None:
        return Route(through=direct)
    for child in vocabulary.schema.entities[base].children.values():
        entity = vocabulary.schema.entities[child.entity]
        if entity.is_fact and child.entity != base and vocabulary.holds_records(child.entity):
            onward = _references(vocabulary, child.entity, target)
            if onward is not None:
                return Route(child=child.name, child_entity=child.entity, onward=onward)
    return None


def _references(vocabulary: Vocabulary, base: str, target: str, *, reach: int = 3) -> tuple[str, ...] | None:
    if base == target:
        return ()
    queue: deque[tuple[str, tuple[str, ...]]] = deque([(base, ())])
    seen = {base}
    while queue:
        at, path = queue.popleft()
        for step in vocabulary.schema.entities[at].fields.values():
            if step.target is None or step.role is Role.PARENT or not vocabulary.holds(f"{at}.{step.name}"):
                continue
            if step.target == target:
                return (*path, step.name)
            if step.target not in seen and len(path) + 1 < reach:
                seen.add(step.target)
                queue.append((step.target, (*path, step.name)))
    return None
