"""One read-only store for each invented world, made once a session, with a planner on it."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import pytest

from copilot.offline.compose import compose
from copilot.offline.compose.reading import Reading
from copilot.offline.frames import question_part
from copilot.offline.names import NameFinder
from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query
from copilot.offline.planner import Planner
from copilot.offline.prepare import prepare
from copilot.offline.tagging import Tagger
from copilot.offline.tags import Tag
from copilot.offline.tokens import simplify
from copilot.offline.vocabulary import Vocabulary, build_vocabulary
from copilot.reply import Answer
from copilot.table import to_artifact
from crm_core.access import ADMIN, Actor
from crm_core.db import Store
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.known import KNOWN
from tests.worlds import TODAY, WORLDS, World, build

with warnings.catch_warnings():  # zhconv leaves its dictionary open when it reads it, once a process
    warnings.simplefilter("ignore", ResourceWarning)
    simplify("銷")


@dataclass(frozen=True)
class Desk:
    """A world, its store and a planner: what a test asks its questions at."""

    world: World
    store: Store
    planner: Planner

    def plan(self, text: str, *, after: Sequence[PastTurn] = (), actor: Actor = ADMIN) -> Plan:
        """What the planner would do."""
        return self.planner.plan(text, dialogue=after, actor=actor, today=TODAY)

    def spec(self, text: str, *, actor: Actor = ADMIN) -> QuerySpec:
        """The spec of a question that must be answered."""
        plan = self.plan(text, actor=actor)
        assert isinstance(plan, Query), f"{text!r} gave {plan}"
        return plan.spec

    def run(self, spec: QuerySpec, *, actor: Actor = ADMIN) -> QueryResult:
        """The answer to a spec."""
        return run_query(self.store, spec, actor=actor, today=TODAY)

    def rows(self, text: str) -> list[tuple[object, ...]]:
        """The answer to a question that must be answered."""
        return [row.values for row in self.run(self.spec(text)).rows]

    def number(self, text: str) -> float:
        """The one number of the answer."""
        ((*_, value),) = self.rows(text)
        return float(value or 0)  # type: ignore[arg-type]  # nothing adds up to nothing

    def asks(self, text: str) -> bool:
        """Whether the planner gives no answer: it asks back, or says what is missing."""
        return isinstance(self.plan(text), Clarify | Cannot)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The store's words."""
        return build_vocabulary(self.store, actor=ADMIN, today=TODAY)

    @cached_property
    def names(self) -> NameFinder:
        """The finder of inexact names."""
        return NameFinder(self.vocabulary)

    def tags(self, text: str) -> list[Tag]:
        """The cover of a text, without records by their ids."""
        tokens = prepare(text, self.vocabulary).tokens
        return Tagger(self.vocabulary, self.names, lambda _: {}).cover(tokens, today=TODAY)

    def read(self, text: str) -> Reading:
        """What a text is read as on its own."""
        tags, _ = question_part(self.tags(text), self.vocabulary.lexicon)
        return compose(tags, self.vocabulary, today=TODAY)

    def turn(self, text: str, *, after: Sequence[PastTurn] = ()) -> PastTurn:
        """The question as a past turn, with what its answer was about."""
        plan = self.plan(text, after=after)
        if isinstance(plan, Clarify):
            return PastTurn(text, options=plan.options)
        if not isinstance(plan, Query):
            return PastTurn(text)
        found = self.run(plan.spec)
        kept = to_artifact(Answer(found, ""), None, self.store.schema)  # what a conversation remembers of it
        ids, labels, told = (tuple(kept[name] or ()) for name in ("ids", "labels", "told"))
        return PastTurn(
            text, spec=plan.spec, shape=plan.shape, entity=kept["entity"], ids=ids, labels=labels, told=told or None
        )


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Desk]]:
    """`desk("sales")`: the world of this name; each is imported when it is first asked for."""
    made: list[Desk] = []

    @cache
    def at(name: str) -> Desk:
        world = WORLDS[name]()
        store, report = build(world, tmp_path_factory.mktemp(name) / "world")
        assert not report.problems
        made.append(Desk(world, store, Planner(store)))
        return made[-1]

    yield at
    for each in made:
        each.store.close()


@pytest.fixture(scope="session")
def sales(desk: Callable[[str], Desk]) -> Desk:
    """The plain company."""
    return desk("sales")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect the failures that `known.py` lists; one that passes is a failure too, so that its line is taken out."""
    expected = {
        name.encode("ascii", "backslashreplace").decode(): why for why, names in KNOWN.items() for name in names
    }
    for item in items:
        if item.name in expected:
            item.add_marker(pytest.mark.xfail(strict=True, reason=expected[item.name]))
