"""Rules for calls, meetings, mails and the like: interactions of one kind, by when they took place."""

from dataclasses import replace
from functools import cache

import prompts
from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.neighbours import head, nouns_at
from copilot.offline.compose.reading import FieldTest, Reading, Target
from copilot.offline.lexicon import key
from copilot.offline.own_kinds import own_kind_of
from copilot.offline.tags import T

TALK = "interaction"
_KIND, _DAY = f"{TALK}.kind", f"{TALK}.happened_on"
_TOUCHES = (f"{TALK}.account", f"{TALK}.contact")
_TOUCHED = frozenset({"account", "contact", "lead"})
_VERBS = {"met": "meeting", "called": "call", "emailed": "email"}  # by the list of their words


def untouched(c: Composer) -> None:
    """As in "customers we haven't talked to", "accounts nobody has called": they have no such interaction."""
    for at, _, sense in list(c.each(T.NEG)):
        verb = next((k for k in (at + 1, at + 2) if c.has(k, T.OWNS, *_TOUCHES) or _kept_up(c, k)), None)
        if verb is None or sense.value not in ("not", "never", "none"):
            continue
        party = next((k for k in range(at) if set(nouns_at(c, k)) & _TOUCHED), _described(c, verb))
        asked = next((k for k in range(at) if c.has(k, T.ASK, "who")), None)
        if party is None and (asked is None or not c.mentions(T.MINE)):
            continue  # "who hasn't called Acme": a colleague
        if party is None and asked is not None:
            c.reading.target = Target("account", "list")
            c.own(asked)
        c.reading.without.append(TALK)
        c.own(at, verb, *([verb + 1] if c.has(verb + 1, T.OP) and c.items[verb + 1].tag.text == "过了" else []))


def _described(c: Composer, verb: int) -> int | None:
    """As in 半年没拜访过的|客户, 一个月没跟进的|商机: the noun that the clause is said of."""
    noun = None if c.items[verb].tag.text.isascii() else head(c, verb)
    led = c.item(verb + 1)
    if noun is None and led is not None and "的" in led.before and led.tag.get(T.VALUE):  # 没拜访过的|A级|客户
        noun = next((k for k in range(verb + 2, min(verb + 5, len(c.items))) if nouns_at(c, k)), None)
    return noun if noun is not None and set(nouns_at(c, noun)) & {*_TOUCHED, "deal"} else None


def _kept_up(c: Composer, at: int) -> bool:
    """As in 没跟进过的客户, 没拜访过: nobody has; not where colleagues are spoken of."""
    item = c.item(at)
    said = item is not None and not item.tag.text.isascii() and c.has(at, T.OWNS, f"{TALK}.user")
    return said and not any("user" in nouns_at(c, k) for k in range(len(c.items)))


def unlogged(c: Composer) -> None:
    """As in "who hasn't logged a call", "reps who have not made a single visit": they have no such interaction."""
    for at, _, sense in list(c.each(T.NEG)):
        logs = c.has(at + 1, T.OWNS, f"{TALK}.user")
        first = at + 1 + logs  # a light verb is silent: "made" a call
        noun = next((k for k in (first, first + 1) if TALK in nouns_at(c, k)), None)
        team = c.reading.mine == "team" and any(item.tag.get(T.TREE) for item in c.items[:at])
        people = team or any(c.has(k, T.ASK, "who") or "user" in nouns_at(c, k) for k in range(at))
        if sense.value not in ("not", "never") or not people:
            continue
        between = range(first, noun) if noun else ()
        if noun is not None and all(c.sense(k, T.NUMBER, T.SUP) or c.has(k, T.ASK, "exists") for k in between):
            c.reading.without.append(TALK)
            c.reading.target = Target("rep", "list") if team else c.reading.target
            c.own(at, *between, noun, *([at + 1] if logs else []))
        elif (done := _touched_nobody(c, at + 1)) and any("user" in nouns_at(c, k) for k in range(at)):
            c.reading.without.append(TALK)
            c.own(at, *done)


def _touched_nobody(c: Composer, verb: int) -> tuple[int, ...]:
    """As in "reps who haven't called | anyone": the verb and whom it speaks of, where that is everybody."""
    if not c.has(verb, T.OWNS, *_TOUCHES):
        return ()
    after = c.item(verb + 1)
    whom = after is not None and after.tag.text.lower().split(" ")[0] in ("anyone", "anybody", "any", "a")
    named = any(c.sense(k, T.RECORD, T.VALUE, T.ENTITY, T.FIELD) for k in range(verb + 1 + whom, len(c.items)))
    customer = whom and c.has(verb + 2, T.ENTITY, "account")
    return () if named and not customer else tuple(range(verb, verb + 1 + whom))


def talks(c: Composer) -> None:
    """What is said of calls is said of interactions of that kind, wherever the noun or the verb stands."""
    asked = entity_of(c.reading.target.dotted) if c.reading.target else None
    for at, _, _ in list(c.each(T.OWNS)):
        if asked in _TOUCHED and c.has(at, T.OWNS, *_TOUCHES):
            c.reading.facts.append(TALK)  # "customers we met this month"
            c.own(at)
    if TALK not in _spoken_of(c.reading):
        return
    _of_their_kinds(c)
    _by_their_day(c)
    for at, _, _ in list(c.each(T.OWNS)):
        if c.has(at, T.OWNS, f"{TALK}.user"):
            c.own(at)  # "how many meetings did we log", "no activity logged": that they are there says it


def _spoken_of(r: Reading) -> set[str]:
    """The kinds of records that are asked for, counted, ranked or tested."""
    nouns = [*r.facts, *r.without, r.target.dotted if r.target else None, r.sup.noun if r.sup else None]
    nouns += [m.dotted for m in r.measures] + [n.subject.dotted for n in r.having if n.subject]
    return {entity_of(noun.split(".")[0]) for noun in nouns if noun}


def _of_their_kinds(c: Composer) -> None:
    r = c.reading
    told = [(item, kind) for item in c.items if item.owned for kind in _kinds(item)]
    kinds = list(dict.fromkeys(kind for _, kind in told))
    if not kinds or any(test.dotted == _KIND for test in r.fields):
        return
    own = next((found for item, _ in told if (found := _own_kind(c, item))), None)
    if own is not None and len(kinds) == 1:
        r.fields.append(FieldTest(f"{TALK}.{own[0]}", "in", (own[1],), at=told[0][0].tag.start))
        return
    r.unclear |= len(kinds) > 1 and bool(r.without)  # "with calls but no meetings"
    r.fields.append(FieldTest(_KIND, "in", tuple(kinds), at=told[0][0].tag.start))
    if r.target is not None and entity_of(r.target.dotted) == TALK:
        r.target = replace(r.target, dotted=TALK)


def _own_kind(c: Composer, item: Item) -> tuple[str, str] | None:
    """As in 拜访过, where the company calls that 上门拜访: its own column and the value."""
    words = key(item.tag.text.rstrip("过了的"))
    meant = [s for s in c.vocabulary.phrases.get(words, ()) if s.type is T.MEANING]
    return own_kind_of(item.tag.only(*meant)) if meant and not item.tag.text.isascii() else None


def _kinds(item: Item) -> list[str]:
    """The kind of interaction that a noun or a verb names: a call, "called"."""
    nouns = [str(s.value) for s in item.tag.all(T.ENTITY) if entity_of(s.value) == TALK and s.value != TALK]
    touches = any(s.value in (*_TOUCHES, f"{TALK}.user") for s in item.tag.all(T.OWNS))
    return nouns or [kind for name, kind in _VERBS.items() if touches and item.tag.text.lower() in _words(name)]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(prompts.load_yaml("lexicon/small_words")[name])


def _by_their_day(c: Composer) -> None:
    """As in "customers with calls in October": the calls took place then."""
    r = c.reading
    asked = entity_of(r.target.dotted.split(".")[0]) if r.target else None
    if asked not in {*_TOUCHED, "user"} or r.states or r.measures or set(r.facts) - {TALK}:
        return
    r.periods = [p if p.dotted or p.role else replace(p, dotted=_DAY) for p in r.periods]
