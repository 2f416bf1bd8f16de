"""What was said: passages of emails, calls, meetings and notes, each with its record, its day and who said it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from langchain.tools import tool
from pydantic import Field

from copilot.context import TurnContext
from copilot.knowledge import About, Wanted, check_kinds, day_of, text_of
from copilot.labels import entity_label
from copilot.reply import Answer
from copilot.table import to_artifact, to_markdown
from copilot.tools.base import Args, Runtime
from copilot.tools.records import find_one
from copilot.words import sentence
from crm_core.errors import Invalid, NotFound
from crm_core.models import Kind, Role
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.schema import Entity
from retrieval.document import Passage

PASSAGES = 8
_BY_ID = re.compile(r"#(\d{1,19})")


class SearchArgs(Args):
    """Arguments of search_history."""

    query: str = Field(min_length=1, max_length=500)
    about: list[str] = Field(default=[], max_length=5, description='records it hangs on, e.g. "account:Acme"')
    kinds: list[str] = Field(default=[], max_length=8)
    since: date | None = None
    until: date | None = None


@tool(args_schema=SearchArgs, response_format="content_and_artifact")
def search_history(
    query: str, about: list[str], kinds: list[str], since: date | None, until: date | None, runtime: Runtime
) -> tuple[str, dict[str, Any]]:
    """Find what was said or written, in emails, calls, meetings and notes."""
    context = runtime.context
    check_kinds(kinds, context.store.schema)
    found = [find_about(context, one) for one in about]
    wanted = Wanted(query, tuple(one for one, _ in found), tuple(kinds), since, until)
    passages = context.knowledge.search(wanted, actor=context.actor, today=context.today, limit=PASSAGES)
    asked = _in_words(context, wanted, [label for _, label in found])
    answers = quoted(context, passages, asked)
    texts, artifacts = [], []
    for number, answer in enumerate(answers):
        context.ledger.answers[f"{runtime.tool_call_id}" if not number else f"{runtime.tool_call_id}/{number}"] = answer
        shown = context.withheld.shown(answer, context.store.schema)
        texts.append(to_markdown(shown))
        artifacts.append(to_artifact(answer, shown, context.store.schema))
    return "\n\n".join(texts), artifacts[0]


def find_about(context: TurnContext, wanted: str) -> tuple[About, str]:
    """The record that "account:Acme" or "account:#12" means, and what it is called.

    Raises:
        Ambiguous: several fit.
        Invalid: it does not say which kind of record.
        NotFound: none does, or the actor may not see it.
    """
    kind, colon, name = wanted.partition(":")
    if not colon or not name.strip():
        raise Invalid(f"{wanted!r} does not say which kind of record; write it as account:{wanted}.")
    entity = context.store.schema.entity(kind.strip())
    numbered = _BY_ID.fullmatch(name.strip())
    id_ = int(numbered[1]) if numbered else find_one(context, entity, name.strip())[1].record_id
    spec = QuerySpec(entity=entity.name, columns=[_title(entity), "external_id"])
    rows = run_query(context.store, spec, actor=context.actor, today=context.today, only=[id_ or 0]).rows
    if not rows:
        raise NotFound(f"There is no {entity.name} {name.strip()}.")
    return About(entity.name, rows[0].record_id or 0), str(rows[0].values[0] or rows[0].values[1])


def quoted(context: TurnContext, passages: Sequence[Passage], asked: str) -> list[Answer]:
    """Passages as answers: a result for each kind of record, in the order of the best passage; one at least.

    The records are read again by the actor's rights: what may not be seen by now, or is gone, is left out.
    """
    schema = context.store.schema
    kinds = dict.fromkeys(passage.source.kind for passage in passages) or {"interaction": None}
    return [
        Answer(
            _result(context, schema.entity(kind), [one for one in passages if one.source.kind == kind]),
            query_text=asked,
            is_quoted=True,
        )
        for kind in kinds
    ]


def _result(context: TurnContext, entity: Entity, passages: Sequence[Passage]) -> QueryResult:
    text = text_of(entity)
    spec = QuerySpec(entity=entity.name, columns=_columns(entity))
    ids = list(dict.fromkeys(passage.source.id for passage in passages))
    result = run_query(context.store, spec, actor=context.actor, today=context.today, only=ids)
    rows = {row.record_id: row for row in result.rows}
    at = [column.name for column in result.columns].index(text.name)
    told = []
    for passage in passages:
        row = rows.get(passage.source.id)
        if row is not None:
            values = (*row.values[:at], passage.text, *row.values[at + 1 :])
            told.append(replace(row, values=values))
    return replace(result, rows=tuple(told), total=len(told))


def _columns(entity: Entity) -> list[str]:
    """The day, what kind it is, with whom, the title, and the text."""
    day, title = day_of(entity), entity.by_role(Role.TITLE)
    named = [name for name in ("kind", "account", "contact") if name in entity.fields]
    wanted = [day.name if day else None, *named, title.name if title else None, text_of(entity).name]
    return [name for name in wanted if name]


def _title(entity: Entity) -> str:
    title = entity.by_role(Role.TITLE)
    return title.name if title else next(name for name, one in entity.fields.items() if one.kind is Kind.TEXT)


def _in_words(context: TurnContext, wanted: Wanted, labels: Sequence[str]) -> str:
    """What was looked for, in words."""
    parts = [sentence("searched", context.lang, query=wanted.text)]
    if labels:
        parts.append(sentence("searched_about", context.lang, names=" + ".join(labels)))
    if wanted.kinds:
        parts.append(
            " / ".join(
                entity_label(kind, context.lang) if kind in context.store.schema.entities else kind
                for kind in wanted.kinds
            )
        )
    if wanted.since or wanted.until:
        parts.append(f"{wanted.since or '…'} – {wanted.until or '…'}")
    return ("，" if context.lang == "zh" else ", ").join(parts)
