import json

from crm_core.changes import list_changes, undo
from tests import factories


def test_a_list_shows_what_its_reader_may_see_in_the_order_of_ids(ada, company):
    items = ada.get("/api/deals").json()["items"]

    assert [item["name"] for item in items] == ["Alpha"]
    assert items[0]["amount"] == 1000.5
    assert items[0]["account"] == {"id": company.acme, "label": "Acme"}
    assert items[0]["version"] == 1


def test_any_field_filters_with_or_without_an_operator(connect):
    admin = connect("admin")

    def names(query):
        return [item["name"] for item in admin.get(f"/api/deals?{query}").json()["items"]]

    assert names("name=Alpha") == ["Alpha"]
    assert names("amount__ge=70&sort=amount") == ["Beta secret", "Alpha"]
    assert names("account.industry__in=retail,software") == ["Alpha"]
    assert names("closed_on__empty=&sort=-name") == ["Beta secret", "Alpha"]
    assert names("filter=" + json.dumps({"not": {"field": "name", "value": "Alpha"}})) == ["Beta secret"]


def test_following_the_cursor_tells_each_record_once(connect, company):
    with company.store.write() as connection:
        for number in range(23):
            factories.make_deal(connection, f"Deal {number:02}", account=company.acme)
    admin = connect("admin")

    for sort in ("", "&sort=-name", "&sort=-amount,-name", "&sort=-account.name,-name"):
        told, url = [], f"/api/deals?limit=7&fields=name{sort}"
        while url:
            page = admin.get(url)
            told += [item["name"] for item in page.json()["items"]]
            url = page.links["next"]["url"] if page.json()["next_cursor"] else ""

        assert len(told) == len(set(told)) == 25
        assert sort != "&sort=-name" or told == sorted(told, reverse=True)


def test_a_field_over_a_relation_can_be_asked_for(ada):
    item = ada.get("/api/deals?fields=name,account.industry").json()["items"][0]

    assert set(item) == {"id", "version", "name", "account.industry"}
    assert item["account.industry"] == "retail"


def test_an_edit_is_a_change_set_approved_at_once_that_can_be_undone(ada, company):
    path = f"/api/deals/{company.adas_deal}"
    tag = ada.get(path).headers["etag"]

    changed = ada.patch(path, json={"stage": "Won", "amount": 2000}, headers={"If-Match": tag})

    assert changed.status_code == 200
    assert changed.json()["stage"]["label"] == "Won"
    assert changed.json()["closed_on"] == "2017-11-15"
    assert changed.headers["etag"] == '"2"'
    newest = list_changes(company.store, company.actor("Ada North"))[0]
    assert (newest.state, newest.head.door) == ("applied", "api")
    undo(company.store, newest.id, actor=company.actor("Ada North"), door="cli")
    assert ada.get(path).json()["amount"] == 1000.5


def test_a_new_record_says_where_it_is_and_belongs_to_its_maker(ada, company):
    made = ada.post("/api/contacts", json={"name": "Eve Hall", "email": "eve@acme.example", "account": "Acme"})

    assert made.status_code == 201
    assert made.json()["owner"]["id"] == company.ada
    assert ada.get(made.headers["location"]).json()["account"] == {"id": company.acme, "label": "Acme"}


def test_what_was_read_can_be_written_back(ada, company):
    path = f"/api/deals/{company.adas_deal}"
    seen = ada.get(path)
    values = {name: seen.json()[name] for name in ("name", "amount", "account", "stage", "owner", "closes_on")}

    same = ada.patch(path, json=values, headers={"If-Match": seen.headers["etag"]})

    assert same.json() == seen.json()


def test_a_deleted_record_is_gone_until_its_undo(ada, company):
    path = f"/api/deals/{company.adas_deal}"

    assert ada.delete(path, headers={"If-Match": '"1"'}).status_code == 204
    assert ada.get(path).status_code == 404
    newest = ada.get("/api/changes?limit=1").json()["items"][0]
    assert ada.post(f"/api/changes/{newest['id']}/undo", json={}).json()["records"] == {"deal": 1}
    assert ada.get(path).status_code == 200


def test_many_changes_are_made_together_or_not_at_all(ada, company):
    good = {"op": "update", "id": company.adas_deal, "version": 1, "set": {"amount": 5}}
    wrong = {"op": "create", "set": {"name": "New", "amount": "lots"}}

    refused = ada.post("/api/deals/bulk", json={"changes": [good, wrong]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "changes.1.set.amount"
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["amount"] == 1000.5

    done = ada.post("/api/deals/bulk", json={"changes": [good, {"op": "create", "set": {"name": "New"}}]}).json()
    assert [(one["op"], one["version"]) for one in done["records"]] == [("update", 2), ("create", 1)]
    assert ada.get(f"/api/changes/{done['change_set_id']}").json()["state"] == "applied"


def test_a_bulk_change_of_a_record_that_moved_on_is_refused_whole(ada, company):
    item = {"op": "update", "id": company.adas_deal, "version": 9, "set": {"amount": 5}}

    refused = ada.post("/api/deals/bulk", json={"changes": [item]})

    assert refused.status_code == 412
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["amount"] == 1000.5


def test_a_companys_own_fields_are_read_and_written_like_any_other(connect, company):
    factories.make_custom_field(company.store, "account", "tier")
    admin = connect("admin")
    path = f"/api/accounts/{company.acme}"

    saved = admin.patch(path, json={"tier": "gold"}, headers={"If-Match": "*"})

    assert saved.json()["tier"] == "gold"
    assert [one["name"] for one in admin.get("/api/accounts?tier=gold").json()["items"]] == ["Acme"]
    assert "tier" in admin.get("/api/openapi.json").json()["components"]["schemas"]["AccountEdit"]["properties"]


def test_a_company_may_have_more_fields_of_its_own_than_one_question_takes(connect, company):
    with company.store.write() as connection:
        for number in range(120):
            factories.make_custom_field(connection, "account", f"extra_{number}")
    admin = connect("admin")
    admin.patch(f"/api/accounts/{company.acme}", json={"extra_119": "last"}, headers={"If-Match": "*"})

    assert admin.get(f"/api/accounts/{company.acme}").json()["extra_119"] == "last"
    assert [item["extra_119"] for item in admin.get("/api/accounts").json()["items"]] == ["last", None]
