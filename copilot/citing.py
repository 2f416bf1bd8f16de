"""Citations: the notes, emails and descriptions that an answer rests on.

They are made by code from the rows that this turn's queries gave the asker, so what is cited was found and may be read.
Nothing that a model writes becomes a citation.
"""

from collections.abc import Iterator, Sequence

from copilot.fence import strip_marks
from copilot.reply import Answer, Citation
from crm_core.models import Kind
from crm_core.query.result import QueryResult, Row

MOST_CITED = 10
LONGEST_QUOTE = 200  # characters


def citations_of(answers: Sequence[Answer]) -> tuple[Citation, ...]:
    """One for each record whose own long text stands in a result, in the order of the rows; at most ten."""
    found = {(one.entity, one.id): one for answer in answers for one in _cited(answer.result)}
    return tuple(found.values())[:MOST_CITED]


def _cited(result: QueryResult) -> Iterator[Citation]:
    own = [at for at, column in enumerate(result.columns) if column.kind is Kind.LONG_TEXT and "." not in column.name]
    for row in result.rows:
        text = next((str(row.values[at]) for at in own if row.values[at]), "")
        if text and row.record_id is not None:
            quote = strip_marks(text).strip()[:LONGEST_QUOTE]
            yield Citation(result.entity, row.record_id, _label(result, row), quote)


def _label(result: QueryResult, row: Row) -> str:
    """The first short text of the row: what it is called, or whom it is about; else what kind of record it is."""
    short = (Kind.TEXT, Kind.REFERENCE, Kind.CHOICE)
    named = (row.values[at] for at, column in enumerate(result.columns) if column.kind in short)
    return next((strip_marks(str(value)) for value in named if value), result.entity)
