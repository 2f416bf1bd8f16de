"""What the agent costs beside its model: CPU of a turn with two tool calls, conversation memory and all middleware.

The model is scripted and takes no time; the tools, the store, the checks and the memory are the real ones.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

TURNS, WARM = 60, 10
LIMIT_MS = 40.0
TODAY = date(2017, 11, 15)
COUNT = {"entity": "deal", "group_by": [{"field": "stage"}], "measures": [{"fn": "count"}]}
LIST = {"entity": "deal", "columns": ["name", "amount", "stage", "owner"], "limit": 20}


class Scripted(BaseChatModel):
    """Asks for a list, then for counts, then answers."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Take whatever tools there are."""
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        done = 0
        while isinstance(messages[-1 - 2 * done], ToolMessage):
            done += 1
        message = AIMessage("Here they are.")
        if done < 2:
            call = {"name": "query_crm", "args": {"spec": (LIST, COUNT)[done]}, "id": f"c{len(messages)}"}
            message = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=message)])


def main() -> int:
    """Print the figures; 1 where the median is over the limit."""
    from copilot.agent import Copilot
    from copilot.egress import EgressLog
    from copilot.memory.engine import Conversations
    from copilot.memory.saver import LatestSaver
    from copilot.memory.spending import Prices, Spending
    from copilot.middleware.egress import EgressRules
    from copilot.models import offline_model
    from crm_core.access import ADMIN
    from crm_core.demo import build_company
    from crm_core.setup import create_store
    from crm_core.transfer import load_rows

    with tempfile.TemporaryDirectory(prefix="farley-bench-") as folder:
        store = create_store(f"sqlite:///{Path(folder) / 'farley.db'}")
        load_rows(store, build_company(TODAY), actor=ADMIN, door="bench", summary="the demo company")
        talk = Path(folder) / "conversations.db"
        kept = Conversations(f"sqlite:///{talk}")
        copilot = Copilot(
            Scripted(),
            store.for_agent,
            checkpointer=LatestSaver(kept),
            fallback=offline_model(store.for_agent),
            egress=EgressRules(log=EgressLog(talk)),
            spending=Spending(kept, Prices(daily_cap=Decimal(1))),
        )
        cpu, wall = [], []
        for number in range(WARM + TURNS):
            begun, clock = time.process_time(), time.perf_counter()
            reply = copilot.ask(f"question {number}", thread="t", actor=ADMIN, today=TODAY)
            cpu.append((time.process_time() - begun) * 1000)
            wall.append((time.perf_counter() - clock) * 1000)
            assert len(reply.answers) == 2, reply
        kept.close()
        store.close()
    median, worst = statistics.median(cpu[WARM:]), statistics.quantiles(cpu[WARM:], n=20)[-1]
    verdict = "ok" if median <= LIMIT_MS else "SLOW"
    told = f"{median:.1f} ms CPU (p95 {worst:.1f}), {statistics.median(wall[WARM:]):.1f} ms wall"
    print(f"agent: a turn of two tool calls: {told}; limit {LIMIT_MS:.0f} ms CPU: {verdict}")
    return 0 if median <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
