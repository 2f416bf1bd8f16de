"""What was said is logged: how, with whom, when, and the words."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Log a call with Ferncliff today: they want pricing for 40 seats",
         {"kind": "call", "account": "Ferncliff", "happened_on": "2025-06-18",
          "body": "They want pricing for 40 seats"}),
        ("Had lunch with Okapi Games on Friday. They asked for references.",
         {"kind": "meeting", "account": "Okapi Games", "happened_on": "2025-06-13",
          "body": "They asked for references"}),
        ("Stick a note on Tidewell: no budget approval before July",
         {"kind": "note", "account": "Tidewell", "body": "No budget approval before July"}),
        ("got an email from Vantry today, they want the contract in writing. log it",
         {"kind": "email", "direction": "in", "account": "Vantry", "happened_on": "2025-06-18",
          "body": "They want the contract in writing"}),
        ("Left a voicemail for Ferncliff yesterday about the renewal",
         {"kind": "call", "account": "Ferncliff", "happened_on": "2025-06-17",
          "body": "Left a voicemail for Ferncliff yesterday about the renewal"}),
        ("刚跟 Tidewell 通完电话，他们预算要到九月才批，记一下",
         {"kind": "call", "account": "Tidewell", "body": "他们预算要到九月才批"}),
        ("Can you log that I called Tidewell on the 5th and they confirmed the quantity of 12?",
         {"kind": "call", "account": "Tidewell", "happened_on": "2025-06-05",
          "body": "I called Tidewell on the 5th and they confirmed the quantity of 12"}),
    ],
)  # fmt: skip
def test_what_was_said_is_logged_in_the_persons_own_words(sales: Desk, text: str, values: dict[str, Any]) -> None:
    assert made(sales, sales.plan(text)) == [("interaction", values)]


def test_a_talk_is_logged_for_the_colleague_who_had_it(sales: Desk) -> None:
    ((_, talk),) = made(sales, sales.plan("Ferncliff called about the outage today, log it for Yuki"))

    assert talk["user"] == "Yuki Haneda"


def test_a_change_and_a_log_in_one_sentence_speak_of_the_same_customer(sales: Desk) -> None:
    plan = sales.plan("D1204 is lost, log a call with Ferncliff today saying their budget got cut")

    assert [entity for entity, _ in made(sales, plan)] == ["deal", "interaction"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("log a call with Kestrel, they want a demo", ("Kestrel Aviation", "Kestrel Robotics")),
        ("Log a meeting today", ()),
        ("log a call with Hyperloop Inc: they want a demo", ()),
        ("log a meeting with Vantry tomorrow", ()),
    ],
)
def test_an_unknown_or_doubtful_party_or_day_is_asked_about(sales: Desk, text: str, options: tuple[str, ...]) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Clarify)
    assert plan.options == options
