"""Whom the rows of an answer stand for: of figures by manager, each row is a manager's people and not the manager."""

from collections.abc import Sequence

from copilot.offline.compose.reading import Reading, RecordTest
from copilot.offline.vocabulary import Name

_LED = ("manager", "user.manager")


def of_rows(reading: Reading, entity: str, names: Sequence[Name]) -> RecordTest:
    """A test for what these rows of an answer counted."""
    target = reading.target.dotted if reading.target is not None else None
    nouns = [group.dotted for group in reading.groups] or [reading.sup.noun if reading.sup else None, target]
    measured = bool(reading.measures or reading.groups or reading.asks == ["count"])
    counted = reading.sup is not None and reading.sup.sort.endswith("count")
    led = entity == "user" and (measured or counted) and any(noun in _LED for noun in nouns)
    return RecordTest(entity, tuple(names), reference="user.manager" if led else None)
