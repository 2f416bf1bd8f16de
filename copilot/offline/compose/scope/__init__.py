"""Rules for which records are meant: names, values, states, periods, whose they are."""

from copilot.offline.compose.scope.appositions import these_two
from copilot.offline.compose.scope.periods import months_or_names, periods
from copilot.offline.compose.scope.spans import said_again
from copilot.offline.compose.scope.states import STATES, begun, of_their_end, states, whose
from copilot.offline.compose.scope.values import values

__all__ = [
    "STATES",
    "begun",
    "months_or_names",
    "of_their_end",
    "periods",
    "said_again",
    "states",
    "these_two",
    "values",
    "whose",
]
