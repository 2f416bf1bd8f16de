"""Solvers: whatever answers a case. One reply a turn, as the command line's JSON."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from copilot.serialise import reply_to_json
from crm_core.users import actor_for
from evals.case import Case

if TYPE_CHECKING:
    from copilot.agent import Copilot
    from crm_core.db import Store

Solver = Callable[[Case], list[dict[str, Any]]]


def copilot_solver(copilot: "Copilot", store: "Store") -> Solver:
    """Ask the agent itself, each case in a conversation of its own."""

    def solve(case: Case) -> list[dict[str, Any]]:
        actor = actor_for(store, case.actor)
        thread = f"eval:{case.source}:{case.id}"
        return [
            reply_to_json(copilot.ask(turn, thread=thread, actor=actor, today=case.today), id=case.id)
            for turn in case.turns
        ]

    return solve
