"""What a report is, and what may be asked of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from copilot.context import TurnContext
from copilot.page import Page
from crm_core.errors import Invalid
from crm_core.query.spec import All, Condition, Filter, Group


@dataclass(frozen=True)
class Asked:
    """What a report is to look at.

    Attributes:
        about: entity, id and label of the one record that it is about; None: no single one.
        where: which records it looks at, a filter over the report's entity; None: all that the asker may see.
        by: what to tell apart by, fields of that entity or their buckets.
        since, until: the period, inclusive; None: open, or the report's own.
    """

    about: tuple[str, int, str] | None = None
    where: Filter | None = None
    by: tuple[Group, ...] = ()
    since: date | None = None
    until: date | None = None

    def within(self, field: str, *further: Filter) -> Filter | None:
        """`where`, the period as a test of the date `field`, and further tests, all of them together."""
        tests = [*further, *([self.where] if self.where else [])]
        for op, day in (("ge", self.since), ("le", self.until)):
            if day is not None:
                tests.append(Condition.model_validate({"field": field, "op": op, "value": day.isoformat()}))
        return All(all=tests) if tests else None


def split_tests(where: Filter | None, name: str) -> tuple[list[str], Filter | None]:
    """The values that a filter asks of `name`, which only the report itself knows, and the rest of the filter.

    Raises:
        Invalid: it stands where it cannot.
    """
    if isinstance(where, Condition) and where.field == name:
        if where.op not in ("eq", "in"):
            raise Invalid(f"A {name} is tested by eq or in.")
        return [str(value) for value in (where.value if isinstance(where.value, list) else [where.value])], None
    if not isinstance(where, All):
        return [], where
    parts = [split_tests(part, name) for part in where.all]
    rest = [part for _, part in parts if part is not None]
    return [value for values, _ in parts for value in values], All(all=rest) if rest else None


@dataclass(frozen=True)
class Report:
    """A named report.

    Attributes:
        name: as tools, commands and the planner's lexicon call it.
        entity: what its filter and its `by` are over.
        build: makes the page; raises CrmError where what was asked cannot be told.
        told: what it tells, in a few words, for whoever chooses one.
        is_ahead: whether it tells of a time to come, so that "Q2" is the coming one.
        rests_on: a kind of record without which it tells nothing.
    """

    name: str
    entity: str
    build: Callable[[TurnContext, Asked], Page]
    told: str
    is_ahead: bool = False
    rests_on: str | None = None
