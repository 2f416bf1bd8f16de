import pytest
import yaml

DEALS = """\
deal id,deal name,account,owner,stage,amount,close date,gizmo grade
D1,Alpha,Acme,Ada North,Won,1000,2017-10-03,A
D2,Beta,Bolt,Bo South,Lost,500,2017-10-04,B
D3,Gamma,Acme,Ada North,Prospecting,,,A
"""


@pytest.fixture
def deals(tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(DEALS, encoding="utf-8")
    return file


pytestmark = pytest.mark.usefixtures("empty")


def test_an_import_shows_how_it_read_the_columns_and_what_became_of_the_rows(farley, deals):
    ran = farley("import", deals)

    assert ran.code == 0
    assert "deal.amount" in ran.out
    assert "farley undo" in ran.out


def test_what_came_in_can_be_asked_about_at_once(farley, deals):
    farley("import", deals)

    assert farley("ask", "How many deals did Ada North win?", "--json").json["rows"] == [[1]]


def test_the_report_is_json_on_request(farley, deals):
    found = farley("import", deals, "--json").json

    assert found["files"]["deals.csv"] | {"entity": "deal"} == found["files"]["deals.csv"]
    assert (found["files"]["deals.csv"]["created"], found["dry_run"]) == (3, False)
    assert found["change_set_id"]
    assert {"file", "column", "becomes", "kind"} == set(found["columns"][0])


def test_a_dry_run_changes_nothing(farley, deals):
    ran = farley("import", deals, "--dry-run", "--json")

    assert (ran.code, ran.json["change_set_id"]) == (0, None)
    assert farley("changes", "--json").json["changes"] == []


def test_the_same_file_twice_changes_nothing(farley, deals):
    farley("import", deals)

    assert "Nothing had to change." in farley("import", deals).out


def test_an_import_can_be_taken_back(farley, deals):
    change = farley("import", deals, "--json").json["change_set_id"]

    assert farley("undo", change).code == 0
    assert "there are none" in farley("doctor").out


def test_the_map_is_saved_and_can_be_edited_and_given_back(farley, deals, home, tmp_path):
    farley("import", deals, "--dry-run")
    mapping = yaml.safe_load((home / "farley-map.yaml").read_text())
    mapping["files"]["deals.csv"]["columns"]["gizmo grade"] = {"skip": True}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(mapping))

    found = farley("import", deals, "--map", tmp_path / "mine.yaml", "--json").json

    assert [c["becomes"] for c in found["columns"] if c["column"] == "gizmo grade"] == ["left out"]
    assert found["map_file"] is None


def test_the_map_goes_where_one_says(farley, deals, tmp_path):
    farley("import", deals, "--save-map", tmp_path / "maps" / "deals.yaml")

    assert "deals.csv" in (tmp_path / "maps" / "deals.yaml").read_text()


def test_rows_that_cannot_be_read_are_told_and_written_down_and_do_not_stop_the_rest(farley, deals, home):
    deals.write_text(DEALS + "D4,Delta,Acme,Ada North,Won,a lot,2017-10-05,A\n")

    ran = farley("import", deals, "--json")

    assert ran.code == 0
    assert ran.json["files"]["deals.csv"]["errors"] == 1
    [problem] = ran.json["problems"]
    assert problem["row"] == 5
    [errors] = ran.json["error_files"]
    assert "a lot" in (home / errors).read_text()


def test_a_file_that_is_not_there_is_an_error(farley, tmp_path):
    ran = farley("import", tmp_path / "none.csv")

    assert ran.code == 1
    assert "none.csv" in ran.err


def test_a_file_that_farley_knows_nothing_of_is_an_error(farley, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")

    assert farley("import", tmp_path / "x.csv", "--json").json["status"] == "error"


def test_without_a_path_it_is_a_usage_error(farley):
    assert farley("import").code == 2


def test_cells_cannot_steer_the_terminal(farley, deals):
    deals.write_text(DEALS.replace("gizmo grade", "gizmo \x1b[31mgrade"), encoding="utf-8")

    assert "\x1b" not in farley("import", deals).out
