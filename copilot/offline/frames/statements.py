"""Sentences that tell something beside the question: "Rosie tells me that Konex is her best customer. How much …?".

Such a sentence may be left aside when the question is whole without it and nothing in it narrows the data. Of what it
names, the question keeps what it points at ("them"), and any record, value, state or period that it says nothing else
about: "We had a good third quarter. How many deals did we win?" asks about the third quarter.
"""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.frames.clauses import (
    NO_QUESTION,
    PLANS,
    SENTENCES,
    STRANGE,
    TELLING,
    Phrases,
    content_of,
    is_of_data,
    limits,
    points,
    said,
    stems,
    uncontracted,
    words_of,
)
from copilot.offline.frames.grammar import Grammar, says_which
from copilot.offline.tags import SILENT, T, Tag

_KEPT = (T.RECORD, T.VALUE, T.DATE, T.STATE)
_WHOLE = TELLING - {T.RECORD, T.VALUE}
_SUBJECT = (T.METRIC, T.VERB_METRIC, T.STATE)  # what a question may be about, besides the nouns of the data
_MARKS = frozenset("?？")
_NO_NUMBER = frozenset({"one", "一"})  # "one bit"
_OF_LIFE = ("predicate", "occasion")  # frame words for what people do all day
_NEAR, _FAR = 3, 9  # words from a pronoun, and from the determiner of a noun, to the verb
_BARE = STRANGE - {T.NOT_HELD} | {T.PRONOUN, T.MINE, T.FOLLOW, T.AND}
_POSSESSIVES = frozenset({"their", "its"})
PLANNED = frozenset({"might", "may", "will", "'ll", "could", "threatening", "threatens", "planning", "plans"})
_OBJECTS = frozenset({"it", "this", "that", "them", "these", "those"})


class Statements:
    """Tells statements from questions, by the frame words of a lexicon."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._grammar = Grammar(phrases)

    def without(self, tags: Sequence[Tag]) -> tuple[list[Tag], list[str]]:
        """The tags without its statements, apart from what the question needs of them; and the statements' texts."""
        clauses = self._phrases.clauses(tags)
        told = self._told(clauses)
        question = [tag for clause, tells in zip(clauses, told, strict=True) if not tells for tag in clause]
        if not any(told) or not is_whole(question):
            return list(tags), []
        last = max(at for at, tells in enumerate(told) if not tells)
        out: list[Tag] = []
        aside: list[str] = []
        for at, (clause, tells) in enumerate(zip(clauses, told, strict=True)):
            needed = self._needed(clause, question, is_after=at > last) if tells else None
            out += clause if needed is None else needed
            if needed is not None and any(tag.type not in SILENT for tag in clause):
                aside.append(said(clause))
        return out, aside

    def _told(self, clauses: Sequence[Sequence[Tag]]) -> list[bool]:
        """Of each clause, whether it tells: a sentence by itself, or what stands before the question in its own."""
        out: list[bool] = []
        sentence: list[int] = []
        for at, clause in enumerate(clauses):
            before = bool(sentence) and all(out[k] for k in sentence)
            goes_on = before and not _poses(clause) and clause[-1].text in SENTENCES and clause is not clauses[-1]
            leads = not sentence or before or self._is_bare(clause)
            out.append(leads and (goes_on or self.tells(clause)))
            sentence.append(at)
            if clause[-1].text in SENTENCES:
                sentence = []
        return out

    def tells(self, clause: Sequence[Tag]) -> bool:
        """Whether it has a subject and a verb, and asks nothing."""
        if _poses(clause) or self._grammar.tells_when(clause):
            return False
        words = self._opened([part for word in words_of(clause) for part in uncontracted(word)])
        if not words or self._phrases.begins(clause, "polite"):
            return True  # "to be honest, …", "sorry to bother you on a Sunday"
        if size := self._phrases.prefix(words, "teller"):
            if self._has_verb(words[size : size + _NEAR]):
                return True
            told = any(tag.type in STRANGE for tag in clause) or self._has_predicate(words)
            return told and not words[0].isascii()
        if size := self._phrases.prefix(words, "determiner"):
            return self._has_verb(words[size + 1 : size + _FAR])
        if self._drops_subject(words, clause) or self._is_chinese_sentence(clause):
            return True
        first = next((tag for at, tag in enumerate(clause) if len(words_of(clause[at:])) <= len(words)), clause[-1])
        if first.type in (T.RECORD, T.ENTITY) or _is_person(first) or (first.type in STRANGE and _is_name(first)):
            named = len(words_of([first]))
            return self._has_verb(words[named : named + (_NEAR if first.type is not T.ENTITY else _FAR)])
        return False

    def _drops_subject(self, words: Sequence[str], clause: Sequence[Tag]) -> bool:
        """As in "need to clean up my desk", "tidying things up", "need it for a slide": "I" or "I am" goes unsaid."""
        if self._phrases.prefix(words, "subjectless"):
            return True
        size = self._phrases.prefix(words, "obliged")
        verb = words[size] if size < len(words) else ""
        if size:
            stated = self._phrases.has(verb, "verb") and not self._phrases.has(verb, "wanting")
            return stated or verb in _OBJECTS
        strange = clause[0].type in STRANGE or clause[0].type is T.FILLER
        doing = verb.endswith("ing") and self._is_verb(verb) and not self._phrases.has(verb, "narrowing")
        return doing and strange and not any(self._phrases.has(stem, "wanting") for stem in stems(verb))

    def _is_bare(self, clause: Sequence[Tag]) -> bool:
        """Whether nothing in it is of the data, so that it may also stand behind the question."""
        occasions = [tag for tag in clause if self._phrases.prefix(words_of([tag]), "occasion")]
        return all(tag.type in _BARE for tag in content_of(clause) if tag not in occasions)

    def _is_chinese_sentence(self, clause: Sequence[Tag]) -> bool:
        """As in 昨晚没睡好: it need not name a subject, but has words of a predicate, and no noun of the data."""
        words = words_of(clause)
        if all(word.isascii() for word in words) or words[-1] == "的":
            return False
        rest = self._phrases.without(clause, *_OF_LIFE)
        data = any(is_of_data(tag) or tag.type in _WHOLE for tag in rest)
        return (
            self._has_predicate(words)
            and not data
            and (len(rest) < len(clause) or any(tag.type in STRANGE for tag in rest))
        )

    def _has_predicate(self, words: Sequence[str]) -> bool:
        return any(self._phrases.prefix(words[at:], "predicate") for at in range(len(words)))

    def _opened(self, words: Sequence[str]) -> Sequence[str]:
        """The words after those that open a sentence."""
        while words and (size := self._phrases.prefix(words, "opener")):
            words = words[size:]
        return words

    def _has_verb(self, words: Sequence[str]) -> bool:
        return any(self._is_verb(word) for word in words)

    def _is_verb(self, word: str) -> bool:
        known = self._phrases.has(word, "verb") or self._phrases.has(word, "verb_form")
        return known or any(self._phrases.has(stem, "verb") for stem in stems(word))

    def _needed(self, clause: Sequence[Tag], question: Sequence[Tag], *, is_after: bool) -> list[Tag] | None:
        """What the question needs of a statement; None if it may narrow the question in a way that is not said."""
        words = words_of(clause)
        clause = self._phrases.without(clause, *_OF_LIFE)
        content = content_of(clause)
        held = any(
            self._phrases.prefix(words[at:], kind) for at in range(len(words)) for kind in ("believing", "belief")
        )
        kept = [tag for tag in content if tag.type in _KEPT and not self._is_teller(tag, clause)]
        data = any(is_of_data(tag) or tag.type in _WHOLE for tag in content)
        narrows = any(self._phrases.has(word, "narrowing") for word in words)
        denies = bool(kept) and any(tag.type is T.NEG for tag in content)
        if any(limits(tag) for tag in content) and (data or kept or narrows):
            return None
        bound = any(is_bound(tag) and not _is_clock(tag, clause) for tag in content)
        if not held and data and (narrows or denies or bound or says_which(content)):
            return None
        if self._grammar.names_charge(clause):
            return None
        pointed = points_out(question)
        kept = [tag for tag in kept if pointed or tag.type is not T.VALUE or tag.senses[0].how == "exact"]  # "a fair"
        ranked = any(tag.type in (T.SUP, T.METRIC) for tag in content)
        if pointed and ranked and not held and not any(tag.type is T.RECORD for tag in kept):
            return None  # "I like the biggest deals. Who won them?"
        if is_after and (kept or bound):
            return None  # what comes after the question narrows it
        if any(_is_vague(tag, clause, question, held=held) for tag in kept):
            return None
        if held and not pointed and any(tag.type is T.METRIC or is_of_data(tag) for tag in question):
            kept = [tag for tag in kept if tag.type is T.DATE]  # who somebody thinks is best does not narrow a noun
        claims = (T.VALUE, T.STATE) if held and any(tag.type is T.RECORD for tag in kept) else ()
        planned = (T.DATE,) if not PLANNED.isdisjoint(part for word in words for part in uncontracted(word)) else ()
        needed = [t for t in kept if t.type not in (*claims, *planned) and _is_needed(t, clause, question)]
        needed += [] if held else _whose(clause, question)
        return [part for tag in needed for part in (tag, *_team_of(tag, clause))]

    def _is_teller(self, tag: Tag, clause: Sequence[Tag]) -> bool:
        """As in 财务那边又在催了: those in finance, and not the industry."""
        return tag is clause[0] and tag.type is T.VALUE and self._phrases.prefix(words_of([tag]), "teller") > 0


def _whose(clause: Sequence[Tag], question: Sequence[Tag]) -> list[Tag]:
    """As in "need to clean up | my | pipeline: which deals …": whose they are, where the question does not say."""
    named = any(tag.type is T.MINE or (tag.type is T.RECORD and _is_user(tag)) for tag in question)
    pairs = pairwise(clause)
    mine = [tag for tag, after in pairs if tag.type is T.MINE and (is_of_data(after) or after.type in _WHOLE)]
    return [] if named else mine[:1]


def _is_user(tag: Tag) -> bool:
    return all(name.entity == "user" for name in tag.senses[0].value)


def _is_person(tag: Tag) -> bool:
    """As in "boss", "the manager": a noun for people, whatever else it may name."""
    return tag.type is T.FIELD and any(sense.value in ("rep", "manager") for sense in tag.all(T.ENTITY))


def _team_of(tag: Tag, clause: Sequence[Tag]) -> list[Tag]:
    """The rest of "Summer's team"."""
    after = [other for other in clause if other.start >= tag.end]
    at = next((k for k, other in enumerate(after) if other.type not in SILENT), 0)
    return after[: at + 1] if tag.type is T.RECORD and after and after[at].get(T.TREE, T.MANAGES) else []


def points_out(question: Sequence[Tag]) -> bool:
    """Whether it points at what was said before; in "which deals are past their close date" it does not."""
    nouns = [tag.start for tag in question if is_of_data(tag)]
    return any(
        points(tag) and not (tag.text.lower() in _POSSESSIVES and nouns and nouns[0] < tag.start) for tag in question
    )


def _is_needed(tag: Tag, clause: Sequence[Tag], question: Sequence[Tag]) -> bool:
    """Whether the question would mean something else without it."""
    pointed = points_out(question)
    if tag.text in {other.text for other in question}:
        return False
    if tag.type is T.DATE:
        dated = any(other.type in (T.DATE, T.BUCKET) for other in question)
        return not dated and (tag.senses[0].value.unit not in PLANS or _refers_back(question))
    if tag.type is T.STATE:
        return pointed and not any(other.type in _SUBJECT or is_of_data(other) for other in question)
    return pointed or not (same_kind(tag, question) or _asks_of_each(tag, question))


def _asks_of_each(tag: Tag, question: Sequence[Tag]) -> bool:
    """As in "the North is the strongest, I think. Bookings by region?": each of its kind is asked for."""
    if not any(other.type is T.BY or (other.type is T.ASK and other.senses[0].value == "which") for other in question):
        return False
    fields = {sense.value[0] for sense in tag.all(T.VALUE)}
    nouns = {sense.value for other in question for sense in other.senses if sense.type in (T.FIELD, T.ENTITY)}
    people = bool(nouns & {"rep", "manager"}) and "user" in _kinds(tag)
    return bool(fields & nouns) or people or bool(_kinds(tag) & nouns & {"account", "product"})


def _is_vague(tag: Tag, clause: Sequence[Tag], question: Sequence[Tag], *, held: bool) -> bool:
    """Whether the question may mean this month, quarter or year, or not: "I was away in May. How many …"."""
    told = held or _refers_back(question) or any(is_of_data(t) or t.type in _WHOLE for t in clause)
    return tag.type is T.DATE and _is_needed(tag, clause, question) and not told


def _refers_back(question: Sequence[Tag]) -> bool:
    """As in "how many was that?", "who won most that month?"."""
    return any(tag.type is T.UNIT for tag in question) or words_of(question)[-1:] in (["that"], ["then"])


def is_whole(question: Sequence[Tag]) -> bool:
    """Whether it asks, and of something: more than "and how many was that?"."""
    counts = any(tag.get(T.ASK) and tag.senses[0].value == "how_many" for tag in question)
    verbs = () if counts and not points_out(question) else (T.OWNS, T.MANAGES)  # "how many" needs its noun
    about = any(tag.type in (*_SUBJECT, *verbs) or is_of_data(tag) for tag in question)
    asked = any(tag.type is T.ASK and tag.senses[0].value != "rank" for tag in question)  # not "…, sorted by value"
    return about and (asked or any(tag.type in _WHOLE or tag.text in _MARKS for tag in question))


def is_bound(tag: Tag) -> bool:
    counted = tag.type is T.NUMBER and tag.text.lower() not in _NO_NUMBER
    return counted or tag.type is T.POST_OP or any(sense.value != "approx" for sense in tag.all(T.OP))


_MINUTES = frozenset({"minutes", "minute", "mins", "min", "hours", "hour", "hrs", "分钟", "小时", "个小时"})


def _is_clock(tag: Tag, clause: Sequence[Tag]) -> bool:
    """As in "they are on the line in ten minutes": when something will be, and no test."""
    before = next((other.text.lower() for other in clause if other.end == tag.start), "")
    after = next((other.text.lower() for other in clause if other.start == tag.end), "")
    return (before == "in" and after in _MINUTES) or tag.text.lower().split(" ")[-1] in _MINUTES


def _poses(clause: Sequence[Tag]) -> bool:
    marked = clause[-1].text in _MARKS or any(tag.type is T.ASK for tag in content_of(clause)[:1])
    silent = (*NO_QUESTION, "list")  # "the report", "I would like"
    return marked or any(tag.type is T.ASK and tag.senses[0].value not in silent for tag in clause)


def _is_name(tag: Tag) -> bool:
    return tag.text[:1].isupper()


def same_kind(tag: Tag, question: Sequence[Tag]) -> bool:
    """Whether the question names another of its kind: another company, another region."""
    kinds = _kinds(tag)
    return any(kinds & _kinds(other) for other in question if other.type in (T.RECORD, T.VALUE))


def _kinds(tag: Tag) -> set[str]:
    if tag.type is T.RECORD:
        return {name.entity for name in tag.senses[0].value}
    return {sense.value[0] for sense in tag.all(T.VALUE)}
