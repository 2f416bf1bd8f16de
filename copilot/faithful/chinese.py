"""Chinese names, which have no capitals: what stands before 公司 or 先生, and a surname that no word explains."""

import re
from collections.abc import Iterator
from functools import cache
from math import log10
from typing import TYPE_CHECKING

from copilot.egress.tokens import folded
from copilot.house_words import house_words
from crm_core.transfer.persons import SURNAMES
from prompts import load_yaml

if TYPE_CHECKING:
    from copilot.faithful.names import Known

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_LONGEST_WORD = 4
_COMMON = 3.0  # Zipf of a word that explains its characters
_FUNCTION = 5.6  # Zipf of a character that is a word of its own: 了, 时
_SURNAME = 5.9  # of one that is no surname where it stands alone: 于, 向


def names_in_chinese(text: str, known: "Known") -> Iterator[str]:
    """What looks like a company or a person and stands nowhere in the turn."""
    for found in _RUN.finditer(text):
        pieces = _pieces(found[0], known)
        yield from _companies(pieces, known)
        yield from _people(pieces, known)


def _pieces(run: str, known: "Known") -> list[str]:
    """The longest known words from the left; what no word covers stays in single characters."""
    pieces, at = [], 0
    while at < len(run):
        sizes = range(min(_LONGEST_WORD * 3, len(run) - at), 1, -1)
        size = next((n for n in sizes if _is_word(run[at : at + n], known)), 1)
        pieces.append(run[at : at + size])
        at += size
    return pieces


def _is_word(text: str, known: "Known") -> bool:
    if text in house_words() or known.shows(folded(text)):
        return True
    return len(text) <= _LONGEST_WORD and _zipf(text) >= _COMMON


def _companies(pieces: list[str], known: "Known") -> Iterator[str]:
    ends = load_yaml("faithful")["company_ends"]
    for before, two, end in zip(["", "", *pieces], ["", *pieces], pieces, strict=False):
        name = (before if len(before) == 1 else "") + two
        if end in ends and len(two) == 1 and len(name) == 2 and not known.shows(folded(name + end)):
            yield name + end


def _people(pieces: list[str], known: "Known") -> Iterator[str]:
    ends = load_yaml("faithful")["person_ends"]
    for at, piece in enumerate(pieces):
        if piece not in SURNAMES or _zipf(piece) >= _SURNAME:
            continue
        given = ""
        for after in pieces[at + 1 : at + 3]:
            if len(after) > 1 or _zipf(after) >= _FUNCTION:
                break
            given += after
        following = pieces[at + 1 : at + 2]
        if given and not known.shows(folded(piece + given)):
            yield piece + given
        elif following and following[0] in ends and not known.shows(folded(piece)):
            yield piece + following[0]


@cache
def _words() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    frequencies: dict[str, float] = get_frequency_dict("zh", wordlist="small")
    return frequencies


def _zipf(word: str) -> float:
    frequency = _words().get(word)
    return log10(frequency) + 9 if frequency else 0.0
