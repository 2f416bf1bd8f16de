"""Rules for what is asked for: whom, what and where."""

from collections.abc import Callable
from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.counting import count_by
from copilot.offline.compose.implied import supposed
from copilot.offline.compose.mainly import counts_lost
from copilot.offline.compose.neighbours import asked_fact, find_noun, is_one_deal, named_fact
from copilot.offline.compose.ranked_parties import ranked_party
from copilot.offline.compose.reading import Ask, GroupNode, MeasureNode, Target
from copilot.offline.compose.who_met import is_buying, people_of
from copilot.offline.tags import T
from crm_core.models import Role


def _lasts(c: Composer) -> bool:
    """Whether days are measured or told at all: 还有几天到季度末 and 有几天签了单 ask for something else."""
    schema = c.vocabulary.schema
    told = [m.dotted for m in c.reading.measures if m.dotted and "." in m.dotted] + c.reading.columns
    told += [c.reading.sup.by] if c.reading.sup and c.reading.sup.by else []
    metrics = [schema.metrics[m.metric].unit for m in c.reading.measures if m.metric]
    long = c.reading.sup is not None and c.reading.sup.sort.endswith("long")
    fields = [d for k in range(len(c.items)) for d in c.fields_at(k)]
    return long or "days" in metrics or any(c.vocabulary.field(d).unit == "days" for d in (*told, *fields))


_WITH = ("with", "for", "w/")
_SINGULAR = frozenset({"has", "is", "was", "does"})
_PARTIES = ("account", "contact", "lead", "rep", "manager")


def targets(c: Composer) -> None:
    """Which X, who, list X, rank X, when, where."""
    for at, item, sense in list(c.each(T.ASK)):
        if item.owned:
            continue
        ask: Ask = sense.value
        c.own(at)
        if ask == "who" and _only_describes(c, at):
            continue
        c.reading.unclear |= ask == "how_long" and not _lasts(c)
        apart = item.after_break or (at > 0 and c.items[at - 1].is_soft and c.items[at - 1].after_break)
        c.reading.unclear |= ask == "which" and apart and "count" in c.reading.asks  # 有几个，都在哪个阶段
        c.reading.asks.append(ask)
        c.reading.unclear |= ask == "why" and not counts_lost(c)  # other reasons: no shape of ours
        if ask == "who" and (_names_whom(c, at) or _is_said_of(c, at)):
            pass
        elif ask in _SIMPLE:
            _SIMPLE[ask](c)
        elif ask == "exists" and (c.reading.sup or c.reading.groups):
            if item.tag.text.startswith("是") or at == 0:  # not "the ones who have any"
                supposed(c, item.tag.end)
        elif ask in ("which", "list", "rank", "what", "exists"):
            _what(c, at, ask)


def _only_describes(c: Composer, at: int) -> bool:
    """As in "how much did we sell to customers | who were founded …": the question was put before the noun."""
    before = c.item(at - 1)
    noun = before is not None and before.tag.end == c.items[at].tag.start and before.tag.get(T.ENTITY)
    return bool(noun) and "how_much" in c.reading.asks and not c.items[at].after_break


def _names_whom(c: Composer, at: int) -> bool:
    """As in "who are the managers", "who are our customers and how big is each": they are listed; True if so."""
    noun, noun_at = find_noun(c, at + 1)
    if noun not in _PARTIES or noun_at is None or c.reading.sup or c.reading.target or c.items[noun_at].after_break:
        return False
    between = [k for k in range(at + 1, noun_at) if not c.items[k].tag.get(T.MINE)]
    if between or not c.items[at].tag.text.lower().endswith(("are", "'re", "were")):
        return False
    c.reading.target = Target(noun, "list", is_plural=True)
    c.own(noun_at)
    return True


def _is_said_of(c: Composer, at: int) -> bool:
    """As in "customers who have never lost a deal": the noun before "who" is what is asked for; True if so."""
    noun = c.sense(at - 1, T.ENTITY)
    plain = c.reading.target is None and not c.reading.sup and not c.reading.measures and not c.items[at].after_break
    if noun is None or noun.value not in ("account", "contact") or not plain:
        return False
    c.reading.target = people_of(c, at - 1) or Target(str(noun.value), "who", c.items[at - 1].is_plural)
    c.own(at - 1)
    return True


def _who(c: Composer) -> None:
    """Who: the owner of the fact that is named, else the rep that a ranking or a test finds."""
    fact = named_fact(c)
    if any(item.tag.text.lower().split(" ")[-1] in _WITH for item in c.items if item.tag.type is T.PRONOUN):
        c.reading.columns.append("deal.account")  # "who was that with"
        return
    who = max((at for at in range(len(c.items)) if c.items[at].tag.text.lower() in ("who", "谁")), default=0)
    buys = is_buying(c, who)
    if is_one_deal(c) and (buys or not c.mentions(T.OWNS)):
        c.reading.columns.append("deal.account" if buys else "deal.owner")  # "who bought it", 最大的一笔是谁签的
        return
    above = next((k for k, _, _ in c.each(T.FIELD) if "user.manager" in c.fields_at(k)), None)
    row = c.reading.sup is not None and c.reading.sup.nth is not None and not c.reading.measures  # "the second one's"
    if above is not None and (row or [r.entity for r in c.reading.records if not r.reference] == ["user"]):
        c.reading.columns.append("user.manager")  # X的上级是谁
        c.own(above)
        return
    owner = c.vocabulary.schema.entities[fact].by_role(Role.OWNER) if fact else None
    if owner and not c.reading.measures:
        c.reading.columns.append(f"{fact}.{owner.name}")
    elif (party := _asked_party(c)) is not None:
        c.reading.target = Target(party, "who")
    elif _may_ask_who(c) and not _ranks_a_party(c):
        c.reading.target = Target("account" if buys else "rep", "who", is_plural=False)


def _whose(c: Composer) -> None:
    """As in "whose win rate is the best", "whose deals take longest": the rep that a ranking finds."""
    reading, sup = c.reading, c.reading.sup
    fact = named_fact(c) if sup is None else None
    owner = c.is_reference_of(fact, "user") if fact else None
    if owner:
        reading.columns.append(f"{fact}.{owner}")  # "whose is it"
        return
    if sup is None or reading.target is not None:
        return
    if sup.noun in (None, FACT) and sup.sort.endswith("long") and not reading.measures:
        reading.sup, reading.states = replace(sup, noun=None), []
        reading.measures.append(MeasureNode(metric="sales_cycle_days"))
    if reading.measures:
        _who(c)


def _asked_party(c: Composer) -> str | None:
    """As in "who are our customers in Germany": the noun says of what kind they are."""
    r = c.reading
    if r.measures or r.sup or r.states or r.having or r.target or c.mentions(T.STATE) or c.mentions(T.OWNS):
        return None
    nouns = [s.value for item in c.items if not item.owned for s in item.all(T.ENTITY)]
    return next((str(noun) for noun in nouns if noun in ("account", "contact", "lead")), None)


def _what(c: Composer, at: int, ask: Ask) -> None:
    """The noun after "which", "what", "list": a column of what is named, a day, a period, or what is asked for."""
    if "谁" in c.items[at].tag.text:
        _who(c)
        return
    noun, noun_at = find_noun(c, at + 1)
    if noun is None or noun_at is None:
        _nounless(c, at, ask)
        return
    plural = c.items[noun_at].is_plural and not _is_one_of(c, at, noun_at)
    wanted = reference_asked(c, noun)
    if "." in noun and c.vocabulary.field(noun).role is Role.CODE:  # "list the ids of the deals …"
        c.reading.columns.append(noun)
        c.reading.target = c.reading.target or Target(noun.split(".")[0], "list", plural)
    elif wanted:
        c.reading.columns.append(wanted)  # "what product is it"
    elif noun == "bucket:day":
        ask_when(c)
    elif noun.startswith("bucket:"):
        sup = c.reading.sup
        counts = sup is not None and sup.sort.endswith(("count", "rank", "good"))
        counted = counts and sup is not None and sup.noun in c.vocabulary.schema.entities
        if sup is not None and (sup.noun is None or counted):
            c.reading.facts += [str(sup.noun)] if counted else []
            c.reading.sup = replace(sup, noun=noun, is_plural=plural)  # "which month had the most wins"
        else:
            c.reading.groups.append(GroupNode(bucket=noun.removeprefix("bucket:")))
        count_by(c)
    elif c.reading.target is None and (ask != "what" or "." not in noun):
        c.reading.target = Target(noun, ask, plural)
    else:
        return
    c.own(noun_at)


def _nounless(c: Composer, at: int, ask: Ask) -> None:
    """As in 买了啥, 哪几家, "the five accounts which …": the word itself or what stands before it says of what."""
    text = c.items[at].tag.text
    if _asks_what_was_sold(c, at):
        c.reading.target = Target("product", "which")
    elif ask == "rank" and c.reading.target is None and not c.reading.groups and not c.reading.sup:
        c.reading.target = Target(party, "rank") if (party := ranked_party(c)) else None
        c.reading.unclear |= c.reading.target is None and bool(c.reading.measures)
    elif ask == "which" and "家" in text and c.reading.target is None:
        c.reading.target = Target("account", "which", "几" in text or "些" in text)
    else:
        _relative(c, at)


_TRADED = ("买", "购", "订", "卖", "采购")


def _asks_what_was_sold(c: Composer, at: int) -> bool:
    """As in 买了啥, 都卖些什么: products, where no noun is asked for."""
    verb = c.item(at - 1)
    text = verb.tag.text if verb is not None and verb.tag.get(T.VERB_METRIC) else ""
    plain = c.reading.target is None and c.reading.sup is None and not c.reading.groups
    return plain and text.startswith(_TRADED) and not c.sense(at + 1, T.ASK, T.NUMBER) and _is_what(c, at)


def _is_what(c: Composer, at: int) -> bool:
    return "what" in {s.value for s in c.items[at].tag.all(T.ASK)}


def _relative(c: Composer, at: int) -> None:
    """As in "the five accounts which brought us the most": the noun stands before the word."""
    before = c.item(at - 1)
    noun, noun_at = find_noun(c, at - 1) if before and not c.items[at].after_break else (None, None)
    if noun is None or noun_at != at - 1 or ":" in noun or c.reading.target is not None:
        return
    c.reading.target = Target(noun, "which", before.is_plural)  # type: ignore[union-attr]
    c.own(at - 1)
    number = c.sense(at - 2, T.NUMBER)
    if number is not None and c.reading.sup is not None and c.reading.sup.limit is None:
        c.reading.sup = replace(c.reading.sup, limit=int(number.value.value))
        c.own(at - 2)


def _is_one_of(c: Composer, at: int, noun_at: int) -> bool:
    """As in "which of the managers has …": the verb says that one is meant."""
    after = c.item(noun_at + 1)
    verb = after.tag.text.lower().split(" ")[0] if after and after.tag.get(T.VERB_METRIC) else ""
    one = after is not None and (bool(after.before & _SINGULAR) or (verb.endswith("s") and not verb.endswith("ss")))
    return c.items[at].tag.text.lower().startswith("which of") and one


def _may_ask_who(c: Composer) -> bool:
    """Whether "who" is what is asked for: also beside "and how many", when a ranking says how many."""
    target = c.reading.target
    return target is None or (target.ask == "count" and c.reading.sup is not None)


def reference_asked(c: Composer, noun: str | None) -> str | None:
    """The reference of the named fact that a noun asks for."""
    fact = named_fact(c)
    sup = c.reading.sup
    if fact is None and sup is not None and sup.noun == "deal" and ("when" in c.reading.asks or is_one_deal(c)):
        fact = "deal"  # "when did we close the latest deal, and which product was it"
    if noun and "." in noun and not c.reading.measures and not c.reading.sup:
        named = [r.entity for r in c.reading.records if not r.negated and not r.reference]
        return noun if noun.split(".")[0] in named and len(named) == 1 else None
    if fact and noun and "." in noun and noun.split(".")[0] == fact:
        return noun
    if not fact or not noun or "." in noun or ":" in noun or entity_of(noun) == fact:
        return None
    reference = c.is_reference_of(fact, entity_of(noun))
    return f"{fact}.{reference}" if reference else None


def _ranks_a_party(c: Composer) -> bool:
    """Whether the superlative's own noun says who or what is ranked ("the top rep")."""
    noun = c.reading.sup.noun if c.reading.sup else None
    return bool(noun) and not (
        noun and "." not in noun and entity_of(noun) not in ("user", "account", "product", "contact")
    )


def ask_when(c: Composer) -> None:
    """As in "when did we engage on it": the date that the state word is about."""
    base = asked_fact(c) or "deal"
    role = Role.OPENED if c.reading.started else Role.CLOSED if c.reading.states else None
    field = c.vocabulary.schema.entities[base].by_role(role) if role else None
    if field:
        c.reading.columns.append(f"{base}.{field.name}")


def _where(c: Composer) -> None:
    for record in c.reading.records:
        if place := c.vocabulary.schema.entities[record.entity].by_role(Role.PLACE):
            own = [f"{record.entity}.{name}" for name in ("city", place.name)]
            c.reading.columns += [dotted for dotted in own if dotted in c.vocabulary.filled] or own[1:]
            return


def tested(c: Composer) -> None:
    """As in "months with over 400 wins", "sectors with bookings above 1m": the groups that pass a test."""
    r = c.reading
    if not r.having or r.target or r.groups or r.sup:
        return
    ask: Ask = "count" if "count" in r.asks else "list"
    for at, item, _ in list(c.each(T.FIELD, T.UNIT, T.BUCKET)):
        unit = c.sense(at, T.UNIT, T.BUCKET)
        named = [] if item.is_soft else c.fields_at(at, lambda f: not f.is_numeric and not f.is_date)
        fields = [d for d in named if c.is_choice(d)]
        if (unit or fields) and not item.get(T.ENTITY) and "of" not in item.before:
            r.target = Target(f"bucket:{unit.value}" if unit else c.nearest(fields, to=c.about), ask, item.is_plural)
            c.own(at)
            return


def tested_periods(c: Composer) -> None:
    """As in 哪个季度业绩没到百万: the periods that pass a test."""
    for at, item, sense in list(c.each(T.BUCKET)):
        if item.tag.text.startswith("哪") and c.reading.having and not (c.reading.target or c.mentions(T.SUP)):
            c.reading.target = Target(f"bucket:{sense.value}", "which")
            c.own(at)


_SIMPLE: dict[str, Callable[[Composer], None]] = {"who": _who, "whose": _whose, "where": _where, "when": ask_when}
