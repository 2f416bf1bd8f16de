"""Clauses of a message, and the closed-class words by which their parts are known."""

import re
from collections.abc import Iterable, Sequence

from copilot.offline.lexicon import Words, key
from copilot.offline.tags import SILENT, Sense, T, Tag

ASKING = (T.METRIC, T.SUP, T.SHARE, T.AGG)
TELLING = {
    *ASKING, T.VALUE, T.RECORD, T.STATE, T.CHANGE, T.GAP, T.VERSUS, T.BUCKET, T.VERB_METRIC, T.MONEY_WORD,
    T.PERCENT_WORD,
}  # fmt: skip
STRANGE = {T.UNKNOWN, T.NOT_HELD, T.WRITE, T.SMALLTALK, T.LINK}
NO_QUESTION = ("request", "what", "exists")  # of the questions, these ask for nothing of their own
PLANS = ("day", "week")  # the grain of the dates of one's own appointments
SENTENCES = frozenset(".!?。！？;；")
_ENDS = frozenset({*".!?。！？;；:：—–…,，", "...", "-", "--"})
_OF_NO_ONE = frozenset({"it", "its", "it's", "that", "this", "这个", "那个", "它"})
_CONTACT = Sense(T.ENTITY, "contact")
_LONGEST = 6  # words of a frame phrase
_CONTRACTED = re.compile(r"(.+?)(n't|'(?:m|re|ve|s|d|ll))")


class Phrases:
    """The frame words of a lexicon."""

    def __init__(self, words: dict[str, frozenset[Words]]) -> None:
        self._phrases = words

    def begins(self, tags: Sequence[Tag], kind: str) -> int:
        """How many words of this kind of phrase the tags begin with."""
        return self.prefix(words_of(tags[:_LONGEST]), kind)

    def prefix(self, words: Sequence[str], kind: str) -> int:
        """How many of the words a phrase of this kind takes at their beginning."""
        most = min(_LONGEST, len(words))
        return next((n for n in range(most, 0, -1) if tuple(words[:n]) in self._phrases[kind]), 0)

    def has(self, word: str, kind: str) -> bool:
        """Whether a word is a phrase of this kind by itself."""
        return (word,) in self._phrases[kind]

    def without(self, tags: Sequence[Tag], *kinds: str) -> list[Tag]:
        """The tags but those that lie in a phrase of several words of these kinds: 出差, 写总结."""
        words = [(word, at) for at, tag in enumerate(tags) for word in words_of([tag])]
        free = set(range(len(tags)))
        for first in range(len(words)):
            ahead = [word for word, _ in words[first : first + _LONGEST]]
            size = max(self.prefix(ahead, kind) for kind in kinds)
            if size > 1:
                free -= {at for _, at in words[first : first + size]}
        return [tag for at, tag in enumerate(tags) if at in free]

    def clauses(self, tags: Sequence[Tag]) -> list[list[Tag]]:
        """Sentences, and the clauses that a comma or a conjunction sets off ("… because he", "… so I")."""
        out: list[list[Tag]] = [[]]
        for at, tag in enumerate(tags):
            if self.begins(tags[at : at + _LONGEST], "conjunction"):
                out.append([])
            out[-1].append(tag)
            if tag.type is T.PUNCT and tag.text in _ENDS:
                out.append([])
        return [clause for clause in out if clause]


def asks(clause: Iterable[Tag]) -> bool:
    """Whether it holds what a question is made of: a question word, a measure, a superlative."""
    return any(tag.type in ASKING or (tag.type is T.ASK and tag.senses[0].value not in NO_QUESTION) for tag in clause)


def is_of_data(tag: Tag) -> bool:
    """Whether it is a noun of the data: a kind of record or a field, and not just people."""
    people = tag.senses[0] == _CONTACT or any((s.type, s.value) == (T.TREE, "team") for s in tag.senses)
    return tag.type in (T.ENTITY, T.FIELD) and not tag.get(T.FILLER) and not people


def points(tag: Tag) -> bool:
    """Whether it means something that was spoken of: "them", "those two"; not the "it" of "how many is it"."""
    return tag.get(T.PRONOUN, T.COMPARATIVE) is not None and tag.text.lower() not in _OF_NO_ONE


def limits(tag: Tag) -> bool:
    """Whether it may leave something out: "except", "only", "never"."""
    return tag.type is T.NEG and tag.senses[0].value != "not"


def content_of(tags: Iterable[Tag]) -> list[Tag]:
    """The tags that say something."""
    return [tag for tag in tags if tag.type not in SILENT]


def words_of(tags: Iterable[Tag]) -> list[str]:
    """Their words, without punctuation."""
    return [word for tag in tags if tag.type is not T.PUNCT for word in key(tag.text)]


def said(tags: Iterable[Tag]) -> str:
    """Their text."""
    return " ".join(tag.text for tag in tags)


def uncontracted(word: str) -> tuple[str, ...]:
    """The two words of "I'm", "there's", "don't"."""
    found = _CONTRACTED.fullmatch(word)
    return found.groups() if found else (word,)


def stems(word: str) -> list[str]:
    """The plain forms that a regular -s, -ed or -ing form may come from."""
    for ending, left in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending) + left
            return [stem, f"{stem}e"]
    return []
