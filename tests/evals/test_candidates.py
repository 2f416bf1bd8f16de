from datetime import UTC, date, datetime

import pytest
import yaml

from copilot.agent import Copilot
from copilot.egress import PeopleOf
from copilot.feedback import Rated
from copilot.models import offline_model
from crm_core.access import ADMIN
from crm_core.changes import approve, reject, undo
from crm_core.errors import Invalid
from evals.candidates import as_yaml, drafts, mask_of
from evals.load import load_cases
from tests import factories
from tests.conftest import TODAY


@pytest.fixture
def store(sqlite_store):
    with sqlite_store.write() as connection:
        ann = factories.make_user(connection, "Ann Fairweather")
        acme = factories.make_account(connection, "Acme Robots", owner=ann)
        factories.make_contact(connection, "Mira Castellan", account=acme, email="mira@acme.example")
    return sqlite_store


def rated(question, verdict="bad"):
    return Rated("slack:1", 1, verdict, question, datetime(2017, 11, 1, tzinfo=UTC))


def found(store, *opinions, since=date.min):
    mask = mask_of(store, PeopleOf(store.for_agent)(), b"k" * 16)
    return as_yaml(drafts(store, opinions, since=since), mask)


def propose(store):
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)
    reply = copilot.ask("Create a task to call Acme Robots on 2017-11-20", thread="t", actor=ADMIN, today=TODAY)
    [proposal] = reply.proposals
    return proposal


def test_a_question_whose_answer_was_rated_down_is_drafted_without_names(store):
    asked = "What did Mira Castellan of Acme Robots (mira@acme.example) say to Ann Fairweather?"

    text = found(store, rated(asked), rated("How many deals?", verdict="good"))

    [entry] = yaml.safe_load(text)
    assert entry["skill"] == "candidate.bad"
    assert not any(name in text for name in ("Mira", "Castellan", "Acme", "acme", "Ann", "Fairweather"))
    assert entry["turns"][0].count("Company 1") == 1


def test_proposals_that_were_turned_down_or_taken_back_are_drafted_with_what_they_were(store):
    reject(store, propose(store).id, actor=ADMIN, door="cli", reason="not Acme Robots")
    done = propose(store)
    approve(store, done.id, sha256=done.sha256, actor=ADMIN, door="cli")
    undo(store, done.id, actor=ADMIN, door="cli")
    propose(store)

    entries = yaml.safe_load(found(store))

    assert [entry["skill"] for entry in entries] == ["candidate.rejected", "candidate.undone"]
    assert entries[0]["was"][0].startswith("create task: ")
    assert entries[0]["why"] == "A person had it rejected: not Company 1"


def test_a_draft_is_no_case_before_somebody_says_what_is_right(store, tmp_path):
    file = tmp_path / "drafts.yaml"
    file.write_text(found(store, rated("How many deals?")), encoding="utf-8")

    with pytest.raises(Invalid, match="what must come of it"):
        load_cases([file])


def test_the_same_question_is_drafted_once_and_older_ones_can_be_left_out(store):
    twice = [rated("How many deals?"), rated("How many deals?")]

    assert found(store, *twice).count("- id:") == 1
    assert found(store, *twice, since=date(2017, 11, 2)).count("- id:") == 0
