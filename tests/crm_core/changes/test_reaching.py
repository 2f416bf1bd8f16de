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
from crm_core.reaching import Block, find_block
from tests.factories import make, make_interaction

TODAY = date(2026, 3, 2)


def contact(store, **given):
    return make(store, "contact", name="Ann Bell", **given)


def block_of(store, contact_id):
    with store.read() as connection:
        return find_block(connection, contact_id)


def proposed(store, contact_id):
    step = Step(op="create", entity="draft", set={"subject": "Hello", "body": "Hello Ann", "contact": contact_id})
    found = draft(store.for_agent, [step], actor=ADMIN, today=TODAY)
    summary = summarise(found.changes, store.schema)
    return propose(store.for_agent, found.changes, actor=ADMIN, summary=summary, origin=Origin(door="cli"))


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
def test_consent_decides(store, given, block):
    assert block_of(store, contact(store, **given)) is block


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
