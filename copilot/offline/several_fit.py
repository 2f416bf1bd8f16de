"""A question about one record that several fit: which of them is meant."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import prompts
from copilot.offline.coverage import points_at_one
from copilot.offline.plan import Clarify, Query
from copilot.offline.tags import Tag
from copilot.offline.verdict import Verdict, asks_about_one
from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec

_MOST_OFFERED = 4


def one_of_several(
    verdict: Verdict, tags: Sequence[Tag], lang: str, run: Callable[[QuerySpec], QueryResult]
) -> Verdict:
    """The verdict, or a question which of several records is meant.

    Args:
        verdict: on the question.
        tags: of its words.
        lang: "en" or "zh".
        run: answers a query.
    """
    plan = verdict.plan
    pointed = points_at_one(tags, verdict.shape)
    if not isinstance(plan, Query) or not (pointed or asks_about_one(verdict.reading, verdict.shape)):
        return verdict
    found = run(plan.spec.model_copy(update={"limit": _MOST_OFFERED + 1})).rows
    if len(found) < 2:
        return verdict
    question = prompts.load_yaml("planner")[lang]["which_field"]
    return replace(verdict, plan=Clarify(question, tuple(str(row.values[0]) for row in found[:_MOST_OFFERED])))
