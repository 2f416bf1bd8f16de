"""What a follow-up may lean on: the readings before it, what their answers showed, and the records' own fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.offline.compose.reading import FieldTest, Period, Reading, RecordTest, Side, StateTest
from copilot.offline.follow_up.whose_rows import of_rows
from copilot.offline.plan import PastTurn
from copilot.offline.vocabulary import Name

LookUp = Callable[[Name, str], Name | str | None]  # the value of a record's field; a Name for a reference
Slot = FieldTest | RecordTest | StateTest | Period


@dataclass(frozen=True)
class Context:
    """What a follow-up may lean on.

    Attributes:
        history: the readings before it, each with what was answered; oldest first, at least one.
        look_up: reads one field of one record.
    """

    history: Sequence[tuple[Reading, PastTurn]]
    look_up: LookUp

    @property
    def previous(self) -> Reading:
        """The reading just before."""
        return self.history[-1][0]

    @property
    def last(self) -> PastTurn:
        """The turn just before."""
        return self.history[-1][1]

    def record(self, entity: str | None) -> tuple[Name, ...]:
        """The record that was last spoken of, of this kind if given; several where nothing says which; () for none."""
        several: tuple[Name, ...] = ()
        for reading, turn in reversed(self.history):
            if turn.told and entity in (None, turn.told[0]):
                return (Name(*turn.told),)
            if turn.entity and turn.ids and entity in (None, turn.entity):
                names = tuple(map(Name, [turn.entity] * len(turn.ids), turn.ids, turn.labels))
                if len(names) == 1 or _is_ranked(turn):
                    return names[:1]
                several = several or names
            named = [t for t in reading.records if not t.negated and entity in (None, t.entity) and not t.reference]
            if len(named) == 1 and len(named[0].names) == 1:
                return named[0].names
        return several if entity is not None else ()

    def person(self) -> tuple[Name, ...]:
        """The one person last shown or named, a colleague or a customer's."""
        return self.record("user") or self.record("contact")

    def thing(self) -> tuple[Name, ...]:
        """The record last shown or named that is no person; () where nothing says which."""
        for reading, turn in reversed(self.history):
            if turn.entity not in (None, "user") and turn.ids:
                return (Name(str(turn.entity), turn.ids[0], turn.labels[0]),) if len(turn.ids) == 1 else ()
            named = [t for t in reading.records if not (t.negated or t.reference) and t.entity != "user"]
            if named:
                return named[0].names if len(named) == 1 and len(named[0].names) == 1 else ()
        return ()

    def row(self, number: int) -> RecordTest | FieldTest | None:
        """The record or value in that row of what was shown last, counted from 1; -1 for the last row."""
        for reading, turn in reversed(self._ranked_before()):
            at = number - 1 if number > 0 else number
            if turn.entity and len(turn.ids) > 1:
                name = Name(turn.entity, turn.ids[at], turn.labels[at]) if at < len(turn.ids) else None
                return of_rows(reading, turn.entity, (name,)) if name else None
            noun = grouped_by(reading)
            if noun and len(turn.labels) > 1:
                return FieldTest(noun, "in", (turn.labels[at],)) if at < len(turn.labels) else None
        return None

    def _ranked_before(self) -> Sequence[tuple[Reading, PastTurn]]:
        """The conversation up to the ranking whose rows the last answer only listed again, in no order of theirs."""
        if len(self.history) < 2:
            return self.history
        ranked = self.history[-2]
        again = set(ranked[1].ids) == set(self.last.ids) and ranked[1].entity == self.last.entity
        listed = ranked[0].sup is not None and self.previous.sup is None and self.previous.order is None
        return self.history[:-1] if again and listed and len(self.last.ids) > 1 else self.history

    def only(self, back: int = 1) -> RecordTest | FieldTest | None:
        """The one row that an answer showed, so many turns back; None where it showed none or several."""
        reading, turn = self.history[-back]
        if turn.entity and len(turn.ids) == 1:
            return of_rows(reading, turn.entity, (Name(turn.entity, turn.ids[0], turn.labels[0]),))
        noun = grouped_by(reading)
        return FieldTest(noun, "in", turn.labels) if noun and len(turn.labels) == 1 and not turn.entity else None

    def series(self) -> list[Slot]:
        """What the last questions differ in, where they differ in one thing: "Anna? … and Boris? … and Cleo?"."""
        found: list[Slot] = []
        later = self.previous
        for reading, turn in reversed(self.history[:-1]):
            if turn.spec is None:
                continue
            pair = difference(reading, later)
            if pair is None:
                break
            found = [pair[0], *(found or [pair[1]])]
            later = reading
        return found


def grouped_by(reading: Reading) -> str | None:
    """The field whose values the rows of an answer are."""
    nouns = [group.dotted for group in reading.groups] if len(reading.groups) == 1 else []
    nouns += [reading.sup.noun if reading.sup else None, reading.target.dotted if reading.target else None]
    return next((noun for noun in nouns if noun and "." in noun), None)


def _is_ranked(turn: PastTurn) -> bool:
    """Whether one of the rows is meant first of all: the only one that was asked for."""
    return turn.spec is not None and turn.spec.limit == 1


def slots(reading: Reading) -> list[Slot]:
    """Every test of a reading."""
    return [*reading.fields, *reading.records, *reading.states, *reading.periods]


def difference(one: Reading, other: Reading) -> tuple[Slot, Slot] | None:
    """The test of each that the other has not, when both ask the same and differ in just that."""
    if _asked(one) != _asked(other):
        return None
    mine = [s for s in slots(one) if _meaning(s) not in map(_meaning, slots(other))]
    theirs = [s for s in slots(other) if _meaning(s) not in map(_meaning, slots(one))]
    if len(mine) != 1 or len(theirs) != 1 or type(mine[0]) is not type(theirs[0]):
        return None
    return mine[0], theirs[0]


def narrowing(whole: Reading, part: Reading) -> list[Slot]:
    """The tests by which a question narrows the one before it that asks the same; none where it does not narrow it."""
    if _asked(whole) != _asked(part):
        return []
    told = list(map(_meaning, slots(whole)))
    fresh = [slot for slot in slots(part) if _meaning(slot) not in told]
    kept = [_meaning(slot) for slot in slots(part)]
    for slot in slots(whole):
        within = isinstance(slot, StateTest) and any(
            isinstance(s, StateTest) and set(s.kinds) <= set(slot.kinds) for s in fresh
        )
        if _meaning(slot) not in kept and not within:
            return []
    return fresh


def _asked(reading: Reading) -> tuple[Any, ...]:
    measures = [(m.metric, m.fn, m.dotted) for m in reading.measures]
    counts = "count" in reading.asks and not measures
    return (measures, counts, [(g.dotted, g.bucket) for g in reading.groups], reading.sup and reading.sup.sort)


def says(reading: Reading, slot: Slot) -> bool:
    """Whether a reading has a test of this meaning, wherever its words stand."""
    return _meaning(slot) in map(_meaning, slots(reading))


def _meaning(slot: Slot) -> tuple[Any, ...]:
    """What a test says, wherever its words stand."""
    if isinstance(slot, Period):
        return ("period", slot.span.since, slot.span.until, slot.negated)
    if isinstance(slot, RecordTest):
        return ("record", slot.entity, frozenset(slot.names), slot.negated, slot.below, slot.reference)
    if isinstance(slot, StateTest):
        return ("state", frozenset(slot.kinds), slot.negated)
    return ("field", slot.dotted, slot.op, slot.values, slot.other, slot.negated)


def side_of(slots: Sequence[Slot]) -> Side:
    """These tests as one side."""
    return Side(
        fields=tuple(s for s in slots if isinstance(s, FieldTest)),
        records=tuple(s for s in slots if isinstance(s, RecordTest)),
        states=tuple(s for s in slots if isinstance(s, StateTest)),
        periods=tuple(s for s in slots if isinstance(s, Period)),
    )


def without(reading: Reading, gone: Sequence[Slot]) -> Reading:
    """The reading without these tests."""
    out, meant = reading.copy(), list(map(_meaning, gone))
    for name in ("fields", "records", "states", "periods"):
        setattr(out, name, [slot for slot in getattr(out, name) if _meaning(slot) not in meant])
    return out
