"""How many: one whole or decimal number at a place, in digits, English words or Chinese characters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.offline.tokens import Part


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A number and the index of the part after it, with what was glued to its digits ("$5k+", "12%")."""

    value: Decimal
    end: int
    currency: str | None = None
    is_money: bool = False
    is_percent: bool = False
    or_more: bool = False
    is_approx: bool = False


_SMALL_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL = {word: value for value, word in enumerate(_SMALL_WORDS.split())}
TENS = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), start=2)} | {"fourty": 40}
SCALES = {
    "thousand": 10**3, "k": 10**3, "grand": 10**3, "million": 10**6, "mil": 10**6, "mln": 10**6, "mio": 10**6,
    "mn": 10**6, "mm": 10**6, "billion": 10**9, "bn": 10**9, "bln": 10**9, "bil": 10**9, "trillion": 10**12,
    "tn": 10**12, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "lakh": 10**5, "lakhs": 10**5,
    "lac": 10**5, "lacs": 10**5, "crore": 10**7, "crores": 10**7,
}  # fmt: skip
NUMERALS = frozenset(word for word in (*SMALL, *TENS, *SCALES, "hundred", "dozen") if len(word) > 3)
CN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
CN_UNITS = {"十": 10, "百": 100, "千": 1000}
CN_BIG = {"万": 10**4, "亿": 10**8}
CURRENCY_SIGNS = {
    "$": "USD", "us$": "USD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nt$": "TWD", "€": "EUR",
    "£": "GBP", "¥": "CNY", "₹": "INR",
}  # fmt: skip

CURRENCY_WORDS = {
    **dict.fromkeys(("dollars", "dollar", "usd", "bucks", "美元", "美金", "刀"), "USD"),
    **dict.fromkeys(("euros", "euro", "eur", "欧元"), "EUR"),
    **dict.fromkeys(("pounds", "pound", "gbp", "sterling", "英镑"), "GBP"),
    **dict.fromkeys(("yuan", "rmb", "cny", "元人民币", "人民币", "元", "块钱", "块"), "CNY"),
    **dict.fromkeys(("yen", "jpy", "日元"), "JPY"),
    **dict.fromkeys(("hkd", "港币", "港元"), "HKD"),
    **dict.fromkeys(("rupees", "inr", "卢比"), "INR"),
    "cad": "CAD", "aud": "AUD", "sgd": "SGD", "chf": "CHF",
}  # fmt: skip
_LEAST = 100  # 上百, 过万: at least so many
_NOT_AT_LEAST = frozenset(
    "不以手线身面早晚马签买卖赢丢做谈拿成单跟见去来经通超"
)  # 签过十万 has been signed, 手上百万 is at hand
_GLUED_SCALES = SCALES | {"m": 10**6, "b": 10**9, "w": 10**4, "cr": 10**7}
_GLUED = re.compile(r"([a-z]{0,2}\$|[€£¥₹])? ?([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)([a-z]*)([%+€£¥₹$]?)\Z")
_TAILED = re.compile(r"([0-9]+)([wk])([1-9])\Z")
_BOUNDING = frozenset("破过超上近到达满逾足于越")  # before a scale without a number: 破百万, 过亿, 不到万
_SCALE_WORD = re.compile(r"[a-z]+|[万亿]")
_MAX_PARTS = 24  # a run of number words longer than this is not a number that a person said


def text_at(parts: Sequence[Part], index: int) -> str:
    return parts[index].text if 0 <= index < len(parts) else ""


def read_cardinal(parts: Sequence[Part], start: int) -> Cardinal | None:
    """The longest number that begins at `start`, or None. "a" counts only before a scale ("a million")."""
    word = text_at(parts, start)
    if _is_bare_scale(parts, start):
        return _read_chinese(parts, start, Cardinal(Decimal(1), start))
    if word in CN_DIGITS or word == "十":
        return _read_digit_run(parts, start) or _read_chinese(parts, start, None)
    if word[:1].isdigit() or (word and parts[start].script == "number"):
        glued = read_glued(word, start + 1)
        if glued is None or glued.is_percent or glued.or_more or not word[-1].isdigit():
            return _with_chinese_scale(parts, glued)
        following = text_at(parts, glued.end)
        following = text_at(parts, glued.end + 1) if following in ("多", "余") else following
        if following in CN_UNITS or following in CN_BIG:
            return _read_chinese(parts, start, glued)
        return _read_english(parts, glued)
    if word in SMALL or word in TENS:
        value = SMALL[word] if word in SMALL else TENS[word]
        return _read_english(parts, Cardinal(Decimal(value), start + 1), is_word=True)
    if word in ("a", "an") and _scale(text_at(parts, start + 1)):
        return _read_english(parts, Cardinal(Decimal(1), start + 1), is_word=True)
    return None


def _is_bare_scale(parts: Sequence[Part], start: int) -> bool:
    """As in 破|百万, 过|亿: one of the scale is meant. 百万 is a number anywhere, 千万 may also mean "by all means"."""
    word, following = text_at(parts, start), text_at(parts, start + 1)
    bounded = text_at(parts, start - 1) in _BOUNDING and start > 0
    if word in CN_BIG:
        return bounded and following not in ("一", "分")  # 万一, 万分
    return (word == "百" and following in CN_BIG) or (bounded and word in ("百", "千"))


def read_least(parts: Sequence[Part], at: int) -> Cardinal | None:
    """The number behind 上 or 过 that is a bound from below (上百万, 过5000), or None."""
    word = text_at(parts, at)
    if word not in ("上", "过") or text_at(parts, at - 1) in _NOT_AT_LEAST or at + 1 >= len(parts):
        return None
    cardinal = read_cardinal(parts, at + 1)
    said = parts[at + 1].script == "cjk" or word == "过"
    return cardinal if cardinal is not None and cardinal.value >= _LEAST and said else None


def read_glued(word: str, end: int) -> Cardinal | None:
    """A number token: "$400k", "6,500", "100+", "12%", "30w" (w is 万), "2w5" (25,000)."""
    if tailed := _TAILED.match(word):
        scale = _GLUED_SCALES[tailed[2]]
        return Cardinal(Decimal(tailed[1]) * scale + Decimal(tailed[3]) * scale / 10, end)
    match = _GLUED.match(word)
    if match is None or (match[3] and match[3] not in _GLUED_SCALES):
        return None
    value = Decimal(match[2].replace(",", "")) * _GLUED_SCALES.get(match[3], 1)
    currency = CURRENCY_SIGNS.get(match[1] or match[4] or "")
    return Cardinal(value, end, currency, currency is not None, match[4] == "%", match[4] == "+")


def scale_said(text: str) -> int:
    """The scale that stands in the words of a number: "30k" → 1000, "5万" → 10,000, "2 billion dollars"; else 1."""
    words = _SCALE_WORD.findall(text.lower())
    return next((s for word in reversed(words) if (s := _GLUED_SCALES.get(word) or CN_BIG.get(word))), 1)


def _scale(word: str) -> int:
    return 100 if word == "hundred" else 12 if word == "dozen" else SCALES.get(word, 0)


def _read_english(parts: Sequence[Part], first: Cardinal, *, is_word: bool = False) -> Cardinal:
    """Go on from a first number: "two" → "two hundred and five thousand", "$5" → "$5 billion"."""
    total, current, at = Decimal(0), first.value, first.end
    room = 10 if is_word and current >= 20 else 0  # what may still be added: below 10 after "twenty"
    limit = at + _MAX_PARTS
    is_money = first.is_money
    while at < limit:
        word = text_at(parts, at)
        following = text_at(parts, at + 1)
        if scale := _scale(word):
            is_money |= word == "grand"
            if scale <= 100:
                current, room = current * scale, scale if is_word else 0
            else:
                total, current, room = total + current * scale, Decimal(0), scale if is_word else 0
            at += 1
        elif room and 0 < (value := _small_value(word)) < room:
            current += value
            room = 10 if value >= 20 else 0
            at += 1
        elif word == "and" and room >= 100 and 0 < _small_value(following) < room:
            at += 1
        elif word == "and" and not total and (part := _part_of_one(parts, at + 1)):
            current, room, at = current + part, 0, at + 3
        else:
            break
    return replace(first, value=total + current, end=at, is_money=is_money)


def _small_value(word: str) -> int:
    return SMALL.get(word, 0) or TENS.get(word, 0)


def _part_of_one(parts: Sequence[Part], at: int) -> Decimal | None:
    """The ".5" of "two and a half"."""
    if text_at(parts, at) != "a":
        return None
    return {"half": Decimal("0.5"), "quarter": Decimal("0.25")}.get(text_at(parts, at + 1))


def _read_digit_run(parts: Sequence[Part], start: int) -> Cardinal | None:
    """Digits said one by one: 二〇一七 is 2017. Two or three of them (三四) are no number."""
    end = start
    while end < start + _MAX_PARTS and text_at(parts, end) in CN_DIGITS:
        end += 1
    digits = "".join(str(CN_DIGITS[part.text]) for part in parts[start:end])
    if text_at(parts, end) in CN_UNITS or len(digits) < 2 or (len(digits) < 4 and "0" not in digits):
        return None
    return Cardinal(Decimal(digits), end)


def _with_chinese_scale(parts: Sequence[Part], glued: Cardinal | None) -> Cardinal | None:
    """100+万: the plus stands before the scale."""
    if glued is None or glued.is_percent or text_at(parts, glued.end) not in CN_BIG:
        return glued
    return replace(glued, value=glued.value * CN_BIG[text_at(parts, glued.end)], end=glued.end + 1)


class _ChineseSum:
    """Adds up a Chinese number character by character: 三亿两千万五 and 2.7 万 alike."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.digit: Decimal | None = None
        self.last_unit = 1
        self.is_exact_place = True  # after 零 or a unit of ten a last digit means itself (一百零二)
        self.is_approx = False

    def add(self, word: str, following: str) -> bool:
        """Take one character; False if the number ended before it."""
        if word in CN_DIGITS:
            return self._add_digit(CN_DIGITS[word], following)
        if word in CN_UNITS:
            return self._add_unit(word, following)
        if word in CN_BIG:
            return self._add_big(CN_BIG[word])
        if (word in "多余" and following not in ("少", "额", "款")) or (word == "来" and following in CN_BIG):
            return self._add_vague()
        if word == "个" and following in CN_BIG and (self.digit is not None or self.section):
            return True  # 三个亿
        if word == "几" and self.last_unit == 10 and self.digit is None:
            return self._add_vague()
        return False

    def _add_digit(self, digit: int, following: str) -> bool:
        if self.digit is not None or self.is_approx:
            return False
        if digit == 0:
            if following not in CN_DIGITS and self.section + self.total:
                return False
            self.is_exact_place = True
            self.digit = None if self.section + self.total else Decimal(0)
        else:
            self.digit = Decimal(digit)
        return True

    def _add_unit(self, word: str, following: str) -> bool:
        bare = word == "十" or (word in "百千" and following == "万" and not (self.section or self.total))
        if self.digit is None and (not bare or self.section % 100):
            return False
        unit = CN_UNITS[word]
        self.section += (Decimal(1) if self.digit is None else self.digit) * unit
        self.digit, self.last_unit, self.is_exact_place = None, unit, unit == 10
        return True

    def _add_big(self, big: int) -> bool:
        if not (self.section or self.digit or self.total):
            return False
        held = self.section + (self.digit or 0)
        if not held and self.last_unit >= big:
            return False
        self.total = (self.total + held) * big if big == CN_BIG["亿"] else self.total + held * big
        self.section, self.digit, self.last_unit, self.is_exact_place = Decimal(0), None, big, False
        return True

    def _add_vague(self) -> bool:
        if self.is_approx or not (self.section or self.digit or self.total):
            return False
        self.is_approx = True
        return True

    def value(self) -> Decimal:
        if self.digit is None:
            return self.total + self.section
        is_short = not self.is_exact_place and self.digit < 10
        return self.total + self.section + self.digit * (self.last_unit // 10 if is_short else 1)


def _read_chinese(parts: Sequence[Part], start: int, first: Cardinal | None) -> Cardinal | None:
    """三千五 is 3,500, 十几 about 10, 3万5 is 35,000; digits may stand for any coefficient (3亿5千万)."""
    state, at = _ChineseSum(), start
    if first is not None:
        state.digit, at = first.value, first.end
    if text_at(parts, at) == "个" and text_at(parts, at + 1) in CN_BIG and at > start:
        at += 1  # 3个亿
    while at < start + _MAX_PARTS:
        word = text_at(parts, at)
        if word == "点" and state.digit is not None and text_at(parts, at + 1) in CN_DIGITS:
            at = _read_decimals(parts, at + 1, state)
            continue
        following = text_at(parts, at + 1)
        number = read_glued(word, at) if at > start and state.digit is None and word[:1].isdigit() else None
        if number is not None and not (number.is_percent or number.is_money or state.is_approx):
            state.digit = number.value
        elif not word or not state.add(word, following):
            break
        at += 1
    if at == start:
        return None
    base = first or Cardinal(Decimal(0), at)
    return replace(base, value=state.value(), end=at, is_approx=state.is_approx)


def _read_decimals(parts: Sequence[Part], at: int, state: _ChineseSum) -> int:
    digits = ""
    while text_at(parts, at) in CN_DIGITS and len(digits) < _MAX_PARTS:
        digits += str(CN_DIGITS[text_at(parts, at)])
        at += 1
    state.digit = (state.digit or Decimal(0)) + Decimal(f"0.{digits}")
    return at
