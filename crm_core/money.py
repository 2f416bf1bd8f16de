"""Whole minor units to major units and back, exactly. Rates are the query compiler's business."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext

from crm_core.errors import Invalid

_SHORT = 10**28  # what Decimal holds exactly by itself
_DIGITS = {  # ISO 4217, where it is not two
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3,
    "OMR": 3, "TND": 3,
}  # fmt: skip
MOST_MINOR = 2**53 - 1  # beyond it a JSON number is no longer exact


def minor_digits(currency: str | None) -> int:
    """How many decimal digits the currency has: 2 for USD and where nothing is known, 0 for JPY."""
    return _DIGITS.get((currency or "").upper(), 2)


def to_minor(amount: str | int | float | Decimal, currency: str | None) -> int:
    """Major units as whole minor units, half to even: 1250.505 USD is 125050.

    Raises:
        Invalid: it is no finite number.
    """
    return int(exact_minor(amount, currency).to_integral_value(ROUND_HALF_EVEN))


def exact_minor(amount: str | int | float | Decimal, currency: str | None) -> Decimal:
    """The same with what is finer than a minor unit kept, as in a limit to compare with."""
    try:
        number = Decimal(str(amount))
    except InvalidOperation as error:
        raise Invalid(f"{amount!r} is no amount of money; write a number such as 1250.50.") from error
    if not number.is_finite() or isinstance(amount, bool):
        raise Invalid(f"{amount!r} is no amount of money; write a number such as 1250.50.")
    return number.scaleb(minor_digits(currency))


def to_major(minor: int | float | Decimal, currency: str | None) -> Decimal:
    """Minor units as major units, rounded to whole minor units: 125050 USD is 1250.50."""
    if type(minor) is int and abs(minor) < _SHORT:
        return Decimal(minor).scaleb(-minor_digits(currency))
    with localcontext() as context:
        context.prec = 60
        whole = Decimal(str(minor)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return whole.scaleb(-minor_digits(currency))
