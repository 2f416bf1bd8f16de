"""Rules for who is below whom, and whose something is: teams, subsidiaries, owners."""

from copilot.offline.compose.trees.companies import subsidiaries
from copilot.offline.compose.trees.references import above, keepers, referred, reports
from copilot.offline.compose.trees.relations import relations
from copilot.offline.compose.trees.teams import led, teams

__all__ = ["above", "keepers", "led", "referred", "relations", "reports", "subsidiaries", "teams"]
