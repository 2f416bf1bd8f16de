"""Whether a message asks, takes a wish back, or says yes: what is no wish for a change."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.writing.parts import SENTENCE_ENDS, Part, is_request, split, wishes
from copilot.offline.writing.words import VERBS, small

_ASKS = frozenset(
    {"how_many", "how_much", "how_long", "who", "whose", "which", "what", "when", "where", "count", "why", "exists"}
)
_INTERROGATIVE = ("多少", "几", "多久", "什么", "啥", "谁", "哪", "何时")
_SHOWS = frozenset({"list"})


def is_question(tags: Sequence[Tag]) -> bool:
    """Whether any sentence of the message asks for something to be told."""
    return any(_asks(sentence) for sentence in _sentences(tags))


def tells_over_time(tags: Sequence[Tag]) -> bool:
    """As in 每个月新增客户数, 从建商机到签约平均要多少天: figures of all of them, and nothing that is to be made."""
    words = [tag for tag in tags if tag.type is not T.PUNCT]
    named = any(tag.type in (T.RECORD, T.UNKNOWN, T.NUMBER) for tag in words)
    ordered = bool(words) and wishes(words[0], *VERBS)
    return not (named or ordered) and any(tag.get(T.BUCKET, T.AGG, T.SUP) for tag in words)


def names_a_set(tags: Sequence[Tag]) -> bool:
    """Whether it begins with a kind of records and what they are like: "accounts that …", "deals without …"."""
    words = [tag for tag in tags if tag.type is not T.PUNCT]
    many = bool(words) and words[0].get(T.ENTITY) is not None and words[0].text.lower().endswith("s")
    return many and len(words) > 1 and words[1].text.lower().split(" ")[0] in small("describing")


def _sentences(tags: Sequence[Tag]) -> list[list[Tag]]:
    out: list[list[Tag]] = [[]]
    for tag in tags:
        out[-1].append(tag)
        if tag.type is T.PUNCT and tag.text in SENTENCE_ENDS:
            out.append([])
    return [sentence for sentence in out if any(tag.type not in SILENT for tag in sentence)]


def _asks(sentence: Sequence[Tag]) -> bool:
    words = [tag for tag in sentence if tag.type is not T.PUNCT]
    first = words[0].text.lower()
    request = first in small("request") or first.split()[0] in small("request")
    ordered = any(wishes(tag, *VERBS, "new") for tag in words)
    content = [tag for tag in words if tag.type not in SILENT and not is_request(tag)]
    if not content:
        return False
    if _shows(content) or _is_question_word(content[0]) or _asks_for_a_share(content[0]):
        return True
    if content[0].text.lower().startswith(("how many ", "how much ")) or _breaks_down(content):
        return True  # "how many units": a set phrase that names a field
    is_chinese = any(not tag.text.isascii() for tag in words if tag.type is not T.RECORD)
    if is_chinese:
        some = [tag for before, tag in pairwise(words) if before.text[-1:] in small("before_some")]
        asked = any(
            _is_question_word(tag) or _asks_how_much(tag)
            for tag in content
            if not (tag in some and tag.text in small("some"))
        )
        ends = words[-1].text in small("question_end") or sentence[-1].text in ("?", "？")
        return asked or (ends and not (request and ordered))
    if sentence[-1].text == "?":
        return not (request and ordered) or _asks_first(words)
    if first in small("inverted") and not (request and ordered):
        return True
    return any(_is_question_word(tag) for tag in content[1:2])


def _asks_for_a_share(tag: Tag) -> bool:
    """As in "share of Q4 revenue from the West", and not as in "share them out"."""
    return tag.get(T.SHARE) is not None and tag.text.lower().endswith(" of")


def _breaks_down(content: Sequence[Tag]) -> bool:
    """As in "split this year's bookings by product": figures are told apart, and no record is cut in two."""
    figures = any(tag.type in (T.METRIC, T.VERB_METRIC, T.STATE) for tag in content[1:])
    named = any(tag.type in (T.RECORD, T.NUMBER) for tag in content)
    return wishes(content[0], "split") and figures and not named and any(tag.type is T.BY for tag in content)


def _asks_first(words: Sequence[Tag]) -> bool:
    """As in "could you check how many …?": a question word before any word that orders."""
    asked = next((k for k, tag in enumerate(words) if _is_question_word(tag)), len(words))
    return asked < next((k for k, tag in enumerate(words) if wishes(tag, *VERBS, "new")), len(words))


def _is_question_word(tag: Tag) -> bool:
    asked = tag.type is T.ASK or (tag.get(T.ASK) is not None and tag.type is T.WISH)
    return asked and not wishes(tag) and any(s.type is T.ASK and s.value in _ASKS for s in tag.senses)


def _asks_how_much(tag: Tag) -> bool:
    """As in 签了多少钱, 赢了几单, 什么时候开始: what is measured or told is what is asked."""
    return tag.type in (T.METRIC, T.VERB_METRIC, T.FIELD) and any(word in tag.text for word in _INTERROGATIVE)


def _shows(content: Sequence[Tag]) -> bool:
    """As in "show me", "list", "give me the list": to be told, not changed. "Give it to Carol" is no such thing."""
    first = content[0]
    listed = any(s.type is T.ASK and s.value in _SHOWS for s in first.senses)
    if not listed:
        return (
            first.text.lower() in small("telling_gift")
            and len(content) > 1
            and content[1].text.lower() in small("to_me")
        )
    if not wishes(first):
        return True
    return len(content) > 1 and content[1].text.lower() in small("to_me") and not wishes(first, "all", "split")


def begins_with(tags: Sequence[Tag], concept: str) -> bool:
    """Whether a message begins with this concept, whatever follows: "undo what I said about Vantry"."""
    parts = split(tags)
    return bool(parts) and bool(parts[0].content) and wishes(parts[0].content[0], concept)


def says_only(tags: Sequence[Tag], concept: str) -> bool:
    """Whether the message begins with this concept and sets nothing: "actually, forget it", "yes, approved"."""
    parts = split(tags)
    while len(parts) > 1 and _begins(parts[0], "correction") and _adds_nothing(parts[0], "correction"):
        parts = parts[1:]
    if not parts:
        return False
    return _begins(parts[0], concept) and all(_adds_nothing(part, concept) for part in parts)


def _begins(part: Part, concept: str) -> bool:
    return any(wishes(tag, concept) for tag in part.content[:2])


def _adds_nothing(part: Part, concept: str) -> bool:
    """Whether nothing in the part names a record, a value, a number or a date."""
    kinds = (T.RECORD, T.VALUE, T.NUMBER, T.DATE, T.ENTITY, T.FIELD, T.UNIT, T.BUCKET, T.METRIC)
    return not any(tag.type in kinds and not wishes(tag, concept) for tag in part.content)
