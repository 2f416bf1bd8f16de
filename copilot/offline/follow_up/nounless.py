"""A message that names no kind of record and nobody: what it counts or lists, only the answer before it tells."""

from collections.abc import Sequence

from copilot.offline.compose.reading import Reading
from copilot.offline.tags import SILENT, T, Tag

_SUBJECTS = (T.ENTITY, T.MINE, T.METRIC, T.VERB_METRIC, T.WHOLE, T.THING, T.TREE)
_OPEN = (T.ENTITY, T.MINE, T.WHOLE, T.THING, T.TREE)
_PARTIES = frozenset({"user", "account", "contact", "lead", "deal"})


def names_no_subject(tags: Sequence[Tag], reading: Reading) -> bool:
    """As in "how many above 60,000", 方案报价的有哪些: what it asks for is told by a value, a bound, a stage or a time.

    A name is such a part too, where no verb says what its bearer did: "how many are with Acme", 小李的有几个.
    """
    content = [tag for tag in tags if tag.type not in SILENT]
    asks = any(tag.type is T.ASK for tag in content)
    told = any(tag.type in _NARROWING for tag in content) or bool(reading.fields or reading.periods)
    does = any(tag.type not in _BESIDE_NAMES for tag in content) and any(map(_is_party, content))
    does |= any(p.kind == "single" for p in reading.pronouns)  # 他们家一共丢过几单: it points at whom it is about
    return asks and told and not (does or any(map(_is_subject, content)))


def _is_subject(tag: Tag) -> bool:
    """Whether it names a kind of record, an owner or a figure; 单 of 有几单 only counts."""
    return tag.type in _SUBJECTS and not (tag.type is T.ENTITY and tag.get(T.FILLER))


_NARROWING = frozenset({T.RECORD, T.VALUE, T.NUMBER, T.DATE, T.STATE, T.MEANING})
_BESIDE_NAMES = frozenset({T.ASK, T.RECORD, T.VALUE, T.NUMBER, T.DATE, T.OP, T.POST_OP, T.FOLLOW})


def leaves_subject_open(tags: Sequence[Tag]) -> bool:
    """Whether a message says neither whose, nor of what kind of record, nor that everything is meant."""
    return not any(tag.type in _OPEN or _is_party(tag) for tag in tags)


def _is_party(tag: Tag) -> bool:
    """Whether it names a person, a team, a customer or a deal."""
    if tag.type is T.VALUE:
        return str(tag.senses[0].value[0]).startswith("user.")
    return tag.type is T.RECORD and any(name.entity in _PARTIES for name in tag.senses[0].value)


def is_on_nothing(tags: Sequence[Tag], reading: Reading) -> bool:
    """Whether such a message, after a question without an answer, is about nothing that is known."""
    return names_no_subject(tags, reading) and not any(map(_is_party, tags))


def on_nothing(current: Reading) -> Reading:
    """The message after a question without an answer: what it is about is not known."""
    out = current.copy()
    out.unclear, out.on_nothing = True, True
    return out
