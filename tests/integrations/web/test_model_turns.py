"""A turn of a language model at the page: what stands there while it works, and what of it is shown."""

from dataclasses import replace
from threading import Event

import pytest

from copilot.agent import Copilot
from integrations.web import chat
from tests.integrations.web.conftest import make_desk
from tests.scripted import COUNT, ScriptedModel, calls, says

ANSWER = "There is 1 deal. It is worth 987,654 USD."
LONG = "Here is what I can say.\n\nThe first of it:\n- one thing\n- another thing\n\nThat is the last of it."


@pytest.fixture
def answer():
    """The model's last words."""
    return ANSWER


@pytest.fixture
def may_end():
    """Lets the model go on to its last words."""
    return Event()


@pytest.fixture
def desk(company, tmp_path, may_end, answer):
    """The pages over a model that counts and then tells a figure which it has from nowhere."""

    def last(_):
        assert may_end.wait(30)
        return says(answer)

    model = ScriptedModel(script=[calls("query_crm", spec=COUNT), last])
    return replace(make_desk(company.store, tmp_path / "home"), copilot=Copilot(model, company.store.for_agent))


def test_a_page_tells_what_goes_on_and_shows_checked_words_alone_also_to_who_left(visit, desk, company, may_end):
    async def walk(user):
        await user.open("/")
        await user.should_see(marker="composer", retries=50)
        user.find(marker="composer").type("How many deals are there?").trigger("keydown.enter.exact.prevent")
        await user.should_see("Thinking", retries=150)
        await user.should_not_see("There is 1 deal")
        [thread] = desk.transcripts.threads(company.ada)
        await user.open("/settings")
        may_end.set()
        await user.open(f"/?thread={thread.name}")
        await user.should_see("Number of deals: 1.", retries=300)
        await user.should_not_see("987,654")

    visit("Ada North", walk)


@pytest.mark.parametrize("answer", [LONG])
def test_checked_words_come_piece_by_piece_and_stand_whole_in_the_transcript_from_the_first(
    visit, desk, company, may_end, monkeypatch
):  # fmt: skip
    may_end.set()
    monkeypatch.setattr(chat, "_PACE_S", 1)

    async def walk(user):
        await user.open("/")
        await user.should_see(marker="composer", retries=50)
        user.find(marker="composer").type("What can you say?").trigger("keydown.enter.exact.prevent")
        await user.should_see("Here is what I can say", retries=150)
        await user.should_not_see("That is the last of it")
        [thread] = desk.transcripts.threads(company.ada)
        [turn] = desk.transcripts.turns(company.ada, thread.name)
        assert "That is the last of it" in turn.reply
        await user.should_see("another thing", retries=150)
        await user.should_see("That is the last of it", retries=150)

    visit("Ada North", walk)
