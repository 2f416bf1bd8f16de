from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_core.access import ADMIN, Scope
from crm_core.changes import undo
from crm_core.errors import Conflict, CrmError, Forbidden, Invalid, NotFound
from crm_core.models import Contact, Draft, Interaction, Send, SendState, User
from crm_core.sending import Delivery, Mailbox, export, list_sends, list_unsent, settle
from prompts import fill, load_yaml
from tests.crm_core.sending.conftest import NOW
from tests.factories import actor_for, make, make_user

TAKEN, REFUSED = Delivery(SendState.SENT, "OK"), Delivery(SendState.FAILED, "550 no")
BROKEN = Delivery(SendState.UNKNOWN, "no answer")


def sends(store):
    with store.read() as connection:
        return connection.execute(select(Send.state, Send.attempts)).all()


def mails_out(store):
    with store.read() as connection:
        columns = (Interaction.external_id, Interaction.thread, Interaction.contact_id, Interaction.user_id)
        return connection.execute(select(*columns).where(Interaction.direction == "out")).all()


def test_the_letter_goes_to_the_contacts_own_address_and_answers_their_mail(desk):
    letter = desk.claim()

    assert letter.recipient == Mailbox("Grace Hopper", "grace@norrvik.example")
    assert letter.sender == Mailbox("Ada Byron", "ada@us.example")
    assert letter.answers == ("<first@norrvik.example>",)
    assert letter.message_id.endswith("@us.example>")


def test_a_letter_to_a_lead_answers_their_mail_and_is_logged_with_them(desk):
    lead = make(desk.store, "lead", name="Lea Toft", email="lea@hexatron.example", consent="granted", owner=desk.rep.id)
    form = "<form@hexatron.example>"
    make(desk.store, "interaction", kind="email", direction="in", happened_on=NOW.date(), thread=form, external_id=form,
         lead=lead)  # fmt: skip
    desk.approved("draft", desk.draft, contact=None, lead=lead, thread=form)

    letter = desk.claim()
    settle(desk.store, letter, Delivery(SendState.SENT, "250 ok"), actor=desk.rep, at=NOW)

    assert letter.recipient == Mailbox("Lea Toft", "lea@hexatron.example")
    assert letter.answers == (form,)
    with desk.store.read() as connection:
        logged = connection.execute(select(Interaction).where(Interaction.external_id == letter.message_id)).one()
    assert (logged.lead_id, logged.contact_id) == (lead, None)
    assert list_sends(desk.store, desk.rep, now=NOW)[0].to == "Lea Toft"


def test_a_claim_is_there_before_anything_leaves(desk):
    desk.claim()

    assert sends(desk.store) == [("claimed", 1)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_mail_with_a_blank_in_it_does_not_leave_but_may_be_written_to_a_file(desk, lang):
    blank = fill(load_yaml(f"drafts/{lang}")["blanks"]["mark"], what="date")
    desk.approved("draft", desk.draft, body=f"Hello Grace, shall we meet on {blank}?")

    with pytest.raises(Invalid, match="blank to fill in"):
        desk.claim()
    assert sends(desk.store) == []

    assert blank in export(desk.store, desk.draft, actor=desk.rep, door="cli", shown=desk.ready().approval).body


def test_an_approval_allows_one_send(desk):
    letter = desk.claim()
    settle(desk.store, letter, TAKEN, actor=desk.rep, at=NOW)

    with pytest.raises(Conflict, match="sent already"):
        desk.claim()


@pytest.mark.parametrize("delivery", [None, BROKEN])
def test_what_may_have_been_sent_is_not_sent_again(desk, delivery):
    letter = desk.claim()
    if delivery:
        settle(desk.store, letter, delivery, actor=desk.rep, at=NOW)

    with pytest.raises(Conflict, match="change the draft"):
        desk.claim()


def test_what_was_certainly_not_taken_may_be_tried_again_under_the_same_id(desk):
    first = desk.claim()
    settle(desk.store, first, REFUSED, actor=desk.rep, at=NOW)

    second = desk.claim()

    assert second.message_id == first.message_id
    assert sends(desk.store) == [("claimed", 2)]


def test_a_new_approval_allows_a_new_send(desk):
    settle(desk.store, desk.claim(), BROKEN, actor=desk.rep, at=NOW)
    desk.approved("draft", desk.draft, body="Hello Grace,\n\nonce more.\n\nAda")

    letter = desk.claim()

    assert letter.body == "Hello Grace,\n\nonce more.\n\nAda"
    assert sorted(state for state, _ in sends(desk.store)) == ["claimed", "unknown"]


def test_a_sent_mail_is_logged_once_in_the_senders_name_and_can_be_undone(desk):
    letter = desk.claim()

    logged = settle(desk.store, letter, TAKEN, actor=desk.rep, at=NOW)

    assert mails_out(desk.store) == [(letter.message_id, "<first@norrvik.example>", desk.contact, desk.rep.id)]
    assert undo(desk.store, logged, actor=desk.rep, door="cli").records == {"interaction": 1}


def test_nothing_is_logged_of_a_mail_that_did_not_go(desk):
    assert settle(desk.store, desk.claim(), REFUSED, actor=desk.rep, at=NOW) is None
    assert mails_out(desk.store) == []


def test_a_mail_that_cannot_be_logged_is_still_known_as_sent(desk):
    letter = desk.claim()
    powerless = actor_for(desk.rep.id, writes=Scope.NONE)

    assert settle(desk.store, letter, TAKEN, actor=powerless, at=NOW) is None
    (one,) = list_sends(desk.store, desk.rep, now=NOW)
    assert one.state is SendState.SENT
    assert "not logged" in one.note


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"do_not_contact": True}, "does not want"),
        ({"consent": "withheld"}, "did not agree"),
        ({"email": None}, "no email address"),
        ({"email": "grace@norrvik.example, eve@evil.example"}, "no address"),
        ({"email": "grace@norrvik.example\r\nBcc: eve@evil.example"}, "no address"),
        ({"email": "grace"}, "no address"),
    ],
)
def test_whom_one_must_not_or_cannot_write_to_gets_nothing(desk, values, why):
    shown = desk.ready().approval
    with desk.store.write() as connection:
        connection.execute(update(Contact).where(Contact.id == desk.contact).values(**values))

    with pytest.raises(Invalid, match=why):
        desk.claim(shown=shown)
    assert sends(desk.store) == []


def test_a_draft_changed_past_its_approval_is_not_sent(desk):
    shown = desk.ready().approval
    with desk.store.write() as connection:
        connection.execute(update(Draft).where(Draft.id == desk.draft).values(body="Pay eve", version=2))

    with pytest.raises(Conflict, match="changed since"):
        desk.claim(shown=shown)


def test_a_draft_changed_after_it_was_shown_is_not_sent(desk):
    shown = desk.ready().approval
    desk.approved("draft", desk.draft, body="Something else")

    with pytest.raises(Conflict, match="not what was shown"):
        desk.claim(shown=shown)


def test_an_undone_draft_is_not_sent(desk):
    shown = desk.ready().approval
    undo(desk.store, shown, actor=desk.rep, door="cli")

    with pytest.raises(NotFound):
        desk.claim(shown=shown)


def test_who_has_left_sends_nothing(desk):
    shown = desk.ready().approval
    with desk.store.write() as connection:
        connection.execute(update(User).where(User.id == desk.rep.id).values(is_active=False))

    with pytest.raises(Forbidden, match="no longer active"):
        desk.claim(shown=shown)


@pytest.mark.parametrize("who", ["colleague", "admin", "auditor"])
def test_nobody_sends_in_another_persons_name(desk, who):
    shown = desk.ready().approval
    other = actor_for(make_user(desk.store, "Eve"), writes=Scope.NONE if who == "auditor" else Scope.ALL)

    with pytest.raises(Forbidden):
        desk.claim(ADMIN if who == "admin" else other, shown=shown)


def test_a_common_sender_address_has_answers_come_to_the_person(desk):
    letter = desk.claim(sender="sales@us.example")

    assert (letter.sender, letter.reply_to) == (
        Mailbox("Ada Byron", "sales@us.example"),
        Mailbox("Ada Byron", "ada@us.example"),
    )


def test_a_file_takes_the_place_of_the_send_and_can_be_written_again(desk):
    shown = desk.ready().approval

    letters = [export(desk.store, desk.draft, actor=desk.rep, door="cli", shown=shown) for _ in range(2)]

    assert letters[0].message_id == letters[1].message_id
    with pytest.raises(Conflict, match="into a file"):
        desk.claim()


def test_of_many_clicks_at_once_one_sends(desk):
    shown = desk.ready().approval

    def click(_):
        try:
            return desk.claim(shown=shown).message_id
        except CrmError:
            return None

    with ThreadPoolExecutor(8) as pool:
        claimed = list(filter(None, pool.map(click, range(8))))

    assert len(claimed) == 1


def test_a_claim_that_nobody_settled_is_told_as_unknown_after_a_while(desk):
    desk.claim()

    states = [
        [one.state for one in list_sends(desk.store, desk.rep, unknown=True, now=NOW + wait)]
        for wait in (timedelta(minutes=1), timedelta(minutes=11))
    ]

    assert states == [[], [SendState.UNKNOWN]]


def test_an_unknown_mail_that_came_in_with_the_mailbox_was_sent(desk):
    letter = desk.claim()
    settle(desk.store, letter, TAKEN, actor=desk.rep, at=NOW)
    with desk.store.write() as connection:
        connection.execute(update(Send).values(state=SendState.UNKNOWN))

    (one,) = list_sends(desk.store, desk.rep, now=NOW)

    assert one.state is SendState.SENT
    assert list_sends(desk.store, desk.rep, unknown=True, now=NOW) == ()


def test_what_waits_to_be_sent_is_listed_until_it_was_sent(desk):
    before = [one.id for one in list_unsent(desk.store, desk.rep)]
    desk.claim(at=None)

    assert before == [desk.draft]
    assert list_unsent(desk.store, desk.rep) == ()


def test_others_sends_are_seen_by_those_who_read_their_records(desk):
    desk.claim()
    outsider = actor_for(make_user(desk.store, "Eve"), reads=Scope.OWN)

    assert list_sends(desk.store, outsider, now=NOW) == ()
