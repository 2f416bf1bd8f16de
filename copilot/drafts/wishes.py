"""How a mail is wished for: purpose, tone, length, language, what to mention and what to leave out, read from words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from copilot.context import Lang
from copilot.drafts.blanks import Fill, fill_words, kept_fills
from crm_core.models import Purpose
from prompts import load_yaml

Tone = Literal["formal", "plain", "warm"]
Length = Literal["short", "normal", "long"]
_PARTS = re.compile(
    r"\s*(?:[,，;；。]|\.(?:\s|$)|\band\b(?=\s+(?:also |please )?(?:mention|include|leave|drop|make|keep|in)\b))\s*",
    re.IGNORECASE,
)
_MARKS = ' .!?,;。！？，；"“”'
_LONGEST_TOPIC = 80


@dataclass(frozen=True)
class Wishes:
    """What the asker wants of a mail; None: it is worked out.

    Attributes:
        purpose: what it is for.
        tone: formal | plain | warm.
        length: short | normal | long.
        lang: of the mail.
        mention: topics, in the asker's words.
        leave_out: topics, in the asker's words.
        fills: blanks and what the asker put into them.
        unread: words that none of this explains.
    """

    purpose: Purpose | None = None
    tone: Tone | None = None
    length: Length | None = None
    lang: Lang | None = None
    mention: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    fills: tuple[Fill, ...] = ()
    unread: tuple[str, ...] = ()

    def then(self, later: "Wishes") -> "Wishes":
        """These, corrected by later ones."""
        gone = {one.casefold() for one in later.leave_out}
        back = {one.casefold() for one in later.mention}
        return Wishes(
            later.purpose or self.purpose, later.tone or self.tone, later.length or self.length,
            later.lang or self.lang,
            tuple(dict.fromkeys([*(one for one in self.mention if one.casefold() not in gone), *later.mention])),
            tuple(dict.fromkeys([*(one for one in self.leave_out if one.casefold() not in back), *later.leave_out])),
            tuple(dict([*self.fills, *later.fills]).items()), later.unread,
        )  # fmt: skip

    def words(self) -> str:
        """The same in words that `read_wishes` reads back."""
        lang = {"en": "in English", "zh": "in Chinese"}.get(self.lang or "")
        plain = [*(f"mention {one}" for one in self.mention), *(f"leave out {one}" for one in self.leave_out)]
        length = "normal length" if self.length == "normal" else self.length
        fills = map(fill_words, self.fills)
        return ", ".join(filter(None, [*fills, self.purpose, self.tone, length, lang, *plain]))

    def lines(self) -> str:
        """What to mention, to leave out and to fill in, a line each, as a draft keeps them."""
        named = [*(("mention", one) for one in self.mention), *(("leave out", one) for one in self.leave_out)]
        named += [(f"fill {name}", " ".join(words.split())) for name, words in self.fills]
        return "\n".join(f"{kind}: {one}" for kind, one in named)


def read_lines(lines: str) -> Wishes:
    """The wishes that a draft keeps."""
    pairs = [line.split(": ", 1) for line in lines.splitlines() if ": " in line]
    return Wishes(
        mention=tuple(what for kind, what in pairs if kind == "mention"),
        leave_out=tuple(what for kind, what in pairs if kind == "leave out"),
        fills=tuple((kind.removeprefix("fill "), what) for kind, what in pairs if kind.startswith("fill ")),
    )


def read_wishes(text: str) -> Wishes:
    """The wishes in a person's words: "shorter, in Chinese, and mention the pilot"."""
    fills, text = kept_fills(text)
    found = Wishes(fills=fills)
    for part in _PARTS.split(text):
        bare = (part or "").strip(_MARKS)
        if bare:
            later = _read(bare)
            found = replace(found.then(later), unread=(*found.unread, *later.unread))
    return found


def _read(part: str) -> Wishes:
    if part in list(Purpose):
        return Wishes(purpose=Purpose(part))
    for sort in ("leave_out", "mention"):
        topic = _topic(sort, part)
        if topic:
            return Wishes(leave_out=(topic,)) if sort == "leave_out" else Wishes(mention=(topic,))
    rest, found = part, {}
    for name in ("tone", "length", "language", "purpose"):
        value, rest = _value(name, rest)
        if value:
            found["lang" if name == "language" else name] = Purpose(value) if name == "purpose" else value
    unread = (part,) if _has_more(rest) else ()
    return Wishes(**found, unread=unread)  # type: ignore[arg-type] # the keys of the lexicon are the values


def _has_more(rest: str) -> bool:
    """Whether words are left that are no fillers."""
    fillers = _lexicon()["fillers"]
    for word in sorted(fillers["zh"], key=len, reverse=True):
        rest = rest.replace(word, " ")
    return any(bare not in fillers["en"] for word in rest.lower().split() if (bare := word.strip(_MARKS)))


def _topic(sort: str, part: str) -> str | None:
    for form in _forms(sort):
        match = form.fullmatch(part)
        topic = match["topic"].strip(_MARKS)[:_LONGEST_TOPIC] if match else ""
        if topic and topic.lower() not in _lexicon()["pointers"]:
            return topic
    return None


def _value(name: str, part: str) -> tuple[Any, str]:
    """The first value that a word of `part` names, and the part without the word."""
    for value, pattern in _patterns(name):
        match = pattern.search(part)
        if match:
            return value, f"{part[: match.start()]} {part[match.end() :]}"
    return None, part


def of_topics(topics: Sequence[str]) -> Wishes:
    """What a mail is to be about: topics to mention, or a purpose that one of them names ("his objections")."""
    named = {topic: read_wishes(topic) for topic in topics}
    own = {
        topic: one.purpose for topic, one in named.items() if one.purpose in _lexicon()["subjects"] and not one.unread
    }
    return Wishes(purpose=next(iter(own.values()), None), mention=tuple(topic for topic in topics if topic not in own))


def names_purpose_alone(text: str, wishes: Wishes) -> bool:
    """Whether a purpose is all that is wished for, and no word says that a draft is to become it."""
    remade = _lexicon()["remade"]
    says_so = re.search(f"{remade['en']}|{remade['zh']}", text, re.IGNORECASE) is not None
    return wishes == Wishes(purpose=wishes.purpose) and not says_so


def topics_left_out(wishes: Wishes) -> set[str]:
    """The parts of a mail that the wishes leave out, by name."""
    topics = _lexicon()["leave_out_topics"]
    return {name for one in wishes.leave_out for name, words in topics.items() if _pattern(words).search(one)}


def _patterns(name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    return ((value, _pattern(words)) for value, words in _lexicon()[name].items())


def _pattern(words: dict[str, list[str]]) -> re.Pattern[str]:
    return _compiled("|".join(words["en"]), "|".join(words["zh"]))


@cache
def _compiled(english: str, chinese: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{english})(?![\w-])|(?:{chinese})", re.IGNORECASE)


@cache
def _forms(sort: str) -> tuple[re.Pattern[str], ...]:
    forms = _lexicon()[sort]
    return tuple(re.compile(form, re.IGNORECASE) for form in (*forms["en"], *forms["zh"]))


def _lexicon() -> Any:
    return load_yaml("lexicon/draft")
