"""Rules for groups and shares."""

from dataclasses import replace

from copilot.offline.compose.changes import PACES
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.counting import asks_a_number
from copilot.offline.compose.items import Item
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import GroupNode
from copilot.offline.tags import T


def _across_some(c: Composer, at: int) -> bool:
    """As in "the average NPS across the private practices": of those only."""
    item = c.items[at]
    named = c.sense(at + 1, T.VALUE, T.RECORD) is not None and c.item(at + 2) is None
    if item.tag.text.lower().split(" ")[0] != "across" or not named:
        return False
    c.own(at)
    return True


def _dates_periods(c: Composer, at: int) -> bool:
    """As in "the win rate last year (by close date)": of which date the period is; True if so."""
    dates = c.dates_at(at + 1)
    told = c.mentions(T.METRIC) or c.mentions(T.ASK, "how_many", "count") or c.mentions(T.CHANGE)
    if not dates or c.reading.groups or not (told and c.reading.periods):
        return False
    dotted = c.nearest(dates, to=c.about)
    c.reading.periods = [p if p.dotted else replace(p, dotted=dotted) for p in c.reading.periods]
    c.own(at, at + 1)
    return True


def _dated(c: Composer, at: int) -> None:
    """As in "by start month", "by the quarter in which it was created": of which date the periods are."""
    k = at + 1
    while (c.has(k, T.ASK, "which", "when", "what") or c.has(k, T.ENTITY)) and c.sense(
        k + 1, T.STATE, T.FIELD, T.ENTITY
    ):
        k += 1
    item = c.item(k)
    if item is None or item.after_break or c.sense(k + 1, T.ENTITY, T.DATE):
        return
    dates = c.dates_at(k)
    if not dates and c.has(k, T.STATE, "started"):
        dates = ["deal.started_on"]
    if dates:
        c.reading.dated = c.nearest(dates, to=c.about)
        c.own(*range(at + 1, k + 1))


_TEAM = "user.team"
_EACH = ("each", "every", "every single", "each and every", "每", "每个", "每一", "每笔", "每单")
_AFTER_ITS_NOUN = ("各", "各自", "分别", "each")


def groups(c: Composer) -> None:
    """Per rep, by region and product, each quarter, month by month."""
    for at, item, _ in list(c.each(T.BY)):
        if not item.owned:
            _group_word(c, at, item)
    _closings(c)
    for at, item, sense in c.each(T.BUCKET):
        if _is_pace(c, at) or _is_value_of(c, at):
            continue
        ranked = c.reading.sup is not None and c.reading.sup.noun is not None
        asked = item.tag.text.startswith(("哪", "几")) or item.tag.text.endswith("几")
        if c.reading.sup is not None and not ranked and asked:
            c.reading.sup = replace(c.reading.sup, noun=f"bucket:{sense.value}")  # 哪个月业绩最差
            c.own(at)
        elif not item.get(T.ASK) and not ranked:
            if GroupNode(bucket=sense.value) not in c.reading.groups:  # 每个月 … 一个月一个月
                c.reading.groups.append(GroupNode(bucket=sense.value))
            c.reading.average_per |= item.get(T.AGG) is not None  # 月均
            c.own(at)
            _dated(c, at)
            _further_groups(c, at)


def each_value(c: Composer) -> None:
    """As in "loss reasons of the deals lost in Q4, count each": the column that is told is what it is counted by."""
    r = c.reading
    if (
        r.each
        and len(r.columns) == 1
        and r.measures
        and not (r.groups or r.target or r.sup)
        and c.is_choice(r.columns[0])
    ):
        r.groups, r.columns, r.each = [GroupNode(r.columns[0])], [], False


def _is_value_of(c: Composer, at: int) -> bool:
    """As in "contract type is annual": a value of the field before it."""
    fields = c.fields_at(at - 1)
    return any(sense.value[0] in fields for sense in c.items[at].all(T.VALUE))


def _is_pace(c: Composer, at: int) -> bool:
    """As in "month over month growth": how its change is told; by itself, "month over month" only groups."""
    pace = c.sense(at, T.CHANGE)
    others = sum(c.sense(k, T.CHANGE, T.VERSUS) is not None for k in range(len(c.items))) - 1
    return pace is not None and pace.value in PACES and (others > 0 or bool(c.reading.periods))


_PEOPLE = frozenset({"person", "people", "individual", "head", "teammate", "team member"})
_TALKS = ("interaction", "contact", "lead")
_ACTS = frozenset({"place"})  # words that also say what each did


def _told_apart(c: Composer, at: int) -> tuple[str | None, int | None]:
    """The noun to group by; 各团队 names the field of teams, where there is one; deals "per person" are per seller."""
    noun, noun_at = find_noun(c, at)
    if noun == "contact" and noun_at is not None and c.items[noun_at].tag.text.lower() in _PEOPLE:
        of_others = any(entity_of(str(s.value)) in _TALKS for i in c.items[:at] for s in i.tag.all(T.ENTITY))
        noun = "contact" if of_others and not c.mentions(T.MINE, "mine") else "rep"
    is_team = noun_at is None and c.has(at, T.TREE, "team") and c.vocabulary.holds(_TEAM)
    return (_TEAM, at) if is_team else (noun, noun_at)


def _is_each_shown(c: Composer, at: int) -> bool:
    """As in "how many did each | place in May": each of those that were shown; True if so."""
    item, after = c.items[at], c.item(at + 1)
    acts = after is not None and after.tag.text.lower() in _ACTS
    done = bool(item.before & {"did", "does", "has", "have"}) and item.tag.text.lower() == "each"
    named = sum(other.tag.get(T.RECORD, T.VALUE) is not None for other in c.items) > 1
    if not done or named or not (acts or c.has(at + 1, T.STATE)):
        return False
    c.reading.each = True
    c.own(at, *([at + 1] if acts else []))
    return True


def _group_word(c: Composer, at: int, item: Item) -> None:
    """By, per, each: what it groups by, or what else it says."""
    if _is_each_shown(c, at):
        return
    noun, noun_at = _told_apart(c, at + 1)
    unit = c.sense(at + 2, T.UNIT)
    if noun_at is not None and _is_no_group(c, at, str(noun), noun_at):
        c.own(at, *([] if _is_listed(c, at, str(noun)) else [noun_at]))
    elif unit is not None and c.dates_at(at + 1):
        c.reading.dated = c.nearest(c.dates_at(at + 1), to=c.about)
        c.reading.groups.append(GroupNode(bucket=str(unit.value)))
        c.own(at, at + 1, at + 2)  # "by expected close month"
    elif noun_at is not None and (noun_at == at + 1 or c.has(at + 1, T.STATE) or _each_of_some(c, at, noun_at)):
        _group(c, noun)
        c.reading.average_per |= c.items[noun_at].get(T.AGG) is not None  # 每 + 季度平均
        c.own(at, noun_at)
        if c.reading.groups and c.reading.groups[-1].bucket:
            _dated(c, at if noun_at > at + 1 else noun_at)
        _further_groups(c, noun_at)
    elif _dates_periods(c, at) or _across_some(c, at) or _says_each(c, at, item.tag.text):
        pass
    elif item.tag.text.lower() == "by" and (named := c.item(at + 1)) and named.tag.get(T.RECORD):
        c.own(at)  # "deals won by Tessa", "by Tessa's team"
    elif c.sense(at + 1, T.METRIC, T.RUNNING, T.ASK, T.SHARE, T.STATE, T.PERCENT_WORD) or c.numeric_at(at + 1):
        c.own(at)  # "ranked by win rate": the measure itself is taken by its own rule
    if c.has(at - 1, T.CHANGE, "down") and item.owned:  # "break … down by"
        c.own(at - 1)


def _each_of_some(c: Composer, at: int, noun_at: int) -> bool:
    """As in "each of the | Dublin | reps": some of them, each by itself."""
    return noun_at == at + 2 and c.items[at].tag.text.lower().startswith(("each", "every")) and c.has(at + 1, T.VALUE)


def _is_no_group(c: Composer, at: int, noun: str, noun_at: int) -> bool:
    """As in "list every deal over 20k", "margin per deal", "the ARR of every company", "by contract | value won"."""
    if _is_listed(c, at, noun) or (noun in c.vocabulary.schema.entities and _is_each_record(c, at, noun)):
        return True
    beside = noun_at == at + 1
    return beside and (_means_all(c, at, noun) or (noun == FACT and c.sense(at + 2, T.METRIC) is not None))


def _is_listed(c: Composer, at: int, noun: str) -> bool:
    """Whether "every" stands with the records that are asked for: a list of each of them."""
    asked = at == 0 or c.items[at - 1].tag.type is T.ASK
    fact = "." not in noun and ":" not in noun and c.vocabulary.schema.entities[entity_of(noun)].is_fact
    return asked and fact and c.items[at].tag.text.lower() in _EACH


def _is_each_record(c: Composer, at: int, noun: str) -> bool:
    """As in "the average margin per deal": over the records themselves, and no groups of them."""
    if not c.vocabulary.schema.entities[noun].is_fact:
        return False
    own = c.fields_at(at - 1, lambda f: f.entity == noun and f.is_custom and f.is_numeric)
    return bool(own) and any(c.has(k, T.AGG, "avg") for k in range(at))


_EACH_OF = "每各"


def _says_each(c: Composer, at: int, text: str) -> bool:
    """Groups by what stands before 各, or by the party that a metric begins with; True if so."""
    if text in _AFTER_ITS_NOUN and (field := _counted_in(c, at)):
        c.reading.groups.append(GroupNode(dotted=field))
        c.own(at)  # 北京上海两地客户各有几家
    elif text == "each" and find_noun(c, at - 1) == (FACT, at - 1) and c.mentions(T.ASK, "how_many", "count"):
        c.reading.each = True
        c.own(at)  # "how many deals is that each": of those that were shown
    elif text in _AFTER_ITS_NOUN and find_noun(c, at - 1)[1] == at - 1:
        _group(c, find_noun(c, at - 1)[0])
        c.own(at - 1, at)  # 三个大区各赢了几单
    elif text[0] in _EACH_OF and (inside := _noun_inside(c, at + 1)):
        _group(c, inside)
        c.own(at)  # 每个销售|业绩, where 销售业绩 is one word
    else:
        return False
    return True


def _counted_in(c: Composer, at: int) -> str | None:
    """The field of several values that are named, where what stands before 各 is counted in each of them."""
    counted = c.has(at + 1, T.ASK, "how_many") and find_noun(c, at + 2)[1] != at + 2 and c.sense(at - 1, T.ENTITY)
    named = [s.value[0] for item in c.items[:at] for s in item.all(T.VALUE)]
    fields = [dotted for dotted in dict.fromkeys(named) if named.count(dotted) > 1]
    return fields[0] if counted and len(fields) == 1 else None


def _noun_inside(c: Composer, at: int) -> str | None:
    """The party that the words of a metric begin with, where each of them is meant."""
    text = c.items[at].tag.text if c.sense(at, T.METRIC) else ""
    found = [c.vocabulary.phrases.get(tuple(text[:size]), ()) for size in (3, 2)]
    parties = [s.value for senses in found for s in senses if s.type is T.ENTITY]
    return next((str(noun) for noun in parties if noun in ("rep", "account", "product")), None)


def _closings(c: Composer) -> None:
    """As in 按产品…拆一下, …各是多少: words that only close a grouping."""
    for at, item, _ in list(c.each(T.BY)):
        closes = item.tag.text.startswith(("拆", "分", "归")) or item.tag.text in ("各", "各自")
        if closes and c.reading.groups and find_noun(c, at + 1)[1] != at + 1:
            c.own(at)


def _means_all(c: Composer, at: int, noun: str) -> bool:
    """Whether the noun is that of the field which is totalled or averaged: each of its records counts."""
    about = next((k for k in (at - 1, at - 2) if c.numeric_at(k)), None)
    text = c.items[at].tag.text.lower()
    every = "of" in c.items[at].preps or text == "across" or text.startswith("of ")
    totals = any(c.sense(k, T.AGG) for k in range(at))
    return about is not None and every and totals and c.numeric_at(about)[0].split(".")[0] == entity_of(noun)


def _further_groups(c: Composer, at: int) -> None:
    """As in "by region and product"; in 按阶段分 the last word only closes the phrase."""
    if c.has(at + 1, T.BY) and not find_noun(c, at + 2)[0]:
        c.own(at + 1)
    while c.has(at + 1, T.AND) and find_noun(c, at + 2)[1] == at + 2 and not c.items[at + 2].after_break:
        _group(c, find_noun(c, at + 2)[0])
        c.own(at + 1, at + 2)
        at += 2


def _group(c: Composer, noun: str | None) -> None:
    if noun is None:
        return
    if noun.startswith("bucket:"):
        c.reading.groups.append(GroupNode(bucket=noun.removeprefix("bucket:")))
    else:
        c.reading.groups.append(GroupNode(dotted=noun))


def _mixed(c: Composer, at: int, kind: str) -> None:
    """As in 客户的行业分布: what stands right before the mix is what it falls into."""
    noun, noun_at = find_noun(c, at - 1)
    if kind == "mix" and noun_at == at - 1 and not c.reading.groups and "." in str(noun):
        _group(c, noun)
        c.own(at - 1)


_VERBS = frozenset({"is", "are", "was", "were", "has", "have", "had", "got", "get"})  # "what share of X were Y"


def shares(c: Composer) -> None:
    """What share, what percentage of; the mix."""
    for at, item, sense in c.each(T.SHARE):
        if asks_a_number(c, at, item.tag.text.lower()):
            c.own(at)
            continue
        if at and c.items[at - 1].owned and c.items[at - 1].tag.get(T.SUP) and c.reading.sup is not None:
            way = "max_count" if c.reading.sup.descending else "min_count"
            c.reading.sup = replace(c.reading.sup, sort=way)
            c.reading.unclear |= item.tag.text.lower().startswith(("proportion", "percentage", "fraction"))
            c.own(at)  # "the biggest chunk of it": the most
            continue
        c.reading.share = sense.value
        c.reading.share_at = (item.tag.start, item.tag.end)
        part = next((i for i in c.items[at + 2 :] if i.before & _VERBS), None)
        c.reading.part_from = part.tag.start if part and not part.tag.get(T.BY) else -1
        c.own(at)
        _mixed(c, at, str(sense.value))
        if c.has(at - 1, T.ASK, "what") or c.has(at - 1, T.ASK, "how_much"):
            c.own(at - 1)
        if c.has(at + 1, T.NUMBER):
            break
