"""Rules for customers where the company itself notes who is one: "customers" of a column with Customer and Prospect."""

from collections.abc import Iterator

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import FieldTest
from copilot.offline.lexicon import Words, key
from copilot.offline.own_columns import singular
from copilot.offline.tags import Sense, T, Tag

_CALLED = (T.RECORD, T.VALUE, T.MEANING)


def standing_of_customers(c: Composer) -> None:
    """As in "how many pubs are live": what a column of customers says of them, and no state of deals."""
    if any(s.value == FACT for item in c.items for s in item.all(T.ENTITY)) or c.mentions(T.METRIC):
        return
    for at, item in enumerate(c.items):
        own = [s for s in item.all(T.VALUE) if s.value[0].startswith("account.") and s.how == "exact"]
        others = (s for k, other in enumerate(c.items) if k != at for s in other.all(T.VALUE))
        beside = any(s.value[0].startswith("account.") for s in others)
        if own and beside and item.all(T.STATE):
            item.tag = item.tag.only(*own)


def by_label(c: Composer) -> None:
    """As in "which customers haven't signed": those that the company's own column calls so; it is told.

    Only where companies are listed or counted as they are: a ranking or a sum is of whoever bought, and "never" of all.
    """
    if c.mentions(T.METRIC) or c.mentions(T.VERB_METRIC) or c.mentions(T.SUP):
        return
    if c.mentions(T.STATE) or c.mentions(T.NEG, "never", "none") or c.mentions(T.SHARE) or c.mentions(T.AGG):
        return
    for at, item, _ in list(c.each(T.ENTITY)):
        found = list(_labelled(c, item.tag))
        if len(found) != 1 or c.has(at - 1, T.NUMBER) or any(c.sense(at - 1, kind) for kind in _CALLED):
            continue
        dotted, value = found[0]
        if any(test.dotted == dotted for test in c.reading.fields) or _says(c, dotted):
            return
        c.reading.fields.append(FieldTest(dotted, "in", (value,), text=item.tag.text, at=item.tag.start))
        c.reading.notes.append(f"{item.tag.text} → {c.vocabulary.field(dotted).label} {value}")
        if not any(s.type is T.ENTITY and s.value == "account" for s in item.tag.senses):
            item.tag = item.tag.only(Sense(T.ENTITY, "account"))


def value_of_own(c: Composer) -> None:
    """As in "who prefers email": beside the column that it is a value of, a word is that value."""
    for at, item, _ in list(c.each(T.FIELD)):
        names = {str(s.value) for s in item.all(T.FIELD) if c.vocabulary.field(str(s.value)).is_custom}
        after = c.item(at + 1)
        if after is None or after.before or after.get(T.FIELD) is None:
            continue
        values = [s for s in after.all(T.VALUE) if s.value[0] in names]
        if len(values) == 1:
            after.tag = after.tag.only(*values)


def _says(c: Composer, dotted: str) -> bool:
    """Whether the column or one of its values is named anyhow."""
    values = any(s.value[0] == dotted for item in c.items for s in item.tag.all(T.VALUE) if item.tag.type is T.VALUE)
    return values or any(s.value == dotted for item in c.items for s in item.tag.all(T.FIELD))


def _labelled(c: Composer, tag: Tag) -> Iterator[tuple[str, str]]:
    """The column and its value that the noun is the name of; not for a column that has one value alone."""
    words = _one(key(tag.text.lower()))
    synonyms = c.vocabulary.lexicon.synonyms
    for dotted, values in c.vocabulary.labels.items():
        for value in values if len(values) > 1 else ():
            forms = {_one(form) for form in (key(value.lower()), *synonyms.get(value.lower(), ()))}
            if words in forms or (words == ("客", "户") and value.lower() == "customer"):
                yield dotted, value


def _one(words: Words) -> Words:
    return (*words[:-1], singular(words[-1])) if words else words
