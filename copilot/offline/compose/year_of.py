"""A year that a record keeps: "in which year was Acme set up", "when was it founded"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.tags import T
from crm_core.models import Kind


def year_kept(c: Composer) -> None:
    """The column that holds it is asked for, and no grouping by the year."""
    years = [k for k in range(len(c.items)) if c.fields_at(k, lambda f: f.kind is Kind.YEAR)]
    if len(years) != 1 or not any(c.each(T.RECORD, T.PRONOUN)) or any(c.each(T.SUP, T.OP, T.COMPARATIVE)):
        return
    for at, _, _ in list(c.each(T.ASK)):
        if c.has(at, T.ASK, "when"):
            c.own(at)
        elif c.has(at, T.ASK, "which", "what") and (c.has(at + 1, T.UNIT, "year") or c.has(at + 1, T.BUCKET, "year")):
            c.own(at, at + 1)
