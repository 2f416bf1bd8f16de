"""Histories from which nothing honest can be learned: a clear word and the points card, never a made-up chance."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, approve, propose
from crm_core.errors import Invalid
from crm_core.models import Deal, Lead, ScoreRow
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.scores.past import as_of, writes_to
from crm_core.scores.points import read_cards
from tests.conftest import TODAY
from tests.crm_core.scores.conftest import NO_CARD, fill, learned, scored
from tests.factories import make_custom_field, make_deal, make_lead

EARLY = TODAY - timedelta(days=90)


def scores(store):
    with store.read() as connection:
        return connection.execute(select(ScoreRow.__table__).where(ScoreRow.is_latest.is_(True))).all()


def deals(store, count, *, won, opened=EARLY, closed=TODAY, **given):
    with store.write() as connection:
        make_deal(connection, "Open", started_on=EARLY)
        for at in range(count):
            stage = "Won" if won(at) else "Lost"
            make_deal(connection, f"Deal {at}", stage=stage, started_on=opened, closed_on=closed, **given)


def by_points(store, entity="deal"):
    kept = learned(store, entity)
    scored(store, kept)
    assert kept.card["model"]["status"] == "points"
    assert all(row.probability is None for row in scores(store))
    return kept.card["model"]


@pytest.mark.parametrize("outcome", [True, False])
def test_when_all_ended_alike_nothing_is_learned(sqlite_store, outcome):
    deals(sqlite_store, 120, won=lambda _at: outcome)

    assert "Not enough history" in by_points(sqlite_store)["why"]


def test_too_few_are_counted_out(sqlite_store):
    deals(sqlite_store, 40, won=lambda at: at % 2 == 0, closed=TODAY + timedelta(days=-1))

    why = by_points(sqlite_store)["why"]

    assert "50 of each are needed" in why


def test_what_ended_in_the_future_is_not_learned_from(sqlite_store):
    deals(
        sqlite_store,
        120,
        won=lambda at: at % 2 == 0,
        opened=TODAY + timedelta(days=9),
        closed=TODAY + timedelta(days=99),
    )

    assert by_points(sqlite_store)["rows"] == 0


def test_constant_columns_leave_nothing_to_learn_from(sqlite_store):
    deals(sqlite_store, 400, won=lambda at: at % 2 == 0, amount=100, currency="USD", source="Web")

    assert "no signal" in by_points(sqlite_store)["why"]


def test_a_thousand_categories_are_left_out_by_name(sqlite_store):
    make_custom_field(sqlite_store, "deal", "badge")
    deals(sqlite_store, 300, won=lambda at: at % 2 == 0)
    with sqlite_store.write() as connection:
        for at, id_ in enumerate(connection.scalars(select(Deal.id)).all()):
            connection.execute(update(Deal.__table__).where(Deal.id == id_).values(custom={"badge": f"badge no {at}"}))

    assert "badge" in by_points(sqlite_store)["left_out"]


def test_a_lead_with_no_fields_has_no_points(sqlite_store):
    make_lead(sqlite_store, None)
    by_points(sqlite_store, "lead")

    assert [(row.score, row.grade) for row in scores(sqlite_store)] == [(0, "D")]


def test_leads_end_by_the_words_of_the_company_as_well(sqlite_store):
    with sqlite_store.write() as connection:
        for at in range(120):
            make_lead(connection, f"Lead {at}", status="Lost" if at % 2 else "converted", created_on=EARLY)
    card = by_points(sqlite_store, "lead")

    assert (card["rows"], card["good"]) == (120, 60)
    assert scores(sqlite_store) == []


def test_amounts_without_an_exchange_rate_count_as_not_given(sqlite_store):
    deals(sqlite_store, 4, won=lambda _at: True)
    make_deal(sqlite_store, "Yen", amount=9, currency="JPY", started_on=EARLY)

    assert scored(sqlite_store, learned(sqlite_store)).lacking_rates == {"JPY"}
    assert run_query(sqlite_store, QuerySpec(entity="deal", columns=["score"]), actor=ADMIN, today=TODAY).rows


def test_what_was_written_after_the_outcome_is_taken_back_and_refused_by_name(sqlite_store):
    make_custom_field(sqlite_store, "deal", "survey", label="survey")
    fill(sqlite_store, ended=150, still_open=1)
    with sqlite_store.read() as connection:
        rows = connection.execute(select(Deal.id, Deal.version).where(Deal.closed_on.is_not(None))).all()
    wanted = [Change(Op.UPDATE, "deal", row.id, row.version, {"survey": (None, "kind")}) for row in rows[:60]]
    made = propose(sqlite_store.for_agent, wanted, actor=ADMIN, origin=Origin(door="cli"), summary="Survey")
    approve(sqlite_store, made.id, sha256=made.sha256, actor=ADMIN, door="cli")

    with sqlite_store.read() as connection:
        writes = writes_to(connection, "deal", [rows[0].id])[rows[0].id]
    assert as_of({"survey": "kind"}, writes, EARLY) == {"survey": None}
    assert "filled with the outcome or after it" in learned(sqlite_store).card["model"]["refused"]["survey"]


def test_an_unknown_field_on_the_card_is_named_with_the_right_one(sqlite_store, tmp_path):
    card = tmp_path / "points.yaml"
    card.write_text("lead: {grades: {A: 3, B: 2, C: 1}, points: {emial: {given: 3}}}", encoding="utf-8")
    from crm_core.scores.learn import model_of, read_history

    history = read_history(sqlite_store, "lead", today=TODAY, progress=lambda _done, _total: None)
    with pytest.raises(Invalid, match=r"'emial', which such records do not have\. Did you mean email"):
        model_of(history, read_cards(card)["lead"], today=TODAY)


@pytest.mark.parametrize("text", ["lead: [1]", "lead: {points: {}}", "- x", "a: b: c", "lead: {grades: {A: x}}"])
def test_a_file_that_is_no_card_says_so(tmp_path, text):
    card = tmp_path / "points.yaml"
    card.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=r"points\.yaml is no points card"):
        read_cards(card)


def test_the_card_that_comes_with_farley_is_one():
    assert set(read_cards(NO_CARD)) == {"lead", "deal"}


def test_a_converted_lead_has_no_score_any_more(sqlite_store):
    lead = make_lead(sqlite_store)
    kept = learned(sqlite_store, "lead")
    scored(sqlite_store, kept)
    with sqlite_store.write() as connection:
        connection.execute(update(Lead.__table__).where(Lead.id == lead).values(converted_on=TODAY))
    scored(sqlite_store, kept)

    assert scores(sqlite_store) == []
