import email
from datetime import UTC, datetime
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import Invalid
from crm_core.sending import Letter, Mailbox
from integrations.email import to_bytes

NOW = datetime(2017, 11, 15, 9, 0, tzinfo=UTC)


def letter(**given_):
    made = {
        "send_id": 1, "message_id": "<1@us.example>", "sender": Mailbox("Ada Byron", "ada@us.example"),
        "reply_to": None, "recipient": Mailbox("Grace Hopper", "grace@norrvik.example"), "subject": "The pilot",
        "body": "Hello", "answers": (), "at": NOW,
    }  # fmt: skip
    return Letter(**{**made, **given_})


def read(raw):
    return email.message_from_bytes(raw, policy=default)


def test_a_letter_in_any_language_comes_out_as_it_went_in():
    body = "你好，格蕾丝：\n\nZoë's 试点 — für 5 €\n.\n..\nFrom here\n"

    message = read(to_bytes(letter(subject="回复：试点", body=body, sender=Mailbox("王 芳", "fang@us.example"))))

    assert message["Subject"] == "回复：试点"
    assert message["From"].addresses[0].display_name == "王 芳"
    assert message.get_content().replace("\r\n", "\n") == body
    assert not message.defects


def test_a_letter_that_answers_names_the_mails_that_it_answers():
    message = read(to_bytes(letter(answers=("<a@x>", "<b@x>"))))

    assert (message["In-Reply-To"], message["References"]) == ("<b@x>", "<a@x> <b@x>")


def test_a_file_is_marked_as_still_to_be_sent():
    assert read(to_bytes(letter(), is_unsent=True))["X-Unsent"] == "1"
    assert read(to_bytes(letter()))["X-Unsent"] is None


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_no_text_makes_a_header_or_a_second_recipient(subject, name, body):
    hostile = "\r\nBcc: eve@evil.example\r\n\r\nhi"

    raw = to_bytes(letter(subject=subject + hostile, recipient=Mailbox(name + hostile, "g@n.example"), body=body))

    message = read(raw)
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["g@n.example"]
    assert {name.lower() for name in message} == {
        "date", "from", "to", "subject", "message-id", "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip
    assert raw.isascii()


@pytest.mark.parametrize(
    "address",
    ["", "grace", "g@n.example,e@e.example", "g@n.example\nBcc: e@e.example", "<g@n.example>", "g@@n.e",
     "g@localhost", "g r@n.example", '"g"@n.example', "g@n..example", "é@n.example", "g@" + "n" * 300 + ".example"],
)  # fmt: skip
def test_only_one_plain_address_is_an_address(address):
    with pytest.raises(Invalid, match="no address"):
        Mailbox.of("Grace", address)


def test_a_domain_in_other_letters_is_written_in_its_ascii_form():
    assert Mailbox.of("Grace", "g@bücher.example").address == "g@xn--bcher-kva.example"
