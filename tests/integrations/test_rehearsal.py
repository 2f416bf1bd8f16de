"""Cases played through Slack's own door: what people type and press there, and what they see."""

import pytest
from pydantic import ValidationError

from evals.player import Player, Setup
from evals.scorers import Verdict
from evals.solvers import agent
from evals.world import Worlds
from integrations.rehearsal import payloads
from integrations.rehearsal.door import SlackDoor
from tests.evals.plays import make_case
from tests.evals.test_play import ROWS, make, nothing

COUNT = "How many accounts are there?"
CREATE = "Create a task to call Acme Works on 2026-04-02"
PEOPLE = [
    {"external_id": "u", "name": "Ann Lee", "role": "rep", "email": "ann@example.com"},
    {"external_id": "v", "name": "Bob Ray", "role": "rep", "email": "bob@example.com"},
    {"external_id": "w", "name": "Una Known", "role": "rep"},
]
MORE = [{"external_id": f"d{n}", "name": f"Robot {n:02}", "account": "a", "stage": "s", "amount": n, "owner": "u"}
        for n in range(1, 13)]  # fmt: skip
WORLD = {"rows": {**ROWS, "user": PEOPLE, "deal": [*ROWS["deal"], *MORE]}}


def case(*turns, **given):
    return make_case(**{"turns": [*turns], "today": "2026-03-31", "world": WORLD, "as": "Ann Lee", "door": "slack",
                        **given})  # fmt: skip


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    worlds = Worlds(tmp_path_factory.mktemp("worlds"))
    worlds.prepare([case(COUNT)])
    [(key, world)] = worlds.built.items()
    setup = Setup({key: world.path}, agent, make, nothing, doors={"slack": SlackDoor})
    with Player(setup) as player:
        yield lambda one: player.play((one, key, 0))


def test_a_card_that_is_approved_by_its_button_is_in_the_store_and_is_undone_by_another(play):
    wanted = {"op": "create", "entity": "task", "set": {"due_on": "2026-04-02"}, "text": {"title": "call"}}

    done = play(case(CREATE, {"act": "approve", "outcome": "done"}, expect={"approvals": 1, "changes": [wanted]}))
    undone = play(case(CREATE, {"act": "approve"}, {"act": "undo", "outcome": "done"}, expect={"changes": []}))

    assert done.failed == undone.failed == ()
    assert "Waits for approval" in done.reply["text"]  # the card is what the person sees
    assert [call.name for call in done.transcript.tools] == ["propose_changes"]


def test_who_may_not_decide_is_refused_with_what_slack_tells_them(play):
    found = play(case(CREATE, {"act": "approve", "as": "Bob Ray", "outcome": "refused"}, expect={"approvals": 0}))

    assert found.verdict is Verdict.RIGHT, found.failed
    assert "refused: " in found.transcript.exchanges[1].outcome


def test_many_changes_are_approved_by_typing_their_number(play):
    said = "Set the amount of all deals to 7000"
    stored = {"sql": "SELECT count(*) FROM deals WHERE amount_minor = 700000", "is": 13}

    found = play(case(said, {"act": "approve", "outcome": "done"}, expect={"approvals": 1, "store": [stored]}))

    assert found.verdict is Verdict.RIGHT, found.failed


def test_a_table_of_several_pages_is_read_to_its_end(play):
    names = ["Acme robots", *(f"Robot {n:02}" for n in range(1, 13))]

    found = play(case("List all deals", check={"kind": "set", "values": names}))

    assert found.verdict is Verdict.RIGHT, found.failed
    assert "11–13 of 13" in found.reply["text"]


def test_an_option_is_pressed_and_not_typed(play, monkeypatch):
    pressed = []
    click = payloads.click
    monkeypatch.setattr(payloads, "click", lambda *given, **more: pressed.append(given[-1]) or click(*given, **more))
    rep = {"rules": [{"status": "clarify", "pick": "d3"}]}

    found = play(case("Move the Acme deal to Won", rep=rep, expect={"status": "proposed"}))

    assert found.verdict is Verdict.RIGHT, found.reply
    assert pressed[0].startswith("option_")


def test_somebody_whom_slack_does_not_vouch_for_gets_no_answer(play):
    found = play(case(COUNT, **{"as": "Una Known"}))

    assert found.reply["status"] == "refused"
    assert found.transcript.tools == ()


def test_the_built_in_administrator_is_nobody_in_slack():
    with pytest.raises(ValidationError, match="nobody in Slack"):
        case(COUNT, **{"as": "admin"})
