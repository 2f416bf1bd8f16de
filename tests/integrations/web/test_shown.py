"""A reply as the chat keeps it."""

from datetime import date
from decimal import Decimal

from copilot.memory.engine import Conversations
from copilot.memory.transcripts import Transcripts
from copilot.reply import Citation, Reply, Status
from crm_core.models import Kind
from crm_core.query.result import Column, Row
from integrations.web.shown import Sheet, Shown, Table, from_text, shown_of, to_text


def test_what_is_kept_is_what_was_shown(desk, company):
    actor = company.actor("Ada North")
    for question in ("How many deals per stage?", "list my deals", "brief me on Acme", "rename Acme to Acme Ltd"):
        reply = desk.copilot.ask(question, thread="t", actor=actor, today=desk.today())
        shown = shown_of(reply)

        assert from_text(to_text(shown)) == shown


def test_values_keep_their_kind():
    columns = (Column("amount", "amount", Kind.MONEY, currency="USD"), Column("day", "day", Kind.DATE))
    table = Table(columns, (Row((Decimal("12.50"), date(2017, 3, 1)), 7, 1, {0: 3}), Row((None, None))), "deal", "x")
    shown = Shown("answered", "t", (table,), (Sheet("s", (("h", (("l", 1), ("m", None)), ""),), "", ""),))

    assert from_text(to_text(shown)) == shown


def test_a_reply_with_sources_keeps_them():
    reply = Reply(Status.ANSWERED, "one [1]", citations=(Citation("task", 3, "Call", "“call” <b>"),))

    assert from_text(to_text(shown_of(reply))).citations == reply.citations


def test_conversations_are_a_persons_own_and_are_forgotten(tmp_path):
    said = Transcripts(Conversations(f"sqlite:///{tmp_path}/c.db"))
    turn = said.ask(1, "a", "first?")
    said.ask(1, "a", "second?")
    said.ask(2, "a", "of another")
    said.answer(turn, "{}")

    assert [(one.question, one.reply) for one in said.turns(1, "a")] == [("first?", "{}"), ("second?", None)]
    assert [one.title for one in said.threads(1)] == ["first?"]
    said.forget(1, "a")
    assert (said.turns(1, "a"), len(said.turns(2, "a"))) == ((), 1)
