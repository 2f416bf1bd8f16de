"""Each warning of an open deal: a deal that has it beside one that has not, for who may see it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.changes import Origin, propose
from crm_core.changes.change import Change, Op
from crm_core.db import Store
from crm_core.health import RULES, Cues, check_deals
from crm_core.query.spec import Condition
from tests.conftest import TODAY
from tests.factories import (
    actor_for,
    make,
    make_account,
    make_contact,
    make_deal,
    make_interaction,
    make_task,
    make_user,
    stage_named,
)

CUES = Cues(
    prices=("price", "报价"),
    decides=lambda text: "decision" in text or "Director" in text,
    find_cool=lambda text: text if "annoyed" in text else None,
    is_warm=lambda text: "glad" in text,
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def talk(at: SimpleNamespace, deal: int, days: int, **given: Any) -> int:
    return make_interaction(at.store, ago(days), **{"deal": deal, "kind": "call", **given})


def overdue(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad", closes_on=ago(1)), at.deal("Good", closes_on=TODAY)


def stalled_by_history(at: SimpleNamespace) -> None:
    for number, stay in enumerate((10, 12, 14, 16, 60)):
        past = make_deal(at.store, f"Past {number}", stage="Won")
        at.moves(past, ago(100 + stay), "Prospecting")
        at.moves(past, ago(100), "Won")
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    at.moves(at.bad, ago(17), "Prospecting")
    at.moves(at.good, ago(16), "Prospecting")
    at.raw = (ago(17), 16, True)


def stalled_without_history(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    at.moves(at.bad, ago(31), "Prospecting")
    at.moves(at.good, ago(30), "Prospecting")
    at.raw = (ago(31), 30, False)


def no_reply(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    talk(at, at.bad, 9, kind="email", direction="in")
    talk(at, at.bad, 7, kind="email", direction="out")
    talk(at, at.bad, 5, kind="note")
    talk(at, at.good, 7, kind="email", direction="out")
    talk(at, at.good, 6, kind="call", direction="out")
    at.raw = (ago(7),)


def no_activity(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad", started_on=ago(90)), at.deal("Good", started_on=ago(90), account=at.acme)
    talk(at, at.bad, 15)
    make_interaction(at.store, ago(14), account=at.acme, kind="call")  # of the account alone: of its deals too
    at.raw = (ago(15), None)


def no_activity_for_longer_than_usual(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    for days in (60, 50, 40, 30, 21):
        talk(at, at.bad, days)
    for days in (90, 70, 50, 30):
        talk(at, at.good, days)
    at.raw = (ago(21), 10)


def no_activity_ever(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad", started_on=ago(15)), at.deal("Good", started_on=ago(14))
    make_interaction(at.store, ago(3), account=at.acme)
    at.raw = (None, None)


def no_next_step(at: SimpleNamespace) -> None:
    at.bad, at.good, planned = at.deal("Bad"), at.deal("Good", next_step="Call"), at.deal("Planned")
    make_task(at.store, deal=planned)
    make_task(at.store, deal=at.bad, status="done")


def single_contact(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    for days in (1, 2, 3):
        talk(at, at.bad, days, contact=at.ada)
        talk(at, at.good, days, contact=at.ada if days > 1 else at.bob)
    at.raw = (1, at.ada)


def no_decider(at: SimpleNamespace) -> None:
    at.bad, at.good, titled = at.deal("Bad"), at.deal("Good"), at.deal("Titled")
    make(at.store, "deal_contact", deal=at.bad, contact=at.ada, role="user")
    make(at.store, "deal_contact", deal=at.good, contact=at.ada, role="decision maker")
    talk(at, titled, 1, contact=at.bob)
    at.raw = (0,)


def no_price(at: SimpleNamespace) -> None:
    at.bad, at.good, chinese = at.deal("Bad"), at.deal("Good"), at.deal("Chinese")
    for days in (1, 2, 3, 4):
        talk(at, at.bad, days, body="We spoke of the rollout.")
        talk(at, at.good, days, body="The Price came up." if days == 2 else "The rollout.")
        talk(at, chinese, days, body="客户要报价" if days == 2 else "上线计划")
    at.raw = (4,)


def negative(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    said = {"kind": "email", "direction": "in"}
    talk(at, at.bad, 40, body="I am glad.", **said)
    at.raw = (talk(at, at.bad, 30, body="We are annoyed.", **said), ago(30), "We are annoyed.")
    talk(at, at.bad, 2, kind="email", direction="out", body="I am glad that we spoke.")
    talk(at, at.good, 9, body="We are annoyed.", **said)
    talk(at, at.good, 8, body="Now we are glad.", **said)


def discount_of_a_line(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad"), at.deal("Good")
    make(at.store, "deal_line", deal=at.bad, discount_pct=Decimal(15))
    make(at.store, "deal_line", deal=at.good, discount_pct=Decimal("14.5"))
    at.raw = (15, True)


def discount_of_the_amount(at: SimpleNamespace) -> None:
    at.bad, at.good = at.deal("Bad", amount=Decimal(800)), at.deal("Good", amount=Decimal(900))
    for deal, now in ((at.bad, 80_000), (at.good, 90_000)):
        change = Change(Op.UPDATE, "deal", deal, 1, {"amount": (100_000, now)})
        propose(at.store.for_agent, [change], actor=ADMIN, summary="less", origin=Origin(door="cli"))
    at.raw = (20, False)


CASES: dict[str, tuple[str, Callable[[SimpleNamespace], None]]] = {
    "overdue": ("overdue", overdue),
    "stalled by history": ("stalled", stalled_by_history),
    "stalled without history": ("stalled", stalled_without_history),
    "no reply": ("no_reply", no_reply),
    "no activity": ("no_activity", no_activity),
    "longer than usual": ("no_activity", no_activity_for_longer_than_usual),
    "no activity ever": ("no_activity", no_activity_ever),
    "no next step": ("no_next_step", no_next_step),
    "single contact": ("single_contact", single_contact),
    "no decider": ("no_decider", no_decider),
    "no price": ("no_price", no_price),
    "negative": ("negative", negative),
    "discount of a line": ("discount", discount_of_a_line),
    "discount of the amount": ("discount", discount_of_the_amount),
}


@pytest.mark.parametrize("case", CASES)
def test_a_warning_is_given_to_the_deal_that_has_cause_and_not_to_its_neighbour(store: Store, case: str):
    rule, build = CASES[case]
    at = _world(store)
    build(at)

    fired = check_deals(store.for_agent, actor=ADMIN, today=TODAY, cues=CUES).fired[rule]

    assert set(fired) == {at.bad}
    if hasattr(at, "raw"):
        assert fired[at.bad] == at.raw


def test_every_warning_has_a_case():
    assert {rule for rule, _ in CASES.values()} == set(RULES)


def test_what_a_store_does_not_keep_is_not_measured(store: Store):
    make_deal(store, "Only", started_on=ago(100))

    checked = check_deals(store.for_agent, actor=ADMIN, today=TODAY, cues=CUES)

    assert checked.points() == {}
    assert set(checked.unmeasured) == {
        "no_reply", "no_activity", "no_next_step", "single_contact", "no_decider", "no_price", "negative",
    }  # fmt: skip


def test_only_deals_that_the_asker_sees_and_asks_about_are_looked_at(store: Store):
    mine, theirs = make_user(store, "Mine"), make_user(store, "Theirs")
    own, other, large = (
        make_deal(store, name, owner=owner, closes_on=ago(9), amount=Decimal(amount))
        for name, owner, amount in (("Own", mine, 5), ("Other", theirs, 5), ("Large", mine, 900))
    )
    closed = make_deal(store, "Closed", owner=mine, closes_on=ago(9), stage="Lost")
    rep = actor_for(mine, reads=Scope.OWN)

    seen = check_deals(store.for_agent, actor=rep, today=TODAY, cues=CUES).fired["overdue"]
    some = Condition(field="amount", op="gt", value=100)
    narrow = check_deals(store.for_agent, actor=rep, today=TODAY, cues=CUES, where=some).fired["overdue"]

    assert set(seen) == {own, large}
    assert set(narrow) == {large}
    assert other not in seen
    assert closed not in seen


def test_talks_that_the_asker_may_not_see_count_for_nothing(store: Store):
    mine, theirs = make_user(store, "Mine"), make_user(store, "Theirs")
    nobodys = make_deal(store, "Nobody's", started_on=ago(90))
    make_interaction(store, ago(1), deal=nobodys, user=theirs, kind="call")
    make_interaction(store, ago(20), deal=nobodys, kind="call")
    rep = actor_for(mine, reads=Scope.OWN)

    checked = check_deals(store.for_agent, actor=rep, today=TODAY, cues=CUES)

    assert checked.fired["no_activity"] == {nobodys: (ago(20), None)}


def test_a_rep_with_narrow_rights_gets_every_measurement(store: Store):
    at = _world(store)
    mine = make_user(store, "Mine")
    rep = actor_for(mine, reads=Scope.OWN)
    at.deal = lambda name, **given: make_deal(store, name, owner=mine, **given)
    make_task(store, owner=mine)
    no_decider(at)
    talk(at, at.bad, 15, kind="email", direction="out", body="Hello")

    fired = check_deals(store.for_agent, actor=rep, today=TODAY, cues=CUES).fired

    assert set(fired["no_reply"]) == {at.bad}
    assert at.bad in fired["no_decider"]


def test_the_gravest_warning_comes_first_and_points_add_up(sqlite_store: Store):
    at = _world(sqlite_store)
    deal = at.deal("Bad", closes_on=ago(3))
    make(at.store, "deal_line", deal=deal, discount_pct=Decimal(30))

    checked = check_deals(sqlite_store.for_agent, actor=ADMIN, today=TODAY, cues=CUES)

    assert [name for name, _ in checked.of(deal)] == ["overdue", "discount"]
    assert checked.points() == {deal: RULES["overdue"].points + RULES["discount"].points}


def _world(store: Store) -> SimpleNamespace:
    def deal(name: str, **given: Any) -> int:
        return make_deal(store, name, stage="Prospecting", **given)

    def moves(of: int, day: date, stage: str) -> None:
        make(store, "stage_change", deal=of, changed_on=day, to_stage=stage_named(store, stage))

    acme = make_account(store, "Acme")
    ada = make_contact(store, "Ada Byron", account=acme, title="Clerk")
    bob = make_contact(store, "Bob Ray", account=acme, title="Director")
    return SimpleNamespace(store=store, deal=deal, moves=moves, acme=acme, ada=ada, bob=bob)
