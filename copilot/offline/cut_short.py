"""What is said once and meant twice, and shares told in tens: "the second quarter and the third", "six out of ten"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.numbers import find_numbers
from copilot.offline.tokens import Token

_PLACES = ("first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th", "last")
_PERIODS = ("quarter", "half", "month", "week")
_JOINS = frozenset({"and", "to", "or", "vs", "versus", "than", "against", "with", "into", "from", "v", "-", "–", "/"})
_BETWEEN = frozenset({"the", "in", "of", "for", "from", "during", "on"})
_AFTER = frozenset({"this", "last", "did", "do", "how", "by"})
_COMPARED = frozenset({"than", "least", "most", "under", "over", "below", "above"})
_PLURAL = {f"{period}s": period for period in (*_PERIODS[:1], *_PERIODS[2:])} | {"halves": "half"}
_NUMBERED = re.compile(r"([qh])([1-4])")
_LETTERS = {"q": "quarter", "h": "half"}
_REACH = 14  # tokens between the two places
_WHOLES = {3: "three", 4: "four", 5: "five", 10: "ten", 100: "hundred"}
_OUT_OF = (("out", "of"), ("out", "of", "every"), ("in",), ("in", "every"), ("of", "every"))


def both_nouns(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the noun of a period behind each of the places that share it."""
    return _second_noun(_first_noun(list(tokens)))


def _first_noun(tokens: list[Token]) -> list[Token]:
    """As in "the third and fourth quarters": it stands with the last one."""
    for at in range(len(tokens) - 2, 0, -1):
        if tokens[at].text not in _JOINS or tokens[at - 1].text not in _PLACES:
            continue
        place = at + 2 if tokens[at + 1].text == "the" else at + 1
        noun = tokens[place + 1] if place + 1 < len(tokens) and tokens[place].text in _PLACES else None
        single = _PLURAL.get(noun.text, noun.text) if noun else ""
        if noun is not None and single in _PERIODS:
            tokens = [*tokens[: place + 1], _word(noun, single), *tokens[place + 2 :]]
            tokens.insert(at, _word(tokens[at - 1], single))
    return tokens


def _second_noun(tokens: list[Token]) -> list[Token]:
    """As in "the second quarter and the third", "Q2 and the third": it stands with the first one."""
    out: list[Token] = []
    noun, since = "", 0
    for at, token in enumerate(tokens):
        out.append(token)
        numbered = _NUMBERED.fullmatch(token.text)
        named = at > 0 and token.text in _PERIODS and tokens[at - 1].text in _PLACES
        if named or numbered:
            noun, since = (_LETTERS[numbered[1]] if numbered else token.text), at
        elif noun and token.text in _PLACES and at - since <= _REACH and _is_joined(tokens, at) and _ends(tokens, at):
            out.append(_word(token, noun))
    return out


def _is_joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" or the like stands before the place, with small words between them at most."""
    while at and tokens[at - 1].text in _BETWEEN - _JOINS:
        at -= 1
    return at > 0 and tokens[at - 1].text in _JOINS


def _ends(tokens: Sequence[Token], at: int) -> bool:
    """Whether no other noun follows: the end, a mark, a year, a verb that people ask with."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        after is None or after.script != "latin" or after.text in _BETWEEN | {"this", "last", "did", "do", "how", "by"}
    )


def shares_in_tens(tokens: Sequence[Token]) -> list[Token]:
    """As in "six out of ten", "two deals in three", "half": written as a percentage, behind a comparison."""
    out = list(tokens)
    for at in range(len(out) - 1, 0, -1):
        found = (
            _share_at(out, at)
            if out[at - 1].text in ("than", "least", "most", "under", "over", "below", "above")
            else None
        )
        if found is not None:
            value, end, noun = found
            text = f"{value:.6g}"
            words = [
                replace(out[at], text=text, raw=text, script="number"),
                replace(out[at], text="%", raw="%", script="symbol"),
            ]
            of = [_word(out[at], "of"), *noun] if noun and not (end < len(out) and out[end].text == "of") else []
            out[at:end] = [*words, *of]
    return out


def _share_at(tokens: Sequence[Token], at: int) -> tuple[float, int, list[Token]] | None:
    """The percentage that begins there, where it ends, and the noun that stood inside it."""
    if tokens[at].text == "half" and tokens[at + 1 : at + 2] and tokens[at + 1].text in ("of", "their", "the"):
        return 50.0, at + 1, []
    part = _count(tokens, at)
    if part is None:
        return None
    for size in (0, 1):
        for words in _OUT_OF:
            start = part[1] + size
            whole = _count(tokens, start + len(words))
            said = tuple(token.text for token in tokens[start : start + len(words)])
            if said == words and whole is not None and whole[0] in _WHOLES and 0 < part[0] < whole[0]:
                return round(100 * part[0] / whole[0], 4), whole[1], list(tokens[part[1] : start])
    return None


def _count(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A plain whole number that begins there, and where it ends."""
    found = [n for n in find_numbers(tokens[at : at + 2]) if n.start == 0][:1]
    if not found or found[0].is_money or found[0].is_percent or found[0].unit or found[0].is_ordinal:
        return None
    return (int(found[0].value), at + found[0].end) if found[0].value == int(found[0].value) else None


def _word(token: Token, text: str) -> Token:
    return replace(token, text=text, raw=text, script="latin")
