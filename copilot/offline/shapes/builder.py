"""What the shapes share: the reading, the base entity, its filter, measures and groups."""

from functools import cached_property

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import HavingNode, MeasureNode, Reading, SupNode
from copilot.offline.filters import both
from copilot.offline.lines import Lines
from copilot.offline.routes import find_route
from copilot.offline.shapes import on_lines
from copilot.offline.shapes.asked import PARTIES, Asked
from copilot.offline.shapes.dating import bucket_field
from copilot.offline.shapes.weighing import own_probability
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.where import Unreachable, WhereBuilder
from crm_core.access import Actor
from crm_core.query.metrics import OPEN, WON
from crm_core.query.spec import Bucket, Condition, Filter, Group, Having, Measure, Order, QuerySpec

DEFAULT_TOP = 5
COUNT = "count"


class Builder(Asked):
    """What the shapes share: the reading, the base entity, its filter, measures and groups."""

    def __init__(self, reading: Reading, vocabulary: Vocabulary, actor: Actor) -> None:
        super().__init__(reading)
        self.vocabulary = vocabulary
        self.actor = actor

    @property
    def target_entity(self) -> str | None:
        """The entity asked for, if it is one."""
        target, sup = self.reading.target, self.reading.sup
        if sup and sup.noun and not sup.sort.endswith("count") and self._is_fact(sup.noun):
            return entity_of(sup.noun)  # "which rep has the oldest open deal"
        if target and "." not in target.dotted:
            return entity_of(target.dotted)
        noun = (sup.noun or (sup.by.split(".")[0] if sup.by else None)) if sup and not target else None
        return entity_of(noun) if noun and "." not in noun and ":" not in noun else None

    def _is_fact(self, noun: str) -> bool:
        entity = self.vocabulary.schema.entities.get(entity_of(noun))
        return entity is not None and entity.is_fact

    @property
    def is_grouped_ask(self) -> bool:
        """Whether parties or values are asked for by a measure over facts."""
        return self.group_target() is not None

    def group_target(self) -> str | None:
        """The party or field whose values are ranked or tested: an entity, "entity.field" or "bucket:month"."""
        sup, target = self.reading.sup, self.reading.target
        for noun in (sup.noun if sup else None, target.dotted if target else None):
            if noun and (noun.startswith("bucket:") or "." in noun or entity_of(noun) in PARTIES):
                return noun
        return None

    # measures

    def measure_nodes(self) -> list[MeasureNode]:
        """The measures asked for; a count when records are counted."""
        if self.reading.measures:
            return self.reading.measures
        count = MeasureNode(fn="count", dotted=self.fact())
        money = MeasureNode(metric="bookings")
        tested = [node.subject or (money if node.is_money else count) for node in self.reading.having]
        if tested:
            return tested
        target = self.reading.target
        counted = target and (target.ask == "count" or self.reading.share or self.reading.groups)
        if target and counted and "." not in target.dotted:
            return [MeasureNode(fn="count", dotted=entity_of(target.dotted))]
        return [MeasureNode(fn="count", dotted=self.fact())]

    def counts_facts(self) -> bool:
        """Whether the number of some facts is asked for, as in "by number of meetings"."""
        target = self.reading.target
        return target is not None and target.ask == "count" and self._is_fact(target.dotted)

    def fact(self) -> str:
        """The facts that are measured when no metric says so."""
        sup = self.reading.sup
        if sup and sup.noun and sup.sort.endswith("count") and self._is_fact(sup.noun):
            return entity_of(sup.noun)  # "the rep with the most calls"
        facts = [f for f in self.reading.facts if self.vocabulary.schema.entities[f].is_fact]
        return facts[0] if facts else "deal"

    @cached_property
    def lines(self) -> Lines | None:
        """The lines of deals that the measures are taken over, where only these tell the product."""
        return on_lines.lines_for(self, self._measured(self.measure_nodes()[0]))

    def measured(self) -> str:
        """The entity that the measures are taken over."""
        return self.lines.entity if self.lines else self._measured(self.measure_nodes()[0])

    def _measured(self, node: MeasureNode) -> str:
        if node.metric:
            return self.vocabulary.schema.metrics[node.metric].entity
        return self.fact() if node.fn == "distinct" else str(node.dotted).split(".")[0]

    def measures(self) -> list[Measure]:
        """The measures as the spec has them, each named."""
        return [self.measure(node) for node in self.measure_nodes()]

    def measure(self, node: MeasureNode) -> Measure:
        """One measure, of the deals or of their lines."""
        of_whole = self.lines is not None and (node.fn == "distinct" or self._measured(node) == self.lines.whole)
        plain = self._plain_measure(node)
        return on_lines.seen_on(self, self.lines, plain) if self.lines and of_whole else plain

    def _plain_measure(self, node: MeasureNode) -> Measure:
        """An amount is averaged over won deals, for others hold none that count."""
        own = own_probability(self.vocabulary) if node.metric == "weighted_pipeline" else None
        if own is not None:
            return Measure(fn="sum", field="amount", weight=own, where=OPEN, name=node.metric)
        if node.metric:
            return Measure(metric=node.metric, name=node.metric)
        if node.fn == "count" and node.dotted and "." in node.dotted:
            field = node.dotted.split(".")[1]
            return Measure(fn="count", field=field, name=f"{COUNT}_{field}")
        if node.fn == "count":
            return Measure(fn="count", name=COUNT)
        if node.fn == "distinct":
            return Measure(fn="count", field=self.group(str(node.dotted), self.fact()).field, name=COUNT)
        field = str(node.dotted).split(".", 1)[1]
        staged = bool(self.reading.states) or any(r.entity == "stage" for r in self.reading.records)
        staged |= any(entity_of((g.dotted or "").split(".")[0]) == "stage" for g in self.reading.groups)
        staged |= any(other.metric == "deals_lost" for other in self.reading.measures)
        realised = WON if node.dotted in ("deal.amount", "deal.duration_days") and not staged else None
        fn = "avg" if node.fn is None else node.fn
        return Measure(fn=fn, field=field, where=realised, name=f"{fn}_{field.replace('.', '_')}")

    def dated_by(self) -> str | None:
        """The date field that a period means for what is measured."""
        node = self.measure_nodes()[0]
        if node.metric:
            metric = self.vocabulary.schema.metrics[node.metric]
            return f"{metric.entity}.{metric.dated_by}" if metric.dated_by else None
        if self.lines and node.dotted and self.lines.whole != "deal":
            return on_lines.dated_by(self, self.lines)
        if self.reading.started:
            return "deal.started_on"
        kinds = {kind for state in self.reading.states for kind in state.kinds}
        if kinds & {"won", "lost"}:
            return "deal.closed_on"
        if node.dotted in ("deal.amount", "deal.duration_days"):
            return "deal.closed_on"
        if kinds == {"open"}:
            held = [f for f in ("deal.closes_on", "deal.started_on") if self.vocabulary.holds(f)]
            return held[0] if len(held) == 1 else None
        return None

    # where and groups

    def where(self, base: str) -> Filter | None:
        """All conditions, seen from `base`."""
        plain = self.where_builder(base).filter()
        left_out = self._left_out(base)
        return both(part for part in (plain, left_out) if part is not None)

    def _left_out(self, base: str) -> Filter | None:
        """None of the first of a ranking, as a question of its own."""
        ranking = self.reading.apart
        if ranking is None or ranking.sup is None or ranking.sup.noun is None:
            return None
        inner = Builder(ranking, self.vocabulary, self.actor)
        group = inner.group(ranking.sup.noun, inner.measured())
        (measure,) = inner.measures()
        named = both(part for part in (inner.where(inner.measured()), inner.named_group(group)) if part is not None)
        first = QuerySpec(
            entity=inner.measured(),
            where=named,
            group_by=[group],
            measures=[measure],
            order_by=[Order(by=str(measure.name), descending=ranking.sup.descending)],
            limit=ranking.sup.limit,
        )
        return Condition(field=self.group(ranking.sup.noun, base).field, op="not_in", answer=first)

    def where_builder(self, base: str) -> WhereBuilder:
        """The same, before it is closed."""
        return WhereBuilder(self.vocabulary, base, self.actor).add_all(self.reading, dated_by=self.dated_by())

    def group(self, noun: str, base: str) -> Group:
        """Group `base` by an entity, a field or a bucket of the measure's date."""
        if noun.startswith("bucket:"):
            bucket: Bucket = noun.removeprefix("bucket:")  # type: ignore[assignment]
            return Group(field=self.date_of(base), bucket=bucket)
        entity = entity_of(noun.split(".")[0])
        route = find_route(self.vocabulary, base, entity)
        if route is None or route.child:
            raise Unreachable(noun)
        if "." in noun:
            return Group(field=route.dotted(noun.split(".")[1]))
        if noun == "manager":
            return Group(field=route.dotted("manager"))
        return Group(field=".".join(route.through) or self.vocabulary.schema.entities[entity].title[0])

    def date_of(self, base: str) -> str:
        """The date that months, quarters … are of, seen from `base`; of lines it is that of their deals."""
        whole, up = (self.lines.whole, f"{self.lines.up}.") if self.lines else (base, "")
        return up + bucket_field(self.reading, self.vocabulary, whole, own=self.dated_by())

    def groups(self, base: str) -> list[Group]:
        """The groups asked for."""
        return [self.group(node.dotted or f"bucket:{node.bucket}", base) for node in self.reading.groups]

    def named_group(self, group: Group) -> Filter:
        """Only groups with a name: a ranking has no place for "none"."""
        return Condition(field=group.field, op="not_empty")

    def limit(self) -> int | None:
        """How many are asked for by a superlative."""
        sup = self.reading.sup
        if sup is None or sup.pct:
            return None
        if sup.limit:
            return sup.limit
        if sup.nth:
            return 1
        return DEFAULT_TOP if self._ranks_several(sup) else 1

    def _ranks_several(self, sup: SupNode) -> bool:
        """Whether a superlative without a number is said of several: "the top reps", but "who has the most deals"."""
        target = self.reading.target
        fact = sup.noun and ":" not in sup.noun and "." not in sup.noun and entity_of(sup.noun) not in PARTIES
        if fact and target and (entity_of(target.dotted) in PARTIES or "." in target.dotted):
            return target.is_plural  # the noun says what is counted; whoever has the most of it is asked for
        asked = target is not None and target.ask in ("which", "list") and target.is_plural
        return sup.is_plural or (asked and not sup.noun)

    def having(self) -> list[Having]:
        """Tests on the groups' measures; each names its measure."""
        out = []
        for node in self.reading.having:
            subject = self._tested(node)
            name = self.measure(subject).name or COUNT
            if node.every is not None:
                all_of = QuerySpec(entity=node.every, measures=[Measure(fn="count")])
                out.append(Having(measure=name, op="ge", answer=all_of))
            elif node.upper is not None:
                out += [
                    Having(measure=name, op="ge", value=node.value),
                    Having(measure=name, op="le", value=node.upper),
                ]
            else:
                out.append(Having(measure=name, op="ge" if node.op == "approx" else node.op, value=node.value))
        return out

    def _tested(self, node: HavingNode) -> MeasureNode:
        """What a test on groups is about; a number of deals is the number that is counted here."""
        first = self.measure_nodes()[0]
        if node.subject is None:
            return first
        counts = first.fn == "count" or first.metric in ("deals_won", "deals_lost")
        plain = node.subject.fn == "count" and "." not in str(node.subject.dotted)
        return first if plain and counts else node.subject

    def measured_with_having(self) -> str:
        """The entity measured, where a test may be the only measure."""
        if not self.reading.measures and self.reading.having and self.reading.having[0].subject:
            subject = self.reading.having[0].subject
            if subject.metric and not self.lines:
                return self.vocabulary.schema.metrics[subject.metric].entity
        return self.measured()

    def with_having(self) -> list[Measure]:
        """The measures plus those that only a test uses."""
        measures = {m.name: m for m in self.measures()} if self.reading.measures or not self.reading.having else {}
        for node in self.reading.having:
            subject = self._tested(node)
            one = self.measure(subject)
            measures.setdefault(one.name, one)
        return list(measures.values())
