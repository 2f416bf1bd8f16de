"""Rules for superlatives and orderings: top 5, oldest, number two, best first."""

from copilot.offline.compose.ranks.counting import by_group, counted
from copilot.offline.compose.ranks.numbers import two_places
from copilot.offline.compose.ranks.superlatives import orderings, superlatives
from copilot.offline.compose.ranks.totals import counted_before, ranked_totals

__all__ = ["by_group", "counted", "counted_before", "orderings", "ranked_totals", "superlatives", "two_places"]
