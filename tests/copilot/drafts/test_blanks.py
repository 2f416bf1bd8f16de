"""Blanks of a draft are filled by saying what belongs there; the rest of the mail stays as it was."""

import pytest
from sqlalchemy import select

from copilot.drafts.blanks import read_fill
from copilot.drafts.wishes import Wishes, read_lines, read_wishes
from copilot.offline.drafting import plan_revision
from copilot.reply import Status
from crm_core.changes import approve
from crm_core.models import Draft
from tests.copilot.drafts.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "fill"),
    [
        ("the price is 4,500 EUR", ("price", "4,500 EUR")),
        ("fill in the price: 4,500 EUR.", ("price", "4,500 EUR")),
        ("Please fill in the date with Friday, 1 December", ("date", "Friday, 1 December")),
        ("date: Friday", ("date", "Friday")),
        ("the second blank is next week", ("second", "next week")),
        ("fill it in: 40 sites", ("", "40 sites")),
        ("价格是4500欧元", ("价格", "4500欧元")),
        ("把日期填成周五。", ("日期", "周五")),
        ("填上：40个站点", ("", "40个站点")),
    ],
)
def test_what_belongs_into_a_blank_is_read_from_words(text, fill):
    assert read_fill(text) == fill


@pytest.mark.parametrize(
    "text", ["how many deals are open?", "shorter", "what is the price?", "the deal is won", "价格是多少？", "更短一点"]
)
def test_other_messages_fill_nothing(desk, text):
    desk.ask("draft a proposal to Eve Poe")

    assert not desk.ask(text).proposals or read_fill(text) is None


def test_fills_survive_being_kept_and_passed_on():
    wishes = Wishes(length="short", fills=(("price", "4,500 EUR, net"), ("by when", "Friday")))

    assert read_wishes(wishes.words()) == wishes
    assert read_lines(wishes.lines()).fills == wishes.fills


def test_a_blank_takes_the_words_of_the_person_and_later_versions_keep_them(desk):
    first = desk.draft("draft a proposal to Eve Poe")
    reply = desk.ask("the price is 4,500 EUR")
    filled = {name: new for name, (_, new) in reply.proposals[0].changes[0]["set"].items()}
    shorter = desk.draft("shorter")

    assert filled["body"] == first["body"].replace("[…: price]", "4,500 EUR")
    assert filled["sources"].endswith(f"user {desk.actor.id} · {TODAY} · price: 4,500 EUR")
    assert filled["body"] in reply.text
    assert "4,500 EUR" in shorter["body"]


def test_a_blank_that_is_not_there_is_said_with_those_that_are(desk):
    desk.ask("draft a proposal to Eve Poe")
    reply = desk.ask("the concern is data protection")

    assert not reply.proposals
    assert "“price”" in reply.text
    assert "4,500" in desk.draft("the price is 4,500 EUR")["body"]  # and the draft still waits


def test_an_approved_draft_is_filled_by_a_change_that_is_approved_anew(desk):
    first = desk.ask("draft a proposal to Eve Poe").proposals[0]
    approve(desk.store, first.id, sha256=first.sha256, actor=desk.actor, door="cli")
    change = desk.ask("the price is 4,500 EUR").proposals[0]
    before = _body(desk, first.changes[0]["record_id"])
    approve(desk.store, change.id, sha256=change.sha256, actor=desk.actor, door="cli")
    after = _body(desk, first.changes[0]["record_id"])

    assert change.changes[0]["op"] == "update"
    assert "[…: price]" in before
    assert after == before.replace("[…: price]", "4,500 EUR")


def test_without_a_draft_a_price_is_no_fill():
    assert plan_revision("the price is 4,500 EUR", ()) is None


def test_a_chinese_mail_is_filled_in_chinese(desk):
    desk.ask("给李伟写一封报价邮件")
    reply = desk.ask("价格是4500欧元")

    assert reply.status is Status.PROPOSED, reply.text
    assert "4500欧元" in reply.proposals[0].changes[0]["set"]["body"][1]


def _body(desk, draft_id):
    with desk.store.read() as connection:
        return connection.execute(select(Draft.body).where(Draft.id == draft_id)).scalar_one()
