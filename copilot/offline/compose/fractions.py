"""The part of a share that a verb tells: "what share of losses | took over 30 days", "of wins | closed in May"."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.contrasts import take_out, told_in
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import FieldTest, MeasureNode, Reading, Side, StateTest
from copilot.offline.dates import DateSpan
from copilot.offline.tags import T

_END = 1_000_000  # no request has so many tokens
_KINDS = {"won": {"won"}, "lost": {"lost"}, "closed": {"won", "lost"}, "deals_won": {"won"}, "deals_lost": {"lost"}}
_RELATIVE = frozenset({"that", "which", "who", "we", "i", "they", "you"})


def divided(c: Composer) -> None:
    """What the verb adds to the noun is the part; a state that the noun has too adds nothing."""
    r = c.reading
    if r.share != "share" or r.part is not None or r.pivot or r.contrast:
        return
    verb = r.part_from if r.part_from >= 0 else max(_verb_of_its_state(c), _verb_inside(c), _verb_between(c))
    if verb < 0:
        return
    told = told_in(r, verb, _END)
    noun = _kinds_before(r, verb)
    told = replace(told, periods=tuple(p for p in told.periods if not _is_till_now(c, p.span)))
    new = tuple(state for state in told.states if not noun or not noun <= set(state.kinds))
    if (party := _party(c, verb)) is not None:
        _of_parties(r, told, party)
        return
    plain = len([*told.fields, *told.records, *told.states]) == 1 and r.part_from >= 0
    if (plain and not (told.periods and not new)) or not _is_clear(told, new):
        return
    dated = not (told.fields or told.records or new) or (len(r.periods) > len(told.periods) and not new)
    part = replace(told, states=new, periods=told.periods if dated else ())
    if not part.kinds:
        return
    take_out(r, replace(told, periods=part.periods))
    r.started = r.started and not part.periods
    r.part = part


_PARTIES = ("account", "contact", "rep", "user")
_BOOKINGS = MeasureNode(metric="bookings")


def _party(c: Composer, verb: int) -> str | None:
    """As in "what fraction of accounts | have bought X": the party that is counted, and not what it spent."""
    head = next((item.tag for item in c.items if item.tag.start >= c.reading.share_at[1]), None)
    noun = head.get(T.ENTITY) if head else None
    buys = any(item.tag.get(T.VERB_METRIC) for item in c.items if item.tag.start >= verb - 1)
    if noun is None or noun.value not in _PARTIES or not buys or c.reading.measures != [_BOOKINGS]:
        return None
    return entity_of(str(noun.value))


def _of_parties(r: Reading, told: Side, party: str) -> None:
    """So many of them have such a deal won."""
    take_out(r, told)
    won = told.states or (StateTest(("won",)),)
    dated = tuple(replace(p, dotted=p.dotted or "deal.closed_on") for p in told.periods)
    r.part = replace(told, states=won, periods=dated)
    r.measures = [MeasureNode(fn="count", dotted=party)]


def _is_clear(told: Side, new: tuple[StateTest, ...]) -> bool:
    """Whether a state and what else is told belong together: "won within 30 days", but not "lost because of price"."""
    return not new or all(_is_bound(test) for test in told.fields)


def _is_bound(test: FieldTest) -> bool:
    return test.op not in ("in", "empty", "not_empty")


def _is_till_now(c: Composer, span: DateSpan) -> bool:
    return span.since is None and span.until is not None and span.until >= c.today


def _kinds_before(r: Reading, verb: int) -> set[str]:
    """The states of deals that the noun says: "lost deals", "wins"."""
    kinds = {kind for state in r.states if 0 <= state.at < verb for kind in state.kinds}
    return kinds.union(*(_KINDS.get(str(m.metric), set()) for m in r.measures))


def _verb_of_its_state(c: Composer) -> int:
    """The token of a verb that only says the noun's state again and begins the part: "wins | closed in May"."""
    first = next((k for k, item in enumerate(c.items) if item.tag.start >= c.reading.share_at[1]), len(c.items))
    for k in range(first + 1, len(c.items) - 1):
        noun = _states(c.items[k - 1]) or (_states(c.items[k - 2]) if k - 1 > first else set())
        verb = c.items[k].tag.get(T.STATE)
        says = _KINDS.get(str(verb.value), set()) if verb else set()
        if noun and noun <= says and not c.items[k].before & _RELATIVE and not c.items[k].after_break:
            return c.items[k].tag.start
    return -1


def _verb_inside(c: Composer) -> int:
    """The token of a verb that is one word with its state: "… | were started in May"."""
    found = (i.tag for i in c.items if i.tag.start >= c.reading.share_at[1] and i.tag.type is T.STATE)
    return next((tag.start for tag in found if tag.text.lower().split(" ")[0] in _BE), -1)


_BE = frozenset({"is", "are", "was", "were"})
_OF = frozenset({"of", "of all", "out of", "of the"})
_LIGHT = frozenset(
    {"came", "come", "comes", "sit", "sits", "sat", "took", "take", "takes", "belong", "belongs", "went", "fell"}
)


def _verb_between(c: Composer) -> int:
    """The token behind a light verb, or behind one right after the share: "…, what share | were lost on price"."""
    after = [item for item in c.items if item.tag.start >= c.reading.share_at[1]]
    led = bool(c.items[0].before & _OF) and bool(after) and after[0] is not c.items[0]
    for at, item in enumerate(after):
        if led:
            return item.tag.start  # "of the deals that came from X, what percentage | did we win"
        before = {word for words in item.before for word in words.split(" ")}
        if (before & _LIGHT and at) or (before & _BE and not at):
            return item.tag.start
        if item.tag.text.lower().split(" ")[0] in _LIGHT and 0 < at < len(after) - 1:
            return after[at + 1].tag.start
    return -1


def _states(item: Item) -> set[str]:
    named = [*item.tag.all(T.STATE), *item.tag.all(T.METRIC)]
    return set().union(*(_KINDS.get(str(sense.value), set()) for sense in named))
