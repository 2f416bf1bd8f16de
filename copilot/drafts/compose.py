"""A letter composed from the parts of `prompts/drafts`. The facts choose among the sentences, never chance."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from copilot.context import Lang
from copilot.drafts.facts import Fact, Facts
from copilot.drafts.voice import Voice
from copilot.drafts.wishes import Length, Tone, Wishes, topics_left_out
from crm_core.models import Purpose
from crm_core.reaching import Recipient
from prompts import fill, load_yaml

_HOLE = re.compile(r"\{\{(\w+)\}\}")
_LENGTHS: tuple[Length, ...] = ("short", "normal", "long")
_AGAIN = frozenset(
    {"account", "deal", "me", "product", "talk", "inbound", "sent", "quiet", "scope"}
)  # may be named twice
_SMALL = re.compile(r"^(?:the|a|an|any|anything about|about|our|my)\s+", re.IGNORECASE)
_EVENTS = frozenset({"talk", "missed", "sent", "inbound", "quiet"})
_ENDS = {"price": ("_amount", "blank_price"), "date": ("_day", "_due", "_when", "_until")}
_WITHOUT = {"unpriced": "price", "undated": "date"}
_BLANK = "blank"


@dataclass(frozen=True)
class Sentence:
    """One sentence of a letter.

    Attributes:
        text: as it stands there.
        facts: names of the facts in it.
        begins: it begins a paragraph.
    """

    text: str
    facts: tuple[str, ...] = ()
    begins: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail as composed.

    Attributes:
        subject: its line.
        greeting: its first line.
        sentences: of the text.
        ending: sign-off and name.
        purpose, tone, length, lang: as they were settled.
        between: what stands between two sentences.
        subject_facts: names of the facts in the subject.
    """

    subject: str
    greeting: str
    sentences: tuple[Sentence, ...]
    ending: str
    purpose: Purpose
    tone: Tone
    length: Length
    lang: Lang
    between: str = " "
    subject_facts: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The whole text."""
        paragraphs: list[list[str]] = []
        for one in self.sentences:
            if one.begins or not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(one.text)
        return "\n\n".join([self.greeting, *(self.between.join(some) for some in paragraphs), self.ending])

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the facts that the letter holds, in order."""
        return tuple(dict.fromkeys([*(name for one in self.sentences for name in one.facts), *self.subject_facts]))


@dataclass
class Composer:
    """Composes one letter.

    Attributes:
        facts: that it may say.
        wishes: of the asker, with the purpose settled.
        voice: of the sender.
        name: of the person; empty: it is not known.
        whom: it goes to.
        sender: the name to sign with, where the voice has none.
        lang: of the letter.
        extra: sentences on what the asker wants mentioned, as parts.
    """

    facts: Facts
    wishes: Wishes
    voice: Voice
    name: str
    whom: Recipient
    sender: str
    lang: Lang
    extra: Sequence[dict[str, Any]] = ()
    _used: set[str] = field(default_factory=set)

    def letter(self) -> Letter:
        """The letter."""
        words = load_yaml(f"drafts/{self.lang}")
        assert self.wishes.purpose is not None
        wanted = words["purposes"][str(self.wishes.purpose)]
        end = self._ask(wanted["parts"])
        sentences = tuple(self._sentences([*wanted["parts"][:end], *self.extra, *wanted["parts"][end:]]))
        subject, facts = self._chosen("subject", wanted["subject"]) or ("", ())
        return Letter(
            subject, self._greeting(), sentences, self._ending(), self.wishes.purpose, self.tone, self.length,
            self.lang, words["between"], facts,
        )  # fmt: skip

    @property
    def tone(self) -> Tone:
        """As wished, else plain."""
        return self.wishes.tone or "plain"

    @property
    def length(self) -> Length:
        """As wished, else the sender's usual one."""
        return self.wishes.length or self.voice.length or "normal"

    def _ask(self, parts: Sequence[dict[str, Any]]) -> int:
        """Where the closing question begins: what the asker adds stands before it."""
        return max(at for at, part in enumerate(parts) if part.get("para") and part["from"] == "short")

    def _sentences(self, parts: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
        left_out, most, begins = topics_left_out(self.wishes), _LENGTHS.index(self.length), True
        for at, part in enumerate(parts):
            begins = begins or bool(part.get("para"))
            is_kept = part.get("about") not in left_out - {"price"}
            chosen = self._chosen(str(at), part["says"]) if is_kept and _LENGTHS.index(part["from"]) <= most else None
            if chosen:
                yield Sentence(*chosen, begins=begins)
                begins = False

    def _chosen(self, part: str, variants: Sequence[str | dict[str, str]]) -> tuple[str, tuple[str, ...]] | None:
        """The sentence of a part with its facts: of those that say most, the one that the facts pick."""
        usable = [one for one in map(self._told, variants) if one and self._is_usable(one)]
        if not usable:
            return None
        own = [one for one, given in zip(usable, usable, strict=True) if self._is_of_tone(given, variants)] or usable
        most = max(map(self._worth, own))
        best = [one for one in own if self._worth(one) == most]
        template = best[self._draw(part, len(best))]
        names = tuple(dict.fromkeys(hole.split("_")[0] for hole in _HOLE.findall(template)))
        facts = tuple(name for name in names if name != _BLANK)
        self._used.update(facts)
        return self._filled(template), facts

    def _told(self, variant: str | dict[str, str]) -> str | None:
        """The words of a variant; None where it is for another tone, or for a mail without prices or days."""
        if isinstance(variant, str):
            return variant
        left_out = topics_left_out(self.wishes)
        without = (variant.get(name) for name, topic in _WITHOUT.items() if topic in left_out)
        return variant.get(self.tone) or next(filter(None, without), None)

    def _is_of_tone(self, template: str, variants: Sequence[str | dict[str, str]]) -> bool:
        return any(isinstance(one, dict) and template in one.values() for one in variants)

    def _is_usable(self, template: str) -> bool:
        holes, known = _HOLE.findall(template), self.facts.holes()
        if any(not hole.startswith(_BLANK) and hole not in known for hole in holes):
            return False
        names = {hole.split("_")[0] for hole in holes}
        if names & self._used - _AGAIN:
            return False
        ends = tuple(end for topic in topics_left_out(self.wishes) for end in _ENDS.get(topic, ()))
        if any(hole.endswith(ends) for hole in holes if ends):
            return False
        text = fill(template, **known, **self._blanks()).casefold()
        return not any(_SMALL.sub("", one).casefold() in text for one in self.wishes.leave_out)

    def _worth(self, template: str) -> tuple[bool, int, date]:
        """No blanks before some, then as many facts as can be, then the latest event."""
        holes = _HOLE.findall(template)
        names = {hole.split("_")[0] for hole in holes} - {_BLANK}
        days = (self.facts.known[name].day for name in names & _EVENTS)
        newest = max((day for day in days if day), default=date.min)
        return not any(hole.startswith(_BLANK) for hole in holes), len(names), newest

    def _filled(self, template: str) -> str:
        words = load_yaml(f"drafts/{self.lang}")
        if self.lang == "en" and self.tone != "formal" and (self.voice.contracts or self.tone == "warm"):
            for whole, short in words["contractions"].items():
                template = re.sub(rf"\b{whole}\b", short, template)
        if self.lang == "zh" and self.voice.is_familiar and self.tone != "formal":
            template = template.replace("您", "你")
        return fill(template, **self.facts.holes(), **self._blanks())

    def _blanks(self) -> dict[str, str]:
        names = (name for name in load_yaml(f"drafts/{self.lang}")["blanks"] if name != "mark")
        return {f"{_BLANK}_{name}": blank(name, self.lang) for name in names}

    def _draw(self, part: str, among: int) -> int:
        words = [self.name, str(self.wishes.purpose), part, *self.facts.holes().values()]
        return int.from_bytes(hashlib.sha256("\n".join(words).encode()).digest()[:8], "big") % among

    def _greeting(self) -> str:
        words = load_yaml(f"drafts/{self.lang}")
        known = dict(self.voice.known).get(self.whom)
        if known and self.wishes.tone is None:
            return known
        word = words["greetings"][self.tone]
        if not self.name:
            return str(words["greeting_nobody"])
        if self.lang == "zh":
            told = f"{word}{self.name}{words['after_greeting']}"
            return told.replace("您", "你") if self.voice.is_familiar and self.tone != "formal" else told
        if self.wishes.tone is None and self.voice.greeting:
            word = self.voice.greeting
        is_first = self.name.isascii() or " " in self.name
        name = self.name.split()[0] if is_first and self.tone != "formal" else self.name
        return f"{word} {name}{words['after_greeting']}"

    def _ending(self) -> str:
        closing = load_yaml(f"drafts/{self.lang}")["closings"][self.tone]
        if self.wishes.tone is None and self.voice.closing:
            closing = self.voice.closing
        return f"{closing}{',' if self.lang == 'en' else ''}\n{self.voice.signature or self.sender}"


def blank(name: str, lang: Lang) -> str:
    """A marked blank for what is missing."""
    blanks = load_yaml(f"drafts/{lang}")["blanks"]
    return fill(blanks["mark"], what=blanks[name])


def facts_of(letter: Letter, facts: Facts) -> tuple[Fact, ...]:
    """The facts that a letter says."""
    return tuple(facts.known[name] for name in letter.used if name in facts.known)
