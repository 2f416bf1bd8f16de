"""Killed anywhere between the claim and the server's answer: never two mails of one approval, and nothing is hidden.

Each run kills 3 times; FARLEY_SOAK=1 kills 30 times.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_core.changes import Change, Op, commit_changes
from crm_core.errors import Conflict
from crm_core.ids import new_id
from crm_core.models import Send
from crm_core.sending import claim, find_ready, list_sends, settle
from crm_core.users import actor_for
from integrations.email import SmtpServer
from tests.factories import make_contact, make_user
from tests.integrations.email.post_office import open_post_office

KILLS = 30 if os.environ.get("FARLEY_SOAK") else 3
ROOT, SENDER = Path(__file__).parents[3], Path(__file__).with_name("sending_process.py")


def approve_draft(store, rep, contact, number):
    draft = new_id()
    values = {"subject": f"The pilot {number}", "body": "Hello Grace", "contact": contact, "user": rep.id}
    change = Change(Op.CREATE, "draft", draft, None, {name: (None, value) for name, value in values.items()})
    commit_changes(store, [change], actor=rep, kind="edit", summary="draft", door="cli")
    return draft


def send_and_be_killed(url, draft, office, draw):
    """Kill at a moment from before the claim to after the server's answer."""
    office.waits_s = draw.choice([0.0, 0.3])
    before = len(office.taken)
    command = [sys.executable, str(SENDER), url, str(draft), str(office.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if office.waits_s:  # the text has come, the answer has not gone
            until = time.monotonic() + 20
            while len(office.taken) == before and time.monotonic() < until:
                time.sleep(0.005)
        else:
            time.sleep(draw.uniform(0, 0.08))
        process.kill()


def send(store, rep, draft, port):
    with store.read() as connection:
        ready = find_ready(connection, store.schema_at(connection), draft, actor=rep)
    letter = claim(store, draft, actor=rep, door="cli", shown=ready.approval)
    settle(store, letter, SmtpServer("127.0.0.1", port, "none").deliver(letter), actor=rep)


def test_killed_between_send_and_answer_no_approval_sends_twice(sqlite_store, capsys):
    store, draw, url = sqlite_store, random.Random(5), sqlite_store.url.render_as_string()
    make_user(store, "Ada Byron", email="ada@us.example")
    contact = make_contact(store, "Grace Hopper", email="grace@norrvik.example", consent="granted")
    rep = actor_for(store, "Ada Byron")
    refused = []
    with open_post_office() as office:
        for number in range(KILLS):
            draft = approve_draft(store, rep, contact, number)
            send_and_be_killed(url, draft, office, draw)
            office.waits_s = 0.0
            try:
                send(store, rep, draft, office.port)
            except Conflict:
                refused.append(draft)

        copies = Counter(message["Subject"] for message in office.messages)
    later = datetime.now(UTC) + timedelta(hours=1)
    told = {one.draft_id: one.state for one in list_sends(store, rep, limit=100, now=later)}
    with store.read() as connection:
        approvals = connection.scalars(select(Send.approval)).all()
    with capsys.disabled():
        print(f"\n{KILLS} kills: {max(copies.values())} copies of a mail at most, {len(refused)} not sent again")
    assert max(copies.values()) == 1
    assert len(set(approvals)) == len(told) == KILLS  # each approval has its one row, none is hidden
    assert refused
    assert all(told[draft] in ("unknown", "sent") for draft in refused)


def test_who_sends_again_by_hand_after_a_kill_is_told_why_not(sqlite_store):
    store = sqlite_store
    make_user(store, "Ada Byron", email="ada@us.example")
    contact = make_contact(store, "Grace Hopper", email="grace@norrvik.example", consent="granted")
    rep = actor_for(store, "Ada Byron")
    draft = approve_draft(store, rep, contact, 1)
    with open_post_office() as office:
        office.hangs_up = True
        send(store, rep, draft, office.port)

        with pytest.raises(Conflict, match="no answer"):
            send(store, rep, draft, office.port)
    assert len(office.taken) == 1
