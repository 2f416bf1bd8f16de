"""A sales team in a workspace on this machine, and Farley's door to it. Events are worked in the test's own thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from copilot.agent import Copilot
from copilot.feedback import Feedback
from copilot.memory.engine import Conversations
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Clarify, Plan, Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.changes.steps import Step
from crm_core.db import Store
from crm_core.models import SendState, UserRole
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Measure, QuerySpec
from crm_core.sending import Delivery, Letter
from integrations.delivery import Mailer
from integrations.indexing import keep_in_step
from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.payloads import SECRET
from integrations.rehearsal.workspace import FakeSlack, Posted
from integrations.slack.http import GateApp
from integrations.slack.start import Running, build, identify, open_door, web_client
from tests import factories
from tests.conftest import TODAY

NOW = datetime.combine(TODAY, time(9), tzinfo=UTC)
ANNA, BEN, HEAD, GUEST = "U0ANNA", "U0BEN", "U0HEAD", "U0GUEST"


BY_STAGE = "how many deals are in each stage?"
COUNT, LIST, RAISE = "How many open deals are there?", "list open deals with amount", "set Alder pilot to 15000"
MOVE_ALL, ASK_BACK, LOG = (
    "move all my Prospecting deals to Engaging",
    "tell me about it",
    "log a call with Alder Valley",
)
WEB = "https://farley.example.com"
OPEN = Condition(field="stage.kind", op="eq", value="open")
PLANS: dict[str, Plan] = {
    COUNT: Query(QuerySpec(entity="deal", where=OPEN, measures=[Measure(fn="count")]), "scalar"),
    BY_STAGE: Query(
        QuerySpec(entity="deal", group_by=[{"field": "stage"}], measures=[Measure(fn="count")]), "by_group"
    ),
    LIST: Query(QuerySpec(entity="deal", where=OPEN, columns=["name", "amount"], order_by=[{"by": "amount"}]), "list"),
    RAISE: Propose((Step(op="update", entity="deal", records=["Alder pilot"], set={"amount": 15000}, quote=RAISE),)),
    MOVE_ALL: Propose((Step(op="update", entity="deal", set={"stage": "Engaging"},
                            where=Condition(field="stage", op="eq", value="Prospecting")),)),
    ASK_BACK: Clarify("About what?", options=(COUNT, LIST)),
    LOG: Propose((Step(op="create", entity="interaction", set={
        "kind": "call", "happened_on": TODAY.isoformat(), "subject": "Call", "body": "They want a quote by Friday.",
        "account": "Alder Valley"}),)),
}  # fmt: skip


class Plans:
    """What the offline planner makes of a few requests, at once; the planner itself for the others."""

    def __init__(self, store: Store) -> None:
        self._planner = Planner(store.for_agent)

    def plan(self, text: str, **told: Any) -> Plan:
        return PLANS.get(text) or self._planner.plan(text, **told)


@dataclass
class Outgoing:
    """A mail server: what it took, and what it answers."""

    taken: list[Letter] = field(default_factory=list)
    answer: Delivery = field(default_factory=lambda: Delivery(SendState.SENT, "250 ok"))

    def take(self, letter: Letter) -> Delivery:
        self.taken.append(letter)
        return self.answer


@dataclass
class Workspace:
    """The team's Slack: what they type and press, and what they see."""

    slack: FakeSlack
    running: Running
    gate: GateApp
    store: Store
    ids: dict[str, int]

    def deliver(self, payload: dict[str, Any], *, times: int = 1) -> None:
        """Slack sends it, so often; then all that waits is worked."""
        for _ in range(times):
            body, headers = slack_payloads.request(payload)
            assert self.gate.take(body, headers) == (200, "")
        self.work()

    def work(self) -> None:
        while self.running.worker.work_one():
            pass

    def dm(self, user: str, text: str, **given: Any) -> Posted:
        """Somebody writes a direct message; what they see last."""
        return self.after(user, slack_payloads.message(user, text, **given))

    def mention(self, user: str, text: str, **given: Any) -> Posted:
        return self.after(user, slack_payloads.mention(user, text, **given))

    def command(self, user: str, text: str) -> Posted:
        return self.after(user, slack_payloads.command(self.slack, user, text))

    def press(self, user: str, posted: Posted, label: str, *, times: int = 1, **given: Any) -> None:
        """Somebody presses a button of a message."""
        self.deliver(slack_payloads.click(self.slack, user, posted, label, **given), times=times)

    def submit(self, user: str, typed: dict[str, str | None]) -> None:
        """Somebody fills in the window that opened last, and sends it."""
        self.deliver(slack_payloads.submission(user, self.slack.views[-1], typed))

    def after(self, user: str, payload: dict[str, Any]) -> Posted:
        self.deliver(payload)
        return self.slack.seen_by(user)[-1]

    def value(self, entity: str, name: str, field: str) -> Any:
        """A field of the record of that name, as the store has it."""
        title = "title" if entity == "task" else "name"
        spec = QuerySpec(entity=entity, where=Condition(field=title, op="eq", value=name), columns=[field])
        rows = run_query(self.store, spec, actor=ADMIN, today=TODAY).rows
        return rows[0].values[0] if rows else None


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """The workspace; no call that it got may have broken a limit of Slack."""
    made = FakeSlack()
    made.add_user(ANNA, "anna@example.com")
    made.add_user(BEN, "ben@example.com")
    made.add_user(HEAD, "head@example.com")
    made.add_user(GUEST, "anna@example.com", is_restricted=True)
    yield made
    made.close()
    assert made.violations == []


@pytest.fixture
def team(sqlite_store: Store) -> dict[str, int]:
    """Three people, two customers and their deals."""
    with sqlite_store.write() as at:
        head = factories.make_user(at, "Hanna Head", email="head@example.com", role=UserRole.MANAGER)
        anna = factories.make_user(at, "Anna Berg", email="anna@example.com", manager=head)
        ben = factories.make_user(at, "Ben Cole", email="ben@example.com", manager=head)
        alder = factories.make_account(at, "Alder Valley", owner=anna)
        birch = factories.make_account(at, "Birch Works", owner=ben)
        factories.make_deal(at, "Alder pilot", amount=12000, owner=anna, account=alder, stage="Engaging",
                            closes_on=TODAY, started_on=TODAY)  # fmt: skip
        factories.make_deal(at, "Birch rollout", amount=45000, owner=ben, account=birch, stage="Engaging",
                            closes_on=TODAY, started_on=TODAY)  # fmt: skip
        factories.make_contact(at, "Ada Byron", account=alder, owner=anna)
    return {"anna": anna, "ben": ben, "head": head, "alder": alder, "birch": birch}


@pytest.fixture
def now() -> datetime:
    """The moment."""
    return NOW


@pytest.fixture
def outgoing() -> Outgoing:
    """The mail server."""
    return Outgoing()


@pytest.fixture
def workspace(
    slack: FakeSlack, sqlite_store: Store, team: dict[str, int], outgoing: Outgoing, now: datetime, tmp_path: Path
) -> Iterator[Workspace]:
    """The team's Slack with Farley in it, over HTTP."""
    kept = Conversations(f"sqlite:///{tmp_path / 'conversations.db'}")
    running = start(slack, sqlite_store, now, mailer=Mailer(outgoing.take), feedback=Feedback(kept))
    gate = GateApp(running.inbox, secret=SECRET, came=lambda: None)
    yield Workspace(slack, running, gate, sqlite_store, team)
    kept.close()


@pytest.fixture
def reopened(workspace: Workspace, slack: FakeSlack) -> Workspace:
    """The same after Farley was started anew."""
    running = start(slack, workspace.store, NOW)
    return replace(workspace, running=running, gate=GateApp(running.inbox, secret=SECRET, came=lambda: None))


def start(slack: FakeSlack, store: Store, now: datetime, **given: Any) -> Running:
    """Farley in the workspace."""
    client = web_client(slack.token, api_url=slack.api_url)
    identity = identify(client)
    door = open_door(store, Copilot(OfflineModel(planner=Plans(store)), store.for_agent), client, identity)
    return build(replace(door, clock=lambda: now, take_in=lambda: keep_in_step(store), web=WEB, **given), identity)
