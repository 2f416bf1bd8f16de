"""Rules for what is measured: metrics, verbs that mean one, aggregates, how much, how long."""

from copilot.offline.compose.aggregating import add_measure, aggregate_of, aggregates
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun, head, is_one_deal, named_fact, nouns_at
from copilot.offline.compose.reading import Doubt, MeasureNode, StateTest, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import Sense, T
from crm_core.models import Kind
from prompts import load_yaml


def measures(c: Composer) -> None:
    """Metrics, verbs that mean one, aggregates of fields, how much, how long."""
    for at, item, sense in list(c.each(T.METRIC)):
        if _is_noun(c, at, str(sense.value)):
            kind = "won" if sense.value == "deals_won" else "lost"
            c.reading.states.append(StateTest((kind,), at=item.tag.start))
            c.reading.facts.append(FACT)
            if not _asks_for_party(c):
                c.reading.target = c.reading.target or Target(FACT, "list", item.is_plural)
            c.own(at)
        elif sense.value == "pipeline" and (counted := [k for k in (at - 1, at + 1) if c.has(k, T.ASK, "count")]):
            c.reading.states.append(StateTest(("open",), at=item.tag.start))  # "pipeline count"
            c.reading.facts.append(FACT)
            c.reading.asks.append("count")
            c.own(at, *counted)
        elif sense.value == "bookings" and _is_income(c, item.tag.text):
            c.reading.doubts.append(Doubt(item.tag.text, (), measures=_incomes(c)))
            c.own(at)
        elif not item.is_soft:
            add_measure(c, MeasureNode(metric=str(sense.value)))
            c.own(at)
            aggregate_of(c, at, str(sense.value))
    _verbs(c)
    aggregates(c)
    for at, _, _ in list(c.each(T.ASK)):
        if c.has(at, T.ASK, "how_long") and not c.reading.measures:
            until = c.item(at + 1)
            c.reading.unclear |= until is not None and "到" in until.before  # 还有几天到季度末
            add_measure(c, MeasureNode(fn="avg", dotted="deal.duration_days"))
            c.reading.asks.append("how_long")
            c.own(at)
        elif c.has(at, T.ASK, "how_much"):
            _how_much(c, at)


def _verbs(c: Composer) -> None:
    """Verbs that mean a metric: "who sold the most"."""
    for at, item, sense in list(c.each(T.VERB_METRIC)):
        if sense.value == "bookings" and not c.reading.measures and _is_income(c, item.tag.text):
            c.reading.doubts.append(Doubt(item.tag.text, (), measures=_incomes(c)))
        elif (noun := _had(c, at)) is not None:
            c.reading.states.append(StateTest(("won",) if sense.value != "deals_lost" else ("lost",)))
            c.reading.target = c.reading.target or noun
        elif sense.value == "bookings" and _is_of_the_largest(c):
            c.reading.columns.append("deal.amount")  # "the biggest win, which account was it and what did they pay"
        elif sense.value == "bookings" and _asks_for_deals(c):
            c.reading.states.append(StateTest(("won",)))  # "which deals did we sell below list price"
        elif not c.reading.measures and not c.reading.having and not named_fact(c):
            add_measure(c, _of_verb(c, at, str(sense.value)))
        c.own(at)


def _of_verb(c: Composer, at: int, metric: str) -> MeasureNode:
    """What a verb measures: money, or where their number is asked for the deals or orders themselves."""
    if metric == "order_revenue" and c.has(at + 1, T.ASK, "how_many", "count") and _times(c.items[at + 1].tag.text):
        return MeasureNode(fn="count", dotted="order")  # 下单|几次
    counted = metric == "bookings" and _counts_deals(c)
    return MeasureNode(metric="deals_won" if counted else metric)


def _times(asked: str) -> bool:
    return asked.endswith(("次", "笔", "回"))


def _is_income(c: Composer, verb: str) -> bool:
    """As in "how much does Anna earn": what she is paid, or what she sold."""
    words = load_yaml("lexicon/small_words")["income"]
    parties = [r.entity for r in c.reading.records if not r.negated and not r.reference]
    if (c.reading.mine or c.reading.ours) and parties == ["account"]:
        return False  # "how much did I make with Konex": what was sold to them
    said = verb.lower() in words or verb[0] in words  # 赚了|多少钱
    return said and parties in (["user"], ["account"]) and ("多少" in verb or c.mentions(T.ASK, "how_much"))


def _incomes(c: Composer) -> tuple[str, ...]:
    """What may be meant, as far as the data holds it."""
    named = [r.entity for r in c.reading.records]
    own = ["account.revenue"] if "account" in named and c.vocabulary.holds("account.revenue") else []
    return (*own, "bookings", "pipeline")


def _is_of_the_largest(c: Composer) -> bool:
    """Whether a single deal is found by its size."""
    sup = c.reading.sup
    return sup is not None and sup.noun == FACT and not sup.is_plural and sup.sort in ("max_size", "min_size")


_PARTIES = {"account", "user", "product", "contact"}


def _is_past(verb: str) -> bool:
    """As in 买过, 签过单, 卖了."""
    return "过" in verb or verb.endswith("了")


def _had(c: Composer, at: int) -> Target | None:
    """As in 买过X的客户: the party that did it, where nothing is measured or ranked."""
    r = c.reading
    plain = not (r.sup or r.having or r.share or r.groups or r.measures or r.change or r.gap)
    noun = head(c, at) if plain and _is_past(c.items[at].tag.text) else None
    asked = c.mentions(T.METRIC) or c.mentions(T.AGG) or c.mentions(T.ASK, "how_much")
    if noun is None or asked or not set(nouns_at(c, noun)) & _PARTIES or c.reading.target is not None:
        return None
    return Target(str(c.items[noun].get(T.ENTITY).value), "list")  # type: ignore[union-attr]


def _is_noun(c: Composer, at: int, metric: str) -> bool:
    """Whether "won deals" are meant as records: not where their number is ranked, grouped or counted."""
    if metric not in ("deals_won", "deals_lost") or not _names_deals(c, at):
        return False
    before = any(c.numeric_at(k) for k in range(at)) or any(m.metric != metric for m in c.reading.measures)
    if c.items[at].preps & {"for", "of", "among", "on"} and before:
        return True  # "the average ticket per product for won deals"
    counted = c.has(at - 1, T.BY) or c.mentions(T.ASK, "count", "how_many") or c.reading.groups
    ranked = c.reading.sup is not None and c.reading.sup.sort.endswith(("count", "high", "rank"))
    return not counted and not ranked and not c.reading.change and not c.reading.side_by_side


_DEAL = Sense(T.ENTITY, FACT)


def _asks_for_deals(c: Composer) -> bool:
    """Whether "which deals" or "list the deals" is asked."""
    for at, _, sense in c.each(T.ASK):
        if sense.value in ("which", "list"):
            noun, _ = find_noun(c, at + 1)
            return noun == FACT
    return False


def _counts_deals(c: Composer) -> bool:
    """As in "how many of those did we sell": nothing else is counted."""
    asked = next((at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_many", "count")), None)
    if asked is not None and c.items[asked].tag.text.endswith("多少"):
        return False  # 买了多少: how much as well as how many
    return asked is not None and find_noun(c, asked + 1)[0] in (None, FACT, "product")


def _asks_for_party(c: Composer) -> bool:
    """Whether "which reps won deals" asks for people or companies."""
    for at, _, sense in c.each(T.ASK):
        if sense.value == "which":
            noun, _ = find_noun(c, at + 1)
            return noun in ("rep", "manager", "account", "contact")
    return False


def _names_deals(c: Composer, at: int) -> bool:
    """Whether the words of a metric are a noun with its state before it: "won deals", not "wins" or "deals won"."""
    words = key(c.items[at].tag.text)
    agent, name = c.item(at + 1), c.item(at + 2)
    said_of = agent is not None and agent.tag.text.lower() == "by" and name is not None and name.tag.get(T.RECORD)
    by_us = len(words) == 3 and words[1] in ("we", "i")  # "for the deals we won"
    words = (words[0], words[2]) if by_us else words
    noun = words[0] if said_of or by_us else words[-1]  # "deals lost by Caleb" are deals too
    senses = c.vocabulary.phrases.get((noun,), ()) if noun.isascii() else ()
    return len(words) == 2 and any(sense == _DEAL for sense in senses)


def _how_much(c: Composer, at: int) -> None:
    """How much: the amount of the fact that is named, else bookings, unless something else is measured."""
    fact = named_fact(c)
    if fact:
        c.reading.columns.append(f"{fact}.amount")
        c.own(at)
        return
    if is_one_deal(c):
        c.reading.columns.append("deal.amount")  # 最大的赢单是多少钱
        c.own(at)
        return
    things = {r.entity for r in c.reading.records}
    sold = c.mentions(T.STATE) or c.reading.states or c.reading.measures or c.reading.periods
    deals = any(s.value == FACT for item in c.items for s in item.tag.all(T.ENTITY))
    if things == {"product"} and not sold and not deals:
        c.reading.columns.append("product.list_price")  # "how much is a GTX Pro"
        c.own(at)
        return
    says_money = any(word in c.items[at].tag.text.lower() for word in ("钱", "money", "dollar"))
    money = any(_is_money(c, m) for m in c.reading.measures)
    if c.reading.measures:
        is_missing = says_money and not money and not c.reading.sup
    else:
        is_missing = not any(c.numeric_at(k) for k in range(len(c.items)))
    if is_missing:
        add_measure(c, _worth(c))
    c.reading.asks.append("how_much")
    c.own(at)


def _worth(c: Composer) -> MeasureNode:
    """What deals come to: won ones their bookings, open ones their pipeline, of others what their amounts add up to."""
    kinds = {kind for s in c.reading.states for kind in s.kinds if not s.negated}
    staged = any(r.entity == "stage" for r in c.reading.records)
    if kinds == {"open"}:
        return MeasureNode(metric="pipeline")
    return MeasureNode(fn="sum", dotted="deal.amount") if staged or "lost" in kinds else MeasureNode(metric="bookings")


def _is_money(c: Composer, node: MeasureNode) -> bool:
    if node.metric:
        return c.vocabulary.schema.metrics[node.metric].kind is Kind.MONEY
    return bool(node.dotted and "." in node.dotted) and c.vocabulary.field(str(node.dotted)).kind is Kind.MONEY
