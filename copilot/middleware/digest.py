"""Summaries by a language model rest on the whole history: it is shown with the page, a long one in partial summaries.

Partial summaries are made here, in calls that pass the same meter and masks as any other, and kept until their texts
change. Each sentence of one names lines, and stays only where these lines hold what it says.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from copilot.context import TurnContext
from copilot.conversation import split_turns
from copilot.fence import fence, strip_marks
from copilot.language import without_surrogates
from copilot.ledger import History
from copilot.memory.summaries import Summaries
from copilot.middleware.limits import TurnLimits, share_spent
from copilot.models import name_of
from copilot.offline.model import OfflineModel
from copilot.page import Line, Page
from copilot.summaries.parts import digest, parts_of
from copilot.taint import TAINT
from copilot.wording import renumbered, verified
from copilot.words import sentence
from prompts import fingerprint, render

log = logging.getLogger(__name__)

MOST_SPENT = 0.7  # of a turn's calls, tokens and seconds, after which no further part is read

Handler = Callable[[ModelRequest[TurnContext]], ModelResponse[Any]]


@dataclass(frozen=True)
class Shown:
    """A page with a history that a model is shown.

    Attributes:
        page: as code made it.
        result: of the tool that made it.
        request: that the model is called with.
        handler: calls it.
    """

    page: Page
    result: ToolMessage
    request: ModelRequest[TurnContext]
    handler: Handler

    @property
    def context(self) -> TurnContext:
        """The turn."""
        return self.request.runtime.context

    @property
    def label(self) -> str:
        """Of the record that the page is about."""
        return self.page.about.label if self.page.about else ""

    def key(self, lines: Sequence[Line], *told: str) -> str:
        """Of what the model makes of these lines."""
        return digest(lines, *told, name_of(self.request.model), self.context.lang, self.label)


class Digest(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Adds the history to the page that a model reads, and keeps what it then says of it.

    Args:
        limits: of the turn.
        kept: summaries of texts that have not changed; None: each is made anew.
    """

    def __init__(self, limits: TurnLimits, kept: Summaries | None) -> None:
        super().__init__()
        self._limits = limits
        self._kept = kept

    def wrap_model_call(self, request: ModelRequest[TurnContext], handler: Handler) -> ModelResponse[Any]:
        """The offline planner sums up nothing. A summary that is known is not asked for again."""
        shown = [] if isinstance(request.model, OfflineModel) else list(_shown(request, handler))
        key = _key_of_turn(shown[0]) if shown and _is_alone(request) else None
        known = self._find(key) if key else None
        if known:
            request.runtime.context.ledger.notes.append(sentence("summary_known", request.runtime.context.lang))
            return ModelResponse(result=[AIMessage("\n".join(known))])
        histories = {one.result.tool_call_id: self._history(one) for one in shown}
        answer = handler(request.override(messages=[_with(one, histories) for one in request.messages]))
        if key and histories[shown[0].result.tool_call_id].is_whole:
            self._keep(key, answer, shown[0])
        return answer

    def _history(self, shown: Shown) -> History:
        """The lines behind a page where they are few, else what they come to; asked for once a turn."""
        made, id_ = shown.context.ledger.histories, shown.result.tool_call_id
        if id_ not in made:
            parts, numbers = parts_of(shown.page.history), shown.page.places
            if len(parts) == 1:
                told = [f"[{numbers[line.source]}] {line.text}" for line in parts[0] if line.source]
            else:
                told = self._partials(shown, parts)
            is_whole = len(parts) == 1 or len(told) == len(parts)
            made[id_] = History(fence("\n".join(filter(None, told)), source="history behind the page"), is_whole)
        return made[id_]

    def _partials(self, shown: Shown, parts: Sequence[Sequence[Line]]) -> list[str]:
        """The parts in short, the newest read first and the oldest told first, as far as the turn's limits allow."""
        told: list[str] = []
        for part in reversed(parts):
            said = self._partial(shown, part)
            if said is not None:
                numbers = [shown.page.places[line.source] for line in part if line.source]
                places = dict(enumerate(numbers, 1))
                told.append("\n".join(renumbered(one, places) for one in said))
        if len(told) < len(parts):
            lang = shown.context.lang
            shown.context.ledger.notes.append(sentence("history_part", lang, read=len(told), total=len(parts)))
        return told[::-1]

    def _partial(self, shown: Shown, part: Sequence[Line]) -> tuple[str, ...] | None:
        """A part in sentences with the numbers of its own lines; None: not known, and not read in this turn."""
        key = shown.key(part, "part", fingerprint("part"))
        known = self._find(key)
        if known is not None or share_spent(shown.context, self._limits) >= MOST_SPENT:
            return known
        shown.context.ledger.model_calls += 1
        lines = {at: [line] for at, line in enumerate(part, 1)}
        said = verified(_text_of(shown.handler(_asked(shown, part))), lines, shown.context, about=shown.label)
        told = (shown.context.turn_id, len(part), len(said.sentences), said.dropped)
        log.info("turn=%s part lines=%d sentences=%d dropped=%d", *told)
        self._add(key, said.sentences)
        return said.sentences

    def _keep(self, key: str, answer: ModelResponse[Any], shown: Shown) -> None:
        """A final text; not a step on the way to one."""
        if not any(isinstance(one, AIMessage) and one.tool_calls for one in answer.result):
            said = verified(_text_of(answer), shown.page.numbered, shown.context, about=shown.label)
            self._add(key, said.sentences)

    def _find(self, key: str) -> tuple[str, ...] | None:
        return self._kept.find(key) if self._kept else None

    def _add(self, key: str, sentences: Sequence[str]) -> None:
        """What came to nothing is asked for again another time."""
        if self._kept and sentences:
            self._kept.add(key, sentences)


def _shown(request: ModelRequest[TurnContext], handler: Handler) -> Iterator[Shown]:
    """The pages of this turn that have a history and that no withheld field keeps from a model."""
    pages = request.runtime.context.ledger.pages
    for message in request.messages:
        page = pages.get(message.tool_call_id) if isinstance(message, ToolMessage) else None
        if page and page.history and isinstance(message, ToolMessage) and (message.artifact or {}).get(TAINT):
            yield Shown(page, message, request, handler)


def _is_alone(request: ModelRequest[TurnContext]) -> bool:
    """Whether the turn holds a page and nothing else."""
    return len(split_turns(request.messages)[-1]) == 3 and len(request.runtime.context.ledger.tools) == 1


def _key_of_turn(shown: Shown) -> str:
    """Of the summary itself: what was asked for, and all that it rests on."""
    prompts = [fingerprint(name) for name in ("system", "page", "part")]
    lines = [*shown.page.lines, *shown.page.history]
    return shown.key(lines, "page", *prompts, shown.page.title, shown.context.text)


def _asked(shown: Shown, part: Sequence[Line]) -> ModelRequest[TurnContext]:
    """The call for a part: rules and fenced lines, no tools and nothing else of the conversation."""
    context = shown.context
    if context.on_step is not None:
        context.on_step(sentence("step_part", context.lang))
    told = fence("\n".join(f"[{at}] {line.text}" for at, line in enumerate(part, 1)), source="lines from CRM records")
    marks = {TAINT: True, "fields": (shown.result.artifact or {}).get("fields", ())}
    return shown.request.override(
        system_message=SystemMessage(render("part", language=sentence("language", context.lang))),
        messages=[HumanMessage(told, additional_kwargs=marks)],
        tools=[],
    )


def _with(message: Any, histories: dict[str, History]) -> Any:
    found = histories.get(message.tool_call_id) if isinstance(message, ToolMessage) else None
    return message.model_copy(update={"content": f"{message.text}\n{found.text}"}) if found else message


def _text_of(answer: ModelResponse[Any]) -> str:
    return strip_marks(without_surrogates(str(cast(AIMessage, answer.result[-1]).text)))
