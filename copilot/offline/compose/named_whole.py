"""Words that say one thing in two pieces: a stored value cut in two, and a value that is also a word for a record."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.lexicon import key
from copilot.offline.own_columns import singular
from copilot.offline.tags import Sense, T


def values_in_pieces(c: Composer) -> None:
    """As in 锂电|新能源行业 of a stored 锂电新能源: one value, and not the two that its pieces may mean."""
    for at, item, sense in list(c.each(T.VALUE)):
        after = c.item(at + 1)
        other = c.sense(at + 1, T.VALUE)
        if after is None or other is None or after.tag.start != item.tag.end or item.tag.text.isascii():
            continue
        together = item.tag.text + after.tag.text
        same = other.value[0] == sense.value[0] and other.value[1] != sense.value[1]
        if same and together.startswith(str(sense.value[1])):
            c.own(at + 1)


def values_called_as_kinds(c: Composer) -> None:
    """As in "deals from tenders", where a source is a tender: the second noun for deals is a value of theirs."""
    for at, item, sense in list(c.each(T.ENTITY)):
        kind = entity_of(str(sense.value))
        text = item.tag.text.lower()
        found = c.vocabulary.phrases.get(key(singular(text)), ())
        values = [s for s in found if s.type is T.VALUE and str(s.value[0]).startswith(f"{kind}.")]
        again = any(kind in nouns_at(c, k) for k in range(at))
        if values and again and text.isascii() and singular(text) != text:
            item.tag = item.tag.only(*(Sense(T.VALUE, s.value, s.how) for s in values))
