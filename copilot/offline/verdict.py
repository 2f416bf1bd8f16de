"""The verdict on a reading: a query in one of the shapes, a question back, or an honest no."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

import prompts
from copilot.context import Lang
from copilot.offline.compose.reading import Reading, RecordTest
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
from copilot.offline.tags import T, Tag
from copilot.offline.unfilled import find_unfilled
from copilot.offline.untranslated import values_beside
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.where import are_apart
from copilot.refusals import translate
from crm_core.errors import Invalid
from crm_core.own_words import METRIC
from crm_core.query.spec import QuerySpec
from crm_core.schema import pluralize

MAX_OPTIONS = 4
MAX_NEAR = 3
_OF_PERCENT = frozenset({"top_groups", "top_share"})  # that may be told as "the top 20%"
_OF_PERIODS = frozenset({"periods_side_by_side", "change", "top_change"})


@dataclass(frozen=True)
class Verdict:
    """A plan and how it came about."""

    plan: Plan
    reading: Reading
    tags: tuple[Tag, ...]
    shape: str | None = None


def decide(
    builder: Builder, tags: tuple[Tag, ...], *, lang: str, repairs: Sequence[tuple[str, str]], today: date
) -> Verdict:
    """In this order: what the data does not hold, words nobody owns, names that fit several records, then shapes."""
    words = _Words(lang, builder.vocabulary)
    reading = builder.reading
    refusal = words.not_held(reading) or words.loose(reading, tags)
    parts = (reading, *(reading.ratio or ()))
    for part in parts:
        refusal = refusal or words.ambiguous(part.records) or words.doubtful(part)
    if refusal is not None:
        return Verdict(refusal, reading, tags)
    shape = None
    unclear = reading.unclear or _is_ahead(builder, today) or _wants_a_rate(builder)
    unclear = unclear or _counts_what(builder) or _asks_when_of_nothing(builder)
    if not (unclear or any(map(words.contradicts, parts))):
        shape = next((s for s in SHAPES if _covers(s, reading) and s.fits(builder)), None)
    if shape is None or not _tells_periods_apart(shape, reading) or not fits(shape.name, builder):
        return Verdict(Clarify(words.say("no_shape")), reading, tags)
    built = _build(shape, builder, words)
    if isinstance(built, QuerySpec):
        told = [words.say(name, **holes) for name, holes in whose_money(builder, built)]
        notes = tuple(dict.fromkeys([*told, *reading.notes, *(f"{typed} → {right}" for typed, right in repairs)]))
        built = Query(built, shape.name, notes)
    return Verdict(built, reading, tags, shape.name)


def _build(shape: Shape, builder: Builder, words: "_Words") -> QuerySpec | Plan:
    """The spec in this shape, or what stands in its way."""
    try:
        return words.empty_fields(builder) or words.rests_on_nothing(shape.build(builder))
    except Unclear as error:
        return words.unclear(error)
    except Ambiguous as error:
        return words.which_date(error.fields)
    except Unreachable as error:
        return Cannot(words.say("unreachable", what=words.label(str(error))))
    except Invalid as error:
        return Cannot(translate(error, words.lang))
    except ValidationError:  # a number beyond what a spec can hold
        return Clarify(words.say("no_shape"))


def _tells_periods_apart(shape: Shape, reading: Reading) -> bool:
    """Several periods without a common day are added up only where that is said: else each is told by itself."""
    apart = are_apart(reading.periods) and not reading.total
    listed = shape.name == "list" and len({p.dotted for p in reading.periods} - {None}) == 1
    return not apart or listed or shape.name in _OF_PERIODS or _buckets(reading)


def _buckets(reading: Reading) -> bool:
    """Whether months, quarters … are told or ranked each by itself."""
    ranked = reading.sup is not None and bool(reading.sup.noun) and str(reading.sup.noun).startswith("bucket:")
    return ranked or any(group.bucket for group in reading.groups)


def _is_ahead(builder: Builder, today: date) -> bool:
    """Whether what has happened is asked for a time to come: "how many deals will we win next year"."""
    reading = builder.reading
    closed = any(set(state.kinds) <= {"won", "lost"} and not state.negated for state in reading.states)
    dated = builder.dated_by() in ("deal.closed_on", "deal.started_on") if reading.measures else closed
    periods = [p for p in reading.periods if p.dotted is None and not p.negated]
    return dated and any(p.span.is_future_form and p.span.since is not None and p.span.since > today for p in periods)


def _wants_a_rate(builder: Builder) -> bool:
    """Whether a percentage is asked for where nothing that is measured is one."""
    reading, metrics = builder.reading, builder.vocabulary.schema.metrics
    rates = any(m.metric and metrics[m.metric].is_ratio for m in reading.measures)
    told = rates or reading.share or reading.change or reading.contrast or reading.gap
    told = told or any(m.dotted and "ratio" in m.dotted for m in reading.measures)
    return reading.percent and bool(reading.measures) and not told


def _counts_what(builder: Builder) -> bool:
    """Whether a company's own field stands beside a count without saying what about it: "how many did we invoice"."""
    reading = builder.reading
    own = any("." in dotted and builder.vocabulary.field(dotted).is_custom for dotted in reading.columns)
    of_one = [r.entity for r in reading.records] == [dotted.split(".")[0] for dotted in reading.columns]
    return own and not of_one and "count" in reading.asks and not reading.measures and not reading.sup


def _asks_when_of_nothing(builder: Builder) -> bool:
    """Whether a day is asked for of a record, and no date of it was found to be meant."""
    reading, field = builder.reading, builder.vocabulary.field
    dates = any("." in dotted and field(dotted).is_date for dotted in reading.columns)
    told = dates or reading.measures or reading.groups or reading.sup
    return "when" in reading.asks and bool(reading.records) and not told


def asks_about_one(reading: Reading, shape: str | None) -> bool:
    """Whether the words ask for fields of one record: "when did we start the Konex deal"."""
    singular = reading.target is None or not reading.target.is_plural
    listed = bool({"which", "list"} & set(reading.asks))
    return shape in ("look_up", "list") and bool(reading.columns) and singular and not listed


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

    def not_held(self, reading: Reading) -> Plan | None:
        if not reading.not_held:
            return None
        return Cannot(self.say("not_held", what=reading.not_held[0]), self._near(reading.not_held[0]))

    def loose(self, reading: Reading, tags: Sequence[Tag]) -> Plan | None:
        if not reading.loose:
            return None
        word = _unknown(reading.loose)
        if word:
            meant = values_beside(self._vocabulary, word, reading.loose, tags)
            if meant:
                return Clarify(self.say("which_record", word=word), meant[:MAX_OPTIONS], unread=word)
            return Cannot(self.say("unknown_word", word=word), self._near(word), unread=word)
        word = reading.loose[0].text
        return Clarify(self.say("unplaced", word=word), unread=word)

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


def _unknown(loose: Sequence[Tag]) -> str:
    """The first unknown word; of Chinese, the characters that stand together."""
    unknown = [tag for tag in loose if tag.type is T.UNKNOWN]
    text, end = "", -1
    for tag in unknown:
        if text and (tag.start != end or tag.text.isascii() or text.isascii()):
            break
        text, end = text + tag.text, tag.end
    return text
