"""What wraps each model and tool call, one small file each. `build_middleware` gives their order, outermost first."""

from typing import Any

from langchain.agents.middleware import AgentMiddleware, ToolErrorMiddleware
from langchain_core.language_models import BaseChatModel

from copilot.memory.spending import Spending
from copilot.memory.summaries import Summaries
from copilot.middleware.digest import Digest
from copilot.middleware.egress import Egress, EgressRules
from copilot.middleware.errors import tell_the_model
from copilot.middleware.fallback import Fallback
from copilot.middleware.history import History
from copilot.middleware.limits import Limits, TurnLimits
from copilot.middleware.meter import Meter
from copilot.middleware.prompt import Prompt
from copilot.middleware.steps import Steps
from copilot.middleware.summary import Summary
from copilot.middleware.tidy import Tidy
from copilot.middleware.verdict import EndOnVerdict
from crm_core.db import AgentStore


def build_middleware(
    fallback: BaseChatModel | None,
    *,
    store: AgentStore,
    egress: EgressRules,
    limits: TurnLimits,
    spending: Spending | None,
    summaries: Summaries | None,
) -> list[AgentMiddleware[Any, Any, Any]]:
    """The middleware of the agent loop.

    Args:
        fallback: answers when the model fails; None: the failure surfaces.
        store: whose people are masked.
        egress: how data may leave for a language model.
        limits: of one turn.
        spending: the cost ledger; None: nothing is entered and nothing capped.
        summaries: what a model made of texts, kept; None: nothing is.
    """
    return [
        History(),
        EndOnVerdict(),
        Limits(limits),
        Steps(),
        *([Fallback(fallback)] if fallback else []),
        Tidy(),
        Summary(),
        Prompt(),
        Digest(limits, summaries),
        Meter(spending),
        Egress(store, egress),
        ToolErrorMiddleware(tell_the_model),
    ]
