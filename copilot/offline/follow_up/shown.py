"""What "those" and "them" keep of what was shown."""

from dataclasses import replace

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import FieldTest, Reading, Target
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.whose_rows import of_rows
from copilot.offline.vocabulary import Name

MAX_SET = 200


def ask_of_shown(context: Context, out: Reading, before: Reading) -> None:
    """As in "which of them": of what was shown."""
    vague = out.target is None or ("which" in out.asks and out.target.dotted == "deal" and not out.facts)
    ranks = out.sup is not None and out.sup.noun is None and "which" in out.asks and out.target is None
    if (out.measures and not ranks) or not vague:
        return
    shown = context.last.entity
    ranked = context.previous.sup
    in_time = out.started or (out.sup is not None and out.sup.sort in ("old", "new") and shown == "user")
    if ranks and in_time and shown not in (None, "deal"):
        out.target = Target("deal", "which", is_plural=False)  # "which one was started first", after who is on them
        return
    if "count" in out.asks and ranked is not None and ranked.sort.endswith("count") and shown != "deal":
        out.target = Target("deal", "count")  # "how many of them are …", after "who has the most open deals"
    elif before.target is not None and "." not in before.target.dotted and entity_of(before.target.dotted) == shown:
        out.target = replace(before.target, ask="which", is_plural=before.target.is_plural and not ranks)
    elif shown is not None:
        out.target = Target("rep" if shown == "user" else shown, "which", is_plural=not ranks)
    elif before.target is not None:
        out.target = replace(before.target, ask="which", is_plural=before.target.is_plural and not ranks)


def keep_shown(context: Context, out: Reading) -> None:
    """As in "those", after a ranking: the records that were shown, no longer how they were found."""
    last = context.last
    if not (out.sup or out.having or out.without):
        return
    noun = (out.sup.noun if out.sup else None) or (out.target.dotted if out.target else "")
    if last.entity is None and "." in noun and last.labels and out.measures:
        out.fields = [t for t in out.fields if t.dotted != noun] + [FieldTest(noun, "in", last.labels)]
        out.target = out.target or Target(noun, "which")
        out.sup, out.having, out.without = None, [], []
    out.unclear |= not last.ids and not last.labels  # nothing was shown
    if last.entity is None:
        return
    if len(last.ids) > MAX_SET:
        out.unclear = True
        return
    names = tuple(Name(last.entity, i, label) for i, label in zip(last.ids, last.labels, strict=False))
    shown = [of_rows(context.previous, last.entity, (name,)) for name in names]
    out.records = [r for r in out.records if r.entity != last.entity] + shown
    out.sup, out.having, out.without = None, [], []


def is_lost(context: Context, before: Reading, out: Reading) -> bool:
    """Whether "them" are companies or people found by their deals: another question about deals would forget which."""
    shown, target = context.last.entity, out.target
    facts = before.states or before.periods or before.started
    return bool(facts and shown not in (None, "deal") and not before.records and target and target.dotted == "deal")
