"""Dates and days, as a part sets them: told, moved on or back."""

from decimal import Decimal

from copilot.offline.numbers import Number
from copilot.offline.tags import T
from copilot.offline.writing.changing.numbers import number_at
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.changing.stages import is_relative
from copilot.offline.writing.words import small
from crm_core.changes.steps import Computed
from crm_core.models import Kind

DATE = "date"
_DAYS = {"day": 1, "week": 7}


_MONTHS = {"month": 1, "quarter": 3, "year": 12}
LENGTHS = (*_DAYS, *_MONTHS)


def shifts(desk: Desk) -> None:
    """Dates moved on or back: "push it out two weeks", 推迟两周."""
    move = desk.find("later", "earlier")
    if move is None:
        return
    for at in range(len(desk.tags)):
        number = number_at(desk, at)
        if number is None or number.unit not in LENGTHS:
            continue
        words = [k for k in range(len(desk.tags)) if desk.free[k] and desk.wish(k, "later", "earlier")]
        way = _way(desk, words)
        step = -number.value if way == "earlier" else number.value
        name = _take_date_field(desk)
        desk.set(name, moved_by(number, step), at, *words, sure=True, either=way is None)
        desk.take(*[k for k in range(len(desk.tags)) if desk.says(k, "shift_rest") or desk.is_copula(k)])
        if at and desk.wish(at - 1, "also"):
            desk.take(at - 1)
        return


def _way(desk: Desk, words: list[int]) -> str | None:
    """Later or earlier; None for "move it forward" and "move it back", which people mean either way.

    "bring … forward" is earlier, "push … back" later.
    """
    first = words[0]
    verbs = {word for k in range(first) for word in desk.text(k).split()[:1]}  # "move the" may be one tag
    if desk.says(first, "forward") and verbs & small("draws"):
        return "earlier"
    if desk.says(first, "either_way") and verbs & small("moves_on"):
        return None
    if desk.says(first, "moved_either_way"):
        return None
    lead = words[1] if desk.says(first, "move") and len(words) > 1 else first
    return "later" if desk.wish(lead, "later") else "earlier"


def moved_by(number: Number, step: Decimal) -> Computed:
    """A date moved on by so many of the units of the number; back where they are below zero."""
    if number.unit in _DAYS:
        return Computed(of=None, days=int(step * _DAYS[str(number.unit)]))
    months = step * _MONTHS[str(number.unit)]
    if months != int(months):
        return Computed(of=None, days=int(step * 30 * _MONTHS[str(number.unit)]))
    return Computed(of=None, months=int(months))


def _take_date_field(desk: Desk) -> str:
    """The date field that the part names as a noun, which it takes; else "date"."""
    for at, tag in enumerate(desk.tags):
        named = [s.value for s in tag.all(T.FIELD) if desk.vocabulary.field(s.value).is_date]
        named = [] if desk.says(at, "bare_date") else named  # "that date": of whatever was spoken of
        if desk.free[at] and named and (tag.type is T.FIELD or desk.wish(at, "start")):
            desk.take(at)
            if at and desk.says(at - 1, "article"):
                desk.take(at - 1)
            return date_of(named)
    return DATE


def date_of(named: list[str]) -> str:
    """Of the fields that a word names, one; "close date" is either of two, so it is "close"."""
    if "deal.closed_on" in named and "deal.closes_on" not in named:
        return "close"
    return next((dotted for dotted in named if dotted.startswith("deal.")), named[0])


def days(desk: Desk) -> None:
    """Days on which something happened or is due; what stands beside a state of the description is part of it."""
    for at, tag in enumerate(desk.tags):
        sense = tag.get(T.DATE)
        if sense is None or not desk.free[at]:
            continue
        span, before = sense.value, desk.before(at)
        begins = any(word in tag.text for word in small("start_word"))  # "starting today"
        ended = span.unit == "day" and any(s.field == "deal.stage" for s in desk.piece.settings)  # "won since Monday"
        if span.relation not in (("in", "until", "since") if begins or ended else ("in", "until")) or (
            span.relation == "until" and not tag.text.lower().startswith(("to", "as of"))
        ):
            continue
        if (before is not None and desk.free[before] and _told_by(desk, before)) or _of_an_end(desk, at):
            continue
        name, own = DATE, list[int]()
        start, due = desk.find("start"), _due(desk)
        field = _date_word(desk, at)
        if field is not None:
            name, own = field
        elif due is not None:
            name, own = "deal.closes_on", [due]
        elif start is not None:
            name, own = "deal.started_on", [start]
        elif desk.find("later", "earlier") is not None:
            name = "close"
        name = "deal.started_on" if begins and name == DATE else name
        day = span.since is not None and (span.since == span.until or begins or span.relation == "since")
        day = day or (span.relation == "until" and span.unit == "day")
        whole = (name != DATE or desk.verb is not None) and span.unit in ("month", "week", "quarter", "year", "range")
        if not day and not whole:
            continue
        links = [
            k
            for k in (before, desk.after(at))
            if k is not None
            and (desk.says(k, "date_link") or desk.wish(k, "set", "later", "earlier") or desk.is_copula(k))
        ]
        desk.set(name, span, at, *own, *links, sure=due is not None, typed=tag.text)


def _due(desk: Desk) -> int | None:
    """The word for when deals should close; "deals that will close in May", 预计成交的商机 tell which are meant."""
    due = desk.find("due")
    if due is None or desk.says(due - 1, "relative") or desk.says(due + 1, "possessive"):
        return None
    return None if desk.text(due).endswith("的") else due


THAT_DAY = "that day"


def that_day(desk: Desk) -> None:
    """As in "as of that day", 那天: the day just spoken of."""
    for at, tag in enumerate(desk.tags):
        named = tag.type in (T.UNIT, T.BUCKET) and desk.says(at, "day") and desk.says(at - 1, "that")
        if desk.free[at] and (named or desk.says(at, "that_day")):
            desk.set(DATE, THAT_DAY, at, at - 1 if named else None)


def _is_day(desk: Desk, dotted: str) -> bool:
    field = desk.vocabulary.field(dotted)
    return field.is_date and field.kind is not Kind.YEAR


def _told_by(desk: Desk, at: int) -> bool:
    """Whether a date after this word belongs to the description: "that Corliss lost | yesterday"."""
    tag = desk.tags[at]
    if tag.get(T.STATE) is not None and is_relative(desk, at):
        return True
    return (
        tag.type in (T.STATE, T.OP, T.VERB_METRIC)
        and not desk.wish(at, "start", "close")
        and tag.senses[0].value not in ("closed", "started")
    )


def _of_an_end(desk: Desk, at: int) -> bool:
    """Whether it is the day of an end that tells which are meant: "that he won there | today", 12月24号 | 赢的那单."""
    if at + 1 < len(desk.tags) and _is_end(desk, at + 1) and desk.text(at + 1).endswith("的"):
        return True
    back = at - 1
    while back >= 0 and desk.tags[back].type is T.PRONOUN:
        back -= 1
    return 0 <= back < at - 1 and _is_end(desk, back) and is_relative(desk, back)


def _is_end(desk: Desk, at: int) -> bool:
    return desk.free[at] and any(s.type is T.STATE and s.value in ("won", "lost") for s in desk.tags[at].senses)


def _date_word(desk: Desk, at: int) -> tuple[str, list[int]] | None:
    """The date field named beside it, and where; what the verb sets comes first."""
    verb = desk.verb
    object_of = desk.after(verb) if verb is not None else None
    for k in sorted(range(len(desk.tags)), key=lambda k: (k != object_of, abs(k - at))):
        tag = desk.tags[k]
        if not desk.free[k] or desk.is_owner(k):
            continue
        if desk.says(k, "bare_date") and tag.type is T.FIELD and _is_near(desk, k, at):
            return DATE, [k]
        named = [s.value for s in tag.all(T.FIELD) if _is_day(desk, s.value)]
        state = next((s.value for s in tag.senses if s.type is T.STATE and s.value in ("closed", "started")), None)
        if (state == "started" or "deal.started_on" in named) and _is_near(desk, k, at):
            return "deal.started_on", [k]
        if (named and tag.type is T.FIELD) or (state == "closed" and _is_near(desk, k, at)):
            return (date_of(named) if named else "close"), [k]
    return None


def _is_near(desk: Desk, left: int, right: int) -> bool:
    first, last = sorted((left, right))
    return not desk.has_content(range(first + 1, last)) or desk.verb is None
