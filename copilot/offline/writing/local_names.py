"""Words that name a deal only beside its customer: "the Liftwell parts deal", 优品生活的云ERP."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from copilot.offline.lexicon import key
from copilot.offline.prepare import Prepared
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Cover, Saying
from crm_core.query.result import Row
from crm_core.query.spec import All, Condition, QuerySpec

_FEW = 4  # customers that one name may fit
MOST = 200  # deals of the customers that are named
_COLUMNS = ("external_id", "name", "product", "stage.kind")


def with_local_names(saying: Saying, message: str) -> Saying:
    """The same turn, in which words that nothing explains may be of a deal's name, where its customer is named.

    The customer may be named in the same part, anywhere in the message, or in the conversation before.
    """
    cover, plain = (_reading(each, saying, message) for each in (saying.cover, saying.plain))
    return replace(saying, cover=cover, plain=plain)


def _reading(cover: Cover, saying: Saying, message: str) -> Cover:
    def read(text: str) -> tuple[Prepared, list[Tag]]:
        prepared, tags = cover(text)
        tags = _loosened(tags)
        if not any(_is_strange(tag) for tag in tags):
            return prepared, tags
        parties = _parties(tags) or _parties(cover(message)[1]) or _spoken_of(cover, saying)
        return prepared, [_plain(tag) for tag in (_named(tags, _deals(parties, saying)) if parties else tags)]

    return read


def _loosened(tags: Sequence[Tag]) -> list[Tag]:
    """The tags; a word for a field of people or a value of others, beside a customer or a deal, may be of its name."""
    out = list(tags)
    for at, tag in enumerate(tags):
        after = tags[at + 1].senses if at + 1 < len(tags) else ()
        beside = any(s.type is T.ENTITY and s.value == "deal" for s in after) or bool(
            at and _parties(tags[at - 1 : at])
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


def _parties(tags: Sequence[Tag]) -> list[Name]:
    """The customers that these words name, or one of few that they may name."""
    first = (tag.senses[0].value for tag in tags if tag.type is T.RECORD)
    return [name for names in first if len(names) <= _FEW and names[0].entity == "account" for name in names]


def _spoken_of(cover: Cover, saying: Saying) -> list[Name]:
    """The customers of the latest message that named any."""
    found = (_parties(cover(turn.text)[1]) for turn in reversed(saying.dialogue))
    return next((names for names in found if names), [])


def _deals(parties: Sequence[Name], saying: Saying) -> list[tuple[Name, str]]:
    """Their deals, each with the words of its name and product; only the open ones where any is."""
    where = All(all=[Condition(field="account", op="in", value=[name.id for name in parties])])
    rows = list(saying.run(QuerySpec(entity="deal", where=where, columns=list(_COLUMNS), limit=MOST)).rows)
    rows = [row for row in rows if row.record_id is not None]
    rows = [row for row in rows if row.values[3] == "open"] or rows
    return [(_deal(row), f"{row.values[1]} {row.values[2]}".lower()) for row in rows]


def _deal(row: Row) -> Name:
    return Name("deal", row.record_id or 0, str(row.values[0] or row.values[1] or ""))


def _named(tags: Sequence[Tag], deals: Sequence[tuple[Name, str]]) -> Iterator[Tag]:
    """The tags, runs with strange words in them as the deals that are called so."""
    at = 0
    while at < len(tags):
        end = _end_of_name(tags, at, deals)
        if end == at:
            yield tags[at]
            at += 1
            continue
        first, last = tags[at], tags[end - 1]
        glue = " " if first.text.isascii() else ""
        names = Sense(T.RECORD, tuple(_fitting(tags[at:end], deals)), "partial")
        yield Tag(first.start, last.end, glue.join(tag.text for tag in tags[at:end]), (names,), first.weight)
        at = end


def _end_of_name(tags: Sequence[Tag], at: int, deals: Sequence[tuple[Name, str]]) -> int:
    """Where the longest run from here ends that holds a strange word and fits some deals; `at` where none does."""
    best = end = at
    while end < len(tags) and (_is_strange(tags[end]) or _is_of_deals(tags[end])):
        end += 1
        run = tags[at:end]
        if any(map(_is_strange, run)) and _fitting(run, deals):
            best = end
    return best


def _is_of_deals(tag: Tag) -> bool:
    return tag.type is T.RECORD and any(name.entity in ("product", "deal") for name in tag.senses[0].value)


def _fitting(run: Sequence[Tag], deals: Sequence[tuple[Name, str]]) -> list[Name]:
    """The deals whose name or product holds these words."""
    text = "".join(tag.text for tag in run).lower()
    if not text.isascii():
        return [name for name, told in deals if len(text) > 1 and text in told]
    words = {_stem(word) for tag in run for word in key(tag.text.lower())}
    return [name for name, told in deals if words and words <= {_stem(word) for word in key(told)}]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
