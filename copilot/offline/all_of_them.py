"""A number that says nothing new, in Chinese: 三个大区, where there are three, is each of them."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.tags import T
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Vocabulary

_DIGITS = {"两": 2, **{char: at for at, char in enumerate("零一二三四五六七八九十")}}
_NO_ALL = frozenset("前后最第哪另这那其几每头近大")  # 前三个区, 另外两个区 are some of them
_EACH = "各"


def each_of_all(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """The tokens with 各 for the number of the values of a column, where it is the number of all that are stored."""
    out = list(tokens)
    for at, token in enumerate(out):
        number = _DIGITS.get(token.text) or (int(token.text) if token.text.isdigit() and len(token.text) < 3 else 0)
        counted = at + 1 < len(out) and out[at + 1].text == "个"
        before = out[at - 1].text if at else ""
        if number < 2 or not counted or before in _NO_ALL or before in _DIGITS:
            continue
        if any(number == _values(vocabulary, dotted) for dotted in _columns(out, at + 2, vocabulary)):
            each = replace(token, text=_EACH, raw=_EACH, script="cjk")
            rest = out[at + 2 :]
            return [*out[:at], each, *[t for k, t in enumerate(rest) if k > 4 or not _is_each(rest, k)]]
    return out


def _is_each(rest: Sequence[Token], at: int) -> bool:
    """Whether it is part of 各自 or 分别, said besides."""
    pair = ("各自", "分别")
    texts = [token.text for token in rest]
    return "".join(texts[at : at + 2]) in pair or (at > 0 and "".join(texts[at - 1 : at + 1]) in pair)


def _columns(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> list[str]:
    """The columns that the noun at `at` names: the longest one."""
    for size in (4, 3, 2, 1):
        senses = vocabulary.phrases.get(tuple(token.text for token in tokens[at : at + size]), ())
        found = [str(sense.value) for sense in senses if sense.type is T.FIELD]
        if found and len(tokens) >= at + size:
            return found
    return []


def _values(vocabulary: Vocabulary, dotted: str) -> int:
    """How many different values are stored in it."""
    senses = (sense for _, readings in vocabulary.phrases.of(T.VALUE) for sense in readings)
    return len({sense.value[1] for sense in senses if sense.type is T.VALUE and sense.value[0] == dotted})
