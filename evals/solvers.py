"""Playing a case: each turn is said to an agent or done by a person, and all that comes of it is written down."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from copilot.egress import PeopleOf, StandIns
from crm_core.access import Actor
from crm_core.errors import CrmError
from crm_core.users import actor_for
from evals.broken import Broken
from evals.case import Case, Turn
from evals.crowd import Talk, crowd
from evals.doors import Direct, Door
from evals.ending import Cards, Ending
from evals.rep import next_turn
from evals.stage import Stage
from evals.takenover import TakenOver, prepare
from evals.trace import Trace, traced
from evals.transcript import Exchange, Json, Took, Transcript

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Solver = Callable[[Case, Stage], Transcript]
Price = Callable[[int, int], float]  # tokens in and out → cost
MakeModel = Callable[[], "BaseChatModel"]


def free(_tokens_in: int, _tokens_out: int) -> float:
    """What the offline planner costs."""
    return 0.0


def agent(case: Case, stage: Stage, *, price: Price = free, rep: MakeModel | None = None) -> Transcript:
    """The agent of the stage answers; one with a model of the case's own where the case says so.

    Args:
        case: to play.
        stage: on which.
        price: of tokens.
        rep: makes the model that plays the simulated person; None: the rules of the case alone.
    """
    copilot = stage.copilot
    if case.solver == "taken-over":
        copilot, model = stage.driven(case.solver, lambda: TakenOver(plan=[], at_once=10))
        prepare(cast(TakenOver, model), case)
    elif case.solver is not None:
        copilot, _ = stage.driven(case.solver, lambda: Broken(how=str(case.solver)))
    door = stage.door(case.door, copilot) if case.door else Direct(stage.store, copilot)
    ending = Ending(stage, books=door.books, is_crowded=bool(case.load) and case.has_deeds)

    def talk() -> Talk:
        play = _Play(case, stage, door, price, ending, ending.new_talk(), rep() if rep and case.rep else None)
        return play.talk(), play.cards

    if case.load:
        return crowd(case, talk, ending)
    told, cards = talk()
    return ending.transcript(told, case, cards)


@dataclass
class _Play:
    """One conversation of a case on its stage."""

    case: Case
    stage: Stage
    door: Door
    price: Price
    ending: Ending
    cards: Cards
    rep: "BaseChatModel | None" = None
    done: list[Exchange] = field(default_factory=list)
    thread: str = field(default_factory=lambda: f"eval:{uuid4()}")  # no repeat remembers another

    def talk(self) -> tuple[Exchange, ...]:
        """All turns."""
        for turn in self._turns():
            actor = actor_for(self.stage.store, turn.actor or self.case.actor)
            self.done.append(self._act(turn, actor) if turn.act else self._say(turn, actor))
        return tuple(self.done)

    def _turns(self) -> Iterator[Turn]:
        yield from self.case.steps
        for _ in range(self.case.rep.max_turns if self.case.rep else 0):
            turn = next_turn(self.case, self.done, self.rep, self._stand_ins)
            if turn is None:
                return
            yield turn

    def _stand_ins(self) -> StandIns:
        return StandIns(PeopleOf(self.stage.store.for_agent)(), self.thread.encode())

    def _say(self, turn: Turn, actor: Actor) -> Exchange:
        text, started = str(turn.say), time.perf_counter()
        with traced() as trace:
            told: Json = self.door.say(text, actor=actor, today=self.case.today, thread=self.thread)
        took = self._took(trace, (time.perf_counter() - started) * 1000)
        self.cards.said(told)
        self.ending.said()
        failure = trace.failure if told.get("status") == "error" else ""
        shown = "\n".join(trace.shown)
        return Exchange(actor.name, text, told, tools=trace.tools, shown=shown, took=took, failure=failure)

    def _took(self, trace: Trace, ms: float) -> Took:
        cost = self.price(trace.tokens_in, trace.tokens_out)
        return Took(trace.model_calls, trace.tokens_in, trace.tokens_out, cost, round(ms, 1))

    def _act(self, turn: Turn, actor: Actor) -> Exchange:
        act = str(turn.act)
        target = self.cards.newest(applied=act == "undo")
        if target is None:
            return Exchange(actor.name, act=act, outcome="refused: nothing of this case is there to decide on")
        try:
            self.door.decide(act, target, actor=actor)
        except CrmError as error:
            return Exchange(actor.name, act=act, outcome=f"refused: {error}")
        self.cards.decided(act, target)
        self.ending.decided()
        return Exchange(actor.name, act=act, outcome="done")
