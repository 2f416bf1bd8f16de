"""The grammar of clauses of background: a subject with its finite verb, a reason, a word that may be a name."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.frames.clauses import (
    STRANGE,
    TELLING,
    Phrases,
    content_of,
    is_of_data,
    stems,
    uncontracted,
    words_of,
)
from copilot.offline.tags import SILENT, T, Tag

_PRESENT = frozenset(
    ["am", "is", "are", "'s", "'re", "'m", "'ve", "do", "does", "can", "cannot", "ca", "will", "wo", "must", "has",
     "have"]
)  # fmt: skip
_REACH = 7  # words from a determiner to the verb of its noun
_INNER = frozenset({"that", "which", "who", "whom", "whose", "i", "we", "you", "he", "she", "they"})
_PARTIES = ("deal", "account", "contact", "lead", "product", "rep", "task")
_RECORDS = ("deal", "account", "lead", "product")
_IT = frozenset({"it", "this", "that", "these"})
_ABOUT = frozenset({"about", "for", "regarding", "concerning", "on"})
_COPULAS = frozenset({"is", "are", "'s", "was", "were"})
_EVERYDAY_ZIPF = 3.0


class Grammar:
    """Reads clauses by the frame words of a lexicon."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def gives_reason(self, clause: Sequence[Tag], *, set_off: bool) -> bool:
        """As in "as the average is what everybody quotes", "though I doubt it": a conjunction, a subject, a verb.

        What happened to deals or customers is no reason to ask ("because the buyer left"), and what is past is one
        only where a comma sets it off.
        """
        words = spoken(clause)
        nouns = [tag for tag in clause if not self._phrases.begins([tag], "teller")]  # not "everybody"
        if any(sense.value in _PARTIES for tag in nouns for sense in tag.all(T.ENTITY)):
            return False
        if size := self._phrases.prefix(words, "reason"):
            if words[size : size + 1] in (["they"], ["those"], ["these"]):
                return False  # "although they were pilots": said of what is asked for
            verb = next((word for word in words[size : size + _REACH] if self.is_finite(word)), None)
            return verb is not None and (set_off or self._is_present(verb))
        size = self._phrases.prefix(words, "reason_or_time")
        verb = self.first_verb(words[size:], clause) if size else None
        return verb is not None and self._is_present(verb)

    def tells_when(self, clause: Sequence[Tag]) -> bool:
        """As in "since the reorganisation", "because of the webinar": no reason to ask, but which deals are meant."""
        size = self._phrases.begins(clause, "reason") or self._phrases.begins(clause, "reason_or_time")
        longer = self._phrases.begins(clause, "subordinator") > size
        words = spoken(clause)
        if not size or longer or words[0] == "so" or self.gives_reason(clause, set_off=True):
            return False
        begins = next((tag.type for tag in content_of(clause)), None)
        named = begins in STRANGE and self.has_verb(words[2:5])  # "as hospices are our focus"
        timed = words[:2] == ["as", "of"] or named or self.first_verb(words[1:], clause) is not None
        return words[0] != "as" or timed  # "as discussed", "as requested" tell no time

    def names_charge(self, clause: Sequence[Tag]) -> bool:
        """As in "I look after Benelux": what somebody answers for is unknown, and may be what the question is about."""
        words = spoken(clause)
        told = any(self._phrases.prefix(words[at:], "charge") for at in range(len(words)))
        return (told and any(tag.type in STRANGE for tag in clause)) or self._says_what_about(clause, words)

    def _says_what_about(self, clause: Sequence[Tag], words: Sequence[str]) -> bool:
        """As in "my region is the Benelux", "this is about the Phoenix project": a name that is unknown."""
        size = self._phrases.prefix(words, "determiner")
        noun = next((tag for tag in content_of(clause) if tag.type is not T.MINE), None)
        own = size > 0 and noun is not None and (is_of_data(noun) or noun.get(T.TREE) is not None)
        about = bool(words) and words[0] in _IT and not _ABOUT.isdisjoint(words[1:4])
        named = any(tag.type in STRANGE and not self.is_everyday(tag) for tag in clause)
        return named and (about or (own and not _COPULAS.isdisjoint(words[size : size + 3])))

    def first_verb(self, words: Sequence[str], clause: Sequence[Tag]) -> str | None:
        """The finite verb of the subject that the words begin with; None where it is not followed by its verb."""
        if size := self._phrases.prefix(words, "teller"):
            return next((word for word in words[size : size + 3] if self.is_finite(word)), None)
        size = self._phrases.prefix(words, "determiner")
        if not size and next((tag.type for tag in content_of(clause)), None) not in (T.RECORD, T.VALUE):
            return None
        for at, word in enumerate(words[size : size + _REACH]):
            if word in _INNER:
                return None  # "the accounts | we serve"
            if at and self.is_finite(word):
                return word
        return None

    def has_verb(self, words: Sequence[str]) -> bool:
        """Whether one of the words may be the verb of a clause."""
        return any(self.is_finite(word) for word in words)

    def is_finite(self, word: str) -> bool:
        """Whether it may be the verb of a clause."""
        if word.endswith("ing"):
            return False
        known = self._phrases.has(word, "verb") or self._phrases.has(word, "verb_form")
        return known or any(self._phrases.has(stem, "verb") for stem in stems(word))

    def is_everyday(self, tag: Tag) -> bool:
        """Whether it is an ordinary word and no name: "flattering", and not "Benelux" or "midmarket"."""
        from wordfreq import zipf_frequency

        words = [part for word in words_of([tag]) for part in uncontracted(word)]
        name = tag.start > 0 and tag.text[:1].isupper() and words[0] != "i"
        common = (self.is_finite(w) or zipf_frequency(w, "en", wordlist="small") >= _EVERYDAY_ZIPF for w in words)
        return not name and all(common)

    def _is_present(self, verb: str) -> bool:
        """Whether the verb tells of now, so that "since" and "as" give a reason and no time; or tells what one says."""
        stated = verb in _PRESENT or (not self._phrases.has(verb, "verb_form") and not verb.endswith("ed"))
        return stated or self._phrases.has(verb, "believing")


def spoken(clause: Sequence[Tag]) -> list[str]:
    """The words, contractions apart."""
    return [part for word in words_of(clause) for part in uncontracted(word)]


def names_unknown(clause: Sequence[Tag]) -> bool:
    """Whether an unknown word may say which: "the Benelux accounts", "deals for Benelux", "I look after Benelux"."""
    spoken = [tag for tag in clause if tag.type not in SILENT or tag.type is T.PREP]
    for at, tag in enumerate(spoken):
        if tag.type not in STRANGE:
            continue
        after = spoken[at + 1] if at + 1 < len(spoken) else None
        if after is not None and is_of_data(after) and tag.end == after.start:
            return True
        follows = at > 0 and spoken[at - 1].type is T.PREP and spoken[at - 1].end == tag.start
        if follows and (after is None or (at > 1 and (is_of_data(spoken[at - 2]) or spoken[at - 2].type in TELLING))):
            return True
    return False


def says_which(content: Sequence[Tag]) -> bool:
    """As in "the partner deals annoy me": an unknown word may say which records are spoken of."""
    pairs = ((tag, after) for tag, after in pairwise(content) if tag.type in STRANGE and tag.end == after.start)
    return any(sense.value in _RECORDS for _, after in pairs for sense in after.all(T.ENTITY))
