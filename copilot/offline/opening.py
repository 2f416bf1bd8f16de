"""What a message at the start of a conversation points at, though nothing was said before it."""

from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import MeasureNode, Reading, Target
from copilot.offline.lexicon import key

_OF_NONE = frozenset({"pronouns", "target", "asks", "facts", "follow", "columns", "people", "shown"})


def nodes_of(reading: Reading) -> set[str]:
    """What was read, apart from loose words."""
    return {name for name, value in vars(reading).items() if value not in (None, [], False, (-1, -1), -1)} - {"loose"}


def at_the_start(reading: Reading) -> Reading:
    """At the start there is nothing to point at: 那个客户 is then the homophone 哪个客户, "which account"."""
    single = [p for p in reading.pronouns if p.kind == "single" and p.text.startswith("那")]
    asked = next((p for p in single if p.entity not in (None, "team")), None)
    if reading.pronouns and not nodes_of(reading) - _OF_NONE:
        reading.unclear = True  # "those deals", 那个单子咋样了: which ones?
    elif asked is not None and reading.target is None:
        reading.target = Target(str(asked.entity), "which", is_plural=False)
    elif any(_is_lost(p, reading) for p in reading.pronouns):
        reading.unclear = True
    reading.unclear |= reading.row is not None and not (reading.gap or reading.others)  # "the first one" of what?
    reading.unclear |= reading.each and not (reading.groups or reading.records or reading.fields)  # each of whom?
    reading.unclear |= reading.of_whole  # "as a share of all we won": what is the part?
    same = any(p.kind == "same" and p.is_unit for p in reading.pronouns)  # "in the same month they started"
    reading.unclear |= same and not reading.periods
    return reading


def compared_in_money(reading: Reading) -> None:
    """As in 6月比5月少了多少, 今年和去年比差了多少: two times compared by what was sold in each, which is told."""
    plain = not (nodes_of(reading) - {"periods", "change", "gap", "side_by_side", "ours", "mine", "notes"})
    if plain and (reading.change or reading.gap) and len(reading.periods) == 2:
        reading.measures = [MeasureNode(metric="bookings")]
        reading.change, reading.gap, reading.side_by_side = reading.change or "any", False, True


def _is_lost(pointer: Pronoun, reading: Reading) -> bool:
    """Whether what it points at is not in the reading: "his team", "that month", "that guy"."""
    if pointer.kind == "same":
        return not reading.periods
    if _points_back(pointer):
        return _says_nothing_else(reading)
    if _is_somebody(pointer):
        return not (reading.records or reading.groups or "who" in reading.asks or _is_of_people(reading))
    return pointer.entity == "team" or (_needs_mention(pointer) and not reading.records)


def _is_somebody(pointer: Pronoun) -> bool:
    """As in "she", 他: one person who was spoken of."""
    return pointer.kind == "single" and pointer.entity == "user" and not pointer.is_weak and len(key(pointer.text)) == 1


def _is_of_people(reading: Reading) -> bool:
    return reading.each or (reading.target is not None and reading.target.dotted.split(".")[0] in ("user", "contact"))


def _needs_mention(pointer: Pronoun) -> bool:
    """Whether it means one that was spoken of ("that guy"), and cannot be a turn of phrase ("there")."""
    return pointer.kind == "single" and not pointer.is_weak and len(key(pointer.text)) > 1


def _says_nothing_else(reading: Reading) -> bool:
    """Whether no other words narrow or rank what is pointed at."""
    return not (reading.records or reading.fields or reading.states or reading.sup or reading.measures)


def _points_back(pointer: Pronoun) -> bool:
    """As in 那几个, 这些: several that were shown."""
    return pointer.kind == "set" and pointer.text[:1] in ("这", "那") and not pointer.is_weak
