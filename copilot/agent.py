"""Copilot: the one door to the agent. It answers and proposes; it can approve nothing."""

import hashlib
import logging
import time
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Any
from uuid import uuid4

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver

from copilot.context import Lang, TurnContext
from copilot.conversation import split_turns
from copilot.knowledge import Knowledge
from copilot.language import MAX_CHARACTERS, clean, language_of
from copilot.memory.dismissals import Dismissals
from copilot.memory.spending import Spending
from copilot.memory.summaries import Summaries
from copilot.middleware import build_middleware
from copilot.middleware.egress import EgressRules
from copilot.middleware.limits import TurnLimits
from copilot.middleware.turn_log import log_turn
from copilot.models import name_of
from copilot.outcome import error_reply, reply_of
from copilot.reply import Reply, Status
from copilot.tools import PROPOSE, READ
from copilot.unread import UnreadWords
from copilot.words import sentence, sentences
from crm_core.access import Actor
from crm_core.db import AgentStore
from crm_core.errors import CrmError

log = logging.getLogger(__name__)

_LOCKS = 64


class Copilot:
    """Answers people about one store.

    Args:
        model: a chat model, the offline one included (`copilot.models.build_model`).
        store: the CRM.
        checkpointer: keeps conversations; None: they last as long as this object.
        fallback: answers when `model` fails.
        egress: how data may leave for a language model; None: masked, and no log is kept.
        is_local_only: the operator lets no language model answer; each receipt says so.
        limits: of one turn, beside the number of calls.
        spending: what turns cost is entered here, and capped; None: neither.
        unread: keeps the words that the offline planner could not read; None: nothing is kept.
        knowledge: finds what was said; None: by words alone.
        summaries: keeps what a language model made of texts; None: it is made anew each time.
        dismissals: keeps what people set aside; None: nothing can be.
        renew: is called before each turn, and may let it `use` another model.
    """

    def __init__(
        self,
        model: BaseChatModel,
        store: AgentStore,
        *,
        checkpointer: BaseCheckpointSaver[Any] | None = None,
        fallback: BaseChatModel | None = None,
        egress: EgressRules | None = None,
        is_local_only: bool = False,
        limits: TurnLimits | None = None,
        spending: Spending | None = None,
        unread: UnreadWords | None = None,
        knowledge: Knowledge | None = None,
        summaries: Summaries | None = None,
        dismissals: Dismissals | None = None,
        renew: "Callable[[Copilot], None] | None" = None,
    ) -> None:
        self._store = store
        self.knowledge = knowledge or Knowledge(store)
        self._dismissals = dismissals
        self._unread = unread
        self._renew = renew
        self._checkpointer = checkpointer or InMemorySaver()
        self._locks = [Lock() for _ in range(_LOCKS)]
        self.use(
            model, fallback=fallback, egress=egress, is_local_only=is_local_only, limits=limits, spending=spending,
            summaries=summaries,
        )  # fmt: skip

    def use(
        self,
        model: BaseChatModel,
        *,
        fallback: BaseChatModel | None = None,
        egress: EgressRules | None = None,
        is_local_only: bool = False,
        limits: TurnLimits | None = None,
        spending: Spending | None = None,
        summaries: Summaries | None = None,
    ) -> None:
        """Answer with this from the next turn on; a turn that runs ends as it began. Arguments as of the class."""
        self._egress = egress or EgressRules()
        self._is_local_only = is_local_only
        self._model_name = name_of(model)
        self._agent = create_agent(
            model,
            [*READ, *PROPOSE],
            middleware=build_middleware(
                fallback,
                store=self._store,
                egress=self._egress,
                limits=limits or TurnLimits(),
                spending=spending,
                summaries=summaries,
            ),
            context_schema=TurnContext,
            checkpointer=self._checkpointer,
        )

    def ask(
        self,
        text: str,
        *,
        thread: str,
        actor: Actor,
        today: date,
        door: str = "cli",
        on_step: Callable[[str], None] | None = None,
    ) -> Reply:
        """Answer `text` in the conversation `thread`.

        Nothing raises for what a person may type. An expected error becomes a reply that says what would be right; a
        bug is logged with an id, and the reply gives the id.

        Args:
            text: what the person wrote; at most 4,000 characters are read.
            thread: any name of the conversation. It is the actor's own: the same name is another one for another actor.
            actor: who asks, authenticated by the door.
            today: the day that "last quarter" counts from.
            door: what the request came through.
            on_step: is told what goes on while a turn runs, a short line each in the person's language. Never words of
                the answer: what is shown has been checked (`docs/decisions/0009`).
        """
        started = time.perf_counter()
        too_long = len(text) > 2 * MAX_CHARACTERS or len(text.strip()) > MAX_CHARACTERS
        text = clean(text[:MAX_CHARACTERS])
        turn = self.context(
            actor=actor, today=today, lang=language_of(text), text=text, thread=_key(thread, actor), door=door,
            on_step=on_step,
        )  # fmt: skip
        if self._is_local_only:
            turn.ledger.notes.append(sentence("local_only", turn.lang))
        if too_long or not text:
            reply = _no_question(turn, is_empty=not text and not too_long)
        else:
            with self._thread_lock(turn):
                reply = self._guarded_turn(turn)
        reply = replace(reply, elapsed_ms=round((time.perf_counter() - started) * 1000))
        if self._unread is not None:
            self._unread.take(turn, reply)
        log_turn(turn, reply, model=turn.model)
        return reply

    def context(
        self,
        *,
        actor: Actor,
        today: date,
        lang: Lang,
        door: str,
        text: str = "",
        thread: str = "",
        on_step: Callable[[str], None] | None = None,
    ) -> TurnContext:
        """What a turn stands on, and a brief or a report that a door shows outside a conversation. See `ask`."""
        if self._renew is not None:
            self._renew(self)
        return TurnContext(
            store=self._store,
            actor=actor,
            today=today,
            lang=lang,
            text=text,
            thread=thread,
            knowledge=self.knowledge,
            door=door,
            model=self._model_name,
            withheld=self._egress.withheld,
            dismissals=self._dismissals,
            on_step=on_step,
        )

    def _guarded_turn(self, turn: TurnContext) -> Reply:
        """One of the four edges where bugs are caught."""
        try:
            return reply_of(turn, self._run(turn))
        except CrmError as error:
            return error_reply(turn, error)
        except Exception:
            error_id = uuid4().hex[:8]
            log.exception("bug id=%s turn=%s", error_id, turn.turn_id)
            return Reply(Status.ERROR, sentence("failed", turn.lang, id=error_id), error_id=error_id)

    def _run(self, turn: TurnContext) -> list[BaseMessage]:
        """The agent loop; gives the messages of this turn. What it leaves is stored once, at its end."""
        state = self._agent.invoke(
            {"messages": [HumanMessage(turn.text)]},
            {"configurable": {"thread_id": turn.thread}},
            context=turn,
            durability="exit",
        )
        return split_turns(state["messages"])[-1]

    def _thread_lock(self, turn: TurnContext) -> AbstractContextManager[Any]:
        """Two messages of one conversation at once would overwrite each other's memory."""
        return self._locks[zlib.crc32(turn.thread.encode()) % _LOCKS]


def _no_question(turn: TurnContext, *, is_empty: bool) -> Reply:
    suggestions = sentences("start", turn.lang)
    if is_empty:
        return Reply(Status.CLARIFY, sentence("empty", turn.lang), options=suggestions, suggestions=suggestions)
    return Reply(Status.CANNOT, sentence("too_long", turn.lang, limit=f"{MAX_CHARACTERS:,}"))


def _key(thread: str, actor: Actor) -> str:
    """The actor's own key; a long or odd name is hashed."""
    name = clean(thread)
    if name != thread or len(name) > 200:
        name = hashlib.sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{actor.id}/{name}"
