"""The verdict on a reading: a query in one of the shapes, a question back, or an honest no."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

import prompts
from copilot.context import Lang
from copilot.offline.compose.reading import Reading, RecordTest
from copilot.offline.currencies import other_money
from copilot.offline.glossary import Offer
from copilot.offline.ill_posed import is_ill_posed
from copilot.offline.near import Candidate, near_words
from copilot.offline.plan import Cannot, Clarify, Plan, Query
from copilot.offline.shapes import (
    ANYWHERE,
    NARROWED,
    SHAPES,
    WITHOUT_THE_FIRST,
    Ambiguous,
    Builder,
    Shape,
    Unclear,
    Unreachable,
)
from copilot.offline.shapes.on_lines import fits, whose_money
from copilot.offline.tags import Tag
from copilot.offline.unfilled import find_unfilled
from copilot.offline.untranslated import offered, unknown_in
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.where import are_apart
from copilot.refusals import translate
from crm_core.errors import Invalid
from crm_core.own_words import METRIC
from crm_core.query.spec import QuerySpec
from crm_core.schema import pluralize

MAX_OPTIONS, MAX_NEAR = 4, 3
_OF_PERCENT = frozenset({"top_groups", "top_share"})  # that may be told as "the top 20%"
_COMPARING = frozenset(
    {
        "compared with which period?",
        "the gap between whom?",
        "what share of what?",
        "what should be compared with what?",
    }
)
_OF_PERIODS = frozenset({"periods_side_by_side", "change", "top_change"})


@dataclass(frozen=True)
class Verdict:
    """A plan and how it came about.

    Attributes:
        lacks_sense: whether the words are known and what they name is clear, and they make no question together.
    """

    plan: Plan
    reading: Reading
    tags: tuple[Tag, ...]
    shape: str | None = None
    lacks_sense: bool = False


def decide(
    builder: Builder, tags: tuple[Tag, ...], *, lang: str, repairs: Sequence[tuple[str, str]], today: date
) -> Verdict:
    """In this order: what the data does not hold, words nobody owns, names that fit several records, then shapes."""
    words = _Words(lang, builder.vocabulary)
    reading = builder.reading
    refusal = words.not_held(reading, tags) or words.loose(reading, tags)
    unplaced = isinstance(refusal, Clarify) and not refusal.options
    parts = (reading, *(reading.ratio or ()))
    for part in parts:
        refusal = refusal or words.ambiguous(part.records) or words.doubtful(part)
    if refusal is not None:
        return Verdict(refusal, reading, tags, lacks_sense=unplaced)
    shape = None
    unclear = reading.unclear or is_ill_posed(builder, today)
    if not (unclear or any(map(words.contradicts, parts))):
        shape = next((s for s in SHAPES if _covers(s, reading) and s.fits(builder)), None)
    if shape is None or not _tells_periods_apart(shape, reading) or not fits(shape.name, builder):
        asked = words.say("nothing_before" if reading.on_nothing else "no_shape")
        return Verdict(Clarify(asked), reading, tags, lacks_sense=not unclear)
    built, lacks_sense = _build(shape, builder, words)
    if isinstance(built, QuerySpec):
        told = whose_money(builder, built) + other_money(tags, builder.vocabulary)
        said = [*(words.say(name, **holes) for name, holes in told), *reading.notes]
        notes = tuple(dict.fromkeys([*said, *(f"{typed} → {right}" for typed, right in repairs)]))
        built = Query(built, shape.name, notes)
    return Verdict(built, reading, tags, shape.name, lacks_sense)


def _build(shape: Shape, builder: Builder, words: "_Words") -> tuple[QuerySpec | Plan, bool]:
    """The spec in this shape, or what stands in its way, and whether that is a want of sense."""
    try:
        return words.empty_fields(builder) or words.rests_on_nothing(shape.build(builder)), False
    except Unclear as error:
        return words.unclear(error), error.question in _COMPARING
    except Ambiguous as error:
        return words.which_date(error.fields), False
    except Unreachable as error:
        return Cannot(words.say("unreachable", what=words.label(str(error)))), True
    except Invalid as error:
        return Cannot(translate(error, words.lang)), False
    except ValidationError:  # a number beyond what a spec can hold
        return Clarify(words.say("no_shape")), False


def _tells_periods_apart(shape: Shape, reading: Reading) -> bool:
    """Several periods without a common day are added up only where that is said: else each is told by itself."""
    apart = are_apart(reading.periods) and not reading.total
    listed = shape.name == "list" and len({p.dotted for p in reading.periods} - {None}) == 1
    return not apart or listed or shape.name in _OF_PERIODS or _buckets(reading)


def _buckets(reading: Reading) -> bool:
    """Whether months, quarters … are told or ranked each by itself."""
    ranked = reading.sup is not None and bool(reading.sup.noun) and str(reading.sup.noun).startswith("bucket:")
    return ranked or any(group.bucket for group in reading.groups)


def asks_about_one(reading: Reading, shape: str | None) -> bool:
    """Whether the words ask for fields of one record: "when did we start the Konex deal"."""
    one = (reading.target is None or not reading.target.is_plural) and not {"which", "list"} & set(reading.asks)
    return shape in ("look_up", "list") and bool(reading.columns) and one


def _covers(shape: Shape, reading: Reading) -> bool:
    """Whether the shape has a place for all that the reading holds."""
    if reading.sup is not None and reading.sup.pct and shape.name not in _OF_PERCENT:
        return False
    ignored = {"loose", "not_held", "doubts"}
    held = {name for name, value in vars(reading).items() if value and name not in ignored}
    narrowed = {"meant", "either"} if shape.name in NARROWED else set()
    narrowed |= {"apart"} if shape.name in WITHOUT_THE_FIRST else set()
    return held <= shape.slots | ANYWHERE | narrowed


class _Words:
    """Sentences of one language."""

    def __init__(self, lang: str, vocabulary: Vocabulary) -> None:
        self.lang: Lang = "zh" if lang == "zh" else "en"
        self._texts = prompts.load_yaml("planner")[lang]
        self._vocabulary = vocabulary
        self._labels = vocabulary.lexicon.labels.get(lang, {})

    def say(self, name: str, **values: object) -> str:
        return prompts.fill(self._texts[name], **values)

    def label(self, dotted: str) -> str:
        """What people call an entity, a field or a metric."""
        if dotted in self._labels:
            return self._labels[dotted]
        schema = self._vocabulary.schema
        if dotted in schema.metrics:
            return self._labels.get(f"metric.{dotted}", schema.metrics[dotted].words[0])
        if "." in dotted:
            return self._vocabulary.field(dotted).label
        return dotted.replace("_", " ")

    def measure(self, name: str) -> str:
        return self._labels.get(f"metric.{name}") or self.label(name)  # "pipeline" is also a kind of record

    def plural(self, entity: str) -> str:
        """What people call several records of a kind."""
        return self._labels.get(entity) or pluralize(self.label(entity))

    def not_held(self, reading: Reading, tags: Sequence[Tag]) -> Plan | None:
        if not reading.not_held:
            return None
        word = reading.not_held[0]
        asked = self._which(self._vocabulary.glossary.offered(tags), word)
        return asked or Cannot(self.say("not_held", what=word), self._near(word))

    def loose(self, reading: Reading, tags: Sequence[Tag]) -> Plan | None:
        if not reading.loose:
            return None
        word = unknown_in(reading.loose)
        if word:
            asked = self._which(offered(self._vocabulary, word, reading.loose, tags), word)
            return asked or Cannot(self.say("unknown_word", word=word), self._near(word), unread=word)
        word = reading.loose[0].text
        return Clarify(self.say("unplaced", word=word), unread=word)

    def _which(self, found: Offer | None, word: str) -> Plan | None:
        asked = self.say("which_record", word=found.said) if found else ""
        return Clarify(asked, found.options[:MAX_OPTIONS], unread=word) if found else None

    def contradicts(self, reading: Reading) -> bool:
        """States that cannot hold together, or that a metric already fixes in another way."""
        kinds = [set(state.kinds) for state in reading.states if not state.negated]
        stages = [r.names for r in reading.records if r.entity == "stage" and not r.negated]
        kinds += [{self._vocabulary.stages.get(name.label, "open") for name in names} for names in stages]
        if any(not a & b for a in kinds for b in kinds):
            return True
        fixed = {"bookings": {"won"}, "deals_won": {"won"}, "deals_lost": {"lost"}, "pipeline": {"open"},
                 "weighted_pipeline": {"open"}, "average_deal_size": {"won"}, "sales_cycle_days": {"won"},
                 "win_rate": {"won", "lost"}, "loss_rate": {"won", "lost"}}  # fmt: skip
        wanted = [fixed[m.metric] for m in reading.measures if m.metric in fixed]
        return reading.share is None and any(not need <= have for need in wanted for have in kinds)

    def ambiguous(self, records: Iterable[RecordTest]) -> Plan | None:
        for test in records:
            if len(test.names) > 1:
                labels = tuple(dict.fromkeys(name.label for name in test.names))
                return Clarify(self.say("which_record", word=test.text or labels[0]), labels[:MAX_OPTIONS])
        return None

    def doubtful(self, reading: Reading) -> Plan | None:
        """A value that stands in several fields: which of them is meant."""
        for doubt in reading.doubts:
            if doubt.measures:
                return Clarify(self.say("which_measure"), tuple(map(self.measure, doubt.measures)))
            if doubt.options:
                return Clarify(self.say("which_record", word=doubt.text), doubt.options[:MAX_OPTIONS])
            if any(test.dotted in doubt.fields and test.text == doubt.text for test in reading.fields):
                options = tuple(f"{self.label(dotted)} {doubt.text}" for dotted in doubt.fields)
                return Clarify(self.say("which_record", word=doubt.text), options[:MAX_OPTIONS])
        return None

    def empty_fields(self, builder: Builder) -> Plan | None:
        """Asked-for fields and kinds of records that the data does not hold at all."""
        reading, vocabulary = builder.reading, self._vocabulary
        used = [
            *reading.columns,
            *(t.dotted for t in reading.fields),
            *(str(m.dotted) for m in reading.measures),
        ]
        used += [g.dotted for g in reading.groups if g.dotted]
        used += [reading.target.dotted] if reading.target else []
        used += [reading.sup.noun or "", reading.sup.by or ""] if reading.sup else []
        used += [p.dotted or builder.dated_by() or "" for p in reading.periods]
        used += ["deal.started_on"] if reading.sup and reading.sup.sort == "old" and not reading.measures else []
        for dotted in used:
            if "." in dotted and not dotted.startswith("bucket:") and not vocabulary.holds(dotted):
                return Cannot(self.say("empty_field", what=self.label(dotted)), self._near(self.label(dotted)))
        for entity in dict.fromkeys([*reading.facts, *([builder.measured()] if builder.counts_or_measures() else [])]):
            if not vocabulary.holds_records(entity):
                return Cannot(self.say("no_records", what=self.plural(entity)))
        return None

    def rests_on_nothing(self, spec: QuerySpec) -> QuerySpec | Plan:
        """The spec, unless it tests or ranks by a field that no record has filled in."""
        dotted = find_unfilled(spec, self._vocabulary)
        if dotted is None:
            return spec
        return Cannot(self.say("empty_field", what=self.label(dotted)), self._near(self.label(dotted)))

    def unclear(self, error: Unclear) -> Plan:
        question = {
            "by which measure?": "which_measure", "what share of what?": "share_of_what",
            "compared with which period?": "which_period", "the gap between whom?": "between_whom",
        }.get(error.question, "no_shape")  # fmt: skip
        return Clarify(self.say(question), tuple(self.label(option) for option in error.options))

    def which_date(self, fields: Sequence[str]) -> Plan:
        return Clarify(self.say("which_date"), tuple(self.label(field) for field in fields))

    def _near(self, word: str) -> tuple[str, ...]:
        """The fields, metrics, kinds of records and values whose words look like this one."""
        found = near_words(self._vocabulary, word, limit=MAX_NEAR)
        return tuple(dict.fromkeys(_label(self, candidate) for candidate in found))


def _label(words: _Words, candidate: Candidate) -> str:
    """What people call a candidate."""
    target = candidate.target.removeprefix(METRIC)
    if candidate.value is not None:
        return str(candidate.value)
    return words.label(target) if "." in target or candidate.target != target else words.plural(target)
