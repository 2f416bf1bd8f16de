"""What a message leaves to the answer before it: its subject, its figure, the records that were counted."""

from dataclasses import replace

import prompts
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.pointing import WHICH_ONE
from copilot.offline.compose.reading import Reading, RecordTest, Target
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.leaning import drops_subject, lists_counted, totals_of_one
from copilot.offline.follow_up.rows import keeps_ranking, worth_of_counted
from copilot.offline.tokens import tokenize


def of_what_was_shown(context: Context, current: Reading) -> Reading:
    """The message with what it leaves to the last answer: its subject, its figure, its records."""
    if context.previous.sup is not None:  # "and which one is the lowest": of all that was ranked, not of the row shown
        current = replace(current, pronouns=[p for p in current.pronouns if p.text != WHICH_ONE])
    if drops_subject(context, current) or totals_of_one(context, current):
        current = _with_subject(context, current)
    if keeps_ranking(context, current):
        current = replace(current, asks=[], measures=[], pronouns=[])
    if lists_counted(context, current):
        return replace(current, target=Target("deal", "list"))
    return worth_of_counted(context, current)


def _with_subject(context: Context, current: Reading) -> Reading:
    """The message as said of the record shown, which is told of a figure, or asked back."""
    out = current.copy()
    out.pronouns = [Pronoun("single", None, False, "it")]
    found = context.only()
    counts = "count" in out.asks or bool(out.measures)
    if counts and isinstance(found, RecordTest) and (found.entity == "account" or (out.total and _is_person(found))):
        out.pronouns = [Pronoun("single", found.entity, False)]
        out.notes.append(_told_of(context, found.names[0].label))
    else:
        out.unclear |= counts
    return out


def _told_of(context: Context, label: str) -> str:
    lang = "zh" if any(token.script == "cjk" for token in tokenize(context.last.text)) else "en"
    return prompts.fill(str(prompts.load_yaml("planner")[lang]["said_of"]), name=label)


def _is_person(found: RecordTest) -> bool:
    return found.entity in ("user", "contact")
