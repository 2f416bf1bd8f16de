"""Dates in English and Chinese, relative to a given today, by a recursive-descent grammar over tokens.

Knows the calendar and its words; must not know fields, records or the clock (`today` is an argument).
Lowest level first: `calendar` (arithmetic), `reader` (words by place), `names` (March, 2017-12-31, Q4),
`relative` and `lengths` (last week, 三个月前), `portions` (end of March, first week of June), `ranges` (from … to),
`grammar` (before, since), `find` (the walk over a request). A rule takes (reader, index) and gives the period that
it read and the index after it, or None; the longest reading wins.
"""

from copilot.offline.dates.feasts import is_feast
from copilot.offline.dates.find import find_dates
from copilot.offline.dates.names import named_weekday
from copilot.offline.dates.span import DateSpan
from copilot.offline.dates.words import MONTHS, VOCABULARY

__all__ = ["MONTHS", "VOCABULARY", "DateSpan", "find_dates", "is_feast", "named_weekday"]
