"""Rules for what was bought, in a store that holds both deals and orders: which of the two a question is about.

A company that calls its orders contracts signs them: 今年签的合同, 上个月签了多少合同额. Where the word for orders was
said, or what is measured is a column that only orders have, deals that were won are meant nowhere; where neither was
said, they are.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, Reading
from copilot.offline.lexicon import key
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import small
from crm_core.models import Role

ORDER = "order"
_PLACING = f"{ORDER}.account"
_DAY = f"{ORDER}.ordered_on"
_CONTRACT, _CONTRACTS = "合同", ("contract", "contracts")
_ANY_SALE = ("单", "单子", "笔", "生意", "买卖", "交易")


def own_word(c: Composer) -> None:
    """A company's own word for its orders (合同) is no deal."""
    if not _holds_both(c.vocabulary):
        return
    own = c.vocabulary.schema.own_words
    named = [phrase for phrase, targets in own.items() if ORDER in targets and FACT not in targets]
    if are_offers(c.vocabulary):
        _as_won(c, [*named, *small("offers")])
    for item in c.items:
        if item.tag.text.lower() in _in_english(named):
            item.tag = item.tag.only(Sense(T.ENTITY, ORDER))
        elif item.tag.text in named:
            senses = [s for s in item.tag.senses if not (s.type is T.ENTITY and s.value == FACT)]
            item.tag = item.tag.only(*(senses or [Sense(T.ENTITY, ORDER)]))


def are_offers(vocabulary: Vocabulary) -> bool:
    """Whether what the company's files hold as orders are quotes: nobody has bought by them."""
    named = [phrase for phrase, targets in vocabulary.schema.own_words.items() if targets == (ORDER,)]
    return any(word in phrase for phrase in named for word in small("offers"))


def _as_won(c: Composer, named: Sequence[str]) -> None:
    """What is called an order beside quotes is a deal that was won."""
    counted = any(s.value == "how_many" for item in c.items for s in item.all(T.ASK))
    in_money = not counted and any(s.value == "bookings" for item in c.items for s in item.all(T.VERB_METRIC))
    for item in c.items:
        offered = any(phrase in item.tag.text.lower() for phrase in named)
        if _names(item.tag.senses, ORDER) and not offered:
            item.tag = item.tag.only(Sense(T.METRIC, "bookings" if in_money else "deals_won"))
        elif not offered and _is_only_theirs(item.tag) and item.tag.senses[0].value == f"{ORDER}.amount":
            item.tag = item.tag.only(Sense(T.METRIC, "bookings"))  # "order value" is no sum of quotes
        elif item.tag.get(T.METRIC, T.VERB_METRIC) and any(s.value == "order_revenue" for s in item.tag.senses):
            item.tag = item.tag.only(Sense(T.METRIC, "bookings"))


def _says_bought(c: Composer) -> bool:
    """As in "turnover", "what have they spent", of orders; and 签约额 where orders are contracts that are signed."""
    if are_offers(c.vocabulary):
        return False
    own = c.vocabulary.schema.own_words
    signed = any(word in p for p, targets in own.items() if {ORDER, _DAY} & set(targets) for word in small("signing"))
    words = {*small("bought_of_orders"), *(small("signed_contracts") if signed else ())}
    return any(item.tag.text.lower() in words for item in c.items)


def _in_english(named: Sequence[str]) -> set[str]:
    """What an English question calls orders that the company calls contracts (合同)."""
    return {form for form in _CONTRACTS if any(_CONTRACT in phrase for phrase in named)}


def of_orders(c: Composer) -> None:
    """What was read of deals is of orders, where the words speak of these alone."""
    if _holds_both(c.vocabulary) and _speaks_of_orders(c):
        c.reading.unclear |= _asks_when_paid(c)
        as_orders(c.reading, c.vocabulary)


def _asks_when_paid(c: Composer) -> bool:
    """As in 上个月回款了多少: the day of the order is known, not that on which money came in."""
    r, paid = c.reading, c.vocabulary.phrases.get(key("已回款"), ())
    own = {s.value for s in paid if s.type is T.FIELD}
    measured = any(m.dotted in own for m in r.measures) or any(dotted in own for dotted in r.columns)
    signed = bool(r.states) or any(_names(item.tag.senses, ORDER) for item in c.items)
    return measured and not signed and any(p.dotted is None for p in r.periods)


def kept(before: Reading, tags: Sequence[Tag], out: Reading, vocabulary: Vocabulary) -> None:
    """A follow-up that names no deals is of orders, if what it leans on was."""
    if _holds_both(vocabulary) and _is_of_orders(before) and not any(_names_deals(tag) for tag in tags):
        as_orders(out, vocabulary)


def as_orders(r: Reading, vocabulary: Vocabulary) -> None:
    """The same of orders; left as it is where it speaks of what they do not have: open, lost, a stage."""
    staged = any(test.entity == "stage" for test in r.records)
    if staged or r.started or any(kind in ("open", "lost") for state in r.states for kind in state.kinds):
        return
    own = partial(_own, vocabulary)
    r.states = []
    r.measures = list(dict.fromkeys(_measure(vocabulary, node) for node in r.measures))
    r.periods = [replace(p, role=None, dotted=_dated(vocabulary, p.dotted)) for p in r.periods]
    r.columns = list(dict.fromkeys(own(dotted) for dotted in r.columns))
    r.without = [own(entity) for entity in r.without]
    r.fields = [replace(test, dotted=own(test.dotted)) for test in r.fields]
    r.groups = [replace(g, dotted=own(g.dotted)) if g.dotted else g for g in r.groups]
    if r.target is not None:
        r.target = replace(r.target, dotted=own(r.target.dotted))
    if r.sup is not None:
        noun, by = r.sup.noun, r.sup.by
        r.sup = replace(r.sup, noun=own(noun) if noun else None, by=own(by) if by else None)
    r.facts = [ORDER, *(fact for fact in r.facts if fact not in (FACT, ORDER))]


def _is_of_orders(r: Reading) -> bool:
    told = [*r.facts[:1], r.target.dotted if r.target else None]
    return ORDER in told or _rests_on_orders(r) or any(m.metric == "order_revenue" for m in r.measures)


def _names_deals(tag: Tag) -> bool:
    """Whether it names deals by a word that means nothing else; any sale is a 单."""
    deal = tag.type is T.ENTITY and _names(tag.senses, FACT) and not _names(tag.senses, ORDER)
    return deal and not tag.text.endswith(_ANY_SALE)


def _holds_both(vocabulary: Vocabulary) -> bool:
    return vocabulary.holds_records(ORDER) and vocabulary.holds_records(FACT)


def _speaks_of_orders(c: Composer) -> bool:
    """Whether orders are named, or a column of theirs is measured or tested; deals are not."""
    own = c.vocabulary.schema.own_words
    named = [phrase for phrase, targets in own.items() if ORDER in targets]
    named += _in_english(named)
    said = any(_names(item.tag.senses, ORDER) and not _names(item.tag.senses, FACT) for item in c.items)
    said |= any(phrase in item.tag.text for phrase in named for item in c.items)
    said |= any(_is_only_theirs(item.tag) for item in c.items)
    said |= _says_bought(c)
    said |= any(s.value == _PLACING for item in c.items for s in item.tag.all(T.OWNS))
    others = [item for item in c.items if _names_deals(item.tag) and not any(p in item.tag.text for p in named)]
    return (said or _rests_on_orders(c.reading)) and not others


def _is_only_theirs(tag: Tag) -> bool:
    """As in "brought in more order value": a column that nothing but orders has."""
    return tag.type is T.FIELD and all(s.type is T.FIELD and s.value.startswith(f"{ORDER}.") for s in tag.senses)


def _rests_on_orders(r: Reading) -> bool:
    """Whether a column of orders is measured, ranked by or tested."""
    measured = [m.dotted for m in r.measures] + [r.sup.by if r.sup else None, *r.columns]
    tested = [test.dotted for test in r.fields]
    return any(dotted and dotted.startswith(f"{ORDER}.") for dotted in [*measured, *tested])


def _names(senses: tuple[Sense, ...], entity: str) -> bool:
    return any(s.type is T.ENTITY and s.value == entity for s in senses)


def _measure(vocabulary: Vocabulary, node: MeasureNode) -> MeasureNode:
    amount = vocabulary.schema.entities[ORDER].by_role(Role.AMOUNT)
    if node.metric == "bookings":
        return MeasureNode(metric="order_revenue")
    if node.metric == "deals_won":
        return MeasureNode(fn="count", dotted=ORDER)
    if node.metric == "average_deal_size" and amount is not None:
        return MeasureNode(fn="avg", dotted=f"{ORDER}.{amount.name}")
    return replace(node, dotted=_own(vocabulary, node.dotted)) if node.dotted else node


def _dated(vocabulary: Vocabulary, dotted: str | None) -> str | None:
    """The day a deal closed is the day of its order, which an order's periods are of where nothing else is said."""
    day = vocabulary.schema.entities[ORDER].by_role(Role.HAPPENED)
    is_of_deal = dotted is None or dotted.startswith(f"{FACT}.clos")
    return f"{ORDER}.{day.name}" if day is not None and is_of_deal else dotted


def _own(vocabulary: Vocabulary, dotted: str) -> str:
    """The like of a deal's field among those of orders: of the same role, name or header; any other as it is."""
    if dotted == FACT:
        return ORDER
    entity, _, name = dotted.partition(".")
    if entity != FACT or not name:
        return dotted
    fields = vocabulary.schema.entities[ORDER].fields
    like = vocabulary.field(dotted)
    by_role = vocabulary.schema.entities[ORDER].by_role(like.role) if like.role in (Role.AMOUNT, Role.OWNER) else None
    found = by_role or fields.get(name) or next((f for f in fields.values() if f.label == like.label), None)
    return f"{ORDER}.{found.name}" if found is not None else dotted
