"""Years as they are said: "two thousand and eleven", "twenty seventeen", "nineteen ninety eight" as 2011, 2017, 1998.

Only behind a word of time ("in", "since", "March"), and before no noun that they could count.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.dates import MONTHS
from copilot.offline.numbers import find_numbers
from copilot.offline.tags import T
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Vocabulary

_IN_TIME = frozenset(
    ["in", "since", "before", "after", "until", "till", "during", "year", "quarter", "half", "q1", "q2", "q3", "q4",
     "h1", "h2", "fy", *MONTHS]
)  # fmt: skip
_BEFORE = _IN_TIME | {"of", "from", "to", "through", "by", "for", "and", "or"}  # an amount may stand there as well
_CENTURIES = {"nineteen": 1900, "twenty": 2000}
_COUNTED = (T.ENTITY, T.UNIT, T.MONEY_WORD, T.PERCENT_WORD, T.BUCKET)
_OF_A_YEAR = frozenset({"in", "during", "since"})
_SHORT = (15, 29)
_FIRST, _LAST = 1900, 2099


def write_years(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """The tokens with years that are told in words written in digits."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        year, size = _year_at(tokens, at) if at and tokens[at - 1].text in _BEFORE else (0, 0)
        after = tokens[at + size].text if at + size < len(tokens) else ""
        if size and not _is_counted(after, vocabulary):
            raw = " ".join(token.raw for token in tokens[at : at + size])
            out.append(replace(tokens[at], text=str(year), raw=raw))
            at += size
        else:
            out.append(tokens[at])
            at += 1
    return out


def short_years(tokens: Sequence[Token]) -> tuple[list[Token], list[tuple[str, str]]]:
    """The tokens with "24" at the end of a clause behind "in" or "since" as the year 2024, and what was so read."""
    out, repairs = list(tokens), []
    for at in range(1, len(tokens)):
        token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        ends = after is None or (after.script == "symbol" and not after.text.isalnum())
        short = len(token.text) == 2 and token.text.isdigit() and _SHORT[0] <= int(token.text) <= _SHORT[1]
        if short and ends and tokens[at - 1].text in _OF_A_YEAR:
            out[at] = replace(token, text=f"20{token.text}")
            repairs.append((token.raw, f"20{token.text}"))
    return out, repairs


def _year_at(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """The year that begins there and how many tokens it takes; (0, 0) where none begins."""
    if tokens[at].text.isdigit() or not tokens[at].text.isascii():
        return 0, 0
    century = _CENTURIES.get(tokens[at].text)
    if century is not None and (part := _number(tokens, at + 1, 10, 99)) is not None:
        return century + part[0], part[1] + 1
    whole = _number(tokens, at, _FIRST, _LAST) if tokens[at - 1].text in _IN_TIME else None
    return whole if whole is not None and "thousand" in [t.text for t in tokens[at : at + whole[1]]] else (0, 0)


def _number(tokens: Sequence[Token], at: int, least: int, most: int) -> tuple[int, int] | None:
    """The plain number in words that begins there, between these two, and its length."""
    found = [number for number in find_numbers(tokens[at : at + 6]) if number.start == 0][:1]
    if not found or any(token.text.isdigit() for token in tokens[at : at + found[0].end]):
        return None
    number = found[0]
    plain = not (number.is_money or number.is_percent or number.unit or number.is_ordinal or number.or_more)
    fits = plain and number.value == int(number.value) and least <= number.value <= most
    return (int(number.value), number.end) if fits else None


def _is_counted(after: str, vocabulary: Vocabulary) -> bool:
    return any(sense.type in _COUNTED for sense in vocabulary.phrases.get((after,), ()))
