"""A message in parts: what stands between marks and conjunctions, each with the mark before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.words import small

SENTENCE_ENDS = frozenset({".", "!", "?", ";", "。", "！", "？", "；"})
_MARKS = SENTENCE_ENDS | {":", ",", "—", "–", "：", "，", "、", "...", "…", "-", "(", ")", "（", "）"}
_SPOKEN = {"comma": ",", "period": ".", "full stop": ".", "colon": ":", "semicolon": ";"}


@dataclass
class Part:
    """Words between two marks; `begins` is the mark or conjunction before them, `ends` the one after."""

    tags: list[Tag] = field(default_factory=list)
    begins: str = ""
    ends: str = ""

    @property
    def content(self) -> list[Tag]:
        """The tags that say something."""
        return [tag for tag in self.tags if tag.type not in SILENT]


def wishes(tag: Tag, *concepts: str) -> bool:
    """Whether the tag may be one of these concepts of changes (of any, without one named)."""
    return any(s.type is T.WISH and (not concepts or s.value in concepts) for s in tag.senses)


def names_of(tag: Tag, entity: str) -> tuple[Name, ...]:
    """The records of this kind that the tag may name: one, or several that it fits equally."""
    for sense in tag.all(T.RECORD):
        found = tuple(name for name in sense.value if name.entity == entity)
        if found:
            return found
    return ()


_ENDS = ("won", "lost")


def without_wishes(tag: Tag) -> Tag | None:
    """The tag as the words of a description; None where it can be none."""
    senses = tuple(s for s in tag.senses if s.type is not T.WISH)
    senses = senses or tuple(Sense(T.STATE, s.value) for s in tag.senses if s.value in _ENDS)  # "that were lost"
    return tag.only(*senses) if senses else None


def said(tags: Sequence[Tag]) -> str:
    """Their words, as typed: Chinese without spaces."""
    out = ""
    for tag in tags:
        apart = out and tag.text[:1].isascii() and out[-1].isascii() and not tag.text.startswith("'")
        out += f"{' ' if apart else ''}{tag.text}"
    return out


def split(tags: Sequence[Tag]) -> list[Part]:
    """The parts of a message, in order; none is empty."""
    parts = [Part()]
    for tag in (_noun_first(_no_near_name(tag)) for tag in tags):
        mark = _mark(tag)
        if not mark:
            parts[-1].tags.append(tag)
        elif parts[-1].tags:
            parts[-1].ends = mark
            parts.append(Part(begins=mark))
        else:
            parts[-1].begins = mark if mark != "and" else parts[-1].begins or mark
    return _joined([part for part in parts if part.content])


def _no_near_name(tag: Tag) -> Tag:
    """A word that orders is no beginning of a name: "hand" is not Haneda."""
    senses = tuple(s for s in tag.senses if s.type is not T.RECORD or s.how not in ("prefix", "fuzzy"))
    return tag.only(*senses) if wishes(tag) and senses else tag


def _noun_first(tag: Tag) -> Tag:
    """A noun for a kind of record is that before it is a field of others that refer to it: "deal", "account"."""
    nouns = tag.all(T.ENTITY)
    if not nouns or tag.type is not T.FIELD:
        return tag
    return tag.only(*nouns, *(s for s in tag.senses if s.type is not T.ENTITY))


def _mark(tag: Tag) -> str:
    """The mark that ends a part here: itself, "and" for a conjunction, nothing for other words."""
    word = tag.text.lower()
    if word in _SPOKEN and tag.type in (T.UNKNOWN, T.UNIT, T.BUCKET):
        return _SPOKEN[word]
    if tag.type is T.PUNCT:
        return word if word in _MARKS else ""
    return "and" if wishes(tag, "joint") else ""


def _joined(parts: list[Part]) -> list[Part]:
    """Parts of one list are one part: "conecom and opentech", "between Anna and Boris"."""
    out: list[Part] = []
    for part in parts:
        if out and (part.begins == "and" or _is_shared(out[-1], part)) and _same_kind(out[-1], part):
            joint = Tag(part.tags[0].start, part.tags[0].start, "and", (Sense(T.AND, "and"),), 0.0)
            out[-1] = Part([*out[-1].tags, joint, *part.tags], out[-1].begins, part.ends)
        else:
            out.append(part)
    return out


def _is_shared(left: Part, right: Part) -> bool:
    """Whether a comma stands between persons who share: "among Anna, Boris and Carol"."""
    listed = right.begins in (",", "，", "、") and len(right.content) == 1
    return listed and any(wishes(tag, "split", "evenly") for tag in left.tags)


def _same_kind(left: Part, right: Part) -> bool:
    last, first = left.content[-1], right.content[0]
    after = right.tags[right.tags.index(first) + 1 :]
    if after and after[0].text in small("possessive") and any(wishes(tag) for tag in left.tags):
        return False
    return bool(_kinds(last) & _kinds(first))


def _kinds(tag: Tag) -> set[str]:
    found = {name.entity for sense in tag.all(T.RECORD)[:1] for name in sense.value}
    return found | {sense.value[0] for sense in tag.all(T.VALUE)} | ({"number"} if tag.type is T.NUMBER else set())


_MEASURES = (T.METRIC, T.VERB_METRIC, T.SHARE, T.AGG, T.SUP, T.GAP, T.VERSUS, T.BUCKET, T.BY, T.ASK)


def measures(tags: Sequence[Tag]) -> bool:
    """Whether something is measured, ranked or grouped: then only a verb that orders makes it a wish."""
    return any(_is_measure(tag, after) for tag, after in zip(tags, [*tags[1:], None], strict=True))


def _is_measure(tag: Tag, after: Tag | None) -> bool:
    if tag.type not in _MEASURES or wishes(tag) or is_request(tag) or tag.text.lower() == "pipeline":
        return False
    return not (tag.type is T.BY and after is not None and after.type is T.NUMBER)


def is_request(tag: Tag) -> bool:
    """As in "tell me": it asks for nothing of its own."""
    return tag.type is T.ASK and tag.senses[0].value == "request"
