"""What a word that nothing knows was meant to be: a typing error, vowels left out, words run together.

A word that people do use is never one of these, however near it comes to a known one: "lessor" is not "lesser".
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from copilot.offline.dates import MONTHS
from copilot.offline.dates import VOCABULARY as CALENDAR
from copilot.offline.numbers import NUMERALS
from copilot.offline.tags import T
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Vocabulary

EVERYDAY_ZIPF = 3.0  # of ten words of this frequency nine are meant as they stand
IN_USE_ZIPF = 1.9  # rare words begin here, and typing errors end
VERY_COMMON_ZIPF = 4.7
LONG = 8  # letters: of so long a word one is wrong more often than it is another word
CLEARLY_COMMONER = 1.0  # in Zipf units: ten times as common
_VOWELS = "aeiou"
_SWAPPED = {"form": "from", "frm": "from", "fro": "for"}  # two letters changed places in a word as short as others
_NAMED = frozenset(
    ["the", "a", "an", "this", "that", "our", "order", "web", "in", "on", "by", "through", "via", "of", "per", "which",
     "what", "each", "every", "any"]
)  # fmt: skip
_SHORT = frozenset(["in", "of", "by", "to", "is", "my", "me", "no", "vs", "on", "at", "up", "we", "do", "so", "or"])
_WORD_AND_NUMBER = re.compile(r"([a-z]{3,})([0-9]{1,3}|(?:19|20)[0-9]{2})")
_NUMBER_AND_WORD = re.compile(r"([0-9]{1,3}|(?:19|20)[0-9]{2})([a-z]{3,})")
_MONTH_AND_YEAR = re.compile(r"([a-z]{3,9})'([0-9]{2})")
_DENYING = ("un", "in", "non", "dis", "im")  # "uninvoiced" is no misspelt "invoiced"
MOST_PIECES = 4


@dataclass(frozen=True)
class Speller:
    """Repairs single words with one vocabulary, except those of `leave` (which are pinyin)."""

    vocabulary: Vocabulary
    leave: Collection[str] = ()
    _met: dict[tuple[str, bool], tuple[str, ...] | None] = field(default_factory=dict)

    def repair(self, token: Token) -> tuple[str, ...] | None:
        """The known words that `token` stands for, or None where it is known, in use, a name or anything else."""
        word = token.text
        if token.script != "latin" or len(word) < 2 or word in self.vocabulary.words or word in CALENDAR:
            return None
        if word in self.leave:
            return None
        typed = (token.raw, token.start > 0)
        if typed not in self._met:
            self._met[typed] = self._repair(token, word)
        return self._met[typed]

    def _repair(self, token: Token, word: str) -> tuple[str, ...] | None:
        if parts := self._number_apart(word):
            return parts
        if not word.isalpha() or _is_a_name(token) or (word[-1] == "s" and word[:-1] in self.vocabulary.parts):
            return None
        if len(word) < 4:
            full = None if token.raw.isupper() or _zipf(word) >= EVERYDAY_ZIPF else self._with_vowels(word)
            return (full,) if full else None
        in_use = _zipf(word) >= IN_USE_ZIPF
        near = self._nearest(word, is_swapped=len(word) == 4 or (in_use and len(word) < LONG))
        if in_use:
            return (near[0],) if near and near[1] == 1 and _zipf(word) < EVERYDAY_ZIPF else None
        if near and near[1] == 1 and len(word) > 4:
            return (near[0],)
        if full := self._with_vowels(word):
            return (full,)
        return self._apart(word) or ((near[0],) if near else None)

    def swapped(self, before: Token | None, token: Token, after: Token | None) -> str | None:
        """The preposition that "form" was meant to be: behind a verb or a noun, before what it leads to."""
        meant = _SWAPPED.get(token.text)
        if meant is None or before is None or after is None or (token.text,) in self.vocabulary.phrases:
            return None
        return meant if after.script == before.script == "latin" and before.text not in _NAMED else None

    def joined(self, first: Token, second: Token) -> str | None:
        """The known word that a space or a hyphen tore apart ("pipe line"), or None."""
        word = first.text + second.text
        if not (first.script == second.script == "latin" and len(word) > 5 and word in self.vocabulary.words):
            return None
        whole = self._is_piece(first.text) and self._is_piece(second.text)
        said = (first.text, second.text) in self.vocabulary.phrases
        return None if whole or said or not self._is_piece(word) else word

    def _number_apart(self, word: str) -> tuple[str, ...] | None:
        """As in "top5", "gtk500", "may2017", "sep'17". A kind of record and a number may be an id ("deal12")."""
        if (month := _MONTH_AND_YEAR.fullmatch(word)) and month[1] in MONTHS:
            return month[1], "20" + month[2]
        found = _WORD_AND_NUMBER.fullmatch(word) or _NUMBER_AND_WORD.fullmatch(word)
        if found is None:
            return None
        letters, digits = (found[1], found[2]) if found[2][0].isdigit() else (found[2], found[1])
        in_front = letters == found[1]
        if in_front and self._may_be(letters, T.ENTITY):
            return None
        if in_front and letters in MONTHS and len(digits) < 4:
            return None  # "oct25" may be a day or a year
        pieces = (letters,) if self._is_piece(letters) or letters in MONTHS else self._apart(letters)
        if pieces is None:
            return None
        return (*pieces, digits) if in_front else (digits, *pieces)

    def _apart(self, word: str) -> tuple[str, ...] | None:
        """As in "lastquarter": known words without a space, the fewest and then the longest."""
        best: dict[int, tuple[tuple[int, int], tuple[str, ...]]] = {0: ((0, 0), ())}
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 14), end - 1):
                if start not in best or not self._is_piece(word[start:end]):
                    continue
                (pieces, squares), words = best[start]
                cost = (pieces + 1, squares - (end - start) ** 2)
                if pieces < MOST_PIECES and (end not in best or cost < best[end][0]):
                    best[end] = (cost, (*words, word[start:end]))
        found = best.get(len(word), ((0, 0), ()))[1]
        return found if len(found) > 1 and len(word) > 5 and self._is_telling(found) else None

    def _is_telling(self, pieces: tuple[str, ...]) -> bool:
        return max(map(len, pieces)) > 3 or all(piece in self.vocabulary.parts for piece in pieces)

    def _is_piece(self, word: str) -> bool:
        if len(word) < 3:
            return word in _SHORT or word in self.vocabulary.parts
        return (
            bool(self.vocabulary.phrases.get((word,)))
            or word in self.vocabulary.parts
            or word in CALENDAR
            or word in NUMERALS
        )

    def _with_vowels(self, word: str) -> str | None:
        """The one word of the data that is `word` with its vowels: "prdct", "opn", "clsd"."""
        if len(word) < 3 or _vowels(word) > 1:
            return None
        telling = self.vocabulary.spelled.telling.get(word[0], ())
        found = [w for w in telling if len(word) < len(w) <= 2 * len(word) + 3 and _lacks_vowels(word, w)]
        found.sort(key=_zipf, reverse=True)
        if len(found) > 1 and _zipf(found[0]) - _zipf(found[1]) < CLEARLY_COMMONER:
            return None
        return found[0] if found else None

    def _nearest(self, word: str, *, is_swapped: bool) -> tuple[str, int] | None:
        """The known word that is one typing error away, or two from a long one; or only two letters changed places."""
        allowed = 1 if len(word) < 7 else 2
        lengths = range(max(3, len(word) - allowed), len(word) + allowed + 1)
        candidates = [known for length in lengths for known in self.vocabulary.spelled.by_length.get(length, ())]
        candidates = [known for known in candidates if word.removesuffix(known) not in _DENYING]
        if is_swapped:
            candidates = [known for known in candidates if sorted(known) == sorted(word)]
        near = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=4)
        near = [match for match in near if self._may_become(match[0], match[1])]
        if not near:
            return None
        best = [found for found, distance, _ in near if distance == near[0][1]]
        # a typing error rarely changes the first letter or the last, and keeps the common word
        best.sort(
            key=lambda found: (
                sorted(found) != sorted(word), found[0] != word[0], found[-1] != word[-1], -_zipf(found, "small"),
            )
        )  # fmt: skip
        return str(best[0]), int(near[0][1])

    def _may_become(self, word: str, distance: float) -> bool:
        """A typing error becomes a word that says nothing only where it is a very common word, one letter away."""
        senses = self.vocabulary.phrases.get((word,), ())
        silent = bool(senses) and all(s.type in (T.FILLER, T.PREP, T.SMALLTALK) for s in senses)
        return not silent or (distance <= 1 and _zipf(word, "small") >= VERY_COMMON_ZIPF)

    def _may_be(self, word: str, kind: T) -> bool:
        return any(sense.type is kind for sense in self.vocabulary.phrases.get((word,), ()))


def _is_a_name(token: Token) -> bool:
    """Capitalised inside a sentence."""
    return token.raw[:1].isupper() and not token.raw.isupper() and token.start > 0


def _lacks_vowels(word: str, full: str) -> bool:
    """Whether `word` is `full` with some of its vowels left out, and nothing else."""
    at = 0
    for letter in full:
        if at < len(word) and word[at] == letter:
            at += 1
        elif letter not in _VOWELS:
            return False
    return at == len(word)


def _vowels(word: str) -> int:
    return sum(letter in _VOWELS for letter in word)


def _zipf(word: str, size: str = "best") -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en", wordlist=size))
