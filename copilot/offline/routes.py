"""How one kind of record reaches another: dotted references, shortest first, through references that hold anything.

Else by way of children: facts, or the lines of a fact.
"""

from collections import deque
from dataclasses import dataclass, replace

from copilot.offline.lines import PRODUCT, find_lines
from copilot.offline.vocabulary import Vocabulary
from crm_core.models import Role


@dataclass(frozen=True)
class Route:
    """From an entity to another: through references, or into children first and on from there."""

    through: tuple[str, ...] = ()  # references from the base
    child: str | None = None  # then the children relation
    child_entity: str | None = None
    part: str | None = None  # the lines of the child, or the child itself where it is the base's lines
    onward: tuple[str, ...] = ()  # references from the last of these

    def dotted(self, name: str) -> str:
        """The field `name` at the end, seen from the base (or from the child, when there is one)."""
        return ".".join([*(self.onward if self.child else self.through), name])


def find_route(vocabulary: Vocabulary, base: str, target: str) -> Route | None:
    """The shortest way from `base` to `target`: itself, to-one references, else by way of children or their lines."""
    direct = _references(vocabulary, base, target)
    if direct is not None:
        return Route(through=direct)
    down = _to_lines(vocabulary, base, target)
    if down is not None:
        return down
    facts = []
    for child in vocabulary.schema.entities[base].children.values():
        is_fact = vocabulary.schema.entities[child.entity].is_fact and child.entity != base
        if is_fact and vocabulary.holds(f"{child.entity}.{child.field}"):
            facts.append(child)
            onward = _references(vocabulary, child.entity, target)
            if onward is not None:
                return Route(child=child.name, child_entity=child.entity, onward=onward)
    found = ((fact, _to_lines(vocabulary, fact.entity, target)) for fact in facts)
    by_fact = next((replace(route, child=fact.name) for fact, route in found if route is not None), None)
    return by_fact or _from_product(vocabulary, base, target)


def _to_lines(vocabulary: Vocabulary, whole: str, target: str) -> Route | None:
    """From a fact down to its lines and on from there."""
    lines = find_lines(vocabulary, whole)
    onward = _references(vocabulary, lines.entity, target) if lines else None
    if lines is None or onward is None or onward[:1] == (lines.up,):
        return None
    return Route(child=lines.relation, child_entity=lines.entity, part=lines.relation, onward=onward)


def _from_product(vocabulary: Vocabulary, base: str, target: str) -> Route | None:
    """From a product by the lines that it stands on."""
    for child in vocabulary.schema.entities[base].children.values() if base == PRODUCT else ():
        held = child.field == PRODUCT and vocabulary.holds(f"{child.entity}.{PRODUCT}")
        onward = _references(vocabulary, child.entity, target) if held else None
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
