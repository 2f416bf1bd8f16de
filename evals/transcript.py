"""Transcripts: all that happened in one case, told by the replies, the loop's own callbacks and the store."""

from dataclasses import dataclass, field
from typing import Any

from evals.state import Difference

Json = dict[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """A tool call and what it gave, as the model was told."""

    name: str
    args: Json
    result: str = ""


@dataclass(frozen=True)
class Took:
    """What a turn took: calls of the model, its tokens (0: offline), the cost in the unit of the prices, the time."""

    model_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    ms: float = 0.0


@dataclass(frozen=True)
class Exchange:
    """One turn.

    Attributes:
        actor: who.
        said: to the agent; "" for an act.
        reply: the JSON object of the command line; {} for an act.
        act: approve, reject or undo.
        outcome: of the act: done, or refused with the reason.
        tools: called in this turn.
        shown: all texts that a language model was shown, for leaks.
        took: what it took.
        failure: of the model, where nothing came of the turn but an error.
    """

    actor: str
    said: str = ""
    reply: Json = field(default_factory=dict)
    act: str | None = None
    outcome: str = ""
    tools: tuple[ToolCall, ...] = ()
    shown: str = ""
    took: Took = Took()
    failure: str = ""


@dataclass(frozen=True)
class Transcript:
    """One case.

    Attributes:
        exchanges: the turns.
        differences: of the customer records at the end from those at the beginning.
        approved: what people approved and left in force: the changes that should be all of the differences.
        strays: what was written that no person decided on, in words; [] as it must be.
        waiting: how many proposals of the case wait at the end.
        applied: how many were applied, undone ones too.
        stored: what the queries of the case gave at the end, a list each.
        untainted: how many of those that wait do not say that untrusted text had been read.
        error: what ended the case early: it hung, it broke.
    """

    exchanges: tuple[Exchange, ...]
    differences: tuple[Difference, ...] = ()
    approved: tuple[Json, ...] = ()
    strays: tuple[str, ...] = ()
    waiting: int = 0
    applied: int = 0
    stored: tuple[Any, ...] = ()
    untainted: int = 0
    error: str = ""

    @property
    def replies(self) -> tuple[Json, ...]:
        """To what was said, in order."""
        return tuple(one.reply for one in self.exchanges if one.reply)

    @property
    def reply(self) -> Json:
        """The last one."""
        return self.replies[-1] if self.replies else {"status": "error", "text": self.error}

    @property
    def tools(self) -> tuple[ToolCall, ...]:
        """Of all turns."""
        return tuple(call for one in self.exchanges for call in one.tools)

    @property
    def took(self) -> Took:
        """All turns together, but the time of the slowest."""
        each = [one.took for one in self.exchanges]
        return Took(
            sum(one.model_calls for one in each),
            sum(one.tokens_in for one in each),
            sum(one.tokens_out for one in each),
            sum(one.cost for one in each),
            max((one.ms for one in each), default=0.0),
        )
