"""Rules for who is below whom, and whose something is: teams, subsidiaries, owners."""

from copilot.offline.compose.trees.companies import children_of, of_children, of_others, of_those_above, subsidiaries
from copilot.offline.compose.trees.references import above, keepers, referred, reports, under_them
from copilot.offline.compose.trees.relations import relations
from copilot.offline.compose.trees.teams import by_mine, by_theirs, led, teams

__all__ = [
    "above",
    "by_mine",
    "by_theirs",
    "children_of",
    "keepers",
    "led",
    "of_children",
    "of_others",
    "of_those_above",
    "referred",
    "relations",
    "reports",
    "subsidiaries",
    "teams",
    "under_them",
]
