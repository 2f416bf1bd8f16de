"""Against a real server on this machine: what is known of a mail is exactly what the server said."""

import shutil
import ssl
import subprocess
from dataclasses import replace

import pytest
from pydantic import SecretStr

from crm_core.errors import Invalid
from crm_core.models import SendState
from integrations.email import SmtpServer
from tests.integrations.email.post_office import let_in, open_post_office
from tests.integrations.email.test_compose import letter


@pytest.fixture
def office():
    with open_post_office() as opened:
        yield opened


def server(office, **given):
    return SmtpServer("127.0.0.1", office.port, given.pop("security", "none"), timeout_s=2, **given)


def test_a_mail_that_the_server_took_is_sent(office):
    delivery = server(office).deliver(letter(body="Hello\n.\nGrace"))

    assert delivery.state is SendState.SENT
    assert office.taken[0][0] == ["grace@norrvik.example"]
    assert office.messages[0]["Message-ID"] == "<1@us.example>"
    assert office.messages[0].get_content().splitlines() == ["Hello", ".", "Grace"]


@pytest.mark.parametrize(("refusal", "words"), [("550 no such person", "no such person"), ("451 later", "451")])
def test_a_recipient_that_is_refused_is_a_failure(office, refusal, words):
    office.to_recipient = refusal

    delivery = server(office).deliver(letter())

    assert delivery.state is SendState.FAILED
    assert words in delivery.note
    assert office.taken == []


@pytest.mark.parametrize("refusal", ["554 spam", "452 disk full"])
def test_a_text_that_is_refused_is_a_failure(office, refusal):
    office.answer = refusal

    assert server(office).deliver(letter()).state is SendState.FAILED


def test_a_server_that_is_not_there_is_a_failure():
    assert SmtpServer("127.0.0.1", 1, "none").deliver(letter()).state is SendState.FAILED


def test_a_connection_lost_before_the_answer_leaves_it_unknown(office):
    office.hangs_up = True

    delivery = server(office).deliver(letter())

    assert delivery.state is SendState.UNKNOWN
    assert len(office.taken) == 1


def test_an_answer_that_does_not_come_leaves_it_unknown(office):
    office.waits_s = 30

    assert replace(server(office), timeout_s=0.3).deliver(letter()).state is SendState.UNKNOWN


def test_an_answer_that_is_none_leaves_it_unknown(office):
    office.answer = "what?"

    assert server(office).deliver(letter()).state is SendState.UNKNOWN


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_nothing_leaves_to_a_server_without_encryption_where_it_is_asked_for(office, security):
    assert server(office, security=security).deliver(letter()).state is SendState.FAILED
    assert office.taken == []


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.1", "localhost.example"])
def test_no_mail_leaves_over_a_network_in_the_open(host):
    with pytest.raises(Invalid, match="only with encryption"):
        SmtpServer(host, 25, "none")


def test_a_name_without_a_password_is_refused():
    with pytest.raises(Invalid, match="FARLEY_SMTP_PASSWORD"):
        SmtpServer("127.0.0.1", 25, "none", "ada")


@pytest.fixture
def certificate(tmp_path):
    """Of a server that nobody vouches for."""
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the certificate, and is not here")
    key, cert = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def test_over_starttls_who_logs_in_is_let_in(certificate, monkeypatch):
    context, cert = certificate
    monkeypatch.setenv("SSL_CERT_FILE", cert)
    options = {"tls_context": context, "require_starttls": True, "authenticator": let_in(b"ada", b"secret")}
    with open_post_office(**options, auth_required=True) as office:
        states = [
            server(office, security="starttls", user="ada", password=SecretStr(word)).deliver(letter()).state
            for word in ("wrong", "secret")
        ]

    assert states == [SendState.FAILED, SendState.SENT]


def test_a_server_that_nobody_vouches_for_gets_no_password(certificate):
    context, _ = certificate
    with open_post_office(tls_context=context, authenticator=let_in(b"ada", b"secret")) as office:
        delivery = server(office, security="starttls", user="ada", password=SecretStr("secret")).deliver(letter())

    assert delivery.state is SendState.FAILED
    assert "certificate" in delivery.note.lower()
