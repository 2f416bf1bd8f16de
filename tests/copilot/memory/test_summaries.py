"""Summaries are kept by the digest of their texts, for a while and not without end."""

from datetime import UTC, datetime, timedelta

from copilot.memory import summaries
from copilot.memory.engine import Conversations
from copilot.memory.summaries import Summaries

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_sentences_come_back_by_their_key_alone(kept: Conversations):
    made = Summaries(kept, clock=lambda: NOON)

    made.add("a" * 64, ["They want 鐵 [1].", "By Friday [2]."])

    assert made.find("a" * 64) == ("They want 鐵 [1].", "By Friday [2].")
    assert made.find("b" * 64) is None


def test_what_nobody_asks_for_is_forgotten_and_what_is_asked_for_stays(kept: Conversations):
    now = [NOON]
    made = Summaries(kept, clock=lambda: now[0])
    for key in ("asked", "not asked"):
        made.add(key, ["Yes [1]."])
    now[0] += timedelta(days=60)
    made.find("asked")
    now[0] += timedelta(days=60)

    made.add("new", ["Yes [1]."])

    assert made.find("asked")
    assert made.find("not asked") is None


def test_the_newest_are_kept_where_they_become_too_many(kept: Conversations, monkeypatch):
    monkeypatch.setattr(summaries, "MOST", 2)
    now = [NOON]
    made = Summaries(kept, clock=lambda: now[0])
    for key in ("first", "second", "third"):
        made.add(key, ["Yes [1]."])
        now[0] += timedelta(minutes=1)

    assert [made.find(key) is not None for key in ("first", "second", "third")] == [False, True, True]
