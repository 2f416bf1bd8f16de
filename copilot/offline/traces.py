"""What a query holds of the words that led to it: its kinds of records, its values, what it counts and ranks by."""

from dataclasses import dataclass, field

from copilot.offline.vocabulary import Vocabulary
from crm_core.query.spec import All, Any, Children, Condition, Filter, Group, Measure, Not, Period, QuerySpec


@dataclass
class Traces:
    """Everything that a spec names.

    Attributes:
        entities: kinds of records that it lists, passes through, tests or counts.
        fields: "entity.field" at the end of every path.
        values: what fields are compared with, in lower case.
        counted: kinds of records that are counted, grouped by or listed.
        metrics: named measures.
    """

    entities: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, spec: QuerySpec, vocabulary: Vocabulary) -> "Traces":
        """The traces of a spec and of the questions inside it."""
        found = cls()
        _Walk(vocabulary, found).spec(spec)
        return found


class _Walk:
    def __init__(self, vocabulary: Vocabulary, found: Traces) -> None:
        self._schema = vocabulary.schema
        self._found = found

    def spec(self, spec: QuerySpec) -> None:
        entity, found = spec.entity, self._found
        found.entities.add(entity)
        found.counted |= set() if spec.measures else {entity}
        self._where(entity, spec.where)
        for group in spec.group_by:
            self._group(entity, group)
        for measure in spec.measures:
            self._measure(entity, measure)
        names = {measure.name for measure in spec.measures}
        ordered = [order.by for order in spec.order_by if order.by not in names and "@" not in order.by]
        for path in (*spec.columns, *ordered):
            self._path(entity, path)
        found.values |= {str(test.value).lower() for test in spec.having if isinstance(test.value, str)}
        for test in spec.having:
            if test.answer is not None:
                self.spec(test.answer)
        self._sides(spec)

    def _group(self, entity: str, group: Group) -> None:
        self._path(entity, group.field)
        target = self._schema.path(entity, group.field).field.target
        self._found.counted |= {target} if target else set()
        for side in group.sides:
            self._where(entity, side.where)

    def _sides(self, spec: QuerySpec) -> None:
        for side in (spec.compare_to.base, spec.compare_to.against) if spec.compare_to else ():
            if isinstance(side, Period):
                self._path(spec.entity, side.field)
            else:
                self._where(spec.entity, side.where)

    def _measure(self, entity: str, measure: Measure) -> None:
        found = self._found
        if measure.metric:
            metric = self._schema.metrics[measure.metric]
            found.metrics.add(measure.metric)
            self._measure(metric.entity, metric.measure)
        if measure.field:
            self._path(entity, measure.field)
            target = self._schema.path(entity, measure.field).field.target
            found.counted |= {target} if target and measure.fn == "count" else set()
        elif measure.fn == "count":
            found.counted.add(entity)
        self._where(entity, measure.where)
        if measure.over:
            self._measure(entity, measure.over)

    def _where(self, entity: str, where: Filter | None) -> None:
        if isinstance(where, Condition):
            self._condition(entity, where)
        elif isinstance(where, All | Any):
            for part in where.all if isinstance(where, All) else where.any:
                self._where(entity, part)
        elif isinstance(where, Not):
            self._where(entity, where.none)
        elif isinstance(where, Children):
            child = self._schema.child(entity, where.children).entity
            self._found.entities.add(child)
            self._found.counted |= {child}
            self._where(child, where.where)
            if where.measure:
                self._measure(child, where.measure)

    def _condition(self, entity: str, test: Condition) -> None:
        self._path(entity, test.field)
        values = test.value if isinstance(test.value, list) else [test.value]
        self._found.values |= {str(value).lower() for value in values if value is not None}
        if test.other:
            self._path(entity, test.other)
        if test.answer is not None:
            self.spec(test.answer)

    def _path(self, entity: str, dotted: str) -> None:
        path = self._schema.path(entity, dotted)
        for step in (*path.steps, path.field):
            self._found.entities |= {step.entity} | ({step.target} if step.target else set())
        self._found.fields.add(f"{path.field.entity}.{path.field.name}")
        self._found.fields |= {f"{step.entity}.{step.name}" for step in path.steps}
