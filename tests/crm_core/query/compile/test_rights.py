"""Nobody sees, counts, sums or guesses a record that is not theirs to see: for every entity of the registry."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_core.access import Actor, Scope
from crm_core.db import Store
from crm_core.models import Kind
from crm_core.schema import build_schema
from tests.crm_core.query.conftest import rows
from tests.factories import CREATED, actor_for, make, make_account, make_contact, make_deal, make_interaction, make_user

SCHEMA = build_schema()
OWNED = [(entity.name, path) for entity in SCHEMA.entities.values() for path in entity.owned_by]
CHILDREN = [
    (parent.name, child.name)
    for parent in SCHEMA.entities.values()
    for child in parent.children.values()
    if SCHEMA.entities[child.entity].owned_by
]
COUNT = [{"fn": "count"}]


def build(w: Any, entity: str, **given: Any) -> int:
    """A record of any entity with everything that must not be missing."""
    for field in SCHEMA.entity(entity).fields.values():
        if field.column is None or field.name in given:
            continue
        column = SCHEMA.entity(entity).table.c[field.column]
        if not column.nullable and column.default is None:
            given[field.name] = build(w, field.target) if field.target else _plain(field.kind)
    return make(w, entity, **given)


def _plain(kind: Kind) -> Any:
    if kind is Kind.DATE:
        return date(2017, 1, 1)
    if kind is Kind.DATETIME:
        return CREATED
    return 1 if kind in (Kind.INTEGER, Kind.MONEY, Kind.DECIMAL) else "USD"


def owned(w: Any, entity: str, path: str, owner: int | None, /, **given: Any) -> int:
    """A record that belongs to `owner` by the dotted `path`, and to nobody otherwise."""
    first, *rest = path.split(".")
    if not rest:
        return build(w, entity, **given, **({} if owner is None else {first: owner}))
    target = SCHEMA.entity(entity).fields[first].target
    assert target is not None
    return build(w, entity, **given, **{first: owned(w, target, ".".join(rest), owner)})


@pytest.fixture
def reps(store: Store) -> tuple[int, int, int]:
    """Me, one of my team, and someone else."""
    with store.write() as w:
        me = make_user(w, "Me")
        return me, make_user(w, "Mine", manager=me), make_user(w, "Other")


def seen(ask: Any, actor: Actor, entity: str) -> set[int]:
    """The ids in the actor's list, after checking that counts and totals know no more."""
    listed = {row.record_id for row in ask(entity, actor=actor).rows}
    first_page = ask(entity, actor=actor, limit=1)
    assert first_page.total == len(listed)
    assert rows(ask(entity, actor=actor, measures=COUNT)) == [len(listed)]
    grouped = ask(entity, actor=actor, group_by=[{"field": "created_at", "bucket": "year"}])
    assert sum(row.values[1] for row in grouped.rows) == len(listed)
    no_way_round = {
        "any": [{"field": "created_at", "op": "not_empty"}, {"not": {"field": "created_at", "op": "empty"}}]
    }
    assert rows(ask(entity, actor=actor, measures=COUNT, where=no_way_round)) == [len(listed)]
    return listed


@pytest.mark.parametrize(("entity", "path"), OWNED)
def test_a_rep_sees_their_own_records_and_those_of_nobody(store, ask, reps, entity, path):
    me, mine, other = reps
    may_be_nobodys = not _is_required(entity, path)
    with store.write() as w:
        my, team, theirs = (owned(w, entity, path, owner) for owner in (me, mine, other))
        free = {owned(w, entity, path, None)} if may_be_nobodys else set()

    assert {my, theirs, team} <= seen(ask, actor_for(me), entity)
    assert seen(ask, actor_for(me, reads=Scope.OWN), entity) & {my, team, theirs} == {my}
    assert seen(ask, actor_for(me, reads=Scope.TEAM, team=[mine]), entity) & {my, team, theirs} == {my, team}
    assert free <= seen(ask, actor_for(me, reads=Scope.OWN), entity)


def _is_required(entity: str, path: str) -> bool:
    field = SCHEMA.entity(entity).fields[path.split(".")[0]]
    return "." not in path and not SCHEMA.entity(entity).table.c[str(field.column)].nullable


@pytest.mark.parametrize(("parent", "children"), CHILDREN)
def test_a_child_that_may_not_be_seen_does_not_count(store, ask, reps, parent, children):
    me, _, other = reps
    child = SCHEMA.child(parent, children)
    with store.write() as w:
        top = build(w, parent)
        paths = [path for path in SCHEMA.entity(child.entity).owned_by if not path.startswith(child.field)]
        for owner in (me, other):
            for path in paths[:1]:
                owned(w, child.entity, path, owner, **{child.field: top})
    actor = actor_for(me, reads=Scope.OWN)

    def tops(asker, **test):
        found = ask(parent, actor=asker, where={"children": children, **test})
        return top in {row.record_id for row in found.rows}

    assert tops(actor, op="eq", value=len(paths[:1]))
    assert not tops(actor, op="gt", value=1)
    assert tops(actor, measure=COUNT[0], op="le", value=1)
    assert tops(actor_for(me), op="eq", value=2 * len(paths[:1]))


def test_a_reference_to_a_hidden_record_looks_like_none(store, ask, reps):
    me, _, other = reps
    hidden = make_account(store, "Secret Ltd", industry="arms", owner=other)
    make_deal(store, "Mine", owner=me, account=hidden, amount=10)
    actor = actor_for(me, reads=Scope.OWN)

    assert rows(ask("deal", actor=actor, columns=["name", "account", "account.industry"])) == [("Mine", None, None)]
    assert ask("deal", actor=actor, columns=["account"]).rows[0].ids == {}
    assert rows(ask("deal", actor=actor, group_by=[{"field": "account"}])) == [(None, 1)]
    assert rows(ask("deal", actor=actor, group_by=[{"field": "account.industry"}])) == [(None, 1)]
    assert rows(ask("deal", actor=actor, measures=[{"fn": "count", "field": "account"}])) == [0]
    assert rows(ask("deal", actor=actor, distinct=True, columns=["account"])) == [None]


@pytest.mark.parametrize(
    "probe",
    [
        {"field": "account", "value": "Secret Ltd"},
        {"field": "account", "op": "contains", "value": "secret"},
        {"field": "account", "op": "not_empty"},
        {"field": "account", "op": "under", "value": "Secret Ltd"},
        {"field": "account.industry", "value": "arms"},
        {"field": "account.industry", "op": "not_empty"},
        {"field": "account.owner", "value": "Other"},
        {"not": {"field": "account.industry", "op": "empty"}},
        {"not": {"field": "account.industry", "op": "ne", "value": "arms"}},
        {"field": "account.employees", "op": "gt", "value": 0},
        {"field": "amount", "op": "lt", "other": "account.revenue"},
    ],
)
def test_no_filter_guesses_what_a_hidden_record_holds(store, ask, reps, probe):
    me, _, other = reps
    hidden = make_account(store, "Secret Ltd", industry="arms", owner=other, employees=5_000_000, revenue=99)
    make_deal(store, "Mine", owner=me, account=hidden, amount=10)

    assert rows(ask("deal", actor=actor_for(me), measures=COUNT, where=probe)) == [1]
    assert rows(ask("deal", actor=actor_for(me, reads=Scope.OWN), measures=COUNT, where=probe)) == [0]


def test_a_hidden_record_is_not_found_by_its_id(store, ask, reps):
    me, _, other = reps
    hidden = make_account(store, "Secret Ltd", owner=other)
    make_deal(store, "Mine", owner=me, account=hidden)
    where = {"field": "account", "value": hidden}

    assert rows(ask("deal", actor=actor_for(me, reads=Scope.OWN), measures=COUNT, where=where)) == [0]


def test_what_is_worked_out_of_hidden_children_is_nothing(store, ask, reps):
    me, _, other = reps
    account = make_account(store, "Shared")
    for owner, amount in ((me, 10), (other, 500)):
        deal = make_deal(store, owner=owner, account=account, stage="Won", amount=amount)
        make_interaction(store, date(2017, 1, amount % 9 + 1), account=account, deal=deal, user=owner)
    columns = ["won_amount", "last_interaction_at"]

    (own,) = rows(ask("account", actor=actor_for(me, reads=Scope.OWN), columns=columns))
    (everything,) = rows(ask("account", actor=actor_for(me), columns=columns))

    assert (own[0], everything[0]) == (10, 510)
    assert (own[1], everything[1]) == (date(2017, 1, 2), date(2017, 1, 6))


def test_what_belongs_to_a_hidden_customer_is_hidden_though_nobody_owns_it(store, ask, reps):
    me, _, other = reps
    theirs = make_account(store, "Theirs", owner=other)
    gone = make_account(store, "Theirs and deleted", owner=other, deleted_at=datetime(2017, 1, 1, tzinfo=UTC))
    for account in (theirs, gone):
        make_contact(store, account=account)
        make_interaction(store, date(2017, 1, 1), account=account)

    for entity in ("contact", "interaction"):
        assert rows(ask(entity, actor=actor_for(me, reads=Scope.OWN), measures=COUNT)) == [0]
        assert rows(ask(entity, actor=actor_for(other, reads=Scope.OWN), measures=COUNT)) == [2]


def test_a_tree_is_not_climbed_through_hidden_records(store, ask, reps):
    me, _, other = reps
    top = make_account(store, "Top", owner=me)
    middle = make_account(store, "Middle", owner=other, parent=top)
    make_account(store, "Leaf", owner=me, parent=middle)
    where = {"field": "name", "op": "under", "value": "Top"}

    assert rows(ask("account", actor=actor_for(me), where=where, measures=COUNT)) == [3]
    assert rows(ask("account", actor=actor_for(me, reads=Scope.OWN), where=where, measures=COUNT)) == [1]


@pytest.mark.parametrize("entity", list(SCHEMA.entities))
def test_a_deleted_record_is_gone_everywhere(store, ask, entity):
    with store.write() as w:
        build(w, entity, deleted_at=datetime(2017, 1, 1, tzinfo=UTC))

    assert rows(ask(entity, measures=COUNT)) == [0]
    assert ask(entity).rows == ()
