"""The gate: what is not Slack's never passes, and nothing that comes makes it fail."""

import asyncio
import json
import logging
import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.payloads import SECRET, signed
from integrations.slack.gate import MOST_BYTES, Answered, Refused, Taken, examine, sign
from integrations.slack.shape import key_of
from tests.integrations.slack.conftest import ANNA, COUNT

NOW = 1_700_000_000
IS_SOAK = bool(os.environ.get("FARLEY_SOAK"))
FORM = b"application/x-www-form-urlencoded"
EVENT = slack_payloads.message(ANNA, COUNT)
GOOD = json.dumps(EVENT).encode()


def status(body, headers):
    verdict = examine(body, headers, secret=SECRET, now=NOW)
    return verdict.status if isinstance(verdict, Refused) else 200


def headers_with(body=GOOD, *, stamp=b"%d" % NOW, signature=None, kind=b"application/json"):
    signature = sign(body, stamp, SECRET) if signature is None else signature
    return [
        (b"content-type", kind), (b"x-slack-request-timestamp", stamp), (b"x-slack-signature", signature),
    ]  # fmt: skip


UNSIGNED = {
    "no headers": (GOOD, []),
    "no timestamp": (GOOD, headers_with()[::2]),
    "no signature": (GOOD, headers_with()[:2]),
    "two signatures": (GOOD, [*headers_with(), headers_with()[2]]),
    "two timestamps": (GOOD, [*headers_with(), headers_with()[1]]),
    "a word for a timestamp": (GOOD, headers_with(stamp=b"abc")),
    "an empty timestamp": (GOOD, headers_with(stamp=b"")),
    "a timestamp with an exponent": (GOOD, headers_with(stamp=b"1e3")),
    "a timestamp with a fraction": (GOOD, headers_with(stamp=b"123.5")),
    "a timestamp in other digits": (GOOD, headers_with(stamp="１７００００００００".encode())),
    "an old timestamp": (GOOD, headers_with(stamp=b"%d" % (NOW - 301))),
    "a timestamp to come": (GOOD, headers_with(stamp=b"%d" % (NOW + 301))),
    "a signature that is no ASCII": (GOOD, headers_with(signature="v0=é".encode("latin-1"))),
    "an empty signature": (GOOD, headers_with(signature=b"")),
    "a signature of another version": (GOOD, headers_with(signature=b"v1" + sign(GOOD, b"%d" % NOW, SECRET)[2:])),
    "a signature of another secret": (GOOD, headers_with(signature=sign(GOOD, b"%d" % NOW, b"other"))),
    "a signature of another body": (GOOD + b" ", headers_with(GOOD)),
    "an unsigned ssl_check": (b"ssl_check=1", [(b"content-type", FORM)]),
    "an unsigned challenge": (b'{"type":"url_verification","challenge":"x"}', []),
}
ODD = {
    "no UTF-8": b"\xff\xfe",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "not a number": b'{"type":"event_callback","event_id":NaN}',
    "endless digits": b'{"a":' + b"9" * 5000 + b"}",
    "deeply nested": b"[" * 200_000,
    "an event without an id": json.dumps(EVENT | {"event_id": None}).encode(),
    "an event that is a list": json.dumps(EVENT | {"event": []}).encode(),
    "a user that is a number": json.dumps(EVENT | {"event": EVENT["event"] | {"user": 1}}).encode(),
    "an unknown type": b'{"type":"surprise"}',
    "too large": b" " * (MOST_BYTES + 1),
}
ODD_FORMS = {
    "a payload that is no JSON": b"payload=%7B",
    "a payload that is a list": b"payload=%5B%5D",
    "a payload twice": b"payload=%7B%7D&payload=%7B%7D",
    "a form that is no UTF-8": b"payload=%ff%fe",
    "many fields": b"&".join(b"a%d=1" % at for at in range(100)),
    "a command without a user": b"command=%2Ffarley&text=x",
    "nothing": b"",
    "a click without actions": b'payload={"type":"block_actions","user":{"id":"U1"},"actions":[]}',
    "a click of a number": b'payload={"type":"block_actions","user":1,"actions":[{"action_id":"a"}]}',
}


@pytest.mark.parametrize("case", UNSIGNED)
def test_what_slack_did_not_sign_is_unauthorised(case):
    assert status(*UNSIGNED[case]) == 401


@pytest.mark.parametrize("case", ODD)
def test_an_odd_body_is_a_bad_request_even_if_it_is_signed(case):
    assert status(ODD[case], headers_with(ODD[case])) == 400


@pytest.mark.parametrize("case", ODD_FORMS)
def test_an_odd_form_is_a_bad_request_even_if_it_is_signed(case):
    assert status(ODD_FORMS[case], headers_with(ODD_FORMS[case], kind=FORM)) == 400


def test_another_kind_of_body_is_a_bad_request():
    assert status(GOOD, headers_with(kind=b"text/xml")) == 400


def test_what_slack_sends_passes():
    assert examine(GOOD, headers_with(), secret=SECRET, now=NOW) == Taken(EVENT)
    for answered, text in (
        (b'{"type":"url_verification","challenge":"abc"}', "abc"),
        (b'{"type":"app_rate_limited"}', ""),
    ):
        assert examine(answered, headers_with(answered), secret=SECRET, now=NOW) == Answered(text)


def test_a_body_is_in_no_log(workspace, caplog):
    caplog.set_level(logging.DEBUG)
    body = json.dumps(EVENT | {"event": EVENT["event"] | {"text": "canary-4711"}}).encode()

    workspace.gate.take(body, [])
    workspace.gate.take(body.replace(b"event_id", b"other"), signed(body.replace(b"event_id", b"other")))
    workspace.deliver(json.loads(body.replace(b"canary", b"list deals of canary")))

    assert caplog.records
    assert "canary" not in caplog.text


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["type", "event", "event_id", "team_id", "user", "actions", "command", "view", "payload", "text"]
)
_kinds = st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut", "message_action", "x"])
_payloads = st.dictionaries(_names, _values | _kinds, max_size=8)


@settings(max_examples=5_000 if IS_SOAK else 150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.lists(st.tuples(st.binary(max_size=30), st.binary(max_size=80)), max_size=6))
def test_whatever_bytes_come_unsigned_nothing_passes(body, headers):
    assert status(body, headers) in (400, 401)


@settings(max_examples=2_000 if IS_SOAK else 150, deadline=None, suppress_health_check=list(HealthCheck))
@given(_payloads | _values)
def test_whatever_is_signed_is_kept_or_refused(sqlite_store, payload):
    from integrations.slack.inbox import Inbox

    body = json.dumps(payload).encode()
    verdict = examine(body, headers_with(body), secret=SECRET, now=NOW)

    if isinstance(verdict, Taken):
        Inbox(sqlite_store, worker="w").put(verdict.payload)
    else:
        assert isinstance(verdict, Refused | Answered)


def test_no_forged_signature_passes():
    draw = random.Random(7)
    right = sign(GOOD, b"%d" % NOW, SECRET)
    for _ in range(2_000 if IS_SOAK else 200):
        at = draw.randrange(3, len(right))
        other = draw.choice([one for one in b"0123456789abcdef" if one != right[at]])
        forged = right[:at] + bytes([other]) + right[at + 1 :]
        assert status(GOOD, headers_with(signature=forged)) == 401


def test_replays_and_retries_are_worked_once(workspace):
    events = 200 if IS_SOAK else 5
    for at in range(events):
        payload = (
            slack_payloads.message(ANNA, "help me") if at % 2 else slack_payloads.command(workspace.slack, ANNA, "")
        )
        body, headers = slack_payloads.request(payload)
        for delivery in range(4):  # the first, a replay, and two retries
            told = [(b"X-Slack-Retry-Num", b"%d" % (delivery - 1))] if delivery > 1 else []
            assert workspace.gate.take(body, [*headers, *told]) == (200, "")
    before = len(workspace.slack.messages)
    workspace.work()

    assert len(workspace.slack.messages) - before == events


def test_a_key_is_of_one_event():
    other = slack_payloads.message(ANNA, COUNT)

    assert key_of(EVENT) == key_of(json.loads(json.dumps(EVENT)))
    assert key_of(EVENT) != key_of(other)


def test_the_application_answers_any_server(workspace):
    async def asked(method, chunks, headers):
        sent, left = [], list(chunks)

        async def receive():
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        await workspace.gate({"type": "http", "method": method, "headers": headers}, receive, send)
        return sent[0]["status"]

    body, headers = slack_payloads.request(slack_payloads.message(ANNA, COUNT))
    halves = [body[:50], body[50:]]
    endless = [b" " * 100_000] * 100

    assert asyncio.run(asked("POST", halves, headers)) == 200
    assert asyncio.run(asked("GET", halves, headers)) == 405
    assert asyncio.run(asked("POST", endless, signed(b"".join(endless)))) == 400


def test_what_cannot_be_kept_is_not_acknowledged(workspace, monkeypatch):
    from crm_core.errors import Unavailable

    def full(_payload):
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(workspace.running.inbox, "put", full)
    body, headers = slack_payloads.request(slack_payloads.message(ANNA, COUNT), now=time.time())

    assert workspace.gate.take(body, headers)[0] == 503
