"""Row-level security on PostgreSQL: a backstop behind the compiler, for the agent's role alone.

The policies are the rules of `crm_core.access` in SQL, read off the same declarations. Whoever asks is told to each
transaction (`name_asker`); without that, no record is seen. SQLite has no such thing: there the compiler stands alone.
"""

import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select

from crm_core.access import Actor, Scope, visible_to
from crm_core.models import Base, UserRole
from crm_core.query.spec import All, Condition, Filter
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Schema, build_schema
from crm_core.walls import AGENT_ROLE

PASSAGES = "passages"  # of the search: `kind` and `record_id` say whose text it is
SCORES = "scores"  # `entity` and `record_id` say whose score it is
OPEN = frozenset(
    {"store_info", "custom_fields", "company_words", "role_scopes", "score_models"}
)  # and reference data: nobody's own

_SOMEBODY = Actor(id=1, name="", role=UserRole.REP, reads=Scope.OWN)  # whose rule stands for every limited one
# An inequality, since PostgreSQL expects nearly all rows to pass one: the compiler's own guard narrows them already.
_READS_ALL = "(SELECT CASE current_setting('farley.reads', true) WHEN 'all' THEN 'all' ELSE 'some' END) <> 'some'"
_PEOPLE = "(SELECT unnest(string_to_array(current_setting('farley.people', true), ',')::bigint[]))"
_IS_NAMED = "(SELECT current_setting('farley.asker', true)) <> ''"
_ASKER = "(SELECT nullif(current_setting('farley.asker', true), '')::bigint)"
_OF_A_SET = "change_set_id IN (SELECT id FROM change_sets)"  # of those that the policy on change_sets shows
_READABLE = {
    "change_sets": f"{_READS_ALL} OR asked_by_id IN {_PEOPLE}",
    "sends": f"{_READS_ALL} OR sender_id IN {_PEOPLE}",
    "changes": _OF_A_SET,
    "change_events": _OF_A_SET,
    "change_decisions": _OF_A_SET,
}
_ADDABLE = {
    "change_sets": f"asked_by_id = {_ASKER} AND kind = 'edit'",
    "changes": "seq >= 0",
    "change_events": f"actor_id = {_ASKER}",
}


def name_asker(connection: Connection, actor: Actor) -> None:
    """Tell the running transaction on whose behalf it reads and proposes."""
    people = actor.team if actor.reads is Scope.TEAM else {actor.id}
    told = {"asker": str(actor.id), "reads": str(actor.reads), "people": ",".join(map(str, sorted(people)))}
    connection.execute(select(*(func.set_config(f"farley.{name}", value, True) for name, value in told.items())))


def guard_rows(connection: Connection) -> None:
    """Put the policies in force, where they are not yet; each is named after what it says."""
    wanted = {f"farley_rows_{_code(table + said)}": (table, said) for table, said in _policies(build_schema())}
    standing = {
        row.policyname: row.tablename
        for row in connection.exec_driver_sql(
            "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'"
        )
        if row.policyname.startswith("farley_rows_")
    }
    for name in standing.keys() - wanted.keys():
        connection.exec_driver_sql(f"DROP POLICY {name} ON {standing[name]}")
    for name in wanted.keys() - standing.keys():
        table, said = wanted[name]
        connection.exec_driver_sql(f"CREATE POLICY {name} ON {table} {said}")
    open_already = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relrowsecurity").scalars().all()
    for table in guarded_tables() - set(open_already):
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def guarded_tables() -> set[str]:
    """Tables whose rows are not everybody's. One that no policy speaks of shows the agent nothing."""
    shared = {entity.table.name for entity in build_schema().entities.values() if not entity.owned_by}
    return {*Base.metadata.tables, PASSAGES} - shared - OPEN


def _policies(schema: Schema) -> Iterator[tuple[str, str]]:
    readable = dict(_READABLE)
    for entity in schema.entities.values():
        rule = visible_to(_SOMEBODY, entity)
        if rule is not None:
            test = f"{_READS_ALL} OR ({_IS_NAMED} AND {_test(schema, entity, rule)})"
            readable[entity.table.name] = test
    for table, kind in ((PASSAGES, "kind"), (SCORES, "entity")):
        readable[table] = f"{_READS_ALL} OR {_joined(' OR ', _of_readable_records(schema, kind))}"
    for table, test in readable.items():
        yield table, f"FOR SELECT TO {AGENT_ROLE} USING ({test})"
    for table, test in _ADDABLE.items():
        yield table, f"FOR INSERT TO {AGENT_ROLE} WITH CHECK ({test})"


def _of_readable_records(schema: Schema, kind: str) -> Iterator[str]:
    """Texts and scores of the records that the asker sees: each kind is looked up under its own policy."""
    for entity in schema.entities.values():
        if entity.owned_by:
            yield f"({kind} = '{entity.name}' AND record_id IN (SELECT id FROM {entity.table.name}))"


def _test(schema: Schema, entity: Entity, rule: Filter) -> str:
    if isinstance(rule, AnyOf):
        return _joined(" OR ", (_test(schema, entity, part) for part in rule.any))
    if isinstance(rule, All):
        return _joined(" AND ", (_test(schema, entity, part) for part in rule.all))
    if isinstance(rule, Condition) and rule.op in ("in", "empty"):
        return _leaf(schema, entity, rule)
    raise NotImplementedError(f"no rule of access has the form {rule!r}")


def _joined(by: str, tests: Iterable[str]) -> str:
    return f"({by.join(tests)})"


def _leaf(schema: Schema, entity: Entity, rule: Condition) -> str:
    """A record on the way is looked up under its own policy: it shows it to its owner, or to all if none."""
    path = schema.path(entity.name, rule.field)
    is_empty = rule.op == "empty"
    test = f"{path.field.column} IS NULL" if is_empty else f"{path.field.column} IN {_PEOPLE}"
    for step in reversed(path.steps):
        table = schema.entities[str(step.target)].table.name
        linked = f"{step.column} IN (SELECT id FROM {table} WHERE {test})"
        test = f"({step.column} IS NULL OR {linked})" if is_empty else linked
    return test


def _code(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
