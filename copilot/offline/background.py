"""Background: sentences around a question that say nothing about the data ("I have a meeting in ten minutes").

A sentence may be left aside only as a whole, and only when it holds no word that could filter, measure, compare, negate
or ask: such a word must be owned like any other. What was left aside is named in the answer's notes.
"""

from collections.abc import Sequence

from copilot.offline.tags import SILENT, T, Tag

_HARMLESS = SILENT | {T.UNKNOWN, T.MINE, T.SMALLTALK, T.AND, T.NOT_HELD, T.OWNS, T.MANAGES, T.THING, T.WRITE, T.UNIT}
_ASKING = (T.ASK, T.METRIC, T.SUP, T.SHARE, T.AGG)
_BELIEFS = (
    "i know",
    "i believe",
    "i think",
    "i heard",
    "i am told",
    "i'm told",
    "as far as i",
    "we know",
    "我知道",
    "听说",
)
_FIRST_PERSON = {"i", "my", "we", "our", "i'm", "i've", "i'd", "我", "我们", "我的"}
_ENDS = {".", "!", "?", "。", "！", "？", ";", "；"}
_OPENERS = {"so", "but", "can", "could", "would", "please", "what", "which", "how", "who", "所以", "但"}


def question_part(tags: Sequence[Tag]) -> tuple[list[Tag], list[str]]:
    """The tags of the sentences that matter, and the text of those left aside."""
    sentences = _sentences(tags)
    if len(sentences) < 2:
        return list(tags), []
    asks = [any(tag.type in _ASKING for tag in sentence) for sentence in sentences]
    kept = [
        sentence
        for at, sentence in enumerate(sentences)
        if not _is_background(sentence) and not (_is_belief(sentence) and any(asks[at + 1 :]))
    ]
    if not kept:
        return list(tags), []
    aside = [" ".join(t.text for t in s) for s in sentences if s not in kept and _says_something(s)]
    return [tag for sentence in kept for tag in sentence], aside


def _is_background(sentence: Sequence[Tag]) -> bool:
    """Whether no word of it could bear on the answer. Dates and numbers may be of the story, but not alone."""
    if len(sentence) < 4 and any(tag.type is T.UNKNOWN for tag in sentence):
        return False  # a fragment may be a filter that we do not know
    story = any(tag.type in (T.UNKNOWN, T.NOT_HELD) for tag in sentence)
    free = _HARMLESS | {T.DATE, T.NUMBER, T.ENTITY} if story else _HARMLESS
    if all(tag.type in free for tag in sentence):
        return True
    told = sentence[0].text.lower() in _FIRST_PERSON and not any(tag.type in _ASKING for tag in sentence)
    return told and all(tag.type in free | {T.DATE, T.NUMBER, T.ENTITY, T.FIELD, T.PRONOUN, T.TREE} for tag in sentence)


def _is_belief(sentence: Sequence[Tag]) -> bool:
    """As in "I know that Darcel is first.": what the person holds true is not what they ask."""
    return " ".join(tag.text.lower() for tag in sentence).startswith(_BELIEFS)


def _says_something(sentence: Sequence[Tag]) -> bool:
    return any(tag.type not in SILENT for tag in sentence)


def _sentences(tags: Sequence[Tag]) -> list[list[Tag]]:
    out: list[list[Tag]] = [[]]
    for at, tag in enumerate(tags):
        out[-1].append(tag)
        after = tags[at + 1].text.lower() if at + 1 < len(tags) else ""
        clause = tag.text in {",", "，"} and after.split(" ")[0] in _OPENERS
        if tag.type is T.PUNCT and (tag.text in _ENDS or clause):
            out.append([])
    return [sentence for sentence in out if sentence]
