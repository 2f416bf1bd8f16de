"""Rules for offers and orders that somebody wrote, raised or sent out, and for enquiries that came in."""

from functools import cache

import prompts
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.orders import are_offers
from copilot.offline.compose.reading import FieldTest
from copilot.offline.payments import stored_values
from copilot.offline.tags import T

_ORDER = "order"
_TELLING = (T.VALUE, T.RECORD, T.STATE, T.METRIC)


def issued(c: Composer) -> None:
    """As in "quotes issued since May", "offers I wrote": made then, by whoever is named; of deals when they began."""
    documents = [at for at, item in enumerate(c.items) if item.tag.text.lower() in _documents()]
    kinds = {str(s.value) for at in documents for s in c.items[at].tag.all(T.ENTITY)} & {_ORDER, FACT}
    if len(kinds) != 1:
        return
    for at, item in enumerate(c.items):
        if item.owned or item.tag.text.lower() not in _words("issuing") or item.tag.get(*_TELLING):
            continue
        if kinds == {FACT}:
            c.reading.started = True
        c.own(at)


def covered(c: Composer) -> None:
    """As in "how many km have I driven": the column of kilometres says it."""
    units = _words("units")
    if any(item.tag.text.lower().split(" ")[-1] in units and item.tag.get(T.FIELD) for item in c.items):
        c.own(*(at for at, i in enumerate(c.items) if not i.owned and i.tag.text.lower() in _words("covering")))


def open_offers(c: Composer) -> None:
    """As in "pending quotes": those whose status says neither yes nor no, where offers are kept as orders."""
    open_ones = [at for at, _, _ in c.each(T.STATE) if c.has(at, T.STATE, "open")]
    offers = [at for at, item in enumerate(c.items) if item.tag.text.lower() in _documents() and _is_order(c, at)]
    beside = [at for at in open_ones if any(0 < abs(k - at) < 4 for k in offers)]
    if not beside or not are_offers(c.vocabulary) or any(_names(c, at, FACT) for at in range(len(c.items))):
        return
    tests = stored_values(c.vocabulary, _ORDER, _words("decided_values"))
    c.reading.fields += [FieldTest(dotted, "in", values, negated=True) for dotted, values in tests.items()]
    c.own(*(beside if tests else ()))


def _is_order(c: Composer, at: int) -> bool:
    return _names(c, at, _ORDER)


def _names(c: Composer, at: int, entity: str) -> bool:
    return any(s.value == entity for s in c.items[at].tag.all(T.ENTITY))


def enquiries(c: Composer) -> None:
    """As in "new enquiries per quarter", where deals are meant: when they came in, unless a state says otherwise."""
    said = [at for at, item in enumerate(c.items) if item.tag.text.lower() in _enquiries()]
    of_deals = any(s.value == FACT for at in said for s in c.items[at].tag.all(T.ENTITY))
    if of_deals and not (c.mentions(T.STATE) or c.mentions(T.METRIC) or c.mentions(T.VERB_METRIC)):
        c.reading.started = True


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(str, prompts.load_yaml("lexicon/own_sayings")[kind]))


@cache
def _documents() -> frozenset[str]:
    """What is written: the first two families of names for records, and orders."""
    families = prompts.load_yaml("lexicon/own_sayings")["like"]
    return frozenset(form for words in families for word in words for form in (word, f"{word}s")) | {"order", "orders"}


@cache
def _enquiries() -> frozenset[str]:
    words = _words("enquiries")
    return words | {f"{word[:-1]}ies" for word in words}
