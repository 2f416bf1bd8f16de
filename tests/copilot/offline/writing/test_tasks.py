"""Tasks and reminders: what is to be done, by whom, by when."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("remind me in ten days to call Ferncliff about the renewal",
         {"title": "Call Ferncliff about the renewal", "due_on": "2025-06-28", "account": "Ferncliff"}),
        ("Create a task for Tessa Obafemi, due Friday: send the revised quote to Tidewell",
         {"title": "Send the revised quote to Tidewell", "due_on": "2025-06-20", "account": "Tidewell",
          "owner": "Tessa Obafemi"}),
        ("don't let me forget to invoice Vantry on the 30th",
         {"title": "Invoice Vantry", "due_on": "2025-06-30", "account": "Vantry"}),
        ("Ask Oskar Lindqvist to review the Tidewell contract by the end of the month",
         {"title": "Review the Tidewell contract", "due_on": "2025-06-30", "account": "Tidewell",
          "owner": "Oskar Lindqvist"}),
        ("Follow up with Tidewell in two weeks",
         {"title": "Follow up with Tidewell", "due_on": "2025-07-02", "account": "Tidewell"}),
        ("remind me on 1 March to check whether Vantry renewed, high priority",
         {"title": "Check whether Vantry renewed", "due_on": "2026-03-01", "priority": "high", "account": "Vantry"}),
        ("new task: update the Vantry forecast, end of this month, low priority",
         {"title": "Update the Vantry forecast", "due_on": "2025-06-30", "priority": "low", "account": "Vantry"}),
        ("提醒我后天给 Tidewell 发合同",
         {"title": "给 Tidewell 发合同", "due_on": "2025-06-20", "account": "Tidewell"}),
        ("给 Caleb 建个任务：这周五之前把 Vantry 的报价发出去",
         {"title": "把 Vantry 的报价发出去", "due_on": "2025-06-20", "account": "Vantry", "owner": "Caleb Durand"}),
    ],
)  # fmt: skip
def test_a_task_has_its_words_without_the_frame(sales: Desk, text: str, values: dict[str, Any]) -> None:
    assert made(sales, sales.plan(text)) == [("task", values)]


def test_each_of_two_people_gets_a_task(sales: Desk) -> None:
    plan = sales.plan("give Yuki and Renata each a task for Friday to update their forecast")

    assert made(sales, plan) == [
        ("task", {"title": "Update their forecast", "due_on": "2025-06-20", "owner": "Yuki Haneda"}),
        ("task", {"title": "Update their forecast", "due_on": "2025-06-20", "owner": "Renata Solis"}),
    ]


def test_a_pronoun_means_somebody_of_an_earlier_clause(sales: Desk) -> None:
    plan = sales.plan("Move D1204 over to Mira, and give her a task for Friday to introduce herself to Vantry")

    (_, task) = made(sales, plan)
    assert task == (
        "task",
        {
            "title": "Introduce herself to Vantry",
            "due_on": "2025-06-20",
            "account": "Vantry",
            "owner": "Mira Castellan",
        },
    )


def test_a_task_points_to_the_contact_made_before_it(sales: Desk) -> None:
    plan = sales.plan(
        "Add Ben Achebe as a contact at Vantry, he's the COO, and create a task for me to call him tomorrow"
    )

    (_, (_, task)) = made(sales, plan)
    assert task == {"title": "Call him", "due_on": "2025-06-19", "account": "Vantry", "contact": "@Ben Achebe"}


@pytest.mark.parametrize("text", ["remind me", "Create a task for Friday", "remind Kestrel Bob on Friday"])
def test_a_task_without_anything_to_do_or_anybody_known_is_asked_about(sales: Desk, text: str) -> None:
    assert isinstance(sales.plan(text), Clarify)
