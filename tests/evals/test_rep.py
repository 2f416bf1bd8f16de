import pytest
from langchain_core.language_models import FakeListChatModel

from copilot.egress import People, StandIns
from evals.rep import next_turn
from evals.transcript import Exchange
from tests.evals.plays import make_case, reply


def going_on(rules, answered, *, goal="", model=None, names=()):
    people = People()
    people.add_names(names)
    case = make_case(rep={"rules": rules, "goal": goal})
    turn = next_turn(case, [Exchange("admin", "?", answered)], model, lambda: StandIns(people, b"key"))
    return turn and (turn.act or turn.say)


ASKS = reply(status="clarify", text="Which one?", options=["Acme Group", "Acme Kyl"])


@pytest.mark.parametrize(
    ("rules", "answered", "does"),
    [
        ([{"status": "clarify", "pick": "kyl"}], ASKS, "Acme Kyl"),
        ([{"status": "clarify", "pick": "Bolt"}, {"say": "never mind"}], ASKS, "never mind"),
        ([{"matches": "which (one|year)", "say": "2025"}], ASKS, "2025"),
        ([{"status": "proposed", "act": "approve"}], reply(status="proposed"), "approve"),
        ([{"status": "proposed", "act": "approve"}], ASKS, None),
        ([{"status": "clarify"}], ASKS, None),
    ],
)
def test_the_first_rule_that_fits_decides_and_without_one_the_rep_leaves(rules, answered, does):
    assert going_on(rules, answered) == does


def test_a_model_plays_the_part_where_no_rule_speaks_and_sees_nobodys_name():
    class Listening(FakeListChatModel):
        heard: list[str] = []

        def invoke(self, prompt, *args, **kwargs):
            self.heard.append(str(prompt))
            return super().invoke(prompt, *args, **kwargs)

    model = Listening(responses=["The one of Mira\nand more", "DONE"])
    answered = reply(text="Mira Castellan has two.")

    said = going_on([], answered, goal="count deals", model=model, names=["Mira Castellan"])
    left = going_on([], answered, goal="count deals", model=model)

    assert (said, left) == ("The one of Mira", None)
    assert "Castellan" not in model.heard[0]
