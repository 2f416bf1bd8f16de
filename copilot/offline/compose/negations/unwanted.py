"""A clause that says what need not be told: 没挂客户的不用管, 没有的不用列, 没丢过的别算."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import FieldTest
from copilot.offline.tags import T

_DONE = (T.STATE, T.VERB_METRIC, T.METRIC, T.OWNS)


def unwanted(c: Composer) -> None:
    """Records without a field that is named are left out; who has nothing is in no grouped answer anyway."""
    for at, _, _ in list(c.each(T.NEG)):
        last = c.item(at + 1)
        if not c.has(at, T.NEG, "exclude") or not (last is None or last.after_break):
            continue
        start = _start(c, at)
        said = range(start, at)
        if not _denies(c, start):
            continue
        first = start + (c.has(start, T.NEG))
        dotted = _field(c, first) if at - first == 1 else None
        if dotted is not None:
            c.reading.fields.append(FieldTest(dotted, "not_empty", at=c.items[start].tag.start))
            c.own(*said, at)
        elif _tells_each(c, said) and all(c.sense(k, *_DONE) or FACT in nouns_at(c, k) for k in range(first, at)):
            c.own(*said, at)


def _start(c: Composer, at: int) -> int:
    """Where its clause begins."""
    k = at
    while k > 0 and not c.items[k].after_break:
        k -= 1
    return k


def _denies(c: Composer, at: int) -> bool:
    """Whether it begins with 没 or 没有, by itself or within a word."""
    return c.has(at, T.NEG, "none", "not", "never") or (
        c.sense(at, T.STATE) is not None and c.items[at].tag.text[0] in "没未"
    )


def _field(c: Composer, at: int) -> str | None:
    """The field of deals that a noun names: the account, the product, the amount."""
    named = [dotted for dotted in c.fields_at(at) if dotted.startswith(f"{FACT}.")]
    named += [f"{FACT}.{ref}" for e in nouns_at(c, at) if e != FACT and (ref := c.is_reference_of(FACT, e))]
    return named[0] if named else None


def _tells_each(c: Composer, said: range) -> bool:
    """Whether the question outside the clause tells each of several."""
    return any(c.sense(k, T.BY, T.BUCKET) for k in range(len(c.items)) if k not in said)
