"""What a cell says: nothing, a number, a day or a word. Cells come from files as text or from a store as values."""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml


@cache
def words(name: str) -> frozenset[str]:
    """The list `name` of words.yaml."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[name])


def is_missing(value: object) -> bool:
    """Whether the cell says nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and value.strip().lower() in words("missing")


def as_number(value: object) -> float:
    """The number; NaN where there is none. Infinity is none."""
    if isinstance(value, bool | int | float | Decimal):
        number = _float(value)
    elif isinstance(value, str):
        number = _float(value.strip().replace(",", "")) if value.strip()[:1] in set("+-.0123456789") else math.nan
    else:
        number = math.nan
    return number if math.isfinite(number) else math.nan


def _float(value: str | float | Decimal) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def as_day(value: object) -> float:
    """The day as a number of days; NaN where there is none. Text is read as ISO."""
    if isinstance(value, datetime):
        return float(value.date().toordinal())
    if isinstance(value, date):
        return float(value.toordinal())
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}($|[ T])", value.strip()):
        try:
            return float(date.fromisoformat(value.strip()[:10]).toordinal())
        except ValueError:
            return math.nan
    return math.nan


def as_word(value: object) -> str:
    """The text; empty where there is none."""
    return "" if is_missing(value) else " ".join(str(value).split())


def as_outcome(value: object) -> bool | None:
    """Whether it is good; None where the word is not known as either."""
    said = as_word(value).lower()
    return True if said in words("good") else False if said in words("bad") else None
