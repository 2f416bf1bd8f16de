"""Rules for a number of records and what they come to, asked for in one sentence: both are told.

"How many open deals do I have and what are they worth", 未结商机多少个，一共多少钱; and 签了多少, which may
mean either.
"""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, StateTest
from copilot.offline.tags import T
from crm_core.models import Kind, Role

_OF_KIND = {"deals_won": "won", "deals_lost": "lost", "bookings": "won", "pipeline": "open"}
_ENDED = ("won", "lost")
_LINKING = (T.ASK, T.PRONOUN, T.MINE, T.AGG)  # between "and" and what is asked for: "and what are they | worth"


def number_and_worth(c: Composer) -> None:
    """The number and the money of the same deals, or of whoever has the most of them."""
    r = c.reading
    related = r.change or r.gap or r.side_by_side or r.against or r.also or r.either
    fact, amount = _fact(c)
    if (
        related
        or r.having
        or r.share
        or r.average_per
        or amount is None
        or len(r.measures) > 1
        or len(r.columns) > 1
        or not _wants_worth(c, amount)
    ):
        return
    if not _counts(c, fact):
        return
    kinds = {kind for state in r.states for kind in state.kinds if not state.negated}
    of_metric = {_OF_KIND[str(m.metric)] for m in r.measures if m.metric in _OF_KIND}
    staged = any(test.entity == "stage" for test in r.records)
    if fact == FACT and not (kinds | of_metric or staged):
        r.unclear = True  # of those won, of those open, or of all?
        return
    if fact == FACT and not (kinds or staged):
        r.states = [StateTest((kind,)) for kind in sorted(of_metric)]
    r.measures = [MeasureNode(fn="count", dotted=fact), MeasureNode(fn="sum", dotted=amount)]
    r.columns, r.asks = [], [ask for ask in r.asks if ask not in ("count", "how_much")]
    if r.target is not None and r.target.ask == "count":
        r.target = None


def _fact(c: Composer) -> tuple[str, str | None]:
    """The kind of records that is counted, and their amount as "entity.field"."""
    target, sup = c.reading.target, c.reading.sup
    nouns = [target.dotted if target else "", str(sup.noun) if sup else "", *c.reading.facts, FACT]
    entities = c.vocabulary.schema.entities
    fact = next(noun for noun in nouns if noun in entities and entities[noun].is_fact)
    field = entities[fact].by_role(Role.AMOUNT)
    return fact, f"{fact}.{field.name}" if field is not None and c.vocabulary.holds(f"{fact}.{field.name}") else None


def _counts(c: Composer, fact: str) -> bool:
    """Whether their number is asked for, or who has the most of them."""
    r = c.reading
    if r.sup is not None:
        return r.sup.sort in ("max_count", "min_count") and r.sup.noun == fact and _is_joined(c)
    counted = r.target is not None and (r.target.dotted, r.target.ask) == (fact, "count")
    said = r.target is None and (fact in r.facts or bool(r.states)) and "count" in r.asks
    measured = r.target is None and [m.metric for m in r.measures] in (["deals_won"], ["deals_lost"])
    return counted or said or measured or (r.target is None and _counts_beside(c))


def _wants_worth(c: Composer, amount: str) -> bool:
    """Whether what they come to is asked for as well."""
    r = c.reading
    money = [m for m in r.measures if _is_money(c, m)]
    if r.columns:
        return r.columns == [amount] and not money
    return bool(money) or (r.total and "count" in r.asks and _adds_up(c))


def _is_money(c: Composer, node: MeasureNode) -> bool:
    if node.metric:
        metric = c.vocabulary.schema.metrics[node.metric]
        return metric.kind is Kind.MONEY and metric.additive and node.metric != "weighted_pipeline"
    return node.fn == "sum" and bool(node.dotted and c.vocabulary.field(node.dotted).role is Role.AMOUNT)


def _is_joined(c: Composer) -> bool:
    """As in "… | and what is the total value": "and", or a comma, stands before the money."""
    for at, item in enumerate(c.items):
        money = item.tag.get(T.AGG, T.MONEY_WORD) or item.tag.type is T.METRIC or _names_amount(c, at)
        money = money or any(s.value == "how_much" for s in item.tag.all(T.ASK))
        before = at - 1
        if not money or (before < 0 and not item.after_break):
            continue
        while before > 0 and c.items[before].tag.get(*_LINKING) and not c.items[before + 1].after_break:
            before -= 1
        if c.items[before + 1].after_break or (before >= 0 and c.items[before].tag.get(T.AND)):
            return True
    return False


def _adds_up(c: Composer) -> bool:
    """As in "and what do they add up to", which says something more; "in total" does not."""
    sums = [at for at, item in enumerate(c.items) if item.tag.get(T.AGG) and at > 1]
    starts = [at - 1 if c.items[at - 1].tag.get(*_LINKING) else at for at in sums]
    return any(c.items[at - 1].tag.get(T.AND) for at in starts)


def _names_amount(c: Composer, at: int) -> bool:
    fields = [sense.value for sense in c.items[at].tag.all(T.FIELD)]
    return any(c.vocabulary.field(dotted).role is Role.AMOUNT for dotted in fields)


def _counts_beside(c: Composer) -> bool:
    """As in "number and value of …", "count and total of …"."""
    asked = [at for at, item in enumerate(c.items) if any(s.value == "count" for s in item.tag.all(T.ASK))]
    return any(at + 1 < len(c.items) and c.items[at + 1].tag.get(T.AND) for at in asked)


def number_or_worth(c: Composer) -> None:
    """As in 签了多少, 丢了多少: how many as well as how much, so both are told."""
    r = c.reading
    plain = r.target is None and not (r.measures or r.columns or r.sup or r.having or r.share or r.change or r.gap)
    if not plain or "count" not in r.asks or r.facts:
        return
    for at, item in enumerate(c.items[1:], 1):
        asks = item.tag.get(T.ASK) is not None and item.tag.text == "多少" and not item.after_break
        verb = c.items[at - 1].tag.get(T.STATE)
        done = c.items[at - 1].tag.text.endswith(("了", "过"))  # 赢单多少 counts
        if asks and done and verb is not None and verb.value in _ENDED:
            r.measures = [MeasureNode(fn="count", dotted=FACT), MeasureNode(fn="sum", dotted=f"{FACT}.amount")]
            r.asks = [ask for ask in r.asks if ask != "count"]
            r.vague = True
            return


def worth_in_money(c: Composer) -> None:
    """As in "what did my team close in November, in dollars": what was won, as an amount."""
    r = c.reading
    words = [item for item in c.items if item.tag.type is T.MONEY_WORD and item.after_break]
    named = any(item.tag.get(T.ENTITY) for item in c.items)
    plain = not (named or r.measures or r.columns or r.sup or r.having or r.share or r.change or r.groups)
    kinds = {kind for state in r.states if not state.negated for kind in state.kinds}
    if words and plain and set(r.asks) == {"what"} and kinds in ({"won", "lost"}, {"won"}):
        r.measures, r.states, r.target, r.asks = [MeasureNode(metric="bookings")], [], None, []


def left_over(c: Composer) -> None:
    """A second question of which nothing is told: "… won most, and who manages it", "list … and their total"."""
    r = c.reading
    listed = "list" in r.asks and bool(r.measures) and not (r.groups or r.sup or r.change)
    named = any(s.value == FACT for item in c.items for s in item.tag.all(T.ENTITY))
    r.unclear |= listed and (_adds_up(c) if r.total else named and _is_money(c, r.measures[0]) and _is_joined(c))
    if r.target is None or r.measures or r.columns:
        return
    first = next((at for at, item in enumerate(c.items) if item.tag.type is T.ASK), 0)
    for at, item in enumerate(c.items[first + 1 :], first + 1):
        joined = item.after_break or c.items[at - 1].tag.get(T.AND)
        asked = [s.value for s in item.tag.all(T.ASK) if item.tag.type is T.ASK]
        r.unclear |= bool(joined and asked and asked[0] in ("who", "which") and r.target.ask in ("who", "which"))
    r.unclear |= r.total and r.target.ask in ("list", "which", None) and _adds_up(c)
