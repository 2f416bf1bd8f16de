"""States of deals, and whose they are."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at, opens
from copilot.offline.compose.reading import StateTest
from copilot.offline.tags import T

STATES = {"open": ("open",), "won": ("won",), "lost": ("lost",), "closed": ("won", "lost")}


_ONLY_OF = {"deal.lost_reason": "lost", "deal.next_step": "open", "deal.closes_on": "open"}


def of_their_end(c: Composer) -> None:
    """As in 输单原因没填的, "deals with no next step": only a lost deal lacks a reason, and only an open one that."""
    r = c.reading
    if r.states or r.measures:
        return
    planned = c.vocabulary.holds("deal.closes_on")
    for at, test in enumerate(r.fields):
        lacking = test.op == "empty" and not test.negated
        if lacking and test.dotted == "deal.closed_on" and planned:  # every open one has not closed: the day it is due
            test = r.fields[at] = replace(test, dotted="deal.closes_on")
        if lacking and test.dotted in _ONLY_OF:
            r.states.append(StateTest((_ONLY_OF[test.dotted],)))
            return


def states(c: Composer) -> None:
    """won, lost, open, closed, started. Joined states are alternatives; others must agree, or it asks."""
    explicit = [at for at, item, _ in c.each(T.STATE) if not item.get(T.OWNS)]
    chains: list[tuple[int, list[str], int]] = []
    for at, item, sense in list(c.each(T.STATE)):
        if _in_hand(c, at):
            c.own(at)
            continue
        if (item.get(T.OWNS) and explicit) or item.tag.type is T.METRIC:
            continue  # 手上: "open" only where no other word says a state
        asks = any(c.item(k) is not None and "did" in c.items[k].before for k in (at, at - 1))
        if opens(c, at):
            c.reading.started = True  # "how many did we open in May"
            c.own(at)
            continue
        if (
            asks
            and sense.value != "started"
            and not c.mentions(T.ASK, "when")
            and any(r.entity == FACT for r in c.reading.records)
        ):
            c.reading.columns.append("deal.stage")  # "deal X: did we win it"
        elif sense.value == "started":
            c.reading.started = True
        elif chains and _joined(c, chains[-1][2], at):
            chains[-1] = (chains[-1][0], [*chains[-1][1], *STATES[sense.value]], at)
        else:
            kinds = ("open",) if sense.value == "lost" and _is_not_yet(c, at) else STATES[sense.value]
            chains.append((item.tag.start, list(kinds), at))
        c.own(at)
    _test_states(c, chains)


_YET = ("还", "尚", "手上", "手里", "手头", "目前", "现在")


def _is_not_yet(c: Composer, at: int) -> bool:
    """As in 手上还有多少单没签下来: what has not come about and still may is open, and not lost."""
    told = [word for item in c.items[:at] for word in (item.tag.text, *item.before)] + list(c.items[at].before)
    return c.items[at].tag.text.startswith(("没", "未")) and any(word.startswith(_YET) for word in told)


_ENDED = ("bookings", "deals_won", "deals_lost", "average_deal_size", "win_rate", "sales_cycle_days")


def _in_hand(c: Composer, at: int) -> bool:
    """As in 手上|一个在跟的: open by another word too; 我|手上|哪个客户买得最多: whose they are."""
    item = c.items[at]
    hangs = item.tag.text in _HANGS and c.items[at - 1].tag.get(T.OWNS) is not None  # 名下|挂着
    if not (item.get(T.OWNS) or hangs) or item.get(T.STATE).value != "open":  # type: ignore[union-attr]
        return False
    named = at > 0 and (c.items[at - 1].tag.get(T.RECORD) is not None or c.items[at - 1].tag.get(T.MINE) is not None)
    again = any(c.has(k, T.STATE, "open") and not c.items[k].get(T.OWNS) for k in (at + 1, at + 2, at + 3))
    measured = any(s.value in _ENDED for i in c.items for s in (*i.tag.all(T.METRIC), *i.tag.all(T.VERB_METRIC)))
    asked = any("account" in nouns_at(c, k) for k in (at + 1, at + 2))
    return (again and not named) or (asked and ((named and measured) or _of_people(c, at)))


_HANGS = ("挂着", "还挂着", "挂")


def _of_people(c: Composer, at: int) -> bool:
    """As in 离职员工手里有哪些客户: whose customers they are, of people who are told by what they are."""
    told = any(c.has(k, T.ENTITY, "user", "rep") or _is_of_user(c, k) for k in range(at))
    return told and any(_is_of_user(c, k) or c.items[k].tag.get(T.VALUE) for k in range(at))


def _is_of_user(c: Composer, at: int) -> bool:
    return any(str(s.value[0]).startswith("user.") for s in c.items[at].tag.all(T.VALUE))


def begun(c: Composer) -> None:
    """As in "new deals this month", "new quotes per month": begun then."""
    ranked = c.reading.sup is not None and str(c.reading.sup.noun).startswith("bucket:")
    dated = ranked or c.reading.periods or c.reading.groups or any(c.each(T.DATE, T.BUCKET))
    for at, item in enumerate(c.items):
        if dated and not item.owned and item.tag.text.lower() == "new" and FACT in nouns_at(c, at + 1):
            c.reading.started = True
            c.own(at)


def _test_states(c: Composer, chains: list[tuple[int, list[str], int]]) -> None:
    """The tests of states: the chains are where each begins, its kinds, and its last item."""
    listed = len(chains) > 2 or any(item.tag.get(T.OR) for item in c.items)
    if len(chains) > 1 and listed and {kind for _, kinds, _ in chains for kind in kinds} == {"open", "won", "lost"}:
        chains = []  # "won, lost or still open": whatever became of them
    told = any(
        item.tag.get(T.METRIC) and c.has(k, T.METRIC, "deals_won", "deals_lost") for k, item in enumerate(c.items)
    )
    for start, kinds, _ in chains:
        if told and set(kinds) == {"won", "lost"}:
            continue  # "wins that closed within 30 days"
        test = StateTest(tuple(dict.fromkeys(kinds)), at=start)
        if not any(set(test.kinds) == set(s.kinds) and not s.negated for s in c.reading.states):
            c.reading.states.append(test)


def _joined(c: Composer, left: int, right: int) -> bool:
    """Whether two words stand beside each other or have only "and" or "or" between them."""
    between = range(left + 1, right)
    return all(c.has(k, T.OR) or c.has(k, T.AND) for k in between) and (len(between) > 0 or c.items[right].after_break)


_AS_TEAM = (
    "the team as a whole", "team as a whole", "the team overall", "team overall", "team total", "the whole team",
    "whole team", "the entire team", "entire team", "全团队", "整个团队", "整个部门", "全部门", "团队整体",
)  # fmt: skip


def whose(c: Composer) -> None:
    """My deals; we and our are the whole company."""
    for at, item, sense in c.each(T.MINE):
        if sense.value == "mine" and not _is_addressed(c, at):
            c.reading.me |= c.reading.place and c.reading.mine == "team"
            c.reading.mine = c.reading.mine or "me"
        elif sense.value == "ours":
            c.reading.ours = True
            c.reading.whole_team |= item.tag.text.lower() in _AS_TEAM
        c.own(at)


def _is_addressed(c: Composer, at: int) -> bool:
    """As in "show me", "for me": who gets the answer, not whose records."""
    item = c.items[at]
    if item.tag.text.lower() != "me" or item.preps & {"by", "with", "under", "of"}:
        return False
    asked = [k for k in range(at) if c.items[k].tag.type is T.ASK or (k == 0 and c.items[k].tag.type is T.VERSUS)]
    return bool(asked) if "for" in item.preps else at == 0 or at - 1 in asked
