"""What a message leaves to the answer before it: its subject, its figure, the records that were counted."""

from dataclasses import replace

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.pointing import WHICH_ONE
from copilot.offline.compose.reading import Reading, Target
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.leaning import drops_subject, lists_counted
from copilot.offline.follow_up.rows import keeps_ranking, worth_of_counted


def of_what_was_shown(context: Context, current: Reading) -> Reading:
    """The message with what it leaves to the last answer: its subject, its figure, its records."""
    if context.previous.sup is not None:  # "and which one is the lowest": of all that was ranked, not of the row shown
        current = replace(current, pronouns=[p for p in current.pronouns if p.text != WHICH_ONE])
    if drops_subject(context, current):
        current = _with_subject(current)
    if keeps_ranking(context, current):
        current = replace(current, asks=[], measures=[], pronouns=[])
    if lists_counted(context, current):
        return replace(current, target=Target("deal", "list"))
    return worth_of_counted(context, current)


def _with_subject(current: Reading) -> Reading:
    """The message as said of the record shown; a number may be its own or of all, and is asked about."""
    out = current.copy()
    out.pronouns = [Pronoun("single", None, False, "it")]
    out.unclear |= "count" in out.asks or bool(out.measures)
    return out
