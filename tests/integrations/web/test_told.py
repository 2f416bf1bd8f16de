"""What was changed is told in the language of its reader, from the change itself."""

import re

import pytest

from copilot.cards import totals
from crm_core.access import ADMIN, Scope
from crm_core.changes import Change, Op, Origin, commit_changes, list_changes, propose, undo
from crm_core.custom_fields import create_field, list_fields, rename_field
from crm_core.models import Kind, UserRole
from crm_core.roles import set_scope
from crm_core.signing_in import set_preferences
from integrations.web import told
from integrations.web.told import tell_sets
from tests.factories import make_interaction


@pytest.fixture
def commit(company):
    """Changes Acme, or makes and deletes things, at once."""

    def committed(*changes, kind="edit"):
        changes = changes or (Change(Op.UPDATE, "account", company.acme, 1, {"industry": ("retail", "toys")}),)
        return commit_changes(company.store, changes, actor=ADMIN, kind=kind, summary="as called", door="cli")

    return committed


def lines(company, lang):
    found = list_changes(company.store, ADMIN)
    return list(tell_sets(company.store, found, lang).values())


def test_a_change_an_import_and_an_undo_are_told_from_what_they_change(company, commit):
    made = commit()
    commit(Change(Op.CREATE, "task", 99, None, {"title": (None, "Call")}), kind="import")
    undo(company.store, made, actor=ADMIN, door="cli")

    assert lines(company, "zh") == ["撤销：修改 1 个客户（行业）", "导入：新建 1 个任务", "修改 1 个客户（行业）"]
    assert lines(company, "en") == ["Undo of: as called", "As called", "As called"]


def test_a_large_set_is_told_by_its_number(company, commit, monkeypatch):
    monkeypatch.setattr(told, "READ", 2)
    commit(*(Change(Op.CREATE, "task", at, None, {"title": (None, "Call")}) for at in (97, 98, 99)), kind="import")

    assert lines(company, "zh") == ["导入：3 项修改"]


def test_how_the_company_arranges_its_store_is_told_in_chinese_too(company):
    create_field(company.store, "deal", "Tier", Kind.TEXT, actor=ADMIN, door="web")
    [field] = list_fields(company.store)
    rename_field(company.store, field.id, "Level", actor=ADMIN, door="web")
    set_scope(company.store, UserRole.REP, Scope.TEAM, Scope.OWN, actor=ADMIN, door="web")

    assert not [line for line in lines(company, "zh") if re.search("[a-z]", line)]


def test_the_total_effect_on_an_amount_names_it_in_the_language_of_the_reader():
    change = {"op": "update", "entity": "deal", "currency": "USD", "set": {"amount": [1, 2]}}

    assert [next(totals([change, change], lang)) for lang in ("en", "zh")] == [("amount", 2, 4), ("金额", 2, 4)]


def test_the_page_of_changes_the_inbox_and_a_record_tell_it_in_chinese(visit, company, desk, commit):
    talk = make_interaction(company.store, desk.today(), kind="call", account=company.acme)
    made = commit(Change(Op.UPDATE, "interaction", talk, 1, {"kind": ("call", "meeting")}))
    renamed = Change(Op.UPDATE, "deal", company.adas_deal, 1, {"name": ("Alpha", "Omega")})
    propose(company.store.for_agent, [renamed], actor=ADMIN, summary="asked in English", origin=Origin("web"))
    set_preferences(company.store, ADMIN.id, lang="zh")

    async def walk(user):
        await user.open("/changes")
        await user.should_see("修改 1 个商机（", retries=150)
        await user.should_not_see("asked in English")
        await user.open(f"/changes?id={made}")
        await user.should_see("会议", retries=150)
        await user.should_not_see("As called")
        await user.open(f"/deal/{company.adas_deal}")
        await user.should_see("修改 1 个商机（", retries=150)
        await user.open(f"/interaction/{talk}")
        user.find(marker="show-history").click()
        await user.should_see("会议", retries=150)
        await user.should_see("命令行")

    visit("admin", walk)
