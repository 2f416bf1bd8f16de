"""A last look at an answer: whether each word that turns its meaning has left a trace in the query.

Rules own the words they explain; this is the check that none of them owned a "no", an "each" or a follow-up's whole
point and then made nothing of it. A word without a trace is named and asked about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import BaseModel

import prompts
from copilot.offline.compose.reading import Reading
from copilot.offline.kind_of_answer import mismatched
from copilot.offline.plan import Clarify, Query
from copilot.offline.reader import Read
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.traced import Asked, untraced
from copilot.offline.traces import Traces
from copilot.offline.verdict import Verdict
from copilot.offline.vocabulary import Vocabulary
from crm_core.query.spec import All, Any, Children, Condition, Not, QuerySpec

_NEGATIONS = frozenset({"not", "none", "never"})
_EACH = ("each", "each of", "apiece", "各", "各自", "分别", "每个", "每人", "每人各", "每位", "每家")
_THAT = ("那", "这")
_DESCRIBING = frozenset({T.VALUE, T.RECORD, T.STATE, T.FIELD, T.ENTITY, T.MEANING})
_AFTER_ONE = frozenset({T.FILLER, T.PREP, T.PUNCT, T.DATE, T.ASK, T.UNKNOWN})
_FEW = 4
_OF_THEIR_OWN = (T.ENTITY, T.RECORD, T.MINE, T.DATE, T.METRIC, T.WHOLE, T.THING, T.TREE, T.PRONOUN, T.SUP, T.NUMBER)
_TURNS = frozenset({"ne", "not_in", "empty", "lt", "le"})


def covered(
    verdict: Verdict, read: Read, before: QuerySpec | None, vocabulary: Vocabulary, *, after_nothing: bool = False
) -> Verdict:
    """The verdict, or a question back where words of the message have left no trace in the query.

    `before`: what was answered last, and would be again; `after_nothing`: the question before had no answer.
    """
    plan = verdict.plan
    if not isinstance(plan, Query):
        return verdict
    words = prompts.load_yaml("planner")[read.lang]
    lost = let_go(read.tags, plan.spec, corrects=before is not None)
    traces = Traces.of(plan.spec, vocabulary)
    asked = Asked(read.tags, verdict.reading, plan.spec, traces, vocabulary, _adds_up(read.reading))
    lost = lost or untraced(asked) or mismatched(asked)
    lost = lost or (slips(read.tags, plan.spec, before) if verdict.reading == read.reading else None)
    if lost is not None:
        return replace(verdict, plan=Clarify(prompts.fill(words["unplaced"], word=lost), unread=lost))
    vague = after_nothing and leans_on_nothing(read.tags, plan.spec)
    vague = vague or plan.spec == before or contradicts_itself(plan.spec) or tells_all(read.tags, plan)
    vague = vague or counts_parts(plan.spec)
    return replace(verdict, plan=Clarify(words["no_shape"])) if vague else verdict


def _adds_up(said: Reading) -> bool:
    """Whether one figure of everything is asked for."""
    return said.total and not (said.groups or said.target or said.sup or said.measures)


def slips(tags: Sequence[Tag], spec: QuerySpec, before: QuerySpec | None) -> str | None:
    """A few words after an answer, read as a question of their own that forgets what that was about; None: they do not.

    As in 过期的有哪些 after "the open tasks of my team": they name no kind of record, no person and no time.
    """
    content = [tag for tag in tags if tag.type not in SILENT]
    whole = any(tag.get(*_OF_THEIR_OWN) for tag in content)
    if before is None or whole or len(content) > _FEW:
        return None
    kept, said = set(_tested(spec)), set(_tested(before))
    return content[0].text if content and said - kept else None


def _tested(spec: QuerySpec) -> Iterator[str]:
    """The fields that a query narrows by, at the end of every path."""
    return iter(re.findall(r"field='([^']+)'", str([spec.where, spec.compare_to, [m.where for m in spec.measures]])))


def leans_on_nothing(tags: Sequence[Tag], spec: QuerySpec) -> bool:
    """As in 每人各多少, after a question without an answer: of everything, though a part of it was spoken of."""
    return spec.where is None and any(tag.get(T.BY) and tag.text.lower().endswith(_EACH) for tag in tags)


def counts_parts(spec: QuerySpec) -> bool:
    """As in "who wins fewer than 60 % of their deals": a share was spoken of, and no number of deals."""
    counted = {measure.name for measure in spec.measures if measure.fn == "count" and measure.over is None}
    return any(
        test.measure in counted and isinstance(test.value, float) and not test.value.is_integer()
        for test in spec.having
    )


def let_go(tags: Sequence[Tag], spec: QuerySpec, *, corrects: bool = False) -> str | None:
    """The word of a question that the query has no trace of; None: each has one.

    Args:
        tags: of the question.
        spec: the query.
        corrects: whether it may put right what was said before, so that its "no" denies that: one is hardly lost.
    """
    spared = max((at for at, tag in enumerate(tags) if _is(tag, T.NEG, "exclude")), default=-1)
    for at, tag in enumerate(tags):
        denied = any(_is(tag, T.NEG, value) for value in _NEGATIONS) and not tag.get(T.FILLER)
        told = at <= spared or _is_negative(spec, lenient=corrects)  # 没有的|不用列 tells what to spare the reader
        if denied and not told and not (at == 0 and _ends_clause(tags, 1)):
            return tag.text
        of_number = at > 0 and tags[at - 1].get(T.NUMBER)  # "worth more than 5,000 each"
        each = tag.get(T.BY) and tag.text.lower().endswith(_EACH)
        each = each or (tag.type is T.PRONOUN and tag.text.lower().startswith("each "))
        if each and not of_number and not _tells_apart(spec):
            return tag.text
    return None


def _is(tag: Tag, kind: T, value: str) -> bool:
    return any(sense.value == value for sense in tag.all(kind))


def contradicts_itself(spec: QuerySpec) -> bool:
    """Whether two conditions on one field leave nothing: "before July and after July"."""
    for group in _together(spec.where):
        low: dict[str, str] = {}
        high: dict[str, str] = {}
        for test in group:
            if isinstance(test.value, str) and test.op in ("ge", "gt"):
                low[test.field] = max(test.value, low.get(test.field, test.value))
            elif isinstance(test.value, str) and test.op in ("le", "lt"):
                high[test.field] = min(test.value, high.get(test.field, test.value))
        if any(name in high and value > high[name] for name, value in low.items()) or _excludes(group):
            return True
    return False


def _excludes(group: Sequence[Condition]) -> bool:
    """Whether one field would have to be two things: "my reps … versus Anna's people"."""
    wanted: dict[str, set[object]] = {}
    for test in group:
        if test.op in ("eq", "in") and test.value is not None:
            values: set[object] = set(test.value) if isinstance(test.value, list) else {test.value}
            wanted[test.field] = wanted.get(test.field, values) & values
    return any(not values for values in wanted.values())


def points_at_one(tags: Sequence[Tag], shape: str | None) -> bool:
    """Whether one record is spoken of as known ("how is the hotel deal going", 那个酒店的单子) and would be listed."""
    if shape not in ("list", "deals"):
        return False
    for at, tag in enumerate(tags):
        if tag.type is T.PRONOUN and tag.text[:1] in _THAT and not tag.text.endswith("些"):
            return True
        several = tag.text.lower().endswith("s") or (at + 1 < len(tags) and tags[at + 1].type not in _AFTER_ONE)
        if tag.type in (T.ENTITY, T.FIELD) and tag.get(T.ENTITY) and tag.text.isascii() and not several:
            before = at - 1
            while before >= 0 and tags[before].type in _DESCRIBING:
                before -= 1
            if before >= 0 and tags[before].text.lower() in ("the", "that", "this"):
                return True
    return False


def tells_all(tags: Sequence[Tag], plan: Query) -> bool:
    """Whether every record of a kind would be listed though the words say more: "deals worth a look"."""
    spec = plan.spec
    narrowed = (spec.where is not None and not _is_role(spec.where)) or spec.limit or spec.group_by or spec.measures
    if plan.shape != "list" or narrowed or spec.limit_pct or spec.distinct or spec.having:
        return False
    plain = frozenset(prompts.load_yaml("lexicon/small_words")["of_lists"])
    return any(tag.text.lower() not in plain for tag in tags if tag.type in SILENT and tag.type is not T.PUNCT)


def _is_role(where: object) -> bool:
    return isinstance(where, Condition) and where.field == "role"


def _together(where: object) -> Iterator[list[Condition]]:
    """The conditions that hold together, of each part of a filter."""
    if isinstance(where, All):
        yield [part for part in where.all if isinstance(part, Condition)]
        for part in where.all:
            yield from _together(part)
    elif isinstance(where, Any):
        for part in where.any:
            yield from _together(part)
    elif isinstance(where, Children):
        yield from _together(where.where)


def _tells_apart(spec: QuerySpec) -> bool:
    """Whether there is a figure, or a record, for each of several."""
    listed = bool(spec.columns) and not spec.measures and not spec.distinct  # 分别是谁跟的: a record in each row
    return listed or bool(spec.group_by or spec.top_per or spec.compare_to or spec.limit) or len(spec.measures) > 1


def _ends_clause(tags: Sequence[Tag], at: int) -> bool:
    """As behind the "no" of "no, I meant the lost ones"."""
    return at < len(tags) and tags[at].type is T.PUNCT


def _is_negative(part: object, *, lenient: bool) -> bool:
    """Whether something is left out or said not to be, anywhere in a query."""
    if isinstance(part, Not):
        return True
    if isinstance(part, Condition) and (part.op in _TURNS or part.value is False):
        ends = (
            not lenient and part.op in ("lt", "le") and isinstance(part.value, str)
        )  # the end of a period denies nothing, but
        return not ends or part.field.endswith(("closes_on", "due_on"))  # "should have closed and hasn't" does
    if isinstance(part, Children) and (part.op in _TURNS or (part.op == "eq" and part.value == 0)):
        return True
    if isinstance(part, BaseModel):
        return any(_is_negative(getattr(part, name), lenient=lenient) for name in type(part).model_fields)
    return isinstance(part, list) and any(_is_negative(each, lenient=lenient) for each in part)
