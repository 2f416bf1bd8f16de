"""TurnContext: what one turn stands on. Tools and middleware get it from the runtime, never from the model."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import uuid4

from copilot.egress.withheld import Withheld
from copilot.knowledge import Knowledge
from copilot.ledger import Ledger
from copilot.memory.dismissals import Dismissals
from crm_core.access import Actor
from crm_core.db import AgentStore

Lang = Literal["en", "zh"]


@dataclass(frozen=True)
class TurnContext:
    """One turn.

    Attributes:
        store: the CRM.
        actor: who asks; made by the door.
        today: the day that relative dates count from.
        lang: of the question, and so of the answer.
        text: the question, cleaned.
        thread: key of the conversation, the actor included.
        knowledge: finds passages in the texts of the CRM.
        withheld: fields that no language model is shown.
        dismissals: what people set aside; None: nothing can be.
        turn_id: of this turn, in logs and receipts.
        door: what the request came through.
        model: name of the model that answers.
        ledger: what this turn's tools did; it is filled as they run.
        on_step: is told what goes on, for a person who waits; None: nobody listens.
        started_s: when it began, on the monotonic clock.
    """

    store: AgentStore
    actor: Actor
    today: date
    lang: Lang
    text: str
    thread: str
    knowledge: Knowledge
    door: str = "cli"
    model: str = "offline"
    withheld: Withheld = field(default_factory=Withheld)
    dismissals: Dismissals | None = None
    turn_id: str = field(default_factory=lambda: uuid4().hex[:12])
    ledger: Ledger = field(default_factory=Ledger, compare=False)
    on_step: Callable[[str], None] | None = field(default=None, compare=False)
    started_s: float = field(default_factory=time.monotonic, compare=False)
