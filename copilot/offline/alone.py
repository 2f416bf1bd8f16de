"""A message that tells much beside its question, answered by the question alone; the rest is told as left out."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from copilot.offline.plan import Queries, Query
from copilot.offline.reader import Read, Reader, left_out
from copilot.offline.verdict import Verdict

_MOST_WAYS = 4


def answered_alone(
    text: str, reader: Reader, judge: Callable[[Read], Verdict], in_parts: Callable[[Read], Verdict | None]
) -> Verdict | None:
    """The answer to the question that the message asks; None where it is no other than the message, or has none."""
    for asked in islice(reader.alone(text), _MOST_WAYS):
        read = reader.read(asked.text)
        verdict: Verdict | None = judge(read)
        if verdict is not None and not isinstance(verdict.plan, Query):
            verdict = in_parts(read)
        notes = tuple(left_out(words, read.lang) for words in asked.aside)
        if verdict is not None and isinstance(verdict.plan, Query):
            return replace(verdict, plan=replace(verdict.plan, notes=(*verdict.plan.notes, *notes)))
        if verdict is not None and isinstance(verdict.plan, Queries):
            *first, last = verdict.plan.parts
            told = replace(last, notes=(*last.notes, *notes))
            return replace(verdict, plan=Queries((*first, told)))
    return None
