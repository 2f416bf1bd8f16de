"""PostgreSQL's own wall: what the agent's login sees and adds when free SQL reaches its connections."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.exc import DatabaseError

from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes import Change, Op, Origin, State, approve, list_changes, propose, withdraw
from crm_core.changes.rights import visible_ids
from crm_core.db import AgentStore, Store
from crm_core.errors import NotFound
from crm_core.ids import new_id
from crm_core.models import ChangeEvent, ChangeRow, ChangeSetRow, UserRole
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.row_security import OPEN, guarded_tables
from crm_core.schema import Entity, build_schema
from crm_core.setup import create_store
from crm_core.walls import AGENT_ROLE
from tests.conftest import TODAY
from tests.factories import actor_for, make, make_account, make_user, stage_named

pytestmark = pytest.mark.postgres
SCHEMA = build_schema()
RECORDS_OF_EACH = 60
CALLED = ("name", "title", "subject", "body")
FILLED = {
    "interaction": {"happened_on": TODAY},
    "quota": {"starts_on": TODAY, "ends_on": TODAY, "amount": 1}, "stage_change": {"changed_on": TODAY},
}  # fmt: skip


@pytest.fixture
def agent(postgres_store: Store) -> Iterator[AgentStore]:
    """The agent with a login of its own, which may do nothing but what `farley_agent` may."""
    login = f"farley_test_{uuid4().hex[:8]}"
    owner = create_engine(postgres_store.url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE ROLE {login} LOGIN NOSUPERUSER IN ROLE {AGENT_ROLE}"))
    store = AgentStore(postgres_store.url.set(username=login).render_as_string(hide_password=False))
    yield store
    store.close()
    with owner.connect() as connection:
        connection.execute(text(f"DROP ROLE {login}"))
    owner.dispose()


@pytest.fixture
def askers(postgres_store: Store) -> dict[str, Actor]:
    """One of each role over records that belong to anybody, nobody, or somebody by way of another record."""
    with postgres_store.write() as connection:
        head, ann, bob, eve = (make_user(connection, name) for name in ("Head", "Ann", "Bob", "Eve"))
        _fill(connection, users=[head, ann, bob, eve])
    return {
        "rep": actor_for(ann, reads=Scope.OWN),
        "manager": actor_for(head, reads=Scope.TEAM, team=[ann, bob]),
        "reader": actor_for(eve, reads=Scope.ALL),
        "auditor": actor_for(eve, reads=Scope.ALL, role=UserRole.AUDITOR, writes=Scope.NONE),
        "newcomer": actor_for(12345, reads=Scope.OWN),
        "admin": ADMIN,
    }


def _fill(connection: Connection, *, users: list[int]) -> None:
    draw = random.Random(4)
    made = {"user": users, "stage": [stage_named(connection, "Prospecting")]}
    for name in ("account", "product", "lead", "contact", "deal", "order", *SCHEMA.entities):
        if name not in made and SCHEMA.entity(name).owned_by:
            made[name] = [_record(draw, connection, SCHEMA.entity(name), made) for _ in range(RECORDS_OF_EACH)]


def _record(draw: random.Random, connection: Connection, entity: Entity, made: dict[str, list[int]]) -> int:
    given: dict[str, Any] = dict(FILLED.get(entity.name, {}))
    for field in entity.fields.values():
        if field.target in made and field.name not in given and field.column:
            must = not entity.table.c[field.column].nullable
            given[field.name] = draw.choice(made[field.target]) if must or draw.random() < 0.6 else None
        elif field.column and not entity.table.c[field.column].nullable and field.name in CALLED:
            given[field.name] = f"{entity.name} {draw.random()}"
    return make(connection, entity.name, **given)


def ids_by_sql(agent: AgentStore, asker: Actor | None, table: str) -> set[int]:
    with agent.read(asker) as connection:
        return set(connection.execute(text(f"SELECT id FROM {table}")).scalars())


def refused(agent: AgentStore, asker: Actor | None, statement: Any, rows: Any = None) -> bool:
    try:
        with agent.proposals(asker) as connection:
            connection.execute(statement, rows)
    except DatabaseError:
        return True
    return False


def test_free_sql_sees_just_what_the_compiler_shows_to_each_role(postgres_store, agent, askers):
    seen: dict[str, int] = {}
    for role, asker in askers.items():
        for entity in (one for one in SCHEMA.entities.values() if one.owned_by):
            with postgres_store.read() as connection:
                every = set(connection.execute(select(entity.table.c.id)).scalars())
                by_rights = visible_ids(connection, SCHEMA, asker, entity, sorted(every))
            asked = run_query(agent, QuerySpec(entity=entity.name), actor=asker, today=TODAY)

            assert ids_by_sql(agent, asker, entity.table.name) == by_rights, (role, entity.name)
            assert {row.record_id for row in asked.rows} == by_rights, (role, entity.name)
            seen[role] = seen.get(role, 0) + len(by_rights)
    assert 0 < seen["newcomer"] < seen["rep"] < seen["manager"] < seen["reader"] == seen["auditor"] == seen["admin"]


def test_nobody_named_nothing_seen(agent, askers):
    for table in guarded_tables():
        with agent.read() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
    assert ids_by_sql(agent, None, "users")  # reference data is everybody's


def test_an_asker_is_named_for_one_transaction_only(agent, askers):
    assert ids_by_sql(agent, ADMIN, "deals")
    assert not ids_by_sql(agent, None, "deals")


def test_every_table_is_guarded_or_known_to_be_everybodys(postgres_store, agent):
    asked = text(
        "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with agent.read() as connection:
        tables = dict(connection.execute(asked).all())

    unguarded = {name for name, is_guarded in tables.items() if not is_guarded}
    shared = {"users", "products", "stages", "pipelines", "exchange_rates", "alembic_version"}
    assert unguarded == shared | OPEN


def test_a_second_init_leaves_the_policies_as_they_are(postgres_store):
    def policies() -> list[Any]:
        with postgres_store.read() as connection:
            return list(connection.execute(text("SELECT oid, polname FROM pg_policy ORDER BY oid")).all())

    before = policies()
    create_store(postgres_store.url.render_as_string(hide_password=False)).close()

    assert policies() == before != []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE deals DISABLE ROW LEVEL SECURITY", "DROP POLICY {policy} ON deals",
        "CREATE POLICY mine ON deals USING (true)", "SET ROLE {owner}", "SET SESSION AUTHORIZATION {owner}",
        "ALTER ROLE {agent} BYPASSRLS", "GRANT {owner} TO {agent}", "SET row_security = off; SELECT * FROM deals",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "ALTER TABLE changes DISABLE TRIGGER ALL", "SET session_replication_role = replica",
        "CREATE TABLE taken AS SELECT * FROM deals", "COPY deals TO '/tmp/deals'",
    ],
)  # fmt: skip
def test_it_cannot_take_the_wall_down(postgres_store, agent, statement):
    with postgres_store.read() as connection:
        owner = connection.execute(text("SELECT current_user")).scalar_one()
        policy = connection.execute(text("SELECT policyname FROM pg_policies WHERE tablename = 'deals'")).scalar_one()
    named = statement.format(owner=owner, policy=policy, agent=agent.url.username)

    with pytest.raises(DatabaseError), agent.proposals(ADMIN) as connection:
        connection.exec_driver_sql(named)


def test_giving_its_role_back_gives_it_no_more(agent, askers):
    rep = askers["rep"]
    with agent.read(rep) as connection:
        for statement in ("RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION"):
            connection.exec_driver_sql(statement)
            assert set(connection.execute(text("SELECT id FROM deals")).scalars()) == ids_by_sql(agent, rep, "deals")


class TestProposals:
    def test_the_agents_own_login_is_all_that_proposing_takes(self, postgres_store, agent):
        rep = actor_for(make_user(postgres_store, "Ann"))
        account = make_account(postgres_store, owner=rep.id)
        change = Change(Op.UPDATE, "account", account, 1, {"employees": (None, 5)})

        first = propose(agent, [change], actor=rep, summary="x", origin=Origin("cli"))
        second = propose(agent, [change], actor=rep, summary="x", origin=Origin("cli"), instead_of=first.id)
        assert list_changes(agent, rep, waiting=True) == (second,)
        third = propose(agent, [change], actor=rep, summary="x", origin=Origin("cli"))
        withdraw(agent, third.id, actor=rep)

        approve(postgres_store, second.id, sha256=second.sha256, actor=rep, door="cli")
        assert {one.state for one in list_changes(agent, rep)} == {State.APPLIED, State.WITHDRAWN, State.SUPERSEDED}

    def test_what_another_person_asked_for_is_neither_seen_nor_touched(self, postgres_store, agent):
        ann, bob = (actor_for(make_user(postgres_store, name), reads=Scope.OWN) for name in ("Ann", "Bob"))
        change = Change(Op.UPDATE, "account", make_account(postgres_store), 1, {"name": ("Acme", "secret")})
        anns = propose(agent, [change], actor=ann, summary="x", origin=Origin("cli"))
        row = {
            "change_set_id": anns.id,
            "op": "delete",
            "entity": "account",
            "record_id": 1,
            "base_version": 1,
            "set": {},
        }
        event = {"id": new_id(), "change_set_id": anns.id, "state": "withdrawn", "actor": "x", "at": anns.created_at}

        with agent.read(bob) as connection:
            for table in ("change_sets", "changes", "change_events", "change_decisions", "audit_entries", "outbox"):
                assert connection.execute(text(f"SELECT * FROM {table}")).all() == [], table
        with pytest.raises(NotFound):
            withdraw(agent, anns.id, actor=bob)
        for asker in (ann, bob, None):
            assert refused(agent, asker, insert(ChangeRow), [{**row, "seq": 1}])
            assert refused(agent, asker, insert(ChangeRow), [{**row, "seq": -1}])
        for told, by in ((bob, ann.id), (bob, bob.id), (None, ann.id)):
            assert refused(agent, told, insert(ChangeEvent), [{**event, "actor_id": by}])

    def test_a_set_is_proposed_in_the_askers_name_only_and_as_an_edit(self, postgres_store, agent):
        ann, bob = (actor_for(make_user(postgres_store, name)) for name in ("Ann", "Bob"))
        change = Change(Op.UPDATE, "account", make_account(postgres_store), 1, {"employees": (None, 5)})
        real = propose(agent, [change], actor=ann, summary="x", origin=Origin("cli"))
        with postgres_store.read() as connection:
            row = dict(connection.execute(select(ChangeSetRow.__table__)).mappings().one())
        assert row["id"] == real.id

        for asker, other in ((bob, {}), (None, {}), (ann, {"kind": "import"})):
            assert refused(agent, asker, insert(ChangeSetRow), [row | {"id": str(uuid4())} | other])
        assert not refused(agent, ann, insert(ChangeSetRow), [row | {"id": str(uuid4())}])
