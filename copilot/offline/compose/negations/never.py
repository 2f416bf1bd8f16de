"""Those who have no such deal: "who never won", "customers that did not buy in Q4"."""

from collections.abc import Iterable

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import find_noun, head, nouns_at
from copilot.offline.compose.reading import Clause, Reading, StateTest, Target
from copilot.offline.compose.relatives import counting, is_described
from copilot.offline.tags import T


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
        asked = _party_head(c, at) is not None or _did_nothing(c, at) if c.has(at, T.STATE, "open") else asked
        if item.tag.text[0] in "没未尚" and c.has(at, T.STATE, "lost", "open") and asked:
            c.reading.without.append("deal")  # 没签成过单的销售: who has no win, and not who lost
            c.reading.states.append(StateTest(("won",)))
            c.own(at)
        elif item.tag.text[0] in "没未尚" and _asks_for_values(c):
            c.reading.unclear = True  # 哪些行业今年没有成交: values without such deals, no shape of ours


def _did_nothing(c: Composer, at: int) -> bool:
    """As in 哪些销售Q4没签单: who is asked for stands before it, with a time in which open deals would say nothing."""
    asked = any(c.has(k, T.ASK, "which", "who") and set(nouns_at(c, k + 1)) & _PARTIES for k in range(at))
    dated = any(c.items[k].tag.get(T.DATE) for k in range(at))
    return asked and dated and any(word in c.items[at].tag.text for word in _SIGNED)


_SIGNED = ("签", "成交", "开单", "出单", "成单")


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
        _not_one_deal(c, at)
        return
    party = _party(c, [*range(at), *_behind(c, verb)])
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


def _not_one_deal(c: Composer, at: int) -> None:
    """As in 今年一单都没有: no sale, where no verb says what else they lack; 手上一单都没有 is said of open ones."""
    if (
        "单" not in c.items[at].tag.text
        or _party(c, [*range(at), *_behind(c, at)]) is None
        or not c.has(at, T.NEG, "never")
    ):
        return
    c.reading.without.append("deal")
    if not c.mentions(T.STATE) and "单子" not in c.items[at].tag.text:  # 一个单子都没有: no deal at all
        c.reading.states.append(StateTest(("won",), at=c.items[at].tag.start))
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


def _behind(c: Composer, at: int) -> list[int]:
    """The places that a clause which ends at `at` may describe."""
    return [k for k in range(at + 1, len(c.items)) if _follows(c, k)]


def _follows(c: Composer, at: int) -> bool:
    """Whether what stands at `at` is described by what came before: 没买过X的客户."""
    asked = c.has(at - 1, T.ASK, "which", "who") and c.items[at - 1].after_break
    return is_described(c, at) or asked
