"""The Home tab: a person's day as blocks."""

from collections.abc import Iterator

from copilot.context import Lang
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button
from integrations.slack.blocks.text import Block, context, header, one_line, parts, rich_block
from integrations.slack.cards import Pressed
from integrations.slack.day import Day, Number
from integrations.slack.words import say

_LINE = 200  # characters


def home_view(day: Day, lang: Lang) -> Block:
    """What is shown; whoever opens it sees their own."""
    blocks = [header(say("my_day", lang, who=day.who, day=day.today.isoformat())), *_blocks(day, lang)]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def _blocks(day: Day, lang: Lang) -> Iterator[Block]:
    yield header(say("my_number", lang))
    yield _line(_told(day.number, lang))
    yield header(say("overdue_tasks", lang))
    yield from () if day.due else context([say("no_tasks", lang)])
    for task in day.due:
        yield _line(say("task_line", lang, title=one_line(task.title, _LINE), day=task.on))
        done = button(say("done", lang), "task_done", str(task.id))
        yield from actions([done, button(say("snooze", lang), "task_snooze", str(task.id))])
    yield header(say("at_risk", lang))
    yield from () if day.at_risk else context([say("no_risk", lang)])
    for risk in day.at_risk:
        why = ("、" if lang == "zh" else ", ").join(risk.why)
        yield _line(say("risk_line", lang, deal=one_line(risk.name, _LINE), why=why))
    yield header(say("waiting_cards", lang))
    yield from () if day.waiting else context([say("no_cards", lang)])
    for one in day.waiting:
        summary, who = one_line(one.head.summary, _LINE), one_line(one.head.asked_by, 80)
        yield _line(say("card_line", lang, summary=summary, who=who))
        yield from actions([button(say("show", lang), "show_card", Pressed(lang, one.id, one.sha256).packed())])


def _told(number: Number, lang: Lang) -> str:
    if number.quota is None:
        return say("number_open", lang, open=number.open)
    return say(
        "number_of", lang, booked=number.booked, quota=number.quota, share=number.share_pct, since=number.since,
        until=number.until, open=number.open,
    )  # fmt: skip


def _line(text: str) -> Block:
    return rich_block([parts((text, ""))])
