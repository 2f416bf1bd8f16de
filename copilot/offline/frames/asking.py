"""The question in a message that tells much besides, by itself: what asks, and of the rest what it points back to.

Clauses are cut at marks and conjunctions. What asks is the last clause with a question word or a request, with the
fragments that belong to it ("since March, which …"). All else must be background by its grammar: a subject with its
verb ("someone claimed that …", "we agreed in spring"), politeness, a reason or an aim behind the question. A clause
that may narrow ("I only count …", "my region is …", "since she left") is none, and then nothing is proposed.

Of the background the question keeps what it points at: the one record or value that "them", "there" or "that product"
may mean, or the set that "their names" asks for. Its dates, figures and claims never leak into the question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.offline.frames.clauses import (
    PLANS,
    SENTENCES,
    STRANGE,
    TELLING,
    Phrases,
    content_of,
    is_of_data,
    words_of,
)
from copilot.offline.frames.grammar import says_which, spoken
from copilot.offline.frames.pointed import joined, pointed_out
from copilot.offline.frames.posing import JOINTS, RELATIVE, Posing, is_chinese, is_question_word, starts_with_prep
from copilot.offline.frames.statements import PLANNED, is_bound
from copilot.offline.lexicon import Lexicon
from copilot.offline.tags import SILENT, T, Tag

_SUPPOSING = ("if", "suppose", "supposing", "assuming", "provided", "unless", "如果", "要是", "假如", "假设", "万一")
_POINTING = frozenset({"them", "they", "those", "these", "it", "that"})
_MOST_TAGS = 120  # of a message that is said at one go
_MARKS = frozenset({*",;:.?!—–，：。；？！…", "--", "...", "-"})
_ASKING_FOR = frozenset(
    {"could", "can", "would", "will", "please", "tell", "give", "show", "let", "i", "i'd", "we", "we'd"}
)
_TELLERS = frozenset({"i", "we", "you", "let", "please", "us", "me", "and", "but", "do"})
_NARROW = frozenset({"only", "exclude", "rest"})
_REACH = 8  # words from a subject to its verb
_AUXILIARIES = frozenset(
    ["am", "is", "are", "was", "were", "'s", "'re", "'m", "'ve", "'d", "'ll", "has", "have", "had", "will", "would",
     "may", "might", "must", "can", "could", "should", "do", "does", "did", "keeps", "keep"]
)  # fmt: skip
_THOSE_WHO_DO = frozenset({"i", "we", "you", "he", "she", "they", "it", "there", "who", "which"})


@dataclass(frozen=True)
class Asked:
    """The question by itself, and what was said beside it."""

    text: str
    aside: tuple[str, ...]


def asked_alone(tags: Sequence[Tag], lexicon: Lexicon) -> Iterator[Asked]:
    """The question of a message apart from its background, in the ways that it may be said alone; the fullest first."""
    if len(tags) > _MOST_TAGS:
        return
    asker = _Asker(Phrases(lexicon.frames))
    found = asker.question_of(asker.clauses(tags))
    if found is None:
        return
    before, question, after = found
    if any(map(_supposes, before)):
        return
    bounded = any(is_bound(tag) for clause in before for tag in clause)
    told = tuple(_told(clause) for clause in (*before, *after) if not _says_nothing(clause))
    seen: set[str] = set()
    for start in asker.starts(question):
        head = question[:start]
        away = [] if _says_nothing(head) else [_told(head)]
        for text in pointed_out(_trimmed(question[start:]), [tag for clause in before for tag in clause]):
            if bounded and not _POINTING.isdisjoint(text.lower().rstrip("?").split()):
                continue  # "those with over 50 people …; how many are open with them": they would be everybody
            if text not in seen and (before or after or start):
                seen.add(text)
                yield Asked(text, (*told, *away))


def _supposes(clause: Sequence[Tag]) -> bool:
    """As in "if all that I have at quote came in, how much would that be": the question is about what is supposed."""
    begins = clause[0].text.lower().startswith(_SUPPOSING)
    return begins and any(is_of_data(tag) or tag.type in TELLING for tag in clause)


def _told(clause: Sequence[Tag]) -> str:
    return joined([tag.text for tag in clause if tag.text]).strip(" ,，;；")


def _says_nothing(clause: Sequence[Tag]) -> bool:
    """As in "please", "thanks", "and": nothing that need be told."""
    return all(tag.type in SILENT | {T.FOLLOW, T.AND, T.SMALLTALK, T.PRONOUN} for tag in clause)


def _trimmed(question: Sequence[Tag]) -> Sequence[Tag]:
    """Without the mark that it ends with, where that is none of a question."""
    return question[:-1] if question[-1].type is T.PUNCT and question[-1].text not in ("?", "？") else question


class _Asker(Posing):
    """Tells what asks from background, by the frame words of a lexicon."""

    def clauses(self, tags: Sequence[Tag]) -> list[list[Tag]]:
        """Cut behind each mark, and before a conjunction that a subject or a request follows."""
        out: list[list[Tag]] = [[]]
        for at, tag in enumerate(tags):
            if out[-1] and self._joins(tags, at):
                out.append([])
            out[-1].append(tag)
            if tag.type is T.PUNCT and tag.text in _MARKS:
                out.append([])
        return [clause for clause in out if clause]

    def _joins(self, tags: Sequence[Tag], at: int) -> bool:
        if tags[at - 1].text.lower() in (*JOINTS, *RELATIVE):
            return False
        words = spoken(tags[at : at + 6])
        if not words or words[0] not in JOINTS or len(words) < 2:
            return False
        asks = at + 1 < len(tags) and is_question_word(tags, at + 1) and words[0] not in ("as", "since")
        subject = self._phrases.prefix(words[1:], "teller") or self._phrases.prefix(words[1:], "determiner")
        verb = bool(subject) and self._has_verb(words[1:], subject)
        return asks or words[1] in _ASKING_FOR or verb

    def question_of(
        self, clauses: Sequence[Sequence[Tag]]
    ) -> tuple[list[Sequence[Tag]], list[Tag], list[Sequence[Tag]]] | None:
        """The clauses before the question, the question, and those behind it; None where something may narrow it."""
        asking = [self._asks(clause) for clause in clauses]
        if True not in asking:
            return None
        worded = [at for at, clause in enumerate(clauses) if asking[at] and self._poses(clause)]
        last = max(worded or [at for at, asks in enumerate(asking) if asks])
        first = last
        while first and self._belongs(clauses, asking, first - 1):
            first -= 1
        end = self._end(clauses, last)
        before, after = list(clauses[:first]), list(clauses[end:])
        question = [tag for clause in clauses[first:end] for tag in clause]
        goes = all(self._may_go(clauses, at) and not self._dates(clauses[at], question) for at in range(first))
        goes = goes and all(self._may_follow(clauses, at, last) for at in range(end, len(clauses)))
        return (before, question, after) if goes else None

    def _dates(self, clause: Sequence[Tag], question: Sequence[Tag]) -> bool:
        """As in "last year was odd. How many deals did we win?": the time may be meant, as the question tells none."""
        dated = any(tag.type is T.DATE and tag.senses[0].value.unit not in PLANS for tag in clause)
        timed = any(tag.type in (T.DATE, T.BUCKET) for tag in question)
        happened = any(
            tag.type in (T.METRIC, T.VERB_METRIC, T.STATE) and tag.senses[0].value != "open" for tag in question
        )
        happened = happened and not any(tag.type is T.NEG for tag in question)  # "not closed yet"
        return dated and happened and not timed and PLANNED.isdisjoint(spoken(clause))

    def _end(self, clauses: Sequence[Sequence[Tag]], last: int) -> int:
        """Where the question ends: behind the fragments that go on, "…, typically, | between …"."""
        end = last + 1
        for at in range(last + 1, len(clauses)):
            if self.is_background(clauses[at]):
                if content_of(clauses[at]):
                    break
            else:
                end = at + 1
        return end

    def _belongs(self, clauses: Sequence[Sequence[Tag]], asking: Sequence[bool], at: int) -> bool:
        """Whether it is part of the question behind it: another question, or a fragment of the same sentence."""
        clause = clauses[at]
        ends = clause[-1].text in SENTENCES
        if asking[at]:
            return not ends and self._poses(clause) and (self._is_direct(clause) or not self.is_background(clause))
        begins = next((tag for tag in clause if tag.type is not T.PUNCT), None)
        leads = begins is not None and begins.type in (T.PREP, T.DATE, T.VALUE, T.RECORD)
        return not ends and leads and not self.is_background(clause)

    def _may_go(self, clauses: Sequence[Sequence[Tag]], at: int) -> bool:
        """Whether it is background, or goes on what is."""
        clause = clauses[at]
        if self._narrows(clause) or self._is_direct(clause):
            return False
        following = clauses[at + 1] if at + 1 < len(clauses) else clause
        spoken_of = len(clause) < 5 and words_of(following)[:1] in (
            ["who"],
            ["which"],
            ["whose"],
        )  # "the chairman, who …"
        if spoken_of and not any(is_of_data(tag) or tag.type in TELLING for tag in clause):
            return True
        if len(clause) < 4 and all(tag.type in (T.PRONOUN, T.PUNCT, T.FILLER, T.UNKNOWN) for tag in clause):
            return True  # 那个, "right then"
        goes_on = at > 0 and clauses[at - 1][-1].text not in SENTENCES and not starts_with_prep(clause)
        return self.is_background(clause) or goes_on

    def _may_follow(self, clauses: Sequence[Sequence[Tag]], at: int, last: int) -> bool:
        """Whether what stands behind the question is background: what narrows it may stand there too."""
        clause = clauses[at]
        content = content_of(self._phrases.without(clause, "predicate", "occasion"))
        reason = self._phrases.begins(clause, "subordinator") or self._phrases.begins(clause, "reason_or_time")
        apart = reason or any(before[-1].text in SENTENCES for before in clauses[last:at])
        told = any(is_of_data(tag) or tag.type in (*TELLING, T.DATE) for tag in content)
        bound = any(is_bound(tag) or tag.type in (T.RECORD, T.VALUE) for tag in content)
        return self.is_background(clause) and not self._narrows(clause) and not bound and bool(apart or not told)

    def _narrows(self, clause: Sequence[Tag]) -> bool:
        """Whether it may say which records, when or how many: a name that is unknown, "only", "since she left"."""
        words = spoken(clause)
        grammar = self._grammar
        timed = grammar.tells_when(clause) and not self._phrases.prefix(words, "opener") > 1
        held = any(
            self._phrases.prefix(words[at:], kind) for at in range(len(words)) for kind in ("believing", "belief")
        )
        if grammar.names_charge(clause) or timed or (not held and says_which(content_of(clause))):
            return True
        aims = words[:2] in (["so", "that"], ["so", "i"], ["so", "we"], ["in", "order"])
        told = not aims and any(
            self._phrases.has(word, "narrowing") and (at == 0 or not _TELLERS.isdisjoint(words[max(0, at - 2) : at]))
            for at, word in enumerate(words)
        )
        if not held and any(tag.type is T.VALUE for tag in clause) and any(tag.type is T.NEG for tag in clause):
            return True  # "we never sell to Japan"
        teller = any(self._phrases.prefix(words[at:], "teller") for at in range(len(words)))
        if (
            not teller
            and any(tag.type in STRANGE and not grammar.is_everyday(tag) for tag in clause)
            and words[0].isascii()
        ):
            return True  # "given the Benelux focus"
        data = [tag for tag in content_of(clause) if is_of_data(tag) or tag.type in (*TELLING, T.DATE)]
        limited = any(
            tag.type is T.NEG and tag.senses[0].value in _NARROW and tag.text.lower() != "just" for tag in clause
        )
        strange = any(tag.type in STRANGE for tag in clause)  # "I only count pilots"
        return (bool(data) and limited) or (told and (bool(data) or strange))

    def is_background(self, clause: Sequence[Tag]) -> bool:
        """Whether it tells something, is polite, or says why."""
        content = content_of(clause)
        if not content or all(tag.get(T.SMALLTALK) for tag in content):
            return True
        words = spoken(clause)
        if is_chinese(clause):
            return not self._poses(clause) and self._tells_in_chinese(clause, words)
        if self._phrases.prefix(words, "polite"):
            return True
        while size := max(self._phrases.prefix(words, "opener"), self._phrases.prefix(words, "reason")):
            words = words[size:]
        if self._phrases.prefix(words, "subjectless"):
            return True
        return any(self._has_subject(words, at) for at in range(len(words))) or self._names_subject(clause, words)

    def _has_subject(self, words: Sequence[str], at: int) -> bool:
        """Whether a subject with its verb begins there."""
        if at and words[at - 1] in ("of", "for", "with", "than", "by", "from"):
            return False
        size = self._phrases.prefix(words[at:], "teller") or self._phrases.prefix(words[at:], "determiner")
        return bool(size) and self._has_verb(words[at:], size)

    def _has_verb(self, words: Sequence[str], size: int) -> bool:
        near = words[0] in _THOSE_WHO_DO
        behind = words[size : size + (3 if near else _REACH)]
        return any(
            word in _AUXILIARIES or self._grammar.is_finite(word) or (near and word.endswith(("ed", "ught", "old")))
            for word in (behind if near else behind[1:])
        ) or (not near and bool(behind) and self._phrases.prefix(words, "teller") > 0 and self._is_verb(behind[0]))

    def _is_verb(self, word: str) -> bool:
        return word in _AUXILIARIES or self._grammar.is_finite(word) or word.endswith("ed")

    def _names_subject(self, clause: Sequence[Tag], words: Sequence[str]) -> bool:
        """As in "Imran has asked for a rise", "people keep saying …"."""
        first = next((tag for tag in clause if tag.type is not T.PUNCT and tag.type is not T.FILLER), None)
        if first is None or first.type not in (T.RECORD, T.ENTITY, T.UNKNOWN, T.VALUE):
            return False
        size = len(words_of([first]))
        start = next((at for at in range(len(words)) if words[at : at + 1] == words_of([first])[:1]), 0)
        return any(self._is_verb(word) for word in words[start + size : start + size + 2])

    def _tells_in_chinese(self, clause: Sequence[Tag], words: Sequence[str]) -> bool:
        """As in 老板昨天发火了, 我在写总结: what is no fragment of a question; 在华东, 今年 alone are."""
        content = content_of(clause)
        strange = any(tag.type in STRANGE for tag in content)
        told = self._phrases.prefix(words, "teller") or any(
            self._phrases.prefix(words[at:], "predicate") for at in range(len(words))
        )
        return strange or bool(told)
