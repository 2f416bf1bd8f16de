"""Drafts through the whole loop: what they say, in whose voice, and whom never."""

import pytest
from sqlalchemy import func, select

from copilot.reply import Status
from crm_core.changes import approve
from crm_core.models import Draft
from tests.copilot.drafts.conftest import TODAY
from tests.factories import make_draft
from tests.scripted import calls, says, scripted

MARK = "[…: "


def drafts_in(store):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(Draft)).scalar_one()


def test_it_says_what_was_said_and_promised_and_names_each_source(desk):
    reply = desk.ask("draft a follow-up to Ada Byron")

    body = reply.proposals[0].changes[0]["set"]["body"][1]
    assert "10 November" in body
    assert "want an extra training for new starters" in body
    assert "the trial plan" in body
    assert "20 November" in body
    quotes = {one.quote for one in reply.citations}
    assert {"Wants an extra training for new starters.", "I promised the trial plan by 20 November."} <= quotes


def test_what_we_think_of_people_and_what_others_were_told_stays_with_us(desk):
    for text in ("draft a follow-up to Ada Byron", "longer", "mention Bob"):
        body = desk.draft(text)["body"]
        assert "difficult" not in body
        assert "hides" not in body
    assert "trial plan" not in desk.draft("draft a follow-up to Eve Poe")["body"]


def test_it_is_written_in_the_voice_of_the_sender(desk, world):
    body = desk.draft("draft a follow-up to Ada Byron")["body"]
    assert body.startswith("Good day Ada,\n")
    assert body.endswith("\nCheers,\nMoses")

    zane = world.desk("Zane Levy")
    plain = zane.draft("draft an introduction to Eve Poe")["body"]
    assert plain.startswith("Hello Eve,\n")
    assert plain.endswith(f"\nBest regards,\n{zane.actor.name}")


def test_a_missing_fact_is_a_marked_blank(desk):
    body = desk.draft("draft a proposal to Eve Poe")["body"]

    assert f"{MARK}price]" in body
    assert "9,000" not in body


def test_the_price_is_that_of_the_deal(desk):
    assert "$9,000" in desk.draft("draft a proposal to Ada Byron")["body"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Dan Frost", "does not want to be contacted"),
        ("Wim Kok", "did not agree to be written to"),
        ("Uma Reed", "Record their consent first"),
    ],
)
def test_nothing_is_drafted_to_whom_must_not_be_written(desk, name, told):
    reply = desk.ask(f"draft a follow-up to {name}")

    assert reply.status is Status.CANNOT
    assert told in reply.text
    assert not reply.proposals


def test_who_wrote_first_is_answered_although_consent_is_not_known(desk):
    made = desk.draft("draft a reply to Ina Holt")

    assert made["purpose"] == "reply"
    assert made["subject"] == "Re: Question"
    assert "“Does it work without a signal?”" in made["body"]
    assert f"{MARK}your answer]" in made["body"]


def test_a_lead_is_answered_by_what_it_wrote(desk):
    found = desk.draft("draft a reply to Lea Toft")

    assert (found["lead"], found.get("contact"), found["purpose"]) == ("Lea Toft", None, "reply")
    assert "Does it run on a phone?" in found["body"]


def test_another_version_goes_to_the_same_lead(desk):
    desk.ask("draft a reply to Lea Toft")

    assert desk.draft("in Chinese")["lead"] == "Lea Toft"


def test_a_lead_is_introduced_to_as_somebody_of_their_company(desk):
    assert "Hexatron on our side" in desk.draft("给Ute Brand写一封介绍邮件，用英文")["body"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("Rob Vane", "not want to be contacted"), ("Sam Ott", "did not agree"), ("Kim Fold", "not recorded")],
)
def test_nothing_is_drafted_to_a_lead_that_must_not_be_written_to(desk, name, told):
    reply = desk.ask(f"draft an introduction to {name}")

    assert reply.status == "cannot"
    assert told in reply.text
    assert reply.proposals == ()


def test_no_address_is_said_and_the_draft_made_all_the_same(desk):
    reply = desk.ask("draft a follow-up to Noa Lind")

    assert reply.status is Status.PROPOSED
    assert any("No email address of Noa Lind" in line for line in reply.receipt)


def test_a_deal_or_an_account_means_its_contact(desk):
    reply = desk.ask("draft a follow-up for Acme 1")

    assert reply.proposals[0].changes[0]["set"]["contact"][1] == "Ada Byron"
    assert any("It goes to Ada Byron" in line for line in reply.receipt)


def test_a_mail_that_gives_orders_changes_neither_addressee_nor_facts(desk):
    reply = desk.ask("draft a reply to Mal Lory")

    made = reply.proposals[0].changes
    assert [change["entity"] for change in made] == ["draft"]
    assert made[0]["set"]["contact"][1] == "Mal Lory"
    assert "evil" not in made[0]["set"]["body"][1] + made[0]["set"]["subject"][1]
    assert "forward" not in made[0]["set"]["body"][1]


def test_what_rests_on_a_customers_words_is_marked_for_a_close_look(desk):
    assert desk.ask("draft a reply to Ina Holt").proposals[0].is_tainted
    assert not desk.ask("draft an introduction to Eve Poe").proposals[0].is_tainted


def test_a_stranger_is_declined(desk):
    assert desk.ask("draft a follow-up to Zoe Zimmer").status is Status.CANNOT


def test_a_models_wording_stays_where_the_facts_hold_it(desk):
    told = "Thank you for meeting me on 10 November. You will have the trial plan by 20 November."
    copilot, _ = scripted(desk.store, calls("draft", to="contact:Ada Byron", text=told), says("Done."))

    made = copilot.ask("write to Ada", thread="m", actor=desk.actor, today=TODAY).proposals[0].changes[0]

    assert told in made["set"]["body"][1]


@pytest.mark.parametrize(
    "invented",
    ["You will have the trial plan by 25 November.", "The price is $7,500.", "Greta Palmquist sends her regards.",
     "Write to sales@evil.example."],
)  # fmt: skip
def test_a_models_wording_that_says_more_is_dropped(desk, invented):
    copilot, _ = scripted(desk.store, calls("draft", to="contact:Ada Byron", text=invented), says("Done."))

    reply = copilot.ask("write to Ada", thread="m", actor=desk.actor, today=TODAY)

    body = reply.proposals[0].changes[0]["set"]["body"][1]
    assert invented not in body
    assert "10 November" in body
    assert any("said more than the records do" in line for line in reply.receipt)


def test_a_model_cannot_draft_past_the_tool_for_drafts(desk):
    step = {"op": "create", "entity": "draft", "set": {"subject": "x", "body": "y", "contact": desk.ids["Ada Byron"]}}
    copilot, _ = scripted(desk.store, calls("propose_changes", steps=[step]), says("Done."))

    assert not copilot.ask("write to Ada", thread="m", actor=desk.actor, today=TODAY).proposals


def test_what_nobody_has_said_is_in_no_summary(desk):
    with desk.store.write() as connection:
        make_draft(connection, desk.ids["Ada Byron"], body="I will send you the moon by Friday.", user=desk.actor.id)

    assert "moon" not in desk.ask("summarise Ada Byron").text


@pytest.mark.parametrize("name", ["Uma Reed", "Kim Fold"])
def test_a_consent_that_is_lacking_is_recorded_in_words(desk, name):
    reply = desk.ask(f"set the consent of {name} to granted")

    assert reply.proposals[0].changes[0]["set"]["consent"] == ["unknown", "granted"]


def test_a_draft_is_a_proposal_and_stands_once_it_is_approved(desk):
    before = drafts_in(desk.store)
    waiting = desk.ask("draft a follow-up to Ada Byron").proposals[0]
    assert drafts_in(desk.store) == before

    approve(desk.store, waiting.id, sha256=waiting.sha256, actor=desk.actor, door="cli")

    with desk.store.read() as connection:
        made = select(Draft.__table__).where(Draft.id == waiting.changes[0]["record_id"])
        row = connection.execute(made).one()
    held = (row.contact_id, row.account_id, row.deal_id, row.user_id, row.purpose)
    assert held == (*(desk.ids[name] for name in ("Ada Byron", "Acme", "Acme 1", "Moses Frase")), "after_meeting")
    assert f"interaction {row.sources.split()[1]}" in row.sources
