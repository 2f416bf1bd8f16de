"""How many one deal is of ("they only need 4 now", 改成六台), and fields called by half of their name."""

from copilot.offline.lexicon import key
from copilot.offline.numbers import Number
from copilot.offline.tags import SILENT, T
from copilot.offline.writing.changing.numbers import as_value, number_at
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.words import small, stem
from crm_core.models import Kind
from crm_core.schema import Field

_MOST = 9_999
_NUMERIC = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)
_BEHIND = 3  # words between half a name and its number


def goods(desk: Desk) -> None:
    """A number of things that one deal is of, where deals have a field for that: what it is now."""
    field = _units(desk)
    for at in range(len(desk.tags)) if field is not None else ():
        number = number_at(desk, at)
        if field is None or number is None or not _is_whole(number):
            continue
        before = _verb_before(desk, at)
        noun = _noun(desk, at)
        if before is None or (noun is None and not _needs(desk, before)):
            continue
        taken = [noun] if noun is not None and desk.tags[noun].type is not T.VALUE else []
        links = [k for k in range(before, at) if desk.says(k, "goal", "to", "by_to_at")]
        desk.set(f"deal.{field.name}", int(number.value), at, before, *links, *taken, sure=True)
        _take_shorthand(desk)
        return


def _units(desk: Desk) -> Field | None:
    """The field of deals that holds how many, where there is one only."""
    fields = desk.vocabulary.schema.entities["deal"].fields.values()
    fit = [f for f in fields if f.edit and f.kind in (Kind.INTEGER, Kind.DECIMAL) and _labelled(f, "units_label")]
    return fit[0] if len(fit) == 1 else None


def _labelled(field: Field, words: str) -> bool:
    return any(word.lower() in small(words) for word in field.words)


def _is_whole(number: Number) -> bool:
    plain = not (number.is_money or number.is_percent or number.is_ordinal or number.or_more or number.unit)
    return plain and number.value == int(number.value) and 0 < number.value <= _MOST


def _verb_before(desk: Desk, at: int) -> int | None:
    """The word that says that it is so now: "need", "is", "make it", 改成; over "to" and words of little weight."""
    for k in range(at - 1, -1, -1):
        if not desk.free[k] or desk.says(k, "determiner"):
            return None  # "about the five generators": those known
        if _needs(desk, k) or desk.is_copula(k) or desk.text(k) in small("copula"):
            return k
        if desk.wish(k, "set", "lower", "raise", "correction"):
            aimed = any(desk.says(i, "goal", "to") for i in range(k, at)) or not desk.text(k).isascii()
            return k if aimed or desk.text(k) in small("make_it") else None
        if desk.tags[k].type not in SILENT and not desk.says(k, "goal", "to", "approx_word"):
            return None
    return None


def _needs(desk: Desk, at: int) -> bool:
    """As in "need", "only need", 只要."""
    words = desk.text(at)
    return bool(words) and (words.split()[-1] in small("needing") or words in small("needing"))


def _noun(desk: Desk, at: int) -> int | None:
    """What is counted: a measure word, a word for pieces, or what the deals are of."""
    after = at + 1
    if after >= len(desk.tags):
        return None
    tag = desk.tags[after]
    if desk.says(after, "goods_counter", "goods_noun"):
        return after
    kinds = [str(sense.value[0]) for sense in tag.all(T.VALUE)]
    return after if any(kind.startswith("deal.") for kind in kinds) else None


def _take_shorthand(desk: Desk) -> None:
    """What only says that it is so from now on: "they", "now", "instead", "only"."""
    for k, tag in enumerate(desk.tags):
        if desk.free[k] and (tag.type in (T.FOLLOW, T.PRONOUN) or desk.says(k, "lasting", "only_word")):
            desk.take(k)


def half_named(desk: Desk) -> None:
    """A number behind half of the name of one field of deals: "the monthly drops to 8,100", "transport is 900"."""
    for at, tag in enumerate(desk.tags):
        if (
            not desk.free[at]
            or tag.type in (T.RECORD, T.NUMBER, T.VALUE, T.DATE, T.ENTITY, T.STATE)
            or tag.get(T.FIELD)
        ):
            continue
        field = _half(desk, desk.text(at))
        place = _number_behind(desk, at) if field is not None else None
        value = as_value(desk, place, desk.tags[place].get(T.NUMBER).value, of_shares=False) if place else None  # type: ignore[union-attr]
        if field is None or place is None or value is None:
            continue
        links = range(at + 1, place)
        whole = int(value) if isinstance(value, float) and value == int(value) else value
        desk.set(f"deal.{field.name}", whole, at, place, *links, sure=True)


def _half(desk: Desk, word: str) -> Field | None:
    """The one numeric field of deals of whose name this is the part that tells it from others."""
    fields = [f for f in desk.vocabulary.schema.entities["deal"].fields.values() if f.edit and f.kind in _NUMERIC]
    fit = [f for f in fields if f.words and stem(word) in {stem(w) for w in _telling(f)}]
    return fit[0] if word and len(fit) == 1 else None


def _telling(field: Field) -> set[str]:
    """The words of a name of several words without those that many fields share: "monthly" of "Monthly Rate"."""
    words = key(field.words[0].lower())
    return set(words) - small("field_noun") if len(words) > 1 else set()


def _number_behind(desk: Desk, at: int) -> int | None:
    """The number that a verb ties to the word there: "is", "to", "drops to"."""
    tied = False
    for k in range(at + 1, min(at + 2 + _BEHIND, len(desk.tags))):
        if not desk.free[k]:
            return None
        if desk.tags[k].type is T.NUMBER:
            return k if tied else None
        linked = desk.is_copula(k) or desk.says(k, "goal", "to", "field_said") or desk.wish(k, "set", "lower", "raise")
        tied |= linked
        if not linked and desk.tags[k].type not in SILENT and desk.tags[k].type is not T.CHANGE:
            return None
    return None
