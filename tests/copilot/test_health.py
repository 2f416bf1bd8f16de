"""Deals at risk through the whole loop: asked in words, narrowed like any question, each warning with its record."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

import prompts
from copilot.agent import Copilot
from copilot.health.cues import find_cool
from copilot.models import offline_model
from copilot.offline.reporting import find_request
from copilot.reply import Reply, Status
from copilot.serialise import reply_to_json
from crm_core.access import ADMIN, Scope
from crm_core.db import Store
from crm_core.health import AT_RISK, RULES
from tests.factories import actor_for, make_account, make_contact, make_deal, make_interaction, make_user
from tests.scripted import calls, says, scripted

TODAY = date(2017, 11, 15)
MAIL = {"kind": "email", "subject": "Offer", "body": "Our price is in the offer."}


@pytest.fixture
def world(sqlite_store: Store) -> Store:
    """Two reps with two deals each: one late and silent, one on its way."""
    store = sqlite_store
    for rep, country in (("Moses Frase", "Germany"), ("Anna Snelling", "France")):
        owner = make_user(store, rep)
        account = make_account(store, f"{country} Works", country=country, owner=owner)
        given = {"account": account, "owner": owner, "amount": Decimal(1_000), "next_step": "Call"}
        boss = make_contact(store, f"{country} Boss", account=account, title="Managing Director")
        late = make_deal(store, f"{country} late", stage="Engaging", closes_on=date(2017, 11, 1), **given)
        well = make_deal(store, f"{country} well", stage="Engaging", closes_on=date(2017, 12, 24), **given)
        talk = {"account": account, "contact": boss, "user": owner}
        make_interaction(store, TODAY - timedelta(days=20), deal=late, direction="out", **MAIL, **talk)
        make_interaction(store, TODAY - timedelta(days=2), deal=well, direction="in", **MAIL, **talk)
    return store


def ask(store: Store, text: str, *, actor=ADMIN) -> Reply:
    copilot = Copilot(offline_model(store.for_agent), store.for_agent)
    return copilot.ask(text, thread=uuid4().hex, actor=actor, today=TODAY)


def named(reply: Reply) -> list[str]:
    return sorted(str(row[0]) for row in reply_to_json(reply, id=1)["rows"])


ASKED = {
    "Which of our deals are at risk, and why?": ["France late", "Germany late"],
    "show me all at-risk deals in Germany": ["Germany late"],
    "deals of Anna Snelling at risk": ["France late"],
    "deals at risk over 5k": [],
    "德国有风险的商机": ["Germany late"],
    "哪些商机停滞了？": [],
}


def test_deals_are_asked_for_by_what_stands_against_them(world):
    copilot = Copilot(offline_model(world.for_agent), world.for_agent)
    for text, deals in ASKED.items():
        reply = copilot.ask(text, thread=text, actor=ADMIN, today=TODAY)

        assert reply.status is Status.ANSWERED
        assert named(reply) == deals or (not deals and not reply.pages[0].table)


@pytest.mark.parametrize("text", ["deals at risk by owner", "有风险的商机按负责人"])
def test_deals_at_risk_are_told_apart_by_whom_they_belong_to(world, text):
    rows = reply_to_json(ask(world, text), id=1)["rows"]

    assert sorted(rows) == [["Anna Snelling", 1, 1000, 400], ["Moses Frase", 1, 1000, 400]]


@pytest.mark.parametrize(
    "text", ["deals at risk by closing month", "前5个有风险的商机", "销售漏斗按负责人", "lifecycle report this quarter"]
)
def test_what_a_report_cannot_take_is_refused_in_words_and_never_dropped(world, text):
    reply = ask(world, text)

    assert reply.status is Status.CANNOT, reply.text
    assert any("\u4e00" <= one <= "\u9fff" for one in reply.text) == any("\u4e00" <= one <= "\u9fff" for one in text)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("stalled deals", "stalled"),
        ("which of my deals are stuck", "stalled"),
        ("deals where the customer has not answered", "no_reply"),
        ("deals without a decision maker", "no_decider"),
        ("single-threaded deals in Germany", "single_contact"),
        ("deals with discount creep", "discount"),
        ("客户没回复的商机", "no_reply"),
        ("没有决策人的商机", "no_decider"),
    ],
)
def test_a_warning_is_named_in_many_words(text, warning):
    request = find_request(text)

    assert request is not None
    assert (request.name, request.tests) == ("health", (("warning", warning),))


def test_each_warning_names_the_record_that_it_rests_on(world):
    reply = ask(world, "what is the health of Germany late")

    sources = {line.text: line.source for line in reply.pages[0].lines}
    assert reply.text.startswith("**Germany late is at risk**")
    assert sources["overdue close date: the expected close date, 2017-11-01, passed 14 days ago"].entity == "deal"
    said = sources["no reply: our message of 2017-10-26 has had no answer for 20 days"]
    assert (said.entity, said.label) == ("interaction", "Offer")


def test_the_deals_of_a_customer_are_all_told_the_healthy_too(world):
    reply = ask(world, "is the Germany Works deal healthy?")

    assert named(reply) == ["Germany late", "Germany well"]
    assert "**Germany well · $1,000 · Engaging**: none" in reply.text


def test_a_rep_is_told_of_the_deals_that_they_may_see(world):
    with world.read() as connection:
        moses = connection.exec_driver_sql("SELECT id FROM users WHERE name = 'Moses Frase'").scalar_one()

    assert named(ask(world, "deals at risk", actor=actor_for(moses, reads=Scope.OWN))) == ["Germany late"]


def test_a_deal_that_is_closed_has_no_health(world):
    make_deal(world, "Old one", stage="Won")

    reply = ask(world, "what is the health of Old one")

    assert reply.status is Status.CANNOT
    assert "is not open" in reply.text


def test_a_model_names_a_warning_in_the_filter(world):
    where = {"all": [{"field": "warning", "value": "overdue"}, {"field": "account.country", "value": "France"}]}
    copilot, _ = scripted(world, calls("report", name="health", where=where), says("Done."))

    assert named(copilot.ask("Which?", thread="t", actor=ADMIN, today=TODAY)) == ["France late"]


def test_a_warning_that_there_is_not_is_refused_with_those_that_there_are(world):
    asked = calls("report", name="health", where={"field": "warning", "value": "doomed"})
    copilot, model = scripted(world, asked, says("I cannot."))
    copilot.ask("Which?", thread="t", actor=ADMIN, today=TODAY)

    assert "no warning 'doomed'" in str(model.seen[-1])
    assert "stalled" in str(model.seen[-1])


def test_what_was_answered_by_a_query_is_still_answered_by_one():
    for text in ("deals without a next step", "deals with no activity for 30 days", "overdue deals", "逾期的商机"):
        assert find_request(text) is None


def test_every_warning_has_its_words_in_both_languages():
    words = prompts.load_yaml("health")["rules"]

    assert set(words) == {*RULES, AT_RISK.name}
    for rule in words.values():
        assert rule["name"]["en"]
        assert rule["name"]["zh"]
        assert rule["formula"]["zh"]
        assert all(told["en"] and told["zh"] for told in rule["told"].values())


def test_a_pleased_sentence_beside_a_cool_one_is_not_taken_for_it():
    assert find_cool("Thank you for the call. Frankly we are disappointed.") == "Frankly we are disappointed."
    assert find_cool("We are glad.") is None
    assert find_cool("客户态度冷淡。") == "客户态度冷淡。"
