"""Every number in a request, with its currency, percent sign, unit of time or rank."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.offline.numbers.cardinals import (
    CN_DIGITS,
    CURRENCY_WORDS,
    SMALL,
    TENS,
    Cardinal,
    read_cardinal,
    read_glued,
    read_least,
    text_at,
)
from copilot.offline.numbers.durations import DurationUnit, read_duration_unit
from copilot.offline.tokens import Part, Token, split_hyphens


@dataclass(frozen=True, slots=True)
class Number:
    """A number over the tokens `start` to `end` (exclusive).

    `value` is in whole units (5k is 5000, 12% is 12 with `is_percent`, half a year is 0.5 with unit "year").
    `is_money` may hold with no `currency` ("5 grand"). `or_more` is a glued plus (100+).
    """

    start: int
    end: int
    value: Decimal
    is_money: bool = False
    currency: str | None = None
    is_percent: bool = False
    or_more: bool = False
    unit: DurationUnit | None = None
    is_approx: bool = False
    is_ordinal: bool = False


_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {"thirtieth": 30}
_CURRENCY_LENGTHS = (4, 3, 2, 1)
_PREFIX_CURRENCIES = frozenset(("usd", "eur", "gbp", "rmb", "cny", "人"))
_PERCENT_WORDS = frozenset(("%", "percent", "pct", "percentage"))
_CHINESE_PERCENT_WORDS = ("个百分点", "个点")
_APPROX_BEFORE = (
    ("大", "约"), ("大", "概"), ("约",), ("about",), ("around",), ("roughly",), ("approximately",), ("approx",),
    ("circa",), ("~",),
)  # fmt: skip
_APPROX_AFTER = (("左", "右"), ("上", "下"), ("or", "so"), ("多",), ("余",))
_FRACTION_NOUNS = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10,
                   "half": 2, "halves": 2}  # fmt: skip
_NOT_A_HALF = frozenset(("first", "second", "1st", "2nd", "this", "last", "next", "latter", "other", "and"))
_AFTER_TENTHS = frozenset("交功立为本员长果绩单就熟")  # 三成交易: 成交, not three tenths


def find_numbers(tokens: Sequence[Token]) -> list[Number]:
    """Every number, by start and longest first; a shorter reading (without the unit or currency) follows.

    Example: "30 days" gives (30, unit "day") over two tokens and 30 over one. No reading starts inside
    another one's own words ("five" of "twenty five").
    """
    parts = split_hyphens(tokens)
    found: list[Number] = []
    at = 0
    while at < len(parts):
        step = at + 1
        if parts[at].is_first:
            readings = sorted(set(_readings(parts, at)), key=lambda number: -number.end)
            kept = [n for n in readings if parts[n.end - 1].is_last]
            found += [_on_tokens(parts, number) for number in _unique_ends(kept)]
            if not _is_wrapped(parts, at):
                step = max([step, *(n.end for n in kept)])
        at = step
    return found


def _is_wrapped(parts: Sequence[Part], at: int) -> bool:
    return any(_matches(parts, at, words) for words in _APPROX_BEFORE)


def _unique_ends(numbers: list[Number]) -> Iterator[Number]:
    seen: set[tuple[int, bool, bool]] = set()
    for number in numbers:
        key = (number.end, number.is_percent, number.is_ordinal)
        if key not in seen:
            seen.add(key)
            yield number


def _on_tokens(parts: Sequence[Part], number: Number) -> Number:
    value = number.value
    whole = value.to_integral_value()
    return replace(
        number,
        start=parts[number.start].token,
        end=parts[number.end - 1].token + 1,
        value=whole if whole == value else value,
    )


def _readings(parts: Sequence[Part], at: int) -> Iterator[Number]:
    for words in _APPROX_BEFORE:
        if _matches(parts, at, words):
            for number in _exact_readings(parts, at + len(words)):
                if not number.is_ordinal:
                    yield replace(number, start=at, is_approx=True)
            return
    yield from _exact_readings(parts, at)


def _exact_readings(parts: Sequence[Part], at: int) -> Iterator[Number]:
    word = text_at(parts, at)
    yield from _ordinals(parts, at, word)
    yield from _at_least(parts, at)
    yield from _fractions(parts, at, word)
    yield from _half_durations(parts, at, word)
    if word in ("a", "an") and (unit := read_duration_unit(parts, at + 1)):
        yield Number(at, unit[1], Decimal(1), unit=unit[0])
    cardinal = _group_of(parts, at, word) or read_cardinal(parts, at)
    if cardinal is not None:
        yield from _with_suffixes(parts, at, cardinal)
    else:
        prefix = _currency_at(parts, at) if word in _PREFIX_CURRENCIES else None
        if prefix and (cardinal := read_cardinal(parts, prefix[1])):
            yield replace(_number(at, cardinal), is_money=True, currency=prefix[0])


def _at_least(parts: Sequence[Part], at: int) -> Iterator[Number]:
    """As in 上百万, 过十万: the number or more."""
    found = list(_with_suffixes(parts, at + 1, cardinal)) if (cardinal := read_least(parts, at)) else []
    timed = any(number.unit or number.is_percent for number in found)  # 再过180天
    yield from (replace(number, start=at, or_more=True) for number in found if not timed)


def _number(at: int, cardinal: Cardinal) -> Number:
    return Number(
        at,
        cardinal.end,
        cardinal.value,
        is_money=cardinal.is_money,
        currency=cardinal.currency,
        is_percent=cardinal.is_percent,
        or_more=cardinal.or_more,
        is_approx=cardinal.is_approx,
    )


def _with_suffixes(parts: Sequence[Part], at: int, cardinal: Cardinal) -> Iterator[Number]:
    number = _number(at, cardinal)
    end = cardinal.end
    yield number
    if number.is_percent:
        return
    if percent_end := _percent_at(parts, end):
        yield replace(number, end=percent_end, is_percent=True)
    elif tenths := _tenths(parts, number):
        yield tenths
    elif currency := _currency_at(parts, end):
        yield replace(number, end=currency[1], is_money=True, currency=number.currency or currency[0])
    elif not number.is_money and (timed := _timed(parts, number)):
        yield timed
    for words in _APPROX_AFTER:
        if _matches(parts, end, words):
            yield replace(number, end=end + len(words), is_approx=True)


def _percent_at(parts: Sequence[Part], at: int) -> int:
    """The index after a percent word, or 0."""
    word = text_at(parts, at)
    if word in _PERCENT_WORDS:
        return at + 1 + (word == "percentage" and text_at(parts, at + 1).startswith("point"))
    if word == "per" and text_at(parts, at + 1) == "cent":
        return at + 2
    for chars in _CHINESE_PERCENT_WORDS:
        if _matches(parts, at, tuple(chars)):
            return at + len(chars)
    return 0


def _tenths(parts: Sequence[Part], number: Number) -> Number | None:
    """三成 is 30%, 三成五 35%."""
    at = number.end
    if text_at(parts, at) != "成" or not 1 <= number.value <= 10 or text_at(parts, at + 1) in _AFTER_TENTHS:
        return None
    extra = {"半": 5}.get(text_at(parts, at + 1)) or CN_DIGITS.get(text_at(parts, at + 1), 0)
    return replace(number, value=number.value * 10 + extra, end=at + 1 + (extra > 0), is_percent=True)


def _currency_at(parts: Sequence[Part], at: int) -> tuple[str, int] | None:
    """The currency named at `at` and the index after its name, or None."""
    word = text_at(parts, at)
    if word in CURRENCY_WORDS:
        longer = _chinese_currency(parts, at)
        return longer or (CURRENCY_WORDS[word], at + 1)
    return _chinese_currency(parts, at)


def _chinese_currency(parts: Sequence[Part], at: int) -> tuple[str, int] | None:
    if at >= len(parts) or parts[at].script != "cjk":
        return None
    for length in _CURRENCY_LENGTHS:
        name = "".join(part.text for part in parts[at : at + length])
        if len(name) == length and name in CURRENCY_WORDS:
            return CURRENCY_WORDS[name], at + length
    return None


def _timed(parts: Sequence[Part], number: Number) -> Number | None:
    at = number.end
    vague = text_at(parts, at) in ("多", "来", "余")
    has_half = text_at(parts, at) == "个" and text_at(parts, at + 1) == "半"
    if has_half and (unit := read_duration_unit(parts, at + 2, is_loose=True)):
        return replace(number, end=unit[1], value=number.value + Decimal("0.5"), unit=unit[0])
    unit = read_duration_unit(parts, at + vague)
    if unit is None:
        return None
    char = text_at(parts, unit[1] - 1)
    if (char == "年" and number.value >= 1900) or (char == "日" and text_at(parts, number.start - 1) == "月"):
        return None
    and_half = char in ("年", "天", "周") and text_at(parts, unit[1]) == "半"
    value = number.value + (Decimal("0.5") if and_half else 0)
    approx = number.is_approx or vague
    return replace(number, end=unit[1] + and_half, value=value, unit=unit[0], is_approx=approx)


def _half_durations(parts: Sequence[Part], at: int, word: str) -> Iterator[Number]:
    half = Decimal("0.5")
    if word == "半" and text_at(parts, at - 1) not in ("上", "下", "一", "前", "后", "个", "年"):
        if unit := read_duration_unit(parts, at + 1):
            yield Number(at, unit[1], half, unit=unit[0])
    elif word == "half" and text_at(parts, at - 1) not in _NOT_A_HALF:
        skip = text_at(parts, at + 1) in ("a", "an")
        if unit := read_duration_unit(parts, at + 1 + skip):
            yield Number(at, unit[1], half, unit=unit[0])


def _group_of(parts: Sequence[Part], at: int, word: str) -> Cardinal | None:
    """A couple of, a pair of, half a million, a quarter of a million, half a dozen."""
    lead = at + 1 if word in ("a", "an") else at
    noun = text_at(parts, lead)
    if noun in ("couple", "pair"):
        end = lead + 1 + (text_at(parts, lead + 1) == "of")
        return Cardinal(Decimal(2), end, is_approx=noun == "couple")
    share = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}.get(noun)
    if share is None:
        return None
    rest = lead + 1 + (text_at(parts, lead + 1) == "of")
    whole = read_cardinal(parts, rest) if text_at(parts, rest) == "a" else None
    return Cardinal(whole.value * share, whole.end) if whole else None


def _fractions(parts: Sequence[Part], at: int, word: str) -> Iterator[Number]:
    """Parts of a whole as a percentage: 百分之五, 三分之一, 一半, half of, two thirds of."""
    for chars, whole in (("百分之", 100), ("千分之", 1000)):
        if _matches(parts, at, tuple(chars)) and (share := read_cardinal(parts, at + 3)):
            yield Number(at, share.end, share.value * 100 / whole, is_percent=True)
            return
    if word in CN_DIGITS or word == "十":
        yield from _chinese_fractions(parts, at, word)
    elif word == "half" and text_at(parts, at - 1) not in _NOT_A_HALF:
        yield Number(at, at + 1, Decimal(50), is_percent=True)
    elif word in SMALL or word in ("a", "an"):
        share_of = SMALL.get(word, 1)
        whole = _FRACTION_NOUNS.get(text_at(parts, at + 1), 0)
        if whole and text_at(parts, at + 2) == "of" and not _group_of(parts, at, word):
            yield Number(at, at + 2, Decimal(100) * share_of / whole, is_percent=True)


def _chinese_fractions(parts: Sequence[Part], at: int, word: str) -> Iterator[Number]:
    if word == "一" and text_at(parts, at + 1) == "半":
        yield Number(at, at + 2, Decimal(50), is_percent=True)
        return
    whole = read_cardinal(parts, at)
    if whole and whole.value and _matches(parts, whole.end, ("分", "之")):
        share = read_cardinal(parts, whole.end + 2)
        if share:
            yield Number(at, share.end, share.value * 100 / whole.value, is_percent=True)


def _ordinals(parts: Sequence[Part], at: int, word: str) -> Iterator[Number]:
    if word in ("第", "#"):
        rank = read_glued(text_at(parts, at + 1), at + 2) if word == "#" else read_cardinal(parts, at + 1)
        if rank and rank.value == int(rank.value) and not rank.is_money:
            yield Number(at, rank.end, rank.value, is_ordinal=True)
    elif word[:1].isdigit() and word[-2:] in ("st", "nd", "rd", "th") and word[:-2].isdigit():
        yield Number(at, at + 1, Decimal(word[:-2]), is_ordinal=True)
    elif word in ORDINALS:
        yield Number(at, at + 1, Decimal(ORDINALS[word]), is_ordinal=True)
    elif word in TENS and 0 < (unit := ORDINALS.get(text_at(parts, at + 1), 0)) < 10:
        yield Number(at, at + 2, Decimal(TENS[word] + unit), is_ordinal=True)


def _matches(parts: Sequence[Part], at: int, words: Sequence[str]) -> bool:
    return all(text_at(parts, at + k) == word for k, word in enumerate(words))
