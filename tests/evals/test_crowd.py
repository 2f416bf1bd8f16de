"""Cases under load: every one of many conversations at once must be right."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from evals.crowd import scaled
from evals.player import Player
from evals.scorers import Verdict
from tests.evals.test_play import COUNT, CREATE, case, make, setup  # noqa: F401

CARDS = case(turns=[CREATE], load={"people": 3}, expect={"proposals": 1, "changes": []})
COUNTS = COUNT.model_copy(update={"load": CARDS.load})


class Moody:
    """An agent that hears something else now and then."""

    def __init__(self, copilot, moods):
        self._copilot = copilot
        self._moods = iter(moods)

    def ask(self, text, *, thread, **how):
        for said in next(self._moods):
            reply = self._copilot.ask(said or text, thread=thread, **how)
        return reply


def played(setup, case, *moods):  # noqa: F811
    key, how = setup
    how = replace(how, make=lambda home: lambda *given: Moody(make(home)(*given), moods))
    with Player(how) as player:
        return player.play((case, key, 0))


@pytest.mark.parametrize("case", [CARDS, COUNTS])
def test_all_at_once_are_as_one_alone(setup, case):  # noqa: F811
    assert played(setup, case, [None], [None], [None]).failed == ()


def test_one_that_is_wrong_stands_for_all(setup):  # noqa: F811
    found = played(setup, COUNTS, [None], ["How many deals are there?"], [None])

    assert found.verdict is Verdict.WRONG
    assert found.reply["rows"] == [[1]]


def test_a_card_too_many_is_noticed_whosever_it_is(setup):  # noqa: F811
    found = played(setup, CARDS, [None], [None, None], [None])

    assert [one.why for one in found.failed if one.name == "state"] == ["4 proposals wait, not 1"]


def test_a_larger_scale_means_more_talks_of_the_same_people():
    [one, alone] = scaled([COUNTS, COUNT], 5)

    assert (one.load.people, one.load.talks) == (3, 5)
    assert alone is COUNT


def test_what_is_played_under_load_is_only_said():
    with pytest.raises(ValidationError, match="only said"):
        case(turns=[CREATE, {"act": "approve"}], load={"people": 2})
