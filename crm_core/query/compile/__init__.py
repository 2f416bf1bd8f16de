"""One question in, one SELECT out: the only place that turns a `QuerySpec` into SQL.

It knows the registry, the asker's rights and the two databases; it opens no connection. Every row of every table that
it touches is one that exists and that the asker may see.
"""

from datetime import date

from crm_core.access import Actor
from crm_core.query.compile.answers import compile_any
from crm_core.query.compile.checks import check_size
from crm_core.query.compile.context import Context, Money
from crm_core.query.compile.outputs import Compiled
from crm_core.query.spec import QuerySpec
from crm_core.schema import Schema

__all__ = ["Compiled", "Money", "compile_spec"]


def compile_spec(
    spec: QuerySpec,
    *,
    schema: Schema,
    actor: Actor,
    today: date,
    dialect: str,
    base_currency: str,
    money: Money | None = None,
    is_page: bool = False,
    is_few: bool = False,
) -> Compiled:
    """The statement that answers a question, and how to read its rows.

    Args:
        spec: the question.
        schema: the registry of the store that is asked.
        actor: who asks; only what they may read is read.
        today: the day of the question.
        dialect: "sqlite" or "postgresql".
        base_currency: what totals are told in.
        money: what to tell money in when it is not all in the base currency.
        is_page: it is a part of a long list; see `Context`.
        is_few: only a few records of the list are wanted.

    Raises:
        Invalid: a name, operator or value does not fit; the text says what would.
    """
    check_size(spec)
    context = Context(schema, actor, today, dialect, money or Money(base_currency, base_currency), is_page, is_few)
    return compile_any(context, spec)
