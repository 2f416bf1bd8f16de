"""Filters put together: spans of dates, all of several, and records of one kind as alternatives."""

from collections.abc import Iterable

from copilot.offline.compose.reading import Period, RecordTest
from crm_core.query.spec import All, Condition, Filter, Not


def span_filter(field: str, period: Period) -> Filter:
    """A date field within a span, both ends inclusive."""
    span = period.span
    parts: list[Filter] = []
    if span.since is not None:
        parts.append(Condition(field=field, op="ge", value=span.since.isoformat()))
    if span.until is not None:
        parts.append(Condition(field=field, op="le", value=span.until.isoformat()))
    inside = both(parts)
    assert inside is not None, "a span has at least one end"
    return Not(none=inside) if period.negated else inside


def both(parts: Iterable[Filter]) -> Filter | None:
    """All of several filters, not nested; None for none."""
    found = [inner for part in parts for inner in (part.all if isinstance(part, All) else [part])]
    if not found:
        return None
    return found[0] if len(found) == 1 else All(all=found)


def merged(records: Iterable[RecordTest]) -> list[RecordTest]:
    """Several records of one kind are alternatives ("Anna and Boris")."""
    out: list[RecordTest] = []
    for test in records:
        same = next(
            (i for i, o in enumerate(out) if o.entity == test.entity and o.negated == test.negated
             and o.reference == test.reference and o.below == test.below), None,
        )  # fmt: skip
        if same is None:
            out.append(test)
        else:
            kept = out[same]
            out[same] = RecordTest(
                kept.entity, (*kept.names, *test.names), kept.negated, kept.below, kept.reference, kept.text
            )
    return out
