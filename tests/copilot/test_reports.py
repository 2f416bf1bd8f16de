"""Reports through the whole loop: asked in words, narrowed like any question, for who may see the records."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from copilot.agent import Copilot
from copilot.models import offline_model
from copilot.reply import Reply, Status
from copilot.reports import REPORTS, get_report
from copilot.serialise import reply_to_json
from crm_core.access import ADMIN, Scope
from crm_core.db import Store
from crm_core.errors import Invalid
from tests.factories import actor_for, make_account, make_deal, make_user
from tests.scripted import calls, says, scripted

TODAY = date(2017, 11, 15)


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    store = sqlite_store
    for rep, country, lost in (("Moses Frase", "Germany", "Price"), ("Anna Snelling", "France", "Timing")):
        owner = make_user(store, rep)
        account = make_account(store, f"{country} Works", country=country, owner=owner)
        given = {"account": account, "owner": owner, "amount": Decimal(1_000)}
        make_deal(store, f"{country} 1", stage="Won", closed_on=date(2017, 10, 2), **given)
        make_deal(store, f"{country} 2", stage="Lost", closed_on=date(2017, 10, 3), lost_reason=lost, **given)
        make_deal(store, f"{country} 3", stage="Lost", closed_on=date(2017, 5, 3), **given)
    return store


def ask(store: Store, text: str, *, actor=ADMIN) -> Reply:
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)
    return copilot.ask(text, thread=uuid4().hex, actor=actor, today=TODAY)


def test_a_report_shows_its_table_and_says_how_it_was_read(world):
    shown = reply_to_json(ask(world, "win/loss analysis"), id=1)

    assert shown["status"] == "answered"
    assert shown["columns"] == ["lost_reason", "deals", "amount"]
    assert sorted(shown["rows"], key=str) == [["Price", 1, 1000], ["Timing", 1, 1000], [None, 2, 2000]]
    assert "2 won, 4 lost" in shown["text"]
    assert shown["query_text"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("win/loss analysis for last quarter", "0 won"),
        ("win/loss analysis for this quarter", "2 won, 2 lost"),
        ("win/loss report in Germany", "1 won, 2 lost"),
        ("why do we win and lose deals of Anna Snelling this quarter?", "1 won, 1 lost"),
        ("本季度的输赢单分析", "赢单2个，输单2个"),
    ],
)
def test_a_report_is_narrowed_by_the_words_beside_it(world, text, told):
    reply = ask(world, text)

    assert told in reply.text or (told == "0 won" and "no deal was closed" in reply.text)


def test_a_report_is_told_apart_by_a_field(world):
    assert "Anna Snelling: 1 won, 2 lost" in ask(world, "win loss report by owner").text


def test_words_that_the_data_does_not_hold_are_not_left_out_of_a_report(world):
    assert ask(world, "win/loss report for deals with a purple zebra").status is not Status.ANSWERED


def test_a_report_counts_what_the_asker_may_see(world):
    rep = make_user(world, "Nobody Yet")

    assert "no deal was closed" in ask(world, "win/loss analysis", actor=actor_for(rep, reads=Scope.OWN)).text


def test_a_model_asks_for_a_report_with_a_filter(world):
    where = {"field": "account.country", "value": "France"}
    asked = calls("report", name="win_loss", where=where, by=[{"field": "owner"}])
    copilot, _ = scripted(world, asked, says("Done."))
    reply = copilot.ask("Why?", thread="t", actor=ADMIN, today=TODAY)

    assert "Anna Snelling: 1 won, 2 lost" in reply.text


def test_an_unknown_report_names_those_that_there_are():
    with pytest.raises(Invalid, match="win_loss"):
        get_report("horoscope")


def test_each_report_is_asked_for_in_both_languages():
    import prompts

    forms = prompts.load_yaml("lexicon/report")["reports"]

    assert set(forms) == set(REPORTS)
    assert all(forms[name]["en"] and forms[name]["zh"] for name in forms)
