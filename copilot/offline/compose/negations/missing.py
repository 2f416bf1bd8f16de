"""Empty fields, no such children, "not a single one"."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import FieldTest, StateTest
from copilot.offline.routes import find_route
from copilot.offline.tags import T
from copilot.offline.writing.words import small


def not_even_one(c: Composer) -> None:
    """As in 一单都没买过, 一单X都没签, "not a single one": the one only stresses the negation after it."""
    for at, _, sense in list(c.each(T.NUMBER)):
        if sense.value.value != 1 or sense.value.unit or sense.value.is_money:
            continue
        noun = at + 1 + ("deal" in nouns_at(c, at + 1))
        later = range(at + 1, min(at + 6, len(c.items)))
        stressed = next((k for k in later if _denies(c, k) and (k == noun or _even(c, k))), None)
        if stressed is not None and not any(c.items[k].after_break for k in range(at + 1, stressed + 1)):
            c.own(at, *range(at + 1, noun))
            _no_win(c, stressed)


def _no_win(c: Composer, at: int) -> None:
    """As in 一单没签: whoever is asked for has not won one, which is more than having open ones."""
    parties = {"account", "user", "product"}
    done = any(char in "签成赢拿中开" for char in c.items[at].tag.text)
    if c.sense(at, T.STATE) and done and any(parties.intersection(nouns_at(c, k)) for k in range(len(c.items))):
        c.reading.without.append("deal")
        c.reading.states.append(StateTest(("won",), at=c.items[at].tag.start))
        c.own(at)


def _denies(c: Composer, at: int) -> bool:
    """Whether a negation stands there, by itself or within a word: 没, 没签."""
    state = c.sense(at, T.STATE)
    return c.sense(at, T.NEG) is not None or (state is not None and c.items[at].tag.text[0] in "没未")


def _even(c: Composer, at: int) -> bool:
    """Whether 都 or 也 stands before it."""
    said = {"都", "也"}
    return bool(c.items[at].before & said) or (at > 0 and c.items[at - 1].tag.text in said)


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
        if not is_zero and (sense.value not in ("none", "not", "never") or "单" in c.items[at].tag.text):
            continue  # 一单都没有 says itself what is missing
        nxt, held = _of_what(c, at)
        if not is_zero and sense.value == "not" and c.items[at].tag.text.isascii() and not held:
            continue  # "not in single items" says nothing of what is missing
        while c.has(nxt, T.AGG, "distinct") or (c.has(nxt, T.NUMBER) and _is_one(c, nxt)):
            nxt += 1
        for entity in nouns_at(c, nxt):
            if _is_own_field(c, nxt):
                continue
            base = next((e for e in _other_nouns(c, nxt) if e != entity), None)
            reference = c.is_reference_of(base or "deal", entity) if entity != (base or "deal") else None
            if reference:
                c.reading.fields.append(FieldTest(f"{base or 'deal'}.{reference}", "empty", at=c.items[at].tag.start))
                c.own(*range(at, nxt + 1))
                break
            child = child_of(c, base, entity) if base else None
            if child:
                c.reading.without.append(child)
                c.own(*range(at, nxt + 1))
                break
        else:
            behind = c.item(nxt) is None or "的" in c.items[nxt].before or c.items[nxt].after_break
            place = at - 1 if behind and c.fields_at(at - 1) and not c.items[at].tag.text.isascii() else nxt
            fields = c.fields_at(place)
            fields = [dotted for dotted in fields if _is_at_hand(c, dotted)]
            if fields and (sense.value == "none" or c.items[at].tag.text.lower() in _NEITHER):
                _is_empty(c, c.nearest(fields, to=c.about), c.items[at].tag.start)
                c.own(at, place)  # 金额没填的: it is said of what stands before


def _is_empty(c: Composer, dotted: str, at: int) -> None:
    """Nothing stands in the field; what has no outcome yet is open."""
    if dotted == "stage.kind":
        c.reading.states.append(StateTest(("open",), at=at))
    else:
        c.reading.fields.append(FieldTest(dotted, "empty", at=at))


def not_recorded(c: Composer) -> None:
    """As in 没|登记|电话: what is noted of somebody is a field of theirs, and no call with them."""
    for at, _, _ in list(c.each(T.NEG)):
        item = c.item(at + 1)
        if item is None or item.tag.text not in small("recorded") or item.owned:
            continue
        nouns = _other_nouns(c, at + 2)
        fields = [
            dotted for dotted in c.fields_at(at + 2) if dotted.split(".")[0] in nouns and c.vocabulary.holds(dotted)
        ]
        if len(fields) == 1:
            c.reading.fields.append(FieldTest(fields[0], "empty", at=c.items[at].tag.start))
            c.own(at, at + 1, at + 2)


def _of_what(c: Composer, at: int) -> tuple[int, bool]:
    """Where what is missing stands, and whether a word says that it would be had: "that don't | have any | account"."""
    nxt = at + 1
    if c.has(at, T.NEG, "not") and c.has(nxt, T.ASK, "exists") and c.items[nxt].tag.text.lower().startswith("have"):
        return nxt + 1, True
    had = {"have", "has", "had", "having", "with", "got", "有"}
    return nxt, c.item(nxt) is not None and bool(c.items[nxt].before & had or c.items[at].before & had)


def _is_own_field(c: Composer, at: int) -> bool:
    """As in "contacts with no email": the address, which contacts have, and not what was written to them."""
    own = c.fields_at(at, lambda field: field.target is None)
    return any(dotted.split(".")[0] in _other_nouns(c, at) and c.vocabulary.holds(dotted) for dotted in own)


def _is_at_hand(c: Composer, dotted: str) -> bool:
    """Whether the field is theirs who are spoken of, not that of something that they have many of."""
    routes = [find_route(c.vocabulary, base, dotted.split(".")[0]) for base in c.about]
    return any(route is not None and not route.child for route in routes)


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


def child_of(c: Composer, base: str, entity: str) -> str | None:
    """The children of `base` that are such records, or that link it to them: the people on a deal."""
    children = {child.entity for child in c.vocabulary.schema.entities[base].children.values()}
    links = (
        e for e in sorted(children) if not c.vocabulary.schema.entities[e].is_fact and c.is_reference_of(e, entity)
    )
    return entity if entity in children else next(links, None)
