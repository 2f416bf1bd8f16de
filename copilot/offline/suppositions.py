"""A guess inside a question: 丢单最多的是不是8月？不是的话是几月. The ranking tells, whether the guess holds or not."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.frames.clauses import content_of, said
from copilot.offline.tags import SILENT, Sense, T, Tag

_GUESSES = ("是不是", "是否", "是", "就是", "应该是")
_IF_NOT = (
    "如果不是的话",
    "要不是的话",
    "若不是的话",
    "不是的话",
    "如果不是",
    "要是不是",
    "要不是",
    "若不是",
    "假如不是",
    "不是",
    "否则",
    "不然",
)
_ASKED_AT_THE_END = ("是不是", "是否")
_LEADS = frozenset({"那", "那么", "就", "又", "呢"})
_GUESSED = (T.RECORD, T.VALUE, T.DATE)


def without_supposition(tags: Sequence[Tag]) -> tuple[list[Tag], str]:
    """The tags of the ranking and of what is asked if the guess is wrong, and the words of the guess ("": none)."""
    guess = next((at for at, tag in enumerate(tags) if tag.text in _GUESSES), None)
    if guess is None or not any(tag.type is T.SUP for tag in tags[:guess]):
        return list(tags), ""
    ends = next((at for at in range(guess + 1, len(tags)) if tags[at].type is T.PUNCT), len(tags))
    content = [tag for tag in tags[guess + 1 : ends] if tag.type not in SILENT]
    if len(content) != 1 or not content[0].get(*_GUESSED):
        return list(tags), ""
    start = _past_if_not(tags, ends + 1)
    if start is None:
        instead = _asked_instead(tags[:guess], tags[guess], content[0]) if not content_of(tags[ends:]) else None
        return (list(tags), "") if instead is None else ([*tags[:guess], *instead], said(tags[guess:ends]))
    asked = content_of(tags[start:])
    if not any(tag.get(T.ASK) for tag in asked):
        return list(tags), ""
    if len(asked) == 1 and asked[0].type is T.ASK and asked[0].senses[0].value == "which":
        return list(tags), ""  # 不是的话是哪个: of the kind that was guessed
    return [*tags[:guess], *tags[start:]], said(tags[guess:ends])


def _asked_instead(before: Sequence[Tag], guess: Tag, guessed: Tag) -> list[Tag] | None:
    """Which month or value it is, where that is not asked already; None where it is no such guess."""
    if guess.text not in _ASKED_AT_THE_END:
        return None
    if any(tag.get(T.BUCKET) or (tag.type is T.ASK and tag.senses[0].value == "which") for tag in before):
        return []
    date, value = guessed.get(T.DATE), guessed.get(T.VALUE)
    if date is not None and date.value.unit in ("month", "quarter", "week", "year"):
        return [replace(guessed, text="哪个", senses=(Sense(T.BUCKET, date.value.unit),))]
    if value is not None and guessed.type is T.VALUE:
        which = replace(guess, text="哪个", senses=(Sense(T.ASK, "which"),))
        return [which, replace(guessed, text="哪个", senses=(Sense(T.FIELD, value.value[0]),))]
    return None


def _past_if_not(tags: Sequence[Tag], start: int) -> int | None:
    """Where the question goes on behind 不是的话; None where it does not say so."""
    for lead in _IF_NOT:
        text, at = "", start
        while at < len(tags) and len(text) < len(lead):
            text, at = text + tags[at].text.replace(" ", ""), at + 1
        if text == lead:
            while at < len(tags) and (tags[at].text in _LEADS or tags[at].type is T.PUNCT):
                at += 1
            return at
    return None
