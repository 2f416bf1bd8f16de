"""From the tests of a reading to one filter, seen from the entity that the spec is about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from copilot.offline.compose.reading import FieldTest, MeantTest, Period, Reading, RecordTest, Side, StateTest
from copilot.offline.filters import both, merged, span_filter
from copilot.offline.routes import Route, find_route
from copilot.offline.vocabulary import Vocabulary
from crm_core.access import Actor
from crm_core.models import Role
from crm_core.query.spec import All, Children, Condition, Filter, Not
from crm_core.query.spec import Any as Any_

TALK = "interaction"


class Unreachable(Exception):
    """A condition on records that the asked-for ones have nothing to do with."""


class Ambiguous(Exception):
    """A period that may mean several dates; `fields` are the candidates ("deal.started_on")."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class WhereBuilder:
    """Builds filters for one base entity. Conditions on children are gathered into one test a relation."""

    def __init__(self, vocabulary: Vocabulary, base: str, actor: Actor) -> None:
        self._vocabulary = vocabulary
        self._base = base
        self._actor = actor
        self._own: list[Filter] = []
        self._children: dict[str, list[Filter]] = defaultdict(list)
        self._lines: dict[tuple[str, str], list[Filter]] = defaultdict(list)  # by the children whose lines they are
        self._talked = False

    def add_all(self, reading: Reading, *, dated_by: str | None) -> "WhereBuilder":
        """Every test of the reading."""
        self._talked = _of_talks(reading, self._base, self._vocabulary)
        for field_test in reading.fields:
            self.add_field(field_test)
        for record_test in reading.records if reading.each_line else merged(reading.records):
            self.add_record(record_test, is_alone=reading.each_line)
        for state in reading.states:
            self.add_state(state)
        for meant in reading.meant:
            self.add_meant(meant)
        if reading.started and not reading.periods and self._vocabulary.holds("deal.started_on"):
            self.add_field(FieldTest("deal.started_on", "not_empty"))  # "how many have been engaged"
        if are_apart(reading.periods):
            self._own.append(Any_(any=[self._period(period, dated_by) for period in reading.periods]))
        else:
            for period in reading.periods:
                self.add_period(period, dated_by)
        for sides in reading.either:
            self.add_either(sides, dated_by)
        if reading.mine:
            self.add_mine("team" if reading.mine == "me" and self._are_led(reading) else reading.mine)
        return self

    def _are_led(self, reading: Reading) -> bool:
        """Whether "my" means those whom the asker leads: who sells nothing has their deals; "which of my reps"."""
        nouns = [reading.target.dotted if reading.target else "", str(reading.sup.noun) if reading.sup else ""]
        nouns += [str(group.dotted) for group in reading.groups]
        of_people = bool({"rep", "user", f"{self._base}.owner"}.intersection(nouns))
        sells_nothing = self._actor.name in self._vocabulary.leaders and self._base != "deal"  # of deals: all below
        return sells_nothing or (of_people and len(self._actor.team) > 1)

    def add_either(self, sides: Iterable[Side], dated_by: str | None) -> None:
        """Alternatives, each with all of its tests."""
        found = []
        for side in sides:
            inner = WhereBuilder(self._vocabulary, self._base, self._actor).add_side(side, dated_by=dated_by).filter()
            assert inner is not None, "a side has a test"
            found.append(inner)
        self._own.append(Any_(any=found))

    def add_side(self, side: Side, *, dated_by: str | None = None) -> "WhereBuilder":
        """The tests of one side."""
        alone = Reading(
            fields=list(side.fields), records=list(side.records), states=list(side.states), periods=list(side.periods)
        )
        return self.add_all(alone, dated_by=dated_by)

    def filter(self) -> Filter | None:
        """Everything added, as one filter."""
        self._close_lines()
        parts = [
            *self._own,
            *(Children(children=name, where=both(inner)) for name, inner in self._children.items()),
        ]
        return both(parts)

    def take_children(self, relation: str) -> Filter | None:
        """The conditions on one kind of children, taken out (an anti-join tests that none matches)."""
        self._close_lines()
        return both(self._children.pop(relation, []))

    def add_field(self, test: FieldTest) -> None:
        """A condition on a field."""
        name = test.dotted.split(".")[1]
        route = self._route(test.entity)
        name = f"{test.above.split('.')[1]}.{name}" if test.above else name
        value: Any = list(test.values) if test.op in ("in", "between") else (test.values[0] if test.values else None)
        other = self._other(route, test.other) if test.other else None
        if test.op == "in" and len(test.values) == 1:
            condition = Condition(field=route.dotted(name), op="eq", value=test.values[0])
        else:
            condition = Condition(field=route.dotted(name), op=test.op, value=value, other=other)
        self._put(route, condition, negated=test.negated)

    def add_record(self, test: RecordTest, *, is_alone: bool = False) -> None:
        """A condition that names records; alone: on a line of its own."""
        route = self._party_route(test)
        labels = [name.label for name in test.names]
        if test.reference:
            field = route.dotted(test.reference.split(".")[1])
        elif route.through or route.onward:
            field = ".".join(route.onward if route.child else route.through)
        else:
            title = self._vocabulary.schema.entities[test.entity].title
            field = title[0] if len(title) == 1 else self._own_label(test)
        op, value = ("eq", labels[0]) if len(labels) == 1 else ("in", labels)
        if test.below:
            op = "under"
        condition = Condition(field=field, op=op, value=value)
        self._put(route, condition, negated=test.negated)
        if is_alone:
            self._close_lines()

    def _party_route(self, test: RecordTest) -> Route:
        """As in "which accounts has Anna called", 谁联系过X: of the talks that are spoken of, and of no deals."""
        of_talk = test.entity in ("user", "account", "contact") and test.entity != self._base
        if self._talked and of_talk and not (test.reference or test.below):
            return Route(child="interactions", child_entity=TALK, onward=(test.entity,))
        return self._route(test.entity)

    def add_state(self, test: StateTest) -> None:
        """Deals in certain kinds of stage."""
        route = self._route("deal")
        kinds = list(test.kinds)
        field = route.dotted("stage.kind")
        condition = (
            Condition(field=field, op="eq", value=kinds[0])
            if len(kinds) == 1
            else Condition(field=field, op="in", value=list(kinds))
        )
        self._put(route, condition, negated=test.negated)

    def add_meant(self, test: MeantTest) -> None:
        """A condition that a company's own word stands for."""
        route = self._route(test.entity)
        steps = route.onward if route.child else route.through
        where = seen_from(test.condition.where, steps)
        self._put(route, where, negated=test.negated)

    def add_period(self, period: Period, dated_by: str | None) -> None:
        """A span of a date field: the one that the words tie it to, else the measure's own."""
        dotted = period.dotted or self._by_role(period.role) or dated_by or self.only_date()
        entity, name = dotted.split(".")
        route = self._route(entity)
        self._put(route, span_filter(route.dotted(name), period))

    def _period(self, period: Period, dated_by: str | None) -> Filter:
        """One of several periods; they must be of the base itself to stand beside each other."""
        dotted = period.dotted or self._by_role(period.role) or dated_by or self.only_date()
        entity, name = dotted.split(".")
        route = self._route(entity)
        if route.child:
            raise Unreachable(dotted)
        return span_filter(route.dotted(name), period)

    def add_mine(self, mine: str) -> None:
        """Records of the person who asks, or of those who report to them."""
        if self._actor.id == 0:
            return
        if mine == "team":
            route = self._route("user")
            leads = len(self._actor.team) > 1 or self._actor.manager is None
            boss = self._actor.name if leads else self._actor.manager  # a rep's team are the colleagues
            self._put(route, Condition(field=route.dotted("manager"), op="eq", value=boss))
            return
        if self._talked and self._base != "user":
            self._children["interactions"].append(Condition(field="user", op="eq", value=self._actor.name))
            return
        owner = self._vocabulary.schema.entities[self._base].by_role(Role.OWNER)
        if owner and self._base == "deal" and self._actor.name in self._vocabulary.leaders:
            self._own.append(Condition(field=owner.name, op="under", value=self._actor.name))
            return  # "my forecast", said by one who only leads: that of everybody below
        if owner and self._vocabulary.holds(f"{self._base}.{owner.name}"):
            self._own.append(Condition(field=owner.name, op="eq", value=self._actor.name))
            return
        if self._base == "user":
            self._own.append(Condition(field="name", op="eq", value=self._actor.name))
            return
        route = self._route("user")
        self._put(route, Condition(field=".".join(route.onward or route.through), op="eq", value=self._actor.name))

    def _own_label(self, test: RecordTest) -> str:
        return (
            "external_id"
            if test.entity == "deal" and not self._vocabulary.holds("deal.name")
            else (self._vocabulary.schema.entities[test.entity].title[0])
        )

    def _other(self, route: Route, dotted: str) -> str:
        entity, name = dotted.split(".")
        onward = find_route(self._vocabulary, route.child_entity or self._base, entity)
        if onward is None or onward.child:
            raise Unreachable(dotted)
        return onward.dotted(name)

    def _by_role(self, role: str | None) -> str | None:
        if role is None:
            return None
        field = self._vocabulary.schema.entities["deal"].by_role(Role(role))
        return f"deal.{field.name}" if field else None

    def only_date(self) -> str:
        """The date that a period means when nothing says so: what happened or is due; of several it asks."""
        entity = self._base if self._dates(self._base) else "deal"
        dates = self._dates(entity)
        if len(dates) != 1:
            raise Ambiguous(dates)
        return dates[0]

    def _dates(self, entity: str) -> list[str]:
        roles = (Role.HAPPENED, Role.DUE, Role.OPENED, Role.CLOSED)
        found = {role: self._vocabulary.schema.entities[entity].by_role(role) for role in roles}
        held = [f for f in found.values() if f is not None and self._vocabulary.holds(f"{entity}.{f.name}")]
        single = {"task": Role.DUE, "lead": Role.OPENED}.get(entity)
        return [f"{entity}.{f.name}" for f in held if single is None or f.role is single]

    def _route(self, entity: str) -> Route:
        route = find_route(self._vocabulary, self._base, entity)
        if route is None:
            raise Unreachable(entity)
        return route

    def _put(self, route: Route, condition: Filter, *, negated: bool = False) -> None:
        if route.child and route.part and not negated:
            self._lines[route.child, route.part].append(condition)
            return
        if route.part:  # "deals without X": no line of it, and not a line of something else
            condition = Children(children=route.part, where=condition)
        tested = Not(none=condition) if negated else condition
        (self._own if route.child in (None, route.part) else self._children[str(route.child)]).append(tested)

    def _close_lines(self) -> None:
        """The tests of lines as one test of a child, or of the record itself: one line passes them all."""
        for (child, part), tests in self._lines.items():
            (self._own if child == part else self._children[child]).append(Children(children=part, where=both(tests)))
        self._lines.clear()


def _of_talks(reading: Reading, base: str, vocabulary: Vocabulary) -> bool:
    """Whether a colleague or a customer is asked for by talks that there were, and by nothing else."""
    deals = reading.states or reading.measures or "deal" in reading.facts or reading.without
    parties = base in ("account", "user") and "interaction" in reading.facts and not deals
    return parties and vocabulary.holds("interaction.user") and vocabulary.holds("interaction.account")


def seen_from(where: Filter, steps: Sequence[str]) -> Filter:
    """A filter as it reads from where these references begin. One on children has no such form: Unreachable."""
    if not steps:
        return where
    if isinstance(where, Condition):
        other = ".".join([*steps, where.other]) if where.other else None
        return where.model_copy(update={"field": ".".join([*steps, where.field]), "other": other})
    if isinstance(where, Not):
        return Not(none=seen_from(where.none, steps))
    if isinstance(where, All):
        return All(all=[seen_from(part, steps) for part in where.all])
    if isinstance(where, Any_):
        return Any_(any=[seen_from(part, steps) for part in where.any])
    raise Unreachable(where.children)


def are_apart(periods: Sequence[Period]) -> bool:
    """Whether several periods have no day in common: then they are alternatives, never joined by "and"."""
    plain = sorted((p for p in periods if not p.negated), key=lambda p: str(p.span.since))
    dates = {p.dotted or p.role for p in plain}
    if len(dates) > 1 and None not in dates:
        return False  # "opened in Q2 and won in Q3"
    ends = [(p.span.until, q.span.since) for p, q in pairwise(plain)]
    return bool(ends) and all(u is not None and s is not None and u < s for u, s in ends)
