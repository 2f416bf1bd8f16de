"""Rules for what is asked for without being named."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import Reading, Target
from copilot.offline.tags import SILENT, Sense, T, Tag


def supposed(c: Composer, after: int) -> None:
    """As in 是不是Vicki赢得最多: whoever is supposed is no filter; the ranking tells."""
    r = c.reading
    tests = [t for t in r.records if t.at >= after and not t.negated and not t.reference]
    if r.sup is not None and not tests and len(r.records) == 1:
        return  # Vicki是不是第一: her place is told
    if r.sup is None or len(tests) != 1 or r.sup.limit or r.groups:
        r.unclear = True
        return
    r.records.remove(tests[0])
    noun = "rep" if tests[0].entity == "user" else tests[0].entity
    r.sup = replace(r.sup, noun=r.sup.noun or noun)
    r.target = r.target or Target(noun, "which", is_plural=False)


def implied_records(c: Composer) -> None:
    """As in "anyone in Italy?": the records that the condition is said of."""
    r = c.reading
    free = not (r.target or r.measures or r.columns or r.states or r.groups or r.sup or r.records or r.periods)
    if free and r.fields and set(r.asks) & {"exists", "which", "list", "who"}:
        noun = r.fields[0].entity
        r.target = Target("rep" if noun == "user" else noun, "list")
        if "which" in r.asks:
            r.pronouns.append(Pronoun("set", None, False, "which"))  # of those spoken of, where any were


def called_by_date(c: Composer) -> None:
    """As in "renewals next month": with nothing else said, the records whose day it is."""
    r = c.reading
    more = r.target or r.measures or r.columns or r.states or r.groups or r.sup or r.having or r.facts or r.without
    dates = {p.dotted for p in r.periods if p.dotted and "." in p.dotted}
    told = {dotted.split(".")[0] for dotted in dates}
    own = {dotted for targets in c.vocabulary.schema.own_words.values() for dotted in targets}
    if not more and len(told) == 1 and all(c.vocabulary.field(date).is_custom or date in own for date in dates):
        r.target = Target(told.pop(), "count" if "count" in r.asks else "list")


def called_by_value(c: Composer) -> None:
    """As in "the decision makers at Acme", "villas in Marina": the plural of a stored value says what they are."""
    r = c.reading
    asked = r.target is None or (r.target.ask == "who" and r.target.dotted == "rep")
    if not asked or r.measures or r.columns or r.sup or r.groups or r.states:
        return
    for test in r.fields:
        typed = test.text.lower()
        if typed.endswith("s") and test.op == "in" and typed not in {str(v).lower() for v in test.values}:
            r.target = Target(test.entity, "count" if "count" in r.asks else "list")
            return


def implied_deals(c: Composer) -> None:
    """As in "which of my open GTX Pros have no account": states and owners are said of deals."""
    staged = [r.entity for r in c.reading.records]
    if "count" in c.reading.asks and set(staged) == {"stage"} and not (c.reading.target or c.reading.measures):
        c.reading.target = Target("deal", "count")  # 方案报价阶段多少个
        c.reading.facts.append("deal")
    asked = {"which", "list", "exists"} & set(c.reading.asks)
    if {"which", "list"} & set(c.reading.asks) and _reached(c) and _is_bare(c.reading):
        c.reading.target = Target("deal", "which")  # 哪些到商务谈判了: of those spoken of, where any were
        c.reading.facts.append("deal")
        c.reading.pronouns.append(Pronoun("set", None, False, "which"))
        return
    ended = {kind for state in c.reading.states for kind in state.kinds} in ({"won"}, {"lost"})
    if "what" in c.reading.asks and ended and (c.reading.periods or c.reading.mine) and not c.reading.sup:
        asked |= {"which"}  # "what did we win last month"
    if c.reading.target is None and not c.reading.measures and not c.reading.columns and asked and c.reading.states:
        c.reading.target = Target("deal", "which")


_REACHED = frozenset({"到", "在", "到了"})


def _reached(c: Composer) -> bool:
    """As in 到|商务谈判|了: a stage that something stands at, and that is not itself asked about."""
    stages = [item for item in c.items if any(s.value[0].entity == "stage" for s in item.tag.all(T.RECORD))]
    return len(stages) == 1 and bool(stages[0].before & _REACHED)


def _is_bare(r: Reading) -> bool:
    """Whether nothing is asked for, measured or named beside a stage."""
    named = {test.entity for test in r.records}
    return named == {"stage"} and not (r.target or r.measures or r.columns or r.groups or r.sup or r.fields)


def leads_as_deals(c: Composer) -> None:
    """As in Prospecting阶段的线索, in a store without leads: at a stage of the sale is a deal, and it is told."""
    if c.vocabulary.holds_records("lead") or not c.vocabulary.holds_records("deal"):
        return
    staged = any(s.value[0].entity == "stage" for item in c.items for s in item.tag.all(T.RECORD))
    for item in c.items if staged else ():
        if any(s.value == "lead" for s in item.all(T.ENTITY)) and not item.get(T.RECORD, T.VALUE):
            lang = "en" if item.tag.text.isascii() else "zh"
            c.reading.notes.append(f"{item.tag.text} → {c.vocabulary.lexicon.labels.get(lang, {}).get('deal', 'deal')}")
            item.tag = item.tag.only(Sense(T.ENTITY, "deal"))


def described_deal(c: Composer) -> None:
    """As in Cassey在Inity那个还没关的GTX Pro，是哪天开始跟的: one deal, told by whose it is and of what."""
    r = c.reading
    more = r.target or r.measures or r.groups or r.sup or r.having or r.also or r.without or r.gap or r.change
    parties = {test.entity for test in r.records if not (test.negated or test.reference)}
    of_deals = bool(r.columns) and all(dotted.startswith("deal.") for dotted in r.columns)
    if not more and of_deals and r.states and len(parties) > 1 and "when" in r.asks:
        r.target = Target("deal", "what", is_plural=False)


_IS = frozenset({"is", "are", "was", "是", "is the"})


def implied_facts(c: Composer) -> None:
    """As in "is Ganjaflex in Japan": the record's own value answers, whatever it is."""
    r = c.reading
    more = r.target or r.measures or r.columns or r.states or r.groups or r.sup or r.periods or r.having or r.mine
    if more or len(r.records) != 1 or not r.fields or set(r.asks) - {"exists"} or not c.items[0].before & _IS:
        return
    named = r.records[0]
    if not (named.negated or named.reference) and all(f.entity == named.entity and not f.negated for f in r.fields):
        r.columns = [f.dotted for f in r.fields]
        r.fields = []


_PLAIN = frozenset({T.STATE, T.DATE, T.RECORD, T.VALUE, T.OP, T.POST_OP, T.NUMBER, T.FIELD, T.AND, T.OR, T.NEG, T.MINE})


def telegraphic(r: Reading, tags: Sequence[Tag]) -> None:
    """As in "won last 30 days": with nothing said before, deals are listed; not where anything more is said."""
    filters = all(tag.type in _PLAIN or tag.type in SILENT for tag in tags)
    asked = (r.target, r.measures, r.columns, r.groups, r.sup, r.having, r.asks, r.pronouns, r.share, r.contrast)
    related = (r.side_by_side, r.gap, r.change, r.follow, r.without, r.also, r.loose)
    if filters and r.states and (r.periods or r.fields) and not any(asked) and not any(related):
        r.target = Target("deal", "list", is_plural=True)
