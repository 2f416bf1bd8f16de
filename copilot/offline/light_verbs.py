"""Verbs that say nothing beside the noun that they bring about: "make | calls", "the meetings I | ran", 做|拜访.

By themselves the same words say what was sold ("what did we make in May", 今年做了多少). Which verbs go with which
kind of record stands in `prompts/lexicon/small_words.yaml`.
"""

from collections.abc import Sequence

from copilot.offline.compose.composer import entity_of
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.writing.words import small

_SERVING = {"interaction": "light_with_talks", "lead": "light_with_leads"}
_SILENT = Sense(T.FILLER, "words")
_OF_OBJECT = frozenset({T.FILLER, T.SUP, T.NUMBER, T.OP, T.POST_OP, T.NEG, T.AGG, T.MINE, T.COMPARATIVE, T.BY, T.ASK})
_OF_SUBJECT = frozenset({T.FILLER, T.MINE, T.RECORD, T.PRONOUN, T.TREE})
_OBJECTS = frozenset({T.ENTITY, T.METRIC, T.MONEY_WORD, T.NUMBER, T.AGG, T.FIELD, T.VALUE, T.SUP})


def without_light_verbs(tags: Sequence[Tag]) -> list[Tag]:
    """The tags with the verbs made silent that stand with a noun of theirs; that noun is no verb then ("leads")."""
    out = list(tags)
    for at, tag in enumerate(tags):
        word = tag.text.lower()
        kinds = [kind for kind, name in _SERVING.items() if word in small(name)]
        stored = {str(s.value[0]).split(".")[0] for s in tag.all(T.VALUE)}
        if not kinds or tag.type in SILENT or tag.get(T.WISH, T.RECORD, T.MEANING) or stored.intersection(kinds):
            continue  # "held" may be what became of a meeting
        noun = _object(tags, at, kinds) or _said_of(tags, at, kinds)
        if noun is not None:
            out[at] = tag.only(_SILENT)
            out[noun] = tags[noun].only(*(s for s in tags[noun].senses if s.type not in (T.MANAGES, T.OWNS)))
    return out


def _object(tags: Sequence[Tag], at: int, kinds: Sequence[str]) -> int | None:
    """As in "made | fewer than five | calls", 做了|几次|拜访: the place of the noun behind the verb."""
    ahead = range(at + 1, len(tags))
    noun = next((k for k in ahead if _names(tags[k], kinds) or tags[k].type not in _OF_OBJECT), None)
    return noun if noun is not None and _names(tags[noun], kinds) else None


def _said_of(tags: Sequence[Tag], at: int, kinds: Sequence[str]) -> int | None:
    """As in "calls | did Anna | make in May", "meetings | held", 拜访|做得|最多: no other object follows."""
    back = [k for k in reversed(range(at)) if tags[k].type is not T.FILLER]
    noun = next((k for k in back if _names(tags[k], kinds) or not _is_subject(tags[k])), None)
    after = next((tag for tag in tags[at + 1 :] if tag.type is not T.FILLER), None)
    most = after is not None and after.type is T.SUP and not after.text.isascii()
    free = after is None or most or after.type not in _OBJECTS
    return noun if noun is not None and _names(tags[noun], kinds) and free else None


def _is_subject(tag: Tag) -> bool:
    people = any(entity_of(s.value) == "user" for s in tag.all(T.ENTITY))
    return (tag.type in _OF_SUBJECT and tag.text.lower() != "it") or people  # "how many calls did it | take"


def _names(tag: Tag, kinds: Sequence[str]) -> bool:
    """Whether it names records of one of these kinds, or some of them by a value of theirs ("demos")."""
    named = {entity_of(s.value) for s in tag.all(T.ENTITY)} | {s.value[0].split(".")[0] for s in tag.all(T.VALUE)}
    return bool(named.intersection(kinds))
