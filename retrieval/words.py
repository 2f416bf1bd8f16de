"""Words of a text as search compares them: English stems, Chinese characters and their pairs.

Chinese needs no segmenter: pairs of characters find as well as dictionary words do.
"""

import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_RUN = re.compile(r"[㐀-鿿]+|[^\W_㐀-鿿]+")
_TOO_COMMON = 5.9  # Zipf frequency: "the", "about", "what"; about one word in 1,000 characters and more tells nothing
_LONGEST = 40  # characters of a word that is worth remembering


def words_of(text: str) -> list[str]:
    """The words that `text` is found by, in order, repeats included."""
    found: list[str] = []
    for run in _RUN.findall(_simplified(text.lower())):
        found += _pairs(run) if _is_chinese(run[0]) else _stem(run[:_LONGEST])
    return found


def telling_words(question: str) -> list[str]:
    """The words of a question that tell one text from another, each once; all of them where none does."""
    words = list(dict.fromkeys(words_of(question)))
    return [word for word in words if not _is_common(word)] or words


def chinese_share(text: str) -> float:
    """How much of a text is Chinese, from 0 to 1, by characters that make words."""
    runs = _RUN.findall(text)
    total = sum(map(len, runs))
    return sum(len(run) for run in runs if _is_chinese(run[0])) / total if total else 0.0


def joined(words: Iterable[str]) -> str:
    """Words in one string that `counts` can count in and a full-text index can split."""
    return "".join(f" {word} " for word in words)


def _is_chinese(character: str) -> bool:
    return "㐀" <= character <= "鿿"


def _pairs(run: str) -> list[str]:
    return [*run, *(run[at : at + 2] for at in range(len(run) - 1))]


def _simplified(text: str) -> str:
    """Traditional characters as simplified ones, character by character."""
    if not any(map(_is_chinese, text)):
        return text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its dictionary to the garbage collector
        from zhconv import convert

        return str(convert(text, "zh-hans"))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> tuple[str, ...]:
    return (_stemmer().stemWord(word),)


@lru_cache(maxsize=10_000)
def _is_common(stem: str) -> bool:
    from wordfreq import zipf_frequency

    return not _is_chinese(stem[0]) and zipf_frequency(stem, "en") >= _TOO_COMMON


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
