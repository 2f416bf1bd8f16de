"""Change sets that are approved at once: what they write, and what they refuse."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, State, commit_changes, list_changes, read_changes
from crm_core.changes.change import CUSTOM_FIELD, Digest
from crm_core.errors import Conflict, Forbidden, Invalid
from crm_core.ids import new_id
from crm_core.models import ChangeDecision, ChangeEvent, StageChange
from tests import factories
from tests.crm_core.dumps import count, dump, one

AT = datetime(2017, 11, 15, 9, 30, tzinfo=UTC)


def commit(store, *changes, kind="edit", actor=ADMIN, **given):
    return commit_changes(store, changes, actor=actor, kind=kind, summary="a test", door="cli", at=AT, **given)


def update(entity, record_id, base_version=1, **fields):
    return Change(Op.UPDATE, entity, record_id, base_version, fields)


def create(entity, record_id=None, **fields):
    values = {name: (None, value) for name, value in fields.items()}
    return Change(Op.CREATE, entity, record_id or new_id(), None, values)


def test_an_update_writes_the_record_and_its_version(store):
    account = factories.make_account(store, "Acme", employees=10)

    commit(store, update("account", account, employees=(10, 12), industry=(None, "retail")))

    row = one(store, "account", account)
    assert (row["employees"], row["industry"], row["version"], row["updated_at"]) == (12, "retail", 2, AT)


def test_a_create_fills_defaults_and_converts_json_values(store):
    deal = factories.make_deal(store)
    product = factories.make_product(store)

    line = create("deal_line", deal=deal, product=product, quantity="2.5", unit_price=12_345)
    lead = create("lead", name="Ann", created_on="2017-03-04")
    commit(store, line, lead)

    row = one(store, "deal_line", line.record_id)
    assert (row["quantity"], row["unit_price_minor"], row["custom"]) == (Decimal("2.5"), 12_345, {})
    assert one(store, "lead", lead.record_id)["created_on"] == date(2017, 3, 4)
    assert one(store, "lead", lead.record_id)["status"] == "new"


def test_a_record_that_moved_on_refuses_the_whole_set(store):
    account = factories.make_account(store, "Acme")
    other = factories.make_account(store, "Borg")
    commit(store, update("account", account, employees=(None, 5)))
    before = dump(store)

    with pytest.raises(Conflict, match="Acme has changed since"):
        commit(store, update("account", other, employees=(None, 1)), update("account", account, employees=(None, 6)))

    assert dump(store) == before
    assert len(list_changes(store, ADMIN)) == 1


def test_a_deleted_record_is_not_updated(store):
    account = factories.make_account(store, "Acme")
    commit(store, Change(Op.DELETE, "account", account, 1))

    with pytest.raises(Conflict, match="Acme has been deleted"):
        commit(store, update("account", account, 2, employees=(None, 5)))


def test_delete_and_restore_keep_the_record(store):
    account = factories.make_account(store, "Acme")

    commit(store, Change(Op.DELETE, "account", account, 1))
    gone = count(store)
    commit(store, Change(Op.RESTORE, "account", account, 2))

    assert "accounts" not in gone
    assert one(store, "account", account)["version"] == 3


def test_custom_values_are_merged_and_removed(store):
    factories.make_custom_field(store, "account", "tier")
    factories.make_custom_field(store, "account", "score")
    account = factories.make_account(store, "Acme", custom={"tier": "A"})

    commit(store, update("account", account, score=(None, 7)))
    commit(store, update("account", account, 2, tier=("A", None)))

    assert one(store, "account", account)["custom"] == {"score": 7}


def test_a_custom_field_can_be_declared_and_used_in_one_set(store):
    values = {"entity": "account", "key": "tier", "label": "Tier", "kind": "choice", "words": []}
    declared = Change(Op.CREATE, CUSTOM_FIELD, new_id(), None, {n: (None, v) for n, v in values.items()})

    commit(store, declared, create("account", name="Acme", tier="A"))

    assert store.schema.entity("account").fields["tier"].is_custom
    assert dump(store)["accounts"][0]["custom"] == {"tier": "A"}


def test_records_of_one_kind_may_refer_to_later_ones(store):
    parent = create("account", name="Parent")
    child = create("account", name="Child", parent=parent.record_id)

    commit(store, child, parent)

    assert one(store, "account", child.record_id)["parent_id"] == parent.record_id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (create("account", name="A", colour="red"), "no field 'colour'"),
        (create("account", employees=5), "account needs 'name'"),
        (create("contact", name="A", account=12345), "does not exist"),
        (create("deal", name="A"), "deal needs 'stage'"),
        (create("lead", name="A", created_on="31/02/2024"), "is no value for lead.created_on"),
        (create("account", name="A", created_at="2024-01-01T00:00:00Z"), "cannot be changed"),
        (create("account", name="A", external_id="X1"), "cannot be changed"),
        (create("planet", name="A"), "no kind of record 'planet'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(store, change, message):
    with pytest.raises((Invalid, Forbidden), match=message):
        commit(store, change)

    assert count(store) == {}


def test_an_empty_set_is_refused(store):
    with pytest.raises(Invalid, match="nothing to change"):
        commit(store)


def test_two_records_of_one_id_are_a_conflict(store):
    account = factories.make_account(store, "Acme")

    with pytest.raises(Conflict, match="exists already"):
        commit(store, create("account", account, name="Borg"))


def test_events_tell_proposed_approved_applied_in_order(store):
    made = commit(store, create("account", name="Acme"))

    with store.read() as connection:
        events = [
            *connection.execute(select(ChangeEvent.state, ChangeEvent.actor, ChangeEvent.at)),
            *connection.execute(
                select(ChangeDecision.state, ChangeDecision.actor, ChangeDecision.at).order_by(ChangeDecision.id)
            ),
        ]
    listed = list_changes(store, ADMIN)
    assert [e.state for e in events] == [State.PROPOSED, State.APPROVED, State.APPLIED]
    assert {(e.actor, e.at) for e in events} == {("admin", AT)}
    assert [(s.id, s.state, s.head.door) for s in listed] == [(made, State.APPLIED, "cli")]


def test_the_hash_is_that_of_the_stored_set(store):
    factories.make_custom_field(store, "account", "score")
    account = factories.make_account(store, "Müller 机械")
    commit(
        store,
        update("account", account, score=(None, 0.1), employees=(None, 10**15), description=(None, 'é "x"\n')),
        create("account", name="赢", revenue=123),
        origin={"files": [{"name": "ä.csv", "rows": 1e20}], "z": None},
    )

    stored = list_changes(store, ADMIN)[0]
    digest = Digest(stored.head)
    with store.read() as connection:
        for seq, change in read_changes(connection, stored.id):
            if seq >= 0:
                digest.add(change)

    assert digest.hex() == stored.sha256


def test_a_stage_move_is_written_to_the_history(store):
    deal = factories.make_deal(store, stage="Prospecting")
    stages = {name: factories.stage_named(store, name) for name in ("Prospecting", "Engaging", "Won")}

    commit(store, update("deal", deal, stage=(stages["Prospecting"], stages["Engaging"])))
    commit(store, update("deal", deal, 2, stage=(stages["Engaging"], stages["Won"]), closed_on=(None, "2017-11-10")))
    commit(store, update("deal", deal, 3, name=(None, "Renewal")))

    with store.read() as connection:
        found = connection.execute(
            select(StageChange.from_stage_id, StageChange.to_stage_id, StageChange.changed_on).order_by(StageChange.id)
        ).all()
    assert [tuple(row) for row in found] == [
        (stages["Prospecting"], stages["Engaging"], AT.date()),
        (stages["Engaging"], stages["Won"], date(2017, 11, 10)),
    ]


@pytest.mark.parametrize(
    ("kind", "given", "day"),
    [
        ("edit", {}, AT.date()),
        ("edit", {"started_on": "2017-01-05"}, date(2017, 1, 5)),
        ("import", {"started_on": "2017-01-05"}, date(2017, 1, 5)),
        ("import", {}, None),
    ],
)
def test_a_new_deal_enters_its_stage_when_it_began(store, kind, given, day):
    stage = factories.stage_named(store, "Engaging")

    commit(store, create("deal", name="New", stage=stage, **given), kind=kind)

    with store.read() as connection:
        found = connection.execute(select(StageChange.changed_on)).scalars().all()
    assert found == ([day] if day else [])


def test_a_failure_while_changes_stream_leaves_nothing(store):
    def changes() -> Iterator[Change]:
        for number in range(2500):
            yield create("account", name=f"Account {number}")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        commit_changes(store, changes(), actor=ADMIN, kind="import", summary="x", door="cli")

    assert count(store) == {}
    assert list_changes(store, ADMIN) == ()
