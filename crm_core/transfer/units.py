"""Units that headers and descriptions name: "in millions of USD", `turnover_musd`, 年营业额（万元）."""

import re
from decimal import Decimal

from crm_core.transfer.numbers import currency_in
from crm_core.transfer.text import header_words

_CODE = r"\b(?:usd|eur|gbp|cny|rmb)"
_COIN = r" ?(?:(?:usd|eur|gbp|cny|rmb)\b|[€$£¥])"  # behind its unit: k EUR, T€
_SCALES = (  # pattern, zeros
    (r"\bin billions?\b|\bbillions of\b|\(billions?\)|十亿元?", 9),
    (r"[(\[](?:m|mm|mn|mio)[)\]]", 6),
    (r"\bin millions?\b|\bmillions of\b|\(millions?\)|\$ ?(?:m|mm|mn|mio)\b|百万元?", 6),
    (rf"{_CODE} ?(?:m|mm|mn|mio)\b|\b(?:m|mm|mn|mio)\.?{_COIN}", 6),
    (r"\bin thousands?\b|[(\[]k[)\]]|\bthousands of\b|\(thousands?\)|\$ ?k\b|\b000s\b|['’]000|千元", 3),
    (rf"{_CODE} ?k\b|\b[kt]{_COIN}", 3),
    (r"亿元?", 8),
    (r"万元|[(（]万[)）]", 4),
)
_ZEROS = {
    "k": 3, "t": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6, "bn": 9, "千": 3, "万": 4, "百万": 6, "亿": 8,
    "thousand": 3, "thousands": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9,
}  # fmt: skip
_CURRENCY = "usd|eur|gbp|cny|rmb|jpy|inr|krw|chf|cad|aud|hkd|sgd|sek|nok|dkk|pln|brl|mxn|zar|twd"
_BEFORE = re.compile(rf"(k|t|mm|mn|mio|m|bn)?_?({_CURRENCY})")  # musd, kusd, teur, k_usd
_AFTER = re.compile(rf"({_CURRENCY})_?(k|mm|mn|mio|m|bn)")  # usdm, usd_k
_ALONE = re.compile(r"()(k|mm|mn|mio|m|bn|(?:thousand|million|billion)s?)")  # _m, _k: of money
_HAN = re.compile(r"(?P<words>.+?) ?(?P<unit>亿|百万|万|千)?元?")


def unit_of(header: str, about: str = "") -> tuple[Decimal, str | None]:
    """What numbers under `header` are multiplied by and their currency, as it or its description `about` says."""
    text = f"{header} {about}"
    scale = scale_in(text)
    _, zeros, currency = _suffix(header)
    return (scale if scale != 1 else Decimal(10) ** zeros), currency_in(text) or currency


def scale_in(text: str) -> Decimal:
    """What numbers in that unit are multiplied by: 1000000 for "in millions of USD", 10000 for 万元, else 1."""
    for pattern, zeros in _SCALES:
        if re.search(pattern, text, re.IGNORECASE):
            return Decimal(10) ** zeros
    return Decimal(1)


def without_unit(header: str) -> str:
    """The words of a header before its unit: "turnover_musd" → "turnover", "营业额万元" → "营业额"."""
    return _suffix(header)[0]


def names_currency(header: str) -> bool:
    """Whether the header ends in a currency: `spend_kusd`."""
    return _suffix(header)[2] is not None


def _suffix(header: str) -> tuple[str, int, str | None]:
    """The words before the unit that a header ends in, the unit's zeros, and its currency."""
    words = header_words(header).split()
    for length in (2, 1):
        if len(words) > length:
            unit = "_".join(words[-length:])
            rest = " ".join(words[:-length]).removesuffix(" in")
            if match := _BEFORE.fullmatch(unit):
                return rest, _ZEROS.get(match[1] or "", 0), _iso(match[2])
            if match := _AFTER.fullmatch(unit) or _ALONE.fullmatch(unit):
                return rest, _ZEROS[match[2]], _iso(match[1]) if match[1] else None
    text = " ".join(words)
    han = _HAN.fullmatch(text)
    return (han["words"], _ZEROS.get(han["unit"] or "", 0), None) if han else (text, 0, None)


def _iso(code: str) -> str:
    return "CNY" if code == "rmb" else code.upper()
