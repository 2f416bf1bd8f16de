"""What is said once more, or only to rule it out: "…? I mean by their own revenue, not by what they buy", 看单数别看钱.

What a measure is set against ("not by sales") asks for nothing: it goes, and is named, where another measure stays. A
second half that only says by what ("I mean money") belongs to the question before it.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.frames.clauses import content_of, said
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.writing.words import small

_MEASURES = (T.METRIC, T.FIELD, T.VERB_METRIC, T.MONEY_WORD)
_OF_MEASURES = (*_MEASURES, T.BY, T.PRONOUN, T.MINE, T.ASK, T.FILLER)
_COUNTS = frozenset({"count", "how_many", "what", "how_much"})
_STOPS = frozenset({",", ".", "?", "!", ";", ":", "，", "。", "？", "！", "；", "(", ")"})


def as_one(tags: Sequence[Tag]) -> tuple[list[Tag], list[str]]:
    """The tags of the one question that is asked, and the words of what was set against its measure."""
    kept, against = _without_denied(list(tags))
    return _joined(kept), against


def _without_denied(tags: list[Tag]) -> tuple[list[Tag], list[str]]:
    for at, tag in enumerate(tags):
        said_so = _is_apart(tags, at) or " " in tag.text or "看" in tag.text
        if tag.text.lower() not in small("set_against") or not said_so:
            continue
        ends = (k for k in range(at + 1, len(tags)) if tags[k].text in _STOPS or (k > at + 1 and tags[k].get(T.BY)))
        end = next(ends, len(tags))
        denied, rest = tags[at + 1 : end], [*tags[:at], *tags[end:]]
        if _is_measure(denied) and _told(tags[:at]) and not _asks_again(tags[end:]):
            return _trimmed(rest, at), [said(tags[at:end])]
    return tags, []


def _is_apart(tags: Sequence[Tag], at: int) -> bool:
    """As in ", not deals", "not | by deals", "not | what they pay": no verb is denied."""
    after = tags[at + 1] if at + 1 < len(tags) else None
    leads = after is not None and (after.get(T.BY) is not None or _is_number_word(after))
    return leads or (at > 0 and tags[at - 1].type is T.PUNCT)


def _asks_again(rest: Sequence[Tag]) -> bool:
    return any(tag.get(T.ASK) and not tag.get(T.FILLER) for tag in content_of(rest))


def _is_measure(words: Sequence[Tag]) -> bool:
    """As in "by sales", "what they buy", "number of deals": a measure and nothing else."""
    content = content_of(words)
    deals = [tag for tag in content if any(s.value == "deal" for s in tag.all(T.ENTITY))]
    counted = any(s.value in _COUNTS for tag in content for s in tag.all(T.ASK))
    measured = any(tag.get(*_MEASURES) for tag in content) or bool(deals)
    plain = all(tag.get(*_OF_MEASURES) or tag in deals or _is_number_word(tag) for tag in content)
    return bool(content) and plain and (measured or counted)


def _is_number_word(tag: Tag) -> bool:
    return any(s.value in _COUNTS for s in tag.all(T.ASK))


def _told(before: Sequence[Tag]) -> bool:
    """Whether a measure stays: "by staff", "money", 按单数."""
    content = content_of(before)
    return any(tag.get(*_MEASURES) or any(s.value == "count" for s in tag.all(T.ASK)) for tag in content[-4:])


def _trimmed(rest: list[Tag], at: int) -> list[Tag]:
    """Without the comma that led to what is gone."""
    return rest[: at - 1] + rest[at:] if at and rest[at - 1].text in _STOPS - {"?", "？"} else rest


def _joined(tags: list[Tag]) -> list[Tag]:
    """The question with the second half that only says by what."""
    start = next((k for k, tag in enumerate(tags) if k and _leads(tags[k - 1], tag)), None)
    if start is None or not content_of(tags[: start - 1]):
        return tags
    lead = 0 if tags[start].get(T.BY) else 1
    rest = [tag for tag in tags[start + lead :] if tag.type is not T.PUNCT]
    content = content_of(rest)
    if not content or len(content) > 3 or not all(tag.get(*_OF_MEASURES) for tag in content):
        return tags
    if not any(tag.get(*_MEASURES) for tag in content):
        return tags
    by = [] if content[0].get(T.BY) or content[0].type is T.MONEY_WORD else [_by(tags[start])]
    told = [tag for tag in rest if tag.type is not T.PRONOUN]
    head = [tag for tag in tags[:start] if tag.type is not T.PUNCT or tag.text not in _STOPS - {",", "，"}]
    return [*(head[:-1] if head[-1].type is T.PUNCT else head), *by, *told]


def _by(at: Tag) -> Tag:
    return replace(at, text="by", senses=(Sense(T.BY, "by"),))


def _leads(before: Tag, tag: Tag) -> bool:
    """As in ", I mean …", "? By …": here the second half begins."""
    return before.type is T.PUNCT and (_restates(tag) or (before.text in "?？" and tag.get(T.BY) is not None))


def _restates(tag: Tag) -> bool:
    return any(s.value == "correct" for s in tag.all(T.FOLLOW)) and tag.type not in SILENT
