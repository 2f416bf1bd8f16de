"""What is left out: "excluding X", "not in retail", "the rest"."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import FieldTest, RecordTest, StateTest
from copilot.offline.compose.scope import STATES
from copilot.offline.tags import T

_UNITS = ("月", "月份", "季度", "季", "周", "天")
_BEHIND = ("外", "以外", "之外", "除外")  # these leave out what stands before them


def exclusions(c: Composer) -> None:
    """As in "excluding the US", "not in retail", "accounts outside Germany": a negated value, record or state."""
    for at, _, sense in list(c.each(T.NEG)):
        if sense.value not in ("exclude", "not", "none") or (at > 0 and c.sense(at, T.STATE)):
            continue  # "which month did we lose the most"
        _leave_out(c, at, str(sense.value))


def _leave_out(c: Composer, at: int, kind: str) -> None:
    """Negate what the word at `at` reaches, if it reaches anything."""
    told = at - 2 if c.has(at - 1, T.ENTITY) else at - 1
    if _is_behind(c, at) and told >= 0 and c.items[told].owned:
        c.own(*range(told, at + 1))  # 除Anna外, 除了美国客户以外: told already
        return
    if _leaves_out_test(c, at):
        return
    pointed = _pointed(c, at) if kind in ("exclude", "none") else 0
    pointed = pointed or (kind == "exclude" and _names_its_field(c, at + 1))
    reach = [] if _is_behind(c, at) else _reach(c, at + pointed)
    if kind == "none" and not (reach and c.sense(reach[0], T.VALUE, T.RECORD)):
        return  # "without Japan" leaves out, "without an account" is another matter
    if not reach and at > 0 and c.has(at - 1, T.COMPARATIVE, "both"):
        c.own(at - 1)
        reach = _reach_back(c, at - 1)
    if not reach and kind == "exclude":
        reach = _reach_back(c, _past_its_noun(c, at))  # 美国以外, 零售和医疗都不算
    if not reach:
        return
    c.reading.unclear |= kind == "not" and _is_no_filter(c, at, reach)
    for k in reach:
        _exclude(c, k)
    c.own(*range(at, reach[0]) if reach[0] > at else (), at, *reach, *_around(c, at, reach[-1]))
    if any(t.dotted in c.fields_at(at - 1) for t in c.reading.fields):
        c.own(at - 1)  # "headquartered outside the US"
    _noun_behind(c, reach[-1] + 1)


def _names_its_field(c: Composer, at: int) -> bool:
    """As in 去掉总部在美国的: the field stands before the value that is left out."""
    value = c.sense(at + 1, T.VALUE)
    return value is not None and value.value[0] in c.fields_at(at)


def _noun_behind(c: Composer, at: int) -> None:
    """As in "without the Atlas family": the field of the value that is left out."""
    noun = c.item(at)
    if noun is None or noun.owned or noun.after_break or noun.before or noun.get(T.ENTITY):
        return
    if any(t.negated and t.dotted in c.fields_at(at) for t in c.reading.fields):
        c.own(at)


_CONDITIONAL = frozenset({"if", "if you", "if we", "if i"})


def _pointed(c: Composer, at: int) -> int:
    """How many words point at what is left out: "without | the ones | from Japan"."""
    after = c.item(at + 1)
    return int(c.has(at + 1, T.PRONOUN, "set") and after is not None and not after.after_break)


def _leaves_out_test(c: Composer, at: int) -> bool:
    """As in "leave out those below 20k": the comparison that was read already is turned round; True if so."""
    pointed = _pointed(c, at)
    if not (c.has(at, T.NEG, "exclude") or (pointed and c.has(at, T.NEG, "none"))) or _is_behind(c, at):
        return False
    start = k = at + 1 + pointed
    while (item := c.item(k)) is not None and k < start + 3 and not (k > start and item.after_break):
        for n, test in enumerate(c.reading.fields):
            if item.owned and test.at == item.tag.start and test.op not in ("in", "empty", "not_empty"):
                c.reading.fields[n] = replace(test, negated=True)
                c.own(*range(at, start))
                return True
        if not (item.owned or item.get(T.ENTITY)):
            return False
        k += 1
    return False


def _around(c: Composer, at: int, last: int) -> list[int]:
    """As in "| if you | don't count Mira", 别把华南|算进去: words that only go with the leaving out."""
    before = c.item(at - 1)
    led = before is not None and before.tag.text.lower() in _CONDITIONAL
    return [*([at - 1] if led else []), *([last + 1] if c.has(last + 1, T.NEG, "counted") else [])]


def rest(c: Composer) -> None:
    """As in "and the others", "the other regions": what a condition left out."""
    for at, _, _ in list(c.each(T.NEG)):
        if not c.has(at, T.NEG, "rest"):
            continue
        counted = int(c.has(at + 1, T.NUMBER) and not c.items[at + 1].after_break)  # 另外|两个|区
        noun = at + 1 + counted
        nouns = [] if c.sense(noun, T.VALUE, T.RECORD) else [*nouns_at(c, noun), *_fields_named(c, noun)]
        if _other_time(c, at + 1):
            c.own(at, at + 1)
            continue
        if _says_again(c, nouns):
            _has_one(c, nouns)
        else:
            c.reading.rest += nouns or ["any"]
            noun -= 0 if nouns else counted
        c.own(at, *(range(at + 1, noun + 1) if nouns else ()))


def _other_time(c: Composer, at: int) -> bool:
    """As in Q4的不算，其他几个月: the time that is left when some is left out."""
    item = c.item(at)
    out = any(p.negated for p in c.reading.periods)
    return (
        out
        and item is not None
        and item.tag.get(T.UNIT, T.BUCKET, T.ASK) is not None
        and item.tag.text.endswith(_UNITS)
    )


def _fields_named(c: Composer, at: int) -> list[str]:
    """The fields that a word names; beside a value left out, also by the end of its field's name: 其他|类型."""
    item = c.item(at)
    out = {t.dotted for t in c.reading.fields if t.negated and t.op == "in"}
    if item is None:
        return []
    return [*c.fields_at(at), *(d for d in sorted(out) if c.vocabulary.field(d).label.endswith(item.tag.text))]


def _says_again(c: Composer, nouns: list[str]) -> bool:
    """As in 零售不算，其他行业…: what is left out was named in the same message, and these are the others."""
    r = c.reading
    out = [t.dotted for t in r.fields if t.negated and t.op == "in"] + [t.entity for t in r.records if t.negated]
    kinds = {dotted.split(".")[0] for dotted in out}
    return bool(out) and (not nouns or any(noun in out or noun in kinds for noun in nouns))


def _has_one(c: Composer, nouns: list[str]) -> None:
    """As in 零售不算，其他行业: what has no such value at all is of no other one either."""
    told = {t.dotted for t in c.reading.fields if t.negated and t.op == "in"}
    for dotted in sorted(told & set(nouns) or {d for d in told if d.split(".")[0] in nouns}):
        c.reading.fields.append(FieldTest(dotted, "not_empty"))


def _past_its_noun(c: Composer, at: int) -> int:
    """As in 美国客户以外, 美国的客户不算: the noun of what is left out stands between."""
    after = c.item(at + 1)
    behind = _is_behind(c, at) or after is None or after.after_break
    if behind and c.has(at - 1, T.ENTITY) and c.sense(at - 2, T.VALUE, T.RECORD):
        c.own(at - 1)
        return at - 1
    return at


def _is_behind(c: Composer, at: int) -> bool:
    """Whether its words leave out what stands before them."""
    return c.items[at].tag.text.removesuffix("的") in _BEHIND


def _reach(c: Composer, at: int) -> list[int]:
    """What a negation covers: the value after it, and more of them joined by "and", "or" or a comma."""
    placed = c.sense(at + 1, T.FIELD) is not None and c.sense(at + 2, T.VALUE) is not None
    k: int = at + 1 + placed  # "not based in the East"
    reach: list[int] = []
    if c.item(k) is not None and c.items[k].after_break:
        return []  # 别的不管，未结商机有多少
    while c.item(k) is not None and (c.sense(k, T.VALUE, T.RECORD, T.STATE) or _joins(c, k)):
        if k > at + 1 and not (_joins(c, k) or _joins(c, k - 1) or (c.items[k].after_break and _alike(c, k - 1, k))):
            break
        reach.append(k)
        k += 1
    while reach and _joins(c, reach[-1]):
        reach.pop()
    return reach


def _alike(c: Composer, left: int, right: int) -> bool:
    """Whether two are values of one field or records of one kind, as in a list."""
    kinds: list[set[str]] = []
    for k in (left, right):
        values, named = c.items[k].tag.all(T.VALUE), c.items[k].tag.all(T.RECORD)
        kinds.append({s.value[0] for s in values} | {name.entity for s in named for name in s.value})
    return bool(kinds[0] & kinds[1])


def _reach_back(c: Composer, at: int) -> list[int]:
    """What a negation behind its values covers."""
    k = at - 1
    reach: list[int] = []
    while k >= 0 and (c.sense(k, T.VALUE, T.RECORD) or _joins(c, k)):
        reach.insert(0, k)
        if c.items[k].after_break or not (_joins(c, k - 1) or _joins(c, k)):
            break
        k -= 1
    while reach and _joins(c, reach[0]):
        reach.pop(0)
    return reach


def _joins(c: Composer, at: int) -> bool:
    return c.has(at, T.AND) or c.has(at, T.OR)


def _is_no_filter(c: Composer, at: int, reach: list[int]) -> bool:
    """As in "accounts that took neither X nor Y": no deal with X or Y, which is not the same as other deals."""
    names = [s.value[0].entity for k in reach if (s := c.items[k].tag.get(T.RECORD))]
    parties = [entity_of(s.value) for item in c.items[:at] for s in item.tag.all(T.ENTITY)]
    asks_party = any(party in ("account", "user", "contact") for party in parties)
    return bool(names) and asks_party and names[0] not in parties


def _exclude(c: Composer, at: int) -> None:
    value = c.sense(at, T.VALUE)
    record = c.sense(at, T.RECORD)
    state = c.sense(at, T.STATE)
    if value:
        dotted, stored = value.value
        c.reading.fields.append(FieldTest(dotted, "in", (stored,), negated=True, text=c.items[at].tag.text))
    elif record:
        entity = record.value[0].entity
        c.reading.records.append(RecordTest(entity, record.value, negated=True, text=c.items[at].tag.text))
    elif state and state.value in STATES:
        c.reading.states.append(StateTest(STATES[state.value], negated=True))
