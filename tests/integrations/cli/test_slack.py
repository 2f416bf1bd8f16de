"""`farley slack`: the check, who is who, and the door itself as a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.payloads import SECRET
from integrations.rehearsal.workspace import TEAM, FakeSlack
from tests.waiting import wait_until


@pytest.fixture
def slack(monkeypatch):
    made = FakeSlack()
    for name, value in (("BOT_TOKEN", made.token), ("SIGNING_SECRET", SECRET.decode()), ("API_URL", made.api_url)):
        monkeypatch.setenv(f"FARLEY_SLACK_{name}", value)
    yield made
    made.close()
    assert made.violations == []


def test_the_check_says_what_is_wrong(farley, company, slack):
    wrong = farley("slack", "--check", "--url", f"{slack.root}/slack/events")

    assert wrong.code == 1
    assert f"ok   The bot token is of https://farley.slack.com/ ({TEAM})" in wrong.out
    assert "Scopes are missing: app_mentions:read" in wrong.out
    assert "not Farley's gate" in wrong.out
    assert "no FARLEY_URL" in wrong.out


def test_a_token_of_another_workspace_is_not_used(farley, company, slack, monkeypatch):
    monkeypatch.setenv("FARLEY_SLACK_TEAM", "T0OTHER")

    assert "not of T0OTHER" in farley("slack", "--check").out
    assert "not of T0OTHER" in farley("slack").err


def test_without_a_token_it_says_which_setting(farley, company):
    assert "FARLEY_SLACK_BOT_TOKEN" in farley("slack").err


def test_an_administrator_says_who_is_who(farley, company, slack):
    assert farley("slack", "link", "U0ADA", "admin").code == 1
    assert farley("slack", "link", "ada", "Ada North").code == 1
    linked = farley("slack", "link", "U0ADA", "Ada North")
    refused = farley("slack", "link", "U0ADA", "Ada North", "--as", "Ada North")
    unlinked = farley("slack", "unlink", "U0ADA")

    assert linked.out == "U0ADA in Slack is Ada North.\n"
    assert "takes an administrator" in refused.err
    assert unlinked.code == 0


def test_the_door_answers_over_http_and_stops_in_order(company, slack):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack.add_user("U0ADA", "nobody@example.com")
    command = [sys.executable, "-c", "from integrations.cli import main; main()", "slack", "--port", str(port)]
    root = os.path.dirname(os.path.abspath(sys.modules["integrations"].__path__[0]))
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}/slack/events"
        body, headers = slack_payloads.request(slack_payloads.message("U0ADA", "hello"))
        wait_until(lambda: _post(url, b"x", {}) == 401, timeout_s=60)
        assert _post(url, body, {name.decode(): value.decode() for name, value in headers}) == 200
        wait_until(lambda: len(slack.messages) == 1, timeout_s=30)
        process.send_signal(signal.SIGINT)

    assert "farley slack link U0ADA" in slack.messages[0].shown
    assert process.returncode in (0, -signal.SIGINT, 130)


def _post(url, body, headers):
    try:
        with urlopen(Request(url, body, headers), timeout=5) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except (URLError, ConnectionError):
        time.sleep(0.1)
        return 0
