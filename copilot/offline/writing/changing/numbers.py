"""Amounts and counts, as a part sets them."""

from copilot.offline.numbers import Number
from copilot.offline.tags import T
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.words import small
from crm_core.changes.steps import Computed
from crm_core.models import Kind

AMOUNT = "deal.amount"


MOST_COUNTED = 100
_LEAST_AMOUNT = 10  # of a bare number that is taken for an amount


def replaced(desk: Desk) -> None:
    """What was there before: "not 5,153", "instead of Friday", "from Prospecting to …"."""
    for at in range(len(desk.tags)):
        after = desk.after(at)
        _arrow(desk, at)
        if after is None or not desk.free[at] or not desk.wish(at, "old"):
            continue
        tag = desk.tags[after]
        if tag.type is T.RECORD and desk.says(at, "old_start"):
            desk.take(at)  # "from Keiko to Aoife": whose they are says which are meant
            continue
        from_to = not desk.says(at, "old_start") or any(
            desk.says(k, "old_goal") for k in range(after + 1, len(desk.tags))
        )
        if (
            (tag.type in (T.NUMBER, T.DATE, T.VALUE, T.RECORD, T.STATE) or desk.says(after, "nothing"))
            and from_to
            and not desk.is_owner(after)
        ):
            desk.piece.old.append(tag)
            desk.take(at, after)


def _arrow(desk: Desk, at: int) -> None:
    """As in "91.2 -> 88k", "Demo → Proposal": what stands before an arrow was there before."""
    before, after = desk.tags[at - 1] if at else None, desk.tags[at + 1] if at + 1 < len(desk.tags) else None
    if before is None or after is None or not desk.says(at, "arrow") or desk.says(at - 2, "put_in"):
        return
    kinds = (T.NUMBER, T.DATE, T.VALUE, T.STATE)
    stages = bool(names_of(before, "stage") and names_of(after, "stage"))
    if stages or (before.type is after.type and before.type in kinds):
        desk.piece.old.append(before)
        desk.take(at - 1)


def counts(desk: Desk) -> None:
    """How many are meant: "all four of her deals", "those 2", 三个在跟的; and a "one" that stands for the noun."""
    for at, tag in enumerate(desk.tags):
        number = number_at(desk, at)
        if number is None or number.is_money or number.is_percent or number.unit or number.value != int(number.value):
            continue
        if desk.says(at, "one") and not desk.wish(at - 1, "set", "all"):
            desk.piece.is_one = True
            desk.take(at)
            continue
        if not 1 < number.value <= MOST_COUNTED:
            continue
        after, before = desk.after(at), desk.before(at)
        if desk.says(at + 1, "goods_counter") and not desk.wish(before, "set") and after is not None:
            desk.take(at, at + 1)  # 那四台剪叉车: how many one deal is of
            continue
        if after is not None and _counts_a_field(desk, after):
            continue  # "they have 14 employees"
        follows = after is not None and (
            desk.tags[after].type in (T.ENTITY, T.STATE)
            or desk.text(after) == "of"
            or bool(names_of(desk.tags[after], "product") or names_of(desk.tags[after], "stage"))
        )
        led = before is not None and (
            desk.tags[before].type is T.PRONOUN or desk.wish(before, "all") or desk.text(at - 1) == "the"
        )
        measured = desk.says(at + 1, "counter") or not tag.text.isascii()
        if (follows or led or (measured and after is not None)) and not desk.says(before, "price_at"):
            desk.piece.count = int(number.value)
            desk.piece.every = True
            desk.take(at)


def _counts_a_field(desk: Desk, at: int) -> bool:
    """Whether the noun there is a field that holds a number: "employees", 人."""
    return any(desk.vocabulary.field(sense.value).is_numeric for sense in desk.tags[at].all(T.FIELD))


def number_at(desk: Desk, at: int) -> Number | None:
    """The number there, if it is free."""
    if not desk.free[at] or desk.tags[at].type is T.RECORD:
        return None
    sense = desk.tags[at].get(T.NUMBER)
    return sense.value if sense is not None else None


def amounts(desk: Desk) -> None:
    """Amounts: a sum, a share off it or off the list price, something more or less."""
    lower, raised = desk.find("lower"), desk.find("raise")
    named = _amount_word(desk)
    of_others = any("." in s.field and not s.field.startswith("deal.") for s in desk.piece.settings)
    if named is None and any(_is_of_money(desk, at) for at in range(len(desk.tags))):
        return  # "their credit limit 600k": of another field, whatever the words between
    for at in range(len(desk.tags)):
        number = number_at(desk, at)
        if number is None or number.unit or number.is_ordinal or _is_compared(desk, at):
            continue
        before = desk.before(at)
        if number.is_percent:
            _part_off(desk, at, number, lower, raised)
            continue
        off = desk.says(at + 1, "off_word") or desk.wish(at + 1, "discount")
        by = desk.says(before, "by") or (desk.wish(before, "lower", "raise") and not _sets(desk, before))
        if (lower is not None or raised is not None) and (by or off) and not desk.says(before, "to"):
            sign = -1 if lower is not None and (raised is None or lower < raised) else 1
            desk.set(AMOUNT, Computed(of=None, plus=sign * float(number.value)), at, lower, raised, before, sure=True)
        elif number.is_money or named is not None or (not of_others and _is_set(desk, at)):
            taken = (
                before
                if before is not None
                and (desk.says(before, "price_link") or desk.is_copula(before) or desk.wish(before, "set", "at"))
                else None
            )
            desk.set(
                AMOUNT,
                float(number.value),
                at,
                taken,
                lower,
                raised,
                sure=desk.wish(taken, "set") or (named is not None and desk.is_copula(taken)),
            )
    _at_list(desk)
    if named is not None:
        desk.piece.sure |= desk.find("set") is not None
        desk.take(named)
        desk.piece.mentioned.append(AMOUNT)


def _is_of_money(desk: Desk, at: int) -> bool:
    """Whether a free word names another field of money that people may set."""
    named = [desk.vocabulary.field(dotted) for dotted in desk.fields_at(at)] if desk.free[at] else []
    money = [field for field in named if field.kind is Kind.MONEY and field.edit]
    return bool(money) and not any(
        f"{field.entity}.{field.name}" == AMOUNT or field.name == "list_price" for field in money
    )


def as_value(desk: Desk, at: int, number: Number, *, of_shares: bool) -> Computed | float | None:
    """What a number beside its field sets: itself, or a change of what is there: "up 10%", "by 500", 加了20.

    None where the words leave open which: a share of nothing, "increase headcount 50". `of_shares`: of a field that
    holds shares.
    """
    before = desk.before(at)
    ways = [k for k in range(len(desk.tags)) if desk.wish(k, "raise", "lower") and not _sets(desk, k)]
    told = desk.says(before, "to_at") or desk.is_copula(before) or (before is not None and _sets(desk, before))
    if number.is_ordinal or number.or_more:
        return None
    if told or not ways:
        return None if number.is_percent and not of_shares else float(number.value)
    nearest = min(ways, key=lambda k: abs(k - at))
    sign = 1 if desk.wish(nearest, "raise") else -1
    if number.is_percent and not of_shares:
        return Computed(of=None, times=round(1 + sign * float(number.value) / 100, 6))
    if desk.says(before, "by") or before in ways:
        return Computed(of=None, plus=sign * float(number.value))
    return None if nearest == desk.verb else float(number.value)


def _sets(desk: Desk, at: int | None) -> bool:
    """降到, 提高到: to a sum, not by one."""
    return desk.text(at).endswith(("到", "为", "成", "to"))


def _is_set(desk: Desk, at: int) -> bool:
    """Whether a bare number can only be an amount: after a verb or a preposition of price, or alone."""
    before = desk.before(at)
    number = desk.tags[at].senses[0].value if desk.tags[at].type is T.NUMBER else None
    if number is None or number.value < _LEAST_AMOUNT:
        return False
    if desk.wish(before, "at") or (before is None and _is_for(desk, at)):
        return True
    alone = not desk.has_content([k for k in range(len(desk.tags)) if k != at]) and before is None
    led = before is not None and (
        desk.says(before, "price_lead")
        or desk.wish(before, "set", "won", "raise", "lower")
        or desk.tags[before].type is T.STATE
    )
    return (
        alone
        or led
        or (desk.verb is not None and before is None)
        or not desk.has_content(range(at + 1, len(desk.tags)))
    )


def _is_for(desk: Desk, at: int) -> bool:
    """As in "1,120 | for the Plus Basic": what a thing goes for."""
    nouns = any(names_of(tag, "product") or names_of(tag, "deal") for tag in desk.tags[at + 1 :])
    return nouns and desk.says(at + 1, "of") and desk.tags[at].type is T.NUMBER


def _amount_word(desk: Desk) -> int | None:
    for at, tag in enumerate(desk.tags):
        if desk.free[at] and any((s.type, s.value) == (T.FIELD, AMOUNT) for s in tag.senses[:2]):
            return at
        if desk.free[at] and desk.says(at, "price_word") and _is_priced(desk, at):
            return at
    return None


def _is_priced(desk: Desk, at: int) -> bool:
    """Whether a price is ordered, or said to be something."""
    ordered = desk.find("set", "lower", "raise", "delete", "at") is not None
    return ordered or any(desk.is_copula(k) for k in range(at + 1, len(desk.tags)))


def _is_compared(desk: Desk, at: int) -> bool:
    """As in "over 5k": the number tells which records are meant."""
    before, after = desk.before(at), desk.after(at)
    if after is not None and desk.says(after, "difference") and desk.verb is None:
        return True  # "they were 45 grand cheaper"
    lower = desk.find("lower")
    if desk.says(lower, "difference") and desk.says(desk.before(lower or 0), "other_party"):
        return True  # 对方便宜2万
    op = before is not None and desk.tags[before].get(T.OP) is not None and not desk.wish(before)
    post = after is not None and desk.tags[after].type is T.POST_OP
    return op or post


def _part_off(desk: Desk, at: int, number: Number, lower: int | None, raised: int | None) -> None:
    """As in "ten percent off list", "by 10 percent", "to 90% of list"."""
    listed = next((k for k in range(len(desk.tags)) if desk.free[k] and _is_list_price(desk, k)), None)
    share = float(number.value) / 100
    off = next((k for k in range(at, len(desk.tags)) if desk.wish(k, "discount")), None)
    before = desk.before(at)
    to = desk.says(before, "to_at") or (before is not None and _sets(desk, before))
    if lower is None and raised is None and off is None and listed is None:
        return
    fallen = lower is not None or off is not None or (listed is not None and not to)
    below = listed is not None and desk.text(listed).startswith(tuple(small("off_word")))
    fallen |= below
    times = share if to and listed is not None and off is None and not below else 1 - share if fallen else 1 + share
    of = "product.list_price" if listed is not None else None
    price = [k for k in range(len(desk.tags)) if desk.says(k, "price_word")]
    desk.set(AMOUNT, Computed(of=of, times=round(times, 6)), at, listed, off, lower, raised, *price,
             before if desk.says(before, "by_to_at") else None, sure=True)  # fmt: skip


def _at_list(desk: Desk) -> None:
    """As in "closed won at list price", 按目录价成交: the list price itself."""
    listed = next((k for k in range(len(desk.tags)) if desk.free[k] and _is_list_price(desk, k)), None)
    told = any(s.field == AMOUNT for s in desk.piece.settings)
    before = desk.before(listed) if listed is not None else None
    if listed is None or told or not desk.says(before, "at_list"):
        return
    desk.set(AMOUNT, Computed(of="product.list_price"), before, listed)


def _is_list_price(desk: Desk, at: int) -> bool:
    if desk.says(at, "list_word") and desk.says(at - 1, "at_list"):
        return True  # "won at list"
    named = any(
        s.type is T.FIELD and s.value in ("deal.price_ratio", "product.list_price") for s in desk.tags[at].senses
    )
    return named and not desk.says(at, "price_word")


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
    listed = next((k for k in range(len(desk.tags)) if desk.free[k] and _is_list_price(desk, k)), None)
    of = "product.list_price" if listed is not None else None
    link = listed - 1 if listed and desk.says(listed - 1, "at_list") else None
    desk.set(AMOUNT, Computed(of=of, times=float(share / 10)), *digits, fold, listed, link, sure=True)
    desk.take(*[k for k in range(len(desk.tags)) if desk.wish(k, "noise", "fold")])
