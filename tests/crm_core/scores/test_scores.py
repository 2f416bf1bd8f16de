"""Scores of a company's own records: what is learned, what is kept, and what they say of themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_core.access import ADMIN, Scope
from crm_core.errors import Conflict
from crm_core.models import Deal, ScoreRow
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Measure, Order, QuerySpec
from crm_core.scores.keep import latest_model
from crm_core.scores.rates import rates_on
from crm_core.scores.rows import Reader
from crm_core.scores.run import score_some, scores_of
from crm_core.scores.subjects import Seen, seen_before_the_end, subjects_of
from tests.conftest import TODAY
from tests.crm_core.scores.conftest import NOW, fill, learned, scored
from tests.factories import actor_for, make_custom_field, make_deal, make_interaction, make_lead, make_user


def model_of(store):
    with store.read() as connection:
        return latest_model(connection, "deal")


def latest(store, entity="deal"):
    with store.read() as connection:
        query = select(ScoreRow.__table__).where(ScoreRow.entity == entity, ScoreRow.is_latest.is_(True))
        return {row.record_id: row for row in connection.execute(query)}


def test_what_decides_is_learned_and_every_open_deal_has_a_chance(company):
    card = model_of(company).card["model"]

    assert card["status"] == "fitted"
    assert card["auc"] > 0.75
    assert len(latest(company)) == 60
    assert all(
        row.probability is not None and row.score == round(100 * row.probability) for row in latest(company).values()
    )


def test_the_reasons_add_up_to_the_score_of_every_record(company):
    kept = model_of(company)
    with company.read() as connection:
        reader = Reader.of(company.schema_at(connection), "deal", rates_on(connection, TODAY), TODAY)
        every = [Seen(one.id, TODAY) for one in subjects_of(connection, reader.schema, reader.entity)]
        found = scores_of(kept, reader, reader.rows(connection, every))

    assert len(found) == 360
    for one in found:
        told = one.reasons
        assert told["base"] + sum(part["points"] for part in told["parts"]) + told["other"] == one.score


def test_the_step_that_is_told_raises_the_score_when_it_is_done(company):
    row = next(row for row in latest(company).values() if "log" in row.reasons.get("act", {}))
    act = row.reasons["act"]
    side = "out" if act["log"] in ("call", "email") else None
    make_interaction(company, TODAY, kind=act["log"], direction=side, deal=row.record_id)

    score_some(company, model_of(company), [row.record_id], today=TODAY, at=NOW)

    assert latest(company)[row.record_id].score == act["score"] > row.score


def test_a_deal_that_ends_keeps_its_history_and_has_no_score(company):
    ended = next(iter(latest(company)))
    won = make_deal(company, "Other", stage="Won")
    with company.write() as connection:
        stage = connection.execute(select(Deal.stage_id).where(Deal.id == won)).scalar_one()
        connection.execute(update(Deal.__table__).where(Deal.id == ended).values(stage_id=stage, closed_on=TODAY))

    score_some(company, model_of(company), [ended], today=TODAY, at=NOW)

    assert ended not in latest(company)
    with company.read() as connection:
        kept = connection.execute(select(ScoreRow.score).where(ScoreRow.record_id == ended)).all()
    assert len(kept) == 1


def test_the_same_score_is_not_written_twice(company):
    run = scored(company, model_of(company))

    assert (run.scored, run.changed) == (60, 0)


def test_scores_move_no_revision_and_no_outbox(company):
    before = company.revision
    scored(company, model_of(company))

    assert company.revision == before


def test_a_score_is_asked_for_like_any_field(company):
    spec = QuerySpec(
        entity="deal", where=Condition(field="grade", value="A"), columns=["name", "score"],
        order_by=[Order(by="score", descending=True)], limit=5,
    )  # fmt: skip
    rows = run_query(company, spec, actor=ADMIN, today=TODAY).rows
    average = QuerySpec(
        entity="deal", measures=[Measure(fn="avg", field="score")], where=Condition(field="source", value="Partner")
    )

    told = [row.values[1] for row in rows]
    assert told == sorted(told, reverse=True)
    assert told
    assert run_query(company, average, actor=ADMIN, today=TODAY).rows[0].values[0] > 50


def test_a_score_is_seen_by_whoever_sees_its_record(company):
    stranger = actor_for(make_user(company, "Stranger"), reads=Scope.OWN)
    spec = QuerySpec(entity="deal", where=Condition(field="score", op="ge", value=0))

    assert run_query(company, spec, actor=stranger, today=TODAY).rows == ()
    assert len(run_query(company, spec, actor=ADMIN, today=TODAY).rows) == 60


def test_scores_are_asked_for_on_both_databases(store):
    lead = make_lead(store, email="a@b.example", source="Web")
    make_interaction(store, TODAY, kind="email", direction="in", lead=lead)
    make_lead(store, "Nobody")
    scored(store, learned(store, "lead"))
    spec = QuerySpec(
        entity="lead", columns=["name", "score", "grade", "scored_on"], order_by=[Order(by="score", descending=True)]
    )

    rows = [row.values for row in run_query(store, spec, actor=ADMIN, today=TODAY).rows]

    assert rows == [("Grace Hopper", 50, "B", TODAY), ("Nobody", 0, "D", TODAY)]


def test_a_deal_is_seen_as_it_stood_on_a_day_of_its_open_life(company):
    with company.read() as connection:
        reader = Reader.of(company.schema_at(connection), "deal", rates_on(connection, TODAY), TODAY)
        subjects = subjects_of(connection, reader.schema, reader.entity)
        seen = seen_before_the_end(subjects, TODAY)
        rows = reader.rows(connection, seen[:50])

    opened = {one.id: one.opened for one in subjects}
    assert all(opened[one.id] <= one.moment < one.ended for one in seen)
    assert {row["stage"] for _, row in rows} <= {"Prospecting", "Engaging"}
    assert all(row["age_days"] == (one.moment - opened[one.id]).days for one, row in rows)


def test_a_field_that_was_deleted_since_is_named_and_learned_without(company):
    make_custom_field(company, "deal", "budget")
    with company.write() as connection:
        for id_ in latest(company):
            connection.execute(update(Deal.__table__).where(Deal.id == id_).values(custom={"budget": "x"}))
    kept = model_of(company)
    kept.card["features"].append("gone")

    with pytest.raises(Conflict, match="learned from gone, which is no field any more"):
        scored(company, kept)


def test_a_model_of_chances_says_how_the_rate_has_moved_since(company):
    with company.write() as connection:
        rows = connection.execute(select(Deal.id).where(Deal.closed_on.is_not(None)).limit(40)).scalars().all()
        lost = connection.execute(select(Deal.stage_id).where(Deal.closed_on.is_not(None))).scalars().first()
        connection.execute(
            update(Deal.__table__).where(Deal.id.in_(rows)).values(stage_id=lost, closed_on=TODAY + timedelta(days=2))
        )

    run = scored(company, model_of(company))

    assert run.ended_since == 40
    assert run.rate_since in (0.0, 1.0)


def test_with_no_signal_it_says_so_and_ranks_by_points(sqlite_store):
    fill(sqlite_store, odds=lambda _source: 0.5)
    with sqlite_store.write() as connection:
        connection.exec_driver_sql("DELETE FROM interactions")

    kept = learned(sqlite_store)
    scored(sqlite_store, kept)

    assert "no signal" in kept.card["model"]["why"]
    assert "points card" in kept.card["model"]["why"]
    assert all(row.probability is None for row in latest(sqlite_store).values())
