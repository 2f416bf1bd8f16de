"""One field of each record that was shown: "who owns each of them", "whose are they", 他们分别是哪个行业的."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import GroupNode, MeasureNode, Reading, RecordTest, StateTest, Target
from copilot.offline.follow_up.context import Context, grouped_by, slots
from copilot.offline.follow_up.shown import MAX_SET
from copilot.offline.plan import PastTurn
from copilot.offline.vocabulary import Name

_OWNED = ("deal", "account", "lead", "contact", "task")


def list_each(context: Context, current: Reading) -> Reading | None:
    """The records that were shown, each with what is asked for; None where that is not asked of several.

    After what they come to, they are those of the answer before it.
    """
    before, last = _listed(context)
    points = any(p.kind == "set" for p in current.pronouns)
    asked = _asked(current, str(last.entity)) if current.each or (current.asks == ["whose"] and points) else []
    more = current.measures or current.groups or current.sup or current.having or current.share or current.periods
    said = [slot for slot in slots(current) if slot not in current.states]
    whose = points and (current.asks == ["whose"] or (current.target is not None and current.target.ask == "who"))
    if not context.last.ids and (current.each or whose) and not (more or said):
        counted = _counted(context, current)
        if counted is not None or current.each:
            return counted
    if not asked or more or said or not 1 < len(last.ids) <= MAX_SET:
        return None
    target = Target(str(last.entity), "list")
    if last.shape == "list" and before.target is not None and before.target.dotted == last.entity and not before.sup:
        out = replace(before.copy(), target=target, asks=["list"], columns=asked)
    else:
        names = zip(last.ids, last.labels, strict=False)
        records = [RecordTest(target.dotted, (Name(target.dotted, id_, label),)) for id_, label in names]
        out = Reading(target=target, asks=["list"], columns=asked, records=records)
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return out


def _counted(context: Context, current: Reading) -> Reading | None:
    """As in 都是谁在跟, after how many customers there are: these, each with its owner."""
    before = context.previous
    kind = _counted_kind(before)
    asked = _asked(current, kind) if kind is not None else []
    if kind is None or not asked or before.groups or before.sup or before.share:
        return None
    states = before.states or [StateTest(_ENDED[str(m.metric)]) for m in before.measures if m.metric in _ENDED]
    out = replace(before.copy(), target=Target(kind, "list"), asks=["list"], columns=asked, measures=[], states=states)
    out.total = False
    out.loose, out.notes, out.not_held = list(current.loose), list(current.notes), list(current.not_held)
    return out


_ENDED = {"deals_won": ("won",), "bookings": ("won",), "deals_lost": ("lost",), "pipeline": ("open",)}


def _counted_kind(before: Reading) -> str | None:
    """The kind of record whose number, or whose amounts added up, were told."""
    target, measures = before.target, before.measures
    if not measures:
        counted = target is not None and before.asks == ["count"] and target.dotted in _OWNED
        plain = target is None and before.asks == ["count"]
        return target.dotted if counted and target is not None else "deal" if plain else None
    of_deals = all(m.metric in _ENDED or m.dotted in ("deal", "deal.amount") for m in measures)
    return "deal" if of_deals and len(measures) == 1 else None


def _listed(context: Context) -> tuple[Reading, PastTurn]:
    """The last answer, or the list before it that it added up."""
    summed = len(context.history) > 1 and context.last.shape == "scalar" and not context.last.ids
    return context.history[-2] if summed else context.history[-1]


def _asked(current: Reading, shown: str) -> list[str]:
    """The fields that are asked for, of records of this kind or of what they belong to."""
    target = current.target
    if target is None:
        return list(current.columns) or ([f"{shown}.owner"] if "whose" in current.asks and shown in _OWNED else [])
    if "." in target.dotted and not current.columns:
        return [target.dotted]
    owned = target.ask == "who" and target.dotted in ("rep", "user") and shown in _OWNED and not current.columns
    return [f"{shown}.owner"] if owned else []


def for_each(context: Context, out: Reading) -> None:
    """As in "how many did each of them win": one figure for each row that was shown."""
    shown, noun = context.last.entity, grouped_by(context.previous)
    if shown in ("user", "account", "product"):
        out.groups = [GroupNode("rep" if shown == "user" else shown)]
    elif noun is not None:
        out.groups = [GroupNode(noun)]
    if not out.groups or not (out.measures or "count" in out.asks):
        out.unclear = True
    elif not out.measures and out.target is not None:
        out.measures = [MeasureNode(fn="count", dotted=entity_of(out.target.dotted))]
        out.target, out.asks = None, []
