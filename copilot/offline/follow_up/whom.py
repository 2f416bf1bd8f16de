"""Whom a pointer to several can mean: "they" is one company, "them" the one record shown, "ones" only a noun."""

from dataclasses import replace

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import Reading, Target
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.leaning import lists_counted


def is_head(pronoun: Pronoun, current: Reading) -> bool:
    """As in "the lost ones": a noun that is told which, and that points at nothing."""
    return pronoun.text in ("ones", "the ones") and bool(slots(current))


_THEY = ("they", "their", "theirs")


def as_company(context: Context, current: Reading) -> Reading:
    """As in "which industry are they in", after how many somebody won at a company: they are that company."""
    asked = [*current.columns, *([current.target.dotted] if current.target else [])]
    named = [r for r in context.previous.records if r.entity == "account" and not (r.negated or r.reference)]
    of_it = bool(asked) and all(dotted.startswith("account.") for dotted in asked)
    if not of_it or len(named) != 1 or len(named[0].names) != 1 or context.last.entity == "account":
        return current
    they = [replace(p, kind="single", entity="account") if p.text in _THEY else p for p in current.pronouns]
    return replace(current, pronouns=they)


def as_ones(context: Context, current: Reading) -> Reading:
    """As in "just the ones at hospitals, with their names", after contacts: they are contacts, and no hospitals."""
    before, target = context.previous.target, current.target
    ones = any(p.kind == "set" and p.text.lower().endswith("ones") for p in current.pronouns)
    tested = {test.entity for test in current.fields}
    if not ones or before is None or target is None or set(current.asks) - {"list"} or current.measures:
        return current
    kind = before.dotted.split(".")[0]
    if tested != {target.dotted} or kind == target.dotted or kind not in ("contact", "lead", "task"):
        return current
    return replace(current, target=Target(before.dotted, "list"), asks=["list"])


def as_single(context: Context, current: Reading) -> Reading:
    """As in "them", of the one company shown."""
    of_deals = current.target is None or (current.target.dotted == "deal" and context.last.entity != "deal")
    counts_facts = "count" in current.asks and of_deals and context.previous.sup is not None
    if (counts_facts and not they_do(current)) or lists_counted(context, current):
        return current
    if len(context.last.ids) != 1:
        return current
    return replace(current, pronouns=[replace(p, kind="single") if p.kind == "set" else p for p in current.pronouns])


def they_do(current: Reading) -> bool:
    """As in "how many did they lose": it is they who lost them, and they are not counted."""
    return bool(current.pronouns) and all(p.text in ("they", "他们", "她们") for p in current.pronouns)
