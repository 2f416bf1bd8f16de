"""`farley score`: leads and deals scored, kept in step, and asked about in both languages."""

import json
from datetime import date

import pytest
from sqlalchemy import select, update

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, Origin, approve, propose
from crm_core.ids import new_id
from crm_core.models import CustomField, ScoreModelRow, ScoreRow
from integrations.scoring import keep_scores_in_step
from tests import factories
from tests.integrations.cli.conftest import TODAY

DAY = date.fromisoformat(TODAY)


def latest(store):
    with store.read() as connection:
        rows = connection.execute(select(ScoreRow.__table__).where(ScoreRow.is_latest.is_(True)))
        return {(row.entity, row.record_id): row.score for row in rows}


def _meet(store, lead):
    met = {"kind": "meeting", "happened_on": TODAY, "lead": lead}
    change = Change(Op.CREATE, "interaction", new_id(), None, {name: (None, value) for name, value in met.items()})
    made = propose(store.for_agent, [change], actor=ADMIN, summary="Met", origin=Origin(door="cli"))
    approve(store, made.id, sha256=made.sha256, actor=ADMIN, door="cli")


@pytest.fixture
def leads(company):
    """Two leads: one who wrote today, one of whom nothing is known."""
    with company.write() as connection:
        grace = factories.make_lead(
            connection, email="grace@acme.example", phone="+1 555 0100", source="Web", company="Acme"
        )
        factories.make_interaction(connection, DAY, kind="email", direction="in", lead=grace)
        factories.make_interaction(connection, DAY, kind="meeting", lead=grace)
        factories.make_lead(connection, "Nobody", source="Fair")
    return company


def test_it_scores_all_that_is_open_and_says_what_by(farley, leads):
    ran = farley("score", "--today", TODAY, "--json")

    assert ran.code == 0
    (deals,) = (one for one in ran.json["models"] if one["entity"] == "deal")
    assert deals["status"] == "points"
    assert "Not enough history" in deals["why"]
    assert deals["auc"] is None
    assert deals["scored"] == sum(deals["grades"].values())


def test_it_learns_once_and_again_when_asked(farley, leads):
    first, second, third = (farley("score", *more, "--json").json for more in ((), (), ("--train",)))

    learned = [[one["learned"] for one in ran["models"]] for ran in (first, second, third)]
    assert learned == [["there was no model"] * 2, [None] * 2, ["it was asked for"] * 2]


def test_only_one_kind_can_be_scored(farley, leads):
    assert [one["entity"] for one in farley("score", "--entity", "lead", "--json").json["models"]] == ["lead"]


def test_the_card_can_be_printed_edited_and_holds_from_then_on(farley, leads, home):
    farley("score", "--today", TODAY)
    (home / "points.yaml").write_text(
        farley("score", "--card").out.replace("email: {given: 10}", "email: {given: 17}"), "utf-8"
    )
    before = max(latest(leads).values())

    ran = farley("score", "--today", TODAY, "--json")

    assert "the points card was changed" in [one["learned"] for one in ran.json["models"]]
    assert max(latest(leads).values()) == before + 7


def test_a_card_that_cannot_be_read_is_told(farley, leads, home):
    (home / "points.yaml").write_text("lead: 3", "utf-8")

    ran = farley("score")

    assert ran.code == 1
    assert "no points card" in ran.err


def test_what_was_said_is_scored_before_the_next_answer(farley, leads):
    farley("score", "--today", TODAY)
    nobody = min(latest(leads).items(), key=lambda pair: pair[1])[0][1]
    _meet(leads, nobody)

    keep_scores_in_step(leads, DAY)

    assert latest(leads)["lead", nobody] == 35  # one interaction, a meeting, today


def test_a_field_that_is_gone_is_named_by_doctor_and_learned_without(farley, leads):
    factories.make_custom_field(leads, "lead", "size")
    farley("score")
    with leads.write() as connection:
        card = connection.execute(select(ScoreModelRow.card).where(ScoreModelRow.entity == "lead")).scalar_one()
        gone = {**card, "features": [*card["features"], "size"]}
        connection.execute(update(ScoreModelRow).where(ScoreModelRow.entity == "lead").values(card=gone))
        connection.execute(CustomField.__table__.delete())

    told = [one for one in farley("doctor", "--json").json["findings"] if one["name"] == "scores"]
    ran = farley("score", "--entity", "lead", "--json")

    assert any("fields that are gone: size" in one["text"] for one in told)
    assert ran.json["models"][0]["learned"] == "size is no field any more"


def test_scores_are_asked_for_in_both_languages(farley, leads):
    questions = {
        "top 1 lead by score": ["Grace Hopper"],
        "hot leads": ["Grace Hopper"],
        "leads with grade A": ["Grace Hopper"],
        "leads with a score below 10": ["Nobody"],
        "average lead score by source": ["Web", "Fair"],
        "评分最高的1个线索": ["Grace Hopper"],
        "热线索有哪些": ["Grace Hopper"],
        "D级线索有哪些": ["Nobody"],
    }
    farley("score", "--today", TODAY)
    asked = "\n".join(json.dumps({"id": text, "turns": [text], "today": TODAY}) for text in questions)

    told = farley("ask", "--jsonl", "-", "--json", stdin=asked).lines

    assert {one["id"]: [row[0] for row in one["rows"]] for one in told} == questions


def test_before_anything_was_scored_no_score_is_made_up(farley, leads):
    ran = farley("ask", "lead score of Grace Hopper", "--today", TODAY, "--json")

    assert ran.json["status"] == "cannot"
    assert not any(character.isdigit() for character in ran.json["text"])


def test_a_model_that_was_killed_before_it_scored_all_stops_no_answer(farley, leads):
    farley("score", "--today", TODAY)
    with leads.write() as connection:
        for row in connection.execute(select(ScoreModelRow.id, ScoreModelRow.card)).all():
            card = {name: told for name, told in row.card.items() if name != "run"}
            connection.execute(update(ScoreModelRow).where(ScoreModelRow.id == row.id).values(card=card))
    _meet(leads, next(iter(latest(leads)))[1])

    keep_scores_in_step(leads, DAY)

    assert len(latest(leads)) == 4
