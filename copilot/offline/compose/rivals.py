"""What a competitor took from us was lost to it: "how many did Zentro | take off us", "the deals Zentro stole …"."""

from collections.abc import Sequence

from copilot.offline.other_names import is_called
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import small

_BETWEEN = SILENT | {T.SUP, T.NUMBER, T.ASK, T.UNKNOWN}
_OFF = frozenset({"off", "from"})


def as_lost_to(tags: Sequence[Tag], vocabulary: Vocabulary) -> list[Tag]:
    """The tags with "take off us" said as lost, behind the name of a competitor that the company notes."""
    out = list(tags)
    for at, tag in enumerate(tags):
        verb = next((k for k in range(at + 1, len(tags)) if tags[k].type is not T.FILLER), len(tags))
        rival = _as_rival(tag, vocabulary)
        if rival is not None and verb < len(tags) and tags[verb].text.lower().split(" ")[0] in small("taking"):
            us = next((k for k in range(verb + 1, len(tags)) if not _is_between(tags[k])), len(tags))
            said = " ".join(other.text.lower() for other in tags[verb:us]).split(" ")
            if us < len(tags) and tags[us].text.lower() == "us" and _OFF.intersection(said):
                out[at] = rival
                out[verb] = tags[verb].only(Sense(T.STATE, "lost"))
                for k in range(verb + 1, us + 1):
                    silent = k == us or tags[k].text.lower() in (*_OFF, "away")
                    out[k] = tags[k].only(Sense(T.FILLER, "words")) if silent else tags[k]
    return out


def _is_between(tag: Tag) -> bool:
    """As in "take | the most deals off | us"."""
    return tag.type in _BETWEEN or tag.get(T.ENTITY) is not None


def _as_rival(tag: Tag, vocabulary: Vocabulary) -> Tag | None:
    """The name of a competitor, which may be a value of other columns too, or the word for one."""
    told = [sense for sense in tag.all(T.VALUE) if _notes_rivals(vocabulary, sense.value[0])]
    if any(_notes_rivals(vocabulary, str(sense.value)) for sense in tag.all(T.FIELD)):
        return tag
    return tag.only(*told) if told else None


def _notes_rivals(vocabulary: Vocabulary, dotted: str) -> bool:
    field = vocabulary.field(dotted)
    return field.is_custom and is_called(field.words, "competitor")
