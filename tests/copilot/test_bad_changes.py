"""Whatever a model asks to change: a clear status, an honest receipt, an end of the turn, and no half-applied set."""

import os
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from copilot.reply import Reply, Status
from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import approve, check_audit, list_changes
from crm_core.db import Store
from crm_core.models import Account, ChangeRow, ChangeSetRow
from tests.conftest import TODAY
from tests.factories import CREATED, actor_for, make_account, make_deal, make_user
from tests.scripted import calls, calls_all, says, scripted

MANY = 5000 if os.environ.get("FARLEY_SOAK") else 1200
BAD_TEXT = {"1 MB": "€" * 350_000, "a long one": "€" * 40_000, "a lone surrogate": "abcd\ud800b", "NUL": "abcd\x00b",
            "only spaces": "     "}  # fmt: skip
BAD_NUMBERS = (2**63, -1, 10**400, 1e308, float("nan"))


def step(**given: Any) -> dict[str, Any]:
    return {"op": "update", "entity": "deal", "records": ["North"], "set": {"next_step": "call"}, **given}


def ask(store: Store, steps: Any, *, actor: Actor = ADMIN, **more: Any) -> Reply:
    copilot, _ = scripted(store, calls("propose_changes", steps=steps, **more), says("I did it."))
    return copilot.ask("do it", thread="t", actor=actor, today=TODAY)


def name_of(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(Account.__table__))]


def with_a_deal(store: Store) -> Store:
    make_deal(store, "North", account=make_account(store, "Acme", revenue=1000, currency="USD"), amount=100)
    return store


@pytest.fixture
def north(sqlite_store: Store) -> Store:
    """A store with one deal."""
    return with_a_deal(sqlite_store)


@pytest.fixture
def norths(store: Store) -> Store:
    """The same on each database."""
    return with_a_deal(store)


REFUSED = {
    "an unknown field": ([step(set={"colour": "red"})], "no field"),
    "a field that nobody may change": ([step(set={"created_at": "2017-01-01"})], "cannot be changed"),
    "words for an amount": ([step(set={"amount": "lots"})], "is a number"),
    "words for a date": ([step(set={"closes_on": "soon"})], "date"),
    "a day that there is not": ([step(set={"closes_on": "2017-02-30"})], "date"),
    "an unknown stage": ([step(set={"stage": "Nowhere"})], "there are"),
    "too much money": ([step(set={"amount": 10**17})], "too large"),
    "an unknown kind of record": ([step(entity="spaceship")], "no kind of record"),
    "a record that is not there": ([step(records=["South"])], "no deal called"),
    "an id that is not there": ([step(records=[7])], "no such deal"),
    "nothing to say which": ([step(records=[])], "which"),
    "nothing to change": ([step(set={})], "what is to change"),
    "a name that must be": ([{"op": "create", "entity": "account", "set": {}}], "needs a"),
    "a step that was never made": ([step(set={"account": "@nobody"})], "earlier step"),
    "changed and deleted": ([step(), step(op="delete", set={})], "both changed and deleted"),
    "two values for one field": ([step(), step(set={"next_step": "mail"})], "Two values"),
    "a date from an amount": ([step(set={"closes_on": {"of": "amount", "days": 3}})], "cannot be worked out"),
    "days past the calendar": ([step(set={"started_on": {"of": "created_at", "days": 10**9}})], ""),
    "months past the calendar": ([step(set={"started_on": {"of": "created_at", "months": 10**9}})], ""),
    "an endless factor": ([step(set={"amount": {"times": 1e308}})], ""),
    "a proposal that is not there": ([step()], "no change", "abcd1234"),
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused_in_words(north, given):
    steps, words, *instead = given

    reply = ask(north, steps, **({"instead_of": instead[0]} if instead else {}))

    assert reply.status is Status.CANNOT, reply.text
    assert words in reply.text
    assert reply.receipt
    assert list_changes(north, ADMIN) == ()


SITES = {
    "entity": lambda bad: [step(entity=bad)],
    "field": lambda bad: [step(set={bad: "x"})],
    "text": lambda bad: [step(set={"next_step": bad})],
    "choice": lambda bad: [step(set={"lost_reason": bad})],
    "amount": lambda bad: [step(set={"amount": bad})],
    "date": lambda bad: [step(set={"closes_on": bad})],
    "reference": lambda bad: [step(set={"account": bad})],
    "stage": lambda bad: [step(set={"stage": bad})],
    "record": lambda bad: [step(records=[bad])],
    "filter": lambda bad: [step(records=[], where={"field": "name", "value": bad})],
    "filtered field": lambda bad: [step(records=[], where={"field": bad, "value": "x"})],
    "factor": lambda bad: [step(set={"amount": {"times": bad}})],
    "field to start from": lambda bad: [step(set={"amount": {"of": bad}})],
    "among": lambda bad: [step(set={"owner": {"among": [bad, bad]}})],
    "name": lambda bad: [step(op="create", entity="account", records=[], set={"name": "Borg"}, name=bad)],
    "quote": lambda bad: [step(quote=bad)],
    "steps": lambda bad: bad,
}


@pytest.mark.parametrize("site", SITES)
def test_a_bad_value_anywhere_ends_in_a_reply_and_a_set_that_is_whole(norths, site):
    for bad in (*BAD_TEXT.values(), *BAD_NUMBERS, None, {}):
        reply = ask(norths, SITES[site](bad)) if not isinstance(bad, dict) or site != "field" else None

        if reply is not None:
            assert_clear(reply)
            assert len(reply.text) < 20_000
            approve_all(norths, reply)
    with norths.read() as connection:
        assert list(check_audit(connection)) == []


def assert_clear(reply: Reply) -> None:
    """No bug of ours, and what no model may send at all is called so."""
    assert reply.error_id is None, reply
    assert reply.status is not Status.ERROR or "nothing that could be used" in reply.text


def approve_all(store: Store, reply: Reply) -> None:
    """What was proposed can be approved: nothing in it makes the store stumble."""
    for card in reply.proposals:
        approve(store, card.id, sha256=card.sha256, actor=ADMIN, door="web")


@pytest.mark.parametrize("bad", BAD_TEXT.values(), ids=BAD_TEXT.keys())
def test_a_bad_id_of_a_proposal_is_no_proposal(north, bad):
    for reply in (
        ask(north, [step()], instead_of=bad),
        scripted(north, calls("withdraw_proposal", proposal=bad[:64]), says("Done."))[0].ask(
            "x", thread="t", actor=ADMIN, today=TODAY
        ),
    ):
        assert_clear(reply)
        assert reply.status is not Status.ANSWERED
    assert list_changes(north, ADMIN) == ()


def test_a_record_of_another_is_as_if_it_were_not_there(store):
    ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
    hidden = make_deal(store, "Hidden", owner=bob)
    actor = actor_for(ann, reads=Scope.OWN)

    texts = [ask(store, [step(records=[one])], actor=actor).text for one in (hidden, 12345)]
    named = [ask(store, [step(records=[one])], actor=actor).text for one in ("Hidden", "Nowhere")]

    assert texts[0] == texts[1]
    assert named[0].replace("Hidden", "Nowhere") == named[1]


def test_a_card_works_nothing_out_from_a_record_that_the_asker_may_not_see(store):
    ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
    account = make_account(store, "Hidden Inc", owner=bob, revenue=4711, currency="USD", industry="Secret")
    make_deal(store, "North", owner=ann, account=account, amount=1, currency="USD")
    actor = actor_for(ann, reads=Scope.OWN)

    worked = ask(store, [step(set={"amount": {"of": "account.revenue"}})], actor=actor)
    emptied = ask(store, [step(set={"account": None})], actor=actor)
    spelled = ask(store, [{"op": "create", "entity": "account", "set": {"name": "m", "industry": "secret"}}],
                  actor=actor)  # fmt: skip

    assert worked.status is Status.CANNOT
    assert emptied.proposals[0].changes[0]["set"]["account"] == [f"#{account}", None]
    assert spelled.proposals[0].changes[0]["set"]["industry"] == [None, "secret"]
    assert "4711" not in str(worked) + str(emptied)


@pytest.mark.parametrize("steps", ["not JSON", "{", "[", None, 7, [], [[]], ["x"], [{}], [{"op": "approve"}]])
def test_malformed_steps_end_the_turn_and_nothing_is_proposed(north, steps):
    reply = ask(north, steps)

    assert reply.status in (Status.CANNOT, Status.ANSWERED)
    assert list_changes(north, ADMIN) == ()


def test_a_filter_nested_past_reason_is_refused(north):
    where: dict[str, Any] = {"field": "name", "value": "North"}
    for _ in range(400):
        where = {"not": where}

    reply = ask(north, [step(records=[], where=where)])

    assert_clear(reply)
    assert list_changes(north, ADMIN) == ()


def test_ten_thousand_steps_or_calls_end_the_turn(north):
    copilot, _ = scripted(north, calls_all(*[("propose_changes", {"steps": [step()]})] * 10_000))

    for reply in (ask(north, [step()] * 10_000), copilot.ask("x", thread="u", actor=ADMIN, today=TODAY)):
        assert_clear(reply)
        assert reply.status is Status.ERROR
    assert list_changes(north, ADMIN) == ()


def test_a_large_set_is_proposed_and_applied_whole(store, capsys):
    rows = [{"id": n, "name": f"Acme {n}", "created_at": CREATED, "updated_at": CREATED} for n in range(1, MANY + 1)]
    with store.write() as connection:
        connection.execute(insert(Account), rows)
    everyone = [step(entity="account", records=[], where={"field": "name", "op": "not_empty"}, set={"city": "Bonn"})]

    began = time.perf_counter()
    reply = ask(store, everyone)
    proposed = time.perf_counter()
    approve_all(store, reply)
    applied = time.perf_counter()

    with store.read() as connection:
        moved = connection.execute(
            select(func.count()).where(Account.city == "Bonn", Account.version == 2)
        ).scalar_one()
    took = f"proposed in {proposed - began:.1f} s, approved in {applied - proposed:.1f} s"
    with capsys.disabled():
        print(f"\n{MANY:,} records in one set: {took}")
    assert (reply.status, len(reply.proposals[0].changes), moved) == (Status.PROPOSED, MANY, MANY)


def test_a_set_that_fails_at_its_end_leaves_no_part_of_it(north):
    reply = ask(north, [step(), {"op": "update", "entity": "account", "records": ["Acme"], "set": {"city": "Bonn"}}])
    with north.write() as connection:
        connection.execute(Account.__table__.update().values(version=2))
    before = name_of(north)
    card = reply.proposals[0]

    with pytest.raises(Exception, match="changed since"):
        approve(north, card.id, sha256=card.sha256, actor=ADMIN, door="web", at=datetime.now(UTC))

    with north.read() as connection:
        sets = connection.execute(select(func.count()).select_from(ChangeSetRow)).scalar_one()
        rows = connection.execute(select(func.count()).select_from(ChangeRow)).scalar_one()
    assert (name_of(north), sets, rows) == (before, 1, 2)
