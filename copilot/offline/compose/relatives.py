"""Rules for a company or a colleague that is described by what it did: "customers that bought X", 买过X的客户有几家."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import Clause, Reading, StateTest, Target
from copilot.offline.tags import Sense, T, Tag

PARTIES = ("account", "user", "contact")
_DONE = {"bookings": "won", "deals_won": "won", "deals_lost": "lost", "order_revenue": "won"}
_THAT = frozenset({"that", "which", "who"})
_WITH = frozenset({"with", "having", "have", "has"})
_COUNTERS = ("家", "位", "名")  # of companies, of people
_REACH = 4


def described(c: Composer) -> None:
    """The noun that a clause describes is what is asked for, or how many of it."""
    r = c.reading
    if r.sup or r.groups or r.share or r.change or r.gap or r.having or r.pivot or r.against or r.target:
        return
    for at, item, sense in list(c.each(T.ENTITY)):
        pointed = c.has(at - 1, T.PRONOUN)  # 这家公司: a known one
        verb = _verb(c, at) if entity_of(str(sense.value)) in PARTIES and not pointed else None
        if verb is None:
            continue
        count = counting(c, at)
        if _measures(c, verb):
            if _has_field(c, entity_of(str(sense.value))):
                _did(c, verb)  # "the average headcount of customers who bought X"
                c.own(at, *(k for k in range(at + 1, verb) if c.has(k, T.ASK, *_THAT)))
        elif count is not None:
            r.target = Target(str(sense.value), "count", item.is_plural)
            r.asks.append("count")
            _did(c, verb)
            c.own(at, count)
        elif not _is_asked(c, at) and (verb < at or _is_relative(c, at, verb)):
            r.target = Target(str(sense.value), "list", item.is_plural)
            c.own(at, *(k for k in range(at + 1, verb) if c.has(k, T.ASK, "which")))
            if c.items[verb].tag.type is T.METRIC:
                _did(c, verb)
        elif c.items[verb].tag.type is T.METRIC and c.has(at + 1, T.ASK, "who"):
            _did(c, verb)  # "reps who lost deals in Q2"
        return


def _verb(c: Composer, at: int) -> int | None:
    """What the noun at `at` did: behind it, or before it in Chinese."""
    if is_described(c, at):
        back = (k for k in range(at - 1, max(at - _REACH - 3, -1), -1) if _acts(c, k))
        return next(back, None)
    for k in range(at + 1, min(at + _REACH, len(c.items))):
        if c.items[k].after_break:
            return None
        if c.items[k].tag.type is T.METRIC:
            metric = c.sense(k, T.METRIC)
            return k if metric is not None and metric.value in _DONE and _is_relative(c, at, k) else None
        if _acts(c, k):
            return k
        if not c.items[k].owned and not c.items[k].tag.get(T.MINE, T.ASK, T.COMPARATIVE, T.RECORD, T.NEG):
            return None
    return None


def _acts(c: Composer, at: int) -> bool:
    """Whether a verb stands there; a state may have been read already."""
    return c.sense(at, T.VERB_METRIC) is not None or c.items[at].tag.type is T.STATE


def is_described(c: Composer, at: int) -> bool:
    """Whether 的 stands before the noun, by itself or at the end of a verb: 买过的客户."""
    return "的" in c.items[at].before or (at > 0 and c.items[at - 1].tag.text.endswith("的"))


def _is_relative(c: Composer, at: int, verb: int) -> bool:
    """Whether the words between lead a clause about the noun: "that", "which", "we", and "with" before "wins"."""
    between = range(at + 1, verb + 1)
    before = {word for k in between for words in c.items[k].before for word in words.split()}  # "that have"
    leads = bool(before & _THAT) or any(c.has(k, T.ASK, *_THAT) or c.items[k].tag.get(T.MINE) for k in between)
    return leads or (verb == at + 1 and bool(c.items[verb].before & _WITH) and c.items[verb].tag.type is T.METRIC)


def counting(c: Composer, at: int) -> int | None:
    """The "how many" that counts the noun at `at`."""
    for k, _, _ in c.each(T.ASK):
        if c.has(k, T.ASK, "how_many", "count"):
            last = k > at and c.item(k + 1) is None and (k == at + 1 or c.items[k].tag.text.endswith(_COUNTERS))
            if last or find_noun(c, k + 1)[1] == at:
                return k
    return None


def _measures(c: Composer, verb: int) -> bool:
    """Whether something is measured, so that the noun only says of whom."""
    money = c.mentions(T.ASK, "how_much", "how_long")
    told = (item for k, item in enumerate(c.items) if k != verb and not item.owned and not item.is_soft)
    return money or any(item.tag.type in (T.METRIC, T.AGG) and not _is_distinct(item.tag) for item in told)


def _is_distinct(tag: Tag) -> bool:
    return tag.get(T.AGG) == Sense(T.AGG, "distinct")


def _has_field(c: Composer, entity: str) -> bool:
    """Whether a number of the noun's own is asked for."""
    fields = [d for k in range(len(c.items)) for d in c.numeric_at(k)]
    return c.mentions(T.AGG) and any(d.split(".")[0] == entity for d in fields)


def _is_asked(c: Composer, at: int) -> bool:
    """Whether a question word asks for the noun already: "which customers", "customers who"."""
    return c.has(at - 1, T.ASK, "which", "what", "list", "who") or c.has(at + 1, T.ASK, "who")


def _did(c: Composer, verb: int) -> None:
    """The verb as a condition: there is such a deal."""
    sense = c.sense(verb, T.VERB_METRIC, T.METRIC)
    if sense is not None and sense.value in _DONE:
        c.reading.states.append(StateTest((_DONE[str(sense.value)],), at=c.items[verb].tag.start))
        c.own(verb)


def _others(states: list[StateTest]) -> list[StateTest]:
    kinds = {kind for state in states for kind in state.kinds}
    return [StateTest(tuple(kind for kind in ("open", "won", "lost") if kind not in kinds))]


def only(c: Composer) -> None:
    """As in "customers that only bought X", "bought nothing but X": some deals are such, and none are others."""
    r = c.reading
    for at, _, _ in list(c.each(T.NEG)):
        if not c.has(at, T.NEG, "only"):
            continue
        c.own(at)
        if r.target is None or entity_of(r.target.dotted) not in PARTIES or r.sup or r.groups:
            continue
        records = [t for t in r.records if t.entity == "product" and not t.negated]
        if r.states and not (records or r.periods or r.measures or r.having):
            r.also = [Clause(False, Reading(states=r.states)), Clause(True, Reading(states=_others(r.states)))]
            r.states = []  # "which accounts only have lost deals"
            continue
        if bool(records) == bool(r.periods) or len(records) + len(r.periods) > 1 or r.also or r.without or r.having:
            r.unclear = True
            continue
        states = [s for s in r.states if not s.negated] or [StateTest(("won",))]
        such = Reading(states=states, records=records, periods=r.periods)
        others = Reading(
            states=states,
            records=[replace(t, negated=True) for t in records],
            periods=[replace(p, negated=True) for p in r.periods],
        )
        r.also = [Clause(False, such), Clause(True, others)]
        r.states, r.measures, r.periods = [], [], []
        r.records = [t for t in r.records if t not in records]
