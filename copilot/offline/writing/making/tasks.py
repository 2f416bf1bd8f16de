"""Tasks and reminders: what is to be done, by whom, by when. The title is the person's words without the frame."""

from dataclasses import replace
from datetime import date, timedelta

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.assigning import take_owner
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.days import due_day
from copilot.offline.writing.making.errand import Errand, is_frame
from copilot.offline.writing.making.parties import links
from copilot.offline.writing.making.scan import Mark, Scan, scan
from crm_core.changes.steps import Given, Step

__all__ = ["is_frame", "read_task"]

_BEHIND = ("after", "following", "past")
_ORDERS = ("create", "begin", "give", "log", "ask")
_REACH = 8  # words between an order and "task" ("give Hayden and Elease each a task")


def read_task(text: Scan, saying: Saying, before: Before) -> Found:
    """The steps of a part that gives somebody something to do."""
    errand = Errand(text)
    _take_frame(errand)
    asked = take_owner(errand, saying, before)
    if asked is not None:
        return asked
    _take_priority(errand)
    _take_due(errand, saying)
    title = _title(errand) or _noun(text) or _said_before(before, saying)
    if not title:
        return Clarify(text.say("task_of_what"))
    linked = links(text, saying)  # a name in a title that fits several ties the task to none, but for namesakes
    first = next((i for i in range(len(text.tokens)) if not errand.is_quiet(i)), 0)
    if linked.ask is not None and (linked.alike or text.tag(first).type is T.RECORD):
        return linked.ask  # "remind Kestrel Bob": whom?
    tied = linked.values if linked.found else before.inherited(saying)
    values: dict[str, Given] = {"title": title, **errand.values, **tied}
    owners: list[dict[str, Given]] = [{"owner": one.id if isinstance(one, Name) else one} for one in errand.owners] or [
        {}
    ]
    return tuple(Step(op="create", entity="task", set={**values, **one}, quote=text.quote) for one in owners)


def _take_frame(errand: Errand) -> None:
    """The words that only say that there is something to do."""
    text = errand.text
    first = text.at(0, "steps")
    if first is not None and not text.at(0, "act"):
        errand.take(first.start, first.end)
    for mark in text.said("remind"):
        if is_frame(text, mark):
            errand.take(mark.start, mark.end)
    for mark in text.said("task"):
        if _is_noun_of_order(errand, mark):
            errand.take(mark.start, mark.end)
            _take_order(errand, mark)


def _is_noun_of_order(errand: Errand, mark: Mark) -> bool:
    """Whether "task" is what is ordered, and not a word of what is to be done."""
    text = errand.text
    if any(text.upto(mark.start - back, *_ORDERS) for back in range(_REACH) if mark.start >= back):
        return True
    if all(errand.is_quiet(i) for i in range(mark.start)) or (text.is_chinese and mark.end == len(text.tokens)):
        return True
    return any(
        start <= mark.start and all(mark.start <= i < mark.end or _is_order(text, i) for i in range(start, end))
        for start, end in text.segments()
    )


def _is_order(text: Scan, at: int) -> bool:
    return text.tag(at).type in (T.FILLER, T.AND) or text.within(at, "create", "begin", "give", "polite")


def _take_order(errand: Errand, noun: Mark) -> None:
    """The verb before "a task", and the article between."""
    text = errand.text
    for at in range(noun.start - 1, -1, -1):
        verb = text.at(at, "create", "begin", "give", "ask")
        if text.is_stop(at):
            return
        if verb is not None and verb.end <= noun.start:
            errand.take(verb.start, verb.end)
            between = range(verb.end, noun.start)
            errand.frame.update(
                i for i in between if text.tag(i).type in (T.FILLER, T.PREP) or text.at(i, "each", "create", "mine")
            )
            if not text.is_chinese:
                return


def _take_priority(errand: Errand) -> None:
    for level in ("high", "low"):
        for mark in errand.text.said(level):
            errand.values["priority"] = level
            errand.take(mark.start, mark.end)


def _take_due(errand: Errand, saying: Saying) -> None:
    """The day by which: the date beside the frame, else the last one that can be a due date."""
    text = errand.text
    days = [(tag, due_day(sense.value, tag.text, saying.today)) for tag, sense in text.of(T.DATE)]
    fit = [(tag, day) for tag, day in days if day is not None and day >= saying.today]
    if not fit:
        return
    tag, day = next((pair for pair in fit if _touches(errand, pair[0])), fit[-1])
    tag, day = _day_behind(errand, tag, day, saying.today)
    errand.values["due_on"] = day.isoformat()
    errand.take(tag.start, tag.end)
    before = text.upto(tag.start, "due", "due_prep")
    while before is not None:
        errand.take(before.start, before.end)
        before = text.upto(before.start, "due")
    after = text.at(tag.end, "due")
    if after is not None and text.is_chinese:
        errand.take(after.start, after.end)


def _day_behind(errand: Errand, tag: Tag, day: date, today: date) -> tuple[Tag, date]:
    """As in "the Monday | after Thanksgiving": the first such weekday behind the other day, with the words of both."""
    text = errand.text
    after = next((pair for pair in text.of(T.DATE, start=tag.end) if pair[0].start == tag.end), None)
    least = due_day(after[1].value, after[0].text, today) if after is not None else None
    if after is None or least is None or text.tokens[tag.end].text not in _BEHIND:
        return tag, day
    least += timedelta(days=(day.weekday() - least.weekday()) % 7)
    return replace(tag, end=after[0].end), least


def _touches(errand: Errand, tag: Tag) -> bool:
    """Whether only prepositions and commas stand between a date and the frame."""
    text, near = errand.text, tag.start - 1
    while near >= 0 and near not in errand.frame and (
        text.within(near, "due", "with", "polite") or text.tag(near).type is T.PUNCT
    ):  # fmt: skip
        near -= 1
    return near in errand.frame or tag.end in errand.frame


def _title(errand: Errand) -> str:
    """What is left, in the person's own order, without joining words at the edges of its pieces."""
    text, pieces, at = errand.text, list[str](), 0
    while at < len(text.tokens):
        end = at
        while end < len(text.tokens) and end not in errand.frame:
            end += 1
        start, stop = _trimmed(text, at, end)
        if start < stop:
            pieces.append(text.cut(start, stop))
        at = end + 1
    glue = "" if text.is_chinese and not any(piece.isascii() for piece in pieces) else " "
    title = glue.join(pieces).strip(" ,.;:，。；：-(")
    return title[:1].upper() + title[1:]


def _said_before(before: Before, saying: Saying) -> str:
    """As in "next step is sending the contract, | remind me Friday": what was just said to be next."""
    seen = scan(before.text, saying) if before.text.strip() else None
    start, end = seen.segments()[-1] if seen is not None and seen.segments() else (0, 0)
    steps = next(iter(seen.said("steps", start=start, end=end)), None) if seen is not None else None
    if seen is None or steps is None:
        return ""
    at = steps.end
    while at < end and (seen.at(at, "is", "text_link", "opening") or seen.is_colon(at)):
        at += 1
    title = seen.cut(at, end)
    return title[:1].upper() + title[1:]


def _noun(text: Scan) -> str:
    """As in "set a follow-up for Thursday": the noun itself says what is to be done."""
    mark = next((m for m in text.said("task") if text.at(m.start, "act") or "-" in text.tokens[m.start].text), None)
    title = text.cut(mark.start, mark.end) if mark is not None else ""
    return title[:1].upper() + title[1:]


def _trimmed(text: Scan, start: int, end: int) -> tuple[int, int]:
    """Without courtesies, joining words and stops at the start, stops and joining words at the end."""
    while start < end:
        lead = text.at(start, "intend", "polite", "opening", "doer", *(["promise"] if text.is_chinese else []))
        if lead is not None and lead.end <= end:
            start = lead.end
        elif text.is_stop(start) or text.tag(start).type in (T.AND, T.PUNCT):
            start += 1
        else:
            break
    while start < end and (
        text.is_stop(end - 1) or text.tag(end - 1).type in (T.AND, T.PUNCT) or text.upto(end, "closing") is not None
    ):
        end -= 1
    return start, end
