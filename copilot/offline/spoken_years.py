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
_SPANNING = frozenset({"over", "across", "throughout", "within", "during"})
_WHOLE = frozenset({"the", "whole", "entire", "full", "all", "of", "course", "year", "complete", "calendar"})
_FIRST_SPANNED, _LAST_SPANNED = 1990, 2035
_HAPPENED = (T.STATE, T.VERB_METRIC)


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


def spanned_years(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """The tokens with "over the whole of 2017", "throughout 2017", "won over 2017" as "in 2017".

    A plain "over" is so read only behind what happened ("won over 2017"), and not where a noun is counted or the
    number is a round thousand: "revenue over 2017" stays a test.
    """
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        size, whole = _span_at(tokens, at)
        year = tokens[at + size] if size and at + size < len(tokens) else None
        if year is not None and _is_year(year.text) and (whole or not _may_bound(tokens, at, at + size, vocabulary)):
            out.append(replace(tokens[at], text="in", raw="in"))
            at += size
        else:
            out.append(tokens[at])
            at += 1
    return out


def _span_at(tokens: Sequence[Token], at: int) -> tuple[int, bool]:
    """How many tokens lead to a year there, and whether they can mean nothing but its whole: "over the whole of"."""
    if tokens[at].text not in _SPANNING:
        return 0, False
    size = 1
    while at + size < len(tokens) and tokens[at + size].text in _WHOLE:
        size += 1
    return size, size > 1 or tokens[at].text != "over"


def _may_bound(tokens: Sequence[Token], at: int, year: int, vocabulary: Vocabulary) -> bool:
    """Whether "over 2017" may be a test of an amount, or compare two years; behind "won" or "brought in" it is none."""
    after = tokens[year + 1].text if year + 1 < len(tokens) else ""
    behind = [tuple(token.text for token in tokens[start:at]) for start in range(max(0, at - 2), at)]
    happened = any(sense.type in _HAPPENED for words in behind for sense in vocabulary.phrases.get(words, ()))
    return not happened or int(tokens[year].text) % 1000 == 0 or _is_counted(after, vocabulary)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and _FIRST_SPANNED <= int(text) <= _LAST_SPANNED


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
