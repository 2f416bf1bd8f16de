"""The offline planner: a request in, a `Plan` out. Deterministic, no model, no network.

Stages, each in its own module: prepare (words) → tagging (readings) → compose (nodes that own words) → follow_up (an
edit of the last reading) → shapes (a spec) → verdict. A word that nothing owns means no answer.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import prompts
from copilot.context import Lang
from copilot.language import language_of
from copilot.offline.compose import compose
from copilot.offline.compose.implied import telegraphic
from copilot.offline.compose.reading import Pronoun, Reading, Target
from copilot.offline.coordinated import two_rankings
from copilot.offline.follow_up import Context, LookUp, edit, is_follow_up
from copilot.offline.follow_up.stepping import settle
from copilot.offline.frames import question_part, question_parts
from copilot.offline.lexicon import key
from copilot.offline.meaning import MeaningReader
from copilot.offline.names import NameFinder
from copilot.offline.nested import Found, find_ranking, in_place
from copilot.offline.plan import Cannot, Clarify, Explanation, PastTurn, Plan, Queries, Query, Say
from copilot.offline.prepare import Prepared, prepare
from copilot.offline.shapes import Builder
from copilot.offline.sounds import respell
from copilot.offline.tagging import Tagger
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.teaching import answer_teaching, taught_in
from copilot.offline.verdict import Verdict, asks_about_one, decide
from copilot.offline.vocabulary import Name, Vocabulary, build_vocabulary
from crm_core.access import ADMIN, Actor, Scope
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, QuerySpec

CODED = ("deal", "account", "order", "lead", "contact", "task")
MAX_TURNS_READ = 8
MAX_QUESTIONS = 3
MOST_RANKED = 10
_QUESTIONS = frozenset({"how_many", "how_much", "how_long", "who", "whose", "which", "what", "when", "where", "count"})


@dataclass(frozen=True)
class Read:
    """One message, read: its words, tags and nodes."""

    prepared: Prepared
    tags: tuple[Tag, ...]
    reading: Reading
    lang: str
    instead: Plan | None = None  # what a ranking inside it asks back


class Planner:
    """Plans turns over one store. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._cache: dict[tuple[int, int], tuple[Vocabulary, NameFinder]] = {}

    def plan(self, text: str, *, dialogue: Sequence[PastTurn] = (), actor: Actor, today: date) -> Plan:
        """Decide what to do about `text`, said by `actor` on `today` after `dialogue` (oldest turn first)."""
        return self._verdict(text, dialogue, actor, today).plan

    def explain(self, text: str, *, dialogue: Sequence[PastTurn] = (), actor: Actor, today: date) -> Explanation:
        """How `text` was read, line by line."""
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
        tagger = Tagger(vocabulary, names, lambda codes: self._codes(codes, actor, today))
        look_up = partial(self._value, vocabulary, actor, today)
        reader = _Reader(vocabulary, tagger, today, look_up, None if is_part else partial(self._ranked, actor, today))
        text = _picked(text, dialogue[-1] if dialogue else None)
        taught = None if is_part else taught_in(text)
        if taught is not None:
            lang = language_of(text)
            return Verdict(answer_teaching(self.meanings(today, lang=lang), *taught, lang=lang), Reading(), ())
        read = reader.read(text)
        early = _small_talk(read) or read.instead
        if early is not None:
            return Verdict(early, read.reading, read.tags)
        if not is_part and sum(text.count(mark) for mark in "?？") > 1:  # one question each, with a scope of its own
            several = self._in_parts(read, dialogue, actor, today)
            if several is not None:
                return several
        reading = reader.in_context(read, dialogue)
        builder = Builder(reading, vocabulary, actor)
        verdict = decide(builder, read.tags, lang=read.lang, repairs=read.prepared.repairs, today=today)
        verdict = self._one_of_several(verdict, read.lang, actor, today)
        if isinstance(verdict.plan, Query) or is_part:
            return verdict
        return self._in_parts(read, dialogue, actor, today) or verdict

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

    def _one_of_several(self, verdict: Verdict, lang: str, actor: Actor, today: date) -> Verdict:
        """A question about one record that fits several asks which of them."""
        plan, reading = verdict.plan, verdict.reading
        if not isinstance(plan, Query) or not asks_about_one(reading, verdict.shape):
            return verdict
        found = run_query(self._store, plan.spec.model_copy(update={"limit": 5}), actor=actor, today=today).rows
        if len(found) < 2:
            return verdict
        question = prompts.load_yaml("planner")[lang]["which_field"]
        return replace(verdict, plan=Clarify(question, tuple(str(row.values[0]) for row in found[:4])))

    def _words(self, actor: Actor, today: date) -> tuple[Vocabulary, NameFinder]:
        scope = 0 if actor.reads is Scope.ALL else actor.id
        revision = self._store.revision
        with self._lock:
            if (revision, scope) not in self._cache:
                self._cache = {k: v for k, v in self._cache.items() if k[0] == revision}
                vocabulary = build_vocabulary(self._store, actor=actor, today=today)
                self._cache[revision, scope] = (vocabulary, NameFinder(vocabulary))
            return self._cache[revision, scope]

    def _value(self, vocabulary: Vocabulary, actor: Actor, today: date, name: Name, field: str) -> Name | str | None:
        """One field of one record, as the actor may see it."""
        title = vocabulary.schema.entities[name.entity].title[0]
        where = Condition(field=title, op="eq", value=name.label)
        spec = QuerySpec(entity=name.entity, where=where, columns=[field], limit=1)
        rows = run_query(self._store, spec, actor=actor, today=today).rows
        if not rows or rows[0].values[0] is None:
            return None
        target = vocabulary.schema.entities[name.entity].fields[field].target
        return Name(target, rows[0].ids[0], str(rows[0].values[0])) if target else str(rows[0].values[0])

    def _codes(self, codes: Sequence[str], actor: Actor, today: date) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = {}
        for entity in CODED:
            where = Condition(field="external_id", op="in", value=list(codes))
            spec = QuerySpec(entity=entity, where=where, columns=["external_id"], limit=20)
            for row in run_query(self._store, spec, actor=actor, today=today).rows:
                label = str(row.values[0])
                typed = next((code for code in codes if code.lower() == label.lower()), None)
                if typed and row.record_id is not None:
                    found.setdefault(typed, []).append(Name(entity, row.record_id, label))
        return found


class _Reader:
    """Reads messages with one vocabulary on one day."""

    def __init__(
        self, vocabulary: Vocabulary, tagger: Tagger, today: date, look_up: LookUp,
        ranked: Callable[[str], Found | Plan] | None,
    ) -> None:  # fmt: skip
        self._look_up = look_up
        self._ranked = ranked
        self._vocabulary = vocabulary
        self._tagger = tagger
        self._today = today

    def read(self, text: str) -> Read:
        """One message on its own."""
        prepared = prepare(text, self._vocabulary)
        tags, aside = self._cover(prepared)
        tokens, repairs = respell(prepared.tokens, tags, *self._vocabulary.by_sound)
        if repairs:
            prepared = Prepared(tuple(tokens), (*prepared.repairs, *repairs))
            tags, aside = self._cover(prepared)
        tags, note, instead = self._resolved(tags)
        reading = compose(tags, self._vocabulary, today=self._today)
        reading.notes.extend([*note, *(f"({text})" for text in aside)])
        lang = "zh" if any(token.script == "cjk" for token in prepared.tokens) else "en"
        return Read(prepared, tuple(tags), reading, lang, instead)

    def _resolved(self, tags: list[Tag]) -> tuple[list[Tag], list[str], Plan | None]:
        """The tags with those whom a ranking inside finds in its place, and a note of whom it found."""
        inner = find_ranking(tags) if self._ranked is not None else None
        if inner is None or self._ranked is None:
            return tags, [], None
        found = self._ranked(inner.text)
        if not isinstance(found, Found):
            return tags, [], found
        if not (found.names or found.value) or inner.is_doubtful:
            return tags, [], Clarify(prompts.load_yaml("planner")["zh" if inner.is_chinese else "en"]["no_shape"])
        return in_place(tags, inner, found), [f"{inner.text} → {found.told}"], None

    def _cover(self, prepared: Prepared) -> tuple[list[Tag], list[str]]:
        """The tags of the question, and the frames around it."""
        tags = self._tagger.cover(prepared.tokens, today=self._today)
        return question_part(tags, self._vocabulary.lexicon)

    def in_context(self, read: Read, dialogue: Sequence[PastTurn]) -> Reading:
        """The reading as an edit of the conversation so far, where it leans on it."""
        history: list[tuple[Reading, PastTurn]] = []
        for turn in (turn for turn in list(dialogue)[-MAX_TURNS_READ:] if taught_in(turn.text) is None):
            current = self.read(_picked(turn.text, history[-1][1] if history else None))
            if _small_talk(current) is None:
                history.append((self._join(history, current), turn))
        return self._join(history, read)

    def _join(self, history: Sequence[tuple[Reading, PastTurn]], read: Read) -> Reading:
        leans = read.reading.step is not None
        current = settle(read.reading, history[-1][0] if history else None, today=self._today)
        if not history:
            telegraphic(current, read.tags)
            return _first(current)
        if not leans and not is_follow_up(current, history[-1][1]):
            return current
        return edit(Context(history, self._look_up), current)


def _picked(text: str, last: PastTurn | None) -> str:
    """The option of a question back that a bare number picks."""
    number = text.strip().rstrip(".)").lstrip("#(")
    if last is None or not last.options or not (number.isascii() and number.isdigit()):
        return text
    return last.options[int(number) - 1] if 0 < int(number) <= len(last.options) else text


def _first(reading: Reading) -> Reading:
    """At the start there is nothing to point at: 那个客户 is then the homophone 哪个客户, "which account"."""
    asked = next((p for p in reading.pronouns if p.text.startswith("那") and p.entity not in (None, "team")), None)
    if asked is not None and reading.target is None:
        reading.target = Target(str(asked.entity), "which", is_plural=False)
    elif any(_is_lost(p, reading) for p in reading.pronouns):
        reading.unclear = True
    same = any(p.kind == "same" and p.is_unit for p in reading.pronouns)  # "in the same month they started"
    reading.unclear |= same and not reading.periods
    return reading


def _is_lost(pointer: Pronoun, reading: Reading) -> bool:
    """Whether what it points at is not in the reading: "his team", "that month", "that guy"."""
    if pointer.kind == "same":
        return not reading.periods
    if _points_back(pointer):
        return _says_nothing_else(reading)
    return pointer.entity == "team" or (_needs_mention(pointer) and not reading.records)


def _needs_mention(pointer: Pronoun) -> bool:
    """Whether it means one that was spoken of ("that guy"), and cannot be a turn of phrase ("there")."""
    return pointer.kind == "single" and not pointer.is_weak and len(key(pointer.text)) > 1


def _says_nothing_else(reading: Reading) -> bool:
    """Whether no other words narrow or rank what is pointed at."""
    return not (reading.records or reading.fields or reading.states or reading.sup or reading.measures)


def _points_back(pointer: Pronoun) -> bool:
    """As in 那几个, 这些: several that were shown."""
    return pointer.kind == "set" and pointer.text[:1] in ("这", "那") and not pointer.is_weak


def _small_talk(read: Read) -> Plan | None:
    """A message that asks nothing: empty, a greeting, thanks, a wish to change data."""
    words = prompts.load_yaml("planner")[read.lang]
    content = [tag for tag in read.tags if tag.type not in SILENT]
    if not content:
        return Clarify(words["empty"]) if not read.tags else Clarify(words["help"])
    if all(tag.get(T.SMALLTALK) for tag in content):
        sense: Any = content[0].get(T.SMALLTALK)
        return Say(words[sense.value])
    asks = any(s.type is T.ASK and s.value in _QUESTIONS for tag in content[1:3] for s in tag.senses)
    orders = content[0].text.lower() in ("close", "win", "lose") and len(content) > 1
    if orders and not asks and not any(tag.get(T.DATE) for tag in content[:2]):
        return Cannot(words["write_later"])
    if (
        content[0].type is T.WRITE and not content[0].get(T.FILLER) and not asks
    ):  # "remind me to …", but not "remind me how many …"
        return Cannot(words["write_later"])
    return None


def _sense(sense: Any) -> str:
    return f"{sense.type}={sense.value}" + ("" if sense.how == "exact" else f" ({sense.how})")


__all__ = ["Planner", "Query"]
