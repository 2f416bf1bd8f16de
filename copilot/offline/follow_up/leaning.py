"""How a message leans on what was said: whether at all, and on which part of it."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, MeasureNode, Period, Reading, StateTest, Target
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.plan import PastTurn


def is_follow_up(current: Reading, last: PastTurn, before: Reading) -> bool:
    """Whether the message leans on what was said: a pointer, a connective, a fragment, or no scope of its own."""
    scoped = has_scope(current)
    told = [test for test in current.fields if not _is_asked(test, current)]
    named = bool(current.records or told or current.facts or current.meant)
    leans = current.follow or current.drop or current.shift or current.rest or current.each or of_rows(current)
    leans = leans or (last.spec is not None and _is_parallel(current, before))
    leans = leans or (last.spec is not None and (inherits_measure(before, current) or _speaks_of_team(current, before)))
    if leans or (current.vague and not current.measures) or any(not p.is_weak or not named for p in current.pronouns):
        return True
    if last.options and not current.measures and not current.asks:
        return True
    if last.spec is not None and _leaves_out_noun(current):
        return True
    if last.spec is None and not last.options and current.measures and is_whole(current):
        narrowed = slots(before) or before.mine or before.meant
        return bool(narrowed and not (scoped or current.ours))  # the last one had no answer: this one says it otherwise
    if before.mine == "team" and current.ours and not (current.total or scoped):
        return True  # "how many have we lost", after one's own team
    if current.ours and current.total and current.measures and current.periods:
        return False  # "what's our win rate in 2024 overall"
    return not is_whole(current) or (not scoped and not current.ours) or asks_among(current, last)


def as_measure(current: Reading, last: PastTurn, before: Reading) -> Reading:
    """As in "by money", 按金额, where it was asked by which measure: the sum of what was won."""
    asked = last.spec is None and bool(last.options) and before.sup is not None and not before.measures
    said = current.target or current.groups or current.measures or current.records or current.fields
    if not asked or said or current.columns != ["deal.amount"] or set(current.asks) - {"how_much", "list"}:
        return current
    return replace(current, columns=[], asks=[], measures=[MeasureNode(metric="bookings")])


def _leaves_out_noun(current: Reading) -> bool:
    """As in 超过90天的有多少, "how many above 10k": how many of what, only the question before it tells."""
    of_deals = {test.dotted for test in current.fields} <= {"deal.age_days", "deal.amount", "deal.duration_days"}
    said = current.target or current.facts or current.records or current.states or current.measures or current.periods
    return (
        current.asks == ["count"] and bool(current.fields) and of_deals and not (said or current.ours or current.mine)
    )


def _is_parallel(current: Reading, before: Reading) -> bool:
    """As in "how many did Zane win", after how many Anna won in May: the same question of another, at that time."""
    plain = not (current.periods or current.mine or current.ours or current.started or current.total)
    names = {(r.entity, r.reference) for r in current.records if not r.negated}
    told = {(r.entity, r.reference) for r in before.records if not r.negated}
    same = (_question(current) == _question(before)) and names == told and len(names) == 1
    return plain and same and bool(before.periods) and not (current.fields or before.mine)


def _question(reading: Reading) -> tuple[object, ...]:
    states = {kind for state in reading.states if not state.negated for kind in state.kinds}
    noun = reading.target.dotted if reading.target is not None else "deal" if "count" in reading.asks else None
    return (noun, set(reading.asks), list(reading.measures), states, list(reading.groups), reading.sup, reading.columns)


def _speaks_of_team(current: Reading, before: Reading) -> bool:
    """Whether the team as a whole is that of the people who were spoken of, and not everybody."""
    people = any(r.entity == "user" for r in before.records) or any(t.dotted == "user.team" for t in before.fields)
    return current.whole_team and bool(before.mine or people or before.groups or before.sup)


def has_scope(reading: Reading) -> bool:
    """Whether it says which records it is about."""
    narrowed = any(not _is_asked(test, reading) for test in reading.fields)
    return bool(reading.records or narrowed or reading.periods or reading.mine or reading.meant)


def _is_asked(test: FieldTest, reading: Reading) -> bool:
    """As in 都是输给谁的, "who did we lose them to": that there is one is no scope, it is what is asked for."""
    return test.op == "not_empty" and reading.target is not None and reading.target.dotted == test.dotted


def of_rows(current: Reading) -> bool:
    """Whether it speaks of rows, figures or records that only the last answer tells."""
    return bool(current.row or current.others or current.ago or current.below or current.of_whole)


def asks_among(current: Reading, last: PastTurn) -> bool:
    """As in "who won the most this year", after a list of people: one of them."""
    alone = not (current.records or current.fields or current.mine or current.meant)
    asked = entity_of(current.target.dotted) if current.target is not None else None
    shown = last.spec.entity if last.spec is not None and last.shape in ("list", "look_up", "count") else None
    return alone and asked == shown and asked in ("user", "account", "contact")


def is_whole(current: Reading) -> bool:
    """Whether it is a question by itself, and not a part to put into the last one."""
    asked = [ask for ask in current.asks if ask not in ("list", "exists", "what", "rank")]
    noun = current.target is not None and current.target.ask not in (None, "list", "rank")
    return bool(noun or asked or current.columns) or (bool(current.measures) and bool(current.sup or current.groups))


def reranks(context: Context, current: Reading) -> bool:
    """As in "who came second", "and the bottom two": the same ranking, read from another place."""
    before, sup = context.previous, current.sup
    if sup is None or sup.by or current.measures or current.groups or current.columns or current.having:
        return False
    told = [before.sup.noun if before.sup else None, before.target.dotted if before.target else None]
    grouped = [group.dotted or f"bucket:{group.bucket}" for group in before.groups]
    ranked = {noun if "." in noun else entity_of(noun) for noun in (*told, *grouped) if noun}
    nouns = [noun for noun in (sup.noun, current.target.dotted if current.target else None) if noun]
    same = all((noun if "." in noun else entity_of(noun)) in ranked for noun in nouns)
    counted = before.sup is not None and before.sup.sort.endswith("count")
    return bool(counted or (before.measures and (before.sup or before.groups))) and (same or not ranked)


def counted_as_measure(before: Reading) -> Reading:
    """The reading with its number of records as a measure, where it told one for each of several, or one alone."""
    target = before.target
    counts = {target.ask, *before.asks} & {"count"} if target is not None else set()
    if before.measures or target is None or "." in target.dotted or not (counts or (before.groups and not before.asks)):
        return before
    return replace(before, measures=[MeasureNode(fn="count", dotted=target.dotted)], target=None, asks=[])


def inherits_measure(before: Reading, current: Reading) -> bool:
    """As in "which region led then", "who was behind most of it", after bookings: by what was measured, or counted."""
    sup, target = current.sup, current.target
    party = target is not None and ("." in target.dotted or entity_of(target.dotted) in _PARTIES)
    plain = sup is not None and sup.sort in _RANKS and not (sup.by or sup.noun)
    said = current.measures or current.states or current.columns or current.groups or current.having or current.facts
    return bool(party and plain and not said and counted_as_measure(before).measures)


_PARTIES = ("user", "account", "product")
_RANKS = ("max_rank", "min_rank", "max_high", "min_high", "max_good", "min_good", "max_count", "min_count")


def lists_counted(context: Context, current: Reading) -> bool:
    """As in "list those, with the ids", after who won the most: the deals that were counted."""
    sup = context.previous.sup
    counted = sup is not None and sup.sort.endswith("count") and not (sup.by or context.previous.columns)
    several = any(p.kind == "set" and p.text not in ("they", "their") for p in current.pronouns)
    of_deals = all(dotted.startswith("deal.") for dotted in current.columns)
    other = current.target is not None and current.target.dotted != "deal"
    said = current.measures or current.groups or current.sup or other or "count" in current.asks
    return bool(counted and several and of_deals and not said and "list" in current.asks)


def names_amount(context: Context, current: Reading) -> bool:
    """As in "now by value", after a number of deals."""
    before = context.previous
    ranked = before.sup is not None and before.sup.sort.endswith("count")
    counted = before.measures or before.asks == ["count"] or ranked
    asked = current.columns == ["deal.amount"] and current.target is None and not slots(current)
    return bool(asked and counted)


def reorders(current: Reading) -> bool:
    """As in "sort by amount, biggest first": another order of the list that was shown."""
    said = current.measures or current.target or current.groups or current.sup or current.having or slots(current)
    return current.asks == ["rank"] and len(current.columns) == 1 and not said


def asks_no_more(current: Reading) -> bool:
    said = current.measures or current.columns or current.target or current.groups or current.sup or slots(current)
    return set(current.asks) <= {"list"} and not (said or current.share or current.change or current.gap)


def of_shown_time(context: Context, current: Reading) -> bool:
    """Whether it speaks of a time that a ranking of times found."""
    sup, units = context.previous.sup, ("day", "week", "month", "quarter", "year")
    ranked = sup is not None and str(sup.noun).startswith("bucket:")
    return ranked and any(p.kind == "same" and p.text.split(" ")[-1] in units for p in current.pronouns)


def drops_subject(context: Context, current: Reading) -> bool:
    """As in 什么阶段, "which stage?", after the one record that a ranking found: it may be that record's."""
    found = context.previous.sup is not None and (len(context.last.ids) == 1 or len(context.last.labels) == 1)
    said = current.pronouns or current.follow or current.sup or current.groups or current.having or current.ours
    scoped = [slot for slot in slots(current) if not isinstance(slot, StateTest)]
    return bool(found and is_whole(current) and not (said or scoped or current.mine or current.share))


def totals_of_one(context: Context, current: Reading) -> bool:
    """As in 总共签了几单, after the one customer that a ranking found: a total ranks nobody, it is that customer's."""
    found = context.previous.sup is not None and len(context.last.ids) == 1
    said = current.pronouns or current.follow or current.sup or current.groups or current.having or current.ours
    scoped = [slot for slot in slots(current) if not isinstance(slot, StateTest | Period)]
    bare = current.target is None and not (current.columns or current.share or current.change or current.mine)
    return bool(found and current.total and current.measures and bare and not (said or scoped))


def as_several(context: Context, current: Reading) -> Reading:
    """As in "which rivals are there", of the deals shown: a field of each of them."""
    asked = current.columns and all(dotted.startswith("deal.") for dotted in current.columns)
    here = [p.text for p in current.pronouns] == ["there"]
    summed = len(context.history) > 1 and context.last.shape == "scalar" and not context.last.ids
    shown = context.history[-2][1] if summed else context.last  # what they come to was asked in between
    several = shown.entity == "deal" and len(shown.ids) > 1
    if not (asked and here and several) or current.measures or current.target:
        return current
    pointers = [replace(p, kind="set", entity=None) for p in current.pronouns]
    return replace(current, target=Target("deal", "list"), pronouns=pointers)
