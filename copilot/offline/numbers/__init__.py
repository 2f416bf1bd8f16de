"""Numbers in English and Chinese: amounts, percentages, durations, ordinals.

Knows words for numbers; must not know fields, dates or operators ("more than" belongs to the caller).
"""

from copilot.offline.numbers.cardinals import NUMERALS, Cardinal, read_cardinal, scale_said
from copilot.offline.numbers.durations import DURATION_UNITS, DurationUnit, read_duration_unit
from copilot.offline.numbers.finder import Number, find_numbers

__all__ = [
    "DURATION_UNITS",
    "NUMERALS",
    "Cardinal",
    "DurationUnit",
    "Number",
    "find_numbers",
    "read_cardinal",
    "read_duration_unit",
    "scale_said",
]
