"""A company's own fields: made, renamed, deleted, and taken back."""

import pytest

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.custom_fields import create_field, delete_field, list_fields, rename_field
from crm_core.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.models import Kind
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.users import actor_for
from tests import factories


def made(store, label="Budget holder", kind=Kind.TEXT):
    return create_field(store, "deal", label, kind, actor=ADMIN, door="web")


def take_back(store, change_set):
    return undo(store, change_set, actor=ADMIN, door="web")


def values_of(store, today, name):
    found = run_query(store, QuerySpec(entity="deal", columns=[name]), actor=ADMIN, today=today)
    return [row.values[0] for row in found.rows]


def test_a_new_field_can_be_asked_about_at_once(store, today):
    factories.make_deal(store, "Alpha")

    made(store)

    assert values_of(store, today, "budget_holder") == [None]


def test_a_renamed_field_keeps_its_values_and_is_found_by_both_names(store, today):
    made(store)
    factories.make_deal(store, "Alpha", custom={"budget_holder": "Ana"})
    field = list_fields(store)[0]

    renamed = rename_field(store, field.id, "Who pays", actor=ADMIN, door="web")

    assert store.schema.entity("deal").fields["budget_holder"].words == ("who pays", "budget holder")
    assert values_of(store, today, "budget_holder") == ["Ana"]
    take_back(store, renamed)
    assert list_fields(store) == (field,)


def test_a_deleted_field_is_gone_and_back_with_its_values_after_the_undo(store, today):
    made(store)
    factories.make_deal(store, "Alpha", custom={"budget_holder": "Ana"})

    deleted = delete_field(store, list_fields(store)[0].id, actor=ADMIN, door="web")

    assert "budget_holder" not in store.schema.entity("deal").fields
    take_back(store, deleted)
    assert values_of(store, today, "budget_holder") == ["Ana"]


def test_a_field_that_records_use_outlives_the_undo_of_its_making(store):
    change_set = made(store)
    factories.make_deal(store, "Alpha", custom={"budget_holder": "Ana"})

    take_back(store, change_set)

    assert [field.key for field in list_fields(store)] == ["budget_holder"]


def test_a_new_field_never_shows_the_values_of_a_deleted_one(store, today):
    made(store)
    factories.make_deal(store, "Alpha", custom={"budget_holder": "Ana"})
    delete_field(store, list_fields(store)[0].id, actor=ADMIN, door="web")

    made(store)

    assert [field.key for field in list_fields(store)] == ["budget_holder_2"]
    assert values_of(store, today, "budget_holder_2") == [None]


def test_an_undo_of_a_name_that_changed_since_is_refused(store):
    made(store)
    field = list_fields(store)[0]
    first = rename_field(store, field.id, "Who pays", actor=ADMIN, door="web")
    rename_field(store, field.id, "Payer", actor=ADMIN, door="web")

    with pytest.raises(Conflict, match="changed or deleted since"):
        take_back(store, first)

    assert list_fields(store)[0].label == "Payer"


@pytest.mark.parametrize("label", ["", " \n", "x" * 61])
def test_a_field_needs_a_name_of_a_sensible_length(sqlite_store, label):
    with pytest.raises(Invalid, match="at most 60 characters"):
        made(sqlite_store, label)


def test_no_two_fields_of_a_record_are_called_alike(sqlite_store):
    with pytest.raises(Conflict, match="have a field 'Amount' already"):
        made(sqlite_store, "Amount")


def test_fields_take_an_administrator_and_a_kind_that_people_can_fill(sqlite_store):
    factories.make_user(sqlite_store, "Ada North")

    with pytest.raises(Forbidden, match="take an administrator"):
        create_field(
            sqlite_store, "deal", "Size", Kind.TEXT, actor=actor_for(sqlite_store, "Ada North"), door="web"
        )  # fmt: skip
    with pytest.raises(Invalid, match="of the kind reference"):
        made(sqlite_store, "Partner", Kind.REFERENCE)
    with pytest.raises(NotFound):
        rename_field(sqlite_store, 1, "Size", actor=ADMIN, door="web")
