"""Deleting a stage leaves no deal without one."""

import pytest

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.errors import Conflict, Forbidden, NotFound
from crm_core.stages import delete_stage, list_stages
from crm_core.users import actor_for
from tests import factories


def test_an_empty_stage_is_deleted_and_comes_back_with_the_undo(store):
    factories.make_deal(store, stage="Prospecting")
    before = list_stages(store)
    empty = factories.stage_named(store, "Engaging")

    gone = delete_stage(store, empty, actor=ADMIN, door="web")

    assert [one.name for one in list_stages(store)] == ["Prospecting", "Won", "Lost"]
    undo(store, gone, actor=ADMIN, door="web")
    assert [one.name for one in list_stages(store)] == [one.name for one in before]


def test_a_stage_with_deals_or_the_last_of_its_outcome_stays(store):
    factories.make_deal(store, stage="Prospecting")

    with pytest.raises(Conflict, match="1 deals stand in Prospecting"):
        delete_stage(store, factories.stage_named(store, "Prospecting"), actor=ADMIN, door="web")
    with pytest.raises(Conflict, match="the only won stage"):
        delete_stage(store, factories.stage_named(store, "Won"), actor=ADMIN, door="web")


def test_stages_take_an_administrator(sqlite_store):
    factories.make_user(sqlite_store, "Ada North")
    factories.make_deal(sqlite_store)

    with pytest.raises(Forbidden, match="may not change stages"):
        delete_stage(
            sqlite_store, factories.stage_named(sqlite_store, "Engaging"), door="web",
            actor=actor_for(sqlite_store, "Ada North"),
        )  # fmt: skip
    with pytest.raises(NotFound):
        delete_stage(sqlite_store, 7, actor=ADMIN, door="web")
