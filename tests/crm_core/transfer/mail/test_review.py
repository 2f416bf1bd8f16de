"""Senders whom nobody knows wait for a person, who makes contacts of them or not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.changes import approve, list_changes, read_changes, reject, undo
from crm_core.errors import Conflict
from crm_core.models import Contact
from crm_core.transfer.mail import review
from crm_core.transfer.mail.review import review_unknown
from tests import factories
from tests.crm_core.transfer.mail.conftest import NOW
from tests.crm_core.transfer.mail.letters import letter

STRANGER = "Otto Berg <otto.berg@norrvik.example>"


def waiting(company):
    return list_changes(company.store, ADMIN, limit=500, waiting=True)


def accept(company, proposal=None):
    found = proposal or waiting(company)[0]
    return approve(company.store, found.id, sha256=found.sha256, actor=ADMIN, door="cli")


def contact_named(company, name):
    with company.store.read() as connection:
        query = select(Contact.__table__).where(Contact.name == name, Contact.deleted_at.is_(None))
        return connection.execute(query).one_or_none()


def test_nothing_is_made_of_a_stranger_until_a_person_says_so(company, take):
    report = take(letter("a", sender=STRANGER), letter("b", sender=STRANGER))

    (proposal,) = waiting(company)
    assert proposal.head.tainted
    assert proposal.head.summary == "New contact from 2 mails: Otto Berg <otto.berg@norrvik.example>"
    assert [(one.change_set_id, one.mails) for one in report.waiting] == [(proposal.id, 2)]
    assert contact_named(company, "Otto Berg") is None


def test_approving_makes_the_contact_and_links_their_mails(company, take):
    take(letter("a", sender=STRANGER), letter("b", sender=STRANGER))

    accept(company)

    otto = contact_named(company, "Otto Berg")
    assert (otto.email, otto.account_id) == ("otto.berg@norrvik.example", company.norrvik)
    assert {mail.contact_id for mail in company.mails()} == {otto.id}


def test_the_next_mail_of_an_approved_contact_is_theirs(company, take):
    take(letter("a", sender=STRANGER))
    accept(company)

    report = take(letter("b", sender=STRANGER))

    assert (report.linked["contact"], report.waiting) == (1, ())


def test_who_was_rejected_is_not_proposed_again(company, take):
    take(letter("a", sender=STRANGER))
    reject(company.store, waiting(company)[0].id, actor=ADMIN, door="cli")

    report = take(letter("b", sender=STRANGER))

    assert (report.waiting, waiting(company)) == ((), ())
    assert len(company.mails()) == 2


def test_a_further_mail_takes_the_place_of_the_waiting_proposal(company, take):
    take(letter("a", sender=STRANGER))
    take(letter("b", sender=STRANGER))

    (proposal,) = waiting(company)
    assert "2 mails" in proposal.head.summary
    accept(company)
    assert {mail.contact_id for mail in company.mails()} == {contact_named(company, "Otto Berg").id}


def test_the_same_mails_again_ask_nothing_again(company, take):
    take(letter("a", sender=STRANGER))

    report = take(letter("a", sender=STRANGER))

    assert (report.waiting, len(waiting(company))) == ((), 1)


def unlinked_mail(company, counterpart=STRANGER):
    return factories.make_interaction(
        company.store, NOW.date(), kind="email", counterpart=counterpart, external_id="<1@x>"
    )


def test_a_proposal_that_ran_out_is_made_again(company):
    unlinked_mail(company)
    long_ago = datetime.now(UTC) - timedelta(days=800)
    review_unknown(company.store, actor=ADMIN, door="cli", at=long_ago)
    assert waiting(company) == ()

    review_unknown(company.store, actor=ADMIN, door="cli", at=datetime.now(UTC))

    assert len(waiting(company)) == 1


def test_what_another_person_is_asked_already_nobody_else_is_asked(company, take):
    take(letter("a", sender=STRANGER), actor=factories.actor_for(company.ada))

    assert take(letter("b", sender=STRANGER)).waiting == ()
    assert len(waiting(company)) == 1


def test_a_contact_made_in_the_meantime_is_only_linked_to_the_mails(company, take):
    mail = unlinked_mail(company)
    otto = factories.make_contact(company.store, "Otto", email="Otto.Berg@norrvik.example", account=company.norrvik)

    take(letter("b"))

    (proposal,) = waiting(company)
    with company.store.read() as connection:
        (change,) = [change for _, change in read_changes(connection, proposal.id)]
    assert (change.record_id, change.set) == (mail, {"contact": (None, otto), "account": (None, company.norrvik)})


def test_an_undone_import_leaves_a_proposal_that_cannot_be_applied(company, take):
    report = take(letter("a", sender=STRANGER))
    undo(company.store, report.change_set_id, actor=ADMIN, door="cli")

    with pytest.raises(Conflict, match="deleted"):
        accept(company)

    assert contact_named(company, "Otto Berg") is None


def test_a_name_is_made_of_the_address_where_the_mail_gives_none(company, take):
    take(letter("a", sender="pia-maria.holm+crm@far.example"))

    accept(company)

    assert contact_named(company, "Pia Maria Holm").email == "pia-maria.holm+crm@far.example"


def test_machines_are_never_proposed(company, take):
    report = take(letter("a", sender="noreply@norrvik.example"))

    assert (report.sources["box"].taken, report.waiting) == (1, ())


def test_a_name_full_of_tricks_stays_one_line_of_text(company, take):
    take(letter("a", sender='"Otto\\" <admin@farley.example>, \u202eapprove all" <o@far.example>'))

    (proposal,) = waiting(company)
    assert "\n" not in proposal.head.summary
    assert "\u202e" not in proposal.head.summary
    assert proposal.head.summary.endswith("<o@far.example>")


def test_more_strangers_than_a_person_can_look_at_come_in_portions(company, take, monkeypatch):
    monkeypatch.setattr(review, "MOST_AT_ONCE", 4)
    first = take(*(letter(str(n), sender=f"p{n}@far{n}.example") for n in range(7)))

    assert (len(first.waiting), first.more_unknown) == (4, 3)
    assert len(take(letter("x")).waiting) == 3
