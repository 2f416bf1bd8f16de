"""What programs send by mistake or on purpose: each is refused with a problem that says what was wrong."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product

from sqlalchemy import update

from crm_core.models import RequestKey
from crm_core.tokens import Right, create_token, list_tokens, revoke_token
from tests.integrations.api.conftest import serve


def assert_problem(response, status, field=None):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status
    assert told["detail"]
    if field is not None:
        assert [one["field"] for one in told["errors"]] == [field]


WRONG_VALUES = [
    ({"amount": "much"}, "amount"),
    ({"amount": True}, "amount"),
    ({"next_step": 5e-324}, "next_step"),
    ({"next_step": False}, "next_step"),
    ({"lost_reason": {"id": 5}}, "lost_reason"),
    ({"amount": 10**400}, "amount"),
    ({"amount": 1e300}, "amount"),
    ({"closes_on": "someday"}, "closes_on"),
    ({"stage": "Nowhere"}, "stage"),
    ({"account": "Nobody at all"}, "account"),
    ({"account": 4}, "account"),
    ({"owner": None, "stage": None}, "stage"),
    ({"colour": "red"}, "colour"),
    ({"days_in_stage": 3}, "days_in_stage"),
    ({"name": ["a"]}, None),
    ({"name": {"of": "amount"}}, None),
    ([1, 2], None),
    ("text", None),
    ({}, None),
]


def test_wrong_values_and_unknown_fields_are_named(ada, company):
    for values, field in WRONG_VALUES:
        refused = ada.patch(f"/api/deals/{company.adas_deal}", json=values, headers={"If-Match": "*"})

        assert_problem(refused, 422, field)
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["version"] == 1


WRONG_QUERIES = [
        ("foo=1", "foo"), ("amount__near=1", "amount__near"), ("cursor=zzz", "cursor"),
    ("cursor=eyJhIjp7fX0", "cursor"),
        ("limit=0", "limit"), ("limit=x", "limit"), ("limit=1000", "limit"), ("sort=foo", "foo"),
        ("fields=foo", "foo"), ("filter={", None), ('filter={"field":"foo"}', "foo"), ("account.foo=1", "account.foo"),
        ("closed_on__between=1", None), ("amount__ge=many", None), ("amount__ge=--5", None), ("name=%00", None),
]  # fmt: skip


def test_a_list_says_which_parameter_is_wrong(ada):
    for query, field in WRONG_QUERIES:
        assert_problem(ada.get(f"/api/deals?{query}"), 400 if "%00" in query else 422, field)


def test_a_cursor_is_good_for_its_own_list_alone(connect):
    admin = connect("admin")
    of = {
        sort: admin.get(f"/api/deals?limit=1{sort}").json()["next_cursor"]
        for sort in ("", "&sort=name", "&sort=amount")
    }

    for sort, cursor in product(of, of.values()):
        answer = admin.get(f"/api/deals?limit=1{sort}&cursor={cursor}")
        if of[sort] == cursor:
            assert len(answer.json()["items"]) == 1
        else:
            assert_problem(answer, 422, "cursor")
    assert_problem(admin.get("/api/deals?sort=name&cursor=eyJvIjo1MH0"), 422, "cursor")


def test_a_text_in_one_of_several_changes_is_named_where_it_stands(ada):
    bulk = {"changes": [{"op": "create", "set": {"name": "New", "stage": "Won"}}, {"op": "create", "set": {"name": 5}}]}

    assert_problem(ada.post("/api/deals/bulk", json=bulk), 422, "changes.1.set.name")


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(ada):
    assert_problem(ada.post("/api/deals", content=b"x" * (10 << 20)), 413)
    stream = (b"[" * 65536 for _ in range(200))
    assert_problem(ada.post("/api/deals", content=stream, headers={"Content-Type": "application/json"}), 413)


BROKEN = [
        b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40, b'{"name": "\\ud800"}', b'{"name": "\\u0000"}', b"{",
        b'{"name": "' + b'\\"' * 200_000, b"\xff\xfe", b"", b"nul", b'{"amount": ' + b"9" * 5000 + b"}",
]  # fmt: skip


def test_json_that_is_deep_broken_or_not_storable_is_refused(ada):
    for body, path in product(BROKEN, ("/api/deals", "/api/query", "/api/ask")):
        refused = ada.post(path, content=body, headers={"Content-Type": "application/json"})

        assert refused.status_code in (400, 422), (path, body[:20], refused.text)
        assert_problem(refused, refused.status_code)


def test_values_are_sent_as_json(ada):
    assert_problem(ada.post("/api/deals", content=b'{"name": "x"}', headers={"Content-Type": "text/plain"}), 415)


def test_a_stale_or_missing_etag_changes_nothing(ada, company):
    path = f"/api/deals/{company.adas_deal}"
    ada.patch(path, json={"amount": 1}, headers={"If-Match": '"1"'})

    assert_problem(ada.patch(path, json={"amount": 2}, headers={"If-Match": '"1"'}), 412)
    assert_problem(ada.patch(path, json={"amount": 2}, headers={"If-Match": "rubbish"}), 412)
    assert_problem(ada.delete(path, headers={"If-Match": '"1"'}), 412)
    assert_problem(ada.patch(path, json={"amount": 2}), 428)
    assert ada.get(path).json()["amount"] == 1


def test_of_two_edits_at_the_same_moment_one_is_told_that_it_was_late(ada, company):
    path = f"/api/deals/{company.adas_deal}"

    def edit(amount):
        return ada.patch(path, json={"amount": amount}, headers={"If-Match": '"1"'}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(edit, range(10, 18)))

    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 412}
    assert ada.get(path).json()["version"] == 2


def test_a_key_gives_the_same_answer_again_and_none_to_another_body(ada):
    headers = {"Idempotency-Key": "import-7/row-3"}
    first = ada.post("/api/accounts", json={"name": "Twin"}, headers=headers)
    again = ada.post("/api/accounts", json={"name": "Twin"}, headers=headers)

    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert_problem(ada.post("/api/accounts", json={"name": "Other"}, headers=headers), 422)
    assert len(ada.get("/api/accounts?name=Twin").json()["items"]) == 1


def test_a_key_whose_request_failed_may_be_used_again(ada):
    headers = {"Idempotency-Key": "k"}

    assert_problem(ada.post("/api/accounts", json={"nam": "x"}, headers=headers), 422)
    assert ada.post("/api/accounts", json={"name": "x"}, headers=headers).status_code == 201


def test_the_same_request_at_once_has_its_effect_once(ada):
    def send(_):
        return ada.post("/api/accounts", json={"name": "Once"}, headers={"Idempotency-Key": "k"}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(send, range(8)))

    assert 201 in codes
    assert set(codes) <= {201, 409}
    assert len(ada.get("/api/accounts?name=Once").json()["items"]) == 1


def test_a_request_whose_process_died_is_finished_by_the_next_try_without_a_second_effect(ada, company):
    headers = {"Idempotency-Key": "k"}
    made = ada.post("/api/accounts", json={"name": "Once"}, headers=headers)
    before_dying = {"status": None, "body": None, "headers": None}
    with company.store.derive() as connection:
        connection.execute(update(RequestKey).values(**before_dying))
    assert_problem(ada.post("/api/accounts", json={"name": "Once"}, headers=headers), 409)

    with company.store.derive() as connection:
        connection.execute(update(RequestKey).values(at=datetime.now(UTC) - timedelta(minutes=5)))
    again = ada.post("/api/accounts", json={"name": "Once"}, headers=headers)

    assert again.json() == made.json()
    assert len(ada.get("/api/accounts?name=Once").json()["items"]) == 1


def test_an_expired_or_revoked_token_opens_nothing(ada, company):
    actor = company.actor("Ada North")
    long_ago = datetime.now(UTC) - timedelta(days=3)
    _, expired = create_token(company.store, actor, name="old", rights=[Right.READ], days=1, at=long_ago)

    assert_problem(ada.get("/api/deals", headers={"Authorization": f"Bearer {expired}"}), 401)
    for token in list_tokens(company.store, actor):
        revoke_token(company.store, token.id, actor=actor)
    refused = ada.get("/api/deals")
    assert_problem(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"


def test_too_many_requests_are_told_when_to_come_back(ada, api, company):
    serve(api, company.store, requests_per_minute=5)

    codes = [ada.get("/api/deals").status_code for _ in range(6)]
    late = ada.get("/api/deals")

    assert codes == [200] * 5 + [429]
    assert 1 <= int(late.headers["retry-after"]) <= 13


def test_the_log_names_the_request_and_nothing_that_it_held(ada, company, caplog):
    with caplog.at_level(logging.INFO):
        answered = ada.post("/api/accounts", json={"name": "Secretive GmbH"}, headers={"X-Request-ID": "run-12345"})
        ada.get("/api/accounts?name=Secretive GmbH")
        ada.get("/api/nowhere/Secretive")

    lines = [record.getMessage() for record in caplog.records if record.name.startswith("integrations")]
    assert answered.headers["x-request-id"] == "run-12345"
    assert any("id=run-12345 method=POST path=/api/accounts status=201" in line for line in lines)
    assert not any("Secretive" in line for line in lines)
