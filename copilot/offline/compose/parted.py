"""Groups that the question itself makes: with and without something, decades, and bands that it names.

As in "win rate for accounts with a parent versus those without", "revenue from accounts founded in the 1980s, the 1990s
and the 2000s, one figure each", "wins by size: small = under 400, mid = 400 to 2,500, large = above 2,500".
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import prompts
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import FieldTest, Parted
from copilot.offline.dates import DateSpan
from copilot.offline.tags import T
from crm_core.models import Kind

_DENIALS = ("not", "none")
_EARLIEST = 1900
_ONE_EACH = (T.NUMBER, T.STAND, T.BY, T.AND, T.UNKNOWN)


def decades(c: Composer) -> None:
    """Several spans of years, each by itself where that is said; every decade: "by the decade they were founded in"."""
    years = [(k, c.fields_at(k, lambda f: f.kind is Kind.YEAR)) for k, _, _ in c.each(T.FIELD)]
    at, fields = next(((k, found) for k, found in years if found), (-1, []))
    if at < 0:
        return
    dotted = c.nearest(fields, to=c.about)
    if (said := _says_decade(c)) is not None:
        c.reading.parted = [_of_years(dotted, first, first + 9, f"{first}s") for first in _every_decade(c)]
        c.own(at, *said, *_nouns(c, dotted))
        return
    dated = [(k, s.value) for k, _, s in c.each(T.DATE) if _is_years(s.value)]
    spans = {(s.since, s.until): (k, s) for k, s in reversed(dated)}  # said again in brackets: the first words name it
    each = c.items[-1].tag.get(T.BY) is not None or any(c.items[k].tag.get(T.BY) for k in range(at, len(c.items)))
    if len(spans) < 2 or not each:
        return
    c.reading.parted = [
        _of_years(dotted, span.since.year, span.until.year, _named(c.items[k]))
        for k, span in sorted(spans.values(), key=lambda pair: pair[0])
    ]
    last = dated[-1][0]
    told = [k for k in range(last + 1, len(c.items)) if c.items[k].tag.get(*_ONE_EACH)]
    joined = [k for k in range(dated[0][0], last) if c.has(k, T.AND) or c.sense(k, T.FOLLOW)]
    c.own(at, *(k for k, _ in dated), *joined, *told, *_nouns(c, dotted))


def _nouns(c: Composer, dotted: str) -> list[int]:
    """Where the records are named that the groups are of, unless they are what is counted."""
    named = [k for k, _, s in c.each(T.ENTITY) if s.value == dotted.split(".")[0]]
    return [k for k in named if not c.has(k - 1, T.ASK, "how_many", "count")]


def _says_decade(c: Composer) -> list[int] | None:
    for at, item in enumerate(c.items):
        split = item.tag.text == "代" and at > 0 and c.items[at - 1].tag.text.endswith("年")  # 成立年|代
        if (split or item.tag.text.lower() in ("decade", "decades", "年代")) and not item.owned:
            return [at, *(k for k in (at - 1, at - 2) if c.sense(k, T.BY))]
    return None


def _every_decade(c: Composer) -> Iterable[int]:
    return range(_EARLIEST, c.today.year + 1, 10)


def _is_years(span: DateSpan) -> bool:
    since, until = span.since, span.until
    return (
        since is not None and until is not None and (since.month, since.day, until.month, until.day) == (1, 1, 12, 31)
    )


def _of_years(dotted: str, first: int, last: int, name: str) -> Parted:
    return Parted(name, (FieldTest(dotted, "ge", (first,)), FieldTest(dotted, "le", (last,))))


def _named(item: Item) -> str:
    """The words without what leads to them: "in the 1980s" is 1980s."""
    words = item.tag.text.split(" ")
    kept = [word for word in words if word.lower() not in ("in", "the", "during", "from", "of")]
    return " ".join(kept) if item.tag.text.isascii() else "".join(kept)


def with_or_without(c: Composer) -> None:
    """As in "accounts with a parent versus those that don't", 有母公司的客户和没有母公司的客户: two groups."""
    for at, item, sense in list(c.each(T.NEG)):
        if sense.value not in _DENIALS or item.owned:
            continue
        again = at + 1 if at + 1 < len(c.items) and c.fields_at(at + 1) else None
        if c.has(at - 1, T.AND) and "with" in c.items[at - 1].before:
            c.reading.unclear = True  # "revenue with and without X": two figures
        field = _said_before(c, at, again)
        used = _contrasted(c, at)
        one = at + 1 < len(c.items) and c.items[at + 1].tag.text.lower() in ("one", "it", "any")
        end = at + 2 if one else at + 1
        ends = again is not None or end >= len(c.items) or c.items[end].after_break or c.sense(end, T.BY) is not None
        if field is None or used is None or not ends:
            continue
        dotted = c.nearest(c.fields_at(field, lambda f: not f.is_numeric), to=c.about)
        texts = prompts.load_yaml("planner")["en" if item.tag.text.isascii() else "zh"]
        test = FieldTest(dotted, "not_empty", at=c.items[field].tag.start)
        names = [prompts.fill(texts[name], what=c.items[field].tag.text) for name in ("with", "without")]
        c.reading.parted = [Parted(names[0], (test,)), Parted(names[1], (replace(test, op="empty"),))]
        after = [at + 2] if again and c.sense(at + 2, T.ENTITY) else [at + 1] if one else []
        c.own(at, field, *used, *after, *([again] if again is not None else []), *_nouns(c, dotted))
        return


def _said_before(c: Composer, at: int, again: int | None) -> int | None:
    """The field that the one side has, and the other has not."""
    found = [k for k in range(at) if c.fields_at(k, lambda f: not f.is_numeric) and not c.sense(k, T.ENTITY, T.METRIC)]
    if again is not None:
        found = [k for k in found if set(c.fields_at(k)) & set(c.fields_at(again))]
    return found[-1] if found else None


def _contrasted(c: Composer, at: int) -> list[int] | None:
    """The words between the sides: "versus those that", "and accounts"; None where nothing sets them apart."""
    used = []
    for k in range(at - 1, -1, -1):
        if c.sense(k, T.PRONOUN, T.ENTITY, T.ASK) and not c.has(k, T.ASK, "how_many"):
            used.append(k)
        elif c.sense(k, T.VERSUS, T.AND) or c.sense(k, T.FOLLOW):
            return [*used, k]
        else:
            return None
    return None


def name_parts(parts: Sequence[Parted], aside: Sequence[str]) -> tuple[list[Parted], list[str]]:
    """The groups as the asker wants them called ("label the rows A and B"), and what else was said aside."""
    verbs = frozenset(prompts.load_yaml("lexicon/small_words")["calls_them"])
    for words in aside:
        told = words.strip(" .,;:–—-").replace(",", " and ").split()
        if not told or told[0].lower() not in verbs:
            continue
        names = " ".join(word for word in told if word.lower() not in verbs).split(" and ")
        named = [name.strip() for name in names if name.strip()]
        if len(named) == len(parts):
            kept = [other for other in aside if other is not words]
            return [replace(part, name=name) for part, name in zip(parts, named, strict=True)], kept
    return list(parts), list(aside)
