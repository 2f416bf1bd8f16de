"""Block Kit: whatever a record holds, Slack takes what is built from it, and nothing in it is read as mark-up."""

import json
import os
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from copilot.page import Line, Page, Section, Table
from copilot.reply import Answer, Citation, Reply, Status
from crm_core.changes import ChangeSet, Head, State
from crm_core.changes.change import storable
from crm_core.models import Kind, SendState
from crm_core.query.result import Column, QueryResult, Row
from crm_core.query.spec import Condition, QuerySpec
from crm_core.sending import Sent
from integrations.cards import Card
from integrations.mails import Mail
from integrations.rehearsal.limits import wrong_with_blocks, wrong_with_message, wrong_with_stream, wrong_with_view
from integrations.slack.blocks import notices, views
from integrations.slack.blocks.card import card_message
from integrations.slack.blocks.home import home_view
from integrations.slack.blocks.link import Preview, link_blocks
from integrations.slack.blocks.reply import reply_message
from integrations.slack.blocks.table import Shown, table_blocks
from integrations.slack.cards import Pressed
from integrations.slack.day import Day, Due, First, Number, Risk, Waiting
from integrations.slack.notices.wants import Wants
from integrations.slack.streaming import pieces_of

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NASTY = [
    "x" * 10_000, "<!channel> <@U1> <https://evil.example|click>", "*bold* _it_ ~st~ `code` ```block```",
    "\u202egnirts",
    "🙂" * 3_000, "a\u0000b\u0007c\ud800d", "", " ", "\n" * 500, "& < > &amp;", "|" * 400, "中文" * 4_000, ":smile:",
    "=cmd|' /C calc'!A0", "\u200b\u2066hidden\u2069", "- " * 900, "**" * 1_500, "}{\"type\":\"button\"}",
]  # fmt: skip


def nasty(draw):
    return draw.choice(NASTY) + (draw.choice(NASTY) if draw.random() < 0.3 else "")


def a_result(draw):
    kinds = [Kind.TEXT, Kind.MONEY, Kind.DATE, Kind.BOOLEAN, Kind.LONG_TEXT]
    columns = tuple(
        Column(name=f"c{at}", label=nasty(draw) or "c", kind=draw.choice(kinds), currency="USD")
        for at in range(draw.choice([1, 3, 30]))
    )
    rows = tuple(
        Row(tuple(a_value(draw, column.kind) for column in columns)) for _ in range(draw.choice([0, 1, 10, 500]))
    )
    spec = QuerySpec(entity="deal", where=Condition(field="name", op="eq", value=storable(nasty(draw)[:3_000])))
    return QueryResult(spec=spec, entity="deal", columns=columns, rows=rows, total=None, missing={})


def a_value(draw, kind):
    if draw.random() < 0.1:
        return None
    made = {Kind.MONEY: Decimal(10) ** draw.randint(0, 15), Kind.DATE: date(2026, 1, 1), Kind.BOOLEAN: True}
    return made.get(kind, nasty(draw))


def a_reply(draw):
    status = draw.choice(list(Status))
    return Reply(
        status,
        nasty(draw),
        answers=tuple(Answer(a_result(draw), nasty(draw)) for _ in range(draw.choice([0, 1, 4]))),
        citations=tuple(Citation("deal", 1, nasty(draw), nasty(draw)) for _ in range(draw.choice([0, 40]))),
        options=tuple(nasty(draw) for _ in range(draw.choice([0, 2, 30]))),
        receipt=tuple(nasty(draw) for _ in range(draw.choice([0, 2, 30]))),
        suggestions=tuple(nasty(draw) for _ in range(3)),
    )


def a_card(draw, *, state=None):
    origin = {"expires_at": (NOW + timedelta(hours=1)).isoformat(), "model": nasty(draw)}
    head = Head("0" * 36, "edit", nasty(draw), nasty(draw), 1, "slack", tainted=draw.random() < 0.5, origin=origin)
    changes = tuple(
        {
            "op": draw.choice(["create", "update", "delete", "restore"]),
            "entity": draw.choice(["deal", "account", "task"]), "label": nasty(draw), "currency": None,
            "set": {name: [nasty(draw), nasty(draw)] for name in ("name", "amount", nasty(draw)[:50] or "x")},
            "quote": nasty(draw),
        }
        for _ in range(draw.choice([1, 3, 12, 500]))
    )  # fmt: skip
    found = ChangeSet(head, "f" * 64, NOW, state or draw.choice(list(State)))
    return Card(found, changes, (), draw.choice(["low", "medium", "high"]), nasty(draw), NOW)


def a_mail(draw):
    send = Sent(1, 2, "a", nasty(draw), nasty(draw), nasty(draw), nasty(draw), draw.choice(list(SendState)), NOW, 1,
                "<m>", nasty(draw))  # fmt: skip
    return Mail(
        1, draw.random() < 0.5, nasty(draw), nasty(draw), nasty(draw), nasty(draw) + draw.choice(["", "[…: price]"]),
        nasty(draw), draw.choice([None, send]),
    )  # fmt: skip


def a_day(draw):
    some = range(draw.choice([0, 1, 8]))
    return Day(
        nasty(draw), NOW.date(), Number(nasty(draw), nasty(draw), draw.choice([None, nasty(draw)])),
        tuple(First(nasty(draw), (nasty(draw), nasty(draw))) for _ in some),
        tuple(Due(at, nasty(draw), nasty(draw)) for at in some),
        tuple(Risk(nasty(draw), (nasty(draw),) * 9) for _ in some),
        tuple(Waiting("0" * 36, "f" * 64, nasty(draw), nasty(draw)) for _ in some),
    )  # fmt: skip


def a_page(draw):
    result = a_result(draw)
    return Page(nasty(draw), None, (Section(nasty(draw), (Line(nasty(draw)),) * draw.choice([0, 40])),), (),
                nasty(draw), table=Table(result.columns, result.rows, "deal"))  # fmt: skip


@pytest.mark.parametrize("seed", range(300 if os.environ.get("FARLEY_SOAK") else 20))
def test_slack_takes_whatever_a_notice_and_the_home_tab_show(seed):
    draw = random.Random(seed)
    lang, day, zone = draw.choice(["en", "zh"]), a_day(draw), nasty(draw)
    wants = Wants(draw.choice([None, 3, 8]), None, draw.random() < 0.5, True, False, zone)
    said = [
        notices.digest_message(day, lang),
        notices.reminder_message(day.due, lang),
        notices.question_message(nasty(draw), draw.choice([None, NOW.date()]), NOW.date(), lang),
        notices.week_message(tuple(a_page(draw) for _ in range(draw.choice([0, 3]))), NOW.date(), NOW.date(), lang),
        notices.settings_message(wants, lang),
    ]
    windows = [
        home_view(day, lang, settings=notices.settings_line(wants, lang)),
        notices.settings_view(wants, lang),
        notices.answer_view(lang, 890_999_178_292_274),
    ]

    assert [wrong_with_message({"text": one.text, "blocks": list(one.blocks)}) for one in said] == [[]] * 5
    assert [wrong_with_view(one) for one in windows] == [[]] * 3


@pytest.mark.parametrize("seed", range(300 if os.environ.get("FARLEY_SOAK") else 40))
def test_slack_takes_whatever_is_built(seed):
    draw = random.Random(seed)
    lang = draw.choice(["en", "zh"])
    card, where = a_card(draw), views.Where(Pressed(lang, "0" * 36, "f" * 64), "C1", "1.1")
    reply = reply_message(a_reply(draw), lang, conversation="C1|1.1", question=nasty(draw))
    told = card_message(card, lang, now=NOW, intro=nasty(draw))
    mailed = replace(card, mail=a_mail(draw))
    draft = card_message(mailed, lang, now=NOW, intro=nasty(draw))
    preview = Preview("deal", nasty(draw), [(nasty(draw), nasty(draw)) for _ in range(6)])
    made = [
        views.edit_view(card, where),
        views.mail_view(mailed, where) or {"blocks": []},
        views.reply_view(nasty(draw).strip() or "x", lang),
        views.count_view(card, where),
        views.all_view(card, lang),
        views.why_view(card, lang),
    ]

    for message in (reply, told, draft):
        assert wrong_with_message({"text": message.text, "blocks": list(message.blocks)}) == []
    streamed = {"chunks": [{"type": "blocks", "blocks": pieces_of(reply)}], "blocks": list(reply.blocks[1:])}
    assert wrong_with_stream(streamed) == []
    assert [wrong for view in made if view["blocks"] for wrong in wrong_with_view(view)] == []
    assert wrong_with_blocks(link_blocks(preview, lang), in_view=False) == []
    assert wrong_with_blocks(table_blocks(a_result(draw), lang, page=draw.randint(0, 90)), in_view=False) == []


def test_text_of_a_record_is_never_mark_up():
    def kinds(node):
        if isinstance(node, dict):
            yield node.get("type")
            for part in node.values():
                yield from kinds(part)
        elif isinstance(node, list | tuple):
            for part in node:
                yield from kinds(part)

    for seed in range(20):
        draw = random.Random(seed)
        shown = reply_message(a_reply(draw), "en", conversation="C1|", question="x")
        card = card_message(a_card(draw), "en", now=NOW)
        draft = card_message(replace(a_card(draw), mail=a_mail(draw)), "en", now=NOW)
        assert not {"mrkdwn", "link", "user", "channel", "broadcast", "image"} & set(
            kinds([shown.blocks, card.blocks, draft.blocks])
        )


def test_a_long_answer_is_shown_to_its_end():
    text = "\n".join(f"line {at} " + "x" * 90 for at in range(80)) + "\n**Next step**"
    shown = reply_message(Reply(Status.ANSWERED, text), "en", conversation="C1|", question="x")

    assert len(shown.blocks) > 2
    assert "Next step" in str(shown.blocks[-1])


def test_a_long_mail_is_shown_to_its_end():
    mail = Mail(1, True, "Ada", "ada@x.example", "Hi", "word " * 1_200 + "Regards", "", None)
    found = replace(a_card(random.Random(1), state=State.PROPOSED), mail=mail)

    assert "Regards" in str(card_message(found, "en", now=NOW).blocks)


def test_columns_stand_under_each_other_in_chinese_too():
    columns = (
        Column(name="n", label="name", kind=Kind.TEXT),
        Column(name="a", label="amount", kind=Kind.MONEY, currency="USD"),
    )
    rows = (Row(("华星电子", Decimal(5))), Row(("Acme", Decimal(1200))))
    result = QueryResult(
        spec=QuerySpec(entity="deal"), entity="deal", columns=columns, rows=rows, total=None, missing={}
    )

    text = table_blocks(result, "en")[0]["elements"][0]["elements"][0]["text"]

    assert text.split("\n") == ["name      amount", "华星电子      $5", "Acme      $1,200"]


def test_a_button_brings_back_the_question_and_nothing_else():
    spec = QuerySpec(entity="deal", where=Condition(field="name", op="eq", value="x" * 300))

    assert Shown.unpacked(Shown(spec, 3, "zh").packed()) == Shown(spec, 3, "zh")
    for broken in ("", "en", "en.1.", "en.1.AAAA", "en.x.eJw", "zh.-5." + Shown(spec, 1, "zh").packed()[5:]):
        found = Shown.unpacked(broken)
        assert found is None or found.page == 0
    assert Pressed.unpacked("x") is None
    assert views.Where.unpacked("[]") is None


def test_options_too_long_for_a_button_are_listed_and_picked_by_number():
    options = ("How many deals did we win in the first quarter?", "Which reps lost deals" + " in the West region" * 5)
    asked = Reply(Status.CLARIFY, "Did you mean:", options=options)

    shown = reply_message(asked, "en", conversation="C1|1.1", question="x")

    (row,) = [block for block in shown.blocks if block["type"] == "actions"]
    assert [(one["text"]["text"], one["value"]) for one in row["elements"]] == [("1", options[0]), ("2", options[1])]
    assert all(option in json.dumps(shown.blocks[:-1]) for option in options)
