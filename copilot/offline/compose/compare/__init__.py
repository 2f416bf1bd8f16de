"""Rules for comparisons: "over 50k", "100+ wins", "more than 90 days", "below list price"."""

from copilot.offline.compose.compare.lengths import DAYS, lengths
from copilot.offline.compose.compare.numbers import comparisons, stray
from copilot.offline.compose.compare.prices import field_comparisons

__all__ = ["DAYS", "comparisons", "field_comparisons", "lengths", "stray"]
