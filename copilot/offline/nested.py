"""One who is told by a ranking inside a question: "who manages the rep with the most wins", 赢单最多的销售的经理是谁.

The ranking is a question of its own. Whom it finds takes its place in the question around it, as if that one had been
named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.lines import UNITS
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Name
from crm_core.query.result import QueryResult
from crm_core.schema import Schema

_PARTIES = ("user", "account", "product", "contact")
_MEASURED = (T.METRIC, T.MONEY_WORD, T.VERB_METRIC)
_BETWEEN = SILENT | {T.STATE, T.VERB_METRIC, T.ASK}  # "the rep who has won | the most"
_TOLD_OF = SILENT | {T.STATE, T.VALUE, T.NUMBER, T.AGG}  # "the five largest | retail | customers"
_WANTED = {T.METRIC, T.VERB_METRIC, T.MANAGES, T.OWNS, T.TREE, T.STATE, T.FIELD, T.ENTITY, T.SUP}
_NUMBERS = ("how_many", "how_much", "how_long", "when", "where")
_RELATIONS = {T.GAP, T.VERSUS, T.COMPARATIVE, T.SHARE, T.CHANGE, T.BY, T.BUCKET, T.OP, T.POST_OP, T.NEG}
_AUXILIARIES = ("did", "does", "do", "has", "have", "is", "was")


@dataclass(frozen=True)
class Inner:
    """The tags [start, end) of the ranking, and its words. Doubtful: it may be of the time of the whole question."""

    start: int
    end: int
    text: str = ""
    is_doubtful: bool = False

    @property
    def is_chinese(self) -> bool:
        """Whether it is asked in Chinese."""
        return not self.text.isascii()


@dataclass(frozen=True)
class Found:
    """Whom or what a ranking gives."""

    names: tuple[Name, ...]
    value: tuple[str, str] | None = None  # "entity.field" and the value of it, where that is what was ranked

    @classmethod
    def of(cls, result: QueryResult, schema: Schema) -> "Found":
        """The records of the first column, those listed, or the one value; none where it gives something else."""
        if all(row.record_id is not None for row in result.rows):
            return cls(tuple(Name(result.entity, row.record_id or 0, str(row.values[0])) for row in result.rows))
        entity, groups = result.columns[0].entity, result.spec.group_by
        if entity is None and len(result.rows) == len(groups) == 1 and groups[0].bucket is None:
            field = schema.path(result.spec.entity, groups[0].field).field
            return cls((), (f"{field.entity}.{field.name}", str(result.rows[0].values[0])))
        named = [row for row in result.rows if 0 in row.ids]
        return cls(tuple(Name(entity, row.ids[0], str(row.values[0])) for row in named) if entity else ())

    @property
    def told(self) -> str:
        """Their names."""
        return self.value[1] if self.value else ", ".join(name.label for name in self.names)


def in_place(tags: Sequence[Tag], inner: Inner, found: Found) -> list[Tag]:
    """The tags with the ones that were found instead of the ranking."""
    first, last = tags[inner.start], tags[inner.end - 1]
    if found.value:
        told = Tag(first.start, last.end, found.value[1], (Sense(T.VALUE, found.value),), first.weight)
        return [*tags[: inner.start], told, *tags[inner.end :]]
    named = [Tag(first.start, last.end, name.label, (Sense(T.RECORD, (name,)),), first.weight) for name in found.names]
    return [*tags[: inner.start], *named, *tags[inner.end :]]


def find_ranking(tags: Sequence[Tag]) -> Inner | None:
    """A ranking of people, companies or products inside a question about them; None where it is the question."""
    for at, tag in enumerate(tags):
        if tag.type is not T.SUP or tag.get(T.COMPARATIVE):  # 比Konex少 compares
            continue
        inner = _with_its_measure(tags, at) or _noun_first(tags, at) or _chinese(tags, at)
        if inner is not None and _asks_around(tags, inner):
            text = " ".join(part.text for part in tags[inner.start : inner.end])
            return replace(inner, text=text, is_doubtful=_is_doubtful(tags, inner))
    return None


def _is_doubtful(tags: Sequence[Tag], inner: Inner) -> bool:
    """As in 今年业绩最好的销售赢了多少单: in all, or this year."""
    within = any(tag.type is T.DATE for tag in tags[inner.start : inner.end])
    around = [*tags[: inner.start], *tags[inner.end :]]
    measured = any(tag.type in (T.METRIC, T.VERB_METRIC, T.STATE) for tag in around)
    return within and measured and not any(tag.type is T.DATE for tag in around)


def _with_its_measure(tags: Sequence[Tag], at: int) -> Inner | None:
    """As in "our best rep by win rate"."""
    noun = _skip(tags, at + 1, _TOLD_OF)
    named = _is_party(tags, noun) or (noun < len(tags) and _is_group(tags[noun]))
    if not named or not tags[at].text.isascii():
        return None
    end = _skip(tags, noun + 1, SILENT)
    if end >= len(tags) or tags[end].type is not T.BY:
        end = noun + 1 if _is_on(tags, noun + 1) else len(tags)
    measure = _skip(tags, end, SILENT | {T.BY, T.AGG})
    if not _is_measure(tags, measure):
        return None
    since = at - 1 if at and tags[at - 1].type is T.NUMBER else at
    return Inner(_determined(tags, since), _measure_end(tags, measure))


def _is_group(tag: Tag) -> bool:
    """Whether it names a field whose values may be ranked, and no number of units."""
    fields = [str(sense.value) for sense in tag.all(T.FIELD)]
    return tag.type is T.FIELD and not tag.get(T.METRIC) and not any(name.endswith(f".{UNITS}") for name in fields)


def _determined(tags: Sequence[Tag], at: int) -> int:
    """With the article before it."""
    while at and tags[at - 1].text.lower() in _DETERMINERS:
        at -= 1
    return at


def _is_on(tags: Sequence[Tag], at: int) -> bool:
    return at < len(tags) and tags[at].text.lower() in ("on", "for", "in terms of", "in")


def _noun_first(tags: Sequence[Tag], at: int) -> Inner | None:
    """As in "the rep with the most wins", "the customer who bought the most"."""
    noun = at - 1
    while noun >= 0 and tags[noun].type in _BETWEEN and not _is_party(tags, noun):
        noun -= 1
    linked = tags[noun + 1 : at]
    said = any(tag.text.lower() in _LINKS for tag in linked)
    if noun < 1 or not _is_party(tags, noun) or not tags[at].text.isascii() or not said:
        return None
    if tags[noun - 1].text.lower() not in _DETERMINERS:
        return None  # "which rep with the most wins …" asks for the rep
    measure = _skip(tags, at + 1, SILENT | {T.AGG, T.STATE})
    if _is_measure(tags, measure):
        return Inner(_determined(tags, noun), _measure_end(tags, measure))
    told = any(tag.type in (T.STATE, T.VERB_METRIC) for tag in linked)
    return Inner(_determined(tags, noun), _limited(tags, at + 1)) if told else None


_LINKS = ("with", "who", "that", "having", "who has", "that has", "who had", "which")
_DETERMINERS = ("the", "our", "my", "that", "of the", "of our")


def _chinese(tags: Sequence[Tag], at: int) -> Inner | None:
    """As in 赢单最多的销售: everything before the noun belongs to the ranking."""
    noun = at + 1
    while noun < len(tags) and tags[noun].text in ("的", "那个", "那位", "那家"):
        noun += 1
    if tags[at].text.isascii() or not _is_party(tags, noun):
        return None
    since = next((k + 1 for k in range(at - 1, -1, -1) if tags[k].type is T.PUNCT), 0)
    before = tags[since:at]
    measured = any(tag.get(*_MEASURED) or tag.type in (T.STATE, T.FIELD) for tag in before)
    return Inner(since, noun + 1) if measured and not any(tag.type is T.ASK for tag in before) else None


def _asks_around(tags: Sequence[Tag], inner: Inner) -> bool:
    """Whether the words around the ranking ask for something else about the one it finds."""
    before, after = tags[: inner.start], tags[inner.end :]
    if any(tag.type in _RELATIONS or _joins(tag) for tag in (*before, *after)):
        return False
    noun = {s.value for tag in tags[inner.start : inner.end] for s in tag.all(T.ENTITY)}
    if not before:
        return not tags[inner.start].text.isascii() and any(_wants(tag, noun) for tag in after)
    asked = any(_wants(tag, noun) for tag in before)
    helped = any(word in _AUXILIARIES for tag in before for word in tag.text.lower().split(" "))
    late = any(_wants(tag, noun) for tag in after)
    return (asked and not _is_of_ranking(before)) or (helped and late and any(tag.type is T.ASK for tag in before))


def _is_of_ranking(before: Sequence[Tag]) -> bool:
    """As in "which region has", "rank": the words before it ask for what is ranked."""
    return any(tag.type is T.ASK and tag.senses[0].value == "rank" for tag in before)


def _wants(tag: Tag, noun: set[object]) -> bool:
    if any(sense.value in ("list", "request") for sense in tag.all(T.ASK)):
        return False
    if tag.type is T.ASK:
        return tag.senses[0].value in _NUMBERS
    named = {s.value for s in tag.all(T.ENTITY)}
    return tag.type in _WANTED and not tag.get(T.FILLER) and not (named and named <= noun)


def _joins(tag: Tag) -> bool:
    return tag.get(T.AND, T.OR) is not None


def _is_party(tags: Sequence[Tag], at: int) -> bool:
    if not 0 <= at < len(tags):
        return False
    return any(entity_of(str(s.value)) in _PARTIES for s in tags[at].all(T.ENTITY)) and not tags[at].get(T.METRIC)


def _is_measure(tags: Sequence[Tag], at: int) -> bool:
    return at < len(tags) and bool(
        tags[at].get(*_MEASURED) or tags[at].type is T.FIELD or {"deal"} & {s.value for s in tags[at].all(T.ENTITY)}
    )


def _measure_end(tags: Sequence[Tag], at: int) -> int:
    """Where the measure ends: "deals | won", and what limits it at the end ("the most wins | in Q4")."""
    end = at + 1
    deals = any(s.value == "deal" for s in tags[at].all(T.ENTITY))
    if deals and end < len(tags) and tags[end].type is T.STATE:
        end += 1
    return _limited(tags, end)


def _limited(tags: Sequence[Tag], end: int) -> int:
    """Past what limits a ranking, where the question ends with it."""
    after = _skip(tags, end, {T.PREP})
    limits = after < len(tags) and tags[after].type in (T.DATE, T.VALUE, T.RECORD)
    return after + 1 if limits and _skip(tags, after + 1, SILENT) == len(tags) else end


def _skip(tags: Sequence[Tag], at: int, types: set[T] | frozenset[T]) -> int:
    while at < len(tags) and tags[at].type in types:
        at += 1
    return at
