"""One value as a person reads it: $1,250.50, 63.2%, 51.8 days, 2017-12-31."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from copilot.context import Lang
from copilot.labels import value_label
from copilot.words import sentence
from crm_core.models import Kind
from crm_core.query.result import Column, Value

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹", "KRW": "₩"}


def value_in_words(value: Value, column: Column, lang: Lang) -> str:
    """`value` of `column`, with its unit. A missing value is told as such, never as zero."""
    match value:
        case None:
            return sentence("not_recorded", lang)
        case bool():
            return sentence("yes" if value else "no", lang)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case str():
            return value_label(value, column.name, lang)
    return _number(Decimal(str(value)), column, lang)


def _number(number: Decimal, column: Column, lang: Lang) -> str:
    if column.is_ratio:
        return f"{_rounded(number * 100, 1):,.1f}%"
    if column.kind is Kind.MONEY or column.currency:
        return money(number, column.currency)
    if column.kind is Kind.PERCENT:
        return f"{_plain(number, 1)}%"
    if column.kind is Kind.YEAR:
        return str(int(number))
    if column.unit == "days":
        return sentence("days", lang, number=_plain(number, 1))
    return _plain(number, 2) + (f" {column.unit}" if column.unit else "")


def money(number: Decimal, currency: str | None) -> str:
    """Whole amounts without cents; the symbol where it is common, the ISO code otherwise."""
    shown = f"{abs(number):,.0f}" if number == number.to_integral_value() else f"{_rounded(abs(number), 2):,.2f}"
    sign = "-" if number < 0 else ""
    symbol = SYMBOLS.get(currency or "")
    return f"{sign}{symbol}{shown}" if symbol else f"{sign}{currency + ' ' if currency else ''}{shown}"


def _plain(number: Decimal, places: int) -> str:
    if number == number.to_integral_value():
        return f"{number:,.0f}"
    return f"{_rounded(number, places):,.{places}f}"


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
