"""The words that headers teach, and how they go with their import."""

from datetime import date

import pytest
from sqlalchemy import select

from crm_core.access import ADMIN, Scope
from crm_core.changes import undo
from crm_core.models import CompanyWord, UserRole
from crm_core.transfer import apply_import, plan_import
from tests import factories
from tests.crm_core.transfer.conftest import TODAY

DEALS = "Opp ID,Customer,AE,Deal Stage,ACV,Signed\nD1,Acme,Ana Ames,Won,10,2017-01-02\nD2,Borg,Bo Brook,Demo,20,\n"
TEAM = "AE,VP,Office\nAna Ames,Eva Eck,Bonn\nBo Brook,Eva Eck,Rom\n"


def words(store):
    with store.read() as connection:
        rows = connection.execute(select(CompanyWord.phrase, CompanyWord.target, CompanyWord.source))
        return {tuple(row) for row in rows}


@pytest.fixture
def folder(write):
    write("reps.csv", TEAM)
    return write("opportunities.csv", DEALS).parent


def test_headers_of_standard_fields_are_words_of_the_company(store, folder, take_in):
    report = take_in(folder)

    assert words(store) == {
        ("ae", "user", "import"), ("ae", "deal.owner", "import"), ("vp", "user.manager", "import"),
        ("acv", "deal.amount", "import"), ("signed", "deal.closed_on", "import"),
    }  # fmt: skip
    assert report.made["company_word"] == 5
    assert "acv" in store.schema.entity("deal").fields["amount"].words
    assert "acv" not in store.schema.metric("average_deal_size").words


def test_the_same_files_again_teach_nothing_new(store, folder, take_in):
    take_in(folder)

    assert take_in(folder).change_set_id is None


def test_undo_takes_the_words_back_and_undoing_that_brings_them_again(store, folder, take_in):
    before = store.schema
    report = take_in(folder)
    taught = words(store)

    back = undo(store, report.change_set_id, actor=ADMIN, door="cli")

    assert (words(store), store.schema.own_words, back.records["company_word"]) == (set(), {}, 5)
    assert store.schema.metrics == before.metrics
    undo(store, back.change_set_id, actor=ADMIN, door="cli")
    assert words(store) == taught


def test_a_word_that_came_again_meanwhile_stays_one(store, folder, take_in):
    back = undo(store, take_in(folder).change_set_id, actor=ADMIN, door="cli")
    stamp = {"created_at": back.undone.created_at, "updated_at": back.undone.created_at}
    with store.write() as connection:
        row = {"id": 1, "phrase": "acv", "target": "deal.amount", "source": "person", **stamp}
        connection.execute(CompanyWord.__table__.insert(), [row])

    undo(store, back.change_set_id, actor=ADMIN, door="cli")

    assert ("acv", "deal.amount", "person") in words(store)
    assert ("acv", "deal.amount", "import") not in words(store)


def test_only_an_administrator_teaches_words(store, write):
    factories.make_pipeline(store)
    cara = factories.make_user(store, "Cara Losch", role=UserRole.MANAGER)
    manager = factories.actor_for(cara, role=UserRole.MANAGER, writes=Scope.ALL)
    factories.make_account(store, "Acme")
    path = write(
        "deals.csv", "Deal ID,Owner,Stage,TCV,Account\nD1,Cara Losch,Won,10,Acme\nD2,Cara Losch,Lost,20,Acme\n"
    )
    plan = plan_import(store, [path], today=TODAY)

    report = apply_import(store, plan, actor=manager)

    assert plan.words == (("tcv", "deal.amount"),)
    assert (report.files["deals.csv"].created, words(store)) == (2, set())


@pytest.mark.parametrize(
    ("name", "header", "targets"),
    [
        ("accounts.csv", "Turnover_mUSD", ["account.revenue"]),
        ("accounts.csv", "Revenue", []),  # the total of won deals goes by this word
        ("accounts.csv", "Sector", []),  # a word already
        ("accounts.csv", "Customer Industry", []),  # made of words that are known
        ("accounts.csv", "Account No", []),  # an id
        ("accounts.csv", "Part of", []),  # relates, names nothing
        ("accounts.csv", "Company Website URL 2", []),  # no word that anybody says
        ("products.csv", "List", []),  # what questions begin with
        ("products.csv", "Line", ["product.family"]),
    ],
)
def test_only_headers_that_say_something_new_are_words(sqlite_store, write, name, header, targets):
    path = write(name, f"Name,{header}\nAcme,10\nBorg,2000\n")

    plan = plan_import(sqlite_store, [path], today=date(2017, 1, 1))

    assert [target for phrase, target in plan.words] == targets


def test_words_of_other_languages_that_are_known_are_not_learnt(sqlite_store, write):
    path = write("客户.csv", "客户名称,行业,赛道,年营业额（万元）\n华信,软件,甲,1\n安远,物流,乙,2\n")
    known = {"account.industry": ["行业"], "account.revenue": ["年营业额"]}

    assert plan_import(sqlite_store, [path], today=TODAY, extra_words=known).words == ()
