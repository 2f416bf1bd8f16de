"""Cases under load: every one of many conversations at once must be right."""

import sqlite3
from contextlib import closing
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
        self._moods = moods

    def ask(self, text, *, thread, **how):
        for said in self._moods.pop(0) if self._moods else [None]:
            reply = self._copilot.ask(said or text, thread=thread, **how)
        return reply


@pytest.fixture(scope="module")
def play(setup):  # noqa: F811
    """Plays a case; what each of its talks says beside, talk by talk, where it is given."""
    key, how = setup
    moods = []
    with Player(replace(how, make=lambda home: lambda *given: Moody(make(home)(*given), moods))) as player:

        def played(one, *said):
            moods[:] = said
            return player.play((one, key, 0))

        yield played


@pytest.mark.parametrize("case", [CARDS, COUNTS])
def test_all_at_once_are_as_one_alone(play, case):
    assert play(case).failed == ()


def test_one_that_is_wrong_stands_for_all(play):
    found = play(COUNTS, [None], ["How many deals are there?"], [None])

    assert found.verdict is Verdict.WRONG
    assert found.reply["rows"] == [[1]]


def test_a_card_too_many_is_noticed_whosever_it_is(play):
    found = play(CARDS, [None], [None, None], [None])

    assert [one.why for one in found.failed if one.name == "state"] == ["4 proposals wait, not 1"]


def test_a_larger_scale_means_more_talks_of_the_same_people():
    [one, alone] = scaled([COUNTS, COUNT], 5)

    assert (one.load.people, one.load.talks) == (3, 5)
    assert alone is COUNT


@pytest.mark.parametrize("acts", [["approve"], ["approve", "undo"], ["reject"]])
def test_each_conversation_decides_on_its_own_card(play, acts):
    made = {"op": "create", "entity": "task", "set": {"due_on": "2026-04-02"}, "text": {"title": "call"}}
    approvals = acts.count("approve")
    expect = {"proposals": 0, "approvals": approvals, "changes": [made] if acts == ["approve"] else []}
    deeds = [{"act": act, "outcome": "done"} for act in acts]

    found = play(case(turns=[CREATE, *deeds], load={"people": 3}, expect=expect))

    assert found.failed == ()
    assert len(found.transcript.differences) == (3 if acts == ["approve"] else 0)


def test_a_rep_goes_on_in_each_conversation(play):
    rep = {"rules": [{"status": "proposed", "act": "approve"}]}
    made = case(turns=[CREATE], rep=rep, load={"people": 2}, expect={"approvals": 1, "proposals": 0})

    assert play(made).failed == ()


def test_a_write_that_nobody_decided_on_is_seen_among_those_that_people_did(setup):  # noqa: F811
    key, how = setup

    def crooked(store, model):
        copilot = make(None)(store, model)

        class Crooked:
            def ask(self, text, **more):
                with closing(sqlite3.connect(store.path)) as file, file:
                    file.execute("UPDATE deals SET amount_minor = 1")
                return copilot.ask(text, **more)

        return Crooked()

    approved = case(turns=[CREATE, {"act": "approve"}], load={"people": 2}, expect={"approvals": 1})
    with Player(replace(how, make=lambda _home: crooked)) as player:
        found = player.play((approved, key, 0))

    assert [one.name for one in found.failed] == ["harm"]
    assert "a deal is not as it was: update amount_minor" in found.failed[0].why


def test_a_case_of_many_through_a_door_is_told_why_it_cannot_be_and_what_to_do():
    with pytest.raises(ValidationError, match="one conversation at a time; leave out `door`"):
        case(turns=[CREATE], load={"people": 2}, door="slack", **{"as": "Ann Lee"})
