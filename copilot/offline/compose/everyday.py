"""Rules for everyday ways to ask about deals and people: whose they are, what should have closed, why they are lost."""

from copilot.offline.compose.aggregating import add_measure
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import (
    Contrast,
    FieldTest,
    GroupNode,
    MeasureNode,
    Side,
    StateTest,
    SupNode,
    Target,
)
from copilot.offline.other_names import is_called
from copilot.offline.tags import T
from copilot.offline.writing.words import small
from crm_core.models import Kind

_REASON = "deal.lost_reason"


def which_of_mine(c: Composer) -> None:
    """As in "which of my guys closed the most": those of one's team are asked for, and no deals."""
    people = c.has(2, T.TREE, "team") and c.has(1, T.MINE, "mine")
    if people and c.has(0, T.ASK, "which") and c.items[0].tag.text.lower().endswith("of"):
        c.reading.target = Target("rep", "which", is_plural=False)
        c.reading.asks.append("which")
        c.reading.mine = "team"
        c.own(0, 1, 2)


def each_of_those_named(c: Composer) -> None:
    """As in "how many demos did Anna and Ben each do", 各: one figure for each of them."""
    for at, item, _ in list(c.each(T.BY)):
        named = [k for k in range(at) if c.sense(k, T.RECORD) is not None]
        kinds = {c.items[k].get(T.RECORD).value[0].entity for k in named}  # type: ignore[union-attr]
        several = len(named) > 1 and named[-1] in (at - 1, at - 2) and len(kinds) == 1
        noun = c.sense(at + 1, T.ENTITY, T.FIELD, T.UNIT, T.BUCKET, T.NUMBER)
        if item.tag.text.lower() in small("each") and several and noun is None and not c.mentions(T.SUP):
            kind = str(kinds.pop())
            c.reading.groups.append(GroupNode("rep" if kind == "user" else kind))
            c.own(at)


def each_of_the_values(c: Composer) -> None:
    """As in "lost to Acme and Bolt each": one figure for each of the values."""
    last = len(c.items) - 1
    tests = [t for t in c.reading.fields if t.op == "in" and not t.negated and len(t.values) > 1]
    ends = c.items[last].tag if c.items else None
    if ends is None or ends.text.lower() not in small("each") or len(tests) != 1 or c.mentions(T.SUP):
        return
    if c.items[last - 1].tag.get(T.VALUE) is not None and not c.reading.groups:
        c.reading.groups.append(GroupNode(tests[0].dotted))
        c.reading.each = False
        c.own(last)


def in_their_hands(c: Composer) -> None:
    """As in "sitting in Anna's name", "parked with Ben", "assigned to her": whose they are."""
    for at, item, _ in list(c.each(T.OWNS)):
        words = item.tag.text.lower().split(" ")
        rests = words[0] in small("resting") and words[-1] != "under"
        whose = c.item(at + 1)
        person = whose is not None and (
            any(name.entity == "user" for s in whose.all(T.RECORD) for name in s.value)
            or any(s.type is T.PRONOUN for s in whose.tag.senses)
        )
        if rests and person:
            c.own(at)
            if c.has(at + 2, T.FIELD) and c.items[at + 2].tag.text.lower() in ("name", "names"):
                c.own(at + 2)


def lost_why(c: Composer) -> None:
    """As in "why are we losing deals": how often each reason was given; of one deal or company it is looked up."""
    r = c.reading
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "why")]
    told = [at for at, _, _ in c.each(T.FIELD) if _REASON in c.fields_at(at) and _asks_why(c, at)]
    lost = c.mentions(T.METRIC, "deals_lost") or any(set(s.kinds) == {"lost"} for s in r.states)
    one = any(test.entity in (FACT, "account", "contact") for test in r.records) or c.mentions(T.PRONOUN)
    held = c.vocabulary.holds(_REASON)
    if not held or one or not (told or (asked and lost)) or r.measures or r.groups or c.mentions(T.SUP):
        return
    if not any(set(s.kinds) == {"lost"} for s in r.states):
        r.states.append(StateTest(("lost",)))
    r.groups.append(GroupNode(_REASON))
    r.measures.append(MeasureNode(fn="count", dotted=FACT))
    c.own(*asked, *told, *(at for at, _, _ in list(c.each(T.METRIC)) if c.has(at, T.METRIC, "deals_lost")))


def lost_to_value(c: Composer) -> None:
    """As in 输给Acme三单: what was lost to a competitor, and no comparison."""
    for at, item, _ in list(c.each(T.OP)):
        lost = next((s for s in item.all(T.STATE) if s.value == "lost"), None)
        if lost is not None and c.sense(at + 1, T.VALUE) is not None and c.sense(at + 1, T.RECORD) is None:
            item.tag = item.tag.only(lost)


def lost_to_whom(c: Composer) -> None:
    """As in "who do we lose to most", 我们输给谁最多: the competitor, where the company notes it."""
    r = c.reading
    rivals = [dotted for dotted in _own_choices(c) if _is_of_rivals(c, dotted)]
    asked = next((at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "who")), None)
    if asked is None or r.target or r.groups or r.measures:
        return
    lost = next((at for at, _, _ in c.each(T.STATE) if c.has(at, T.STATE, "lost")), None)
    ours = lost is not None and asked < lost and any(_we(c, k) for k in range(asked, lost))
    given = c.has(asked - 1, T.STATE, "lost") and c.items[asked - 1].tag.text.endswith("给")
    if len(rivals) != 1:
        r.unclear |= given  # 都输给谁了: to no colleague of ours
        return
    if given and any(c.has(k, T.SUP, "max_size", "min_size", "old", "new") for k in range(asked)):
        r.columns.append(rivals[0])  # 丢的最大一单是丢给谁的: shown beside the deal
        c.own(asked - 1, asked)
    elif ours or given:
        r.target = Target(rivals[0], "which", is_plural=not c.mentions(T.SUP))
        if not c.mentions(T.SUP):
            r.fields.append(FieldTest(rivals[0], "not_empty"))
        r.sup = r.sup or (None if c.mentions(T.SUP) else SupNode("max_count", noun=rivals[0], is_plural=True))
        r.asks.append("which")
        c.own(asked)


def _we(c: Composer, at: int) -> bool:
    """As in "who did we lose to", and not "who on my team lost"."""
    led = c.item(at + 1) is not None and c.items[at + 1].get(T.TREE, T.MANAGES, T.ENTITY) is not None
    return c.has(at, T.MINE, "ours", "mine") and not led


def _is_of_rivals(c: Composer, dotted: str) -> bool:
    """By what the column is called: "Competitor", "Lost To"."""
    field = c.vocabulary.field(dotted)
    return is_called(field.words, "competitor") or field.label.lower() in small("lost_to")


def _own_choices(c: Composer) -> list[str]:
    fields = c.vocabulary.schema.entities[FACT].fields.values()
    own = [f"{FACT}.{field.name}" for field in fields if field.is_custom and field.kind in (Kind.CHOICE, Kind.TEXT)]
    return [dotted for dotted in own if c.vocabulary.holds(dotted)]


def _asks_why(c: Composer, at: int) -> bool:
    return c.items[at].tag.text.lower().startswith(tuple(small("why")))


def from_its_entry(c: Composer) -> None:
    """As in "from first entering a deal to winning it": from its start."""
    days = c.mentions(T.ASK, "how_long") or c.mentions(T.UNIT, "day")
    ends = any(c.has(at, T.STATE, "won", "lost", "closed") and "to" in item.before for at, item in enumerate(c.items))
    for at, item in enumerate(c.items if days and ends else ()):
        k = at - 1 if at and c.has(at - 1, T.SUP, "old") else at
        if item.tag.text.lower() in small("entering") and {"from"} & c.items[k].before and FACT in nouns_at(c, at + 1):
            c.own(k, at)
            return


def numbers_sold(c: Composer) -> None:
    """As in "how many seats have I sold": what stands in the own column, of the deals that were won."""
    r = c.reading
    sold = any(s.value == "bookings" for item in c.items for s in item.tag.all(T.VERB_METRIC))
    for at, item, _ in list(c.each(T.FIELD)):
        fields = c.fields_at(at, lambda f: f.is_custom and f.kind is Kind.INTEGER and f.entity == FACT)
        asked = item.tag.text.lower().startswith("how many") or c.has(at - 1, T.ASK, "how_many")
        of_deals = sold or r.states or FACT in c.reading.facts or c.mentions(T.ENTITY, FACT)
        if not (fields and asked and of_deals) or any(t.entity == FACT for t in r.records):
            continue
        r.measures = [m for m in r.measures if m.metric not in ("bookings", "deals_won")]
        add_measure(c, MeasureNode(fn="sum", dotted=c.nearest(fields, to=c.about)))
        if sold and not any(set(s.kinds) == {"won"} for s in r.states):
            r.states.append(StateTest(("won",)))
        c.own(at, *([at - 1] if c.has(at - 1, T.ASK, "how_many") else []))


def last_thing_done(c: Composer) -> None:
    """As in "what's the last thing we did with Acme", 最后一次做了什么: the latest interaction."""
    words = small("last_thing")
    at = next((k for k, item in enumerate(c.items) if item.tag.text.lower() in words and not item.owned), None)
    parties = {"account", "contact", FACT}
    named = {name.entity for item in c.items for s in item.tag.all(T.RECORD) for name in s.value} & parties
    if at is None or not named or not c.vocabulary.holds_records("interaction"):
        return
    c.reading.target = Target("interaction", "which", is_plural=False)
    c.reading.sup = SupNode("new", limit=1, noun="interaction")
    c.own(at, *(k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "what")))


def means_of_both_sides(c: Composer) -> None:
    """As in "average discount on the deals we won versus the ones we lost": the mean of each side."""
    r = c.reading
    means = [m for m in r.measures if m.fn in ("avg", "median") and m.dotted and "." in m.dotted]
    sides = {"won": "deals_won", "lost": "deals_lost"}
    kinds = {kind for s in r.states if not s.negated for kind in s.kinds}
    kinds |= {kind for kind, metric in sides.items() if any(m.metric == metric for m in r.measures)}
    others = [m for m in r.measures if m not in means and m.metric not in sides.values()]
    apart = r.side_by_side or any(item.tag.type is T.VERSUS or item.tag.text in small("each") for item in c.items)
    if len(means) != 1 or others or kinds != set(sides) or not apart or r.groups or r.sup:
        return
    left, right = (Side(states=(StateTest((kind,)),)) for kind in sides)
    r.measures, r.states, r.side_by_side, r.contrast = means, [], False, Contrast(left, right)
    r.target, r.pronouns = None, [p for p in r.pronouns if p.text.lower() not in ("ones", "the ones", "those")]
    c.own(*(k for k, item, _ in list(c.each(T.BY)) if item.tag.text in small("each")))


def contact_and_number(c: Composer) -> None:
    """As in 联系人和电话给我, "the contact and their phone": the number of the contact, and no call that was made."""
    for at, item, _ in list(c.each(T.ENTITY)):
        own = [s for s in item.all(T.FIELD) if str(s.value).startswith("contact.")]
        joined = c.has(at - 1, T.AND) and c.has(at - 2, T.ENTITY, "contact")
        if own and joined and not item.is_plural and not c.has(at, T.ENTITY, "contact"):
            item.tag = item.tag.only(*own)


def contacts_with(c: Composer) -> None:
    """As in X的联系人和邮箱: those of all its contacts, and of no colleague."""
    r = c.reading
    noun = next(
        (at for at, item in enumerate(c.items) if any(s.value == "contact" for s in item.tag.all(T.ENTITY))), None
    )
    asked = r.target is not None and r.target.dotted == "contact" and not c.mentions(T.PRONOUN)
    if noun is None or not asked or not r.columns or c.items[noun].tag.text.isascii() or r.sup or r.measures:
        return
    own = c.vocabulary.schema.entities["contact"].fields
    names = [dotted.split(".")[-1] for dotted in r.columns]
    if all(name in own for name in names):
        r.columns = [f"contact.{name}" for name in names]
        r.target, r.vague = Target("contact", "list"), False
        r.asks = [ask for ask in r.asks if ask not in ("count", "how_many")]  # 微信号|多少


def people_by_title(c: Composer) -> None:
    """As in "email address of the practice manager at Acme", "who prefers letters": contacts, and no colleagues."""
    r = c.reading
    titled = any(t.dotted == "contact.title" and t.op == "in" and not t.negated for t in r.fields)
    titled |= bool(r.fields) and {t.entity for t in r.fields} == {"contact"} and not (r.periods or r.facts or r.mine)
    parties = {t.entity for t in r.records if not t.negated}
    asked = r.target is None or (r.target.ask == "who" and r.target.dotted == "rep")
    if not titled or parties - {"account"} or not asked or r.measures or r.groups or r.sup or r.states:
        return
    own = c.vocabulary.schema.entities["contact"].fields
    names = [dotted.split(".")[-1] for dotted in r.columns]
    if (names or "who" in r.asks) and all(name in own for name in names):
        r.columns = [f"contact.{name}" for name in names]
        r.target = Target("contact", "list")
        r.asks = [ask for ask in r.asks if ask != "who"]


def together(c: Composer) -> None:
    """As in "how much is that together", 加起来多少钱: of what was shown, for the words name nothing else."""
    r = c.reading
    bare = r.total and [m.metric for m in r.measures] == ["bookings"] and not (r.target or r.groups or r.sup or r.facts)
    scoped = r.records or r.fields or r.states or r.periods or r.mine or r.ours or r.meant
    quiet = all(item.tag.type in (T.ASK, T.AGG, T.THING, T.MONEY_WORD, T.FOLLOW) or item.is_soft for item in c.items)
    if bare and quiet and not scoped and not r.pronouns:
        r.pronouns.append(Pronoun("set", None, False, "that"))
