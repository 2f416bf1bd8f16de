"""The history of one record: who changed which field, when and why."""

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.changes import Op, commit_changes, undo
from crm_core.changes.draft import draft, summarise, trace
from crm_core.changes.steps import Step
from crm_core.errors import NotFound
from tests.factories import actor_for, make_account, make_deal, make_user


def edit(store, today, entity, record_id, actor=ADMIN, **values):
    step = Step(op="update", entity=entity, records=[record_id], set=values)
    changes = draft(store, [step], actor=actor, today=today).changes
    summary = summarise(changes, store.schema)
    return commit_changes(store, changes, actor=actor, kind="edit", summary=summary, door="web")


def test_every_change_of_a_record_is_told_with_who_made_it_and_how(store, today):
    ada = make_user(store, "Ada")
    account = make_account(store, "Acme")
    deal = make_deal(store, "Alpha", owner=ada, account=account, currency="USD", amount=10)
    first = edit(store, today, "deal", deal, amount=12.5)
    edit(store, today, "deal", deal, actor=actor_for(ada), stage="Engaging")
    edit(store, today, "account", account, industry="retail")

    newest, oldest = trace(store, "deal", deal, actor=ADMIN)

    assert (newest.set, newest.approved_by, newest.door) == (
        {"stage": ["Prospecting", "Engaging"]},
        f"user {ada}",
        "web",
    )
    assert (oldest.set, oldest.currency, oldest.change_set_id) == ({"amount": [10, 12.5]}, "USD", first)
    assert (oldest.op, oldest.kind, oldest.summary) == (Op.UPDATE, "edit", "update 1 deal: amount")


def test_what_was_undone_stays_in_the_history_and_says_so(sqlite_store, today):
    account = make_account(sqlite_store, "Acme")
    done = edit(sqlite_store, today, "account", account, industry="retail")
    undo(sqlite_store, done, actor=ADMIN, door="web")

    back, first = trace(sqlite_store, "account", account, actor=ADMIN)

    assert (back.kind, back.set, back.is_undone) == ("undo", {"industry": ["retail", None]}, False)
    assert first.is_undone


def test_whoever_may_not_see_the_record_sees_no_history(store, today):
    ada, bo = make_user(store, "Ada"), make_user(store, "Bo")
    deal = make_deal(store, "Alpha", owner=ada)
    edit(store, today, "deal", deal, next_step="call")

    with pytest.raises(NotFound):
        trace(store, "deal", deal, actor=actor_for(bo, reads=Scope.OWN))


def test_a_history_tells_no_label_or_summary_of_what_the_reader_may_not_see(store, today):
    ada, bo = make_user(store, "Ada"), make_user(store, "Bo")
    secret = make_account(store, "Secret", owner=bo)
    deal = make_deal(store, "Alpha", owner=ada)
    edit(store, today, "deal", deal, account="Secret")

    (told,) = trace(store, "deal", deal, actor=actor_for(ada, reads=Scope.OWN))

    assert told.set == {"account": [None, f"#{secret}"]}
    assert told.summary == ""
