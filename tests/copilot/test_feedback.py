"""What people thought of answers is kept once each."""

from datetime import UTC, datetime

import pytest

from copilot.feedback import Feedback
from copilot.memory.engine import Conversations

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def feedback(tmp_path):
    kept = Conversations(f"sqlite:///{tmp_path / 'conversations.db'}")
    yield Feedback(kept)
    kept.close()


def test_the_last_word_of_each_person_on_an_answer_is_kept(feedback):
    feedback.record("slack:C1:1", 7, "good", question="how many?", at=NOW)
    feedback.record("slack:C1:1", 7, "bad", question="how many?", at=NOW)
    feedback.record("slack:C1:1", 8, "good", question="how many?", at=NOW)

    assert [(one.person, one.verdict) for one in feedback.all()] == [(7, "bad"), (8, "good")]
    assert feedback.all()[0].at == NOW


def test_a_question_is_cut(feedback):
    feedback.record("web:1", 7, "good", question="x" * 9_000)

    assert len(feedback.all()[0].question) == 4_000
