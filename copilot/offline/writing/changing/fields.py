"""Any field by its name: "headcount is 1,350 now", "set the sector to retail", "no longer has a parent company"."""

from typing import Any

from copilot.offline.tags import SILENT, T
from copilot.offline.writing.changing.by_value import by_value, in_place_of
from copilot.offline.writing.changing.numbers import as_value
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.changing.times import DATE, date_of
from copilot.offline.writing.parts import said
from crm_core.models import Kind
from crm_core.schema import Field

_QUOTES = " \"'“”‘’「」『』"
_SPECIAL = frozenset({"deal.amount", "deal.stage", "deal.owner"})
_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT, Kind.YEAR) if hasattr(Kind, "INTEGER") else ()


def fields(desk: Desk) -> None:
    """Fields named with a value, or with a word that clears them."""
    for at in range(len(desk.tags)):
        if desk.free[at]:
            _field(desk, at)
    in_place_of(desk)
    by_value(desk)


def _field(desk: Desk, at: int) -> None:
    named = editable(desk, at)
    if not named:
        return
    if desk.vocabulary.field(named[0]).is_date and desk.vocabulary.field(named[0]).kind is not Kind.YEAR:
        return
    clear = desk.find("clear")
    if clear is not None and _is_beside(desk, clear, at):
        desk.set(named[0], None, at, clear, sure=True)
        return
    if any(_takes(desk, at, named, where) for where in (_value_after(desk, at, named), _value_before(desk, at))):
        return
    if _free_text(desk, at, named):
        return
    if desk.tags[at].type is T.ENTITY:
        return
    if desk.verb is not None or desk.find("set") is not None or desk.piece.complains:
        desk.piece.mentioned += named
        if desk.piece.complains:
            desk.take(at)


def _takes(desk: Desk, at: int, named: list[str], where: tuple[int, list[int]] | None) -> bool:
    """Whether the words there are a value of one of the fields, which is set then."""
    if where is None:
        return False
    place, links = where
    for dotted in named:
        value = _value(desk, place, desk.vocabulary.field(dotted))
        if value is not None:
            unit = place + 1 if any(s.value == dotted for s in _senses(desk, place + 1)) else None
            desk.set(dotted, value, at, place, *links, unit, sure=_is_said(desk, links))
            return True
    return False


def editable(desk: Desk, at: int) -> list[str]:
    """The fields that the tag there may name and people may set, those of a named record first."""
    tag = desk.tags[at]
    if tag.type is T.RECORD or (tag.type is T.ENTITY and tag.senses[0].type is not T.FIELD and len(tag.senses) == 1):
        return []
    found = [s.value for s in tag.senses if s.type is T.FIELD and desk.vocabulary.field(s.value).edit]
    if desk.says(at, "price_word") and not any(
        s.type is T.ENTITY and s.value == "product" for t in desk.tags for s in t.senses
    ):
        return []  # the price of a deal is its amount
    if not found or _SPECIAL.intersection(found):
        return []  # "amount" is of a deal, also where orders have one
    own = {name.entity for tag in desk.tags for s in tag.all(T.RECORD) for name in s.value}
    found.sort(key=lambda dotted: dotted.split(".")[0] not in own)  # of the record that is named before others
    return [d for d in dict.fromkeys(found) if desk.vocabulary.field(d).derived is None]


def _is_beside(desk: Desk, clear: int, at: int) -> bool:
    first, last = sorted((clear, at))
    return not desk.has_content(range(first + 1, last))


def _value_after(desk: Desk, at: int, named: list[str]) -> tuple[int, list[int]] | None:
    """The value behind a field, over what links them: "country to Germany", "headcount is 1,350"."""
    links: list[int] = []
    target = desk.vocabulary.field(named[0]).target
    for k in range(at + 1, len(desk.tags)):
        tag = desk.tags[k]
        if _says_which(desk, k, named[0]):
            links = []  # "the founding year of | Plexzap | should be"
        elif tag in desk.piece.old or (not desk.free[k] and desk.wish(k, "old")):
            continue
        elif not desk.free[k]:
            return None
        elif _links_value(desk, k):
            links.append(k)
        elif desk.wish(k, "also", "noise") and tag.type is T.WISH:
            continue
        elif tag.type in (T.NUMBER, T.VALUE, T.RECORD, T.DATE) and not desk.is_owner(k):
            said = links or (desk.verb is not None and target is None) or tag.type is T.NUMBER
            return (k, links) if said else None  # "the lead | Owen Quigley" is that lead, and sets none
        elif tag.type not in SILENT:
            return None
    return None


def _says_which(desk: Desk, at: int, dotted: str) -> bool:
    """Whether the words between a field and its value tell of which records it is."""
    tag, field = desk.tags[at], desk.vocabulary.field(dotted)
    if tag.type is T.RECORD and desk.free[at] and (field.target is None or desk.says(at - 1, "of")):
        return True
    return field.is_numeric and tag.type is T.VALUE and tag.get(T.NUMBER) is None  # "fee on the | boom lifts | by 150"


def _links_value(desk: Desk, at: int) -> bool:
    """As in "to", "is", "to a flat"."""
    linked = desk.wish(at, "set", "raise", "lower", "give") or desk.says(at, "field_link", "by") or desk.is_copula(at)
    tag = desk.tags[at]
    return linked or (tag.type is T.OP and tag.senses[0].value == "eq")


def _value_before(desk: Desk, at: int) -> tuple[int, list[int]] | None:
    """The number before a field: "180 employees", 1020 人."""
    k = at - 1
    if k > 0 and desk.tags[k].type is T.FILLER and desk.tags[k - 1].type is T.NUMBER:
        k -= 1  # 3100 名员工
    if k < 0 or not desk.free[k] or desk.tags[k].type is not T.NUMBER:
        return None
    if k == 0 and desk.has_content([i for i in range(len(desk.tags)) if i not in (k, at)]):
        return None
    before = desk.before(k)
    if desk.says(k - 1, "field_said"):
        before = k - 1  # "they | have | 14 employees"
    linked = before is not None and (
        desk.says(before, "field_link", "field_said") or desk.wish(before, "set", "raise") or desk.is_copula(before)
    )
    return (k, [before] if linked and before is not None else [])


def _value(desk: Desk, place: int, field: Field) -> Any:
    """The words there as a value of the field; None where they are none."""
    tag = desk.tags[place]
    number = tag.get(T.NUMBER)
    year = tag.get(T.DATE)
    if field.kind is Kind.YEAR and year is not None and year.value.unit == "year" and year.value.since:
        return int(year.value.since.year)
    if field.is_numeric or field.kind is Kind.YEAR:
        if number is None or (number.value.unit and number.value.unit not in field.label.lower()):
            return None
        value = as_value(desk, place, number.value, of_shares=field.kind is Kind.PERCENT)
        return _plain(value) if isinstance(value, float) else value
    if field.target:
        names = next((s.value for s in tag.all(T.RECORD) if any(n.entity == field.target for n in s.value)), ())
        return tuple(n for n in names if n.entity == field.target) or None
    dotted = f"{field.entity}.{field.name}"
    return next((s.value[1] for s in tag.all(T.VALUE) if s.value[0] == dotted), None)


def _senses(desk: Desk, at: int) -> tuple[Any, ...]:
    return desk.tags[at].senses if at < len(desk.tags) else ()


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _is_said(desk: Desk, links: list[int]) -> bool:
    return any(desk.wish(k, "set", "raise", "lower") or desk.is_copula(k) or desk.says(k, "field_said") for k in links)


def _free_text(desk: Desk, at: int, named: list[str]) -> bool:
    """A value that nothing knows yet: all that stands behind "to"."""
    typed = [
        d
        for d in named
        if desk.vocabulary.field(d).kind in (Kind.TEXT, Kind.CHOICE) and not desk.vocabulary.field(d).target
    ]
    link = next(
        (k for k in range(at + 1, len(desk.tags)) if desk.says(k, "text_link") or desk.wish(k, "set")),
        None,
    )
    between = range(at + 1, link) if link is not None else ()
    if not typed or link is None or desk.has_content([k for k in between if desk.tags[k].type is not T.RECORD]):
        return False
    rest = [k for k in range(link + 1, len(desk.tags)) if desk.free[k]]
    while rest and desk.says(rest[-1], "lasting"):
        desk.take(rest.pop())
    if not rest or any(desk.wish(k) or desk.tags[k].type is T.PRONOUN for k in rest):
        return False
    if not any(
        desk.tags[k].type in (T.UNKNOWN, T.NOT_HELD, T.RECORD, T.VALUE) or desk.tags[k].text[:1].isupper() for k in rest
    ):
        return False
    text = said([desk.tags[k] for k in rest]).strip(_QUOTES)
    if len(text) == 1 and not any(s.value == (typed[0], text) for s in desk.vocabulary.letters.get(text, ())):
        return False
    desk.set(typed[0], text, at, link, *rest, sure=True)
    return True


def renames(desk: Desk) -> None:
    """A new name: all that stands behind "to"."""
    verb = desk.find("rename")
    if verb is None:
        return
    link = next(
        (
            k
            for k in range(len(desk.tags) - 1, verb, -1)
            if desk.says(k, "rename_link") or (k != verb and desk.wish(k, "rename"))
        ),
        None,
    )
    if link is None and not desk.text(verb).isascii():
        link = verb
    if link is None or link + 1 >= len(desk.tags):
        return
    rest = range(link + 1, len(desk.tags))
    desk.set("name", said([desk.tags[k] for k in rest]), verb, link, *rest, sure=True)


def bare_dates(desk: Desk) -> None:
    """A date field named without its day, which another part may tell; "clear the close date" empties it."""
    clear = desk.find("clear")
    for at, tag in enumerate(desk.tags):
        named = [
            s.value
            for s in tag.all(T.FIELD)
            if desk.vocabulary.field(s.value).is_date and desk.vocabulary.field(s.value).edit
        ]
        if not desk.free[at] or not named or tag.type is not T.FIELD or _tells_a_day(desk, at):
            continue
        if clear is not None and _is_beside(desk, clear, at):
            desk.set(date_of(named), None, at, clear, sure=True)
        elif desk.verb is not None or any(s.field == DATE for s in desk.piece.settings):
            desk.take(at)
            desk.piece.mentioned.append(date_of(named))


def _tells_a_day(desk: Desk, at: int) -> bool:
    """As in "that was due | before today": it says which records are meant."""
    return at + 1 < len(desk.tags) and desk.free[at + 1] and desk.tags[at + 1].type is T.DATE
