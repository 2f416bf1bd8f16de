"""A follow-up is an edit of the last reading: refine it, replace a part, or point into its answer."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import GroupNode, Reading, RecordTest, Target
from copilot.offline.plan import PastTurn
from copilot.offline.vocabulary import Name, Vocabulary


def is_follow_up(current: Reading, previous: Reading, last: PastTurn) -> bool:
    """Whether the message leans on what was said before: a pointer, a connective, or a mere fragment."""
    if current.pronoun or current.follow:
        return True
    if last.options and not current.measures and not current.asks:
        return True
    asks = (current.target is not None and current.target.ask not in (None, "list")) or bool(current.asks)
    return not asks and not current.measures and not current.columns and (current.target is None or _bare(current))


def _bare(current: Reading) -> bool:
    return not current.asks and not current.sup


def edit(previous: Reading, current: Reading, last: PastTurn, vocabulary: Vocabulary) -> Reading:
    """`previous` with what `current` says put in its place.

    Filters on the same field, periods, measures, groups and superlatives replace; other filters are added. A pointer
    to one record ("there", "that rep") becomes the record of the last answer; "those" keeps the whole set.
    """
    out = previous.copy()
    out.loose, out.notes = list(current.loose), list(current.notes)
    out.not_held, out.doubts = list(current.not_held), list(current.doubts)
    pointed = _pointed(current, last)
    if pointed is not None:
        return _about(pointed, previous, current)
    _filters(out, current)
    _question(out, current)
    return out


def _pointed(current: Reading, last: PastTurn) -> RecordTest | None:
    """The record of the last answer that a pronoun means, when there is just one."""
    if current.pronoun != "single" or last.entity is None or not last.ids:
        return None
    name = Name(last.entity, last.ids[0], last.labels[0])
    return RecordTest(last.entity, (name,))


def _about(pointed: RecordTest, previous: Reading, current: Reading) -> Reading:
    """A new question about the record pointed to; filters that it does not replace stay."""
    out = current.copy()
    kept = [
        r for r in previous.records if r.entity != pointed.entity and r.entity not in {x.entity for x in out.records}
    ]
    out.records = [*kept, *(r for r in out.records if r.entity != pointed.entity), pointed]
    if not out.periods:
        out.periods = list(previous.periods)
    if not out.measures and not out.columns:
        out.measures = list(previous.measures)
    return out


def _filters(out: Reading, current: Reading) -> None:
    for test in current.fields:
        out.fields = [t for t in out.fields if not (t.dotted == test.dotted and t.op == test.op)] + [test]
    named = {(r.entity, r.reference) for r in current.records if not r.negated}
    out.records = [r for r in out.records if (r.entity, r.reference) not in named or r.negated] + current.records
    if current.states:
        out.states = list(current.states)
    if current.started:
        out.started = True
        out.states = out.states if current.pronoun else out.states
    if current.periods:
        out.periods = list(current.periods)
    out.mine = current.mine or out.mine


def _question(out: Reading, current: Reading) -> None:
    if current.measures:
        out.measures = list(current.measures)
        if not current.sup and out.sup and out.sup.sort in ("max_count", "min_count"):
            out.sup = replace(out.sup, sort=out.sup.sort.replace("count", "high"))
    if current.groups:
        out.groups = list(current.groups)
        out.sup = current.sup
    if current.sup:
        out.sup = current.sup if current.sup.noun or not out.sup else replace(current.sup, noun=out.sup.noun)
    if current.having:
        out.having = list(current.having)
    if current.order:
        out.order = current.order
    if current.share:
        out.share, out.share_at = current.share, current.share_at
    out.change = current.change or out.change
    target = current.target
    if target is not None and target.ask in ("count", "list", "which", "who", "rank") and not current.measures:
        _target(out, current, target)
    elif "count" in current.asks:
        out.asks, out.measures, out.columns, out.sup = ["count"], [], [], None
        out.target = out.target and replace(out.target, ask="count")
    elif current.columns:
        out.columns = list(current.columns)
        out.measures = []


def _target(out: Reading, current: Reading, target: Target) -> None:
    entity = entity_of(target.dotted.split(".")[0])
    if target.ask == "list" and not current.asks and out.measures and ("." in target.dotted or entity != "deal"):
        out.groups = [GroupNode(dotted=target.dotted)]
        return
    out.target, out.asks = target, list(current.asks)
    if target.ask in ("list", "which") and entity == "deal" and not current.sup:
        out.measures, out.groups, out.sup, out.having = [], [], None, []
    if target.ask == "count":
        out.measures, out.groups, out.sup = [], [], None
