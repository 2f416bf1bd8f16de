"""Rules for which records are meant: names, values, states, periods, whose they are."""

from copilot.offline.compose.scope.periods import months_or_names, periods
from copilot.offline.compose.scope.states import STATES, states, whose
from copilot.offline.compose.scope.values import values

__all__ = ["STATES", "months_or_names", "periods", "states", "values", "whose"]
