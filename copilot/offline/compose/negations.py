"""Rules for what is missing or left out: empty fields, no such children, excluded values."""

from collections.abc import Iterable

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import find_noun, head, nouns_at
from copilot.offline.compose.reading import Clause, FieldTest, Reading, RecordTest, StateTest, Target
from copilot.offline.compose.relatives import counting, is_described
from copilot.offline.compose.scope import STATES
from copilot.offline.tags import T


def not_even_one(c: Composer) -> None:
    """As in 一单都没买过, "not a single one": the one only stresses the negation after it."""
    for at, _, sense in list(c.each(T.NUMBER)):
        later = range(at + 1, min(at + 6, len(c.items)))
        if sense.value.value == 1 and any(c.sense(k, T.NEG) and c.items[k].before & {"都", "也"} for k in later):
            c.own(at)


def tags(c: Composer) -> None:
    """As in 有…的没？: at the end of a clause 没 only asks."""
    for at, item, _ in list(c.each(T.NEG)):
        after = c.item(at + 1)
        if item.tag.text in ("没", "没有", "不") and at > 0 and (after is None or after.after_break):
            c.own(at)


def missing(c: Composer) -> None:
    """As in "no account", "without a close date", "accounts with no open deals"."""
    for at, _, sense in c.each(T.NEG, T.NUMBER):
        is_zero = sense.type is T.NUMBER and sense.value.value == 0 and not sense.value.is_money
        if not is_zero and sense.value not in ("none", "not", "never"):
            continue
        nxt = at + 1
        had = {"have", "has", "had", "having", "with", "got", "有"}
        held = c.item(nxt) is not None and bool(c.items[nxt].before & had or c.items[at].before & had)
        if not is_zero and sense.value == "not" and c.items[at].tag.text.isascii() and not held:
            continue  # "not in single items" says nothing of what is missing
        while c.has(nxt, T.AGG, "distinct") or (c.has(nxt, T.NUMBER) and _is_one(c, nxt)):
            nxt += 1
        for entity in nouns_at(c, nxt):
            base = next((e for e in _other_nouns(c, nxt) if e != entity), None)
            reference = c.is_reference_of(base or "deal", entity) if entity != (base or "deal") else None
            if reference:
                c.reading.fields.append(FieldTest(f"{base or 'deal'}.{reference}", "empty", at=c.items[at].tag.start))
                c.own(*range(at, nxt + 1))
                break
            if base and _is_child(c, base, entity):
                c.reading.without.append(entity)
                c.own(*range(at, nxt + 1))
                break
        else:
            behind = c.item(nxt) is None or "的" in c.items[nxt].before or c.items[nxt].after_break
            place = at - 1 if behind and c.fields_at(at - 1) and not c.items[at].tag.text.isascii() else nxt
            fields = c.fields_at(place)
            if fields and (sense.value == "none" or c.items[at].tag.text.lower() in _NEITHER):
                c.reading.fields.append(FieldTest(c.nearest(fields, to=c.about), "empty", at=c.items[at].tag.start))
                c.own(at, place)  # 金额没填的: it is said of what stands before


_NEITHER = ("neither", "nor")


def _is_one(c: Composer, at: int) -> bool:
    sense = c.sense(at, T.NUMBER)
    return sense is not None and sense.value.value in (0, 1)


def _other_nouns(c: Composer, skip: int) -> list[str]:
    found = []
    for at, _, sense in c.each(T.ENTITY):
        if at != skip:
            found.append(entity_of(sense.value))
    return found


def _is_child(c: Composer, base: str, entity: str) -> bool:
    return any(child.entity == entity for child in c.vocabulary.schema.entities[base].children.values())


def anti_join(c: Composer) -> None:
    """As in "reps who never won", "accounts that did n't close a won deal in December": no such child record."""
    _having_any(c)
    for at, _, sense in c.each(T.NEG):
        if sense.value in _DENIES and not _negates_a_state(c, at):
            _without_deals(c, at)


def _having_any(c: Composer) -> None:
    """As in "who have any deals", beside a negation; 没签成过单的销售 are those who have no win."""
    if c.mentions(T.NEG, "not", "never", "none"):
        for at, _, _ in list(c.each(T.ASK)):
            if at and c.has(at, T.ASK, "exists") and "deal" in nouns_at(c, at + 1) and not c.sense(at + 2, T.STATE):
                c.reading.also.append(Clause(False, Reading()))  # "who have any deals"
                c.own(at, at + 1, *([at - 1] if c.has(at - 1, T.ASK, "who") else []))
    for at, item, _ in list(c.each(T.STATE)):
        asked = any(set(nouns_at(c, k)) & {"account", "user"} for k in range(len(c.items)))
        asked = _party_head(c, at) is not None if c.has(at, T.STATE, "open") else asked
        if item.tag.text[0] in "没未尚" and c.has(at, T.STATE, "lost", "open") and asked:
            c.reading.without.append("deal")  # 没签成过单的销售: who has no win, and not who lost
            c.reading.states.append(StateTest(("won",)))
            c.own(at)
        elif item.tag.text[0] in "没未尚" and _asks_for_values(c):
            c.reading.unclear = True  # 哪些行业今年没有成交: values without such deals, no shape of ours


def _asks_for_values(c: Composer) -> bool:
    """As in 哪些行业: values of a field, and no deals."""
    nouns = [find_noun(c, at + 1)[0] for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "which", "what")]
    nouns += [find_noun(c, at)[0] for at, item, _ in c.each(T.FIELD) if "的" in item.before]  # 没有成交过的行业
    deals = any("deal" in nouns_at(c, k) for k in range(len(c.items)))
    return not deals and any(noun and "." in noun for noun in nouns)


_DENIES = ("not", "never", "none")


def _negates_a_state(c: Composer, at: int) -> bool:
    """As in 没关掉的商机, 未关闭的商机: the state is negated, not the having."""
    if not c.sense(at + 1, T.STATE):
        return False
    after = c.item(at + 2)
    of_deals = not c.items[at].tag.text.isascii() and "deal" in nouns_at(c, at + 2)
    if of_deals and _is_done(c.items[at + 1].tag.text):
        return False  # 没丢过单: never lost one
    return of_deals or (after is not None and "的" in after.before and not set(nouns_at(c, at + 2)) & _PARTIES)


def _is_done(verb: str) -> bool:
    """As in 丢过: at any time."""
    return verb.endswith("过")


def _without_deals(c: Composer, at: int) -> None:
    """The party, the verb and the negation between them, in either order of words: no such deal."""
    nothing = (
        c.has(at, T.NEG, "none") and c.sense(at - 1, T.STATE, T.VERB_METRIC) is not None and not c.items[at].after_break
    )
    later = [at - 1] if nothing else range(at + 1, min(at + 6, len(c.items)))
    verb = next((k for k in later if c.has(k, T.STATE) or c.has(k, T.VERB_METRIC) or c.has(k, T.METRIC)), None)
    if verb is None:
        return
    behind = (k for k in range(verb + 1, len(c.items)) if _follows(c, k))
    party = _party(c, [*range(at), *behind])
    if party is None or any(c.has(k, T.VALUE) for k in range(at + 1, verb)):
        return
    c.reading.without.append("deal")
    metric = c.sense(verb, T.METRIC, T.VERB_METRIC)
    if metric is not None and (c.items[verb].tag.type is T.METRIC or not c.has(verb, T.STATE)):
        kind = "lost" if metric.value == "deals_lost" else "won"
        c.reading.states.append(StateTest((kind,), at=c.items[verb].tag.start))
        c.own(verb)
    noun, count = c.sense(party, T.ENTITY), counting(c, party)
    if noun is not None and c.reading.target is None and not c.mentions(T.ASK, "which", "who"):
        c.reading.target = Target(str(noun.value), "list" if count is None else "count", c.items[party].is_plural)
        c.own(party, *([count] if count is not None else []))
    c.own(at)


_PARTIES = {"account", "user", "product", "contact"}


def _party_head(c: Composer, verb: int) -> int | None:
    """The party that a relative clause is said of."""
    found = head(c, verb)
    return found if found is not None and set(nouns_at(c, found)) & _PARTIES else None


def _party(c: Composer, places: Iterable[int]) -> int | None:
    """Whoever is asked for in one of these places, "who" if nobody is named."""
    there = list(places)
    named = (k for k in there if set(nouns_at(c, k)) & {"account", "user", "product", "contact"})
    asked = (k for k in there if c.has(k, T.ASK, "who"))
    return next(named, next(asked, None))


def _follows(c: Composer, at: int) -> bool:
    """Whether what stands at `at` is described by what came before: 没买过X的客户."""
    asked = c.has(at - 1, T.ASK, "which", "who") and c.items[at - 1].after_break
    return is_described(c, at) or asked


_BEHIND = ("外", "以外", "之外", "除外")  # these leave out what stands before them


def exclusions(c: Composer) -> None:
    """As in "excluding the US", "not in retail", "accounts outside Germany": a negated value, record or state."""
    for at, _, sense in list(c.each(T.NEG)):
        if sense.value not in ("exclude", "not", "none") or (at > 0 and c.sense(at, T.STATE)):
            continue  # "which month did we lose the most"
        told = at - 2 if c.has(at - 1, T.ENTITY) else at - 1
        if _is_behind(c, at) and told >= 0 and c.items[told].owned:
            c.own(*range(told, at + 1))  # 除Anna外, 除了美国客户以外: told already
            continue
        reach = [] if _is_behind(c, at) else _reach(c, at)
        if sense.value == "none" and not (reach and c.sense(reach[0], T.VALUE, T.RECORD)):
            continue  # "without Japan" leaves out, "without an account" is another matter
        if not reach and at > 0 and c.has(at - 1, T.COMPARATIVE, "both"):
            c.own(at - 1)
            reach = _reach_back(c, at - 1)
        if not reach and sense.value == "exclude":
            reach = _reach_back(c, _past_its_noun(c, at))  # 美国以外, 零售和医疗都不算
        if not reach:
            continue
        c.reading.unclear |= sense.value == "not" and _is_no_filter(c, at, reach)
        for k in reach:
            _exclude(c, k)
        c.own(*range(at, reach[0]) if reach[0] > at else (), at, *reach)
        if any(t.dotted in c.fields_at(at - 1) for t in c.reading.fields):
            c.own(at - 1)  # "headquartered outside the US"


def rest(c: Composer) -> None:
    """As in "and the others", "the other regions": what a condition left out."""
    for at, _, _ in list(c.each(T.NEG)):
        if not c.has(at, T.NEG, "rest"):
            continue
        fields = c.fields_at(at + 1)
        nouns = [] if c.sense(at + 1, T.VALUE, T.RECORD) else [*nouns_at(c, at + 1), *fields]
        c.reading.rest += nouns or ["any"]
        c.own(at, *([at + 1] if nouns else []))


def _past_its_noun(c: Composer, at: int) -> int:
    """As in 美国客户以外: the noun of what is left out stands between."""
    if _is_behind(c, at) and c.has(at - 1, T.ENTITY) and c.sense(at - 2, T.VALUE, T.RECORD):
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
