"""A new record that looks like one that is there: one word or number decides, over several turns, in both languages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from crm_core.access import ADMIN
from crm_core.changes import list_changes
from crm_core.db import Store
from tests.factories import make_account, make_contact, make_pipeline, make_user
from tests.scripted import calls, says, scripted

CREATE = "Create an account called Halden Optics, industry retail"
CREATE_ZH = "新建客户 青屿冷链，行业 软件"
UPDATED = [("update", "Halden Optics Inc.", {"industry": [None, "retail"]})]
UPDATED_ZH = [("update", "青屿冷链有限公司", {"industry": [None, "软件"]})]


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """No test applies anything, so that one company does for all."""
    path = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("twins") / "farley.db")
    store = Store(f"sqlite:///{path}")
    with store.write() as connection:
        make_user(connection, "Ann Berg")
        make_pipeline(connection)
        halden = make_account(connection, "Halden Optics Inc.")
        make_account(connection, "青屿冷链有限公司")
        make_contact(connection, "Ada Byron", account=halden, email="ada@halden.example")
    yield store
    store.close()


@pytest.fixture(scope="module")
def copilot(company: Store) -> Copilot:
    return Copilot(offline_model(company.for_agent), company.for_agent)


@pytest.fixture
def talk(copilot: Copilot, today) -> Callable[..., Reply]:
    """Says several things one after another; gives the last reply."""

    def said(*texts: str) -> Reply:
        thread = uuid4().hex
        return [copilot.ask(text, thread=thread, actor=ADMIN, today=today) for text in texts][-1]

    return said


def states(store: Store, count: int) -> list[str]:
    """Of the newest proposals."""
    return [str(change.state) for change in list_changes(store, ADMIN, limit=count)]


def proposed(reply: Reply) -> list[tuple[str, str, dict[str, object]]]:
    assert reply.status is Status.PROPOSED, reply.text
    return [(c["op"], c["label"], c["set"]) for proposal in reply.proposals for c in proposal.changes]


def test_the_card_names_the_twin_and_offers_both_ways(talk):
    english, chinese = talk(CREATE), talk(CREATE_ZH)

    assert "There is already Halden Optics Inc. (name)" in english.text
    assert english.options == ("Update Halden Optics Inc. instead", "Make a new one anyway")
    assert "已有 青屿冷链有限公司 (客户名称)" in chinese.text
    assert chinese.options == ("改为更新 青屿冷链有限公司", "仍然新建")


@pytest.mark.parametrize(
    "answer", ["1", "(1)", "Update Halden Optics Inc. instead", "update it", "no, update the existing one please",
               "use Halden Optics Inc", "Same one."],
)  # fmt: skip
def test_the_one_that_is_there_is_updated_instead(talk, company, answer):
    assert proposed(talk(CREATE, answer)) == UPDATED
    assert states(company, 2) == ["proposed", "superseded"]


@pytest.mark.parametrize("answer", ["1", "改为更新 青屿冷链有限公司", "更新原来的", "不，更新已有的吧", "就是同一家"])
def test_the_one_that_is_there_is_updated_instead_in_chinese(talk, answer):
    assert proposed(talk(CREATE_ZH, answer)) == UPDATED_ZH


@pytest.mark.parametrize(
    ("first", "answer"),
    [(CREATE, "2"), (CREATE, "make a new one anyway"), (CREATE, "no, it's a different one"), (CREATE, "keep both"),
     (CREATE_ZH, "2"), (CREATE_ZH, "仍然新建"), (CREATE_ZH, "不是同一家"), (CREATE_ZH, "还是新建吧")],
)  # fmt: skip
def test_a_new_one_is_made_anyway_and_not_asked_about_again(talk, first, answer):
    reply = talk(first, answer)

    assert [op for op, *_ in proposed(reply)] == ["create"]
    assert (reply.options, reply.proposals[0].alike) == ((), ())


def test_an_option_may_be_picked_after_another_question(talk):
    assert proposed(talk(CREATE, "how many accounts are there?", "Update Halden Optics Inc. instead")) == UPDATED


@pytest.mark.parametrize("answer", ["3", "0", "how many accounts are there?", "thanks"])
def test_anything_else_picks_neither(talk, company, answer):
    assert talk(CREATE, answer).status is not Status.PROPOSED
    assert states(company, 1) == ["proposed"]


def test_where_nothing_is_left_to_change_the_proposal_is_taken_back(talk, company):
    reply = talk("Create an account called Halden Optics", "1")

    assert (reply.status, reply.proposals) == (Status.ANSWERED, ())
    assert states(company, 1) == ["withdrawn"]


def test_what_else_was_said_goes_to_the_one_that_is_there(talk, company):
    contact = "Add a contact Ada Byron at Halden Optics Inc., email ada@halden.example, title CTO,"

    changes = talk(f"{contact} and remind me on Friday to call her", "1").proposals[0].changes

    assert [(c["op"], c["entity"]) for c in changes] == [("update", "contact"), ("create", "task")]
    assert changes[0]["set"] == {"title": [None, "CTO"]}
    assert changes[1]["set"]["contact"] == [None, "Ada Byron"]


def test_a_language_models_proposal_offers_the_same_and_the_model_is_told(company, today):
    steps = [{"op": "create", "entity": "account", "set": {"name": "Halden Optics"}}]
    copilot, model = scripted(company, calls("propose_changes", steps=steps), says("Done."))

    reply = copilot.ask("add Halden", thread=uuid4().hex, actor=ADMIN, today=today)

    assert reply.options == ("Update Halden Optics Inc. instead", "Make a new one anyway")
    assert "looks like the account Halden Optics Inc." in str(model.seen[1][-1].content)


def test_a_wish_that_changes_nothing_takes_back_what_it_stands_instead_of(company, today):
    first = [{"op": "update", "entity": "account", "records": ["Halden Optics Inc."], "set": {"industry": "retail"}}]
    again = [
        {"op": "update", "entity": "account", "records": ["Halden Optics Inc."], "set": {"name": "Halden Optics Inc."}}
    ]
    copilot, _ = scripted(
        company,
        calls("propose_changes", steps=first),
        says("Done."),
        lambda _: calls("propose_changes", steps=again, instead_of=list_changes(company, ADMIN)[0].id),
    )
    copilot.ask("retail", thread="taken back", actor=ADMIN, today=today)

    reply = copilot.ask("no, as it is", thread="taken back", actor=ADMIN, today=today)

    assert reply.status is Status.ANSWERED
    assert states(company, 1) == ["withdrawn"]
