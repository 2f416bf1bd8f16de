"""Words that people teach a store: change sets with undo, and conditions that the registry knows at once."""

import pytest

from crm_core.access import ADMIN, Actor
from crm_core.changes import list_changes, undo
from crm_core.company_words import accept_word, list_words, remove_word
from crm_core.errors import Conflict, Forbidden, NotFound
from crm_core.models import UserRole

BIG = {"field": "revenue", "op": "gt", "value": 1_000_000}


def teach(store, word, target, meaning=None, *, actor=ADMIN):
    return accept_word(store, word, target, meaning=meaning, told="something", actor=actor, door="test")


def meanings(store):
    return [(word.phrase, word.target, word.meaning) for word in list_words(store)]


def test_a_word_for_a_field_is_known_at_once_and_undo_takes_it_back(store):
    change = teach(store, "  Contract   Value ", "deal.amount")
    known = store.schema.own_words
    undo(store, change, actor=ADMIN, door="test")

    assert known == {"contract value": ("deal.amount",)}
    assert (store.schema.own_words, meanings(store)) == ({}, [])


def test_a_word_for_a_condition_keeps_its_filter_and_is_no_name_of_the_entity(store):
    teach(store, "key account", "where:account", BIG)

    own = store.schema.own_conditions["key account"]
    assert (own.entity, own.where.model_dump(exclude_defaults=True)) == ("account", BIG)
    assert "key account" not in store.schema.entity("account").words


def test_a_new_meaning_takes_the_place_of_the_old_one_and_undo_brings_that_back(store):
    teach(store, "logo", "account")
    change = teach(store, "logo", "where:account", BIG)
    after = meanings(store)
    undo(store, change, actor=ADMIN, door="test")

    assert after == [("logo", "where:account", BIG)]
    assert meanings(store) == [("logo", "account", None)]


def test_a_removed_word_comes_back_with_undo(store):
    teach(store, "key account", "where:account", BIG)
    change = remove_word(store, "Key Account", actor=ADMIN, door="test")
    gone = meanings(store)
    undo(store, change, actor=ADMIN, door="test")

    assert gone == []
    assert store.schema.own_conditions["key account"].entity == "account"


def test_the_list_of_changes_says_what_was_taught(store):
    teach(store, "logo", "account")

    assert list_changes(store, ADMIN)[0].head.summary == "'logo' means something"


def test_only_an_administrator_teaches(store):
    rep = Actor(id=5, name="Rae", role=UserRole.REP)

    with pytest.raises(Forbidden, match="administrator"):
        teach(store, "logo", "account", actor=rep)
    assert meanings(store) == []


def test_the_same_meaning_twice_is_a_conflict_and_an_unknown_word_is_not_found(store):
    teach(store, "logo", "account")

    with pytest.raises(Conflict, match="already"):
        teach(store, "logo", "account")
    with pytest.raises(NotFound, match="lexicon list"):
        remove_word(store, "brand", actor=ADMIN, door="test")


@pytest.mark.parametrize("meaning", [{"field": "tier", "value": "A"}, {"colour": "red"}, {"children": "moons"}])
def test_a_condition_that_the_registry_does_not_know_is_left_out(store, meaning):
    teach(store, "key account", "where:account", meaning)

    assert store.schema.own_conditions == {}
