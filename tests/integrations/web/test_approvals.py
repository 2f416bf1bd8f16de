"""What waits for whom, and deciding on it in place."""

from datetime import UTC, datetime

import pytest
from nicegui import ui

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, State, commit_changes, list_changes, propose
from integrations.cards import Allowed, read_card, what_is_allowed
from integrations.web.approvals import approve_all, read_waiting


@pytest.fixture
def ask(company):
    """Proposes another title for a record of Ada's, or for Acme another industry."""

    def asked(who="Ada North", entity="account", record=None, door="web", **pairs):
        change = Change(Op.UPDATE, entity, record or company.acme, 1, pairs or {"industry": ("retail", "toys")})
        actor = ADMIN if who == "admin" else company.actor(who)
        return propose(
            company.store.for_agent, [change], actor=actor, summary="industry of Acme", origin=Origin(door),
            at=datetime.now(UTC),
        )  # fmt: skip

    return asked


def states(company):
    return {one.id: one.state for one in list_changes(company.store, ADMIN)}


def test_what_waits_is_counted_told_with_its_risk_and_of_others_only_where_one_may_decide(company, ask):
    own = ask()
    ask("admin", door="auto")
    ask("Bo South", record=company.bolt, industry=("medical", "toys"))

    assert [one.found.id for one in read_waiting(company.store, company.actor("Ada North"))] == [own.id]
    waits = read_waiting(company.store, company.actor("Di Admin"))
    assert [(one.risk, one.is_auto) for one in waits] == [("low", False), ("low", True), ("low", False)]


def test_a_proposal_is_approved_in_the_inbox_and_can_be_undone_there(visit, company, ask):
    asked = ask()

    async def walk(user):
        await user.open("/approvals")
        await user.should_see("Approve", retries=150)
        user.find("Approve").click()
        await user.should_see("Undo", retries=150)

    visit("Ada North", walk)
    assert states(company)[asked.id] is State.APPLIED


def test_a_proposal_is_rejected_in_the_inbox(visit, company, ask):
    asked = ask()

    async def walk(user):
        await user.open("/approvals")
        await user.should_see("Reject", retries=150)
        user.find("Reject").click()
        await user.should_see("Rejected", retries=150)

    visit("Ada North", walk)
    assert states(company)[asked.id] is State.REJECTED


def test_proposals_are_filtered_by_risk_and_by_whose_they_are(visit, company, ask):
    ask("admin", door="auto")

    async def walk(user):
        await user.open("/approvals")
        await user.should_see("toys", retries=150)
        risk, who = sorted(user.find(kind=ui.select).elements, key=lambda one: one.id)
        risk.value = "high"
        await user.should_see("Nothing like that waits", retries=150)
        risk.value = "any"
        await user.should_see("toys", retries=150)
        who.value = "own"
        await user.should_see("Nothing like that waits", retries=150)
        who.value = "auto"
        await user.should_see("toys", retries=150)

    visit("Di Admin", walk)


def test_those_with_low_risk_are_approved_together(visit, company, ask):
    first, second = ask(), ask("admin", "deal", company.adas_deal, name=("Alpha", "Alpha 2"))

    async def walk(user):
        await user.open("/approvals")
        await user.should_see("Alpha 2", retries=150)
        for box in user.find(kind=ui.checkbox).elements:
            box.value = True
        user.find("Approve 2 selected").click()
        await user.should_see("2 approved.", retries=150)
        await user.should_see("Nothing waits for you", retries=150)

    visit("admin", walk)
    assert {states(company)[one.id] for one in (first, second)} == {State.APPLIED}


def test_one_that_moved_on_stops_no_other_and_is_told(company, ask):
    first, second = ask(), ask(industry=("retail", "games"))
    waits = {one.found.id: one for one in read_waiting(company.store, ADMIN)}

    refused = approve_all(company.store, [waits[first.id], waits[second.id]], ADMIN, lang="en")

    assert len(refused) == 1
    assert "changed since" in refused[0]
    assert states(company)[first.id] is State.APPLIED


def test_an_empty_inbox_says_what_would_come_and_the_number_is_in_the_navigation(visit, ask):
    async def walk(user):
        await user.open("/approvals")
        await user.should_see("Nothing waits for you", retries=150)
        ask()
        await user.open("/changes")
        await user.should_see("1", retries=150)

    visit("Ada North", walk)


def test_nobody_approves_for_others_by_knowing_an_id(company, ask):
    asked = ask("Bo South", record=company.bolt, industry=("medical", "toys"))
    waits = read_waiting(company.store, ADMIN)

    refused = approve_all(company.store, waits, company.actor("Ada North"), lang="en")

    assert len(refused) == 1
    assert states(company)[asked.id] is State.PROPOSED


def test_others_see_who_may_decide_instead_of_buttons_that_would_be_refused(visit, company, ask):
    asked = ask("Bo South", record=company.bolt, industry=("medical", "toys"))

    async def walk(user):
        await user.open(f"/approvals?id={asked.id}")
        await user.should_see("May be approved by Bo South, Di Admin", retries=150)
        for refused in ("Approve", "Edit", "Reject"):
            await user.should_not_see(refused, kind=ui.button)

    visit("Cy Audit", walk)


def test_a_proposal_about_what_one_may_no_longer_change_can_be_rejected_alone(visit, company, ask):
    asked = ask()
    commit_changes(
        company.store, [Change(Op.UPDATE, "account", company.acme, 1, {"owner": (company.ada, company.bo)})],
        actor=ADMIN, kind="edit", summary="handed over", door="web",
    )  # fmt: skip
    card = read_card(company.store, asked.id, ADMIN)

    assert what_is_allowed(company.store, card, company.actor("Ada North")) == Allowed(
        reject=True, deciders=("Di Admin",)
    )  # fmt: skip


def test_what_was_applied_is_taken_back_by_who_may_change_it(company, ask):
    asked = ask()
    approve_all(company.store, read_waiting(company.store, ADMIN), ADMIN, lang="en")
    card = read_card(company.store, asked.id, ADMIN)

    undo = {name: what_is_allowed(company.store, card, company.actor(name)).undo for name in ("Ada North", "Cy Audit")}
    assert undo == {"Ada North": True, "Cy Audit": False}
