"""Words that only count again what was just named: 东区和西区|这两个区, Anna和Bob|两个人, "Anna and Bob | both"."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.tags import T

_COUNTED = {"两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "几": 0}
_POINTING = "这那"
_COUNTERS = ("个", "位", "家", "款", "种", "名", "")
_PEOPLE = ("人", "个人")


def these_two(c: Composer) -> None:
    """Names or values joined by "and", and behind them how many they are, with their noun or without."""
    for at in range(1, len(c.items)):
        named = _joined_before(c, at)
        if len(named) < 2 or c.items[at].after_break:
            continue
        end = _counts_again(c, at, len(named))
        if end is not None:
            c.own(*range(at, end))
            return


def _joined_before(c: Composer, at: int) -> list[int]:
    """The places of the names or values that end right before `at`."""
    found: list[int] = []
    k = at - 1
    while k >= 0 and c.sense(k, T.RECORD, T.VALUE):
        found.append(k)
        if c.has(k - 1, T.AND):
            k -= 2
        elif c.items[k].after_break:
            k -= 1  # 零售、医疗
        else:
            break
    return found


def _counts_again(c: Composer, at: int, told: int) -> int | None:
    """Where the words that count `told` of them end; None if there are none."""
    item = c.items[at]
    text = item.tag.text
    number = c.sense(at, T.NUMBER)
    if c.has(at, T.PRONOUN) and text[0] in _POINTING:
        counted = _COUNTED.get(text[1:2])
        noun = at + 1
        if counted is None or counted not in (0, told):
            return None
        spoken = len(text) > 3 or (len(text) == 3 and text[-1] not in _COUNTERS)
        return noun if spoken else noun + _is_their_noun(c, noun)
    bounds = c.sense(at + 1, T.POST_OP) or c.sense(at - 1, T.OP) or "deal" in nouns_at(c, at + 1)
    if number is not None and number.value.value == told and not (number.value.unit or bounds):
        return at + 1 + _is_their_noun(c, at + 1)
    if text in ("俩", "仨") and _COUNTED[text] == told:
        return at + 1
    return None


def _is_their_noun(c: Composer, at: int) -> bool:
    """Whether the noun there is the kind of what is named: 区 of regions, 人 of people."""
    item = c.item(at)
    if item is None or item.after_break or "的" in item.before:
        return False
    named = _joined_before_any(c, at)
    fields = set(c.fields_at(at))
    entities = {entity_of(str(s.value)) for s in item.all(T.ENTITY)}
    people = item.tag.text in _PEOPLE and "user" in named
    return bool(fields & named or entities & named or people)


def _joined_before_any(c: Composer, at: int) -> set[str]:
    """The fields and kinds of records of the last thing named before `at`."""
    for k in range(at - 1, -1, -1):
        values, records = c.items[k].all(T.VALUE), c.items[k].all(T.RECORD)
        if values or records:
            return {s.value[0] for s in values} | {name.entity for s in records for name in s.value}
    return set()
