"""Citations rest on the rows of the turn, and only on what the asker may read."""

from datetime import date

import pytest

from crm_core.access import Scope
from crm_core.db import Store
from tests.factories import actor_for, make_interaction, make_user
from tests.scripted import queries, says, scripted

NOTES = {"entity": "interaction", "columns": ["subject", "body"]}


@pytest.fixture
def notes(sqlite_store: Store) -> tuple[Store, int, int]:
    """A store with one note of the asker and one of somebody else; the asker and the id of their note."""
    me, other = make_user(sqlite_store, "Ingrid"), make_user(sqlite_store, "Tomas")
    mine = make_interaction(sqlite_store, date(2017, 11, 1), subject="Call", body="They want 5 seats.", user=me)
    make_interaction(sqlite_store, date(2017, 11, 2), subject="Secret", body="Do not tell.", user=other)
    return sqlite_store, me, mine


def test_a_note_that_an_answer_shows_is_cited_with_its_words(notes, today):
    store, me, mine = notes
    copilot, _ = scripted(store, queries(**NOTES), says("They want 5 seats."))

    reply = copilot.ask("what did they say?", thread="t", actor=actor_for(me, reads=Scope.OWN), today=today)

    (cited,) = reply.citations
    assert (cited.entity, cited.id, cited.label, cited.quote) == ("interaction", mine, "Call", "They want 5 seats.")


def test_a_model_cannot_cite(notes, today):
    store, me, _ = notes
    copilot, _ = scripted(
        store, queries(entity="interaction", measures=[{"fn": "count"}]), says("One [interaction 99].")
    )

    reply = copilot.ask("how many?", thread="t", actor=actor_for(me, reads=Scope.OWN), today=today)

    assert reply.citations == ()


def test_a_long_list_is_cited_as_far_as_one_reads(sqlite_store: Store, today):
    rep = make_user(sqlite_store, "Ingrid")
    with sqlite_store.write() as connection:
        for number in range(30):
            make_interaction(connection, date(2017, 11, 1), subject=f"Call {number}", body="x" * 900, user=rep)
    copilot, _ = scripted(sqlite_store, queries(**NOTES), says("Thirty calls."))

    reply = copilot.ask("calls?", thread="t", actor=actor_for(rep), today=today)

    assert len(reply.citations) == 10
    assert {len(cited.quote) for cited in reply.citations} == {200}
