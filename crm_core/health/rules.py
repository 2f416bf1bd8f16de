"""The warnings, each declared once: its limit, its weight and its formula in words. `check` measures them."""

from dataclasses import dataclass
from enum import StrEnum

from crm_core.errors import Invalid


class Unit(StrEnum):
    """What a limit counts."""

    DAYS = "days"
    PERCENT = "percent"
    TALKS = "talks"
    PEOPLE = "people"
    POINTS = "points"


@dataclass(frozen=True)
class Rule:
    """A warning.

    Attributes:
        name: as commands, reports and the texts in `prompts/health.yaml` call it.
        unit: of its limit.
        default: the limit, until the company sets its own.
        points: what it adds to a deal's risk.
        formula: when it is given, in words; `limit` stands for the limit.
    """

    name: str
    unit: Unit
    default: int
    points: int
    formula: str


_ALL = (
    Rule(
        "overdue", Unit.DAYS, 0, 2,
        "the expected close date is more than `limit` days ago and the deal is still open",
    ),
    Rule(
        "stalled", Unit.DAYS, 30, 2,
        "longer in its stage than four of five past deals were, by at least 5 past stays of the last two years; where "
        "there are fewer, longer than `limit` days",
    ),
    Rule(
        "no_reply", Unit.DAYS, 7, 2,
        "our last email or chat message is at least `limit` days old, and since then the customer neither wrote nor "
        "spoke with us",
    ),
    Rule(
        "no_activity", Unit.DAYS, 14, 2,
        "no talk with the customer for more than `limit` days and more than twice the usual gap between two days with "
        "talks (from 4 such days on)",
    ),
    Rule("no_next_step", Unit.DAYS, 0, 1, "open for more than `limit` days, without a next step or an open task"),
    Rule("single_contact", Unit.PEOPLE, 1, 1, "talks with no more than `limit` people, in 3 talks or more"),
    Rule(
        "no_decider", Unit.PEOPLE, 0, 1,
        "of the people who take part or talk with us no more than `limit` decide, by their part in the deal or by "
        "their title",
    ),
    Rule("no_price", Unit.TALKS, 4, 1, "at least `limit` talks with a text, and none of the texts speaks of a price"),
    Rule(
        "negative", Unit.DAYS, 30, 1,
        "the customer wrote or said something annoyed or cool within `limit` days, and nothing since that was not",
    ),
    Rule(
        "discount", Unit.PERCENT, 15, 1,
        "a line of the deal has a discount of `limit` percent or more, or the amount fell by as much since it was "
        "first recorded",
    ),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
AT_RISK = Rule("at_risk", Unit.POINTS, 4, 0, "the warnings of a deal come to `limit` points or more")


def get_rule(name: str) -> Rule:
    """The warning `name`, or the limit from which a deal counts as at risk.

    Raises:
        Invalid: there is none; names those that there are.
    """
    known = {**RULES, AT_RISK.name: AT_RISK}
    if name not in known:
        raise Invalid(f"There is no warning {name!r}. There are: {', '.join(known)}.")
    return known[name]
