"""Steps as people say them, worked out into exact changes."""

from datetime import date

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.changes import Origin, approve, propose
from crm_core.changes.draft import Draft, draft, risk_of, summarise, told
from crm_core.changes.steps import Step
from crm_core.errors import CrmError, Forbidden, Invalid, NotFound
from crm_core.models import Kind
from tests.factories import (
    actor_for,
    make_account,
    make_contact,
    make_custom_field,
    make_deal,
    make_lead,
    make_product,
    make_task,
    make_user,
    stage_named,
)

DAY = date(2017, 12, 31)


def drafted(store, *steps, actor=ADMIN) -> Draft:
    return draft(store.for_agent, [Step.model_validate(step) for step in steps], actor=actor, today=DAY)


def new_values(found: Draft, position: int = 0) -> dict:
    return {name: new for name, (_, new) in found.changes[position].set.items()}


def update_deal(deal, **given):
    return {"op": "update", "entity": "deal", "records": [deal], "set": given}


class TestStages:
    def test_a_won_deal_is_closed_today_unless_a_day_is_said(self, store):
        deal = make_deal(store, "North", stage="Engaging")
        won = stage_named(store, "Won")

        assert new_values(drafted(store, update_deal(deal, stage="won"))) == {"stage": won, "closed_on": "2017-12-31"}
        said = drafted(store, update_deal(deal, stage="Won", closed_on="2017-12-29"))
        assert new_values(said)["closed_on"] == "2017-12-29"

    def test_a_reopened_deal_loses_its_close_date(self, store):
        deal = make_deal(store, "North", stage="Lost", closed_on=date(2017, 12, 30))

        assert new_values(drafted(store, update_deal(deal, stage="Engaging")))["closed_on"] is None

    def test_a_correction_between_won_and_lost_keeps_the_day(self, store):
        deal = make_deal(store, "North", stage="Lost", closed_on=date(2017, 12, 1))

        assert "closed_on" not in new_values(drafted(store, update_deal(deal, stage="Won")))

    def test_a_new_deal_takes_the_stage_that_is_named(self, store):
        make_account(store, "Acme")
        engaging = stage_named(store, "Engaging")
        step = {"op": "create", "entity": "deal", "set": {"account": "Acme", "stage": "Engaging"}}

        assert new_values(drafted(store, step))["stage"] == engaging

    def test_an_unknown_stage_names_the_stages(self, store):
        with pytest.raises(Invalid, match="there are: Prospecting, Engaging, Won, Lost"):
            drafted(store, update_deal(make_deal(store), stage="Signed"))


class TestValues:
    def test_amounts_are_said_in_major_units_and_shown_so(self, store):
        deal = make_deal(store, "North", amount=100, currency="USD")
        found = drafted(store, update_deal(deal, amount=1250.5))

        assert found.changes[0].set == {"amount": (10000, 125050)}
        assert told(store, found.changes, actor=ADMIN)[0]["set"] == {"amount": [100, 1250.5]}

    def test_a_value_is_worked_out_of_another_field(self, store):
        product = make_product(store, "GTX", list_price=4821, currency="USD")
        deal = make_deal(store, "North", product=product)

        found = drafted(store, update_deal(deal, amount={"of": "product.list_price", "times": 0.9}))

        assert new_values(found) == {"amount": 433890}

    def test_a_date_is_moved_on(self, store):
        deal = make_deal(store, "North", closes_on=date(2018, 1, 31))

        assert new_values(drafted(store, update_deal(deal, closes_on={"months": 1, "days": 1})))["closes_on"] == (
            "2018-03-01"
        )

    def test_what_is_missing_cannot_be_worked_out_from(self, store):
        with pytest.raises(Invalid, match="North has no amount"):
            drafted(store, update_deal(make_deal(store, "North"), amount={"times": 0.9}))

    def test_records_are_dealt_out_evenly(self, store):
        deals = [make_deal(store, f"D{n}") for n in range(4)]
        ann, bob = make_user(store, "Ann"), make_user(store, "Bob")

        found = drafted(
            store, {"op": "update", "entity": "deal", "records": deals, "set": {"owner": {"among": ["Ann", "Bob"]}}}
        )

        assert [new_values(found, n)["owner"] for n in range(4)] == [ann, bob, ann, bob]

    def test_a_field_is_emptied_only_where_it_may_be(self, store):
        account = make_account(store, "Acme", parent=make_account(store, "Borg"))
        step = {"op": "update", "entity": "account", "records": [account]}

        assert new_values(drafted(store, {**step, "set": {"parent": None}})) == {"parent": None}
        with pytest.raises(Invalid, match="cannot be emptied"):
            drafted(store, {**step, "set": {"name": ""}})

    def test_a_stored_value_keeps_the_spelling_of_the_store(self, store):
        make_account(store, "Borg", industry="Retail")
        account = make_account(store, "Acme")

        found = drafted(
            store, {"op": "update", "entity": "account", "records": ["Acme"], "set": {"industry": "RETAIL"}}
        )

        assert (found.changes[0].record_id, new_values(found)) == (account, {"industry": "Retail"})

    @pytest.mark.parametrize(
        ("kind", "held", "how", "new"),
        [
            ("integer", 40, {"plus": 5}, 45),
            ("money", 40, {"times": 1.5}, 6000),
            ("date", "2017-12-20", {"days": 14}, "2018-01-03"),
        ],
    )
    def test_a_custom_field_is_worked_out_from_what_it_holds(self, store, kind, held, how, new):
        make_custom_field(store, "account", "score", Kind(kind))
        account = make_account(store, "Acme")
        first = drafted(store, {"op": "update", "entity": "account", "records": [account], "set": {"score": held}})
        proposal = propose(store.for_agent, first.changes, actor=ADMIN, summary="x", origin=Origin("cli"))
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

        found = drafted(store, {"op": "update", "entity": "account", "records": [account], "set": {"score": how}})

        assert new_values(found) == {"score": new}

    def test_a_custom_field_is_changed_like_any_other(self, store):
        make_custom_field(store, "account", "score")
        account = make_account(store, "Acme")

        step = {"op": "update", "entity": "account", "records": [account], "set": {"score": 7}}
        found = drafted(store, step)
        proposal = propose(store.for_agent, found.changes, actor=ADMIN, summary="x", origin=Origin("cli"))
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

        assert drafted(
            store, {"op": "update", "entity": "account", "records": [account], "set": {"score": 7}}
        ).unchanged

    @pytest.mark.parametrize(
        ("entity", "given", "right"),
        [
            ("deal", {"amount": "lots"}, "amount is a number"),
            ("deal", {"amount": 1e30}, "too large"),
            ("deal", {"closes_on": "soon"}, "closes_on is a date"),
            ("deal", {"colour": "red"}, "no field of deal 'colour'"),
            ("deal", {"external_id": "X"}, "cannot be changed"),
            ("deal", {"age_days": 3}, "cannot be changed"),
            ("deal", {"owner": "Nobody"}, "no user called"),
            ("contact", {"email": "nonsense"}, "not an email address"),
            ("contact", {"name": "a\x00b"}, "cannot be stored"),
            ("contact", {"name": "\ud800"}, "cannot be stored"),
            ("task", {"status": "maybe"}, "one of open, done"),
            ("account", {"employees": 1.5}, "whole number"),
        ],
    )
    def test_a_wrong_value_is_named_with_what_would_be_right(self, sqlite_store, entity, given, right):
        record = {"deal": make_deal, "contact": make_contact, "task": make_task, "account": make_account}[entity]

        with pytest.raises(CrmError, match=right):
            drafted(
                sqlite_store, {"op": "update", "entity": entity, "records": [record(sqlite_store)], "set": given}
            )  # fmt: skip


class TestWhichRecords:
    def test_all_that_match_a_filter(self, store):
        make_deal(store, "North", stage="Won")
        deals = {make_deal(store, name) for name in ("A", "B")}

        found = drafted(
            store,
            {"op": "delete", "entity": "deal", "where": {"field": "stage", "value": "Prospecting"}},
        )

        assert {change.record_id for change in found.changes} == deals
        assert risk_of(found.changes, store.schema) == "high"
        assert summarise(found.changes, store.schema) == "delete 2 deals"

    def test_a_name_that_fits_several_says_which(self, store):
        make_account(store, "Acme North")
        make_account(store, "Acme South")

        with pytest.raises(Invalid, match="Several accounts fit 'Acme': Acme North; Acme South"):
            drafted(store, {"op": "delete", "entity": "account", "records": ["Acme"]})

    def test_what_is_so_already_is_left_out(self, store):
        deal = make_deal(store, "North", amount=5, currency="USD")

        found = drafted(store, update_deal(deal, amount=5))

        assert (found.changes, found.unchanged, found.matched) == ((), 1, 1)

    def test_what_matches_nothing_comes_to_nothing(self, store):
        found = drafted(store, {"op": "delete", "entity": "deal", "where": {"field": "stage", "value": "Won"}})

        assert (found.changes, found.missed) == ((), ("deal",))

    def test_two_steps_on_one_record_are_one_change(self, store):
        deal = make_deal(store, "North", stage="Engaging")

        found = drafted(store, update_deal(deal, next_step="call"), update_deal(deal, amount=5))

        assert [set(change.set) for change in found.changes] == [{"next_step", "amount"}]

    @pytest.mark.parametrize("second", [{"amount": 6}, None])
    def test_steps_that_contradict_each_other_are_refused(self, store, second):
        deal = make_deal(store, "North")
        other = update_deal(deal, **second) if second else {"op": "delete", "entity": "deal", "records": [deal]}

        with pytest.raises(Invalid, match="North"):
            drafted(store, update_deal(deal, amount=5), other)

    def test_a_record_of_another_owner_is_refused_and_one_out_of_sight_does_not_exist(self, store):
        ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
        deal = make_deal(store, "North", owner=bob)

        with pytest.raises(Forbidden):
            drafted(store, update_deal(deal, amount=5), actor=actor_for(ann))
        with pytest.raises(NotFound):
            drafted(store, update_deal(deal, amount=5), actor=actor_for(ann, reads=Scope.OWN))
        with pytest.raises(NotFound):
            drafted(store, update_deal(12345, amount=5))


class TestCreating:
    def test_what_nobody_says_is_filled_in(self, store):
        ann = make_user(store, "Ann")
        make_account(store, "Acme")

        found = drafted(
            store,
            {"op": "create", "entity": "interaction", "set": {"kind": "call", "account": "Acme", "body": "Hello"}},
            actor=actor_for(ann),
        )

        assert new_values(found)["happened_on"] == "2017-12-31"
        assert new_values(found)["user"] == ann

    def test_a_deal_begins_at_the_first_stage_and_is_named_after_its_account(self, store):
        first = stage_named(store, "Prospecting")
        make_account(store, "Acme")

        values = new_values(drafted(store, {"op": "create", "entity": "deal", "set": {"account": "Acme", "amount": 5}}))

        assert values["stage"] == first
        assert (values["name"], values["currency"]) == ("Acme", "USD")

    def test_a_task_on_a_contact_is_about_their_account(self, store):
        account = make_account(store, "Acme")
        make_contact(store, "Ada", account=account)

        values = new_values(
            drafted(store, {"op": "create", "entity": "task", "set": {"title": "Call", "contact": "Ada"}})
        )

        assert values["account"] == account

    def test_a_step_may_refer_to_what_an_earlier_one_makes(self, store):
        found = drafted(
            store,
            {"op": "create", "entity": "account", "name": "new", "set": {"name": "Acme"}},
            {"op": "create", "entity": "contact", "set": {"name": "Ada", "account": "@new"}},
        )

        assert new_values(found, 1)["account"] == found.changes[0].record_id
        assert told(store, found.changes, actor=ADMIN)[1]["set"]["account"] == [None, "Acme"]

    def test_a_deal_needs_a_stage_to_begin_at(self, store):
        with pytest.raises(Invalid, match="A new deal needs a stage"):
            drafted(store, {"op": "create", "entity": "deal", "set": {"name": "X"}})

    def test_what_a_record_needs_must_be_said(self, store):
        with pytest.raises(Invalid, match="A new task needs a title"):
            drafted(store, {"op": "create", "entity": "task", "set": {"due_on": "2018-01-01"}})

    def test_a_contact_that_is_there_already_is_pointed_out(self, store):
        make_contact(store, "Ada Byron", email="ada@acme.example")

        found = drafted(
            store, {"op": "create", "entity": "contact", "set": {"name": "Ada B.", "email": "ada@acme.example"}}
        )

        assert [(one.label, one.by) for one in found.alike] == [("Ada Byron", "email")]

    def test_nobody_makes_deals_for_others(self, store):
        ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
        stage_named(store, "Prospecting")

        with pytest.raises(Forbidden, match="another owner"):
            drafted(store, {"op": "create", "entity": "deal", "set": {"name": "X", "owner": bob}}, actor=actor_for(ann))

    def test_a_lead_becomes_an_account_a_contact_and_a_deal(self, store):
        stage_named(store, "Prospecting")
        lead = make_lead(store, "Grace Hopper", company="Navy", email="grace@navy.example")

        found = drafted(store, {"op": "convert", "entity": "lead", "records": [lead], "set": {"amount": 500}})
        proposal = propose(store.for_agent, found.changes, actor=ADMIN, summary="x", origin=Origin("cli"))
        approve(store, proposal.id, sha256=proposal.sha256, actor=ADMIN, door="cli")

        assert [(c.op, c.entity) for c in found.changes] == [
            ("create", "account"), ("create", "contact"), ("create", "deal"), ("update", "lead")
        ]  # fmt: skip
        assert new_values(found, 3)["status"] == "converted"
        assert new_values(found, 3)["converted_on"] == "2017-12-31"
