"""The sentences of what was said to, by or about somebody, each with its record, its day and who stands behind it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from copilot.context import TurnContext
from copilot.fence import strip_marks
from copilot.knowledge import Wanted, day_of, text_of
from copilot.labels import entity_label
from copilot.reply import Answer, Citation
from crm_core.models import Interaction, InteractionKind, Role
from crm_core.query.result import QueryResult, Row, Value
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.schema import Entity
from retrieval.chunk import split

MOST_RECORDS = 500  # of each kind, the newest: what is older is left to a narrower period
LONGEST = 240  # characters of a line
_EDGE = re.compile(r"^[\s\-*•·–—]+|\s+$")
_GREETING = re.compile(r"^[^.!?。！？]{0,40}[,，:：!！]$")
_LETTER = re.compile(r"[^\W_]")
_WRITTEN = (InteractionKind.EMAIL, InteractionKind.CHAT)  # by one side; of a call or a meeting we write


@dataclass(frozen=True)
class Quote:
    """A sentence, word for word.

    Attributes:
        text: of it.
        source: its record.
        who: said it or is said to have, as a line names them.
        heads: of a line: the day, what kind of text, with whom.
        day: that it is of.
        is_theirs: somebody on the customer's side says it.
        is_sent: we wrote it to them.
        order: among all quotes, the oldest first.
    """

    text: str
    source: Citation
    who: str
    heads: tuple[str, ...]
    day: date | None
    is_theirs: bool
    is_sent: bool
    order: int = 0

    @property
    def line(self) -> str:
        """As a line tells it."""
        text = self.text if len(self.text) <= LONGEST else f"{self.text[:LONGEST].rstrip()} …"
        return f"{' · '.join(self.heads)}: “{text}”"


@dataclass(frozen=True)
class Looked:
    """What a summary rests on.

    Attributes:
        quotes: the oldest first.
        answers: the queries that gave them.
        read: how many records were read.
        total: how many there are.
    """

    quotes: tuple[Quote, ...]
    answers: tuple[Answer, ...]
    read: int
    total: int


def read_quotes(context: TurnContext, wanted: Wanted, *, asked: str) -> Looked:
    """The sentences of the newest records that hang on what is wanted, as far as the actor may read them."""
    newest = context.knowledge.newest(wanted, actor=context.actor, today=context.today, limit=MOST_RECORDS)
    looked = quotes_of(context, {kind: found.ids for kind, found in newest.items()}, asked=asked)
    return replace(looked, total=sum(found.total for found in newest.values()))


def quotes_of(context: TurnContext, ids: Mapping[str, Sequence[int]], *, asked: str) -> Looked:
    """The sentences of these records, by their kind, as far as the actor may read them."""
    answers = [_answer(context, kind, some, asked) for kind, some in ids.items()]
    quotes = [one for answer in answers for one in _quotes(context, answer.result)]
    ordered = sorted(quotes, key=lambda one: one.day or date.min)
    read = sum(len(answer.result.rows) for answer in answers)
    return Looked(tuple(replace(one, order=at) for at, one in enumerate(ordered)), tuple(answers), read, read)


def _answer(context: TurnContext, kind: str, ids: Sequence[int], asked: str) -> Answer:
    spec = QuerySpec(entity=kind, columns=_columns(context.store.schema.entity(kind)))
    result = run_query(context.store, spec, actor=context.actor, today=context.today, only=ids)
    return Answer(result, query_text=asked, is_quoted=True)


def _columns(entity: Entity) -> list[str]:
    day, title = day_of(entity), entity.by_role(Role.TITLE)
    told = [name for name in ("kind", "direction", "contact", "lead", "user") if name in entity.fields]
    wanted = [day.name if day else None, *told, title.name if title else None, text_of(entity).name]
    return [name for name in wanted if name]


def _quotes(context: TurnContext, result: QueryResult) -> Iterator[Quote]:
    entity = context.store.schema.entity(result.entity)
    names = [column.name for column in result.columns]
    for row in result.rows:
        values = dict(zip(names, row.values, strict=True))
        text = str(values[text_of(entity).name] or "")
        for piece in split(text):
            for said in piece.sentences:
                bare = _EDGE.sub("", strip_marks(said))
                if _says_something(bare):
                    yield _quote(context, entity, row, values, bare, piece.speaker)


def _says_something(sentence: str) -> bool:
    return len(_LETTER.findall(sentence)) >= 4 and not _GREETING.match(sentence)


def _quote(
    context: TurnContext, entity: Entity, row: Row, values: dict[str, Value], text: str, speaker: str | None
) -> Quote:
    day_field, title = day_of(entity), entity.by_role(Role.TITLE)
    day = values[day_field.name] if day_field else None
    contact, user = str(values.get("contact") or values.get("lead") or ""), str(values.get("user") or "")
    kind = str(values.get("kind") or entity_label(entity.name, context.lang, count=1))
    is_written = entity.model is Interaction and values["kind"] in _WRITTEN
    is_theirs = is_written and values["direction"] == "in"
    if speaker:
        is_theirs = speaker.casefold() != user.casefold()
    who = speaker or (contact if is_theirs else user if is_written else "")
    between = [who or contact, *([contact] if is_written and not is_theirs and contact else [])]
    heads = [day.isoformat() if isinstance(day, date) else "", kind, strip_marks(" → ".join(filter(None, between)))]
    label = str(values.get(title.name) or "") if title else ""
    return Quote(
        text=text,
        source=Citation(entity.name, row.record_id or 0, strip_marks(label or kind), text),
        who=who,
        heads=tuple(head for head in heads if head),
        day=day if isinstance(day, date) else None,
        is_theirs=is_theirs,
        is_sent=is_written and not is_theirs,
    )
