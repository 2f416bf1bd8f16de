"""A second reading where the first makes no sense: one word read otherwise than the rules took it.

Most words have several senses, and the rules choose one early. Where no query comes of it, each word that may be read
otherwise is, one at a time. What is asked back for another reason stays a question: an unknown word, several records
of one name, a doubt between measures or dates. Two second readings with different queries are a doubt of their own.
"""

from collections.abc import Callable, Iterator
from itertools import islice

from copilot.offline.compose.composer import entity_of
from copilot.offline.plan import Query
from copilot.offline.reader import Read, Reader
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.verdict import Verdict
from crm_core.query.spec import QuerySpec

MOST_READINGS = 12
_QUIET = SILENT | {T.UNKNOWN, T.LINK}  # these explain nothing
_KEPT = frozenset(
    {T.ENTITY, T.RECORD, T.VALUE, T.MEANING, T.STATE, T.METRIC, T.DATE, T.NUMBER, T.NEG, T.MINE, T.PRONOUN, T.NOT_HELD}
)
"""What is named, measured, bounded or denied is never read away."""


def read_again(verdict: Verdict, read: Read, reader: Reader, judge: Callable[[Read], Verdict]) -> Verdict | None:
    """The answer of the second readings, where they have just one; a first one that makes sense is not read again.

    `judge` gives the verdict on a reading, with all the checks that the first one passed.
    """
    found: list[Verdict] = []
    for tags in islice(_otherwise(read.tags), MOST_READINGS) if verdict.lacks_sense else ():
        other = judge(reader.read_as(read, tags))
        if not isinstance(other.plan, Query) or not _has_nouns(tags, other.plan.spec) or _assumes_more(other, read):
            continue
        if found and other.plan.spec != found[0].plan.spec:  # type: ignore[union-attr]
            return None
        found = found or [other]
    return found[0] if found else None


def _otherwise(tags: tuple[Tag, ...]) -> Iterator[tuple[Tag, ...]]:
    """The same words with one of them read without one of its senses, where a sense is left that tells something."""
    for at, tag in enumerate(tags):
        telling = [sense for sense in tag.senses if sense.type not in _QUIET]
        if telling and len(telling) < len(tag.senses):  # that the words may mean nothing is one of their senses
            yield (*tags[:at], tag.only(*telling), *tags[at + 1 :])
        for kind in dict.fromkeys(sense.type for sense in telling):
            left = [sense for sense in telling if sense.type is not kind]
            if left and kind not in _KEPT:
                yield (*tags[:at], tag.only(*left), *tags[at + 1 :])


def _has_nouns(tags: tuple[Tag, ...], spec: QuerySpec) -> bool:
    """Whether each kind of records that is named has left a trace in the query."""
    told = spec.model_dump_json(exclude_defaults=True)
    nouns = [{entity_of(sense.value) for sense in tag.all(T.ENTITY)} for tag in tags if tag.type is T.ENTITY]
    people = {"user"}  # told as an owner, a manager or whoever logged it
    return all(kinds <= people or spec.entity in kinds or any(kind in told for kind in kinds) for kinds in nouns)


def _assumes_more(other: Verdict, read: Read) -> bool:
    """Whether it rests on a guess beside the other sense: which of several columns a value is of."""
    columns = ({sense.value[0] for sense in tag.all(T.VALUE)} for tag in other.tags if tag.type is T.VALUE)
    further = not set(other.reading.notes) <= set(read.reading.notes)
    return further or any(len(dotted) > 1 for dotted in columns)
