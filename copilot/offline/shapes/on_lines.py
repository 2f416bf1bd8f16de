"""What is measured over the lines of deals, where only these tell the product: their own money, never the deal's.

A deal with three lines would count its amount three times. Numbers of deals stay numbers of different deals.
"""

from typing import TYPE_CHECKING

from copilot.offline.compose.composer import entity_of
from copilot.offline.lines import PRODUCT, Lines, find_lines, money_of
from copilot.offline.routes import find_route
from copilot.offline.where import Unreachable, seen_from
from crm_core.models import Kind, Role
from crm_core.query.spec import Measure, QuerySpec

if TYPE_CHECKING:
    from copilot.offline.shapes.builder import Builder

_SHAPES = frozenset(
    {"scalar", "grouped", "ranking", "ranked_values", "having", "count_of_groups", "top_groups", "top_per_group",
     "average_per", "side_by_side", "periods_side_by_side", "mix", "share", "top_share", "change", "top_change", "gap"}
)  # fmt: skip

_PARTS = frozenset({"mix", "top_share"})


def fits(shape: str, b: "Builder") -> bool:
    """Whether a question of this shape can be measured over lines, where it has to be."""
    if not b.counts_or_measures() or b.lines is None:
        return True
    if shape in _PARTS and not _sums_money(b):
        return False  # a deal with three products would be a part of each of them
    return shape in _SHAPES


def lines_for(b: "Builder", fact: str) -> Lines | None:
    """The lines that the measures are to be taken over; None: over the facts themselves."""
    if (whole := _whole(b, fact)) is not None:
        return find_lines(b.vocabulary, whole)  # their own quantity is measured
    lines = find_lines(b.vocabulary, fact)
    if lines is None:
        return None
    sup, target = b.reading.sup, b.reading.target
    grouped = [g.dotted for g in b.reading.groups] + [sup.noun if sup else None, target.dotted if target else None]
    if any(_is_on(b, lines, noun) for noun in grouped if noun):
        return lines
    return lines if tests_lines(b, lines) and _sums_money(b) and not names_facts(b, fact) else None


def _whole(b: "Builder", entity: str) -> str | None:
    """What these are the lines of; None where they are no lines."""
    targets = [f.target for f in b.vocabulary.schema.entities[entity].fields.values() if f.target]
    found = [lines.whole for t in targets if (lines := find_lines(b.vocabulary, t)) and lines.entity == entity]
    return next(iter(found), None)


def tests_lines(b: "Builder", lines: Lines) -> list[str]:
    """The words of the tests that only a line can pass."""
    tests = [(t.dotted, t.text) for t in b.reading.fields] + [
        (t.reference or t.entity, t.text) for t in b.reading.records
    ]
    return [text for noun, text in tests if _is_on(b, lines, noun)]


def names_facts(b: "Builder", fact: str) -> bool:
    """Whether whole deals are spoken of: "the value of deals with X"."""
    target = b.reading.target
    return fact in b.reading.facts or (target is not None and target.dotted == fact)


def dated_by(b: "Builder", lines: Lines) -> str | None:
    """The date that a period means of what is sold on such lines."""
    metrics = b.vocabulary.schema.metrics.values()
    return next((f"{m.entity}.{m.dated_by}" for m in metrics if m.entity == lines.whole and m.dated_by), None)


def seen_on(b: "Builder", lines: Lines, measure: Measure) -> Measure:
    """A measure of deals as it is taken over their lines.

    Raises:
        Unreachable: it is no sum and no number of deals, so that lines do not tell it.
    """
    metric = b.vocabulary.schema.metrics.get(measure.metric or "")
    plain = measure if metric is None else metric.measure.model_copy(update={"name": metric.name})
    amount = b.vocabulary.schema.entities[lines.whole].by_role(Role.AMOUNT)
    field: str | None = None
    if plain.fn == "count" and plain.field is None:
        field = lines.up
    elif plain.fn == "count":
        field = f"{lines.up}.{plain.field}"
    elif plain.fn == "sum" and amount is not None and plain.field == amount.name:
        field = money_of(b.vocabulary, lines)
    if field is None:
        raise Unreachable(PRODUCT)
    return plain.model_copy(
        update={
            "field": field,
            "weight": f"{lines.up}.{plain.weight}" if plain.weight else None,
            "where": seen_from(plain.where, (lines.up,)) if plain.where is not None else None,
            "over": seen_on(b, lines, plain.over) if plain.over is not None else None,
        }
    )


def whose_money(b: "Builder", spec: QuerySpec) -> list[tuple[str, dict[str, str]]]:
    """What to tell of a sum of money where some lines are meant: theirs alone, or that of the whole deals."""
    lines = find_lines(b.vocabulary, spec.entity) or (b.lines if b.lines and b.lines.entity == spec.entity else None)
    if lines is None or not b.reading.measures or not _is_money(b):
        return []
    what = list(dict.fromkeys(word for word in tests_lines(b, lines) if word))
    return [("lines_only" if b.lines else "whole_deals", {"what": ", ".join(what)})] if what else []


def _is_money(b: "Builder") -> bool:
    field, metrics = b.vocabulary.field, b.vocabulary.schema.metrics
    kinds = [metrics[m.metric].kind if m.metric else field(str(m.dotted)).kind
             for m in b.measure_nodes() if m.metric or "." in str(m.dotted)]  # fmt: skip
    return Kind.MONEY in kinds


def _is_on(b: "Builder", lines: Lines, noun: str) -> bool:
    """Whether an entity or a field is reached from the facts by their lines alone."""
    if noun.startswith("bucket:"):
        return False
    route = find_route(b.vocabulary, lines.whole, entity_of(noun.split(".")[0]))
    return route is not None and route.part == lines.relation


def _sums_money(b: "Builder") -> bool:
    metrics = b.vocabulary.schema.metrics
    return any((metrics[node.metric].measure.fn if node.metric else node.fn) == "sum" for node in b.measure_nodes())
