"""Text as the units that names are made of: a word, a run of digits, or one Chinese, Japanese or Korean character."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_TOKEN = re.compile(rf"{IDEOGRAPH}|(?:(?!{IDEOGRAPH})[^\W\d_])+|\d+")
_IDEOGRAPH = re.compile(IDEOGRAPH)
_GAP = re.compile(r"[ \u00a0.,'’`\-_\u00b7\u30fb\u2010-\u2015]{0,3}")
_PLAIN_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "đ": "d", "ł": "l"})


@dataclass(frozen=True, slots=True)
class Token:
    """One unit: where it stands, and how it reads without case and accents."""

    start: int
    end: int
    folded: str

    @property
    def is_ideograph(self) -> bool:
        """Whether it is a single character of a script without spaces."""
        return self.end - self.start == 1 and bool(_IDEOGRAPH.fullmatch(self.folded))


def tokens_of(text: str) -> list[Token]:
    """The units of `text`, in order."""
    return [Token(found.start(), found.end(), fold(found[0])) for found in _TOKEN.finditer(text)]


def folded(text: str) -> tuple[str, ...]:
    """How a name reads, unit by unit."""
    return tuple(token.folded for token in tokens_of(unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """`word` in lower case without accents."""
    if word.isascii():
        return word.lower()
    split = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN_LETTERS))
    return unicodedata.normalize("NFC", "".join(char for char in split if not unicodedata.combining(char)))


def touch(text: str, tokens: Sequence[Token]) -> bool:
    """Whether nothing but what stands inside names parts these tokens."""
    return all(_GAP.fullmatch(text, left.end, right.start) for left, right in pairwise(tokens))
