"""Rules for comparisons: "over 50k", "100+ wins", "more than 90 days", "below list price"."""

from copilot.offline.compose.compare.lengths import DAYS, lengths, since_start
from copilot.offline.compose.compare.numbers import at_least_one, comparisons, signed, stray
from copilot.offline.compose.compare.prices import field_comparisons

__all__ = ["DAYS", "at_least_one", "comparisons", "field_comparisons", "lengths", "signed", "since_start", "stray"]
