"""What one sale came to: "the cheapest an Atlas ever sold for", "the most anyone paid us for one", 最便宜卖过多少."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import StateTest, SupNode
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small

_GOODS = ("product", "product_family")
_ANY = frozenset({"a", "an", "any", "one"})
_PEOPLE = ("account", "contact")
_WENT = frozenset({"go", "goes", "went", "gone", "got", "get", "gotten"})
_PRICES = ("price", "amount", "figure", "sum", "价", "价格")


def extreme_sale(c: Composer) -> None:
    """Of one product, by what a single won deal came to: never its place among the products, nor a sum."""
    goods = [at for at in range(len(c.items)) if _is_goods(c, at)]
    pointed = _pointed_goods(c) if not goods else None
    goods = goods or ([pointed] if pointed is not None else [])
    tops = [at for at, _, sense in c.each(T.SUP) if str(sense.value).startswith(("max_", "min_"))]
    if len(goods) != 1 or len(tops) != 1 or any(c.each(T.BY, T.BUCKET, T.UNIT, T.NEG, T.SHARE, T.COMPARATIVE)):
        return
    top, sold = tops[0], [at for at in range(len(c.items)) if _is_sale(c, at)]
    if c.has(goods[0] + 1, T.ENTITY, FACT) or c.mentions(T.ASK, "who", "whose", "which", "count"):
        return
    ever = any("ever" in item.before for item in c.items) or _went_for(c)
    ever |= c.items[top].tag.text.startswith(("卖", "成交"))  # 卖得最贵
    is_open = top + 1 == goods[0] and not sold and c.mentions(T.STATE, "open")  # "the cheapest GTX Pro still open"
    is_price = _is_price(c, top) and bool(sold or ever or is_open)
    is_payment = bool(sold or ever) and _by_anyone(c, top, goods[0])
    if not (is_price or is_payment):
        return
    way = "max_size" if str(c.items[top].get(T.SUP).value).startswith("max_") else "min_size"  # type: ignore[union-attr]
    c.reading.sup = SupNode(way, noun=FACT)
    c.reading.states += [] if is_open else [StateTest(("won",))]
    c.reading.columns += [f"{FACT}.account", f"{FACT}.amount"] if c.has(top + 1, T.ENTITY, *_PEOPLE) else []
    c.own(top, *sold, *_said_beside(c, top, goods[0]))
    if pointed is not None:
        c.reading.pronouns.append(Pronoun("single", "product", False, c.items[pointed].tag.text))
        c.own(pointed)


def _went_for(c: Composer) -> bool:
    """As in "what did the dearest one go for", "the lowest anybody got one for": it was sold."""
    words = [tag.text.lower() for tag in c.tags if tag.type is not T.PUNCT]
    return bool(words) and words[-1].endswith("for") and any(word.split(" ")[0] in _WENT for word in words)


def _pointed_goods(c: Composer) -> int | None:
    """As in "the most anyone ever paid us | for one", "for it": the product that was spoken of."""
    last = len(c.items) - 1
    led = last > 0 and c.items[last - 1].tag.text.lower().endswith(" for")
    ends = led or (last > 0 and "for" in c.items[last].preps)
    return last if ends and c.items[last].tag.text.lower() in ("one", "it") else None


def _is_goods(c: Composer, at: int) -> bool:
    """One product by its name, or a value of the deals' or the products' own columns."""
    record, value = c.sense(at, T.RECORD), c.sense(at, T.VALUE)
    if record is not None:
        return {name.entity for name in record.value} <= set(_GOODS)
    return value is not None and value.value[0].split(".")[0] in ("product", FACT)


def _is_sale(c: Composer, at: int) -> bool:
    """As in "sold", "paid us", 卖到, 成交价: of whom and when, other words say."""
    item = c.items[at]
    money = [s.value for s in (*item.all(T.METRIC), *item.all(T.VERB_METRIC))]
    sold = any(s.value == "won" for s in item.all(T.STATE)) or "bookings" in money
    return sold or f"{FACT}.amount" in c.fields_at(at)


def _is_price(c: Composer, at: int) -> bool:
    """As in "dearest", 最便宜, "the lowest price", 最低价."""
    text = c.items[at].tag.text.lower()
    after = c.item(at + 1)
    beside = after is not None and f"{FACT}.amount" in c.fields_at(at + 1) and after.tag.text.lower().endswith(_PRICES)
    sells = after is not None and not after.tag.text.isascii() and _is_sale(c, at + 1)  # 最低|卖到
    priced = any(str(s.value).endswith("_price") for s in c.items[at].all(T.SUP))
    return priced or text.endswith(_PRICES) or beside or sells


def _by_anyone(c: Composer, top: int, goods: int) -> bool:
    """As in "the most anyone ever paid us | for a GTX Pro": one payer, one piece."""
    one = bool(c.items[goods].before & _ANY) or c.items[goods].tag.text.lower() in ("one", "it")
    plain = c.has(top, T.SUP, "max_count", "min_count", "max_high", "min_high")
    return one and plain and any(_is_anyone(c, at) for at in (top + 1,))


def _is_anyone(c: Composer, at: int) -> bool:
    item = c.item(at)
    if item is None:
        return False
    text = item.tag.text.lower()
    person = c.has(at, T.ASK, "exists") and text.endswith(("one", "body"))
    return person or (c.has(at, T.ENTITY, *_PEOPLE) and bool(item.before & _ANY))


def _said_beside(c: Composer, top: int, goods: int) -> list[int]:
    """What says no more than that: "anyone", "a customer", the deal, how much."""
    told = [at for at in range(len(c.items)) if _is_anyone(c, at) or c.has(at, T.ASK, "how_much", "what")]
    told += [at for at in (top + 1, top + 2) if c.has(at, T.ENTITY, FACT) and at != goods]
    one = c.sense(top + 1, T.NUMBER)
    told += [top + 1] if one is not None and one.value.value == 1 and not one.value.unit else []  # 最贵的|一|次
    return told


def owned_goods(c: Composer) -> None:
    """As in "which customers own a GTX Pro": who has bought it, and no owner of a record."""
    bought = tuple(c.vocabulary.phrases.get(("bought",), ()))
    for at, item in enumerate(c.items):
        said = item.tag.text.lower() in small("owning") and bool(item.all(T.OWNS) or item.all(T.MANAGES))
        goods = next((k for k in (at + 1, at + 2) if k < len(c.items) and _is_goods(c, k)), None)
        subject = c.has(at - 1, T.ENTITY, "account") or c.has(at - 1, T.ASK, "who")
        if said and bought and subject and goods is not None and not c.has(goods + 1, T.ENTITY, FACT):
            item.tag = item.tag.only(*bought)


def having_goods(c: Composer) -> None:
    """As in "how many companies have a GTX Pro": it was sold to them, and not only offered."""
    r = c.reading
    of_accounts = r.target is not None and r.target.dotted == "account"
    if not of_accounts or r.states or r.measures or FACT in r.facts or r.without or r.also or r.sup:
        return
    for item in c.items:
        if item.owned and item.before & {"have", "has", "got"} and item.before & _ANY and _names_goods(item.tag.senses):
            r.states.append(StateTest(("won",)))
            return


def _names_goods(senses: tuple[Sense, ...]) -> bool:
    return any(s.type is T.RECORD and {name.entity for name in s.value} <= set(_GOODS) for s in senses)


def anyone_at_all(c: Composer) -> None:
    """As in "the biggest deal | anyone | on my team ever won": whoever it was."""
    r = c.reading
    for at, item, _ in list(c.each(T.ASK)):
        person = c.has(at, T.ASK, "exists") and item.tag.text.lower().endswith(("one", "body"))
        if person and at and r.sup is not None and r.sup.noun == FACT and not c.mentions(T.NEG):
            c.own(at)
            r.asks = [ask for ask in r.asks if ask != "exists"]
