"""Names that mean records: exact, near, ambiguous, unknown, and made from names."""

import pytest

from crm_core.access import ADMIN
from crm_core.transfer import apply_import, plan_import
from crm_core.transfer.references import SEVERAL, Directory
from tests import factories
from tests.crm_core.dumps import dump
from tests.crm_core.transfer.conftest import TODAY


def directory(*titles):
    made = Directory()
    for number, title in enumerate(titles, 1):
        made.add(number, title=title, code=f"A{number}")
    return made


@pytest.mark.parametrize("text", ["Acme Corp", " acme  CORP", "A1"])
def test_an_id_or_an_exact_title_is_found(text):
    assert directory("Acme Corp", "Borg").find(text) == 1


def test_two_records_of_one_title_are_several():
    assert directory("Acme", "ACME").find("Acme") == SEVERAL


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("GTXPro", "GTX Pro"), ("gtx-pro", "GTX Pro"), ("Hottechi Inc.", "Hottechi"), ("Hotechi", "Hottechi"),
        ("北京华信科技有限公司", "北京华信科技"), ("GTX Plus Bsic", "GTX Plus Basic"),
    ],
)  # fmt: skip
def test_a_near_miss_is_found_when_only_one_is_near(text, title):
    known = directory("GTX Pro", "GTX Basic", "GTX Plus Basic", "Hottechi", "北京华信科技", "Konex", "Connex")

    assert known.near(text) == title


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Acme", ["Acme Inc", "Acme Ltd"]),
        ("Machine 2018", ["Machine 2017"]),
        ("北京华兴科技股份", ["北京华信科技股份"]),
        ("Stonegate Foods", ["Stonegate Foode", "Stonegate Foodz"]),
        ("Nothing like it", ["Acme"]),
        ("***", ["Acme"]),
    ],
)
def test_a_doubtful_name_is_left(text, titles):
    assert directory(*titles).near(text) is None


def plan(store, *paths):
    return plan_import(store, paths, today=TODAY)


def test_a_deals_file_alone_makes_its_accounts_and_owners(sqlite_store, write):
    path = write(
        "deals.csv",
        "Deal ID,Account,Owner,Stage,Amount\n1,Acme,Ana,Won,5\n2,Acme Inc,Bo,Won,5\n3,Acme,Ana,Won,5\n4,,,Won,1\n",
    )

    made = plan(sqlite_store, path)
    report = apply_import(sqlite_store, made, actor=ADMIN)

    assert [str(created) for created in made.created] == [
        "1 account record created from names in deals.csv, Account",
        "2 user records created from names in deals.csv, Owner",
    ]
    assert [str(miss) for miss in made.near_misses] == ["Acme Inc → Acme, 1 row"]
    assert report.files["deals.csv"].created == 4
    assert {row["role"] for row in dump(sqlite_store)["users"]} == {"rep"}


def test_a_company_that_the_store_lacks_is_made_and_a_code_is_left_empty(sqlite_store, write):
    factories.make_account(sqlite_store, "Borg", external_id="A7")

    made = plan(sqlite_store, write("deals.csv", "Deal ID,Account,Stage,Amount\n1,Acme,Won,5\n2,Borg,Won,5\n"))
    apply_import(sqlite_store, made, actor=ADMIN)
    coded = plan(sqlite_store, write("deals.csv", "Deal ID,Account,Stage,Amount\n3,A9,Won,5\n4,A7,Won,5\n"))
    report = apply_import(sqlite_store, coded, actor=ADMIN)

    assert [created.names for created in made.created] == [("Acme",)]
    assert coded.unknown == (("account", "A9", 1),)
    assert report.files["deals.csv"].created == 2
    assert [(left.reason, rows) for left, rows in report.left_empty] == [("no account called 'A9'", 1)]


def test_a_row_without_what_it_must_refer_to_is_not_taken(sqlite_store, write):
    deals = write("deals.csv", "Deal ID,Stage,Amount\n1,Won,5\n")
    lines = write("deal lines.csv", "Line ID,Deal ID,Product,Quantity\nL1,1,Oven,2\nL2,9,Oven,2\n")

    report = apply_import(sqlite_store, plan(sqlite_store, deals, lines), actor=ADMIN)

    assert [(file, row) for file, row, _ in report.problems] == [("deal lines.csv", 3)]


def test_a_map_may_refuse_unknown_names(sqlite_store, write):
    factories.make_account(sqlite_store, "Borg")
    path = write("deals.csv", "Deal ID,Account,Stage,Amount\n1,Acme,Won,5\n2,Borg,Won,5\n")
    mapping = plan(sqlite_store, path).mapping
    mapping.files["deals.csv"].columns["Account"].unknown = "error"

    made = plan_import(sqlite_store, [path], today=TODAY, mapping=mapping)
    report = apply_import(sqlite_store, made, actor=ADMIN)

    assert made.unknown == (("account", "Acme", 1),)
    assert (report.files["deals.csv"].created, report.problems[0][2]) == (1, "Account: no account called 'Acme'")


def test_a_map_may_let_unknown_names_be_made(sqlite_store, write):
    factories.make_account(sqlite_store, "Borg")
    path = write("deals.csv", "Deal ID,Account,Stage,Amount\n1,Acme,Won,5\n2,Borg,Won,5\n")
    mapping = plan(sqlite_store, path).mapping
    mapping.files["deals.csv"].columns["Account"].unknown = "create"

    made = plan_import(sqlite_store, [path], today=TODAY, mapping=mapping)
    apply_import(sqlite_store, made, actor=ADMIN)

    assert [row["name"] for row in dump(sqlite_store)["accounts"]] == ["Borg", "Acme"]


def test_a_map_may_say_what_a_name_means(sqlite_store, write):
    factories.make_account(sqlite_store, "International Business Machines")
    path = write("deals.csv", "Deal ID,Account,Stage,Amount\n1,IBM,Won,5\n")
    mapping = plan(sqlite_store, path).mapping
    mapping.same = {"account": {"IBM": "International Business Machines"}}

    made = plan_import(sqlite_store, [path], today=TODAY, mapping=mapping)
    report = apply_import(sqlite_store, made, actor=ADMIN)

    assert report.files["deals.csv"].created == 1


def test_owners_are_found_by_email(sqlite_store, write):
    owner = factories.make_user(sqlite_store, "Ana Ames", email="ana@us.example")

    path = write("deals.csv", "Deal ID,Owner,Stage,Amount\n1,ana@us.example,Won,5\n")
    apply_import(sqlite_store, plan(sqlite_store, path), actor=ADMIN)

    assert dump(sqlite_store)["deals"][0]["owner_id"] == owner


def test_many_distinct_names_are_all_resolved(sqlite_store, write):
    rows = "".join(f"{i},Company {i},Won,5\n" for i in range(6000))

    made = plan(sqlite_store, write("deals.csv", "Deal ID,Account,Stage,Amount\n" + rows))

    assert len(made.created[0].names) == 6000


def test_people_who_are_told_by_their_address_are_found_in_the_same_import(sqlite_store, tmp_path):
    users, deals = tmp_path / "users.csv", tmp_path / "deals.csv"
    users.write_text(
        "Full Name,Email,Role,Reports To\nAnna Bell,anna@vantry.example,Sales Director,\n"
        "Bo Lind,bo@vantry.example,Account Executive,anna@vantry.example\n"
    )
    deals.write_text("Deal Name,Deal Owner,Stage,Amount\nLift 1,bo@vantry.example,Discovery,500\n")

    apply_import(sqlite_store, plan(sqlite_store, users, deals), actor=ADMIN)

    found = dump(sqlite_store)
    names = {row["id"]: row["name"] for row in found["users"]}
    above = {row["name"]: names.get(row["manager_id"]) for row in found["users"]}
    assert [names[row["owner_id"]] for row in found["deals"]] == ["Bo Lind"]
    assert above == {"Anna Bell": None, "Bo Lind": "Anna Bell"}
    assert {row["name"]: row["role"] for row in found["users"]} == {"Anna Bell": "manager", "Bo Lind": "rep"}
