"""A thumb up or down under an answer of the chat."""

import asyncio

from integrations.web.shown import Shown, to_text


async def press(user, verdict):
    """Click a thumb; gives the marks of those that are pressed then."""
    user.find(marker=f"thumb-{verdict}").click()
    for _ in range(500):
        if f"thumb-{verdict}" in pressed(user):
            break
        await asyncio.sleep(0.02)
    return pressed(user)


def pressed(user):
    """The marks of the thumbs that are pressed."""
    thumbs = [*user.find(marker="thumb-good").elements, *user.find(marker="thumb-bad").elements]
    return [mark for one in thumbs if one.props["aria-pressed"] == "true" for mark in one._markers]


def test_an_opinion_is_kept_once_can_be_changed_and_is_there_again(visit, desk, company):
    turn = desk.transcripts.ask(company.ada, "t", "How many deals?")
    desk.transcripts.answer(turn, to_text(Shown("answered", "One.")))

    async def walk(user):
        await user.open("/?thread=t")
        await user.should_see(marker="thumb-good", retries=150)
        assert pressed(user) == []
        assert await press(user, "good") == ["thumb-good"]
        assert await press(user, "bad") == ["thumb-bad"]
        await user.open("/?thread=t")
        await user.should_see(marker="thumb-good", retries=150)
        assert pressed(user) == ["thumb-bad"]

    visit("Ada North", walk)
    [rated] = desk.feedback.all()
    assert (rated.turn, rated.person, rated.verdict) == (f"web:{turn}", company.ada, "bad")
    assert rated.question == "How many deals?"


def test_an_answer_that_just_came_takes_an_opinion(visit, desk):
    async def walk(user):
        await user.open("/")
        await user.should_see(marker="composer", retries=50)
        user.find(marker="composer").type("How many deals are there?").trigger("keydown.enter.exact.prevent")
        await user.should_see(marker="thumb-bad", retries=150)
        await press(user, "bad")

    visit("Ada North", walk)
    assert [one.verdict for one in desk.feedback.all()] == ["bad"]
