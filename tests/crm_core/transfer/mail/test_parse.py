"""Mails as the world sends them: broken ones too. Never more than `Invalid` comes out."""

import base64
import os
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_core.errors import Invalid
from crm_core.transfer.mail.parse import parse_mail, read_ids
from tests.crm_core.transfer.mail.letters import letter

NOW = datetime(2017, 11, 15, 12, tzinfo=UTC)
EXAMPLES = 20_000 if os.environ.get("FARLEY_SOAK") else 150


def parse(raw):
    return parse_mail(raw, now=NOW)


def multipart(*parts, kind="mixed"):
    joined = "".join(f"--x\n{part}\n" for part in parts)
    return letter(f"{joined}--x--\n", mime_version="1.0", content_type=f'multipart/{kind}; boundary="x"')


def test_a_plain_mail_is_read():
    mail = parse(letter("Hello.", message_id="<1@norrvik.example>", in_reply_to="<0@farley.example>"))

    assert (mail.external_id, mail.references) == ("<1@norrvik.example>", ("<0@farley.example>",))
    assert [str(one) for one in mail.senders] == ["Eva Novak <eva@norrvik.example>"]
    assert mail.recipients[0].address == "ada@farley.example"
    assert (mail.subject, mail.said) == ("Offer", "Hello.")
    assert mail.sent_at.isoformat() == "2017-11-14T10:00:00+01:00"


def test_a_mail_without_an_id_has_the_same_one_each_time_and_another_one_for_another_text():
    ids = [parse(letter(text, received=via)).external_id for text, via in (("a", "x"), ("a", "y"), ("b", "x"))]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("sha256:")


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?B?5oql5Lu3?=", "报价"),
        ("=?gb2312?B?sai82w==?=", "报价"),
        ("=?utf-8?Q?caf=C3=A9?= tomorrow", "café tomorrow"),
        ("=?utf-8?B?5oql?=\n =?utf-8?B?5Lu3?=", "报价"),
        ("=?no-such-charset?Q?plain?=", "plain"),
        ("=?utf-8?B?not base64!?=", "=?utf-8?B?not base64!?="),
        ("two\n lines", "two lines"),
        ("zero\u200bwidth\u202eturned", "zero width turned"),
    ],
)
def test_subjects_are_read_whatever_they_are_written_in(raw, subject):
    assert parse(letter(subject=raw)).subject == subject


def test_raw_bytes_in_a_header_are_read():
    raw = letter(subject="SUBJECT").replace(b"SUBJECT", "报价单，请查收".encode("gb18030"))

    assert parse(raw).subject == "报价单，请查收"


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("您好，请报价。".encode("gb18030"), "gb2312", "您好，请报价。"),
        ("您好，请报价。".encode(), "gb2312", "您好，请报价。"),
        ("您好，请报价。".encode("gb18030"), "utf-8", "您好，请报价。"),
        ("Où est le café ?".encode("cp1252"), "utf-8", "Où est le café ?"),
        ("Où est le café ?".encode(), "iso-8859-1", "Où est le café ?"),
        ("Où est le café ?".encode(), "no-such-charset", "Où est le café ?"),
        (b"plain", "base64", "plain"),
        ("こんにちは".encode("iso-2022-jp"), "iso-2022-jp", "こんにちは"),
        (b"half a pair \xed\xa0\x80 and a nul \x00", "utf-8", None),
    ],
)
def test_a_wrong_charset_does_not_spoil_the_text(data, charset, text):
    raw = letter("BODY", content_type=f"text/plain; charset={charset}").replace(b"BODY", data)

    found = parse(raw).said

    assert found == text if text is not None else found.encode()
    assert "\x00" not in found


def test_of_two_forms_the_plain_one_is_taken():
    raw = multipart("Content-Type: text/html\n\n<p>HTML</p>", "Content-Type: text/plain\n\nplain", kind="alternative")

    assert parse(raw).said == "plain"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi Ada,<br>we <b>take</b> it.</p><p>Eva</p>", "Hi Ada,\nwe take it.\n\nEva"),
        ("<style>p{color:red}</style><script>x()</script><p>Hi</p>", "Hi"),
        ("<table><tr><td>Item</td><td>3</td></tr><tr><td>Sum</td><td>9</td></tr></table>", "Item 3\nSum 9"),
        ('<div style="display:none">seen by nobody</div><p>Hi</p>', "Hi"),
        ('<?xml version="1.0" encoding="utf-8"?><html><body>你好</body></html>', "你好"),
        ("<p>not closed <b>bold", "not closed bold"),
        ("<div>" * 5_000 + "deep" + "</div>" * 5_000, "deep"),
        ("no tags at all", "no tags at all"),
        ("", ""),
    ],
    ids=["lines", "script", "table", "hidden", "xml", "open", "deep", "bare", "empty"],
)
def test_html_becomes_text(html, text):
    assert parse(letter(html, content_type="text/html; charset=utf-8")).said == text


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>" + "x" * 100_000 + "</td></tr>" + "<tr><td>a</td></tr>" * 5_000 + "</table>",
        '<div style="padding-left: 99999999px">x</div>' * 5_000,
    ],
    ids=["wide table", "wide margins"],
)
def test_html_cannot_be_made_to_swell(html):
    assert len(parse(letter(html, content_type="text/html")).said) < 2 * len(html)


@pytest.mark.parametrize(
    "raw",
    [
        letter("<!--" * 100_000, content_type="text/html"),
        letter("<blockquote>a" * 20_000, content_type="text/html"),
        letter(subject="=?a?q?" * 15_000),
        letter(to=", ".join(f"n{n} <a{n}@b.example>" for n in range(4_000))),
        letter("--x\n\n" * 10_000, content_type="multipart/mixed; boundary=x"),
    ],
    ids=["comments", "quotations", "encoded words", "addresses", "parts"],
)
def test_a_mail_made_to_be_slow_is_not(raw):
    started = time.process_time()
    parse(raw)

    assert time.process_time() - started < 5


def test_attachments_are_listed_by_name_and_size_and_are_no_text():
    message = EmailMessage()
    message["From"] = "eva@norrvik.example"
    message.set_content("See the offer.")
    message.add_attachment(b"%PDF" * 750_000, maintype="application", subtype="pdf", filename="Angebot für Süd.pdf")
    message.add_attachment("not the text", filename="../../etc/notes.txt")
    message.add_attachment(EmailMessage())

    mail = parse(message.as_bytes())

    assert mail.said == "See the offer."
    assert mail.attachments == ("Angebot für Süd.pdf (3.0 MB)", "notes.txt (1 kB)", "message/rfc822 (a mail)")


def test_pictures_that_the_text_shows_are_no_attachments():
    shown = "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\n\nx"
    sent = "Content-Type: image/png\nContent-Disposition: attachment; filename=plan.png\n\nx"

    assert parse(multipart("Content-Type: text/plain\n\nHi", shown, sent)).attachments == ("plan.png (1 kB)",)


def test_a_mail_of_25_megabytes_is_read():
    blob = base64.encodebytes(b"x" * 25_000_000).decode()
    raw = multipart(
        "Content-Type: text/plain\n\nSee there.",
        f'Content-Type: video/mp4; name="a.mp4"\nContent-Transfer-Encoding: base64\n\n{blob}',
    )

    mail = parse(raw)

    assert (mail.said, mail.attachments) == ("See there.", ("a.mp4 (25.0 MB)",))


def test_a_text_of_a_megabyte_is_kept_whole():
    text = "We would like to talk about the next order.\n" * 24_000

    assert len(parse(letter(text)).said) == len(text.strip())


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"date": "Tue, 14 Nov 2017 10:00:00 -0000"}, "2017-11-14T10:00:00+00:00"),
        ({"date": None, "received": "from a by b; Mon, 13 Nov 2017 09:00:00 +0000"}, "2017-11-13T09:00:00+00:00"),
        ({"date": "Fri, 31 Dec 2117 10:00:00 +0000", "received": "x; Mon, 13 Nov 2017 09:00:00 +0000"},
         "2017-11-13T09:00:00+00:00"),
        ({"date": "yesterday"}, None),
        ({"date": "Tue, 99 Nov 2017 99:00:00 +9999"}, None),
        ({"date": None}, None),
    ],
)  # fmt: skip
def test_the_moment_is_that_of_sending_else_that_of_receiving(headers, sent):
    found = parse(letter(**headers)).sent_at

    assert (found.isoformat() if found else None) == sent


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ('"Novak, Eva" <EVA@Norrvik.example>', ["Novak, Eva <eva@norrvik.example>"]),
        ("=?utf-8?B?5p2O6Zu3?= <lilei@qq.com>", ["李雷 <lilei@qq.com>"]),
        ("eva@norrvik.example (Eva)", ["Eva <eva@norrvik.example>"]),
        ("'eva@norrvik.example' <eva@norrvik.example>", ["eva@norrvik.example"]),
        ("Eva Novak", []),
        ("undisclosed-recipients:;", []),
        ("(" * 5_000, []),
        (None, []),
    ],
    ids=["comma", "Chinese", "comment", "address as name", "no address", "group", "endless", "none"],
)
def test_who_sent_it(written, people):
    assert [str(one) for one in parse(letter(sender=written)).senders] == people


def test_parts_within_parts_without_end_are_read_as_one_text():
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000))
    raw = b"From: eva@norrvik.example\nMessage-ID: <1@x>\nSubject: Deep\n" + opened.encode() + b"\nat the bottom"

    mail = parse(raw)

    assert (mail.external_id, mail.subject) == ("<1@x>", "Deep")
    assert "at the bottom" in mail.said


@pytest.mark.parametrize(
    "headers",
    [{"list_id": "<news.example>"}, {"precedence": "bulk"}, {"auto_submitted": "auto-replied"},
     {"sender": "noreply@shop.example"}, {"list_unsubscribe": "<mailto:x@y>"}],
)  # fmt: skip
def test_what_a_machine_sends_is_told_apart(headers):
    assert parse(letter(**headers)).is_automatic
    assert not parse(letter(auto_submitted="no")).is_automatic


@pytest.mark.parametrize("raw", [b"", b"  \n", b"\x00\x01\xff" * 100, b"name,stage\nAlpha,Won\n", b"%PDF-1.7\n" * 9])
def test_what_is_no_mail_is_refused(raw):
    with pytest.raises(Invalid, match=r"empty|no mail"):
        parse(raw)


HEADERS = st.sampled_from(
    ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Received",
     "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version", "List-Id"]
)  # fmt: skip
PIECES = st.sampled_from(
    ["text/html", "multipart/mixed; boundary=x", "multipart/alternative; boundary=\"\"", "; charset=", "utf-16", "hz",
     "utf-7", "punycode", "=?utf-8?B?", "=?x?Q?=FF?=", "?=", "<a@b>", "a@b", '"', "(", ",", ";", ":", "\n ", "\r",
     "--x", "\n\n", "base64", "quoted-printable", "x-uuencode", "filename*=utf-9''%FF", "filename*0*=a",
     "Tue, 14 Nov 2017",
     "24:61:61 +9999", "message/rfc822", "\ud800", "\x00", "<div>", "<table><td>", "On 1 wrote:", "> ", "-- "]
)  # fmt: skip
VALUE = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=8).map("".join)
MADE = st.tuples(st.lists(st.tuples(HEADERS, VALUE), max_size=8), VALUE).map(
    lambda made: ("".join(f"{name}: {value}\n" for name, value in made[0]) + "\n" + made[1]).encode(
        "utf-8", "surrogatepass"
    )
)


@settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not os.environ.get("FARLEY_SOAK"),
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(raw=st.one_of(st.binary(max_size=400), MADE))
@example(raw=b"From: a@b\nContent-Type: text/plain; charset=unicode_escape\n\n\\d")
@example(raw=b"ContenT-type:charset=\x00\n\x80")
@example(raw=b"ContenT-type:\x00/")
@example(raw=b"From:\x00@\x00")
def test_whatever_comes_is_read_or_refused_and_can_be_stored(raw):
    read_ids(raw)
    try:
        mail = parse(raw)
    except Invalid:
        return

    people = [part for one in (*mail.senders, *mail.recipients) for part in one]
    for text in (
        mail.said,
        mail.split_off,
        mail.subject,
        mail.external_id,
        *mail.attachments,
        *mail.references,
        *people,
    ):
        assert "\x00" not in text
        text.encode()
