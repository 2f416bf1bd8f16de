"""What stands between the agent and a model vendor: nothing personal leaves as it is, and all that leaves is logged."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AnyMessage, ToolMessage

from copilot.context import TurnContext
from copilot.egress.log import EgressLog, Sent, digest
from copilot.egress.messages import as_received, as_sent, system_as_sent
from copilot.egress.people import People, PeopleOf
from copilot.egress.stand_ins import StandIns
from copilot.egress.withheld import Withheld
from copilot.models import name_of
from copilot.offline.model import OfflineModel
from copilot.taint import is_tainted
from crm_core.db import AgentStore


@dataclass(frozen=True)
class EgressRules:
    """How data may leave for a language model.

    Attributes:
        key: the store's secret that stand-ins are made with.
        withheld: fields that must not leave.
        log: of what left; None: none is kept.
    """

    key: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    withheld: Withheld = field(default_factory=Withheld)
    log: EgressLog | None = None


class Egress(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """Masks what a language model is sent and puts the real values back into what it says.

    The innermost wrapper: nothing is added to a request after it. The offline planner is no vendor and sees all.
    """

    def __init__(self, store: AgentStore, rules: EgressRules) -> None:
        super().__init__()
        self._people = PeopleOf(store)
        self._rules = rules

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Call a language model with stand-ins for people, emails and phones."""
        if isinstance(request.model, OfflineModel):
            return handler(request)
        context = request.runtime.context
        context.ledger.is_tainted |= any(map(is_tainted, request.messages))
        stand_ins = StandIns(self._people(), _of_conversation(self._rules.key, context.thread))
        sent = request.override(
            messages=as_sent(request.messages, stand_ins),
            system_message=system_as_sent(request.system_message, context.actor.name, _asker(context, stand_ins)),
        )
        self._log(sent, fields=_fields_of(request.messages), stand_ins=stand_ins)
        answer = handler(sent)
        received = [as_received(message, stand_ins) for message in answer.result]
        return ModelResponse(result=received, structured_response=answer.structured_response)

    def _log(self, sent: ModelRequest[TurnContext], *, fields: tuple[str, ...], stand_ins: StandIns) -> None:
        if self._rules.log is None:
            return
        context = sent.runtime.context
        messages = [*([sent.system_message] if sent.system_message else []), *sent.messages]
        sha256, characters = digest(messages)
        self._rules.log.add(
            Sent(
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                turn=context.turn_id,
                actor=context.actor.id,
                model=name_of(sent.model),
                sha256=sha256,
                messages=len(messages),
                characters=characters,
                fields=fields,
                stand_ins=stand_ins.count(),
            )
        )


def _of_conversation(key: bytes, thread: str) -> bytes:
    """A key of the conversation's own: a vendor cannot tell that two conversations speak of the same person."""
    return hmac.digest(key, thread.encode("utf-8", "surrogatepass"), "sha256")


def _asker(context: TurnContext, stand_ins: StandIns) -> str:
    """What the person who asks is called in front of a vendor; the built-in administrator is nobody."""
    people = People()
    people.add_names([context.actor.name] if context.actor.id else [])
    return StandIns(people, stand_ins.key, given=stand_ins.given).mask(context.actor.name)


def _fields_of(messages: list[AnyMessage]) -> tuple[str, ...]:
    marks = (
        message.artifact if isinstance(message, ToolMessage) else message.additional_kwargs for message in messages
    )
    return tuple(dict.fromkeys(name for marked in marks for name in (marked or {}).get("fields", ())))
