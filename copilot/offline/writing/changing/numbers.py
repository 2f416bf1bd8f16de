"""Amounts, counts, shifts of dates and days, as a part sets them."""

from decimal import Decimal

from copilot.offline.numbers import Number
from copilot.offline.tags import T
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.parts import names_of
from crm_core.changes.steps import Computed

AMOUNT, DATE = "deal.amount", "date"
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
MOST_COUNTED = 100
_AT = frozenset({"at", "for", "to", "of", "@", "worth", "as", "with", "is", "by", "now", "=", "with amount"})


def replaced(desk: Desk) -> None:
    """What was there before: "not 5,153", "instead of Friday", "from Prospecting to …"."""
    for at in range(len(desk.tags)):
        after = desk.after(at)
        if after is None or not desk.free[at] or not desk.wish(at, "old"):
            continue
        tag = desk.tags[after]
        from_to = desk.text(at) not in ("from", "从") or any(
            desk.text(k) in ("to", "into", "推到", "改成", "改到", "到", "改为", "调到")
            for k in range(after + 1, len(desk.tags))
        )
        if tag.type in (T.NUMBER, T.DATE, T.VALUE, T.RECORD, T.STATE) and from_to and not desk.is_owner(after):
            desk.piece.old.append(tag)
            desk.take(at, after)


def counts(desk: Desk) -> None:
    """How many are meant: "all four of her deals", "those 2", 三个在跟的; and a "one" that stands for the noun."""
    for at, tag in enumerate(desk.tags):
        number = _number(desk, at)
        if number is None or number.is_money or number.is_percent or number.unit or number.value != int(number.value):
            continue
        if tag.text.lower() in ("one", "一") and not desk.wish(at - 1, "set", "all"):
            desk.take(at)
            continue
        if not 1 < number.value <= MOST_COUNTED:
            continue
        after, before = desk.after(at), desk.before(at)
        follows = after is not None and (
            desk.tags[after].type in (T.ENTITY, T.STATE)
            or desk.text(after) == "of"
            or bool(names_of(desk.tags[after], "product"))
        )
        led = before is not None and (
            desk.tags[before].type is T.PRONOUN or desk.wish(before, "all") or desk.text(at - 1) == "the"
        )
        measured = desk.text(at + 1) in ("个", "单", "笔", "条", "张") or not tag.text.isascii()
        if (follows or led or (measured and after is not None)) and desk.text(before) not in ("at", "for"):
            desk.piece.count = int(number.value)
            desk.piece.every = True
            desk.take(at)


def _number(desk: Desk, at: int) -> Number | None:
    if not desk.free[at]:
        return None
    sense = desk.tags[at].get(T.NUMBER)
    return sense.value if sense is not None else None


def shifts(desk: Desk) -> None:
    """Dates moved on or back: "push it out two weeks", 推迟两周."""
    move = desk.find("later", "earlier")
    if move is None:
        return
    for at in range(len(desk.tags)):
        number = _number(desk, at)
        if number is None or number.unit not in (*_DAYS, *_MONTHS):
            continue
        words = [k for k in range(len(desk.tags)) if desk.free[k] and desk.wish(k, "later", "earlier")]
        leading = desk.wish(words[0], "later")
        if desk.text(words[0]) == "move" and len(words) > 1:
            leading = desk.wish(words[1], "later")
        step = number.value if leading else -number.value
        name = _take_date_field(desk)
        desk.set(name, _moved(number, step), at, *words, sure=True)
        desk.take(*[k for k in range(len(desk.tags)) if desk.text(k) in ("by", "too") or desk.is_copula(k)])
        if at and desk.wish(at - 1, "also"):
            desk.take(at - 1)
        return


def _moved(number: Number, step: Decimal) -> Computed:
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
        if desk.free[at] and named and (tag.type is T.FIELD or desk.wish(at, "start")):
            desk.take(at)
            if at and desk.text(at - 1) in ("the", "its"):
                desk.take(at - 1)
            return date_of(named)
    return DATE


def date_of(named: list[str]) -> str:
    """Of the fields that a word names, one; "close date" is either of two, so it is "close"."""
    if "deal.closed_on" in named and "deal.closes_on" not in named:
        return "close"
    return next((dotted for dotted in named if dotted.startswith("deal.")), named[0])


def amounts(desk: Desk) -> None:
    """Amounts: a sum, a share off it or off the list price, something more or less."""
    lower, raised = desk.find("lower"), desk.find("raise")
    named = _amount_word(desk)
    for at in range(len(desk.tags)):
        number = _number(desk, at)
        if number is None or number.unit or number.is_ordinal or _is_compared(desk, at):
            continue
        before = desk.before(at)
        if number.is_percent:
            _part_off(desk, at, number, lower, raised)
            continue
        off = desk.text(at + 1) == "off" or (desk.wish(at + 1, "off"))
        by = desk.text(before) == "by" or (desk.wish(before, "lower", "raise") and not _sets(desk, before))
        if (lower is not None or raised is not None) and (by or off) and desk.text(before) not in ("to",):
            sign = -1 if lower is not None and (raised is None or lower < raised) else 1
            desk.set(AMOUNT, Computed(of=None, plus=sign * float(number.value)), at, lower, raised, before, sure=True)
        elif number.is_money or named is not None or _is_set(desk, at):
            taken = (
                before
                if before is not None
                and (desk.text(before) in _AT or desk.is_copula(before) or desk.wish(before, "set", "at"))
                else None
            )
            desk.set(AMOUNT, float(number.value), at, taken, lower, raised, sure=desk.wish(taken, "set"))
    if named is not None:
        desk.piece.sure |= desk.find("set") is not None
        desk.take(named)
        desk.piece.mentioned.append(AMOUNT)


def _sets(desk: Desk, at: int | None) -> bool:
    """降到, 提高到: to a sum, not by one."""
    return desk.text(at).endswith(("到", "为", "成", "to"))


def _is_set(desk: Desk, at: int) -> bool:
    """Whether a bare number can only be an amount: after a verb or a preposition of price, or alone."""
    before = desk.before(at)
    number = desk.tags[at].senses[0].value if desk.tags[at].type is T.NUMBER else None
    if number is None or number.value < 2:
        return False
    if desk.wish(before, "at"):
        return True
    alone = not desk.has_content([k for k in range(len(desk.tags)) if k != at]) and before is None
    led = before is not None and (
        desk.text(before) in ("at", "for", "to", "worth", "@", "make", "by")
        or desk.wish(before, "set", "won", "raise", "lower")
        or desk.tags[before].type is T.STATE
    )
    return (
        alone
        or led
        or (desk.verb is not None and before is None)
        or not desk.has_content(range(at + 1, len(desk.tags)))
    )


def _amount_word(desk: Desk) -> int | None:
    for at, tag in enumerate(desk.tags):
        if desk.free[at] and any((s.type, s.value) == (T.FIELD, AMOUNT) for s in tag.senses[:2]):
            return at
        if (
            desk.free[at]
            and tag.text.lower() in ("price", "pricing", "价格", "价钱", "报价")
            and desk.find("set", "lower", "raise", "delete") is not None
        ):
            return at
    return None


def _is_compared(desk: Desk, at: int) -> bool:
    """As in "over 5k": the number tells which records are meant."""
    before, after = desk.before(at), desk.after(at)
    op = before is not None and desk.tags[before].type is T.OP and not desk.wish(before)
    post = after is not None and desk.tags[after].type is T.POST_OP
    return op or post


def _part_off(desk: Desk, at: int, number: Number, lower: int | None, raised: int | None) -> None:
    """ "ten percent off list", "by 10 percent", "to 90% of list"."""
    listed = next((k for k in range(len(desk.tags)) if desk.free[k] and _is_list_price(desk, k)), None)
    share = float(number.value) / 100
    off = next((k for k in range(at, len(desk.tags)) if desk.wish(k, "off")), None)
    before = desk.before(at)
    to = desk.text(before) in ("to", "at") or (before is not None and _sets(desk, before))
    if lower is None and raised is None and off is None and not to and listed is None:
        return
    fallen = lower is not None or off is not None or (listed is not None and not to)
    times = share if to and listed is not None and off is None else 1 - share if fallen else 1 + share
    of = "product.list_price" if listed is not None else None
    price = [k for k in range(len(desk.tags)) if desk.text(k) in ("price", "价格", "价")]
    desk.set(AMOUNT, Computed(of=of, times=round(times, 6)), at, listed, off, lower, raised, *price,
             before if desk.text(before) in ("by", "to", "at") else None, sure=True)  # fmt: skip


def _is_list_price(desk: Desk, at: int) -> bool:
    named = any(
        s.type is T.FIELD and s.value in ("deal.price_ratio", "product.list_price") for s in desk.tags[at].senses
    )
    return named and desk.text(at) not in ("price", "价格", "价", "pricing")


def folded(desk: Desk) -> None:
    """八五折: what is left of the price in tenths."""
    fold = desk.find("fold")
    if fold is None:
        return
    digits: list[int] = []
    for at in range(fold - 1, -1, -1):
        number = desk.tags[at].get(T.NUMBER)
        if number is None:
            break
        digits.insert(0, at)
    values = [desk.tags[at].senses[0].value.value for at in digits]
    if not values:
        return
    share = values[0] if len(values) == 1 else values[0] + values[1] / 10
    while share > 10:
        share /= 10
    desk.set(AMOUNT, Computed(of=None, times=float(share / 10)), *digits, fold, sure=True)
    desk.take(*[k for k in range(len(desk.tags)) if desk.wish(k, "noise", "fold")])


def days(desk: Desk) -> None:
    """Days on which something happened or is due; what stands beside a state of the description is part of it."""
    for at, tag in enumerate(desk.tags):
        sense = tag.get(T.DATE)
        if sense is None or not desk.free[at]:
            continue
        span, before = sense.value, desk.before(at)
        begins = "start" in tag.text or "开始" in tag.text  # "starting today"
        if span.relation not in (("in", "until", "since") if begins else ("in", "until")) or (
            span.relation == "until" and not tag.text.lower().startswith("to")
        ):
            continue
        if before is not None and desk.free[before] and _told_by(desk, before):
            continue
        name, own = DATE, []
        start, due = desk.find("start"), desk.find("due")
        field = _date_word(desk, at)
        if field is not None:
            name, own = field
        elif due is not None:
            name, own = "deal.closes_on", [due]
        elif start is not None:
            name, own = "deal.started_on", [start]
        name = "deal.started_on" if begins and name == DATE else name
        day = span.since is not None and (span.since == span.until or begins)
        whole = (name != DATE or desk.verb is not None) and span.unit in ("month", "week", "quarter", "year", "range")
        if not day and not whole:
            continue
        links = [
            k
            for k in (before, desk.after(at))
            if k is not None
            and (
                desk.text(k) in ("to", "as", "on", "with", "until", "as of", "从", "到")
                or desk.wish(k, "set", "later", "earlier")
                or desk.is_copula(k)
            )
        ]
        desk.set(name, span, at, *own, *links, sure=due is not None)


THAT_DAY = "that day"


def that_day(desk: Desk) -> None:
    """ "as of that day", 那天: the day just spoken of."""
    for at, tag in enumerate(desk.tags):
        named = (
            tag.type in (T.UNIT, T.BUCKET)
            and tag.text.lower() == "day"
            and desk.text(at - 1) in ("that", "the same", "same")
        )
        if desk.free[at] and (named or tag.text.lower() in ("that day", "the same day", "same day", "那天", "当天")):
            desk.set(DATE, THAT_DAY, at, at - 1 if named else None)


def _told_by(desk: Desk, at: int) -> bool:
    """Whether a date after this word belongs to the description: "that Corliss lost | yesterday"."""
    tag = desk.tags[at]
    return (
        tag.type in (T.STATE, T.OP, T.VERB_METRIC)
        and not desk.wish(at, "start", "close")
        and tag.senses[0].value not in ("closed", "started")
    )


def _date_word(desk: Desk, at: int) -> tuple[str, list[int]] | None:
    """The date field named beside it, and where."""
    for k in sorted(range(len(desk.tags)), key=lambda k: abs(k - at)):
        tag = desk.tags[k]
        if not desk.free[k] or desk.is_owner(k):
            continue
        named = [s.value for s in tag.all(T.FIELD) if desk.vocabulary.field(s.value).is_date]
        state = next((s.value for s in tag.senses if s.type is T.STATE and s.value in ("closed", "started")), None)
        if (state == "started" or "deal.started_on" in named) and _is_near(desk, k, at):
            return "deal.started_on", [k]
        if (named and tag.type is T.FIELD) or (state == "closed" and _is_near(desk, k, at)):
            return (date_of(named) if named else "close"), [k]
    return None


def _is_near(desk: Desk, left: int, right: int) -> bool:
    first, last = sorted((left, right))
    return not desk.has_content(range(first + 1, last)) or desk.verb is None
