"""Follow-ups about rows of what was shown: one of them, two against each other, all of them as a part of the whole."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, entity_of
from copilot.offline.compose.reading import Ask, Contrast, FieldTest, MeasureNode, Reading, RecordTest
from copilot.offline.follow_up.context import Context, Slot, side_of, slots
from copilot.offline.follow_up.leaning import is_whole

Row = RecordTest | FieldTest


def row_asked(context: Context, current: Reading) -> Row | None:
    """As in "what industry is the second one in", "the win rate of the first": the row of what was shown."""
    sup, place = current.sup, _place(context, current)
    if current.row is not None and sup is not None and _is_owner(sup.noun) and context.last.entity == "account":
        return context.row(current.row)  # 第一个|谁在跟
    if place is None or current.groups or (sup is not None and (sup.by or "." in str(sup.noun or ""))):
        return None
    target = current.target
    told = target is not None and ("." in target.dotted or target.ask in ("where", "when"))
    asked = current.columns or "count" in current.asks or told
    measured = (current.measures or _does(current)) and target is None
    within = _ranks_within(context, current)
    return context.row(place) if asked or measured or within or asks_owner(context, current) else None


def _ranks_within(context: Context, current: Reading) -> bool:
    """As in "who sold the most to the first one": others are ranked, among what is of that row."""
    target, shown = current.target, context.last.entity
    others = target is not None and "." not in target.dotted and entity_of(target.dotted) != shown
    return bool(current.row is not None and others and current.sup and not current.sup.nth and current.measures)


def _is_owner(noun: str | None) -> bool:
    return noun is not None and noun.endswith(".owner")


def _does(current: Reading) -> bool:
    """As in "how did the second one do in Q1": what was measured, of that row, in another time."""
    return current.asks == ["what"] and bool(current.periods)


def _place(context: Context, current: Reading) -> int | None:
    """Which row; of deals in no told order "the first one" is the earliest, and no row."""
    if current.row is None:
        return current.sup.nth if current.sup is not None else None
    spec = context.last.spec
    unordered = context.last.entity == FACT and spec is not None and not spec.order_by
    return None if current.sup is not None and unordered else current.row


def asks_owner(context: Context, current: Reading) -> bool:
    """As in "who won the second of those", of deals; 第一家是谁负责的, of companies."""
    target = current.target
    who = target is not None and (target.dotted, target.ask) == ("rep", "who")
    owned = context.last.entity == FACT or (context.last.entity == "account" and bool(current.facts))
    return who and owned and not (current.measures or current.columns)


def of_row(context: Context, current: Reading) -> Reading:
    """The message without the words that said which row."""
    out = current.copy()
    whose = _is_owner(current.sup.noun if current.sup else None)
    ranks = _ranks_within(context, current) and current.sup is not None and current.sup.sort not in ("old", "new")
    out.sup, out.row = (current.sup if ranks else None), None  # "who sells to the first one": it is the row's place
    out.asks = [] if _does(current) else out.asks
    if asks_owner(context, current) or (whose and context.last.entity == "account"):
        owner, asks = f"{context.last.entity}.owner", [] if context.last.entity == FACT else list[Ask](["what"])
        out.target, out.asks, out.facts, out.columns = None, asks, [], [owner]
    elif out.target is not None and "." in out.target.dotted and not (out.measures or out.columns):
        out.columns, out.target, out.asks = [out.target.dotted], None, ["what"]  # "which region is the last one in"
    return out


def two_rows(context: Context, current: Reading) -> Reading | None:
    """As in "the gap between the first and the last", "by how much over the second"; None where nothing is ranked."""
    previous, places = context.previous, current.others
    if places is None or not previous.measures or not (previous.sup or previous.groups):
        return None
    pair = [context.row(place) for place in places]
    found: list[Slot] = [row for row in pair if row is not None]
    if len(found) == 2:
        out = unranked(previous, current)
        out.contrast = Contrast(side_of(found[:1]), side_of(found[1:]))
        return out
    out = previous.copy()
    out.gap, out.groups = True, []
    if previous.sup is None or previous.sup.limit not in (None, 1) or set(places) != {1, 2}:
        out.unclear = True  # such a row was not shown
    return out


def unranked(previous: Reading, current: Reading) -> Reading:
    """The measure of the last question, of whatever rows: no longer ranked, grouped or narrowed to some."""
    out = previous.copy()
    out.sup, out.groups, out.target, out.asks, out.order, out.columns = None, [], None, [], None, []
    out.having, out.side_by_side, out.gap, out.change, out.contrast = [], False, False, None, None
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return out


def shown_rows(context: Context) -> list[Slot]:
    """All rows of the last answer, as tests."""
    number = len(context.last.ids) or len(context.last.labels)
    if number > _MOST:
        return []
    found = [context.row(place) if number > 1 else context.only() for place in range(1, number + 1)]
    rows: list[Slot] = [row for row in found if row is not None]
    values = [row for row in rows if isinstance(row, FieldTest)]
    if len(values) < 2:
        return rows
    return [replace(values[0], values=tuple(value for row in values for value in row.values))]


_MOST = 200


def share_of_rows(context: Context, current: Reading) -> Reading | None:
    """As in "what do the three of them make up of our total", after a ranking: those shown, of all that was ranked."""
    previous = context.previous
    points = any(p.kind in ("set", "single") for p in current.pronouns) or current.shown
    rows = shown_rows(context)
    if not previous.measures or not rows or not (points or len(context.last.labels) == 1):
        return None
    number = len(context.last.ids) or len(context.last.labels)
    if (current.shown or number) != number or (current.measures and current.measures != previous.measures):
        return None
    out = unranked(previous, current)
    out.share, out.part, out.periods = "share", side_of(rows), list(current.periods) or out.periods
    return out


def told_ago(context: Context, current: Reading) -> Reading:
    """As in "how many days ago was that", after which deal was started first: the days from that day to this one."""
    previous, out = context.previous, current.copy()
    names, sup = context.record(FACT), previous.sup
    by = sup.by if sup is not None else None
    dates = [by] if by else [dotted for dotted in previous.columns if dotted.startswith(f"{FACT}.")]
    begun = dates in (["deal.started_on"], ["deal.age_days"]) or (not dates and sup and sup.sort in ("old", "new"))
    if len(names) == 1 and begun:
        out.records, out.columns, out.ago = [RecordTest(FACT, names)], ["deal.age_days"], False
    out.unclear |= not out.records
    return out


def misses_rows(context: Context, current: Reading) -> bool:
    """As in "and the second one?", after a single number; "… in Q1", which may be the old second or a new one."""
    before, sup = context.previous, current.sup
    place = current.row is not None or (sup is not None and sup.nth is not None and not (sup.noun or sup.by))
    listed = before.target is not None and before.target.ask != "count"
    shown = len(context.last.labels) > 1 or before.sup or before.groups or listed
    alone = not (is_whole(current) or current.measures)
    moved = len(context.last.labels) > 1 and before.sup is not None and current.periods and not current.asks
    return place and alone and bool(moved or not (shown or slots(current)))


def keeps_ranking(context: Context, current: Reading) -> bool:
    """As in "West too, and how much was it there", after a ranking: it is asked of the West, and tells its figure."""
    previous = context.previous
    ranked = previous.sup is not None and bool(previous.measures)
    told = current.fields or current.records or current.periods
    alone = not (current.sup or current.groups or current.target or current.columns or current.having or current.share)
    figure = [m.metric for m in current.measures] in ([], ["bookings"]) and set(current.asks) <= {"how_much"}
    named = not any(r.entity == context.last.entity for r in current.records)
    return bool(ranked and told and alone and figure and named and current.follow == "add" and _says_it(current))


def worth_of_counted(context: Context, current: Reading) -> Reading:
    """As in "how much is that in total", after how many deals are in Negotiation: what these come to, won or not."""
    previous = context.previous
    counted = previous.asks == ["count"] and not previous.measures
    generic = [m.metric for m in current.measures] == ["bookings"] and set(current.asks) <= {"how_much"}
    staged = any(r.entity == "stage" for r in previous.records) or any("won" not in s.kinds for s in previous.states)
    of_deals = previous.target is None or previous.target.dotted == FACT
    if not (counted and generic and staged and of_deals and current.total) or current.sup or slots(current):
        return current
    return replace(current, measures=[MeasureNode(fn="sum", dotted=f"{FACT}.amount")])


def _says_it(current: Reading) -> bool:
    """Whether "how much" is asked of "it", as of what the ranking found."""
    pointed = ("it", "there", "那里", "那边")
    return "how_much" in current.asks and any(p.text in pointed for p in current.pronouns)
