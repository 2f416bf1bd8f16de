"""Who or what a reference leads to: "reports to X", "looked after by X", "whose parent is X", "X's manager"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.reading import RecordTest, Target
from copilot.offline.tags import Sense, T

TREES = ("user.manager", "account.parent")


def reports(c: Composer) -> None:
    """As in "reports to X", "belongs to X"; "who does X report to" asks the other way round."""
    for at, item, _ in list(c.each(T.OWNS)):
        near = {e for k in (at - 1, at + 1) for e in ("user", "account") if names_at(c, k, e)}
        trees = [s for s in item.all(T.OWNS) if s.value in TREES and s.value.split(".")[0] in near]
        if not trees:
            continue
        sense = trees[0]
        entity = str(sense.value).split(".")[0]
        after, before = names_at(c, at + 1, entity), names_at(c, at - 1, entity)
        if before and "谁" in item.tag.text:
            c.reading.columns.append(str(sense.value))  # X归谁管
            c.own(at)
        elif after:
            c.reading.records.append(RecordTest(entity, after, reference=sense.value, at=c.items[at].tag.start))
            c.own(at, at + 1)
        elif before and any(c.has(k, T.ASK, "who", "which", "what") for k in range(at - 1)):
            c.reading.columns.append(str(sense.value))
            c.own(at, *(k for k in range(at - 1) if c.has(k, T.ASK, "who")))
        elif before:
            c.reading.records.append(RecordTest(entity, before, reference=sense.value, at=c.items[at].tag.start))
            c.own(at, at - 1)


_REP = Sense(T.ENTITY, "rep")


def under_them(c: Composer) -> None:
    """As in "how many people does Anna have under her": her own, who are sellers and no contacts."""
    said = c.items[-2].tag if len(c.items) > 2 else None
    below = any(r.reference == "user.manager" and not r.negated for r in c.reading.records)
    if said is None or not below or not c.has(len(c.items) - 1, T.PRONOUN, "single"):
        return
    if not any(s.value == "user.manager" for s in (*said.all(T.OWNS), *said.all(T.MANAGES))):
        return
    c.own(len(c.items) - 1)
    for item in c.items[:-2]:
        if any(s.value == "contact" for s in item.all(T.ENTITY)):
            item.tag = item.tag.only(_REP)


def keepers(c: Composer) -> None:
    """As in "who looks after X", "who is the rep for X": whose account it is, where the store says so."""
    if not c.vocabulary.holds("account.owner") or c.mentions(T.STATE) or c.mentions(T.METRIC):
        return
    for at, item, _ in list(c.each(T.OWNS)):
        owns = any(s.value in ("deal.owner", "account.owner") for s in item.all(T.OWNS))
        if owns and c.has(at - 1, T.ASK, "who") and names_at(c, at + 1, "account"):
            c.reading.columns.append("account.owner")
            c.own(at - 1, at)
    for at, item, sense in list(c.each(T.ENTITY)):
        said = sense.value == "rep" and c.has(at - 1, T.ASK, "who") and not item.is_plural
        if said and names_at(c, at + 1, "account") and len(c.items) == at + 2:
            c.reading.columns.append("account.owner")
            c.own(at - 1, at)


_IS = frozenset({"is", "are", "being", "是", "为", "叫"})


def referred(c: Composer) -> None:
    """As in "accounts whose parent is X": a test on the reference; "what is the parent of X" asks for it."""
    for at, item, _ in list(c.each(T.FIELD)):
        after = c.item(at + 1)
        if after is None or not after.before & _IS or after.after_break or item.before & {"what", "什么"}:
            continue
        for dotted in c.fields_at(at, lambda f: f.target in ("user", "account")):
            names = names_at(c, at + 1, str(c.vocabulary.field(dotted).target))
            if names and dotted in TREES:
                c.reading.records.append(RecordTest(names[0].entity, names, reference=dotted, at=item.tag.start))
                c.reading.target = c.reading.target or _listed(c, dotted.split(".")[0])
                c.own(at, at + 1)
                _alternatives(c, at + 2, dotted)
                break


def _alternatives(c: Composer, at: int, dotted: str) -> None:
    """As in "whose parent is X or Y"."""
    while c.has(at, T.OR) and (names := names_at(c, at + 1, dotted.split(".")[0])):
        c.reading.records.append(RecordTest(names[0].entity, names, reference=dotted, at=c.items[at + 1].tag.start))
        c.own(at, at + 1)
        at += 2


def above(c: Composer) -> None:
    """As in "Anna's manager", Anna的上级: who is above the one that is named; "X is the parent of which" asks below."""
    for at, item, _ in list(c.each(T.FIELD)):
        asked = [d for d in c.fields_at(at) if d in TREES and names_at(c, at - 1, d.split(".")[0])]
        of_it = bool(item.before & {"的", "'s"})
        asks_up = of_it or c.has(at - 2, T.ASK, "who")  # "who X reports to, and …"
        if asked and not asks_up and (c.has(at + 1, T.ASK, "which") or c.has(at + 1, T.FOLLOW, "add")):
            names = names_at(c, at - 1, asked[0].split(".")[0])
            c.reading.records.append(
                RecordTest(names[0].entity, names, reference=asked[0], at=c.items[at - 1].tag.start)
            )
            c.own(at - 1, at, at + 1)  # "X is the parent of which companies"
        elif asked and of_it and (c.item(at + 1) is None or c.has(at + 1, T.ASK, "which")):
            names = names_at(c, at - 1, asked[0].split(".")[0])
            c.reading.records.append(RecordTest(names[0].entity, names, at=c.items[at - 1].tag.start))
            c.reading.columns.append(asked[0])
            c.own(*(k for k in (at - 1, at, at + 1) if c.item(k)))  # X的母公司是哪家
        elif "user.manager" in c.fields_at(at) and c.has(at - 1, T.PRONOUN, "single") and c.item(at + 1) is None:
            c.reading.columns.append("user.manager")  # "and his manager?"
            c.own(at)


def _listed(c: Composer, entity: str) -> Target | None:
    """The records of the reference, where no other noun says what is asked for."""
    nouns = any(other.tag.get(T.ENTITY) for other in c.items if not other.owned)
    return None if nouns else Target("rep" if entity == "user" else entity, "which")
