"""From content words to a `Reading`: typed rules, each of which makes a node and takes the words it explains.

A rule looks at a word and its neighbours. What no rule takes stays loose, and a reading with loose words is never
answered. The rules run from the most specific to the most general.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from copilot.offline.compose.items import Item, content_items
from copilot.offline.compose.reading import Reading
from copilot.offline.routes import find_route
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Vocabulary
from crm_core.models import Kind, Role
from crm_core.schema import Field

FACT = "deal"
_BY_VALUE = ("contact", "lead", "interaction", "task")


class Composer:
    """The state that the rules share: the items, the reading so far, and questions about neighbours."""

    def __init__(self, tags: Sequence[Tag], vocabulary: Vocabulary, *, today: date) -> None:
        self.tags = tuple(tags)
        self.items = content_items(tags)
        self.vocabulary = vocabulary
        self.today = today
        self.reading = Reading()

    def run(self, rules: Sequence[Callable[["Composer"], None]]) -> Reading:
        """Apply the rules in order; what they leave is loose."""
        for rule in rules:
            rule(self)
        self.reading.loose = [item.tag for item in self.items if not item.owned and not item.is_soft]
        return self.reading

    def each(self, *types: T) -> Iterator[tuple[int, Item, Sense]]:
        """Items that nothing owns yet and that may be of one of these types."""
        for at, item in enumerate(self.items):
            sense = item.get(*types)
            if sense is not None:
                yield at, item, sense

    def item(self, at: int) -> Item | None:
        """The item at `at`, or None outside."""
        return self.items[at] if 0 <= at < len(self.items) else None

    def sense(self, at: int, *types: T) -> Sense | None:
        """A reading of the item at `at`, if it is there and free."""
        item = self.item(at)
        return item.get(*types) if item else None

    def has(self, at: int, kind: T, *values: object) -> bool:
        """Whether the item at `at` is free and may be `kind` (with one of these values)."""
        item = self.item(at)
        return bool(item) and any(not values or s.value in values for s in item.all(kind))  # type: ignore[union-attr]

    def own(self, *positions: int) -> None:
        """The node just made explains these items."""
        for at in positions:
            self.items[at].owned = True

    def mentions(self, kind: T, *values: object) -> bool:
        """Whether any free item may be `kind` (with one of these values)."""
        return any(self.has(at, kind, *values) for at in range(len(self.items)))

    def fields_at(self, at: int, test: Callable[[Field], bool] = lambda _: True) -> list[str]:
        """The fields ("entity.field") that the item at `at` may name and that pass `test`, held ones first."""
        item = self.item(at)
        named = [s.value for s in item.all(T.FIELD)] if item else []
        fits = [dotted for dotted in named if test(self.vocabulary.field(dotted))]
        return sorted(fits, key=lambda dotted: not self.vocabulary.holds(dotted))

    def numeric_at(self, at: int) -> list[str]:
        """The numeric fields that the item may name."""
        return self.fields_at(at, lambda f: f.is_numeric)

    def dates_at(self, at: int) -> list[str]:
        """The date fields that the item may name. What was created was opened, where that date is known."""
        found = self.fields_at(at, lambda f: f.is_date)
        return list(dict.fromkeys(self._opened(dotted) for dotted in found))

    def _opened(self, dotted: str) -> str:
        entity, name = dotted.split(".")
        opened = self.vocabulary.schema.entities[entity].by_role(Role.OPENED)
        is_opened = name == "created_at" and opened is not None and self.vocabulary.holds(f"{entity}.{opened.name}")
        return f"{entity}.{opened.name}" if is_opened and opened else dotted

    def nearest(self, candidates: Sequence[str], *, to: Sequence[str]) -> str:
        """Of several fields of one name, the one that is easiest to reach from what the request is about."""

        def cost(dotted: str) -> tuple[int, int]:
            entity = dotted.split(".")[0]
            routes = [find_route(self.vocabulary, base, entity) for base in to]
            steps = [len(r.through) + 4 * bool(r.child) + 2 * at for at, r in enumerate(routes) if r is not None]
            return (not self.vocabulary.holds(dotted), min(steps, default=9))

        return min(candidates, key=cost)

    @property
    def about(self) -> list[str]:
        """The entities that the request names so far, the most telling first; deals when it names none."""
        named = [s.value for item in self.items for s in item.tag.senses if s.type is T.ENTITY]
        entities = [_entity_of(value) for value in named] or self._spoken_of()
        facts = [e for e in entities if self.vocabulary.schema.entities[e].is_fact]
        return list(dict.fromkeys([*facts, *entities, FACT]))

    def _spoken_of(self) -> list[str]:
        """People, calls and tasks that no noun names, by a value that only they have: "the decision makers at Acme"."""
        stateless = [item for item in self.items if not item.tag.get(T.STATE)]  # "open" is said of deals too
        held = [{s.value[0].split(".")[0] for s in item.tag.all(T.VALUE)} for item in stateless]
        return [entity for kinds in held if len(kinds) == 1 for entity in kinds if entity in _BY_VALUE]

    def is_reference_of(self, entity: str, target: str) -> str | None:
        """The reference of `entity` that points to `target` ("account" of a deal), if there is one."""
        for field in self.vocabulary.schema.entities[entity].fields.values():
            if field.target == target and field.role is not Role.PARENT:
                return field.name
        return None

    def is_group(self, dotted: str) -> bool:
        """Whether the reading groups by, asks for or ranks this field."""
        nouns = [group.dotted for group in self.reading.groups]
        nouns += [self.reading.target.dotted] if self.reading.target else []
        nouns += [self.reading.sup.noun] if self.reading.sup else []
        return dotted in nouns

    def is_total(self, dotted: str) -> bool:
        """Whether the field is summed over records: a deal's amount, or money in a company's own column of deals."""
        field = self.vocabulary.field(dotted)
        own = field.is_custom and field.kind is Kind.MONEY and self.vocabulary.schema.entities[field.entity].is_fact
        return field.role is Role.AMOUNT or own

    def is_choice(self, dotted: str) -> bool:
        """Whether records can sensibly be grouped by the field."""
        return self.vocabulary.field(dotted).kind in (
            Kind.CHOICE, Kind.REFERENCE, Kind.YEAR, Kind.BOOLEAN, Kind.TEXT, Kind.CURRENCY,
        )  # fmt: skip


def _entity_of(noun: str) -> str:
    """The entity behind a noun: a rep and a manager are users, a call is an interaction."""
    if noun in ("rep", "manager"):
        return "user"
    return "interaction" if noun in ("email", "call", "meeting", "note", "chat") else noun


entity_of = _entity_of
