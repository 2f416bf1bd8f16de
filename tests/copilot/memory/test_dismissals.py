"""What a person set aside is kept for them alone, on both databases."""

from datetime import date

from copilot.memory.dismissals import Dismissals
from copilot.memory.engine import Conversations


def test_a_record_is_set_aside_once_for_each_person_with_what_was_seen_last(kept: Conversations):
    dismissals = Dismissals(kept)
    for seen in ({"a"}, {"a", "张三"}):
        dismissals.add(7, "account", 12, seen=frozenset(seen), on=date(2017, 11, 15))
    dismissals.add(8, "lead", 12, seen=frozenset(), on=date(2017, 11, 15))

    assert dismissals.of(7) == {("account", 12): frozenset({"a", "张三"})}
    assert dismissals.of(8) == {("lead", 12): frozenset()}
    assert dismissals.of(9) == {}
