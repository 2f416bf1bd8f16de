"""Who must not be written to: checked when a draft is proposed and again when it is approved."""

from datetime import date

import pytest
from sqlalchemy import update

from crm_core.access import ADMIN
from crm_core.changes import approve, propose
from crm_core.changes.draft import draft, summarise
from crm_core.changes.propose import Origin
from crm_core.changes.steps import Step
from crm_core.errors import Invalid
from crm_core.models import Contact
from crm_core.reaching import Block, Recipient, find_block
from tests.factories import make, make_interaction, make_pipeline

TODAY = date(2026, 3, 2)


def lead(store, **given):
    return make(store, "lead", name="Ann Bell", **given)


def contact(store, **given):
    return make(store, "contact", name="Ann Bell", **given)


def block_of(store, record_id, entity="contact"):
    with store.read() as connection:
        return find_block(connection, Recipient(entity, record_id))


def proposed(store, contact_id=None, **given):
    whom = {"contact": contact_id} if contact_id else {}
    step = Step(op="create", entity="draft", set={"subject": "Hello", "body": "Hello Ann", **whom, **given})
    found = draft(store.for_agent, [step], actor=ADMIN, today=TODAY)
    summary = summarise(found.changes, store.schema)
    return propose(store.for_agent, found.changes, actor=ADMIN, summary=summary, origin=Origin(door="cli"))


@pytest.mark.parametrize("entity", ["contact", "lead"])
@pytest.mark.parametrize(
    ("given", "block"),
    [
        ({"consent": "granted"}, None),
        ({"consent": "granted", "do_not_contact": True}, Block.DO_NOT_CONTACT),
        ({"consent": "withheld"}, Block.WITHHELD),
        ({"consent": "unknown"}, Block.UNKNOWN),
        ({}, Block.UNKNOWN),
    ],
)
def test_consent_decides(store, entity, given, block):
    assert block_of(store, make(store, entity, name="Ann Bell", **given), entity) is block


@pytest.mark.parametrize(
    ("kind", "direction", "block"),
    [("email", "in", None), ("call", "in", None), ("chat", "in", None), ("email", "out", Block.UNKNOWN),
     ("note", "in", Block.UNKNOWN), ("meeting", None, Block.UNKNOWN)],
)  # fmt: skip
def test_who_wrote_to_us_first_may_be_answered(store, kind, direction, block):
    ann = contact(store)
    make_interaction(store, TODAY, kind=kind, direction=direction, contact=ann)

    assert block_of(store, ann) is block


def test_their_own_mail_does_not_undo_a_refusal(store):
    ann = contact(store, consent="withheld")
    make_interaction(store, TODAY, kind="email", direction="in", contact=ann)

    assert block_of(store, ann) is Block.WITHHELD


def test_a_draft_to_a_blocked_contact_is_not_even_proposed(store):
    with pytest.raises(Invalid, match="Ann Bell did not agree to be written to"):
        proposed(store, contact(store, consent="withheld"))


def test_a_draft_is_not_approved_when_its_contact_was_blocked_meanwhile(store):
    ann = contact(store, consent="granted")
    waiting = proposed(store, ann)
    with store.write() as connection:
        connection.execute(update(Contact).where(Contact.id == ann).values(do_not_contact=True))

    with pytest.raises(Invalid, match="does not want to be contacted"):
        approve(store, waiting.id, sha256=waiting.sha256, actor=ADMIN, door="cli")


def test_a_draft_is_approved_and_then_stands(store):
    waiting = proposed(store, contact(store, consent="granted"))

    applied = approve(store, waiting.id, sha256=waiting.sha256, actor=ADMIN, door="cli")

    assert applied.note == "create 1 draft"


def test_a_lead_that_wrote_to_us_first_may_be_answered(store):
    ann = lead(store)
    make_interaction(store, TODAY, kind="email", direction="in", lead=ann)

    assert block_of(store, ann, "lead") is None


@pytest.mark.parametrize(
    ("refusal", "block"),
    [({"do_not_contact": True}, Block.DO_NOT_CONTACT), ({"consent": "withheld"}, Block.WITHHELD)],
)
def test_a_refusal_holds_for_the_address_under_every_record(store, refusal, block):
    contact(store, email="ann@acme.example", **refusal)
    again = lead(store, email=" Ann@Acme.example", consent="granted")

    assert block_of(store, again, "lead") is block


@pytest.mark.parametrize("two", [True, False])
def test_a_draft_goes_to_exactly_one_person(store, two):
    whom = {"contact": contact(store, consent="granted"), "lead": lead(store, consent="granted")} if two else {}

    with pytest.raises(Invalid, match="one person"):
        proposed(store, **whom)


def test_an_approved_draft_is_not_turned_into_one_to_two_people(store):
    waiting = proposed(store, lead=lead(store, consent="granted"))
    approve(store, waiting.id, sha256=waiting.sha256, actor=ADMIN, door="cli")
    step = Step(op="update", entity="draft", records=["Hello"], set={"contact": contact(store, consent="granted")})
    found = draft(store.for_agent, [step], actor=ADMIN, today=TODAY)
    second = propose(store.for_agent, found.changes, actor=ADMIN, summary="x", origin=Origin(door="cli"))

    with pytest.raises(Invalid, match="one person"):
        approve(store, second.id, sha256=second.sha256, actor=ADMIN, door="cli")


def test_a_lead_takes_its_refusal_along_when_it_is_converted(store):
    make_pipeline(store)
    ann = lead(store, consent="withheld", do_not_contact=True)
    found = draft(store.for_agent, [Step(op="convert", entity="lead", records=[ann])], actor=ADMIN, today=TODAY)

    person = next(change for change in found.changes if change.entity == "contact")

    assert (person.set["consent"][1], person.set["do_not_contact"][1]) == ("withheld", True)
