"""Requests for a brief or a summary: found by their form, then read for whom, what and when."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache

import prompts
from copilot.offline.history import ABOUT, names_of, said_of
from copilot.offline.numbers import find_numbers
from copilot.offline.plan import Brief, Cannot, Clarify, PastTurn, Plan, Summarise
from copilot.offline.reader import Read
from copilot.offline.tags import T, Tag
from copilot.offline.tokens import tokenize

_MARKS = " ?？.。!！'’\"“”"
_MOST_OPTIONS = 4
_OFFICE_OPENS = 8
_LONGEST = 200  # characters: a longer message tells something
_THEM = frozenset(
    {"them", "him", "her", "it", "this", "that", "they", "this lead", "this deal", "that lead", "that deal", "他", "她",
     "他们", "它", "这个客户", "这家", "这条线索", "这个线索", "这个商机", "这单"}
)  # fmt: skip
_MEANS_OTHER = (T.ENTITY, T.METRIC, T.FIELD, T.STATE, T.DATE, T.MINE)  # "a summary of my deals" asks for records


@dataclass(frozen=True)
class Wish:
    """A message of such a form.

    Attributes:
        sort: brief or summary.
        who: as the person names them.
        topic: of a summary.
        is_mine: whoever the day holds.
    """

    sort: str
    who: str
    topic: str
    is_mine: bool


def find_wish(text: str) -> Wish | None:
    """What a message of such a form asks; None: it has no such form."""
    plain = text.strip(_MARKS).replace("’", "'")
    if len(plain) > _LONGEST or "\n" in plain:
        return None
    for sort, form in _forms():
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict()
            return Wish(sort, (parts.get("who") or "").strip(_MARKS), parts.get("topic") or "", bool(parts.get("mine")))
    return None


def plan_page(text: str, wish: Wish, read: Callable[[str], Read], dialogue: Sequence[PastTurn]) -> Plan | None:
    """The brief or summary; asks back or declines where a name is not clear. None: it asks for something else."""
    seen = read(text)
    spans = [tag for tag in seen.tags if tag.get(T.DATE)]
    if wish.is_mine:
        span = spans[0].get(T.DATE) if len(spans) == 1 else None
        return Brief(day=span.value.until if span else None, at=find_time(text))
    found = find_record(wish.who, seen, text, dialogue)
    return _made(wish, found, spans) if isinstance(found, tuple) else found


def find_time(text: str) -> time | None:
    """The time of day in a message, by the clock of 24 hours; without its half of the day the one of office hours."""
    lexicon = prompts.load_yaml("lexicon/brief")
    found = next((match for form in lexicon["hour"] if (match := re.search(form, text, re.IGNORECASE))), None)
    if found is None:
        return None
    parts = found.groupdict()
    hour = int(find_numbers(tokenize(parts["hour"]))[0].value)
    half, minute = (parts.get("half") or "").lower(), parts.get("minute") or "0"
    is_late = half in lexicon["afternoon"] or (half not in lexicon["morning"] and hour < _OFFICE_OPENS)
    hour = hour % 12 if half in lexicon["morning"] else hour + 12 if is_late and hour < 12 else hour
    minutes = int(minute) if minute.isdigit() else 30
    return time(hour, minutes) if hour < 24 and minutes < 60 else None


def find_record(who: str, read: Read, text: str, dialogue: Sequence[PastTurn]) -> tuple[str, int] | Plan | None:
    """The one customer's record that is meant, by its name or by what was just talked of.

    Asks back where several are called so, declines where nobody is; None: the words mean something else.
    """
    told = dialogue[-1].told if dialogue else None
    if who.lower() in _THEM:
        return (told[0], told[1]) if told and told[0] in ABOUT else None
    named = [tag for tag in read.tags if names_of(tag)]
    if not named:
        return _unknown(who, read)
    about = names_of(named[0])
    if len({name.label for name in about}) > 1:
        question = prompts.fill(prompts.load_yaml("planner")[read.lang]["which_record"], word=named[0].text)
        return Clarify(question, tuple(said_of(name, named[0], text) for name in about[:_MOST_OPTIONS]))
    best = min((names_of(tag)[0] for tag in named), key=lambda name: _ORDER.index(name.entity))
    return best.entity, best.id


_ORDER = ("deal", "contact", "lead", "account")  # "Nadia of Alder Valley" is Nadia


def _made(wish: Wish, about: tuple[str, int], spans: Sequence[Tag]) -> Plan:
    if wish.sort == "brief":
        return Brief(about)
    span = spans[0].get(T.DATE) if len(spans) == 1 else None
    topic = wish.topic
    for tag in spans:
        topic = topic.replace(tag.text, " ")
    since, until = (span.value.since, span.value.until) if span else (None, None)
    return Summarise(about, " ".join(topic.split()), since, until)


def _unknown(who: str, read: Read) -> Plan | None:
    """Nobody that the store knows; words that mean something else leave it to the other readers."""
    within = [tag for tag in read.tags if re.search(rf"(?<![a-z]){re.escape(tag.text)}(?![a-z])", who, re.IGNORECASE)]
    if any(tag.get(kind) for tag in within for kind in _MEANS_OTHER):
        return None
    return Cannot(prompts.fill(prompts.load_yaml("planner")[read.lang]["no_such_customer"], word=who))


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lexicon = prompts.load_yaml("lexicon/brief")
    return tuple(
        (sort, re.compile(form, re.IGNORECASE))
        for sort in ("brief", "summary")
        for lang in ("en", "zh")
        for form in lexicon[sort][lang]
    )
