"""Rules for numbers of records: how many, number of, and what a period has the most of."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.tags import T
from crm_core.models import Role


def counts(c: Composer) -> None:
    """How many deals, number of wins, deal count."""
    for at, item, sense in list(c.each(T.ASK)):
        if item.owned or sense.value not in ("how_many", "count"):
            continue
        if "count" in c.reading.asks and c.sense(at + 1, T.STATE, T.ENTITY, T.METRIC, T.MINE):
            c.reading.unclear = True  # "how many have they given us and how many did we lose": two questions
        if _is_answered(c, at):
            continue
        noun, noun_at = find_noun(c, at + 1)
        if noun_at is None and sense.value == "count":
            noun, noun_at = find_noun(c, at - 1)
        if item.tag.text.endswith("家") and (noun is None or noun == "deal"):
            c.reading.asks.append("count")
            c.reading.target = c.reading.target or Target("account", "count")  # 几家: of companies
            c.own(at)
        elif noun_at is not None and noun and not noun.startswith("bucket:"):
            c.reading.asks.append("count")
            if noun == "deal" and [m.metric for m in c.reading.measures] == ["pipeline"]:
                c.reading.measures, c.reading.states = [], [StateTest(("open",))]  # the pipeline, as their number
            c.reading.target = c.reading.target or Target(noun, "count")
            c.own(at, noun_at)
        else:
            c.reading.asks.append("count")
            c.own(at)


def _is_answered(c: Composer, at: int) -> bool:
    """Whether a measure or a field says the number that is asked for; its words are taken."""
    compared = c.reading.pivot is not None or c.reading.against is not None
    if c.reading.measures and c.reading.measures[0].metric in ("deals_won", "deals_lost") and not compared:
        c.own(at)
        return True
    if (held := _own_number(c, at + 1)) is not None:
        c.reading.columns.append(held)  # 这家有几个人: its employees
        c.own(at, at + 1)
        return True
    coded = any(c.vocabulary.field(d).role is Role.CODE for d in c.fields_at(at - 1))
    if coded and find_noun(c, at + 1)[1] is None:
        c.own(at)  # 单号多少: which one
        return True
    return False


def _own_number(c: Composer, at: int) -> str | None:
    """A number that a named company holds of itself, where the word may also be a noun."""
    named = [r.entity for r in c.reading.records if not r.negated and not r.reference]
    named += [n.entity for i in c.items for s in i.all(T.RECORD) for n in s.value[:1]]
    held = [dotted for dotted in c.numeric_at(at) if named == [dotted.split(".")[0]]]
    return held[0] if held and c.sense(at, T.ENTITY) else None


def count_by(c: Composer) -> None:
    """As in "in which month did we lose the most deals": their number, and of losses the fewest are the best."""
    reading, sup = c.reading, c.reading.sup
    if sup is None or reading.measures or not sup.noun or not sup.noun.startswith("bucket:"):
        return
    if any(state.kinds == ("open",) for state in reading.states) and any("did" in item.before for item in c.items):
        reading.states, reading.started = [], True  # "when did we open the most"
    lost = [set(state.kinds) for state in reading.states] == [{"lost"}]
    if lost and not sup.sort.endswith("count"):
        reading.states = []
    reading.measures.append(MeasureNode(metric="deals_lost") if lost else MeasureNode(fn="count", dotted=FACT))
