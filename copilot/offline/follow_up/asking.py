"""What a fragment asks now, of what was asked before."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, GroupNode, Reading, RecordTest, Target


def ask_anew(out: Reading, current: Reading) -> None:
    """Put the measures, groups, ranking and target of `current` into `out`."""
    if current.measures:
        out.measures = list(current.measures)
        if not current.sup and out.sup and out.sup.sort in ("max_count", "min_count"):
            out.sup = replace(out.sup, sort=out.sup.sort.replace("count", "high"))
        ordered = "rank" in current.asks or current.order
        if out.target is not None and not out.sup and not out.groups and ordered and _is_party(out.target):
            out.target, out.asks = replace(out.target, ask="rank"), ["rank"]  # "sort those by revenue"
            out.order = current.order or "high_first"
    if current.groups:
        out.groups, out.sup = list(current.groups), current.sup
        out.target, out.asks = (None, []) if out.measures else (out.target, out.asks)
    elif current.sup and out.sup and _only_cuts(current):
        nth = current.sup.nth
        out.sup = replace(out.sup, limit=None if nth else current.sup.limit or out.sup.limit, nth=nth)
    elif current.sup:
        ranked = out.groups[0].dotted if len(out.groups) == 1 else out.target.dotted if out.target else None
        noun = current.sup.noun or (out.sup.noun if out.sup else None) or ranked
        out.sup, out.groups = replace(current.sup, noun=noun), []
    out.having = list(current.having) or out.having
    out.order = current.order or out.order
    if current.share:
        out.unclear = True  # a share of what was shown: which part of which whole is not said
    out.change = current.change or out.change
    _target(out, current)


def _only_cuts(current: Reading) -> bool:
    """As in "only the first three", "and the second": fewer or other rows of the same ranking."""
    sup = current.sup
    assert sup is not None
    return bool(sup.nth or (sup.limit and sup.sort in ("old", "max_rank"))) and not current.measures and not sup.by


def _target(out: Reading, current: Reading) -> None:
    """What is asked for now: a list, a count, other columns; or what was asked before."""
    asked = set(current.asks)
    if current.measures or current.groups or current.sup or current.having:
        return
    target = current.target
    swaps = current.follow in ("replace", "instead", "correct") or any(p.kind == "same" for p in current.pronouns)
    same = any(p.kind == "same" for p in current.pronouns)
    if swaps and target is None and asked <= {"list", "request", "count"} and (same or "count" not in asked):
        return  # "show me that for Cara's team instead", "the same number for Central"
    tests: list[FieldTest | RecordTest] = [*current.fields, *current.records]
    told = target is not None and any(test.entity == entity_of(target.dotted) for test in tests)
    if told and not asked:
        return  # "and just for customers in Japan": the noun of a filter
    if target is not None and target.ask == "list" and not asked and out.measures and _is_party(target):
        out.groups, out.sup = [GroupNode(dotted=target.dotted)], None
    elif "count" in asked or (target is not None and target.ask == "count"):
        noun = target.dotted if target else (out.target.dotted if out.target else "deal")
        out.target, out.asks = Target(noun, "count"), ["count"]
        _clear(out)
    elif target is not None or asked & {"list", "which", "who"}:
        noun = target.dotted if target else (out.target.dotted if out.target else "deal")
        out.target, out.asks = target or Target(noun, "list"), ["list"]
        _clear(out)
        out.sup = current.sup
    elif current.columns:
        out.columns, out.measures = list(current.columns), []


def _clear(out: Reading) -> None:
    out.measures, out.groups, out.sup, out.having, out.columns = [], [], None, [], []


def _is_party(target: Target) -> bool:
    return "." in target.dotted or entity_of(target.dotted) != "deal"
