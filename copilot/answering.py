"""A spec answered for the person of a turn, with the spec in words beside it."""

from collections.abc import Sequence

from copilot.context import TurnContext
from copilot.labels import labels
from copilot.reply import Answer
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.query.words import spec_in_words


def answer_to(context: TurnContext, spec: QuerySpec, *, only: Sequence[int] | None = None) -> Answer:
    """What `spec` finds among what the actor may see.

    Args:
        context: the turn.
        spec: to run.
        only: ids of the records that may be among them; the spec then has no limit.
    """
    result = run_query(context.store, spec, actor=context.actor, today=context.today, only=only)
    return Answer(result=result, query_text=in_words(context, spec))


def in_words(context: TurnContext, spec: QuerySpec) -> str:
    """The question as it was understood, in the person's language."""
    told = labels(context.lang)
    return spec_in_words(spec, context.store.schema, today=context.today, lang=context.lang, labels=told)
