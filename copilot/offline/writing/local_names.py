"""Words that name a deal only beside its customer: "the Liftwell parts deal", 优品生活的云ERP."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.offline.lexicon import key
from copilot.offline.prepare import Prepared
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Cover, Saying, once
from copilot.offline.writing.words import stem
from crm_core.query.result import Row
from crm_core.query.spec import Condition, QuerySpec

_APART = (*SILENT, T.DATE, T.PRONOUN, T.MINE, T.AND, T.ENTITY, T.WISH)
_FEW = 4  # customers that one name may fit
MOST = 200  # deals of the customers that are named
_COLUMNS = ("external_id", "name", "product", "stage.kind")


@dataclass(frozen=True)
class _Deal:
    """A deal, the words of its name and product, and whether it is open."""

    name: Name
    told: str
    is_open: bool


def with_local_names(saying: Saying, message: str) -> Saying:
    """The same turn, in which words that nothing explains may be of a deal's name, where its customer is named.

    The customer may be named in the same part, anywhere in the message, or in the conversation before.
    """
    cover, plain = (once(_reading(each, saying, message)) for each in (saying.cover, saying.plain))
    return replace(saying, cover=cover, plain=plain)


def _reading(cover: Cover, saying: Saying, message: str) -> Cover:
    def read(text: str) -> tuple[Prepared, list[Tag]]:
        prepared, tags = cover(text)
        tags = _loosened(tags)
        if not any(_is_strange(tag) or _is_doubtful(tag) for tag in tags):
            return prepared, [_plain(tag) for tag in tags]
        parties = _parties(tags, saying) or _parties(cover(message)[1], saying) or _spoken_of(cover, saying)
        tags = list(_named(tags, _deals(parties, saying))) if parties else tags
        tags = list(_named(tags, _deals_named(tags, saying))) if any(map(_is_doubtful, tags)) else tags
        return prepared, [_plain(tag) for tag in tags]

    return read


def _loosened(tags: Sequence[Tag]) -> list[Tag]:
    """The tags; a word for a field of people or a value of others, beside a customer or a deal, may be of its name."""
    out = list(tags)
    for at, tag in enumerate(tags):
        after = tags[at + 1].senses if at + 1 < len(tags) else ()
        beside = any(s.type is T.ENTITY and s.value == "deal" for s in after) or bool(
            at and _customers(tags[at - 1 : at])
        )
        fields = [str(s.value) for s in tag.all(T.FIELD)]
        values = [str(s.value[0]) for s in tag.all(T.VALUE)]
        of_people = tag.type is T.FIELD and not any(f.startswith(("deal.", "account.")) for f in fields)
        of_customers = tag.type is T.VALUE and not any(f.startswith("deal.") for f in values)
        if beside and (of_people or of_customers):
            out[at] = tag.only(Sense(T.NOT_HELD, tag.text), *tag.senses)
    return out


def _is_strange(tag: Tag) -> bool:
    return tag.type in (T.UNKNOWN, T.NOT_HELD)


def _plain(tag: Tag) -> Tag:
    """A loosened tag that is of no name is what it was."""
    loosened = tag.type is T.NOT_HELD and (tag.get(T.FIELD) is not None or tag.get(T.VALUE) is not None)
    return tag.only(*tag.senses[1:]) if loosened else tag


def _is_doubtful(tag: Tag) -> bool:
    """Whether it names deals by a part of their names, one or several that share it."""
    names = tag.senses[0].value if tag.type is T.RECORD and tag.senses[0].how != "exact" else ()
    return bool(names) and all(name.entity == "deal" for name in names)


def _parties(tags: Sequence[Tag], saying: Saying) -> list[Name]:
    """The customers that these words name; else those of the people that they name."""
    named = _customers(tags)
    first = [tag.senses[0].value for tag in tags if tag.type is T.RECORD]
    people = [names[0] for names in first if len(names) == 1 and names[0].entity == "contact"] if not named else []
    found = (saying.look_up(person, "account") for person in people)
    return named or [account for account in found if isinstance(account, Name)]


def _customers(tags: Sequence[Tag]) -> list[Name]:
    """The customers that these words name, or one of few that they may name."""
    first = [tag.senses[0].value for tag in tags if tag.type is T.RECORD]
    return [name for names in first if len(names) <= _FEW and names[0].entity == "account" for name in names]


def _spoken_of(cover: Cover, saying: Saying) -> list[Name]:
    """The customers of the latest message that named any."""
    found = (_parties(cover(turn.text)[1], saying) for turn in reversed(saying.dialogue))
    return next((names for names in found if names), [])


def _deals(parties: Sequence[Name], saying: Saying) -> list[_Deal]:
    """Their deals."""
    return _read(Condition(field="account", op="in", value=[name.id for name in parties]), saying)


def _deals_named(tags: Sequence[Tag], saying: Saying) -> list[_Deal]:
    """The deals that words of theirs may name, where no customer is."""
    named = {name.id: name.label for tag in tags if _is_doubtful(tag) for name in tag.senses[0].value}
    where = Condition(field="name", op="in", value=list(dict.fromkeys(named.values())))
    return [deal for deal in _read(where, saying) if deal.name.id in named] if named else []


def _read(where: Condition, saying: Saying) -> list[_Deal]:
    rows = list(saying.run(QuerySpec(entity="deal", where=where, columns=list(_COLUMNS), limit=MOST)).rows)
    rows = [row for row in rows if row.record_id is not None]
    return [_Deal(_deal(row), f"{row.values[1]} {row.values[2]}".lower(), row.values[3] == "open") for row in rows]


def _deal(row: Row) -> Name:
    return Name("deal", row.record_id or 0, str(row.values[1] or row.values[0] or ""))


@dataclass(frozen=True)
class _Run:
    """A stretch of tags that names some deals; `is_telling`: by more than values that others have as well."""

    start: int
    end: int
    deals: frozenset[_Deal]
    is_telling: bool
    words: int


def _named(tags: Sequence[Tag], deals: Sequence[_Deal]) -> Iterator[Tag]:
    """The tags, runs with strange words in them as the deals that all the runs fit."""
    runs = _sure(list(_runs(tags, deals)))
    at = 0
    for run in (run for run in runs if run.is_telling):
        yield from tags[at : run.start]
        at = run.end
        first, last = tags[run.start], tags[run.end - 1]
        glue = " " if first.text.isascii() else ""
        found = _agreed(run, runs)
        names = Sense(T.RECORD, tuple(deal.name for deal in deals if deal in found), "partial")
        text = glue.join(tag.text for tag in tags[run.start : run.end])
        yield Tag(first.start, last.end, text, (names,), first.weight)
    yield from tags[at:]


def _sure(runs: Sequence[_Run]) -> list[_Run]:
    """The runs without lone words that name other deals than a longer run does: "we walked the | yard"."""
    longer = [run for run in runs if run.words > 1 and run.is_telling]
    return [run for run in runs if run.words > 1 or not longer or any(run.deals & other.deals for other in longer)]


def _agreed(run: _Run, runs: Sequence[_Run]) -> frozenset[_Deal]:
    """The deals of a run that most of the others fit as well, nearest first; values count last."""
    found = run.deals
    others = sorted((other for other in runs if other is not run),
                    key=lambda other: (not other.is_telling, abs(other.start - run.start)))  # fmt: skip
    for other in others:
        found = found & other.deals or found
    return found


def _runs(tags: Sequence[Tag], deals: Sequence[_Deal]) -> Iterator[_Run]:
    at = 0
    while at < len(tags):
        end = _end_of_name(tags, at, deals)
        run = tags[at:end]
        if run:
            telling = any(_is_strange(tag) or _is_of_deals(tag) for tag in run)
            words = sum(len(key(tag.text.lower())) for tag in run)
            yield _Run(at, end, frozenset(_fitting(run, deals)), telling, words)
        at = max(end, at + 1)


def _end_of_name(tags: Sequence[Tag], at: int, deals: Sequence[_Deal]) -> int:
    """Where the longest run from here ends that fits some deals; `at` where none does."""
    best = end = at
    while end < len(tags) and _may_be_of_name(tags[end]):
        end += 1
        run = tags[at:end]
        if any(_is_strange(tag) or _is_doubtful(tag) or _is_value(tag) for tag in run) and _fitting(run, deals):
            best = end
    return best


def _may_be_of_name(tag: Tag) -> bool:
    """Whether a word may stand in a deal's name: whatever tells something and is no whole name of somebody else."""
    whole = tag.type is T.RECORD and tag.senses[0].how == "exact" and not _is_of_deals(tag)
    return not whole and tag.type not in _APART


def _is_of_deals(tag: Tag) -> bool:
    return tag.type is T.RECORD and any(name.entity in ("product", "deal") for name in tag.senses[0].value)


def _is_value(tag: Tag) -> bool:
    return tag.type is T.VALUE and any(str(s.value[0]).startswith("deal.") for s in tag.all(T.VALUE))


def _fitting(run: Sequence[Tag], deals: Sequence[_Deal]) -> list[_Deal]:
    """The deals whose name or product holds these words."""
    text = "".join(tag.text for tag in run).lower()
    words = {stem(word) for tag in run for word in key(tag.text.lower())}
    if text.isascii():
        fit = [deal for deal in deals if words and words <= {stem(word) for word in key(deal.told)}]
    else:
        fit = [deal for deal in deals if len(text) > 1 and text in deal.told]
    return [deal for deal in fit if deal.is_open] or fit
