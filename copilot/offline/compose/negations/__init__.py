"""Rules for what is missing or left out: empty fields, no such children, excluded values."""

from copilot.offline.compose.negations.exclusions import exclusions, rest
from copilot.offline.compose.negations.missing import missing, not_even_one, not_recorded, tags
from copilot.offline.compose.negations.never import anti_join
from copilot.offline.compose.negations.unwanted import unwanted

__all__ = ["anti_join", "exclusions", "missing", "not_even_one", "not_recorded", "rest", "tags", "unwanted"]
