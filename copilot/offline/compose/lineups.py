"""A part of several products' names that means them all: "which Atlas model", "how many combi ovens"."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import RecordTest
from copilot.offline.lines import PRODUCT
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name


def all_called_so(c: Composer) -> None:
    """Each product that a word fits, where which of them is asked, or where it stands in the plural; told in a note."""
    for at, item, sense in list(c.each(T.RECORD)):
        names: tuple[Name, ...] = sense.value
        if len(names) < 2 or {name.entity for name in names} != {PRODUCT} or item.tag.type is not T.RECORD:
            continue
        asked = _is_asked_of(c, at)
        if not (asked or _is_plural(c, at, names)):
            continue
        text = item.tag.text
        c.reading.records += [RecordTest(PRODUCT, (name,), text=text, at=item.tag.start) for name in names]
        c.reading.notes.append(f"{text} → {', '.join(name.label for name in names)}")
        c.reading.total |= not asked
        if asked and c.reading.sup is not None and c.reading.sup.noun is None:
            c.reading.sup = replace(c.reading.sup, noun=PRODUCT)
        c.own(at)


def _is_asked_of(c: Composer, at: int) -> bool:
    """As in "which Atlas model", 哪款Atlas, Atlas哪个型号: the noun says that they are products."""
    for which, noun in ((at - 1, at + 1), (at - 1, at - 1), (at + 1, at + 2), (at + 1, at + 1)):
        if c.has(which, T.ASK, "which", "what") and PRODUCT in nouns_at(c, noun):
            return True
    return False


def _is_plural(c: Composer, at: int, names: tuple[Name, ...]) -> bool:
    """As in "combi ovens", where each of them is called a combi oven."""
    after = c.item(at + 1)
    counted = after is not None and after.tag.get(T.VALUE, T.ENTITY) is not None and after.is_plural
    words = {word for name in names for word in name.label.lower().split()}
    last = c.items[at].tag.text.lower().split()[-1]
    return bool(counted and after and after.tag.text.isascii()) or (c.items[at].is_plural and last not in words)
