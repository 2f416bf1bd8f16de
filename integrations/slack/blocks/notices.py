"""What a person is told without asking, as messages; and the window in which they choose what comes."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from copilot.context import Lang
from copilot.page import Page
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button
from integrations.slack.blocks.home import day_blocks, due_blocks
from integrations.slack.blocks.message import Message, message
from integrations.slack.blocks.table import rows_blocks
from integrations.slack.blocks.text import Block, context, header, one_line, parts, plain, rich, rich_block
from integrations.slack.blocks.views import modal
from integrations.slack.day import Day, Due
from integrations.slack.words import say

_LINE = 200  # characters
_DIGEST = 3  # of each part
_OFF = "off"
HOURS = range(6, 21)


def digest_message(day: Day, lang: Lang) -> Message:
    """The day in short."""
    title = say("my_day", lang, who=day.who, day=day.today.isoformat())
    return message(title, [header(title), *day_blocks(day, lang, most=_DIGEST)], lang, last=_settings(lang))


def reminder_message(due: Sequence[Due], lang: Lang) -> Message:
    """The tasks that are due, each with its buttons."""
    title = say("due_now", lang) if due else say("no_tasks", lang)
    return message(title, [header(title), *due_blocks(due, lang)], lang, last=_settings(lang))


def question_message(name: str, since: date | None, today: date, lang: Lang) -> Message:
    """One question on a deal that nobody wrote or spoke of for long."""
    deal = one_line(name, _LINE)
    silent = say("silent_never", lang) if since is None else say("silent", lang, days=(today - since).days, day=since)
    text = say("question", lang, deal=deal, silent=silent)
    blocks = [rich_block([parts((text, ""))]), *context([say("question_how", lang)])]
    return message(
        text, blocks, lang, last=actions([button(say("answer", lang), "answer", lang), _settings_button(lang)])
    )


def week_message(pages: Sequence[Page], since: date, until: date, lang: Lang) -> Message:
    """A team's week: the text and the table of each report."""
    title = say("team_week", lang, since=since, until=until)
    return message(title, [header(title), *_pages(pages, lang)], lang, last=_settings(lang))


def _pages(pages: Sequence[Page], lang: Lang) -> Iterator[Block]:
    for page in pages:
        yield from rich(page.text())
        if page.table and page.table.rows:
            yield from rows_blocks(page.table.columns, page.table.rows, page.table.entity or "", lang)


def settings_message(wants: Any, lang: Lang) -> Message:
    """What the person chose, and the button to change it."""
    text = settings_line(wants, lang)
    return message(text, rich(text), lang, last=_settings(lang))


def settings_line(wants: Any, lang: Lang) -> str:
    """What the person chose, in a sentence."""
    digest, reminder = (_told(hour, lang) for hour in (wants.digest_hour, wants.reminder_hour))
    flags = {name: say("on" if getattr(wants, name) else "off", lang) for name in ("asks", "reports", "weekends")}
    return say("settings_now", lang, digest=digest, reminder=reminder, zone=one_line(wants.time_zone, 60), **flags)


def settings_view(wants: Any, lang: Lang) -> Block:
    """The window in which a person chooses."""
    hours = [(_OFF, say("off", lang)), *((str(hour), _told(hour, lang)) for hour in HOURS)]
    flags = [("on", say("on", lang)), (_OFF, say("off", lang))]
    inputs = [
        _select(name, hours, _OFF if getattr(wants, name) is None else str(getattr(wants, name)), lang)
        for name in ("digest_hour", "reminder_hour")
    ]
    inputs += [
        _select(name, flags, "on" if getattr(wants, name) else _OFF, lang) for name in ("asks", "reports", "weekends")
    ]
    return modal("settings", say("settings_title", lang), inputs, lang, submit=say("save", lang))


def chosen(state: dict[str, Any]) -> dict[str, Any]:
    """What was chosen in the window; without what it does not hold."""
    picked = {name: ((state.get(name) or {}).get("value") or {}).get("selected_option") for name in _FIELDS}
    values = {name: str(one.get("value")) for name, one in picked.items() if isinstance(one, dict)}
    hours = {name: int(value) if value.isdecimal() else None for name, value in values.items() if name.endswith("hour")}
    known = {name: hour for name, hour in hours.items() if hour is None or hour in HOURS}
    return known | {name: value == "on" for name, value in values.items() if name not in hours}


_FIELDS = ("digest_hour", "reminder_hour", "asks", "reports", "weekends")


def answer_view(lang: Lang, notice: int) -> Block:
    """The window in which a question on a deal is answered."""
    label = plain(say("answer_label", lang), limits.LABEL)
    words = {"type": "plain_text_input", "action_id": "value", "multiline": True}
    asked: Block = {"type": "input", "block_id": "words", "label": label, "element": words}
    view = modal("answer", say("answer", lang), [asked], lang, submit=say("next", lang))
    return view | {"private_metadata": str(notice)}


def _select(name: str, options: Sequence[tuple[str, str]], picked: str, lang: Lang) -> Block:
    made = [{"text": plain(label, limits.BUTTON), "value": value} for value, label in options]
    element: Block = {"type": "static_select", "action_id": "value", "options": made}
    first = [one for one in made if one["value"] == picked]
    if first:
        element["initial_option"] = first[0]
    return {
        "type": "input", "block_id": name, "optional": False, "label": plain(say(f"wants_{name}", lang), limits.LABEL),
        "element": element,
    }  # fmt: skip


def _told(hour: int | None, lang: Lang) -> str:
    return say("off", lang) if hour is None else f"{hour:02}:00"


def _settings(lang: Lang) -> list[Block]:
    return actions([_settings_button(lang)])


def _settings_button(lang: Lang) -> Block:
    return button(say("settings", lang), "settings", lang)
