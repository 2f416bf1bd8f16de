import csv
import io
import json

from tests import factories

ACCOUNTS = "account,industry,revenue\nFresh GmbH,retail,1000\nAcme,medical,500\n"


def send(client, *, dry_run=False, name="accounts.csv", text=ACCOUNTS, **form):
    files = [("files", (name, text.encode(), "text/csv"))]
    return client.post(f"/api/import?dry_run={str(dry_run).lower()}", files=files, data=form)


def test_a_dry_run_tells_how_columns_are_read_and_changes_nothing(connect, company):
    admin, before = connect("admin"), company.store.revision

    told = send(admin, dry_run=True).json()

    assert {line["column"]: line["becomes"] for line in told["columns"]}["industry"] == "account.industry"
    assert told["files"]["accounts.csv"]["created"] == 1
    assert told["change_set_id"] is None
    assert company.store.revision == before


def test_an_import_is_one_change_set_that_can_be_undone_and_does_nothing_twice(connect):
    admin = connect("admin")
    mapping = send(admin, dry_run=True).json()["mapping"]

    done = send(admin, mapping=json.dumps(mapping)).json()
    again = send(admin).json()

    assert done["files"]["accounts.csv"] == {
        "entity": "account", "rows": 2, "created": 1, "updated": 1, "unchanged": 0, "errors": 0,
    }  # fmt: skip
    assert again["change_set_id"] is None
    assert admin.get(f"/api/changes/{done['change_set_id']}").json()["kind"] == "import"
    undone = admin.post(f"/api/changes/{done['change_set_id']}/undo", json={}).json()
    assert undone["records"]["account"] == 2
    assert [one["name"] for one in admin.get("/api/accounts?sort=name").json()["items"]] == ["Acme", "Bolt"]


def test_files_that_are_no_csv_are_refused_in_words(connect):
    admin = connect("admin")
    for name, text in (("a.exe", "MZ"), ("../../etc/x.csv", "\x00\x01"), (".csv", "a"), ("empty.csv", "")):
        refused = send(admin, name=name, text=text)

        assert refused.status_code == 422, (name, refused.text)
    assert send(admin, mapping="{").status_code == 422
    assert send(admin, mapping='{"files": {"x": 1}}').status_code == 422


def test_an_import_reaches_as_far_as_its_sender_may_see(ada, connect, company):
    done = send(ada, text="account,industry\nBolt,retail\n")

    assert done.status_code == 200, done.text
    assert "Bolt" not in json.dumps(done.json()["near_misses"])
    names = [one["name"] for one in connect("admin").get("/api/accounts?sort=name").json()["items"]]
    assert names.count("Bolt") == 2  # the other one is somebody else's, and stays as it was


def test_an_export_holds_what_its_reader_may_see_whole_and_in_order(connect, ada, company):
    with company.store.write() as connection:
        for number in range(4100):
            factories.make_account(connection, f"Firm {number}", owner=company.bo)
    wanted = {"spec": {"entity": "account", "columns": ["name", "owner.name"]}, "format": "jsonl"}

    everything = [json.loads(line) for line in connect("admin").post("/api/export", json=wanted).text.splitlines()]
    adas = [json.loads(line) for line in ada.post("/api/export", json=wanted).text.splitlines()]

    assert [line["name"] for line in everything] == ["Acme", "Bolt", *(f"Firm {number}" for number in range(4100))]
    assert adas == [{"name": "Acme", "owner.name": "Ada North"}]


def test_a_cell_that_a_spreadsheet_would_work_out_is_escaped(connect, company):
    factories.make_account(company.store, "=cmd|'/c calc'!A1", industry="+1")
    wanted = {"spec": {"entity": "account", "columns": ["name", "industry"], "order_by": [{"by": "name"}]}}

    answer = connect("admin").post("/api/export", json=wanted)

    rows = list(csv.reader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows[0] == ["name", "industry"]
    assert ["'=cmd|'/c calc'!A1", "'+1"] in rows


def test_totals_are_exported_as_a_table(connect):
    spec = {"entity": "deal", "measures": [{"fn": "sum", "field": "amount"}], "group_by": [{"field": "account"}]}

    answer = connect("admin").post("/api/export", json={"spec": spec})

    assert sorted(csv.reader(io.StringIO(answer.text)))[:2] == [["Acme", "1000.5"], ["Bolt", "70"]]


def test_an_export_that_makes_no_sense_is_refused_before_it_begins(connect):
    refused = connect("admin").post("/api/export", json={"spec": {"entity": "deal", "columns": ["foo"]}})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "foo"
