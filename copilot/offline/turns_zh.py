"""Patterns over Chinese words as patterns over tokens: of Chinese every character is one, with a space behind it.

Knows no vocabulary. The patterns themselves stand in `prompts/lexicon/turns_zh.yaml`.
"""

import re
from collections.abc import Mapping

_CLASS = re.compile(r"\[[^\]]*\]")
_BOUND = "(?:^|(?<=[，,。.？?！!；;：:、] ))"  # ⟦: where a clause begins; ⟧: where it ends
_MARKS = {"，": ",", "？": "?", "！": "!", "；": ";", "：": ":"}
_END = "(?=$|[，,。.？?！!；;：:、] )"


def pattern_of(said: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern as it holds over tokens with one space behind each.

    Args:
        said: a regular expression over Chinese, in which a dot is any token but a mark, {name} one of the words of that
            name, ⟦ the beginning and ⟧ the end of a clause.
        words: name → the words as an alternation ("单数|数量").
    """
    filled = re.sub(r"\{([a-z_]+)\}", lambda hole: f"(?:{words[hole[1]]})", said)
    return re.compile("(?:^|(?<= ))" + "".join(_pieces(filled)))


def _pieces(said: str) -> list[str]:
    out, at = [], 0
    while at < len(said):
        char, found = said[at], _CLASS.match(said, at)
        if found:
            out.append(f"(?:{found.group()} )")
            at = found.end()
            continue
        if char == "\\":
            out.append(said[at : at + 2])
            at += 2
            continue
        out.append(_piece(char))
        at += 1
    return out


def _piece(char: str) -> str:
    if char == ".":
        return r"(?:[^\s，,。？?！!；;：:、]\S* )"
    if char == "⟦":
        return _BOUND
    if char == "⟧":
        return _END
    if char in _MARKS:
        return f"(?:[{char}{_MARKS[char]}] )"
    return f"(?:{char} )" if ord(char) > 0x2E7F else char
