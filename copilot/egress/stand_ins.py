"""Stand-ins for people, emails and phones: "Person-k7wq2zz". The same person is the same stand-in in one conversation.

A stand-in is a keyed hash, so it says nothing to whoever lacks the key, and nothing needs to be stored: what was given
out is worked out again from the messages that leave.
"""

import base64
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize

from copilot.egress.patterns import digits_of, emails_in, phones_in
from copilot.egress.people import LEAST_OF_A_PART, Key, People
from copilot.egress.tokens import Token, fold, tokens_of, touch
from copilot.fence import strip_invisible
from copilot.house_words import house_words

_CODE = 7  # characters of five bits
STAND_IN = re.compile(
    rf"(?<![A-Za-z0-9])(person|email|phone)[-_ \u2010-\u2015]?([a-z2-7]{{{_CODE}}})(?:[-_](\d{{1,2}})(?!\d))?",
    re.IGNORECASE,
)
_RARE_ZIPF = 4.0  # a part of a name in small letters counts where it is no everyday word


@dataclass(frozen=True, slots=True)
class _Found:
    """Something personal in a text: where, and what it is; `key` is the same for every way to write it."""

    start: int
    end: int
    kind: str
    key: str
    value: str


@dataclass
class StandIns:
    """The stand-ins of one conversation, as far as texts were masked.

    Attributes:
        people: of the store.
        key: of this conversation; whoever lacks it cannot tell or make stand-ins.
        given: stand-in in small letters → what it stands for.
    """

    people: People
    key: bytes
    given: dict[str, str] = field(default_factory=dict)
    _named: set[Key] = field(default_factory=set)

    def notice(self, text: str) -> None:
        """See who is named in full, so that parts of their names can be told from others'."""
        for first, last, key in self._names_in(text):
            if first is not last and key in self.people.full:
                self._named.add(self._canonical(key))

    def mask(self, text: str) -> str:
        """`text` with a stand-in for each person, email and phone; characters that nobody sees are dropped."""
        plain = self.people.remember("plain", text, self._plain)
        return plain[0] if plain else self._masked(_visible(text))

    def _plain(self, text: str) -> tuple[str, ...]:
        """The text itself where it holds nothing personal: so does most of what leaves."""
        whole = _visible(text)
        others = self._others(whole)
        return () if others or self._names_in(whole) else (whole,)

    def _masked(self, text: str) -> str:
        out, at = [], 0
        for found in sorted(self._find(text), key=lambda one: one.start):
            out += [text[at : found.start], self._stand_in(found)]
            at = found.end
        return "".join([*out, text[at:]])

    def restore(self, text: str) -> str:
        """`text` with what stands behind each stand-in that was given out; any other one is text."""
        return STAND_IN.sub(lambda found: self._behind(found), text) if self.given else text

    def count(self) -> dict[str, int]:
        """How many stand-ins of each kind were given out."""
        return dict(Counter(name.partition("-")[0] for name in self.given))

    def _behind(self, found: re.Match[str]) -> str:
        name = f"{found[1]}-{found[2]}".lower()
        part = f"{name}-{found[3]}" if found[3] else name
        if part in self.given:
            return self.given[part]
        return self.given[name] + found[0][found.end(2) - found.start() :] if name in self.given else found[0]

    def _find(self, text: str) -> list[_Found]:
        others = self.people.remember("others", text, self._others)
        return [*others, *self._people_in(_blank(text, others))]

    def _others(self, text: str) -> tuple[_Found, ...]:
        emails = [_Found(m.start(), m.end(), "Email", fold(m[0]), m[0]) for m in emails_in(text)]
        free = _blank(text, emails)
        phones = [self._phone(m) for m in phones_in(free, self.people.phones)]
        return (*emails, *phones)

    def _phone(self, found: re.Match[str]) -> _Found:
        digits = digits_of(found[0])
        return _Found(found.start(), found.end(), "Phone", digits, self.people.phones.get(digits, found[0]))

    def _people_in(self, text: str) -> Iterator[_Found]:
        for first, last, key in self._names_in(text):
            whole = key in self.people.full
            name = self._canonical(key) if whole else self._whose(key)
            written = text[first.start : last.end]
            value = self.people.full[key] if whole else written
            place = "" if whole or name == key else f"-{name.index(key[0]) + 1}"
            yield _Found(first.start, last.end, "Person", "\0".join(name) + place, value)

    def _names_in(self, text: str) -> tuple[tuple[Token, Token, Key], ...]:
        return self.people.remember("names", text, lambda text: tuple(self._names(text, tokens_of(text))))

    def _names(self, text: str, tokens: list[Token]) -> Iterator[tuple[Token, Token, Key]]:
        """Names and parts of names, the longest at each place."""
        at = 0
        while at < len(tokens):
            size = self._longest(text, tokens, at)
            if size:
                yield tokens[at], tokens[at + size - 1], tuple(token.folded for token in tokens[at : at + size])
            at += size or 1

    def _longest(self, text: str, tokens: list[Token], at: int) -> int:
        for size in self.people.lengths.get(tokens[at].folded, ()):
            span = tokens[at : at + size]
            key = tuple(token.folded for token in span)
            if len(span) == size and self._is_name(text, span, key) and touch(text, span):
                return size
        return 0

    def _is_name(self, text: str, span: list[Token], key: Key) -> bool:
        written = text[span[0].start : span[-1].end]
        if (key not in self.people.full and key not in self.people.parts) or _is_glued(text, span[0], span[-1]):
            return False
        if len(key) == 1:
            return _stands_out(written, key[0])
        is_words = all(unit in house_words() for unit in key)  # a lead called "New Customer"
        return not is_words or written == self.people.full.get(key)

    def _canonical(self, key: Key) -> Key:
        return _units(self.people.full[key])

    def _whose(self, part: Key) -> Key:
        """The one person named in full in this conversation whose name it is part of, else the part itself."""
        owners = self.people.parts[part] & self._named
        return next(iter(owners)) if len(owners) == 1 else part

    def _stand_in(self, found: _Found) -> str:
        whole, _, place = found.key.partition("-") if found.kind == "Person" else (found.key, "", "")
        name = f"{found.kind}-{_code(self.key, found.kind, whole)}" + (f"-{place}" if place else "")
        self.given.setdefault(name.lower(), found.value)
        return name


def _visible(text: str) -> str:
    return normalize("NFC", strip_invisible(text))


@lru_cache(maxsize=50_000)
def _code(key: bytes, kind: str, whole: str) -> str:
    digest = hmac.new(key, f"{kind}\0{whole}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:_CODE]


@lru_cache(maxsize=50_000)
def _units(name: str) -> Key:
    return tuple(token.folded for token in tokens_of(name))


def _is_glued(text: str, first: Token, last: Token) -> bool:
    """Whether letters and digits run on: "ace" of the id 89ace63 is nobody."""
    before, after = text[first.start - 1 : first.start], text[last.end : last.end + 1]
    left = before.isascii() and before.isalnum() and not first.is_ideograph
    return left or (after.isascii() and after.isalnum() and not last.is_ideograph)


def _stands_out(written: str, folded: str) -> bool:
    """Whether one word alone may be a name: it has a capital, or is no everyday word."""
    if written[0].isupper() or len(folded) < LEAST_OF_A_PART:
        return written[0].isupper()
    from wordfreq import zipf_frequency

    return bool(zipf_frequency(folded, "en", wordlist="small") < _RARE_ZIPF)


def _blank(text: str, found: Sequence[_Found]) -> str:
    """`text` with line ends where something was found already: nothing is found twice, or across it."""
    for one in found:
        text = text[: one.start] + "\n" * (one.end - one.start) + text[one.end :]
    return text
