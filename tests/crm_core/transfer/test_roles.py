"""What people are called in a list of users: their rights where it tells them, their job title where it tells more."""

import pytest

from crm_core.transfer import plan_import
from tests.crm_core.dumps import dump
from tests.crm_core.transfer.conftest import TODAY

EN = ("Rep ID,Name,Role,Reports to\n", ["Sales Rep", "Sales Manager", "Roof surveyor", "Office admin"])
ZH = ("工号,姓名,角色,上级\n", ["销售代表", "销售经理", "屋面勘测", "内勤"])
DEALS = "Deal ID,Title,Owner,Stage,Amount\n1,Shed,Cara Losch,Won,5\n2,Barn,Dora Fink,Won,6\n"


def people(shape):
    header, roles = shape
    names = ["Ana Holm", "Bo Lind", "Cara Losch", "Dora Fink"]
    return header + "".join(f"R{i},{n},{r},\n" for i, (n, r) in enumerate(zip(names, roles, strict=True)))


@pytest.mark.parametrize("shape", [EN, ZH], ids=["en", "zh"])
def test_a_person_whose_role_is_no_role_of_ours_is_taken_with_it_as_a_job_title(store, write, take_in, shape):
    report = take_in(write("users.csv", people(shape)), write("deals.csv", DEALS))

    found = {row["name"]: (row["role"], row["title"]) for row in dump(store)["users"]}
    assert report.error_files == ()
    assert found["Bo Lind"] == ("manager", shape[1][1])
    assert found["Cara Losch"] == ("rep", shape[1][2])
    assert len(dump(store)["deals"]) == 2


def test_a_job_title_with_admin_in_it_gives_no_rights(store, write, take_in):
    take_in(write("users.csv", people(EN)))

    assert {row["role"] for row in dump(store)["users"] if row["name"] == "Dora Fink"} == {"rep"}


def test_roles_stay_apart_from_a_column_of_job_titles(sqlite_store, write):
    rows = "U1,Ana Holm,Rep,Field sales\nU2,Bo Lind,Surveyor,Roofs\nU3,Cy Dorn,Manager,North\n"

    plan = plan_import(sqlite_store, [write("users.csv", "User ID,Name,Role,Job title\n" + rows)], today=TODAY)

    targets = {header: (c.target, c.keep and c.keep.key) for header, c in plan.files[0].map.columns.items()}
    assert (targets["Role"], targets["Job title"]) == (("role", "role_custom"), ("title", None))


def test_role_is_a_word_for_the_job_title_where_it_is_kept_there(sqlite_store, write):
    plan = plan_import(sqlite_store, [write("users.csv", people(EN))], today=TODAY)

    assert ("role", "user.title") in plan.words


@pytest.mark.parametrize(("header", "values"), [("手机", ["13800001111", "15900002222"]), ("Mobile", ["07894 411239"])])
def test_a_number_to_call_is_no_integer(sqlite_store, write, header, values):
    rows = "".join(f"Ana{i},{value}\n" for i, value in enumerate(values))

    plan = plan_import(sqlite_store, [write("users.csv", f"Name,{header}\n{rows}")], today=TODAY)

    assert [str(field.kind) for field in plan.custom] == ["phone"]
