"""What turns cost, whose allowance they take, and what happens when it is used up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Thread

from langchain_core.messages import AIMessage

from copilot.memory.engine import Conversations
from copilot.memory.spending import Prices, Spending
from copilot.offline.model import OfflineModel
from copilot.offline.plan import Query
from copilot.reply import Status
from crm_core.access import ADMIN
from tests.scripted import COUNT, TOTAL, ScriptedPlanner, queries, scripted

PRICES = Prices(Decimal("2"), Decimal("10"), daily_cap=Decimal("0.01"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def counted(message: AIMessage, tokens_in: int, tokens_out: int) -> AIMessage:
    usage = {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return message.model_copy(update={"usage_metadata": usage})


def test_each_call_is_entered_with_its_cost(kept: Conversations, deals, today):
    spending = Spending(kept, PRICES, clock=lambda: NOON)
    copilot, _ = scripted(
        deals, counted(queries(**COUNT), 1000, 20), counted(AIMessage("3 deals."), 1100, 10), spending=spending
    )

    copilot.ask("how many deals?", thread="t", actor=ADMIN, today=today)

    (spent,) = spending.read(days=1)
    assert (spent.day, spent.model, spent.calls) == (date(2026, 3, 2), "scripted", 2)
    assert (spent.tokens_in, spent.tokens_out, spent.cost) == (2100, 30, Decimal("0.0045"))


def test_calls_are_estimated_where_the_vendor_counts_nothing(kept: Conversations, deals, today):
    spending = Spending(kept, PRICES)
    copilot, _ = scripted(deals, AIMessage("Hello there."), spending=spending)

    copilot.ask("hello", thread="t", actor=ADMIN, today=today)

    (spent,) = spending.read(days=1)
    assert 2_500 < spent.tokens_in < 6_000  # the prompt and the tools
    assert 0 < spent.tokens_out < 10


def test_past_the_cap_the_planner_answers_and_the_receipt_says_so(kept: Conversations, deals, today):
    spending = Spending(kept, PRICES)
    planner = OfflineModel(planner=ScriptedPlanner(Query(TOTAL, "scalar")))
    spending.add(ADMIN.id, "scripted", tokens_in=5_000, tokens_out=0)
    copilot, model = scripted(deals, spending=spending, fallback=planner)

    reply = copilot.ask("total?", thread="t", actor=ADMIN, today=today)

    assert (reply.status, model.seen) == (Status.ANSWERED, [])
    assert "$600" in reply.text
    told = "Your allowance for the language model is used up for today. The offline planner answered."
    assert told in reply.receipt


def test_a_cap_is_one_persons_and_one_days(kept: Conversations):
    spending = Spending(kept, PRICES, clock=lambda: NOON)
    spending.add(1, "m", tokens_in=5_000, tokens_out=0)

    tomorrow = Spending(kept, PRICES, clock=lambda: NOON.replace(day=3))

    assert [spending.is_used_up(1), spending.is_used_up(2), tomorrow.is_used_up(1)] == [True, False, False]


def test_without_a_cap_nothing_is_ever_used_up(kept: Conversations):
    spending = Spending(kept, Prices(Decimal(5), Decimal(5)))
    spending.add(1, "m", tokens_in=10**9, tokens_out=10**9)

    assert not spending.is_used_up(1)
    assert spending.read(days=1)[0].cost == Decimal(10_000)


def test_no_call_is_lost_when_many_are_entered_at_once(kept: Conversations):
    spending = Spending(kept, PRICES, clock=lambda: NOON)

    def enter() -> None:
        for _ in range(25):
            spending.add(1, "m", tokens_in=3, tokens_out=1)

    threads = [Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (spent,) = spending.read(days=1)
    assert (spent.calls, spent.tokens_in, spent.tokens_out) == (100, 300, 100)
