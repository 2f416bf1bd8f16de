"""The offline planner: a request in, a `Plan` out. Deterministic, no model, no network.

Stages, each in its own module: prepare (words) → tagging (readings) → compose (nodes that own words) → follow_up (an
edit of the last reading) → shapes (a spec) → verdict. A word that nothing owns means no answer.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import islice
from typing import Any

from copilot.context import Lang
from copilot.language import MAX_CHARACTERS, language_of
from copilot.offline import most
from copilot.offline.about_history import about_history
from copilot.offline.alone import answered_alone
from copilot.offline.asker import with_asker
from copilot.offline.asking_team import of_their_team
from copilot.offline.compose.orders import are_offers
from copilot.offline.compose.reading import Reading
from copilot.offline.coordinated import two_rankings
from copilot.offline.coverage import covered
from copilot.offline.did_you_mean import offered
from copilot.offline.follow_up.going_on import goes_on
from copilot.offline.frames import question_parts
from copilot.offline.look_ups import codes_in, value_of
from copilot.offline.meaning import MeaningReader
from copilot.offline.names import NameFinder
from copilot.offline.nested import Found
from copilot.offline.own_place import own_place
from copilot.offline.picking import picked, settle_picks, teach
from copilot.offline.plan import Cannot, Clarify, Explanation, PastTurn, Plan, Queries, Query
from copilot.offline.reader import Read, Reader
from copilot.offline.reporting import find_request, plan_report
from copilot.offline.rereading import read_again
from copilot.offline.retold import retold
from copilot.offline.same_records import settle_doubts
from copilot.offline.scope_wish import Said, wished
from copilot.offline.several_fit import one_of_several
from copilot.offline.shapes import Builder
from copilot.offline.small_talk import recalled_in, small_talk
from copilot.offline.standing_scope import keep_scope
from copilot.offline.tagging import FindCodes, Tagger
from copilot.offline.taking_up import take_up
from copilot.offline.teaching import answer_teaching, taught_in
from copilot.offline.twins import answer_twins
from copilot.offline.verdict import Verdict, decide
from copilot.offline.vocabulary import Vocabulary, build_vocabulary
from copilot.offline.writing.context import Saying, once
from copilot.offline.writing.message import plan_change
from copilot.offline.writing.short_names import ShortNames
from copilot.offline.writing.words import with_making_words, with_writing_words
from crm_core.access import ADMIN, Actor, Scope
from crm_core.db import ReadStore
from crm_core.query.run import run_query

MAX_QUESTIONS = 3
MOST_RANKED = 10
MOST_CUTS = 4


class Planner:
    """Plans turns over one store. Safe to share between threads."""

    def __init__(self, store: ReadStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._cache: dict[tuple[int, int], tuple[Vocabulary, NameFinder]] = {}
        self._words_of_changes: tuple[Vocabulary, tuple[Vocabulary, Vocabulary, ShortNames]] | None = None

    def plan(self, text: str, *, dialogue: Sequence[PastTurn] = (), actor: Actor, today: date) -> Plan:
        """Decide what to do about `text`, said by `actor` on `today` after `dialogue` (oldest turn first)."""
        text, dialogue, put = settle_picks(text, dialogue)
        return teach(self._verdict(text, dialogue, actor, today).plan, put, lang=language_of(text))

    def explain(self, text: str, *, dialogue: Sequence[PastTurn] = (), actor: Actor, today: date) -> Explanation:
        """How `text` was read, line by line."""
        text, dialogue, _ = settle_picks(text, dialogue)
        verdict = self._verdict(text, dialogue, actor, today)
        lines = [f"{tag.text!r}: " + ", ".join(_sense(s) for s in tag.senses[:4]) for tag in verdict.tags]
        nodes = {k: v for k, v in vars(verdict.reading).items() if v not in (None, [], False, (-1, -1), -1)}
        lines += [f"{name} = {value}" for name, value in nodes.items()]
        return Explanation((*lines, f"shape = {verdict.shape or 'none'}", f"plan = {verdict.plan}"))

    def vocabulary(self, *, actor: Actor, today: date) -> Vocabulary:
        """The words of the store, as the actor may see them."""
        return self._words(actor, today)[0]

    def meanings(self, today: date, *, lang: Lang = "en") -> MeaningReader:
        """Reads what a person says that a word means."""

        def plan(text: str, actor: Actor, day: date) -> Plan:
            return self._verdict(text, (), actor, day, is_part=True).plan

        return MeaningReader(self.vocabulary(actor=ADMIN, today=today), plan, today=today, lang=lang)

    def _verdict(
        self, text: str, dialogue: Sequence[PastTurn], actor: Actor, today: date, *, is_part: bool = False
    ) -> Verdict:
        vocabulary, names = self._words(actor, today)
        codes = cache(partial(codes_in, self._store, actor=actor, today=today))  # a turn comes back to the same ones
        tagger = Tagger(vocabulary, names, codes)
        look_up = partial(value_of, self._store, vocabulary, actor, today)
        ranked = None if is_part else partial(self._ranked, actor, today)
        of_team, placed = partial(of_their_team, actor, vocabulary), partial(own_place, actor, vocabulary, look_up)
        asked_by = partial(with_asker, actor)
        reader = Reader(vocabulary, tagger, today, look_up, ranked, of_team, placed, asked_by)
        text = picked(text, dialogue[-1] if dialogue else None)
        said = wished(text)
        text, dialogue = said.text, () if said.wish == "everything" else dialogue
        text, dialogue = retold(text, dialogue, vocabulary.glossary, lambda said: reader.cover(said)[1])
        taken = None if is_part else take_up(text, dialogue)
        if taken is not None:
            return Verdict(taken, Reading(), ())
        twin = None if is_part else answer_twins(text, dialogue)
        if twin is not None:
            return Verdict(twin, Reading(), ())
        taught = None if is_part else taught_in(text)
        if taught is not None:
            lang = language_of(text)
            return Verdict(answer_teaching(self.meanings(today, lang=lang), *taught, lang=lang), Reading(), ())
        told = None if is_part else self._paged(text, reader, dialogue, actor, today)
        told = told or (None if is_part else self._recalled(text, dialogue, actor, today))
        if told is not None:
            return told
        reads_change = not is_part and len(text) <= MAX_CHARACTERS
        reads_change = reads_change and not goes_on(text, lambda said: reader.read(said).reading, dialogue)
        saying = self._saying(reader, vocabulary, dialogue, actor, today, codes) if reads_change else None
        wish = plan_change(text, saying) if saying else None
        judge = partial(self._judged, reader, vocabulary, dialogue, actor, today, said)
        in_parts = partial(self._in_parts, dialogue=dialogue, actor=actor, today=today)
        if wish is not None:
            asked = answered_alone(text, reader, judge, in_parts) if isinstance(wish, Clarify | Cannot) else None
            return asked or Verdict(wish, Reading(), ())
        read = reader.read(text, is_first=not dialogue)
        early = small_talk(read) or read.instead
        if early is not None:
            return Verdict(early, read.reading, read.tags)
        if not is_part and sum(text.count(mark) for mark in "?？") > 1:  # one question each, with a scope of its own
            several = self._in_parts(read, dialogue, actor, today)
            if several is not None:
                return several
        verdict = judge(read)
        builder = Builder(verdict.reading, vocabulary, actor)
        if is_part or isinstance(verdict.plan, Query):
            counted = bool(dialogue) and most.counts(dialogue[-1].spec)
            return verdict if is_part or counted else self._by_number_and_money(verdict, read, builder, today)
        found = in_parts(read) or _apart(read, reader, dialogue, builder, today)
        found = found or answered_alone(text, reader, judge, in_parts) or read_again(verdict, read, reader, judge)
        joined, pose = reader.parts_in_context(read, dialogue), partial(self._posed, dialogue, actor, today)
        return found or offered(verdict, read, text, joined, pose, builder, today=today)

    def _posed(self, dialogue: Sequence[PastTurn], actor: Actor, today: date, question: str) -> Plan:
        """The plan for another question in the place of the message."""
        return self._verdict(question, dialogue, actor, today, is_part=True).plan

    def _judged(
        self,
        reader: Reader,
        vocabulary: Vocabulary,
        dialogue: Sequence[PastTurn],
        actor: Actor,
        today: date,
        said: Said,
        read: Read,
    ) -> Verdict:
        """The verdict on one reading of a message, in the light of the conversation."""
        reading = reader.in_context(read, dialogue)
        reading = settle_doubts(reading, partial(run_query, self._store, actor=actor, today=today))
        builder = Builder(reading, vocabulary, actor)
        verdict = decide(builder, read.tags, lang=read.lang, repairs=read.prepared.repairs, today=today)
        verdict = keep_scope(verdict, read, dialogue, vocabulary, said)
        return self._checked(verdict, read, builder, dialogue, today)

    def _checked(
        self, verdict: Verdict, read: Read, builder: Builder, dialogue: Sequence[PastTurn], today: date
    ) -> Verdict:
        """The verdict, or a question back: which of several is meant, or what a word without a trace means."""
        run = partial(run_query, self._store, actor=builder.actor, today=today)
        verdict = one_of_several(verdict, read.tags, read.lang, run)
        before = dialogue[-1].spec if dialogue else None
        if isinstance(verdict.plan, Query) and before == verdict.plan.spec:  # a follow-up that changed nothing
            alone = Builder(read.reading, builder.vocabulary, builder.actor)
            again = decide(alone, read.tags, lang=read.lang, repairs=(), today=today).plan
            before = None if isinstance(again, Query) and again.spec == before else before
        unanswered = bool(dialogue) and dialogue[-1].spec is None
        return covered(verdict, read, before, builder.vocabulary, after_nothing=unanswered)

    def _by_number_and_money(self, verdict: Verdict, read: Read, builder: Builder, today: date) -> Verdict:
        """As in "who signed the most": by number and by money, where the words do not say which."""
        if not isinstance(verdict.plan, Query) or not most.is_open(verdict.reading, verdict.shape, read.tags):
            return verdict
        run = partial(run_query, self._store, actor=builder.actor, today=today)
        return replace(verdict, plan=most.tell_both(verdict.plan, builder, run))

    def _recalled(self, text: str, dialogue: Sequence[PastTurn], actor: Actor, today: date) -> Verdict | None:
        """As in "remind me of the list price of Atlas": a figure or a field is asked for, and no task to be made."""
        asked = recalled_in(text)
        verdict = self._verdict(asked, dialogue, actor, today, is_part=True) if asked else None
        told = verdict is not None and (verdict.reading.measures or verdict.reading.columns)
        return verdict if verdict is not None and told and isinstance(verdict.plan, Query) else None

    def _paged(
        self, text: str, reader: Reader, dialogue: Sequence[PastTurn], actor: Actor, today: date
    ) -> Verdict | None:
        """A message that asks for a report, for what was said, for a summary of it or for a brief."""
        request = find_request(text)
        if request is None:
            return about_history(text, reader, dialogue)
        pose = partial(self._posed, (), actor, today)
        words = self.vocabulary(actor=actor, today=today)
        page = plan_report(
            text, request, reader.read, pose, dialogue, today, holds=words.holds_records,
            sells_by_orders=words.holds("order.amount") and words.holds_records("deal") and not are_offers(words),
        )  # fmt: skip
        return Verdict(page, Reading(), (), "page") if page else None

    def _saying(
        self,
        reader: Reader,
        vocabulary: Vocabulary,
        dialogue: Sequence[PastTurn],
        actor: Actor,
        today: date,
        codes: FindCodes,
    ) -> Saying:
        """The turn as those see it who read changes."""
        look_up = partial(value_of, self._store, vocabulary, actor, today)
        *known, names = self._writing(vocabulary, self._words(actor, today)[1])
        cover, plain = (once(Reader(words, Tagger(words, names, codes), today, look_up, None).cover) for words in known)
        run = partial(run_query, self._store, actor=actor, today=today)
        return Saying(vocabulary, actor, today, dialogue, reader.read, cover, plain, run, look_up)

    def _writing(self, vocabulary: Vocabulary, names: NameFinder) -> tuple[Vocabulary, Vocabulary, ShortNames]:
        """The vocabulary with the words of changes, with those of new records known to spelling, and its names."""
        with self._lock:
            if self._words_of_changes is None or self._words_of_changes[0] is not vocabulary:
                known = (with_writing_words(vocabulary), with_making_words(vocabulary))
                self._words_of_changes = (vocabulary, (*known, ShortNames(vocabulary, names)))
            return self._words_of_changes[1]

    def _in_parts(self, read: Read, dialogue: Sequence[PastTurn], actor: Actor, today: date) -> Verdict | None:
        """Several questions in one message, each in the light of the one before it; None unless each has an answer."""
        rankings = two_rankings(read.tags)
        parts = rankings or question_parts(read.tags)
        if not 1 < len(parts) <= MAX_QUESTIONS:
            return None
        past, plans = list(dialogue), []
        for part in parts:
            verdict = self._verdict(part, list(dialogue) if rankings else past, actor, today, is_part=True)
            if not isinstance(verdict.plan, Query):
                return verdict if isinstance(verdict.plan, Clarify) and verdict.plan.options else None
            plans.append(verdict.plan)
            past.append(PastTurn(part, spec=verdict.plan.spec, shape=verdict.plan.shape))
        return Verdict(Queries(tuple(plans)), read.reading, read.tags, "several")

    def _ranked(self, actor: Actor, today: date, text: str) -> Found | Plan:
        """Whom a ranking finds, or what it asks back."""
        plan = self._verdict(text, (), actor, today, is_part=True).plan
        if not isinstance(plan, Query):
            return plan
        found = run_query(
            self._store,
            plan.spec.model_copy(update={"limit": plan.spec.limit or MOST_RANKED}),
            actor=actor,
            today=today,
        )
        return Found.of(found, self._words(actor, today)[0].schema)

    def _words(self, actor: Actor, today: date) -> tuple[Vocabulary, NameFinder]:
        scope = 0 if actor.reads is Scope.ALL else actor.id
        revision = self._store.revision
        with self._lock:
            if (revision, scope) not in self._cache:
                self._cache = {k: v for k, v in self._cache.items() if k[0] == revision}
                vocabulary = build_vocabulary(self._store, actor=actor, today=today)
                self._cache[revision, scope] = (vocabulary, NameFinder(vocabulary))
            return self._cache[revision, scope]


def _apart(read: Read, reader: Reader, dialogue: Sequence[PastTurn], builder: Builder, today: date) -> Verdict | None:
    """The answer to the message without a clause of background; None where none is left out or no answer is left."""
    for other in islice(reader.apart(read), MOST_CUTS):
        reading = reader.in_context(other, dialogue)
        whole = Builder(reading, builder.vocabulary, builder.actor)
        verdict = decide(whole, other.tags, lang=read.lang, repairs=read.prepared.repairs, today=today)
        if isinstance(verdict.plan, Query):
            return verdict
    return None


def _sense(sense: Any) -> str:
    return f"{sense.type}={sense.value}" + ("" if sense.how == "exact" else f" ({sense.how})")


__all__ = ["Planner", "Query"]
