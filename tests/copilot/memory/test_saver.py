"""What is remembered of conversations, for how long, and what a forged state cannot do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from sqlalchemy import func, insert, select

from copilot.memory.engine import Conversations
from copilot.memory.saver import Keep, LatestSaver
from copilot.memory.tables import conversations
from crm_core.access import ADMIN
from tests.scripted import says, scripted

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def put(saver: LatestSaver, thread: str, content: str = "hello") -> None:
    checkpoint = empty_checkpoint() | {"channel_values": {"messages": [HumanMessage(content)]}}
    saver.put({"configurable": {"thread_id": thread}}, checkpoint, {"step": 1}, {})


def threads(kept: Conversations) -> list[str]:
    with kept.transaction() as connection:
        return list(connection.execute(select(conversations.c.thread).order_by(conversations.c.thread)).scalars())


def test_a_conversation_survives_a_restart_on_either_database(kept: Conversations, deals, today):
    for number in range(3):  # a new copilot each time, as after a restart
        copilot, model = scripted(deals, says("Hm."), checkpointer=LatestSaver(kept))
        copilot.ask(f"question {number}", thread="t", actor=ADMIN, today=today)

    assert [m.text for m in model.seen[0][1:]] == ["question 0", "Hm.", "question 1", "Hm.", "question 2"]
    assert threads(kept) == ["0/t"]


def test_one_state_is_kept_however_long_a_thread_grows(kept: Conversations, deals, today):
    copilot, _ = scripted(deals, *[says("Hm.") for _ in range(30)], checkpointer=LatestSaver(kept))

    for number in range(30):
        copilot.ask(f"a question that is asked for the time {number:03}", thread="t", actor=ADMIN, today=today)

    with kept.transaction() as connection:
        count, size = connection.execute(select(func.count(), func.sum(conversations.c.size))).one()
        state = connection.execute(select(conversations.c.state)).scalar_one()
    assert (count, b"time 029" in state, b"time 000" in state) == (1, True, False)
    assert size < 20_000


def test_many_people_talk_at_once_and_each_is_remembered(kept: Conversations, deals, today):
    copilot, _ = scripted(deals, *[says("Hm.")] * 40, checkpointer=LatestSaver(kept))

    def ask(number: int) -> list[str]:
        replies = [copilot.ask(f"{number}", thread=f"t{number}", actor=ADMIN, today=today) for _ in range(4)]
        return [reply.text for reply in replies]

    with ThreadPoolExecutor(8) as people:
        assert list(people.map(ask, range(8))) == [["Hm."] * 4] * 8
    assert threads(kept) == [f"0/t{number}" for number in range(8)]


def test_threads_are_forgotten_by_age(kept: Conversations):
    put(LatestSaver(kept, clock=lambda: NOW - timedelta(days=91)), "old")
    put(LatestSaver(kept, clock=lambda: NOW - timedelta(days=89)), "recent")

    LatestSaver(kept, keep=Keep(days=90), clock=lambda: NOW)

    assert threads(kept) == ["recent"]


def test_the_oldest_threads_are_forgotten_when_all_grow_too_large(kept: Conversations):
    for days, thread in enumerate(("newest", "middle", "oldest")):
        put(LatestSaver(kept, clock=lambda days=days: NOW - timedelta(days=days)), thread, "x" * 600_000)

    LatestSaver(kept, keep=Keep(megabytes=1), clock=lambda: NOW)

    assert threads(kept) == ["newest"]


def test_a_thread_can_be_forgotten(kept: Conversations):
    saver = LatestSaver(kept)
    put(saver, "a")
    put(saver, "b")

    saver.delete_thread("a")

    assert threads(kept) == ["b"]


def test_what_is_forgotten_is_gone_from_the_file_too(tmp_path):
    kept = Conversations(f"sqlite:///{tmp_path / 'talk.db'}")
    saver = LatestSaver(kept)
    put(saver, "a", "the canary of Acme")
    saver.delete_thread("a")
    kept.close()

    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


class Forged:
    """A type that no conversation holds; reading it must not make one."""

    made: list[Any] = []

    def __init__(self) -> None:
        self.made.append(self)

    def __reduce__(self) -> Any:
        return (Forged, ())


def test_a_forged_state_names_no_code_to_run(kept: Conversations, caplog):
    saver = LatestSaver(kept)
    kind, state = JsonPlusSerializer(pickle_fallback=True).dumps_typed(Forged())
    assert kind == "pickle"
    row = {"thread": "t", "kind": kind, "state": state, "size": 1, "used_at": NOW}
    with kept.transaction() as connection:
        connection.execute(insert(conversations).values(row))
    Forged.made.clear()

    with pytest.raises(NotImplementedError):
        saver.get_tuple({"configurable": {"thread_id": "t"}})

    assert Forged.made == []
