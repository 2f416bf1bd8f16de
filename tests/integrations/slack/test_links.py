"""Previews of links to records."""

from dataclasses import replace

import pytest

from integrations.rehearsal import payloads as slack_payloads
from integrations.rehearsal.workspace import TEAM
from integrations.slack.links import on_link, record_of
from integrations.slack.notices.wants import everybody
from tests.integrations.slack.conftest import ANNA, GUEST, WEB


def posted(workspace, url, *, channel="C0SALES", user=ANNA):
    return slack_payloads.event(
        {"type": "link_shared", "user": user, "channel": channel, "message_ts": "1.1", "unfurl_id": "u", "source":
         "conversations_history", "links": [{"domain": "farley.example.com", "url": url}]}
    )  # fmt: skip


def previews(workspace):
    return [call["unfurls"] for name, call in workspace.slack.calls if name == "chat.unfurl"]


def deal(workspace, name):
    with workspace.store.read() as connection:
        return connection.exec_driver_sql(f"SELECT id FROM deals WHERE name = '{name}'").scalar_one()


def test_a_link_in_a_direct_message_shows_the_record(workspace):
    url = f"{WEB}/deal/{deal(workspace, 'Alder pilot')}"
    workspace.deliver(posted(workspace, url, channel=f"D{ANNA}"))

    assert list(previews(workspace)[0]) == [url]
    assert "Alder pilot" in str(previews(workspace)[0])
    assert "12,000" in str(previews(workspace)[0])


def test_a_channel_that_may_not_see_records_gets_no_preview(workspace):
    workspace.deliver(posted(workspace, f"{WEB}/deal/{deal(workspace, 'Alder pilot')}"))

    assert previews(workspace) == []
    assert everybody(workspace.store, TEAM) == {}  # whoever posts a link is told nothing without asking
    assert workspace.slack.messages == []


def test_others_who_talk_among_themselves_get_no_preview(workspace):
    workspace.deliver(posted(workspace, f"{WEB}/deal/{deal(workspace, 'Alder pilot')}", channel="D0ANNAANDGUEST"))

    assert previews(workspace) == []


def test_an_open_channel_that_another_workspace_shares_gets_no_preview(workspace):
    door = replace(workspace.running.door, open_channels=frozenset({"C0SALES"}))
    payload = posted(workspace, f"{WEB}/deal/{deal(workspace, 'Alder pilot')}") | {"is_ext_shared_channel": True}

    on_link(door, door.people.get(ANNA, TEAM), payload)

    assert previews(workspace) == []


@pytest.mark.parametrize(("reads", "count"), [("all", 1), ("own", 0)])
def test_an_open_channel_gets_it_where_every_rep_may_read_the_record(workspace, reads, count):
    with workspace.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE role_scopes SET reads = '{reads}' WHERE role = 'rep'")
    door = replace(workspace.running.door, open_channels=frozenset({"C0SALES"}))
    url = f"{WEB}/deal/{deal(workspace, 'Alder pilot')}"

    on_link(door, door.people.get(ANNA, TEAM), posted(workspace, url))

    assert len(previews(workspace)) == count


def test_what_the_poster_may_not_see_shows_nothing(workspace):
    with workspace.store.write() as connection:
        connection.exec_driver_sql("UPDATE role_scopes SET reads = 'own' WHERE role = 'rep'")
    workspace.deliver(posted(workspace, f"{WEB}/deal/{deal(workspace, 'Birch rollout')}", channel=f"D{ANNA}"))
    workspace.deliver(posted(workspace, f"{WEB}/deal/999", channel=f"D{ANNA}"))

    assert previews(workspace) == []


def test_a_stranger_hears_nothing(workspace):
    url = f"{WEB}/deal/{deal(workspace, 'Alder pilot')}"
    workspace.deliver(posted(workspace, url, channel=f"D{GUEST}", user=GUEST))

    assert previews(workspace) == []
    assert workspace.slack.messages == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://farley.example.com/deal/12", ("deal", 12)),
        ("https://farley.example.com/account/7/", ("account", 7)),
        ("https://farley.example.com/deal/12?x=1#y", ("deal", 12)),
        ("https://farley.example.com.evil.example/deal/12", ("", 0)),
        ("https://evil.example/deal/12", ("", 0)),
        ("https://farley.example.com@evil.example/deal/12", ("", 0)),
        ("https://x@farley.example.com/deal/12", ("", 0)),
        ("http://farley.example.com/deal/12", ("", 0)),
        ("https://farley.example.com/user/1", ("", 0)),
        ("https://farley.example.com/deal/12/edit", ("", 0)),
        ("https://farley.example.com/deal/-1", ("", 0)),
        ("https://[/deal/12", ("", 0)),
        ("https://farley.example.com:99999/deal/1", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_only_pages_of_our_own_records_are_read(url, found):
    assert record_of(url, WEB) == found


def test_an_address_with_a_path_is_ours_below_it_only():
    assert record_of("https://x.example/crm/deal/3", "https://x.example/crm") == ("deal", 3)
    assert record_of("https://x.example/deal/3", "https://x.example/crm") == ("", 0)
    assert record_of("https://x.example/deal/3", "") == ("", 0)
