"""Rules for words that have a meaning only beside what was shown: "the two", "which is higher", "the month before"."""

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import Shift, SupNode
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_UNITS = ("day", "week", "month", "quarter", "year")
_OF_NO_DATA = frozenset(
    {T.NUMBER, T.COMPARATIVE, T.SUP, T.GAP, T.CHANGE, T.VERSUS, T.AGG, T.ASK, T.PRONOUN, T.FOLLOW, T.UNIT, T.BUCKET,
     T.MONEY_WORD, T.PERCENT_WORD, T.AND, T.METRIC, T.VERB_METRIC, T.BY, T.WHOLE, T.MINE, T.THING, T.SHARE, T.FIELD,
     T.DATE, T.ENTITY, T.SHIFT}
)  # fmt: skip
_MOST_SHOWN = 6
_BESIDE = frozenset({"with", "including", "showing", "along"})
_SOME = frozenset({"a", "an", "any", "no", "some"})
_POINTING = ("这", "那", "these", "those", "the")


def shifts(c: Composer) -> None:
    """As in "the month before", "two quarters earlier", "same period last year", 再往前一个季度."""
    for at, item, sense in list(c.each(T.SHIFT)):
        if item.tag.get(T.STEP) or (item.tag.get(T.CHANGE) and c.mentions(T.DATE)):
            continue  # told from a time of its own sentence, or by a rule of its own
        if sense.value == "year_earlier":
            c.reading.shift = Shift(-12, "month")
            change = c.sense(at, T.CHANGE)
            c.reading.change = str(change.value) if change else None  # 同比
            c.own(at)
        elif sense.value == "same":
            _same_of(c, at)
        else:
            steps, unit, used = _length(c, at)
            if unit or len(key(item.tag.text)) > 1:
                c.reading.shift = Shift(-steps if sense.value == "earlier" else steps, unit)
                c.own(at, *used)


def _same_of(c: Composer, at: int) -> None:
    """As in 今年同期: the time shown, in the year that is named."""
    for k in (at - 1, at + 1):
        date = c.sense(k, T.DATE)
        if date is not None and date.value.unit == "year":
            c.reading.shift = Shift(0, "year", date.value.since)
            c.own(at, k)
            return


def _length(c: Composer, at: int) -> tuple[int, str | None, list[int]]:
    """How many of which unit stand beside the word, and where."""
    for k in (at - 1, at + 1):
        number, unit = c.sense(k, T.NUMBER), c.sense(k, T.UNIT, T.BUCKET)
        if number is not None and number.value.unit in _UNITS and number.value.value == int(number.value.value):
            return int(number.value.value), str(number.value.unit), [k]
        if unit is not None and unit.value in _UNITS:
            return 1, str(unit.value), [k]
    return 1, None, []


def leaning(c: Composer) -> None:
    """The words of a message that names nothing of the data."""
    if not all(item.tag.type in _OF_NO_DATA for item in c.items) or c.reading.records or c.reading.fields:
        return
    _several(c)
    _shown_dates(c)
    _totals(c)
    for at, _, sense in list(c.each(T.CHANGE)):
        if not c.reading.periods:
            c.reading.change = str(sense.value)
            c.own(at)
    for at, item, sense in list(c.each(T.SUP)):
        if item.get(T.COMPARATIVE) and c.reading.sup is None:
            c.reading.sup = SupNode(str(sense.value))  # "which is higher"
            c.reading.shown = c.reading.shown or 2
            c.own(at)


def _totals(c: Composer) -> None:
    """As in "what's the total of the two": of what was measured, which need not be money."""
    asked = [item.tag for item in c.items if item.tag.type is T.ASK and item.tag.get(T.ASK).value == "how_much"]  # type: ignore[union-attr]
    sums = [s for tag in asked for word in key(tag.text) for s in c.vocabulary.phrases.get((word,), ())]
    if c.reading.shown and any((s.type, s.value) == (T.AGG, "sum") for s in sums):
        c.reading.total, c.reading.measures, c.reading.asks = True, [], []


def _several(c: Composer) -> None:
    """As in "both", "the two months", 两个产品: as many as were shown, with their noun."""
    for at, _, sense in list(c.each(T.NUMBER, T.COMPARATIVE)):
        both = sense.type is T.COMPARATIVE and sense.value == "both"
        counts = sense.type is T.NUMBER and not (
            sense.value.is_money or sense.value.is_percent or sense.value.is_ordinal
        )
        noun = c.item(at + 1)
        if counts and sense.value.unit and noun is not None and noun.tag.get(T.ENTITY, T.METRIC) is not None:
            continue  # "2 year deals"
        if both or (counts and 2 <= sense.value.value <= _MOST_SHOWN and (at == 0 or not c.has(at - 1, T.OP))):
            c.reading.shown = 2 if both else int(sense.value.value)
            named = c.has(at + 1, T.UNIT) or c.has(at + 1, T.ENTITY)
            c.own(at, *([at + 1] if named else []))


def _shown_dates(c: Composer) -> None:
    """As in 这两个月, "those two quarters": they may be the ones that were shown."""
    for item in c.items:
        words = key(item.tag.text)
        if item.tag.type is T.DATE and words[0] in _POINTING:
            numbers = [_NUMBERS[word] for word in words if word in _NUMBERS]
            if len(numbers) == 1 and c.reading.shown is None:
                c.reading.shown = numbers[0]
                c.reading.pronouns.append(Pronoun("set", None, False, item.tag.text))


_NUMBERS = {"two": 2, "three": 3, "four": 4, "两": 2, "三": 3, "四": 4, "2": 2, "3": 3, "4": 4}


def _only_lists(item: Item) -> bool:
    asked = item.tag.get(T.ASK)
    lists = item.tag.type is T.ASK and asked is not None and asked.value in ("list", "what", "request", "rank")
    return lists or item.tag.type in (T.PRONOUN, T.FOLLOW, T.NUMBER)


def extras(c: Composer) -> None:
    """As in "list them with the account and start date": what is to stand beside each."""
    starts = next((at for at, item in enumerate(c.items) if item.before & _BESIDE), None)
    before = c.items[:starts]
    if starts is None or not all(_only_lists(item) for item in before):
        return
    wanted: list[str] = []
    used: list[int] = []
    for at in range(starts, len(c.items)):
        if c.sense(at, T.AND, T.FOLLOW):
            used.append(at)
            continue
        references = [r for s in c.items[at].all(T.ENTITY) if (r := c.is_reference_of(FACT, entity_of(str(s.value))))]
        held = [f"{FACT}.{name}" for name in references] or c.fields_at(at)
        if not held or c.sense(at, T.VALUE, T.RECORD, T.DATE) or c.items[at].before & _SOME:
            return  # "those with a parent": a filter
        wanted.append(c.nearest(held, to=[FACT]))
        used.append(at)
    starts_so = starts == 0 or any(item.tag.type in (T.PRONOUN, T.ASK) for item in before)
    if wanted and starts_so:
        c.reading.columns += wanted
        c.reading.asks.append("list")
        c.own(*used, *(at for at in range(starts) if c.has(at, T.ASK, "list", "what")))
