"""From sentences that were said or noted to words that a customer may read; None where that would be guessing.

The rules are in `prompts/drafts/reading.yaml`. What names somebody else, speaks of the customer behind their back or
looks like an order is left out.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from copilot.context import Lang
from copilot.offline.dates.find import find_dates
from copilot.offline.tokens import normalise, tokenize
from copilot.summaries.quotes import Quote
from prompts import load_yaml

_SHORTEST, _LONGEST = {"en": 1, "zh": 2}, {"en": 14, "zh": 26}  # words of a thing; characters in Chinese
_LONGEST_TOLD = {"en": 24, "zh": 40}
_LONGEST_QUESTION = 160
_NEVER = r"(?!)"
_OPENS = re.compile(r"^(?:an?|the|some|two|our|your|more|extra|\w+s|\w+ \w+s)\b", re.IGNORECASE)
_LETTERED = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Undated:
    """A sentence without the days that it names, and the last day of each."""

    text: str
    days: tuple[date, ...]


def thing_in(quote: Quote, *, is_ours: bool, lang: Lang) -> str | None:
    """What somebody promised to give: "the trial plan"."""
    bare = undated(quote.text, quote.day, lang).text
    for form in _forms("ours" if is_ours else "theirs", lang):
        found = form.search(bare)
        if found:
            return _thing(found["what"], lang, is_ours=is_ours)
    return None


def wish_in(quote: Quote, *, name: str, lang: Lang, today: date) -> str | None:
    """What the customer wants, after "you": "want an extra training". None where a day of it is past."""
    if quote.is_theirs:
        return None
    if any(day < today for day in undated(quote.text, quote.day, lang).days):
        return None
    first = re.escape(name.split()[0] if name.split() else name)
    for form in _rules()["wants"][lang]:
        found = re.fullmatch(form.replace("{name}", first), normalise(quote.text).rstrip(" .;!。；！"), re.IGNORECASE)
        if found and _is_fit(found["what"], lang):
            verb = found.groupdict().get("verb") or "ask for"
            return f"{verb.lower()} {found['what']}" if lang == "en" else f"{verb}{found['what']}"
    return None


def told_in(quote: Quote, *, lang: Lang, today: date) -> str | None:
    """What the customer wrote of themselves, said to them: "you lose parts every week"."""
    text = normalise(quote.text).rstrip(" .;!。；！")
    rules = _rules()
    if not quote.is_theirs or is_order(text) or not re.fullmatch(rules["told"][lang], text, re.IGNORECASE):
        return None
    if any(day < today for day in undated(quote.text, quote.day, lang).days):
        return None
    if _holds(rules["second_person"][lang], text, lang) or _size(text, lang) > _LONGEST_TOLD[lang]:
        return None
    return _turned(text, lang)


def question_in(quote: Quote) -> str | None:
    """A question of the customer, word for word."""
    text = quote.text.strip(' "“”')
    if not quote.is_theirs or not text.endswith(("?", "？")) or len(text) > _LONGEST_QUESTION or is_order(text):
        return None
    return text


def holds_question(text: str) -> bool:
    """Whether a mail asks for an answer."""
    return "?" in text or "？" in text


def topic_in(quote: Quote, lang: Lang) -> str | None:
    """The name of what somebody minds ("price"); None where no word says it, or it is a thought of ours."""
    if not quote.is_theirs and _holds(["i", "we"], quote.text, "en"):
        return None
    topics = _rules()["topics"]
    return next((name for name, words in topics.items() if _holds(words[lang], quote.text, lang)), None)


def is_missed(text: str) -> bool:
    """Whether a call reached nobody."""
    return any(_holds(_rules()["missed"][lang], text, lang) for lang in ("en", "zh"))


def undated(text: str, said_on: date | None, lang: Lang) -> Undated:
    """`text` without the days in it and the words that led to them, as seen from the day on which it was said."""
    plain = normalise(text)
    tokens = tokenize(plain)
    spans = find_dates(tokens, said_on, prefer="future") if said_on else []
    rules, days = _rules(), tuple(span.until for span in spans if span.until)
    for span in sorted(spans, key=lambda one: (-tokens[one.start].start, one.end)):
        start, end = tokens[span.start].start, tokens[span.end - 1].end
        if end > len(plain):
            continue  # inside a longer one that is gone by now
        led = rf"[\s,(]*(?:{rules['deadline_before'][lang]})?[\s,(]*$"
        before = re.sub(led, "", plain[:start], flags=re.IGNORECASE)
        after = re.sub(rf"^\s*(?:{rules['deadline_after'][lang]})", "", plain[end:])
        plain = before + (" " if lang == "en" and _LETTERED.match(after.strip()[:1]) else "") + after
    return Undated(plain.strip(), days)


def _thing(what: str, lang: Lang, *, is_ours: bool) -> str | None:
    for end in _rules()["after"][lang]:
        what = what.split(end)[0]
    what = re.sub(r"^\W+|[\s.,;:)。，；]+$", "", what)
    if not is_ours and lang == "en":
        what = re.sub(r"^(?:their|his|her|our|my)\b", "your", what, flags=re.IGNORECASE)
    fits = lang == "zh" or (_OPENS.match(what) is not None)
    return what if fits and _is_fit(what, lang) else None


def _is_fit(what: str, lang: Lang) -> bool:
    within = _SHORTEST[lang] < _size(what, lang) <= _LONGEST[lang]
    return within and not is_order(what) and not _holds(_rules()["not_theirs"][lang], what, lang)


def is_order(text: str) -> bool:
    """Whether a text holds an address, a link or what an order to a machine would hold: it is not said again."""
    return any(re.search(word, text, re.IGNORECASE) for word in _rules()["orders"])


def _size(text: str, lang: Lang) -> int:
    return len(text.split()) if lang == "en" else len(text)


def _turned(text: str, lang: Lang) -> str:
    words: dict[str, str] = _rules()["turned"][lang]
    edge = r"\b" if lang == "en" else ""
    by_length = sorted(words, key=len, reverse=True)
    pattern = rf"{edge}(?:{'|'.join(map(re.escape, by_length))}){edge}"
    return re.sub(pattern, lambda found: words[found[0].lower()], text, flags=re.IGNORECASE)


def _holds(words: list[str], text: str, lang: Lang) -> bool:
    edge = r"\b" if lang == "en" else ""
    return bool(words) and re.search(rf"{edge}(?:{'|'.join(words)}){edge}", text, re.IGNORECASE) is not None


@cache
def _forms(part: str, lang: Lang) -> tuple[re.Pattern[str], ...]:
    start = r"(?<![\w'])" if lang == "en" else ""
    return tuple(re.compile(start + form, re.IGNORECASE) for form in _rules()[part][lang] or [_NEVER])


def _rules() -> Any:
    return load_yaml("drafts/reading")
