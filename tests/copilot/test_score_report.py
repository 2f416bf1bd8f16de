"""Why a record has its score, through the whole loop: parts that add up, what would raise it, what it rests on."""

import re
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Status
from crm_core.access import ADMIN, Scope
from tests.conftest import TODAY
from tests.crm_core.scores.conftest import learned, scored
from tests.factories import actor_for, make_account, make_deal, make_interaction, make_lead, make_user


@pytest.fixture
def world(sqlite_store):
    owner = make_user(sqlite_store, "Moses Frase")
    lead = make_lead(sqlite_store, "Grace Hopper", email="grace@acme.example", source="Web", owner=owner)
    make_interaction(sqlite_store, TODAY, kind="email", direction="in", lead=lead)
    account = make_account(sqlite_store, "Norrvik Kyl", owner=owner)
    make_deal(sqlite_store, "Norrvik racks", stage="Engaging", account=account, amount=5, owner=owner)
    make_deal(sqlite_store, "Norrvik past", stage="Won", account=account, owner=owner)
    return sqlite_store


def score(store):
    for entity in ("lead", "deal"):
        scored(store, learned(store, entity))


def ask(store, *texts, actor=ADMIN):
    copilot, thread = Copilot(offline_model(store.for_agent), store.for_agent), uuid4().hex
    return [copilot.ask(text, thread=thread, actor=actor, today=TODAY) for text in texts][-1]


@pytest.mark.parametrize(
    "text",
    [
        "why is Grace Hopper scored 50?", "score of Grace Hopper", "why does Grace Hopper have such a high score",
        "how can I raise the score of Grace Hopper", "Grace Hopper的评分为什么这么高", "为什么Grace Hopper的得分是50",
    ],
)  # fmt: skip
def test_the_reasons_are_told_and_add_up(world, text):
    score(world)

    told = ask(world, text).text

    assert "50" in told
    assert sum(int(points) for points in re.findall(r"^- \+(\d+)[:：]", told, re.MULTILINE)) == 50
    assert "meeting with them today: 60" in told or "会议：60" in told


def test_points_are_never_told_as_a_chance(world):
    score(world)

    told = ask(world, "why is Grace Hopper scored 50?").text

    assert "they tell no chance" in told
    assert "%" not in told
    assert "50 of each outcome are needed" in told


def test_an_account_is_told_by_its_open_deal(world):
    score(world)

    assert ask(world, "why is Norrvik Kyl scored 25").text.startswith("**The score of Norrvik racks**")


def test_it_follows_what_was_just_shown(world):
    score(world)

    reply = ask(world, "score of Grace Hopper", "这条线索为什么得分高")

    assert "Grace Hopper的评分" in reply.text


def test_earlier_scores_are_told(world):
    score(world)
    make_interaction(world, TODAY, kind="meeting", lead=next(iter(_ids(world))))
    score(world)

    assert "50, grade B" in ask(world, "score of Grace Hopper").text


def _ids(store):
    from crm_core.scores.keep import scored_ids

    with store.read() as connection:
        return scored_ids(connection, "lead")


def test_how_scoring_works_is_told_of_both_kinds(world):
    score(world)

    told = ask(world, "how are leads scored?").text

    assert "Model of leads" in told
    assert "Model of deals" in told


@pytest.mark.parametrize("text", ["score of Norrvik past", "how are leads scored?", "why is Grace Hopper scored 3"])
def test_without_a_score_none_is_made_up(world, text):
    if "past" in text:
        score(world)

    assert ask(world, text).status is Status.CANNOT


def test_the_score_of_a_record_that_may_not_be_seen_is_not_told(world):
    score(world)
    stranger = actor_for(make_user(world, "Stranger"), reads=Scope.OWN)

    reply = ask(world, "why is Grace Hopper scored 50?", actor=stranger)

    assert reply.status is Status.CANNOT
    assert "points" not in reply.text


def test_questions_about_records_stay_questions(world):
    score(world)

    assert ask(world, "score of the open deals").answers[0].result.entity == "deal"
    assert ask(world, "top 5 leads by score").answers[0].result.entity == "lead"
