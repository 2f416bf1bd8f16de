"""Sales targets that stand in a column beside the people become their quotas."""

from datetime import date

import pytest
from sqlalchemy import select

from crm_core.models import Quota, User
from crm_core.transfer import plan_import
from tests.crm_core.transfer.conftest import TODAY

PEOPLE = (
    "Name,Email,Manager,{}\nAnn Ash,ann@x.example,Cy Cole,1200\nBo Birch,bo@x.example,Cy Cole,900\n"
    "Cy Cole,cy@x.example,,\n"
)
QUARTERS = [(date(2017, 1, 1), date(2017, 3, 31)), (date(2017, 4, 1), date(2017, 6, 30)),
            (date(2017, 7, 1), date(2017, 9, 30)), (date(2017, 10, 1), date(2017, 12, 31))]  # fmt: skip


def quotas(store):
    with store.read() as connection:
        query = select(User.name, Quota.starts_on, Quota.ends_on, Quota.amount_minor)
        rows = connection.execute(query.join(User, User.id == Quota.owner_id).order_by(User.name, Quota.starts_on))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("header", "periods"),
    [
        ("Quarterly Quota", QUARTERS), ("QUOTA_2026", [(date(2026, 1, 1), date(2026, 12, 31))]),
        ("FY18 Target", [(date(2018, 1, 1), date(2018, 12, 31))]), ("Q3 quota", [QUARTERS[2]]),
        ("Annual Sales Target (USD)", [(date(2017, 1, 1), date(2017, 12, 31))]),
        ("2026年度指标", [(date(2026, 1, 1), date(2026, 12, 31))]), ("季度任务额", QUARTERS),
    ],
)  # fmt: skip
def test_a_column_of_targets_makes_quotas_for_its_time(store, write, take_in, header, periods):
    path = write("team.csv", PEOPLE.format(header))

    report = take_in(path)

    expected = [(name, *days, minor) for name, minor in (("Ann Ash", 120000), ("Bo Birch", 90000)) for days in periods]
    assert quotas(store) == expected
    assert report.made["quota"] == len(expected)


@pytest.mark.parametrize("header", ["Calls target", "Target market", "Commission", "目标客户数", "Target region"])
def test_other_targets_are_no_quotas(store, write, take_in, header):
    take_in(write("team.csv", PEOPLE.format(header)))

    assert quotas(store) == []


def test_two_such_columns_tell_nothing(store, write):
    text = "Name,Email,Quota,Annual Target\nAnn Ash,ann@x.example,12,13\nBo Birch,bo@x.example,14,15\n"

    assert plan_import(store, [write("team.csv", text)], today=TODAY).quotas == ()


def test_a_second_import_makes_none_again(store, write, take_in):
    path = write("team.csv", PEOPLE.format("Quarterly Quota"))
    take_in(path)
    before = quotas(store)

    report = take_in(path)

    assert quotas(store) == before
    assert "quota" not in report.made


def test_the_plan_says_what_the_column_is_taken_for(store, write):
    plan = plan_import(store, [write("team.csv", PEOPLE.format("Quarterly Quota"))], today=TODAY)

    assert any("Quarterly Quota is each person's quota" in note for note in plan.notes)
    assert ("team.csv", "Quarterly Quota") in {(file, header) for file, header, *_ in plan.columns()}
