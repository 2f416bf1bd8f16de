"""Rules for numbers of records: how many, number of, and what a period has the most of."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.tags import T
from crm_core.models import Kind, Role


def open_deals(c: Composer) -> None:
    """As in "number of open deals per stage": they are counted in groups, and no account's own number is meant."""
    for at, item, _ in list(c.each(T.FIELD)):
        named = any(dotted.endswith(".open_deal_count") for dotted in c.fields_at(at))
        if not named or item.get(T.ENTITY) or c.mentions(T.AGG):
            continue
        if not (c.reading.groups or _speaks_of_its_owner(c)):
            c.reading.asks.append("count")  # "number of open deals without an amount"
            c.reading.target = Target(FACT, "count")
            c.reading.states.append(StateTest(("open",), at=item.tag.start))
            c.own(at)
        elif c.reading.groups:
            c.reading.measures.append(MeasureNode(fn="count", dotted=FACT))
            c.reading.states.append(StateTest(("open",), at=item.tag.start))
            c.own(at)


def _speaks_of_its_owner(c: Composer) -> bool:
    """Whether a company, a colleague or a product is named or asked for, whose own number it may be."""
    nouns = any(item.tag.get(T.ENTITY) or item.tag.get(T.PRONOUN) for item in c.items)
    named = any(s.type is T.RECORD and s.value[0].entity != "stage" for item in c.items for s in item.tag.senses)
    return (
        nouns or named or c.reading.target is not None or c.reading.sup is not None or c.mentions(T.ASK, "who", "which")
    )


def counts(c: Composer) -> None:
    """How many deals, number of wins, deal count."""
    for at, item, sense in list(c.each(T.ASK)):
        if item.owned or sense.value not in ("how_many", "count"):
            continue
        c.reading.unclear |= "count" in c.reading.asks and _asks_again(c, at)
        if _is_answered(c, at) or _asks_for_money(c, at):
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
            joined = c.has(at - 1, T.AND) or item.after_break or "how_much" in c.reading.asks  # both are asked for
            if noun == "deal" and [m.metric for m in c.reading.measures] == ["pipeline"] and not joined:
                c.reading.measures, c.reading.states = [], [StateTest(("open",))]  # the pipeline, as their number
            if noun == "deal" and c.reading.groups and _beside_a_measure(c, at):
                c.reading.measures.insert(0, MeasureNode(fn="count", dotted=noun))  # 各阶段的单子数和金额
            else:
                c.reading.target = c.reading.target or Target(noun, "count")
            c.own(at, noun_at)
        else:
            c.reading.asks.append("count")
            c.reading.vague |= item.tag.text == "多少"  # 华东多少: whatever was measured before
            c.own(at)


def _asks_for_money(c: Composer, at: int) -> bool:
    """As in 签了多少|合同额: the sum beside it is asked for, and no number of deals."""
    after = c.item(at + 1)
    if c.items[at].tag.text != "多少" or after is None or after.after_break or after.tag.get(T.ENTITY):
        return False
    if not any(c.vocabulary.field(s.value).kind is Kind.MONEY for s in after.tag.all(T.FIELD)):
        return False
    c.reading.asks.append("how_much")
    c.own(at)
    return True


def _asks_again(c: Composer, at: int) -> bool:
    """As in "how many did they give us and how many did we lose", "… and how many of those are overdue"."""
    of_those = c.has(at + 1, T.PRONOUN, "set") and c.has(at - 1, T.AND)
    return of_those or c.sense(at + 1, T.STATE, T.ENTITY, T.METRIC, T.MINE) is not None


def _is_answered(c: Composer, at: int) -> bool:
    """Whether a measure or a field says the number that is asked for; its words are taken."""
    if _asks_employees(c, find_noun(c, at + 1)[1]) or _tells_more(c, at):
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


def _asks_employees(c: Composer, noun_at: int | None) -> bool:
    """As in X是哪个城市的，多少人: of the company that is named, or ranked by it."""
    if noun_at is None or c.items[noun_at].tag.text not in ("人", "员工"):
        return False
    staff = [d for d in c.numeric_at(noun_at) if d == "account.employees" and c.vocabulary.holds(d)]
    told = bool(c.reading.columns) or c.mentions(T.FIELD)
    named = told and any(r.entity == "account" and not r.negated for r in c.reading.records)
    ranked = c.reading.sup is not None and c.reading.sup.by in staff
    people = any(r.entity == "user" for r in c.reading.records) or c.reading.states or c.reading.measures
    if not staff or people or not (named or ranked):
        return False
    if named:
        c.reading.columns.append(staff[0])
    c.own(noun_at)
    return True


def _tells_more(c: Composer, at: int) -> bool:
    """Whether a number of deals is measured anyway; in 一共有几单，赢了几单 all of them are told beside it."""
    compared = c.reading.pivot is not None or c.reading.against is not None
    if not c.reading.measures or c.reading.measures[0].metric not in ("deals_won", "deals_lost") or compared:
        return False
    noun, noun_at = find_noun(c, at + 1)
    later = [item for item in c.items[at + 1 :] if item.tag.get(T.METRIC)]
    if noun == FACT and noun_at is not None and later and later[0].after_break:
        c.reading.measures.insert(0, MeasureNode(fn="count", dotted=FACT))
        c.reading.unclear |= bool(c.reading.periods or c.reading.sup or c.reading.share)
        c.own(noun_at)
    return True


def _beside_a_measure(c: Composer, at: int) -> bool:
    """Whether something else is measured, and told beside the number."""
    joined = c.has(at + 1, T.AND) or c.has(at - 1, T.AND) or c.has(at - 2, T.AND)
    return joined and bool(c.reading.measures) and not (c.reading.sup or c.reading.share or c.reading.average_per)


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


def asks_a_number(c: Composer, at: int, text: str) -> bool:
    """As in "how much … in dollars", 初步接洽的占几个: an amount or a number of records, and no share."""
    money = text.startswith("how much") and any(item.tag.type is T.MONEY_WORD for item in c.items)
    return money or (text == "占" and c.has(at + 1, T.ASK, "how_many") and c.items[at + 1].tag.text.startswith("几"))
