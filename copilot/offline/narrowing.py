"""A word that fits several records, narrowed by the other records that are named: "the Vantry night loading deal"."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.reading import Reading, RecordTest
from copilot.offline.follow_up import LookUp
from copilot.offline.vocabulary import Name, Vocabulary

MOST = 8  # records that are looked up


def narrow(reading: Reading, vocabulary: Vocabulary, look_up: LookUp) -> None:
    """Keep, of the records that a word fits, those that belong to the other records that are named.

    Where one is left, the others only said which: they are no conditions of their own any more.
    """
    for test in [one for one in reading.records if 1 < len(one.names) <= MOST and not one.negated]:
        others = _referred(test, reading.records, vocabulary)
        kept = [name for name in test.names if all(_meets(name, other, vocabulary, look_up) for other in others)]
        if not others or not kept or test not in reading.records:
            continue
        reading.records[reading.records.index(test)] = replace(test, names=tuple(kept))
        if len(kept) == 1:
            reading.records = [one for one in reading.records if one not in others]


def _referred(test: RecordTest, records: Sequence[RecordTest], vocabulary: Vocabulary) -> list[RecordTest]:
    """The tests on records that those of `test` refer to."""
    targets = {field.target for field in vocabulary.schema.entities[test.entity].fields.values()} - {None, test.entity}
    return [one for one in records if one.entity in targets and not (one.negated or one.below or one.reference)]


def _meets(name: Name, other: RecordTest, vocabulary: Vocabulary, look_up: LookUp) -> bool:
    fields = vocabulary.schema.entities[name.entity].fields.values()
    return any(look_up(name, field.name) in other.names for field in fields if field.target == other.entity)
