"""The CRM Sales Opportunities data must come in right with no map file."""

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.models import Account, Deal, Product, Stage, StageChange, User
from crm_core.transfer import load_map, plan_import, save_map
from tests.crm_core.dumps import count, dump
from tests.crm_core.transfer.conftest import TODAY

ROOT = Path(__file__).parents[3]
MAVEN = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data")) / "maven_crm"
pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"{MAVEN} is absent (set DATA=<folder>)")


def rows(store, *columns, where=()):
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).where(*where))]


def test_every_record_comes_in_and_again_changes_nothing(store, take_in):
    report = take_in(MAVEN)
    before = dump(store)
    again = take_in(MAVEN)

    found = count(store)
    assert {k: found[k] for k in ("deals", "accounts", "products", "users", "stages", "pipelines")} == {
        "deals": 8800, "accounts": 85, "products": 7, "users": 41, "stages": 4, "pipelines": 1,
    }  # fmt: skip
    assert sum(c.errors for c in report.files.values()) == 0
    assert (again.changed, again.change_set_id) == (0, None)
    assert dump(store) == before


def test_values_stand_where_they_belong(store, take_in):
    take_in(MAVEN)

    manager = select(User.id).where(User.name == "Dustin Brinkmann").scalar_subquery()
    parent = select(Account.id).where(Account.name == "Acme Corporation").scalar_subquery()
    assert rows(store, User.role, User.region, User.manager_id == manager, where=[User.name == "Anna Snelling"]) == [
        ("rep", "Central", True)
    ]
    assert rows(store, func.count(), where=[User.role == "manager", User.manager_id.is_(None)]) == [(6,)]
    account = (Account.industry, Account.founded_year, Account.revenue_minor, Account.currency, Account.employees,
               Account.country, Account.parent_id == parent)  # fmt: skip
    assert rows(store, *account, where=[Account.name == "Bluth Company"]) == [
        ("technolgy", 1993, 124_232_000_000, "USD", 3027, "United States", True)
    ]
    product = (Product.family, Product.list_price_minor, Product.currency)
    assert rows(store, *product, where=[Product.name == "GTX Pro"]) == [("GTX", 482_100, "USD")]
    _check_pipeline(store)
    assert rows(store, func.count(StageChange.id)) == [(8300,)]  # not the 500 that nobody has engaged


def _check_pipeline(store):
    """Deals stand in a pipeline in natural order, and carry their outcome."""
    stages = select(Stage.name, Stage.kind, Stage.probability_pct).order_by(Stage.position)
    with store.read() as connection:
        assert [tuple(row) for row in connection.execute(stages)] == [
            ("Prospecting", "open", 35), ("Engaging", "open", 65), ("Won", "won", 100), ("Lost", "lost", 0),
        ]  # fmt: skip
    per_kind = (Stage.kind, func.count(), func.sum(Deal.amount_minor), func.count(Deal.closed_on))
    query = select(*per_kind).join(Deal, Deal.stage_id == Stage.id).group_by(Stage.kind).order_by(Stage.kind)
    with store.read() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("lost", 2473, 0, 2473), ("open", 2089, None, 0), ("won", 4238, 1_000_553_400, 4238),
        ]  # fmt: skip
    assert rows(store, func.count(), where=[Deal.account_id.is_(None)]) == [(1425,)]


def test_the_one_near_miss_is_told(sqlite_store):
    plan = plan_import(sqlite_store, [MAVEN], today=TODAY)

    assert [str(miss) for miss in plan.near_misses] == ["GTXPro → GTX Pro, 1,480 rows"]
    assert [str(made) for made in plan.created] == ["6 user records created from names in sales_teams.csv, manager"]
    assert (plan.custom, plan.unknown) == ((), ())


def test_undo_takes_it_all_back_and_it_can_come_in_again(store, take_in):
    before = dump(store)
    report = take_in(MAVEN)
    full = dump(store, with_ids=False)

    undone = undo(store, report.change_set_id, actor=ADMIN, door="cli")

    assert dump(store) == before
    assert undone.left == ()
    again = take_in(MAVEN)
    assert again.changed == 8800 + 85 + 7 + 41 + 4 + 1
    assert {k: len(v) for k, v in dump(store).items()} == {k: len(v) for k, v in full.items()}


def test_a_saved_map_gives_the_same_plan(sqlite_store, tmp_path):
    plan = plan_import(sqlite_store, [MAVEN], today=TODAY)
    save_map(plan.mapping, tmp_path / "map.yaml")

    again = plan_import(sqlite_store, [MAVEN], today=TODAY, mapping=load_map(tmp_path / "map.yaml"))

    assert again.mapping == plan.mapping
    assert [str(made) for made in again.created] == [str(made) for made in plan.created]
