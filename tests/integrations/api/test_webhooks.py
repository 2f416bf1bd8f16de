"""Webhooks against a real receiver on this machine."""

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from crm_core.errors import Invalid
from integrations.webhooks.post import check_url, is_public, post
from integrations.webhooks.send import BACK_OFF, tell_webhooks

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Receiver:
    """Answers with `status` and keeps what came."""

    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/hook?x=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def admin(api, connect):
    api.state.api = replace(api.state.api, webhooks_may_be_private=True)
    return connect("Di Admin")


@pytest.fixture
def tell(company):
    def told(at=NOW, **given):
        return tell_webhooks(company.store, at=at, may_be_private=given.pop("may_be_private", True))

    return told


def register(admin, receiver, kinds=()):
    return admin.post("/api/webhooks", json={"url": receiver.url, "kinds": list(kinds)}).json()


def deliveries(admin, hook, state=""):
    query = f"?state={state}" if state else ""
    return admin.get(f"/api/webhooks/{hook['id']}/deliveries{query}").json()["items"]


def test_a_change_is_told_once_signed_and_without_what_it_holds(admin, receiver, tell, company):
    hook = register(admin, receiver, ["account"])
    admin.post("/api/accounts", json={"name": "Whispered GmbH"})
    admin.post("/api/contacts", json={"name": "Nobody"})

    assert (tell(), tell()) == (1, 0)

    (headers, body), *others = receiver.got
    assert others == []
    message = json.loads(body)
    assert [(one["op"], one["entity"]) for one in message["records"]] == [("create", "account")]
    assert b"Whispered" not in body
    stamp, signature = (part.split("=", 1)[1] for part in headers["Farley-Signature"].split(","))
    assert abs(int(stamp) - NOW.timestamp()) < 1
    signed = hmac.new(hook["secret"].encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == signed
    assert [one["state"] for one in deliveries(admin, hook)] == ["delivered"]
    assert "secret" not in admin.get("/api/webhooks").text


def test_a_receiver_that_is_down_for_a_day_is_tried_with_back_off_then_given_up_and_can_be_sent_again(
    admin, receiver, tell
):
    hook = register(admin, receiver)
    admin.post("/api/accounts", json={"name": "One"})
    receiver.status = 503
    at = NOW
    for pause in BACK_OFF:
        assert tell(at) == 1
        assert tell(at + pause * 0.8) == 0
        at += pause * 1.2
    assert tell(at) == 1

    dead = deliveries(admin, hook, "dead")
    assert [(one["tries"], one["answer"]) for one in dead] == [(8, "HTTP 503")]
    assert sum(BACK_OFF, timedelta()) >= timedelta(hours=24)
    assert tell(at + timedelta(days=3)) == 0
    receiver.status = 204
    again = admin.post(f"/api/webhooks/{hook['id']}/deliveries/{dead[0]['id']}/resend")
    assert again.json()["state"] == "waiting"
    assert tell(at) == 1
    assert deliveries(admin, hook)[0]["state"] == "delivered"
    assert len({json.loads(body)["id"] for _, body in receiver.got}) == 1


def test_what_was_being_sent_when_the_process_died_is_sent_again(admin, receiver, tell, company, monkeypatch):
    register(admin, receiver)
    admin.post("/api/accounts", json={"name": "One"})
    monkeypatch.setattr("integrations.webhooks.send._note", lambda *_: None)  # dies before it notes the answer
    tell()
    monkeypatch.undo()

    assert tell() == 0
    assert tell(NOW + timedelta(minutes=3)) == 1
    assert len({json.loads(body)["id"] for _, body in receiver.got}) == 1


def test_a_receiver_that_is_gone_hears_nothing_more(admin, receiver, tell):
    hook = register(admin, receiver)
    admin.post("/api/accounts", json={"name": "One"})
    receiver.status = 410
    tell()
    admin.post("/api/accounts", json={"name": "Two"})

    assert tell(NOW + timedelta(days=1)) == 0
    assert admin.get("/api/webhooks").json()["items"][0]["disabled"]
    assert [one["state"] for one in deliveries(admin, hook)] == ["dead"]


def test_a_redirect_is_not_followed(admin, receiver, tell):
    register(admin, receiver)
    admin.post("/api/accounts", json={"name": "One"})
    receiver.status = 307
    tell()

    assert len(receiver.got) == 1


def test_an_address_in_a_private_network_is_refused(connect, company):
    admin = connect("Di Admin")
    for url in (
        "http://example.com/", "https://127.0.0.1/", "https://10.1.2.3/x", "https://[::1]/", "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://user:pw@example.com/", "ftp://example.com/", "https:///x", "https://example.com/ x", "https://é.example/",
        "https://example.com:0/", "https://example.com:99999/", "https://example.com/#x",
    ):  # fmt: skip
        refused = admin.post("/api/webhooks", json={"url": url})

        assert refused.status_code == 422, url
        assert refused.json()["errors"][0]["field"] == "url"


def test_what_is_checked_is_what_is_connected_to(receiver, monkeypatch):
    """A name that leads elsewhere by the second look-up, or to a private address among others, is not connected to."""
    port = int(receiver.url.split(":")[2].split("/")[0])
    looked_up = []

    def look_up(host, at, **_):
        looked_up.append(host)
        addresses = ["93.184.216.34", "127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, at)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    answered = post(f"http://rebind.example:{port}/", b"{}", secret="s", at=1, may_be_private=False)

    assert "private network" in answered.told
    assert receiver.got == []
    assert looked_up == ["rebind.example"]


def test_the_checked_address_is_used_though_the_name_would_lead_elsewhere(receiver, monkeypatch):
    port = int(receiver.url.split(":")[2].split("/")[0])
    true_look_up = socket.getaddrinfo

    def look_up(host, at, *rest, **more):
        wanted = "127.0.0.1" if host == "hook.example" else host
        return true_look_up(wanted, at, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    answered = post(f"http://hook.example:{port}/", b"{}", secret="s", at=1, may_be_private=True)

    assert answered.is_taken
    assert receiver.got[0][0]["Host"] == f"hook.example:{port}"


def test_a_receiver_that_drips_is_cut_off():
    listener = socket.create_server(("127.0.0.1", 0))
    ends = threading.Event()

    def drip():
        talk, _ = listener.accept()
        with talk:
            while not ends.wait(0.05):
                try:
                    talk.send(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    answered = post(url, b"{}", secret="s", at=1, may_be_private=True, timeout_s=0.5)
    ends.set()
    thread.join()
    listener.close()

    assert answered.status is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("192.168.0.1", False), ("100.64.0.1", False), ("fe80::1", False),
     ("fc00::1", False), ("2002:7f00:1::", False), ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False)],
)  # fmt: skip
def test_only_machines_of_the_internet_are_public(address, expected):
    assert is_public(ipaddress.ip_address(address)) is expected


def test_a_plain_address_of_the_internet_is_taken():
    check_url("https://hooks.example.com:8443/farley?key=1", may_be_private=False)
    with pytest.raises(Invalid):
        check_url("http://hooks.example.com/", may_be_private=False)
