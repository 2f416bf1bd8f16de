"""A field that does not exist and is to be set: "set Vantry's shoe size to 44" is said to be none."""

from collections.abc import Iterator

from copilot.offline.near import near_words
from copilot.offline.plan import Cannot
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.scan import Scan, scan
from copilot.offline.writing.telling import tell

_OWNERS = ("account", "contact", "lead", "deal", "product")
_POSSESSIVE = frozenset({"'s", "’s", "的"})
_OF = frozenset({"of", "for", "on", "at"})
_GOALS = frozenset({"to", "as", "=", "->", "→"})
_KNOWN = (T.FIELD, T.RECORD, T.ENTITY, T.STATE, T.VALUE, T.METRIC, T.NUMBER, T.DATE, T.VERB_METRIC, T.MINE, T.PRONOUN)
_SAYS = (T.UNKNOWN, T.NOT_HELD)
_LONGEST = 4  # words of a field's name; of Chinese twice as many characters
_MAX_NEAR = 3


def no_such_field(text: str, saying: Saying) -> Cannot | None:
    """Says that the field that is to be set does not exist, with those that come near; None for anything else."""
    seen = scan(text, saying)
    if not _is_ordered(seen):
        return None
    for tag, sense in seen.of(T.RECORD):
        name = next((one for one in sense.value if one.entity in _OWNERS), None)
        found = next(_unknown_fields(seen, tag), None) if name is not None else None
        if name is not None and found is not None:
            labels = saying.vocabulary.lexicon.labels[seen.lang]
            kind = str(labels.get(name.entity, name.entity))
            reason = tell("no_such_field", seen.lang, kind=kind, word=found, record=name.label)
            return Cannot(reason, _near(found, name, saying))
    return None


def _is_ordered(seen: Scan) -> bool:
    """Whether the message begins with an order to set or record something."""
    first = next((i for i in range(len(seen.tokens)) if not seen.within(i, "polite")), 0)
    if seen.is_chinese:
        return bool(seen.said("change", "text_link"))
    return seen.at(first, "change", "log") is not None if seen.tokens else False


def _unknown_fields(seen: Scan, record: Tag) -> Iterator[str]:
    """The words that stand where a field's name does: "…'s shoe size to", "the shoe size of … to"."""
    size = len(seen.tokens)
    if record.end < size and seen.tokens[record.end].text in _POSSESSIVE:
        start = record.end + 1
        end = _goal(seen, start)
        end = end - 1 if end is not None and seen.tokens[end - 1].text == "down" else end  # "put … down as"
        if end is not None and _is_no_field(seen, start, end):
            yield seen.cut(start, end)
    before, goal = record.start - 1, _goal(seen, record.end)
    if goal == record.end and before > 0 and seen.tokens[before].text in _OF:
        start = before
        while start > 0 and not seen.at(start, "change", "log", "the", "article") and before - start < _LONGEST:
            start -= 1
        mark = seen.at(start, "change", "log", "the", "article")
        if mark is not None and _is_no_field(seen, mark.end, before):
            yield seen.cut(mark.end, before)


def _goal(seen: Scan, start: int) -> int | None:
    """Where the words that lead to the value begin: "to", "as", 改成; a value follows."""
    most = 2 * _LONGEST if seen.is_chinese else _LONGEST
    for at in range(start, min(start + most + 1, len(seen.tokens) - 1)):
        if seen.is_stop(at):
            return None
        if seen.tokens[at].text in _GOALS or (seen.is_chinese and _sets(seen, at)):
            return at
    return None


def _sets(seen: Scan, at: int) -> bool:
    """As in 改成, 记为; 是 may tell anything."""
    return seen.at(at, "text_link") is not None and seen.at(at, "is") is None


def _is_no_field(seen: Scan, start: int, end: int) -> bool:
    """Whether these words name nothing that the data knows, and at least one says something."""
    tags = [tag for tag in seen.tags if tag.start < end and start < tag.end]
    return any(tag.type in _SAYS for tag in tags) and not any(tag.type in _KNOWN for tag in tags)


def _near(word: str, name: Name, saying: Saying) -> tuple[str, ...]:
    """The fields of this kind of record, to be filled in by people, whose names come near."""
    fields = saying.vocabulary.schema.entities[name.entity].fields
    found = (one.target.rpartition(".") for one in near_words(saying.vocabulary, word, limit=4 * _MAX_NEAR))
    names = [field for entity, _, field in found if entity == name.entity and field in fields and fields[field].edit]
    return tuple(fields[field].label for field in names[:_MAX_NEAR])
