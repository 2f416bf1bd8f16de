"""Amounts and counts as people and systems write them."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

_SUFFIXES = {
    "k": 3, "thousand": 3, "千": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6, "million": 6, "b": 9, "bn": 9, "billion": 9,
    "万": 4, "亿": 8, "万元": 4, "亿元": 8, "千元": 3, "百万": 6,
}  # fmt: skip
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₹": "INR", "₩": "KRW", "元": "CNY", "円": "JPY"}
_CODES = "USD|EUR|GBP|CNY|RMB|JPY|INR|KRW|CHF|CAD|AUD|HKD|SGD|SEK|NOK|DKK|PLN|BRL|MXN|ZAR|TWD"
_NUMBER = re.compile(
    rf"(?P<sign>[-+−–]?)\s*(?P<before>(?:US|HK|A|C|S|NT|R)?[$€£¥₹₩]|{_CODES})?\s*(?P<sign2>[-+−–]?)\s*"
    rf"(?P<digits>\d[\d.,'\u2019 \u00a0\u202f]*|[.,]\d+)\s*"
    rf"(?P<suffix>k|thousand|mm|mn|mio|m|million|bn|b|billion|千元|万元|亿元|百万|千|万|亿)?\.?\s*"
    rf"(?P<after>[$€£¥₹₩元円%]|{_CODES})?",
    re.IGNORECASE,
)
_GROUPING = str.maketrans("", "", "'\u2019 \u00a0\u202f")
_COMMA_DECIMAL = re.compile(r"\d{1,3}(\.\d{3})+,\d{1,6}|\d+,\d{1,2}|\d{4,},\d+")
_POINT_DECIMAL = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d+\.\d{1,2}|\d{4,}\.\d+")


def parse_number(text: str, *, decimal_comma: bool = False) -> Decimal:
    """The number in `text`: "$1,234.50", "(1,234)", "1.234,50", "12.5k", "3万", "45%" (as 45).

    Raises:
        ValueError: it is no number.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    negative = plain.startswith("(") and plain.endswith(")")
    match = _NUMBER.fullmatch(plain[1:-1].strip() if negative else plain)
    if match is None or (match["sign"] and match["sign2"]):
        raise ValueError(f"{text!r} is no number")
    number = _digits(match["digits"], decimal_comma).scaleb(_SUFFIXES.get((match["suffix"] or "").lower(), 0))
    minus = negative or bool(set("-−–") & {match["sign"], match["sign2"]})
    return -number if minus else number


def currency_in(text: str) -> str | None:
    """The ISO currency that `text` names by code or symbol, if any. `¥` counts as CNY."""
    plain = unicodedata.normalize("NFKC", text)
    code = re.search(rf"\b({_CODES})\b", plain)
    if code:
        return "CNY" if code[1] == "RMB" else code[1]
    if "人民币" in plain:
        return "CNY"
    for symbol, currency in (("HK$", "HKD"), ("A$", "AUD"), ("C$", "CAD"), ("S$", "SGD"), *_SYMBOLS.items()):
        if symbol in plain:
            return currency
    return None


def named_currency(cell: str, usual: str) -> str:
    """The currency that an amount names; `usual` where it names none, or with a sign that both may have."""
    if cell[0].isdigit() and cell[-1].isdigit():
        return usual
    named = currency_in(cell)
    return usual if named is None or ({named, usual} == {"CNY", "JPY"} and "¥" in cell) else named


def uses_decimal_comma(values: Iterable[str]) -> bool:
    """Whether numbers are written 1.234,50, judged over all values of a column."""
    comma = point = 0
    for value in values:
        digits = re.sub(r"[^\d.,]", "", value)
        comma += bool(_COMMA_DECIMAL.fullmatch(digits))
        point += bool(_POINT_DECIMAL.fullmatch(digits))
    return comma > point


def _digits(text: str, decimal_comma: bool) -> Decimal:
    digits = text.translate(_GROUPING)
    digits = digits.replace(".", "").replace(",", ".") if decimal_comma else _american(digits)
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error


def _american(digits: str) -> str:
    whole, point, fraction = digits.partition(".")
    if "," in whole and not re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}", whole):
        raise ValueError(f"{digits!r} is no number")
    return whole.replace(",", "") + point + fraction
