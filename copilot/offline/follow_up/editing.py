"""A follow-up as an edit of the reading before it."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import (
    FieldTest,
    MeasureNode,
    Reading,
    RecordTest,
    StateTest,
    Target,
)
from copilot.offline.follow_up.against_time import against_time
from copilot.offline.follow_up.asking import ask_anew
from copilot.offline.follow_up.back_to import as_place, as_worth, past_share, past_sum
from copilot.offline.follow_up.context import Context, slots
from copilot.offline.follow_up.each_shown import for_each
from copilot.offline.follow_up.including import alone, both_times, include
from copilot.offline.follow_up.keeping import changes, doubts_left, loses
from copilot.offline.follow_up.leaning import (
    asks_among,
    asks_no_more,
    counted_as_measure,
    inherits_measure,
    is_whole,
    names_amount,
    of_rows,
    of_shown_time,
    reorders,
    reranks,
)
from copilot.offline.follow_up.meant import as_meant, as_said_after, of_several_shown
from copilot.offline.follow_up.reasons import each_rival, why_lost
from copilot.offline.follow_up.relating import as_percent, relate
from copilot.offline.follow_up.resolving import PLACES, Pointed, about, resolve
from copilot.offline.follow_up.returning import spoken_of
from copilot.offline.follow_up.rows import misses_rows, of_row, row_asked, told_ago, two_rows
from copilot.offline.follow_up.scope import as_planned, beside, let_go, put_owner, rescope, shifted
from copilot.offline.follow_up.shown import ask_of_shown, is_lost, keep_shown
from copilot.offline.follow_up.summing import add_up, sum_of_shown
from copilot.offline.follow_up.unsaid import of_what_was_shown
from copilot.offline.follow_up.whom import is_head, they_do

_PARTIES = {"user", "account", "product", "contact", "deal", "lead"}
_BOOKINGS = MeasureNode(metric="bookings")
_DONE = {"bookings": "won", "deals_won": "won", "deals_lost": "lost"}
_AMOUNT = MeasureNode(fn="sum", dotted="deal.amount")


def edit(context: Context, current: Reading) -> Reading:
    """The previous reading with what `current` says put in its place.

    A whole question keeps the filters that it does not replace; a fragment replaces just its own part: filters on the
    same field, periods, measures, groups, superlatives. A pointer to one record ("there", "that rep") becomes the
    record last spoken of; "those" keeps the set that was shown.
    """
    current = as_worth(context, as_said_after(context, current))
    current = _as_measured_before(context, as_percent(context, current))
    out = _edited(context, current)
    out = as_planned(out)
    out.unclear |= loses(current, out) or not (is_whole(current) or slots(current) or changes(context.previous, out))
    return out


def _as_measured_before(context: Context, current: Reading) -> Reading:
    """As in Q4签了多少, after 今年签了多少钱: the amount again, where by itself it may as well be a number."""
    measured = context.previous.measures
    counted = context.previous.target is not None and context.previous.target.ask == "count"
    if current.vague and (measured or counted) and not current.measures and current.target is None:
        return replace(current, asks=[ask for ask in current.asks if ask != "count"], vague=False)  # 其中华东多少
    kinds = {kind for state in current.states for kind in state.kinds}
    same = len(measured) == 1 and kinds == {_DONE.get(str(measured[0].metric))}
    return replace(current, measures=list(measured), states=[], vague=False) if current.vague and same else current


def _edited(context: Context, current: Reading) -> Reading:
    added_up = sum_of_shown(context, current)
    context = past_share(past_sum(spoken_of(context, current), current), current)
    current = as_place(context, as_meant(context, current))
    anew = current.ours and not (current.follow or current.pronouns) and slots(context.previous)
    if of_shown_time(context, current) or (anew and is_whole(current) and asks_among(current, context.last)):
        return replace(current.copy(), unclear=True)  # a month that only the answer names; all of ours, or of those
    set_of = any(p.kind == "set" and not (p.is_weak or is_head(p, current)) for p in current.pronouns)
    if context.last.spec is None and (set_of or not context.last.options):
        return _after_nothing(context, current)  # what had no answer is nothing to lean on
    current = of_what_was_shown(context, current)
    related = (
        added_up
        or of_several_shown(context, current)
        or against_time(context, current)
        or include(context, current)
        or alone(context, current)
    )
    related = related or why_lost(context, current) or two_rows(context, current) or relate(context, current)
    if related is not None:
        return related
    if misses_rows(context, current):
        return replace(current.copy(), unclear=True)
    out = told_ago(context, current) if current.ago else _of_pointed(context, current)
    return out if out is not None else _joined(context, current)


def _of_pointed(context: Context, current: Reading) -> Reading | None:
    """The question about a row or a record that the message points at; None where it points at none."""
    row = row_asked(context, current)
    if row is not None:
        return about(context, of_row(context, current), [row])
    pointed, points_at_nothing = _pointed(context, current)
    if points_at_nothing:
        return replace(current.copy(), unclear=True)  # it points at something that nobody mentioned
    if not pointed:
        return None
    return (_same_of if asks_no_more(current) else about)(context, current, pointed)


def _joined(context: Context, current: Reading) -> Reading:
    """The message as a question within the old scope, or as a part put into the old question."""
    if _only_leaves_out(context, current):
        current = replace(current.copy(), target=None)
    whole = is_whole(current) and current.follow not in ("replace", "correct", "instead")
    whole = whole and not (reranks(context, current) or names_amount(context, current) or reorders(current))
    out = each_rival(current, _inherit(context, current)) if whole else _fragment(context, current)
    if current.each and not out.groups:
        for_each(context, out)
    return add_up(current, out)


def _only_leaves_out(context: Context, current: Reading) -> bool:
    """As in "now without Anna's deals", after an average: it is taken over the others, and they are not listed."""
    noun = current.target is not None and current.target.dotted == "deal" and current.target.ask in (None, "list")
    asked = current.asks or current.measures or current.columns or current.groups or current.sup
    without: list[RecordTest | FieldTest] = [*current.records, *current.fields]
    return bool(noun and not asked and without and context.previous.measures) and all(t.negated for t in without)


def _same_of(context: Context, current: Reading, pointed: Sequence[Pointed]) -> Reading:
    """As in "and his team?", "list hers": the last question of somebody else, or the deals that it counted."""
    before = context.previous
    out = _fragment(context, _with_records(current, pointed))
    if current.asks:
        out.target = Target("deal", "list") if before.states or before.measures else out.target
    kinds = {test.entity for test in pointed if isinstance(test, RecordTest)}
    out.records = [r for r in out.records if r.entity not in kinds or r in pointed]
    return out


def _with_records(current: Reading, pointed: Sequence[Pointed]) -> Reading:
    """The message with what its pointers stand for."""
    out = current.copy()
    out.records += [test for test in pointed if isinstance(test, RecordTest)]
    out.fields += [test for test in pointed if isinstance(test, FieldTest)]
    out.pronouns = []
    return out


def _after_nothing(context: Context, current: Reading) -> Reading:
    """What had no answer is nothing to lean on: only a question that says all by itself can be answered."""
    leans = current.pronouns or current.shift or current.rest or current.drop or current.follow or of_rows(current)
    scoped = current.records or current.fields or current.periods
    measured = bool(current.measures) and bool(current.records or current.fields)  # "Anna's bookings this year"
    if (is_whole(current) or measured) and scoped and not leans:
        return current
    return replace(current.copy(), unclear=True, on_nothing=True, loose=[*context.previous.loose, *current.loose])


def _fragment(context: Context, current: Reading) -> Reading:
    out = context.previous.copy()
    unread = [] if context.last.spec or context.last.options else context.previous.loose
    out.loose, out.notes, out.not_held = [*unread, *current.loose], list(current.notes), list(current.not_held)
    if current.sup or current.groups or current.measures or current.target:
        out.gap, out.contrast, out.change = False, None, None  # another question than what set two apart
    if any(p.kind == "set" for p in current.pronouns):
        picked = bool(out.sup or out.having)
        keep_shown(context, out)
        if picked and current.measures and not out.sup:
            out.states = []  # "and their win rates", of those who lost the most: that is how they were found
    out.doubts = doubts_left(context, current)
    rescope(context, out, current)
    both_times(context, out, current)
    if _is_of_now(current) and out.periods and not (current.periods or _is_of_now(context.previous)):
        out.unclear = True  # "and the open ones", of what was won in Q2: no day of theirs was spoken of
    ask_anew(out, current)
    kept = ("also", "either", "without", "average_per", "distinct", "gap", "contrast", "against", "place", "part")
    if current.ratio is not None:
        out.measures, out.states = [], []  # it says what is measured
    for name in (*kept, "running", "growth", "ratio", "chain", "parted", "apart", "own_group"):
        if getattr(current, name):
            setattr(out, name, getattr(current, name))  # what the old question has no place for is refused by its shape
    points = any(p.kind == "set" for p in current.pronouns)
    if points and current.measures and (current.total or {"how_much", "what"} & set(current.asks)):
        out.target, out.asks = None, []  # "what have those three bought altogether": one figure
        out.total |= current.total
    return out


def _pointed(context: Context, current: Reading) -> tuple[Sequence[Pointed], bool]:
    """What the pointers to single things stand for, and whether one of them stands for nothing."""
    if any(p.kind == "set" for p in current.pronouns):
        return [], False
    named = {r.entity for r in current.records if not r.negated}
    here = bool(current.fields or current.records)  # "back to the East: how many did we lose there"
    single = [p for p in current.pronouns if p.kind == "single" and not _is_named(p, named)]
    single = [p for p in single if p.text not in PLACES or not here]
    regrouped = current.groups and not current.measures and not current.columns and not current.asks
    if regrouped and all(p.entity is None for p in single):
        return [], False  # "I'd rather see that by manager": the question, no record
    of_deal = any(m.dotted == "deal.duration_days" for m in current.measures) or "when" in current.asks
    if (
        of_deal and context.last.entity != "deal" and context.record("deal")
    ):  # "how long did it take", after which product it was
        single = [replace(p, entity=p.entity or "deal") for p in single]
    resolved = [(p, resolve(context, p)) for p in single]
    found = [test for _, test in resolved if test is not None]
    return found, any(not p.is_weak for p, test in resolved if test is None)


def _is_of_now(current: Reading) -> bool:
    """As in "how many are still open": that is so today, whatever time was spoken of."""
    return bool(current.states) and all(set(s.kinds) == {"open"} for s in current.states)


def _is_named(pronoun: Pronoun, named: set[str]) -> bool:
    """As in "Xx 那家": the pointer goes with a name."""
    return pronoun.entity in named or (pronoun.entity is None and bool(named & _PARTIES) and not pronoun.is_weak)


def _inherit(context: Context, current: Reading) -> Reading:
    """A new question within the old scope."""
    out, before = current.copy(), context.previous.copy()
    if current.each or any(p.kind == "set" for p in current.pronouns):
        keep_shown(context, before)
        out.unclear |= before.unclear or is_lost(context, before, out)
        ask_of_shown(context, out, before)
    let_go(before, replace(current, ours=False))
    before.unclear = False
    named = {(r.entity, r.reference) for r in out.records if not r.negated}
    out.records += [r for r in before.records if (r.entity, r.reference) not in named]
    held = {(t.dotted, t.op) for t in out.fields}
    out.fields += [t for t in before.fields if (t.dotted, t.op) not in held and t.dotted not in current.drop]
    out.meant += [m for m in before.meant if m not in out.meant]
    if current.shift is not None:
        moved = shifted(before.periods, current.shift)
        out.periods, out.shift = moved or [], None
        out.unclear |= moved is None
    elif not _is_of_now(current):
        out.periods = out.periods or beside(before.periods, current)
    put_owner(out, current, before.mine)
    if _asks_among_ranked(context, current):
        out.periods = list(current.periods)  # "which of those are hospitals": they are known by their ids
    _keep_unit(context, out)
    if inherits_measure(context.previous, current):
        out.measures = list(counted_as_measure(context.previous).measures)
        found = context.previous.sup is not None and context.only() is not None
        out.unclear |= found and not current.pronouns  # "which product mostly": of the one that was found, or of all?
    out.unclear |= out.share is not None and not out.groups  # a share of what was shown: which part is not said
    points = any(p.kind == "set" for p in current.pronouns)
    others = before.states and not current.states and not any("won" in s.kinds for s in before.states)
    if (points or "how_much" in current.asks) and others and out.measures == [_BOOKINGS]:
        out.measures, out.states = [_AMOUNT], list(before.states)  # "what are they worth", of open ones
    plain = all(m.metric is None for m in out.measures)  # a metric says itself of which deals it is
    if not out.states and plain:
        out.states = before.states
        kinds = {"deals_won": "won", "deals_lost": "lost"}
        if not (current.periods or current.started):
            kinds |= {"bookings": "won", "average_deal_size": "won", "pipeline": "open", "weighted_pipeline": "open"}
        told = [kinds[str(m.metric)] for m in before.measures if m.metric in kinds]
        listed = points and out.target is not None and out.target.dotted == "deal"
        if ("count" in out.asks or out.sup or listed) and told and not out.states:
            out.states = [StateTest((told[0],))]
    return out


def _asks_among_ranked(context: Context, current: Reading) -> bool:
    """Whether some of the companies or people that a ranking showed are asked for, by what they are."""
    noun = current.target.dotted if current.target else context.last.entity
    party = noun is not None and entity_of(noun.split(".")[0]) in ("account", "user", "contact")
    points = any(p.kind == "set" for p in current.pronouns)
    ranked = context.previous.sup is not None or bool(context.previous.groups)
    return bool(points and party and ranked and not (current.measures or current.states or "count" in current.asks))


def _keep_unit(context: Context, out: Reading) -> None:
    """As in "how many of those have deals in Prospecting", of companies: it is they that are counted."""
    before, target = context.previous.target, out.target
    points = any(p.kind == "set" for p in out.pronouns)
    if not points or before is None or target is None or "count" not in out.asks or target.ask == "count":
        return
    if they_do(out):
        out.target = target if entity_of(target.dotted) == "deal" else Target("deal", "count")
        return
    if entity_of(before.dotted) in ("account", "user", "contact") and target.dotted == "deal":
        of_deals = out.states or out.periods or any(r.entity in ("stage", "product") for r in out.records)
        out.target = replace(before, ask="count")
        out.unclear |= not (of_deals or any(t.entity == "deal" for t in out.fields))
