"""Rules for pointers and connectives: pronouns, follow-up words, what the data does not hold."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import WHOLE, Period
from copilot.offline.dates import find_dates
from copilot.offline.lexicon import key
from copilot.offline.numbers import Number
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize

_PEOPLE = {"he", "him", "his", "she", "her", "hers", "he's", "she's", "他", "她", "他的", "她的"}

_SOMEBODY = frozenset({"person", "individual", "man", "woman", "guy", "lady", "gentleman", "fellow", "chap", "bloke"})
_HAN_SOMEBODY = frozenset({"这个人", "那个人", "这人", "那人", "此人", "这位", "那位"})

_PLACES = {"there", "那里", "那边", "那儿"}
_FIRMS = {
    "他们家", "她们家", "他们公司", "她们公司", "他家", "她家", "它家", "他公司", "她公司", "他们集团", "人家公司",
}  # fmt: skip


_BY_THEM = ("那儿", "那里", "那边", "这儿", "这里", "这边")
_THAT = ("那个", "这个", "那", "这")
_POINTS_AT_NOUN = frozenset("这那该")
_HOW_MANY = {
    "two": 2, "both": 2, "three": 3, "four": 4, "five": 5,
    "两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5,
}  # fmt: skip
_INSIDE = frozenset({"里面", "里头", "当中", "之中"})
_OF_THE = ("of the", "of these", "of those")
_WHOLE = frozenset({"whole", "entire", "full", "全", "整", "整个"})
_SOME_OF = frozenset({"those", "these", "the ones"})
WHICH_ONE = "which one"
_ONE = (WHICH_ONE, "哪个", "哪一个", "哪单", "哪一单", "哪家", "哪一家")
_ONES = ("ones", "哪几个", "哪几家")
_OUTWARD = frozenset({"of", "with", "from", "in", "during"})  # "won with them": out of the sentence
_WEAK = {"it", "its", "it's", "them", "they", "their", "theirs", "the ones", "this", "它", "它的"}


def _pronoun(c: Composer, text: str, kind: str, preps: frozenset[str]) -> Pronoun:
    """What a pronoun can point at, from the words inside it ("that rep")."""
    if c.mentions(T.TREE, "team") and text in _PEOPLE:
        for at, _, _ in list(c.each(T.TREE)):
            c.own(at)
        return Pronoun(kind, "team", False, text)
    if "of" in preps and len(key(text)) == 1 and text not in _PEOPLE:
        kind = "set"
    entity = "user" if text in _PEOPLE else "account" if text in _PLACES or text in _FIRMS else None
    for word in key(text):
        for sense in c.vocabulary.phrases.get((word,), ()):
            if sense.type is T.ENTITY:
                entity = entity or entity_of(str(sense.value))
            elif sense.type is T.TREE and sense.value == "team":
                entity = entity or "team"
            elif sense.type is T.FIELD and not any(s.type is T.ENTITY for s in c.vocabulary.phrases[(word,)]):
                entity = entity or str(sense.value)
    somebody = text in _PEOPLE or text.split(" ")[-1] in _SOMEBODY or text in _HAN_SOMEBODY
    return Pronoun(kind, entity, text in _WEAK and not preps & _OUTWARD, text, is_person=somebody)


def pointed_nouns(c: Composer) -> None:
    """As in 这家公司, 这个行业, 这两个区, 这些客户: a pointer and its noun, also where they are no set phrase."""
    for at, item, sense in list(c.each(T.PRONOUN)):
        after = c.item(at + 1)
        if item.tag.text in _THAT and after is not None and not (after.after_break or after.before):
            described = after.tag.type is T.STATE and c.sense(at + 2, T.RECORD) is not None
            if after.tag.type in (T.RECORD, T.VALUE, T.DATE) or described:
                c.own(at)  # 那个|中区: the name says which
                continue
        if sense.value not in ("single", "set") or after is None or after.after_break or after.before:
            continue
        is_noun = after.tag.type in (T.ENTITY, T.FIELD) and not after.tag.get(T.RECORD, T.VALUE)
        points = bool(_POINTS_AT_NOUN.intersection(item.tag.text)) or key(item.tag.text)[0] in ("these", "those")
        if not points or not is_noun:
            continue
        if sense.value == "set" and "的" in item.before:
            continue  # 在谈的那些单: told by its own words
        nouns = [entity_of(str(s.value)) for s in after.all(T.ENTITY)]
        nouns += c.fields_at(at + 1, lambda f: not f.is_numeric and not f.is_date)
        if nouns:
            c.reading.pronouns.append(Pronoun(str(sense.value), nouns[0], False, item.tag.text + after.tag.text))
            c.reading.shown = c.reading.shown or _told_of(item)
            c.own(at, at + 1)


def partitives(c: Composer) -> None:
    """As in "those of our customers who …": the noun says which, and nothing is pointed at."""
    for at, item, _ in list(c.each(T.PRONOUN)):
        mine = c.has(at + 1, T.MINE, "ours")
        noun = c.item(at + 1 + mine)
        of_them = c.item(at + 1) is not None and "of" in c.items[at + 1].preps
        if item.tag.text.lower() in _SOME_OF and of_them and noun is not None and noun.tag.get(T.ENTITY):
            c.own(at, *([at + 1] if mine else []))


def _told_of(item: Item) -> int | None:
    """How many a pointer says that it means: "the two of them", 这三个."""
    return next((_HOW_MANY[word] for word in key(item.tag.text) if word in _HOW_MANY), None)


def restated(c: Composer) -> None:
    """Words that only repeat what stands elsewhere: "which one", "the two teams", "in ten minutes", "that quarter"."""
    for at, item, sense in list(c.each(T.NUMBER)):
        if _is_restated(c, at, item, sense.value):
            pointed = item.before & {"the", "all", "both", "these", "those"} and c.sense(at + 1, T.PRONOUN, T.SUP)
            if (pointed or c.item(at + 1) is None) and sense.value.value > 1:
                c.reading.shown = int(sense.value.value)
            c.own(at)
    _units(c)
    for at, item, _ in list(c.each(T.SUP)):
        if c.reading.sup is not None and (item.after_break or at == len(c.items) - 1):
            sorts = {c.reading.sup.sort[:3], str(item.get(T.SUP).value)[:3]}  # type: ignore[union-attr]
            c.reading.unclear |= sorts in ({"max", "min"}, {"old", "new"})  # "who has most, who least": two rankings
            c.own(at)  # "…, oldest at the top": the order of the same ranking


def _units(c: Composer) -> None:
    """As in "the month of April", "that quarter", 去年全年."""
    for at, item, sense in list(c.each(T.UNIT)):
        after = c.item(at + 1)
        if after is not None and after.tag.get(T.DATE) and "of" in after.before:
            c.own(at)  # "in the month of April"
        elif _is_whole(c, at) and c.reading.periods:
            c.own(at)  # 去年全年
        elif _is_whole(c, at):
            c.reading.periods.append(Period(find_dates(tokenize(f"this {sense.value}"), c.today)[0], step=WHOLE))
            c.own(at, *([at - 1] if c.has(at - 1, T.POST_OP) else []))  # "and over | the whole year"
        elif item.before & {"that", "same"} or c.has(at - 1, T.PRONOUN):
            c.reading.pronouns.append(Pronoun("same", None, False, item.tag.text, is_unit=True))
            c.own(at, *([at - 1] if c.has(at - 1, T.PRONOUN, "single") and not item.before else []))  # 那个月


def _is_whole(c: Composer, at: int) -> bool:
    """As in "the whole year", 全年, "what share of the whole | quarter"."""
    before = c.items[at - 1].tag if at else None
    share = before is not None and before.get(T.SHARE) is not None and key(before.text)[-1] in _WHOLE
    return share or bool(c.items[at].before & _WHOLE)


def _is_restated(c: Composer, at: int, item: Item, number: Number) -> bool:
    """Whether a number counts what is there anyway: "the two teams", "which one"; or times a story."""
    if number.unit in ("minute", "hour"):
        return True
    if item.tag.text.lower() == "one":
        return c.sense(at + 1, T.ENTITY, T.FIELD, T.TREE, T.VALUE, T.PRONOUN) is None
    if at > 0 and c.items[at - 1].tag.type is T.PRONOUN and number.value < 20 and not number.unit:
        c.reading.shown = int(number.value)
        return True  # "those three"
    if at > 0 and c.items[at - 1].tag.text.lower().endswith(_OF_THE):
        c.reading.shown = int(number.value)
        return True  # "which of the three"
    if at > 0 and c.items[at - 1].tag.text.lower().startswith("all") and c.sense(at + 1, T.PRONOUN):
        return True  # "all seven of them"
    later = c.item(at + 2)
    grouped = c.has(at - 1, T.BY) or (later is not None and later.tag.get(T.BY) is not None)
    whole = bool(item.before & {"the", "all", "each", "both"}) and number.value < 100 and not number.is_money
    return grouped or whole


def connectives(c: Composer) -> None:
    """And, or, courtesy, what the data does not hold, and the order of the answer."""
    for at, _, sense in list(c.each(T.ORDER)):
        c.reading.order = str(sense.value)
        c.own(at)
    for at, _, _ in list(c.each(T.AND, T.OR)):
        if at > 0 or not c.has(at, T.FOLLOW):
            c.own(at)
    for at, item, _ in list(c.each(T.NOT_HELD)):
        c.reading.not_held.append(item.tag.text)
        c.own(at)
    for at, item, _ in list(c.each(T.SMALLTALK, T.WRITE)):
        asked = any(other.tag.get(T.ASK) for k in (1, 2) if (other := c.item(k)))
        if item.tag.type is T.SMALLTALK or (at == 0 and asked and not item.tag.get(T.FOLLOW)):
            c.own(at)


def _taken_back(c: Composer) -> None:
    """As in "sorry, not November, I meant October": what is taken back says nothing."""
    for at, _, _ in list(c.each(T.NEG)):
        nots = c.has(at, T.NEG, "not") and c.item(at + 1) is not None and c.items[at + 1].tag.get(T.DATE)
        taken = c.items[at + 1].tag if nots else None
        others = [p for p in c.reading.periods if taken is None or p.span.start != taken.senses[0].value.start]
        if taken is not None and others and len(others) < len(c.reading.periods):
            c.reading.periods = others
            c.own(at)


def pointers(c: Composer) -> None:
    """Pronouns and the words that lean on what was said before."""
    _taken_back(c)
    restated(c)
    if c.items and (inside := next(iter(c.items[0].before & _INSIDE), None)):
        c.reading.pronouns.append(Pronoun("set", None, False, inside))  # 里面|有几单是…: of what was spoken of
    asking = [item.tag for item in c.items if item.tag.get(T.ASK)]
    picks = c.reading.sup is not None and c.reading.sup.noun is None and c.reading.target is None
    one = picks and any(tag.text.lower().endswith(_ONE) for tag in asking)  # "which one was started first"
    if one:
        c.reading.pronouns.append(Pronoun("set", None, True, WHICH_ONE))
    elif any(tag.text.lower().endswith(_ONES) or tag.get(T.PRONOUN) for tag in asking):
        c.reading.pronouns.append(Pronoun("set", None, False, "ones"))  # "which ones"
    for at, item, sense in list(c.each(T.PRONOUN)):
        if item.owned:
            continue
        before = c.items[at - 1].tag if at else None
        if item.tag.text in _BY_THEM and before is not None and before.get(T.ENTITY, T.RECORD) and not item.after_break:
            c.own(at)  # 客户那儿: at the customers'
            continue
        of = frozenset({"of"}) if before is not None and before.text.lower().endswith(" of") else frozenset()
        c.reading.shown = c.reading.shown or _told_of(item)
        c.reading.each |= item.tag.text.lower().startswith("each")
        c.reading.pronouns.append(_pronoun(c, item.tag.text.lower(), str(sense.value), item.preps | of))
        c.own(at)
    for at, item, sense in list(c.each(T.FOLLOW)):
        after = c.item(at + 1)
        if item.get(T.COMPARATIVE) and after is not None and not after.after_break:
            continue  # 同时买过: both, and no turn to something else
        if sense.value == "correct" and item.is_soft and at and not item.after_break:
            c.own(at)  # "what did I | actually | bring in"
            continue
        joins = c.reading.follow in (None, "add", "replace")  # "and" says less than what comes after it
        c.reading.follow = str(sense.value) if joins else c.reading.follow
        c.own(at)
