"""Questions that no figure answers: of what has not happened yet, a rate of no rate, a day of nothing."""

from datetime import date

from copilot.offline.shapes import Builder
from crm_core.models.base import Kind


def is_ill_posed(builder: Builder, today: date) -> bool:
    """Whether the reading asks for what cannot be told, whatever the data holds."""
    ahead = _is_ahead(builder, today) or _wants_a_rate(builder)
    return ahead or _counts_what(builder) or _asks_when_of_nothing(builder)


def _is_ahead(builder: Builder, today: date) -> bool:
    """Whether what has happened is asked for a time to come: "how many deals will we win next year"."""
    reading = builder.reading
    closed = any(set(state.kinds) <= {"won", "lost"} and not state.negated for state in reading.states)
    dated = builder.dated_by() in ("deal.closed_on", "deal.started_on") if reading.measures else closed
    periods = [p for p in reading.periods if p.dotted is None and not p.negated]
    return dated and any(p.span.is_future_form and p.span.since is not None and p.span.since > today for p in periods)


def _wants_a_rate(builder: Builder) -> bool:
    """Whether a percentage is asked for where nothing that is measured is one."""
    reading, metrics = builder.reading, builder.vocabulary.schema.metrics
    rates = any(m.metric and metrics[m.metric].is_ratio for m in reading.measures)
    told = rates or reading.share or reading.change or reading.contrast or reading.gap
    told = told or any(m.dotted and "ratio" in m.dotted for m in reading.measures)
    return reading.percent and bool(reading.measures) and not told


def _counts_what(builder: Builder) -> bool:
    """Whether a company's own field stands beside a count without saying what about it: "how many did we invoice"."""
    reading = builder.reading
    own = any("." in dotted and builder.vocabulary.field(dotted).is_custom for dotted in reading.columns)
    of_one = [r.entity for r in reading.records] == [dotted.split(".")[0] for dotted in reading.columns]
    return own and not of_one and "count" in reading.asks and not reading.measures and not reading.sup


def _asks_when_of_nothing(builder: Builder) -> bool:
    """Whether a day or year is asked for of a record, and no date of it was found to be meant."""
    reading = builder.reading
    fields = [builder.vocabulary.field(dotted) for dotted in reading.columns if "." in dotted]
    dates = any(field.is_date or field.kind is Kind.YEAR for field in fields)
    told = dates or reading.measures or reading.groups or reading.sup
    return "when" in reading.asks and bool(reading.records) and not told
