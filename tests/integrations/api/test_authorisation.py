"""Who may do what, over every address there is: a route that no row speaks of fails here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from crm_core.changes import Origin, propose
from crm_core.changes.draft import draft
from crm_core.changes.steps import Step
from crm_core.models import Kind, RoleScope, User, UserRole
from crm_core.schema import build_schema
from crm_core.tokens import Right, create_token
from integrations.api.resources import path_of
from tests import factories
from tests.integrations.api.conftest import A_REPS, TODAY

CANARY = "canary"
IMPORT = "/api/import?dry_run=false"
READS = ("/api/query", "/api/ask", "/api/export")  # by POST
ENTITIES = build_schema().entities
KINDS = {path_of(entity): name for name, entity in ENTITIES.items()}
FIRST = ("user", "pipeline", "stage", "product", "account", "contact", "lead", "deal", "order")


@dataclass(frozen=True)
class Call:
    """One request, and what of Ada's it is about."""

    method: str
    template: str
    url: str
    right: Right
    body: Any
    kind: str | None

    def send(self, client: TestClient) -> Any:
        headers = {"If-Match": "*"} if self.method in ("PATCH", "DELETE") else {}
        if self.url == IMPORT:
            return client.post(
                IMPORT, files=[("files", ("accounts.csv", b"account,industry\nNew,retail\n", "text/csv"))]
            )
        return client.request(self.method, self.url, json=self.body, headers=headers)


@pytest.fixture
def adas(company) -> dict[str, int]:
    """A record of every kind; those that can have an owner are Ada's and hold the canary."""
    made = {"user": company.ada}
    with company.store.write() as connection:
        for name in [*FIRST[1:], *(set(ENTITIES) - set(FIRST))]:
            entity = ENTITIES[name]
            given = {f.name: _value(f, made, bool(entity.owned_by)) for f in entity.fields.values() if f.column}
            given = {key: value for key, value in given.items() if value is not None}
            made[name] = factories.make(connection, name, **given)
    return made


def _value(field, made, is_owned):
    if field.name in ("created_at", "updated_at", "external_id"):
        return None
    if field.target:
        return None if field.target == field.entity else made.get(field.target)
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE):
        return {"kind": "open", "role": "rep"}.get(field.name, CANARY if is_owned else "plain")
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return TODAY if field.kind is Kind.DATE else datetime(2017, 1, 2, tzinfo=UTC)
    plain = {Kind.BOOLEAN: True, Kind.CURRENCY: "USD", Kind.EMAIL: f"{CANARY}@x.example", Kind.PHONE: "123 456"}
    return plain.get(field.kind, 1)


@pytest.fixture
def calls(api, company, adas) -> list[Call]:
    """A request to every address."""
    step = Step(op="update", entity="deal", records=[adas["deal"]], set={"next_step": f"more of the {CANARY}"})
    ada = company.actor("Ada North")
    changes = draft(company.store, [step], actor=ada, today=TODAY).changes
    waiting = propose(company.store.for_agent, changes, actor=ada, summary=CANARY, origin=Origin("api"))
    return list(_calls(api, adas, waiting))


def _calls(api, adas, waiting) -> Iterator[Call]:
    bodies = {
        "/query": {"spec": {"entity": "deal", "columns": ["name", "next_step"]}},
        "/ask": {"text": "list the deals"},
        "/export": {"spec": {"entity": "deal", "columns": ["name", "next_step"]}},
        "/import": None,
        "/webhooks": {"url": "https://hooks.example/"},
        "/resend": None,
        "/approve": {"sha256": waiting.sha256},
        "/reject": {},
        "/undo": {},
    }
    for route in api.routes:
        kind = KINDS.get(route.path.split("/{")[0].removesuffix("/bulk"))
        record = adas.get(kind or "", 0)
        url = route.path.replace("{record_id:int}", str(record)).replace("{change_set_id}", waiting.id)
        url = url.replace("{webhook_id:int}", "4").replace("{delivery_id:int}", "5").replace("/api/import", IMPORT)
        assert "{" not in url, f"no row says what {route.path} is called with"
        for method in route.methods - {"HEAD"}:
            body = None
            if method in ("POST", "PATCH"):
                last = "/" + route.path.rsplit("/", 1)[1]
                body = _edit(kind, url, record) if kind else bodies[last]
            yield Call(method, route.path, url, _right(route.dependant), body, kind)


def _edit(kind: str, url: str, record: int) -> Any:
    entity = ENTITIES[kind]
    field = next(f for f in entity.fields.values() if f.edit and not f.derived and not f.target)
    values = {field.name: {Kind.DATE: "2017-01-01", Kind.BOOLEAN: True}.get(field.kind, "1")}
    return {"changes": [{"op": "update", "id": record, "set": values}]} if url.endswith("/bulk") else values


def _right(dependant: Any) -> Right:
    found = [one.call.right for one in dependant.dependencies if hasattr(one.call, "right")]
    assert len(found) == 1, "a route asks for exactly one right"
    return found[0]


def _client(api, secret: str) -> TestClient:
    return TestClient(api, raise_server_exceptions=False, headers={"Authorization": f"Bearer {secret}"})


def test_the_matrix_covers_the_app(calls):
    assert len(calls) > 90
    assert {call.right for call in calls} == set(Right)


def test_nobody_comes_in_without_a_good_token(api, company, calls, tmp_path, sqlite_template):
    gone, old = company.actor("Bo South"), datetime.now(UTC) - timedelta(days=9)
    secrets = {
        "deactivated": create_token(company.store, gone, name="t", rights=A_REPS, days=5)[1],
        "expired": create_token(company.store, company.actor("Ada North"), name="t", rights=A_REPS, days=1, at=old)[1],
        "foreign": "farley_" + "A" * 43,
        "empty": "",
    }
    with company.store.write() as connection:
        connection.execute(update(User).where(User.id == gone.id).values(is_active=False))
    before = company.store.revision

    bodies = set()
    for secret in secrets.values():
        with_it = _client(api, secret)
        answers = [call.send(with_it) for call in calls]
        assert {answer.status_code for answer in answers} == {401}
        bodies |= {answer.text for answer in answers}

    assert len(bodies) == 1
    assert company.store.revision == before


def test_each_address_asks_for_its_right(api, company, calls):
    admin = company.actor("Di Admin")
    lacking = {
        right: _client(api, create_token(company.store, admin, name="t", rights=set(Right) - {right}, days=1)[1])
        for right in Right
    }
    before = company.store.revision

    answers = [(call, call.send(lacking[call.right])) for call in calls]

    assert [call for call, answer in answers if answer.status_code != 403] == []
    assert company.store.revision == before


def test_another_rep_finds_nothing_and_changes_nothing(api, company, calls, connect):
    bo, owner = connect("Bo South"), connect("Ada North")
    assert sum(CANARY in call.send(owner).text for call in calls if call.method == "GET") > 15
    for call in calls:
        before = company.store.revision
        answer = call.send(bo)

        assert CANARY not in answer.text, call
        if call.method != "GET" and call.url not in READS and not _makes_ones_own(call):
            assert answer.status_code in (403, 404, 422), (call, answer.text)
            assert company.store.revision == before, call
        owned = call.kind is not None and ENTITIES[call.kind].owned_by
        if ("{record_id" in call.template and owned) or "{change_set_id" in call.template:
            missing = call.url.replace(call.url.split("/")[3], _absent(call))
            told = bo.request(call.method, missing, json=call.body, headers={"If-Match": "*"})
            assert (answer.status_code, answer.json()["title"]) == (told.status_code, "Not Found"), call
            assert answer.json()["detail"].replace(call.url.split("/")[3], "") == told.json()["detail"].replace(
                _absent(call), ""
            )


def _absent(call: Call) -> str:
    return "4" if call.kind else "00000000-0000-4000-8000-000000000000"


def _makes_ones_own(call: Call) -> bool:
    new = IMPORT.split("?")[0] if call.kind is None else path_of(ENTITIES[call.kind])
    return call.method == "POST" and call.template == new


def test_an_auditor_reads_all_and_writes_nothing(company, calls, connect):
    with company.store.write() as connection:
        connection.execute(
            update(RoleScope).where(RoleScope.role == UserRole.AUDITOR).values(reads="all", writes="none")
        )
    auditor = connect("Cy Audit")
    before = company.store.revision

    for call in calls:
        answer = call.send(auditor)
        if call.right is Right.ADMIN:
            assert answer.status_code == 403, call
        elif call.method == "GET" or call.url in READS:
            assert answer.status_code == 200, (call, answer.text)
        else:
            assert answer.status_code in (403, 409, 422), (call, answer.text)

    assert company.store.revision == before
