"""Page by page and role by role: what each page shows, to the last thing that is sent to the browser.

There are two sides to the company: Ada's records, and Bo's, which bear a word and an amount that nobody else's have.
Whoever may read their own side alone is sent neither the word, nor the amount, nor a sum with it. Each run opens the
pages of all kinds as a rep and those that differ as the others; FARLEY_SOAK=1 opens every page as everybody.
"""

import asyncio
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

import pytest
from sqlalchemy import update

from crm_core.access import Scope
from crm_core.changes import Change, Op, Origin, commit_changes, propose
from crm_core.models import RoleScope, UserRole
from crm_core.schema import build_schema
from integrations.web.pages import PAGES
from tests import factories as make

SOAK = bool(os.environ.get("FARLEY_SOAK"))
OURS, THEIRS = "Meadow", "Zebra"
AMOUNTS = {OURS: 1_000, THEIRS: 77_777}
SECRETS = (THEIRS, THEIRS.lower(), "77,777", "77777", "77.8", "77.7", "78,777", "78777", "78.8", "78.7")
PEOPLE = {"rep": "Ada North", "manager": "Mo West", "auditor": "Cy Audit", "admin": "Di Admin"}
OWN_SIDE = {"rep", "manager"}


class To(Enum):
    """Whom a page is for; for others it is not found."""

    ALL = frozenset(PEOPLE)
    WRITERS = frozenset({"rep", "manager", "admin"})
    ADMINS = frozenset({"admin"})


@dataclass(frozen=True)
class Row:
    """What is expected of a page.

    Attributes:
        to: whom it is for.
        shows: records of ours stand on it for these, and theirs, if they may read all.
        asks: more addresses of it, with {deal}, {account}, {user} and {thread} of the other side.
    """

    to: To = To.ALL
    shows: frozenset[str] = frozenset()
    asks: tuple[str, ...] = ()


ROWS = {
    "/": Row(asks=("/?thread={thread}",)),
    "/me": Row(),
    "/board": Row(shows=To.ALL.value, asks=("/board?q=zeb", "/board?owner=Bo+South", "/board?risk=1")),
    "/search": Row(asks=("/search?q=zeb",)),
    "/approvals": Row(shows=To.WRITERS.value),
    "/dashboard": Row(),
    "/changes": Row(shows=To.ALL.value, asks=("/changes?record=deal:{deal}",)),
    "/import": Row(To.ADMINS),
    "/settings": Row(),
    "/settings/drafts": Row(),
    "/settings/tokens": Row(),
    "/settings/usage": Row(),
    "/settings/users": Row(To.ADMINS),
    "/settings/stages": Row(To.ADMINS),
    "/settings/fields": Row(To.ADMINS),
    "/settings/scoring": Row(To.ADMINS),
    "/settings/webhooks": Row(To.ADMINS),
}
OWNED = ("deal", "account", "contact", "lead", "task", "interaction", "draft", "order", "quota", "stage_change",
         "deal_contact", "deal_line", "order_line")  # fmt: skip
SHARED = ("user", "product", "stage", "pipeline", "exchange_rate")
NAMED = {"deal", "account", "contact", "lead", "task", "interaction", "draft", "order", "deal_contact", "deal_line"}
for kind in (*OWNED, *SHARED):
    ROWS[f"/{kind}"] = Row(shows=To.ALL.value if kind in NAMED else frozenset(), asks=(f"/{kind}?q=zeb",))
    ROWS[f"/{kind}/new"] = Row(To.WRITERS if kind in OWNED else To.ADMINS)
    ROWS[f"/{kind}/{{record_id}}"] = Row(shows=To.ALL.value if kind in NAMED else frozenset())


@dataclass(frozen=True)
class Sides:
    """By side and kind, one record of each; and a conversation of Bo's."""

    ids: dict[str, dict[str, int]]
    bo: int
    thread: str


@pytest.fixture
def sides(company, desk):
    """Two sides that share nothing but an account of Ada's where Bo works on a deal too."""
    store = company.store
    with store.write() as connection:
        team = update(RoleScope).where(RoleScope.role == UserRole.MANAGER)
        connection.execute(team.values(reads=Scope.TEAM, writes=Scope.TEAM))
        boss = make.make_user(connection, "Mo West", role=UserRole.MANAGER)
        users = store.schema.entity("user").table
        connection.execute(update(users).where(users.c.id == company.ada).values(manager_id=boss))
        ids = {OURS: _side(connection, OURS, company.ada), THEIRS: _side(connection, THEIRS, company.bo)}
        make.make_deal(connection, "Zebra upsell", owner=company.bo, account=ids[OURS]["account"], amount=77_777)
    for side, name in ((OURS, "Ada North"), (THEIRS, "Bo South")):
        _change(store, ids[side]["deal"], side, company.actor(name))
    turn = desk.transcripts.ask(company.bo, "bosown", "How is Zebra doing?")
    desk.transcripts.answer(turn, '{"status": "error", "text": "Zebra"}')
    return Sides(ids, company.bo, "bosown")


def _side(connection, mark, owner):
    """One record of every kind that is somebody's."""
    on, money = date(2017, 11, 1), {"amount": AMOUNTS[mark], "currency": "USD"}
    record, stage = make.make, make.stage_named(connection, "Engaging")
    account = make.make_account(connection, f"{mark} Foods", owner=owner, industry=f"{mark} farming")
    contact = make.make_contact(connection, f"{mark} Jones", owner=owner, account=account, email=f"j@{mark}.example")
    deal = make.make_deal(
        connection, f"{mark} deal", stage=stage, owner=owner, account=account, started_on=on, source=mark,
        closes_on=date(2017, 12, 20), **money,
    )  # fmt: skip
    make.make_deal(connection, f"{mark} won", stage="Won", owner=owner, account=account, started_on=on, closed_on=on,
                   **money)  # fmt: skip
    said = {"account": account, "deal": deal, "contact": contact, "user": owner}
    order = make.make_order(connection, name=f"{mark} order", account=account, owner=owner, ordered_on=on, **money)
    priced = {"unit_price": AMOUNTS[mark], "quantity": 1, "currency": "USD"}
    return {
        "account": account, "contact": contact, "deal": deal, "order": order,
        "lead": make.make_lead(connection, f"{mark} Lead", owner=owner, company=f"{mark} Ltd"),
        "task": make.make_task(connection, f"{mark} task", owner=owner, deal=deal, due_on=on),
        "interaction": make.make_interaction(
            connection, on, kind="call", subject=f"{mark} call", body=f"We at {mark} are unhappy", **said
        ),
        "draft": make.make_draft(connection, contact, f"{mark} draft", user=owner, account=account, deal=deal),
        "quota": record(connection, "quota", owner=owner, starts_on=date(2017, 10, 1), ends_on=date(2017, 12, 31),
                        amount=AMOUNTS[mark], currency="USD"),
        "stage_change": record(connection, "stage_change", deal=deal, to_stage=stage, changed_on=on, user=owner),
        "deal_contact": record(connection, "deal_contact", deal=deal, contact=contact, role=f"{mark} buyer"),
        "deal_line": record(connection, "deal_line", deal=deal, **priced),
        "order_line": record(connection, "order_line", order=order, amount=AMOUNTS[mark], **priced),
    }  # fmt: skip


def _change(store, deal, mark, actor):
    """One change that is done, and one that waits."""
    step = Change(Op.UPDATE, "deal", deal, 1, {"next_step": (None, f"{mark} visit")})
    commit_changes(store, [step], actor=actor, kind="edit", summary=f"{mark} next step", door="web")
    waits = Change(Op.UPDATE, "deal", deal, 2, {"next_step": (f"{mark} visit", f"{mark} dinner")})
    propose(store.for_agent, [waits], actor=actor, summary=f"{mark} dinner", origin=Origin("web"), at=datetime.now(UTC))


def test_every_page_has_its_row():
    assert {page.path for page in PAGES} == set(ROWS)
    assert {*OWNED, *SHARED} == set(build_schema().entities)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_page_shows_its_person_what_is_theirs_to_see(visit, company, sides, role):
    """All of it in one walk, so that what is wrong is told together."""
    found = []

    async def walk(user):
        for page in PAGES:
            if SOAK or _is_daily(page.path, role):
                found.extend([one async for one in _faults(user, page.path, role, sides)])

    visit(PEOPLE[role], walk)
    assert found == []


def test_there_is_no_page_for_somebody_who_has_left(visit, desk, company, sides):
    async def walk(user):
        store, users = company.store, company.store.schema.entity("user").table
        with store.write() as connection:
            connection.execute(update(users).where(users.c.id == company.ada).values(is_active=False))
        for page in PAGES:
            for _, address in _addresses(page.path, ROWS[page.path], sides):
                answered = await user.http_client.get(address)
                assert answered.status_code == 303, address
                assert answered.headers["location"].startswith("/sign-in"), address

    visit("Ada North", walk)


def _is_daily(path, role):
    """Whether each run opens a page: for a rep what all page kinds are, for others what differs."""
    kind = path.split("/")[1]
    if role != "rep":
        return path in ("/deal", "/user/new") or (kind not in (*OWNED, *SHARED) and ROWS[path] != Row())
    return kind not in (*OWNED, *SHARED) or kind in ("deal", "account", "user", "interaction")


async def _faults(user, path, role, sides):
    row, sees_all = ROWS[path], role not in OWN_SIDE
    for side, address in _addresses(path, row, sides):
        is_foreign = side == THEIRS and path.endswith("}") and path.split("/")[1] in OWNED
        is_for = role in row.to.value and (sees_all or not is_foreign)
        status, sent = await _open(user, address, is_for=is_for)
        if status != (200 if is_for else 404):
            yield f"{address} answers {status}"
        if not sees_all and (leaked := [one for one in SECRETS if _stands(one, sent)]):
            yield f"{address} sends {leaked}"
        if role in row.shows and side == OURS:
            missing = [one for one in ((OURS, THEIRS) if sees_all and address == path else (OURS,)) if one not in sent]
            if missing:
                yield f"{address} shows no {missing}"


def _stands(secret, sent):
    """Whether it is there for itself, and not as digits within the id of some record."""
    return re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", sent) is not None


def _addresses(path, row, sides):
    """Each address of a page, with the side that it is about."""
    if path.endswith("}"):
        kind = path.split("/")[1]
        for side, ids in sides.ids.items():
            if kind in ids:
                yield side, path.replace("{record_id}", str(ids[kind]))
        if kind == "user":
            yield THEIRS, f"/user/{sides.bo}"
        return
    yield OURS, path
    for one in row.asks:
        yield THEIRS, one.format(deal=sides.ids[THEIRS]["deal"], thread=sides.thread)


async def _open(user, address, *, is_for):
    """The status of a page, and all that the browser is sent, for who may see it once it has stopped to load."""
    if not is_for:
        answered = await user.http_client.get(address)
        return answered.status_code, answered.text
    client = await user.open(address)
    for _ in range(500):
        if not any(_is_awaited(one) for one in client.elements.values()):
            break
        await asyncio.sleep(0.02)
    return 200, json.dumps([one._to_dict() for one in client.elements.values()], default=str, ensure_ascii=False)


def _is_awaited(element):
    return "aria-busy" in element.props or (not list(element) and {"live", "change-card"} & set(element.classes))
