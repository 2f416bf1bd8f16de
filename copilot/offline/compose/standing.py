"""Rules for how one stands among others: above the average, ahead of somebody, the place in a ranking."""

from collections.abc import Iterator

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import Against, MeasureNode, Side, Target
from copilot.offline.tags import T

SIGNS = ("gt", "lt", "ge", "next_gt", "next_lt")
_BOUNDS = ("gt", "lt", "ge", "le")
_DEAL_SIZE = "average_deal_size"  # "larger than the average deal" names it whole
_REACH = 5  # items from "more" to "than", from 比 to 高
_LASTING = ("long", "short", "old", "slow", "fast", "久", "长", "慢", "快", "短", "老")
_HOW = frozenset({"how", "how does", "how do", "how did", "how is", "how are"})


def averages(c: Composer) -> None:
    """As in "above the average win rate", "more deals than the median rep", 高于平均: each against what is usual."""
    for at, item, sense in list(c.each(T.AGG, T.METRIC)):
        if sense.value not in ("avg", "median", _DEAL_SIZE):
            continue
        whose = _whose(c, at)
        found = _bound_by(c, at - len(whose)) or (_bound_by(c, at) if not whose else None)
        if found is None:
            continue
        sign, used = found
        used = [*used, *whose]
        c.reading.unclear |= _is_of_a_part(c, at, whose)
        fn = "median" if sense.value == "median" else "avg"
        c.reading.against = Against(sign, average=fn, by=_field_beside(c, at, used))
        c.own(*used, *([] if sense.value == _DEAL_SIZE else [at]))
        after = c.item(at + 1)
        of_those_asked = "的" in item.tag.text or (after is not None and "的" in after.before)  # 高于平均的销售
        if after is not None and after.get(T.ENTITY) and not after.after_break and not of_those_asked:
            c.own(at + 1)  # "than the average rep"
        return


def _whose(c: Composer, at: int) -> list[int]:
    """Where it says whose average: "above | the team | average", "than | their region's | average"."""
    back: list[int] = []
    for k in (at - 1, at - 2):
        if k > 0 and c.sense(k, T.TREE, T.FIELD, T.ENTITY, T.PRONOUN, T.MINE) and not c.items[k + 1].after_break:
            back.append(k)
        else:
            break
    return back if _bound_by(c, at - len(back)) else []


def _is_of_a_part(c: Composer, at: int, whose: list[int]) -> bool:
    """Whether each is held against those beside it, "the average of their industry": no shape of ours."""
    after = [k for k in (at + 1, at + 2) if c.item(k) is not None and "of" in c.items[at + 1].before]
    told = [k for k in (*whose, *after) if c.sense(k, T.FIELD) and not c.numeric_at(k) and not c.sense(k, T.ENTITY)]
    return bool(told) or any(c.sense(k, T.PRONOUN) for k in (*whose, *after))


def _bound_by(c: Composer, at: int) -> tuple[str, list[int]] | None:
    """The sign that stands with an average, and its places."""
    before, after = c.sense(at - 1, T.OP), c.sense(at + 1, T.POST_OP)
    if before and before.value in _BOUNDS:
        return str(before.value), [at - 1]
    if after and after.value in _BOUNDS:
        return str(after.value), [at + 1]  # 平均以上
    if c.has(at - 1, T.COMPARATIVE, "than") or c.has(at - 1, T.VERSUS):
        for k in (*range(at - 2, max(at - 2 - _REACH, -1), -1), at + 1):  # "more … than average", 比平均高
            sign = c.sense(k, T.COMPARATIVE)
            if sign and sign.value in SIGNS:
                return str(sign.value), [k, at - 1]
    return None


def _field_beside(c: Composer, at: int, used: list[int]) -> str | None:
    """The field of single records that is held against its average: their employees, how long they took."""
    for k in (*range(min(used) + 1, at), at + 1, min(used) - 1):
        fields = c.numeric_at(k)
        if fields and not c.sense(k, T.METRIC):
            c.own(k)
            return c.nearest(fields, to=c.about)
    lasting = any(c.items[k].tag.text.lower().startswith(_LASTING) for k in used)
    if not lasting:
        return None
    if any(c.has(k, T.ENTITY, FACT) for k in range(len(c.items))):
        return f"{FACT}.age_days" if c.mentions(T.STATE, "open") else f"{FACT}.duration_days"
    c.reading.measures.append(MeasureNode(metric="sales_cycle_days"))
    return None


def compared(c: Composer) -> None:
    """As in "reps with more revenue than Anna", "the rep with the most wins": the noun says what each is."""
    reading = c.reading
    for at, item, _ in list(c.each(T.ENTITY, T.FIELD)):
        noun, noun_at = find_noun(c, at)
        entity = entity_of(str(noun).split(".")[0])
        sup = reading.sup
        told = reading.measures or (sup is not None and sup.sort.endswith("count") and reading.states)
        ranked = sup is not None and sup.noun in (None, FACT) and noun != FACT and told
        wanted = ranked or reading.against or reading.pivot or (reading.place and "." in str(noun))
        if noun and noun_at == at and reading.target is None and wanted and not _is_compared(c, entity):
            c.reading.target = Target(noun, "list", item.is_plural)
            c.own(at)


def _is_compared(c: Composer, entity: str) -> bool:
    """Whether two of the kind are named, so that they are what is compared."""
    return sum(r.entity == entity and not r.reference for r in c.reading.records) > 1


def passed(c: Composer) -> None:
    """As in 谁的赢单率比Boris高: the one between 比 and 高, where nobody is named before."""
    asked = c.mentions(T.ASK, "who", "which", "how_many", "list")
    for at, item, _ in list(c.each(T.VERSUS)):
        named = any(c.sense(k, T.RECORD, T.VALUE) for k in range(at))
        if named or not asked or not c.sense(at + 1, T.RECORD, T.VALUE) or not item.tag.text.startswith(("比", "较")):
            continue
        for k in range(at + 2, min(at + 2 + _REACH, len(c.items))):
            senses = (*c.items[k].all(T.COMPARATIVE), *c.items[k].all(T.POST_OP))
            sign = next((s.value for s in senses if s.value in SIGNS), None)
            if sign is not None:
                c.reading.pivot = (str(sign), item.tag.end, c.items[k].tag.start)
                c.own(at, k)
                return


def ahead_of(c: Composer, sign: str, right: Side) -> Against | None:
    """The one that the groups asked for are ahead of, if a single one is named."""
    reading = c.reading
    named: list[tuple[bool, int]] = [(r.negated, len(r.names)) for r in right.records]
    named += [(t.negated, len(t.values)) for t in right.fields]
    if reading.target is None and "exists" in reading.asks and right.records:
        entity = right.records[0].entity  # "is anyone ahead of Anna"
        reading.target = Target("rep" if entity == "user" else entity, "which")
    target = reading.target
    if named != [(False, 1)] or right.states or target is None or sign not in SIGNS:
        return None
    by = _ranked_by(c) if not reading.measures else None
    party = "." in target.dotted or entity_of(target.dotted) != FACT
    return Against(sign, than=Side(fields=right.fields, records=right.records), by=by) if party else None


def _ranked_by(c: Composer) -> str | None:
    """As in "customers bigger than Konex by employees": the only number that is named."""
    numeric = [dotted for dotted in c.reading.columns if c.vocabulary.field(dotted).is_numeric]
    if len(numeric) != 1 or len(c.reading.columns) != 1:
        return None
    c.reading.columns = []
    return numeric[0]


def places(c: Composer) -> None:
    """As in "where does Anna rank on wins", 排第几, "is Konex in the top ten": the place of the one that is named."""
    for at, item, _ in list(c.each(T.ASK, T.STAND)):
        asked = list(_asking(c, at))
        owns = "'s" in item.before  # "Anna's rank by wins"
        if c.has(at, T.ASK, "place") or ((asked or owns) and c.has(at, T.STAND)):
            c.reading.place = True
            c.own(at, *asked, *(k for k in range(len(c.items)) if c.has(k, T.STAND)))
            return


def _asking(c: Composer, at: int) -> Iterator[int]:
    """The "where" or "how" that makes a place of "rank" and "stand"."""
    for k in range(at + 1):
        if k < at and (c.has(k, T.ASK, "where") or c.items[k].tag.text.lower() in _HOW):
            yield k
        elif c.items[k].before & _HOW:
            yield at


def placed(c: Composer) -> None:
    """A ranking of one that is named asks for its place: it would be first in a ranking of itself."""
    reading, sup = c.reading, c.reading.sup
    noun = (sup.noun if sup else None) or (reading.target.dotted if reading.target else None)
    if (
        sup is None
        or sup.by
        or sup.sort in ("old", "new")
        or reading.groups
        or reading.share
        or noun == FACT
        or reading.against
    ):
        return
    alike = [r for r in reading.records if not r.negated and not r.reference and not r.below]
    alike = [r for r in alike if r.entity in ("user", "account", "product", "contact")]
    alike = [r for r in alike if noun is None or entity_of(noun) == r.entity]
    values = [t for t in reading.fields if t.op == "in" and not t.negated and t.dotted == noun]
    asked = bool({"who", "which", "list", "when"} & set(reading.asks))
    one = len(alike) == 1 and len(alike[0].names) == 1 and not values
    if one or (len(values) == 1 and len(values[0].values) == 1 and not alike):
        reading.place = not asked
        reading.unclear |= asked  # "who was second to Anna": no ranking of Anna alone
