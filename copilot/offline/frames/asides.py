"""Clauses of background that are left out when a message cannot be read with them: "…, as he keeps telling everybody".

Known by their structure and not by their words: a subject and a finite verb behind a conjunction that gives a reason or
concedes something; a sentence that tells, before the question or between its commas; what somebody says or thinks of
"it". A cut is only a proposal. Whoever takes it must find all unread words inside it, and the rest a question that is
whole and has an answer; a clause that names what the rest does not name is never cut, for it may narrow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copilot.offline.frames.clauses import (
    NO_QUESTION,
    STRANGE,
    TELLING,
    Phrases,
    asks,
    content_of,
    is_of_data,
    limits,
    said,
)
from copilot.offline.frames.grammar import Grammar, names_unknown, spoken
from copilot.offline.frames.statements import is_bound, is_whole, points_out, same_kind
from copilot.offline.lexicon import Lexicon
from copilot.offline.tags import T, Tag

_MOST_TAGS = 90  # of a message that is said at one go
_MOST_EDGES = 16
_BREAKS = frozenset({*",;:.?!—–-，；：。？！", "--", "...", "…"})
_NAMING = frozenset({T.RECORD, T.VALUE, T.DATE, T.STATE})
_LOOSE = (T.BY, T.BUCKET, T.SUP, T.ORDER, T.MINE, T.OP, T.POST_OP)  # of the data in a question, not in a reason
_IT = frozenset({"it", "its", "it's", "that", "that's", "thats", "this", "these"})
_TELLERS = frozenset({"i", "we", "you", "let", "please", "us", "me", "and", "but", "do"})
_WHO_SPEAKS = frozenset({"who", "what", "why", "where", "when"})


@dataclass(frozen=True)
class Cut:
    """One way to leave a clause out: the tags that stay, and the clause."""

    kept: tuple[Tag, ...]
    aside: tuple[Tag, ...]

    @property
    def text(self) -> str:
        """The words that are left out."""
        return said(self.aside)


def cuts(tags: Sequence[Tag], lexicon: Lexicon) -> Iterator[Cut]:
    """Ways to leave one clause out, the shortest clauses first."""
    if len(tags) > _MOST_TAGS or not any(tag.type in STRANGE for tag in tags):
        return
    asides = _Asides(Phrases(lexicon.frames))
    edges = [0, *(at for at in range(1, len(tags)) if _is_edge(tags, at) or asides.begins(tags[at:])), len(tags)]
    if len(edges) > _MOST_EDGES:
        return
    spans = [(start, end) for start in edges for end in edges if start < end and end - start < len(tags)]
    for start, end in sorted(spans, key=lambda span: span[1] - span[0]):
        aside, kept = tags[start:end], [*tags[:start], *tags[end:]]
        apart = start == 0 or end == len(tags) or asides.is_set_off(tags, start, end)
        if apart and asides.may_go(tags, start, end):
            antecedent = _antecedent(aside, kept) if start == 0 else []
            if _asks_something(kept) and not _names_more(aside, [*antecedent, *kept]):
                yield Cut((*antecedent, *kept), tuple(aside))


def _is_edge(tags: Sequence[Tag], at: int) -> bool:
    """Whether a clause may end before this tag: behind a mark, or where a question begins."""
    before, tag = tags[at - 1], tags[at]
    asked = tag.type is T.ASK and tag.senses[0].value not in ("request", "exists", "list", "when")
    return before.text in _BREAKS or asked or tag.text.lower() == "but"


def _asks_something(kept: Sequence[Tag]) -> bool:
    """Whether it is a question without the clause, also "what has the West taken this year"."""
    named = any(tag.type in (T.RECORD, T.VALUE) for tag in kept) and not points_out(kept)
    return is_whole(kept) or (named and any(tag.type is T.ASK for tag in kept))


def _antecedent(aside: Sequence[Tag], kept: Sequence[Tag]) -> list[Tag]:
    """Whom or what the question points at: the one record or value that the clause before it names."""
    named = [tag for tag in aside if tag.type in (T.RECORD, T.VALUE)]
    return named if len(named) == 1 and points_out(kept) else []


def _names_more(aside: Sequence[Tag], kept: Sequence[Tag]) -> bool:
    """Whether the clause names a record, a value, a time or a figure that the rest does not name."""
    named = {tag.text.lower() for tag in kept}
    naming = _NAMING if points_out(kept) else _NAMING - {T.STATE}  # "to close a case" is said of much
    told = [tag for tag in content_of(aside) if tag.type in naming and tag.text.lower() not in named]
    counted = any(is_bound(tag) and tag.type is not T.OP for tag in content_of(aside))
    return counted or any(not same_kind(tag, kept) for tag in told)


class _Asides:
    """Tells clauses of background from parts of a question, by the frame words of a lexicon."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._grammar = Grammar(phrases)

    def begins(self, tags: Sequence[Tag]) -> bool:
        """Whether a clause of background begins here, whatever stands before it."""
        grammar = self._grammar
        return grammar.gives_reason(tags, set_off=False) or self._is_comment(tags) or self._is_for_paper(tags)

    def is_set_off(self, tags: Sequence[Tag], start: int, end: int) -> bool:
        """Whether marks stand around it, or it begins like background and a mark ends it."""
        begun = tags[start - 1].text in _BREAKS or self.begins(tags[start:])
        return begun and tags[end - 1].text in _BREAKS

    def may_go(self, tags: Sequence[Tag], start: int, end: int) -> bool:
        """Whether the clause from `start` to `end` is background and nothing in it may narrow the rest."""
        clause = tags[start:end]
        content = content_of(clause)
        if self._is_for_paper(clause):
            return True
        strange = [tag for tag in content if tag.type in STRANGE]
        if not strange or any(limits(tag) for tag in content) or not all(map(self._grammar.is_everyday, strange)):
            return False
        if names_unknown(clause) or self._grammar.names_charge(clause) or self._grammar.tells_when(clause):
            return False
        data = any(is_of_data(tag) or tag.type in TELLING for tag in content)
        if data and self._narrows(spoken(clause)):
            return False
        if self._grammar.gives_reason(clause, set_off=start == 0 or tags[start - 1].text in _BREAKS):
            return not _asks_inside(clause)
        if self._is_comment(clause):
            said_of_it = content[_after_it(content) :]
            return not any(is_of_data(tag) or tag.type in (*TELLING, *_LOOSE) for tag in said_of_it)
        if self._gives_occasion(tags, start, end):
            return not _asks_inside(clause) and not any(tag.type is T.NOT_HELD for tag in content)
        return start == 0 and not asks(clause) and self._tells(clause)

    def _narrows(self, words: Sequence[str]) -> bool:
        """As in "as we only count …", "i mean …": the teller says what the question is about."""
        told = [at for at, word in enumerate(words) if self._phrases.has(word, "narrowing")]
        return any(at == 0 or not _TELLERS.isdisjoint(words[max(0, at - 2) : at]) for at in told)

    def _gives_occasion(self, tags: Sequence[Tag], start: int, end: int) -> bool:
        """As in "to settle a bet, …", "in view of the restructuring, …": set off from the question."""
        words = spoken(tags[start:end])
        closed = tags[end - 1].text in _BREAKS if start == 0 else tags[start - 1].text in _BREAKS
        aim = self._phrases.prefix(words, "aim") if start == 0 else 0
        aimed = bool(aim) and self._phrases.has(words[aim] if aim < len(words) else "", "verb")
        return closed and (aimed or bool(self._phrases.prefix(words, "in_view_of")))

    def _is_for_paper(self, clause: Sequence[Tag]) -> bool:
        """As in "… for the newsletter", "… for my slides": nothing but what the answer is written for."""
        words = spoken(clause)
        lead = self._phrases.prefix(words[1:], "determiner") if words[:1] == ["for"] else 0
        return lead > 0 and 1 + lead + self._phrases.prefix(words[1 + lead :], "document") == len(words) > 1 + lead

    def _is_comment(self, clause: Sequence[Tag]) -> bool:
        """As in "i think it started slowly", "she says that's a lot": somebody's view of what is asked."""
        words = spoken(clause)
        size = self._phrases.prefix(words, "belief") or self._named_believer(words)
        subject = words[size : size + 1] if size else []
        return bool(_IT.intersection(subject)) and self._grammar.has_verb(words[size + 1 : size + 3])

    def _named_believer(self, words: Sequence[str]) -> int:
        teller = self._phrases.prefix(words, "teller")
        said_it = self._phrases.prefix(words[teller:], "believing") if teller else 0
        return teller + said_it if said_it else 0

    def _tells(self, clause: Sequence[Tag]) -> bool:
        """As in "the germany numbers strike me as odd": a sentence of its own, whose verb belongs to its subject."""
        words = spoken(clause)
        while words and (size := self._phrases.prefix(words, "opener")):
            words = words[size:]
        verb = self._grammar.first_verb(words, clause)
        return verb is not None and not self._phrases.has(verb, "narrowing")  # "the gold tier matters to us"


def _after_it(content: Sequence[Tag]) -> int:
    """Where the words behind "it" and its verb begin."""
    return next((at + 2 for at, tag in enumerate(content) if tag.text.lower() in _IT), 1)


def _asks_inside(clause: Sequence[Tag]) -> bool:
    """Whether a question of its own stands in it; "what everybody quotes" is none behind its verb."""
    for before, tag in pairwise(clause):
        sense = tag.get(T.ASK)
        if sense is None or tag.type is not T.ASK or sense.value in (*NO_QUESTION, "list"):
            continue
        if sense.value not in _WHO_SPEAKS or before.type in (T.AND, T.FOLLOW, T.PUNCT):
            return True
    return False
