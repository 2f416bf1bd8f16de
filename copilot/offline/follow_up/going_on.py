"""Whether a message that may order a change goes on with the last answer instead: "add Caleb", "add them up"."""

from collections.abc import Callable, Sequence

from copilot.offline.compose.going_back import JOINS_HAN
from copilot.offline.compose.reading import FieldTest, Reading, RecordTest
from copilot.offline.follow_up.context import slots
from copilot.offline.plan import PastTurn

_PARTS = ("split ", "break ", "drop ", "leave out ", "forget ", "ignore ", "group ", "sort ")
_BEGINS = ("add ", "and add ", "also add ", "now add ", "then add ", "please add ", "include ", "sum ", "total ")
_NO_PARTY = frozenset({"deal", "task", "contact", "lead", "interaction", "stage"})


def goes_on(text: str, read: Callable[[str], Reading], dialogue: Sequence[PastTurn]) -> bool:
    """Whether `text`, said after figures, adds to what was compared, or adds up what was shown."""
    last = dialogue[-1] if dialogue else None
    said = text.strip().lower()
    begins = said.startswith(_BEGINS) or any(word in text for word in JOINS_HAN)
    if last is None or last.spec is None or not (begins or said.startswith(_PARTS)):
        return False
    reading = read(text)
    if said.startswith(_PARTS):
        return bool(reading.groups or reading.drop or reading.order) and not (reading.loose or reading.doubts)
    if reading.loose or reading.columns or reading.target or reading.groups or reading.periods or reading.doubts:
        return False
    if not slots(reading):
        return reading.total
    figures = bool(last.spec.measures or last.spec.group_by)
    tests: list[FieldTest | RecordTest] = [*reading.records, *reading.fields]
    named = not any(test.entity in _NO_PARTY or test.negated for test in tests)
    return reading.joined and figures and named
