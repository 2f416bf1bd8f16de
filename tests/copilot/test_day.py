"""Whom to turn to first, through the whole loop: reasons with their records, steps in one word, and setting aside."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from copilot.agent import Copilot
from copilot.day.reason import WEIGHTS, Reason
from copilot.memory.dismissals import Dismissals
from copilot.memory.engine import Conversations
from copilot.models import offline_model
from copilot.offline.reporting import Request, find_request
from copilot.reply import Citation, Reply, Status
from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import approve
from crm_core.db import Store
from tests.factories import (
    actor_for,
    make_account,
    make_contact,
    make_deal,
    make_interaction,
    make_lead,
    make_order,
    make_task,
    make_user,
)
from tests.scripted import calls, says, scripted

TODAY = date(2017, 11, 15)
NOTHING = "nothing is worth your first hour"
Ask = Callable[..., Reply]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def at(sqlite_store: Store) -> SimpleNamespace:
    """A rep with two customers, one person each, and nothing to do."""
    store = sqlite_store
    rep = make_user(store, "Moses Frase")
    acme, bolt = make_account(store, "Acme", owner=rep), make_account(store, "Bolt", owner=rep)
    ada = make_contact(store, "Ada Byron", account=acme, title="Director", owner=rep)
    bob = make_contact(store, "Bob Ray", account=bolt, title="Director", owner=rep)
    return SimpleNamespace(store=store, rep=rep, actor=actor_for(rep), acme=acme, bolt=bolt, ada=ada, bob=bob)


@pytest.fixture
def dismissals(tmp_path: Path) -> Iterator[Dismissals]:
    kept = Conversations(f"sqlite:///{tmp_path / 'talk.db'}")
    yield Dismissals(kept)
    kept.close()


@pytest.fixture
def ask(at: SimpleNamespace, dismissals: Dismissals) -> Ask:
    copilot = Copilot(offline_model(at.store.for_agent), at.store.for_agent, dismissals=dismissals)

    def asked(text: str, *, actor: Actor = at.actor, thread: str = "t", today: date = TODAY) -> Reply:
        return copilot.ask(text, thread=thread, actor=actor, today=today)

    return asked


def wrote(at: SimpleNamespace, days: int, direction: str = "in", **given: Any) -> int:
    known = {"account": at.acme, "contact": at.ada, "user": at.rep, "kind": "email", "subject": "Your offer"}
    return make_interaction(at.store, ago(days), direction=direction, **{**known, **given})


def late_task(at: SimpleNamespace, title: str = "Send the offer", **given: Any) -> int:
    known = {"owner": at.rep, "account": at.bolt, "contact": at.bob, "due_on": ago(3)}
    return make_task(at.store, title, **{**known, **given})


def heads(reply: Reply) -> list[str]:
    return [section.heading for section in reply.pages[0].sections]


def test_where_nothing_waits_nothing_is_worth_the_first_hour(at, ask):
    make_deal(at.store, "Young", stage="Engaging", account=at.acme, owner=at.rep, next_step="Call", amount=Decimal(9))
    late_task(at, due_on=TODAY + timedelta(days=1))
    late_task(at, status="done")

    assert NOTHING in ask("who should I contact today?").text
    assert "没有值得您第一个小时处理的事" in ask("今天我该联系谁").text


@pytest.mark.parametrize(
    "text",
    ["who should I contact today?", "What should I do first?", "plan my day", "今天我该联系谁", "我应该先做什么"],
)
def test_the_day_is_asked_for_in_many_words(text):
    assert find_request(text) == Request("day", "", "")


def test_each_reason_names_its_record_and_the_heaviest_comes_first(at, ask):
    mail, task = wrote(at, 2), late_task(at)

    page = ask("who should I contact today?").pages[0]

    assert [section.heading for section in page.sections] == ["1. Ada Byron · Acme", "2. Bob Ray · Bolt"]
    first, second = page.sections
    assert first.lines[0].text == "unanswered for 2 days: “Your offer” of 2017-11-13"
    assert (first.lines[0].source.entity, first.lines[0].source.id) == ("interaction", mail)
    assert second.lines[0].text == "task overdue since 2017-11-12: Send the offer"
    assert (second.lines[0].source.entity, second.lines[0].source.id) == ("task", task)


def test_a_mail_that_was_answered_waits_no_longer(at, ask):
    wrote(at, 4)
    wrote(at, 4, "out", kind="call")

    assert NOTHING in ask("who should I contact today?").text


def test_a_promise_of_ours_that_falls_due_counts_until_it_is_kept(at, ask):
    wrote(at, 9, "out", body="I will send you a comparison of the two tariffs by November 14.")
    assert "promised by 2017-11-14" in ask("who should I contact today?").text

    wrote(at, 1, "out", body="As promised, here is the comparison of the two tariffs.")
    assert NOTHING in ask("who should I contact today?").text


def test_a_deal_at_risk_a_fresh_lead_and_a_next_order_are_reasons(at, ask):
    make_deal(at.store, "Acme 1", stage="Engaging", account=at.acme, owner=at.rep, closes_on=ago(20),
              started_on=ago(90), amount=Decimal(900))  # fmt: skip
    wrote(at, 60, "out")
    lead = make_lead(at.store, "Grace Hopper", owner=at.rep, created_on=ago(2), company="Cobol Ltd")
    make_deal(at.store, "Bolt 1", stage="Engaging", account=at.bolt, owner=at.rep, amount=Decimal(800), next_step="x")
    make_interaction(at.store, ago(1), account=at.bolt, contact=at.bob, kind="call", user=at.rep)
    for days in (91, 61, 31):
        make_order(at.store, account=at.bolt, owner=at.rep, ordered_on=ago(days))

    page = ask("who should I contact today?").pages[0]

    told = {section.heading.split(". ")[1]: section.lines[0] for section in page.sections}
    assert told["Ada Byron · Acme"].text.startswith("Acme 1 is at risk: the expected close date, 2017-10-26")
    assert (told["Grace Hopper"].source.entity, told["Grace Hopper"].source.id) == ("lead", lead)
    assert told["Bob Ray · Bolt"].text == (
        "next order about 2017-11-14: the last was on 2017-10-15, usually one in 30 days"
    )


def test_more_money_at_stake_outweighs_an_equal_reason(at, ask):
    wrote(at, 2)
    wrote(at, 2, account=at.bolt, contact=at.bob)
    make_deal(at.store, "Bolt 1", stage="Engaging", account=at.bolt, owner=at.rep, amount=Decimal(800), next_step="x")

    assert heads(ask("who should I contact today?")) == ["1. Bob Ray · Bolt", "2. Ada Byron · Acme"]


def test_whoever_asked_not_to_be_contacted_is_never_named(at, ask):
    eve = make_contact(at.store, "Eve Moss", account=at.acme, owner=at.rep, do_not_contact=True)
    wrote(at, 2, contact=eve)
    zed = make_account(at.store, "Zed", owner=at.rep)
    shy = make_contact(at.store, "Shy Guy", account=zed, owner=at.rep, do_not_contact=True)
    late_task(at, account=zed, contact=shy)
    late_task(at, account=at.acme, contact=None, title="Check the contract")

    reply = ask("who should I contact today?")

    assert heads(reply) == ["1. Ada Byron · Acme"]
    assert "Eve" not in reply.text
    assert "Shy" not in reply.text


def test_a_rep_sees_their_own_day_and_a_manager_without_records_their_teams(at, ask):
    late_task(at)
    boss = make_user(at.store, "Cara Losch", role="manager")
    other = make_user(at.store, "Anna Snelling")
    make_task(at.store, "Mine", owner=other, due_on=ago(1))

    assert heads(ask("plan my day", actor=actor_for(other, reads=Scope.OWN))) == ["1. Mine"]
    team = ask("plan my day", actor=actor_for(boss, team=[at.rep]))
    assert team.text.startswith("**Your team's day")
    assert heads(team) == ["1. Bob Ray · Bolt"]


@pytest.mark.parametrize("text", ["draft 1", "write to the first", "email 1", "给第一个写邮件", "写封邮件给第1位"])
def test_a_word_drafts_the_mail_to_whom_the_list_names(at, ask, text):
    make_interaction(at.store, ago(5), kind="email", direction="in", subject="A question", body="Does it work offline?",
                     contact=at.ada, account=at.acme, user=at.rep)  # fmt: skip
    ask("who should I contact today?")

    change = ask(text).proposals[0].changes[0]

    assert (change["op"], change["entity"]) == ("create", "draft")
    assert change["set"]["contact"][1] == "Ada Byron"


def test_do_proposes_the_step_and_nothing_changes_until_it_is_approved(at, ask):
    wrote(at, 2)
    task = late_task(at)
    ask("who should I contact today?")

    answer = ask("do 1").proposals[0]
    done = ask("do the second").proposals[0]

    assert answer.changes[0]["set"]["title"][1] == "Answer Ada Byron: Your offer"
    assert answer.changes[0]["set"]["contact"][1] == "Ada Byron"
    assert (done.changes[0]["record_id"], done.changes[0]["set"]["status"][1]) == (task, "done")
    approve(at.store, done.id, actor=at.actor, door="cli", sha256=done.sha256)
    assert heads(ask("who should I contact today?")) == ["1. Ada Byron · Acme"]


@pytest.mark.parametrize("text", ["make a task for the second", "please add a reminder for 2", "给第二个建个任务"])
def test_a_task_is_made_of_any_entry(at, ask, text):
    wrote(at, 2)
    late_task(at)
    ask("who should I contact today?")

    change = ask(text).proposals[0].changes[0]

    assert (change["op"], change["entity"]) == ("create", "task")
    assert change["set"]["title"][1] == "Call Bob Ray: Send the offer"
    assert change["set"]["due_on"][1] == TODAY.isoformat()


def test_a_place_that_the_list_has_not_is_asked_about(at, ask):
    wrote(at, 2)
    late_task(at)
    ask("who should I contact today?")

    which = ask("not today")
    assert (which.status, which.options) == (Status.CLARIFY, ("dismiss 1", "dismiss 2"))
    assert "no number 7" in ask("do 7").text
    assert not ask("skip it").options
    ask("who should I contact today?")
    ask("not today")
    assert heads(ask("2")) == ["1. Ada Byron · Acme"]


def test_who_is_set_aside_comes_back_with_news_and_not_with_time(at, ask):
    wrote(at, 2)
    ask("who should I contact today?")

    assert "Set aside until something new happens there: Acme." in ask("dismiss 1").text
    assert NOTHING in ask("who should I contact today?").text
    assert NOTHING in ask("who should I contact today?", today=TODAY + timedelta(days=9)).text

    wrote(at, 0, subject="Are you there?")
    assert "Are you there?" in ask("who should I contact today?").text


def test_a_change_of_the_deal_and_a_task_that_falls_due_are_news(at, ask):
    wrote(at, 2)
    ask("who should I contact today?")
    ask("忽略第一个")
    late_task(at, account=at.acme, contact=at.ada, due_on=TODAY + timedelta(days=2))

    assert NOTHING in ask("who should I contact today?").text
    assert heads(ask("who should I contact today?", today=TODAY + timedelta(days=2))) == ["1. Ada Byron · Acme"]

    assert NOTHING in ask("dismiss it", today=TODAY + timedelta(days=2)).text
    make_deal(at.store, "New one", stage="Engaging", account=at.acme, owner=at.rep)
    assert heads(ask("who should I contact today?", today=TODAY + timedelta(days=2))) == ["1. Ada Byron · Acme"]


def test_what_one_person_sets_aside_stays_in_the_day_of_another(at, ask):
    wrote(at, 2)
    ask("who should I contact today?")
    ask("dismiss 1")

    assert NOTHING in ask("who should I contact today?").text
    assert heads(ask("who should I contact today?", actor=ADMIN)) == ["1. Ada Byron · Acme"]


def test_a_model_sets_nothing_aside_that_the_person_did_not_ask_for(at, dismissals):
    wrote(at, 2)
    aside = calls("report", name="day", about="account:Acme")
    for text, is_allowed in (("whom shall I call?", False), ("please skip Acme for now", True)):
        copilot, _ = scripted(at.store, aside, says("Done."), dismissals=dismissals)
        copilot.ask(text, thread=text, actor=at.actor, today=TODAY)

        assert bool(dismissals.of(at.rep)) is is_allowed


def test_words_to_a_list_mean_nothing_where_there_is_none(at, ask):
    assert ask("do 1").status is Status.CLARIFY
    assert not ask("dismiss 2").proposals


def test_every_kind_of_reason_has_a_weight_and_its_words():
    import prompts

    words = prompts.load_yaml("sentences")
    assert all(f"day_do_{kind}" in words for kind in WEIGHTS)


def test_a_task_is_the_same_one_on_the_day_after_and_two_promises_of_one_mail_are_two():
    task, mail = Citation("task", 5, "Call Ada", ""), Citation("interaction", 7, "Re: the pilot", "")

    def key(kind: str, source: Citation, day: int) -> str:
        return Reason(kind, "", source, source, day=date(2017, 11, day)).key

    assert key("due", task, 15) == key("overdue", task, 15)
    assert key("promise", mail, 15) != key("promise", mail, 16)
