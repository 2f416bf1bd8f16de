"""The list of changes, what stands in each, and taking it back."""

import pytest
from nicegui import ui
from sqlalchemy import update

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, State, commit_changes, list_changes
from crm_core.errors import NotFound
from crm_core.models import ChangeRow
from integrations.web.change_reads import open_set, read_audit


@pytest.fixture
def commit(company):
    """Changes Acme at once."""

    def committed(version=1, who="admin", entity="account", record=None, **pairs):
        actor = ADMIN if who == "admin" else company.actor(who)
        change = Change(Op.UPDATE, entity, record or company.acme, version, pairs)
        told = ", ".join(f"{field} of {entity}" for field in pairs)
        return commit_changes(company.store, [change], actor=actor, kind="edit", summary=told, door="cli")

    return committed


def state_of(company, change_set):
    return next(one.state for one in list_changes(company.store, ADMIN, limit=50) if one.id == change_set)


def test_a_change_is_shown_in_full_with_who_when_and_what_and_is_undone(visit, company, commit):
    made = commit(industry=("retail", "toys"))

    async def walk(user):
        await user.open(f"/changes?id={made}")
        await user.should_see("retail", retries=150)
        await user.should_see("toys", retries=150)
        await user.should_see("Done: admin, command line", retries=150)
        user.find(marker="undo").click()
        await user.should_see("Undone: 1 records", retries=150)

    visit("admin", walk)
    assert state_of(company, made) is State.UNDONE


def test_one_field_is_taken_back_alone(visit, company, commit):
    made = commit(industry=("retail", "toys"), employees=(None, 7))

    async def walk(user):
        await user.open(f"/changes?id={made}")
        await user.should_see(marker="undo-industry")
        user.find(marker="undo-industry").click()
        await user.should_see("Undone: 1 records", retries=150)

    visit("admin", walk)
    with company.store.read() as connection:
        row = connection.exec_driver_sql("SELECT industry, employees FROM accounts WHERE name = 'Acme'").one()
    assert tuple(row) == ("retail", 7)


def test_what_an_undo_leaves_is_told_with_the_reason(visit, company, commit):
    made = commit(industry=("retail", "toys"))
    commit(2, industry=("toys", "games"))

    async def walk(user):
        await user.open(f"/changes?id={made}")
        await user.should_see(marker="undo")
        user.find(marker="undo").click()
        await user.should_see("1 were left", retries=150)
        await user.should_see("Acme: changed since by admin", retries=150)

    visit("admin", walk)


def test_changes_are_filtered_by_person_and_record(visit, company, commit):
    commit(industry=("retail", "toys"))
    commit(1, "Ada North", "deal", company.adas_deal, name=("Alpha", "Omega"))

    async def walk(user):
        await user.open("/changes")
        await user.should_see("Industry of account", retries=150)
        person = min(user.find(kind=ui.select).elements, key=lambda one: one.id)
        person.value = company.ada
        await user.should_not_see("Industry of account")
        await user.should_see("Name of deal", retries=150)
        await user.open(f"/changes?record=account:{company.acme}")
        await user.should_see("Industry of account", retries=150)
        await user.should_not_see("Name of deal")

    visit("admin", walk)


def test_nobody_sees_the_changes_of_others_whose_records_they_may_not_see(visit, company, commit):
    made = commit(1, "Bo South", "deal", company.bos_deal, name=("Beta secret", "Beta 2"))

    async def walk(user):
        await user.open("/changes")
        await user.should_see("Nothing was changed that fits", retries=150)
        await user.should_not_see("audit trail")
        answered = await user.http_client.get(f"/changes?id={made}")
        assert answered.status_code == 404
        assert "secret" not in answered.text

    visit("Ada North", walk)
    with pytest.raises(NotFound):
        open_set(company.store, made, company.actor("Ada North"))


def test_the_state_of_the_audit_is_told_and_a_long_one_is_checked_when_asked(visit, company, commit):
    made = commit(industry=("retail", "toys"))

    assert read_audit(company.store).wrong == ()
    assert read_audit(company.store, most=0).wrong is None
    with company.store.write() as connection:
        changed = update(ChangeRow).where(ChangeRow.change_set_id == made)
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(changed.values(set={"industry": ["retail", "drugs"]}))

    async def walk(user):
        await user.open("/changes")
        await user.should_see("is not what was approved", retries=150)

    visit("admin", walk)


def test_who_may_not_take_a_change_back_is_offered_no_undo(visit, commit):
    made = commit(industry=("retail", "toys"))

    async def walk(user):
        await user.open(f"/changes?id={made}")
        await user.should_see("toys", retries=150)
        await user.should_not_see(marker="undo")
        await user.should_not_see(marker="undo-industry")

    visit("Cy Audit", walk)
