"""Reading columns otherwise than they were guessed."""

import pytest

from crm_core.errors import Invalid, NotFound
from crm_core.transfer import plan_import, preview_import
from integrations.web.importing.mapping import (
    NEW,
    SKIP,
    choices,
    kinds_of,
    tables_of,
    with_column,
    with_kind,
)

DEALS = "deal,company,worth,started,shade\nAlpha,Acme,1.5,2017-01-02,red\nBeta,Bolt,2,2017-02-03,blue\n"


@pytest.fixture
def planned(sqlite_store, tmp_path, today):
    """Plans a file that holds `text`, by a map or by guessing."""

    def made(text=DEALS, mapping=None, name="deals.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return plan_import(sqlite_store, [path], today=today, mapping=mapping)

    return made


def becomes(plan):
    return {line.header: line.becomes for line in tables_of(plan)[0].columns}


def test_a_plan_is_shown_with_samples_first_rows_and_what_each_column_becomes(planned):
    table = tables_of(planned())[0]

    assert (table.name, table.entity, table.rows) == ("deals.csv", "deal", 2)
    assert table.first[0] == ("Alpha", "Acme", "1.5", "2017-01-02", "red")
    lines = {line.header: line for line in table.columns}
    assert (lines["company"].becomes, lines["company"].samples) == ("account", ("Acme", "Bolt"))
    assert (lines["shade"].becomes, lines["shade"].made, lines["shade"].kind) == (NEW, "shade", "text")


def test_a_column_can_be_left_out_made_a_new_field_or_fill_another(sqlite_store, planned):
    plan = planned()
    for header, choice in (("shade", SKIP), ("started", "closes_on"), ("company", NEW)):
        plan = planned(mapping=with_column(plan, sqlite_store.schema, "deals.csv", header, choice))

        assert becomes(plan)[header] == choice

    assert [field.name for field in plan.custom] == ["company"]


def test_a_column_that_fills_another_field_is_read_as_that_field_is_written(sqlite_store, planned, today):
    text = "deal,amount,stage,when\nAlpha,10,Won,13/02/2017\n"
    plan = planned(text)
    plan = planned(text, with_column(plan, sqlite_store.schema, "deals.csv", "when", "closes_on"))

    assert plan.mapping.files["deals.csv"].columns["when"].dates == "dmy"
    assert preview_import(sqlite_store, plan).problems == ()


def test_another_kind_of_record_has_its_columns_guessed_anew(planned):
    plan = planned("name,email\nAda,ada@x.example\n", name="people.csv")

    plan = planned("name,email\nAda,ada@x.example\n", with_kind(plan.mapping, "people.csv", "lead"), "people.csv")

    assert plan.files[0].entity == "lead"
    assert becomes(plan) == {"name": "name", "email": "email"}


def test_what_is_not_there_is_refused_in_words(sqlite_store, planned):
    plan = planned()

    with pytest.raises(NotFound, match="no column 'size'"):
        with_column(plan, sqlite_store.schema, "deals.csv", "size", SKIP)
    with pytest.raises(Invalid, match="leaves out every file"):
        planned(mapping=with_kind(plan.mapping, "deals.csv", None))


def test_what_may_be_chosen_are_the_fields_that_can_be_imported(sqlite_store):
    entities = sqlite_store.schema.entities

    assert {"name", "close_date"} <= set(choices(entities["deal"]))
    assert "first_name" in choices(entities["contact"])
    assert "close_date" not in choices(entities["contact"])
    assert "created_at" not in choices(entities["deal"])
    assert {"deal", "contact"} <= set(kinds_of(sqlite_store.schema))
