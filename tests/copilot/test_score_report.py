"""Why a record has its score, through the whole loop: parts that add up, what would raise it, what it rests on."""

import re
import shutil
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Status
from crm_core.access import ADMIN, Scope
from crm_core.db import Store
from crm_core.scores.keep import scored_ids
from tests.conftest import TODAY
from tests.crm_core.scores.conftest import learned, scored
from tests.factories import actor_for, make_account, make_deal, make_interaction, make_lead, make_user


@pytest.fixture(scope="module")
def asked(sqlite_template, tmp_path_factory):
    """Asks in one world: a lead who wrote and then met us, an account with an open deal and a won one."""
    path = tmp_path_factory.mktemp("reasons") / "farley.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    owner = make_user(store, "Moses Frase")
    lead = make_lead(store, "Grace Hopper", email="grace@acme.example", owner=owner)
    make_interaction(store, TODAY, kind="email", direction="in", lead=lead)
    account = make_account(store, "Norrvik Kyl", owner=owner)
    make_deal(store, "Norrvik racks", stage="Engaging", account=account, amount=5, owner=owner)
    make_deal(store, "Norrvik past", stage="Won", account=account, owner=owner)
    make_user(store, "Stranger")
    _score(store)
    make_interaction(store, TODAY, kind="meeting", lead=lead)
    _score(store)
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)

    def ask(*texts, actor=ADMIN):
        thread = uuid4().hex
        return [copilot.ask(text, thread=thread, actor=actor, today=TODAY) for text in texts][-1]

    ask.store = store
    yield ask
    store.close()


def _score(store):
    for entity in ("lead", "deal"):
        scored(store, learned(store, entity))


@pytest.mark.parametrize(
    "text",
    [
        "why is Grace Hopper scored 60?", "score of Grace Hopper", "why does Grace Hopper have such a high score",
        "why is Grace Hopper scored like that?", "Grace Hopper的评分为什么是这样",
        "how can I raise the score of Grace Hopper", "Grace Hopper的评分为什么这么高", "为什么Grace Hopper的得分是60",
    ],
)  # fmt: skip
def test_the_reasons_are_told_and_add_up(asked, text):
    told = asked(text).text

    assert sum(int(points) for points in re.findall(r"^- \+(\d+)[:：]", told, re.MULTILINE)) == 60
    assert "one more call with them today: 65" in told or "电话沟通：65分" in told


def test_points_are_never_told_as_a_chance(asked):
    told = asked("why is Grace Hopper scored 60?").text

    assert "they tell no chance" in told
    assert "%" not in told
    assert "50 of each outcome are needed" in told


def test_an_account_is_told_by_its_open_deal(asked):
    assert asked("why is Norrvik Kyl scored 25").text.startswith("**The score of Norrvik racks**")


def test_it_follows_what_was_just_shown(asked):
    assert "Grace Hopper的评分" in asked("score of Grace Hopper", "这条线索为什么得分高").text


def test_earlier_scores_are_told(asked):
    with asked.store.read() as connection:
        assert len(scored_ids(connection, "lead")) == 1
    assert "50, grade B" in asked("score of Grace Hopper").text


def test_how_scoring_works_is_told_of_both_kinds(asked):
    told = asked("how are leads scored?").text

    assert "Model of leads" in told
    assert "Model of deals" in told


def test_a_deal_that_ended_has_no_score(asked):
    assert asked("score of Norrvik past").status is Status.CANNOT


def test_before_anything_was_scored_it_says_so(sqlite_store):
    make_lead(sqlite_store)
    copilot = Copilot(offline_model(sqlite_store.for_agent), sqlite_store.for_agent)

    reply = copilot.ask("how are leads scored?", thread="t", actor=ADMIN, today=TODAY)

    assert reply.status is Status.CANNOT
    assert "farley score" in reply.text


def test_the_score_of_a_record_that_may_not_be_seen_is_not_told(asked):
    stranger = actor_for(make_user(asked.store, "Eve"), reads=Scope.OWN)

    reply = asked("why is Grace Hopper scored 60?", actor=stranger)

    assert reply.status is Status.CANNOT
    assert "points" not in reply.text


@pytest.mark.parametrize("text", ["which leads are most likely to convert?", "哪些线索最可能转化"])
def test_the_likeliest_are_those_of_the_highest_score(asked, text):
    result = asked(text).answers[0].result

    assert result.entity == "lead"
    assert "score" in [column.name for column in result.columns]


def test_questions_about_records_stay_questions(asked):
    assert asked("score of the open deals").answers[0].result.entity == "deal"
    assert asked("top 5 leads by score").answers[0].result.entity == "lead"
