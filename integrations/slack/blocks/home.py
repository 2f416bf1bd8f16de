"""The Home tab: a person's day as blocks."""

from collections.abc import Iterator, Sequence

from copilot.context import Lang
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button
from integrations.slack.blocks.text import Block, context, header, one_line, parts, rich_block
from integrations.slack.cards import Pressed
from integrations.slack.day import Day, Due, Number, Waiting
from integrations.slack.words import say

_LINE = 200  # characters


def home_view(day: Day, lang: Lang, *, settings: str) -> Block:
    """What is shown; whoever opens it sees their own. `settings`: what they chose to be told, in a sentence."""
    chosen = [*context([settings]), *actions([button(say("settings", lang), "settings", lang)])]
    blocks = [header(say("my_day", lang, who=day.who, day=day.today.isoformat())), *day_blocks(day, lang)]
    return {"type": "home", "blocks": [*blocks[: limits.VIEW_BLOCKS - len(chosen)], *chosen]}


def day_blocks(day: Day, lang: Lang, *, most: int = limits.VIEW_BLOCKS) -> Iterator[Block]:
    """The parts of a day, of each the first ones."""
    yield header(say("team_number" if day.number.is_teams else "my_number", lang))
    yield _line(_told(day.number, lang))
    yield header(say("first_things", lang))
    yield from () if day.first else context([say("no_first", lang)])
    for one in day.first[:most]:
        why = ("；" if lang == "zh" else "; ").join(one_line(text, _LINE) for text in one.why)
        told = (": " if lang == "en" else "：") + why
        yield rich_block([parts((one_line(one.who, _LINE), "bold"), (told, ""))])
    yield header(say("overdue_tasks", lang))
    yield from () if day.due else context([say("no_tasks", lang)])
    yield from due_blocks(day.due[:most], lang)
    yield header(say("at_risk", lang))
    yield from () if day.at_risk else context([say("no_risk", lang)])
    for risk in day.at_risk[:most]:
        why = ("、" if lang == "zh" else ", ").join(risk.why)
        yield _line(say("risk_line", lang, deal=one_line(risk.name, _LINE), why=why))
    yield header(say("waiting_cards", lang))
    yield from () if day.waiting else context([say("no_cards", lang)])
    for card in day.waiting[:most]:
        yield from _waiting(card, lang)


def due_blocks(due: Sequence[Due], lang: Lang) -> Iterator[Block]:
    """Tasks with their buttons."""
    for task in due:
        yield _line(say("task_line", lang, title=one_line(task.title, _LINE), day=task.on))
        done = button(say("done", lang), "task_done", str(task.id))
        yield from actions([done, button(say("snooze", lang), "task_snooze", str(task.id))])


def _waiting(card: Waiting, lang: Lang) -> Iterator[Block]:
    yield _line(say("card_line", lang, summary=one_line(card.what, _LINE), who=one_line(card.who, 80)))
    yield from actions([button(say("show", lang), "show_card", Pressed(lang, card.id, card.sha256).packed())])


def _told(number: Number, lang: Lang) -> str:
    if number.quota is None:
        return say("number_open", lang, open=number.open)
    return say(
        "number_of", lang, booked=number.booked, quota=number.quota, share=number.share_pct, since=number.since,
        until=number.until, open=number.open,
    )  # fmt: skip


def _line(text: str) -> Block:
    return rich_block([parts((one_line(text, 4 * _LINE), ""))])
