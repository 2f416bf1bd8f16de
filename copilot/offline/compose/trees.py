"""Rules for who is below whom, and whose something is: teams, subsidiaries, owners."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.reading import Pronoun, RecordTest, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import T


def subsidiaries(c: Composer) -> None:
    """As in "X and its subsidiaries", "subsidiaries of X", Sonron 旗下有哪些子公司."""
    for at, _, sense in list(c.each(T.MANAGES, T.TREE)):
        names = names_at(c, at - 1, "account")
        if sense.value in ("has_subsidiaries", "account.subsidiaries"):
            _subsidiaries(c, at)
        elif sense.value == "with_children" and names:
            c.reading.records.append(RecordTest("account", names, below=True, at=c.items[at].tag.start))
            c.own(at, at - 1)


_TREES = ("user.manager", "account.parent")


def reports(c: Composer) -> None:
    """As in "reports to X", "belongs to X"; "who does X report to" asks the other way round."""
    for at, item, _ in list(c.each(T.OWNS)):
        near = {e for k in (at - 1, at + 1) for e in ("user", "account") if names_at(c, k, e)}
        trees = [s for s in item.all(T.OWNS) if s.value in _TREES and s.value.split(".")[0] in near]
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
            if names and dotted in _TREES:
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
        asked = [d for d in c.fields_at(at) if d in _TREES and names_at(c, at - 1, d.split(".")[0])]
        of_it = bool(item.before & {"的", "'s"})
        if asked and not of_it and (c.has(at + 1, T.ASK, "which") or c.has(at + 1, T.FOLLOW, "add")):
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


def teams(c: Composer) -> None:
    """As in "X's team", "my team", "the team of X", "each manager's team"."""
    for at, item, sense in list(c.each(T.TREE)):
        if sense.value != "team":
            continue
        test = next(((k, n) for k in (at - 1, at + 1) if (n := names_at(c, k, "user"))), None)
        if test:
            c.reading.unclear |= c.has(at - 2, T.AND) and bool(names_at(c, at - 3, "user"))  # A和B的团队: of both
            c.reading.records.append(RecordTest("user", test[1], reference="user.manager", at=item.tag.start))
            c.own(at, test[0])
        elif c.has(at - 1, T.MINE):
            c.reading.mine = "team"
            c.own(at, at - 1)
        elif _is_team_of_above(c, at):
            continue
        elif "user.manager" in c.fields_at(at - 1):
            c.own(at)  # "each manager's team"
        elif _is_pointed_at(c, at):
            _whose(c, at)
    for at, item, _ in list(c.each(T.MANAGES)):
        _manages(c, at, item.tag.text)


def _is_pointed_at(c: Composer, at: int) -> bool:
    """Whether a pronoun says whose team it is; its words are taken."""
    start = at - 2 if c.has(at - 1, T.FOLLOW) else at - 1
    if not c.has(start, T.PRONOUN, "single"):
        return False
    c.own(*range(start, at + 1))
    return True


def _whose(c: Composer, at: int) -> None:
    """As in "Anna is away. What did her team win?": the one named before; else 他那组 points back."""
    named = [(k, names) for k in range(at) if (names := names_at(c, k, "user"))]
    is_side = any(c.mentions(kind) for kind in (T.VERSUS, T.GAP, T.COMPARATIVE))
    if len(named) == 1 and not is_side and (named[0][0] == 0 or c.items[named[0][0] + 1].after_break):
        c.reading.records.append(RecordTest("user", named[0][1], reference="user.manager", at=c.items[at].tag.start))
        c.own(named[0][0])
    else:
        c.reading.pronouns.append(Pronoun("single", "team", False, c.items[at].tag.text))


def _manages(c: Composer, at: int, text: str) -> None:
    """As in "X's people", "X manages": those below X; "who manages X": X's manager."""
    before, after = names_at(c, at - 1, "user"), names_at(c, at + 1, "user")
    if before and c.has(at + 1, T.ASK, "who"):
        c.reading.columns.append("user.manager")  # X的领导是谁
        c.own(at, at + 1)
    elif before:
        c.reading.records.append(RecordTest("user", before, reference="user.manager", at=c.items[at].tag.start))
        c.own(at, at - 1)
    elif after and _names_the_one_above(c, text) and c.has(at - 1, T.ASK, "who", "what"):
        c.reading.records.append(RecordTest("user", after, at=c.items[at + 1].tag.start))
        c.reading.columns.append("user.manager")  # "who is the manager of X"
        c.own(at - 1, at, at + 1)
    elif after and (text.endswith("of") or not c.has(at - 1, T.ASK, "who")):
        c.reading.records.append(RecordTest("user", after, reference="user.manager"))
        c.own(at, at + 1)
    elif after:
        c.reading.columns.append("user.manager")
        c.own(at, at - 1)
    elif _is_team_of_above(c, at):
        return
    elif "user.manager" in c.fields_at(at - 1):
        c.own(at)
    elif text.lower().endswith("of") and c.has(at - 1, T.ASK, "who", "what") and _is_pointer(c, at + 1):
        c.reading.columns.append("user.manager")  # "who's the manager of the second one"
        c.reading.asks.append("who")
        c.own(at, at - 1)
    elif text.startswith("团队") and c.has(at - 1, T.PRONOUN, "single"):
        c.reading.pronouns.append(Pronoun("single", "team", False, text))  # 他的团队有几个人
        c.own(at, at - 1)


def _is_team_of_above(c: Composer, at: int) -> bool:
    """As in "his manager's team": the team that he is of; its words are taken."""
    if "user.manager" not in c.fields_at(at - 1) or not c.has(at - 2, T.PRONOUN, "single"):
        return False
    c.reading.pronouns.append(Pronoun("single", "team", False, c.items[at].tag.text))
    c.own(at - 2, at - 1, at)
    return True


def _names_the_one_above(c: Composer, text: str) -> bool:
    """As in "the manager of": a noun for who is above, and not for those below."""
    senses = [s for word in key(text) for s in c.vocabulary.phrases.get((word,), ())]
    return any((s.type, s.value) == (T.FIELD, "user.manager") for s in senses)


def _is_pointer(c: Composer, at: int) -> bool:
    number = c.sense(at, T.NUMBER)
    return bool(c.has(at, T.PRONOUN, "single") or (number and number.value.is_ordinal))


def _subsidiaries(c: Composer, at: int) -> None:
    for other in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
        names = names_at(c, other, "account")
        if not names:
            continue
        between = range(other + 1, at)
        joined = c.has(at, T.TREE, "account.subsidiaries") and (
            any(c.sense(k, T.FOLLOW, T.AND) for k in between) or bool(c.items[at].preps & {"including", "incl", "plus"})
        )
        test = (
            RecordTest("account", names, below=True, at=c.items[at].tag.start)
            if joined
            else RecordTest("account", names, reference="account.parent")
        )
        c.reading.records.append(test)
        if not joined:
            c.reading.facts.append("account")
            if c.reading.target is None:
                c.reading.target = Target("account", "which")
        c.own(at, other, *between)
        return


def relations(c: Composer) -> None:
    """As in "owned by", "sold to", "sitting on": explained by the record, value or target at the other end."""
    for at, _, _ in list(c.each(T.OWNS)):
        any(_relates(c, at, str(option.value)) for option in c.items[at].all(T.OWNS))
    for at, _, sense in list(c.each(T.MANAGES)):
        if sense.value == "has_subsidiaries":
            _subsidiaries(c, at)
            continue
        manager = c.is_group("user.manager") or any(r.entity == "user" for r in c.reading.records)
        if manager:
            c.own(at)


def _relates(c: Composer, at: int, dotted: str) -> bool:
    """Whether the words at `at`, read as this reference, are explained; if so they are taken."""
    entity, name = dotted.split(".")
    target = c.vocabulary.schema.entities[entity].fields[name].target
    if dotted in (*c.reading.columns, *(t.dotted for t in c.reading.fields)):
        c.own(at)  # "which office does she sit in": the field says it
        return True
    if target is None or not c.vocabulary.holds_records(entity):
        return False
    if dotted in _TREES:
        return _asks_above(c, at, entity)
    if _asked_who(c, at - 1) and (_is_ranked(c, entity) or any(r.entity == entity for r in c.reading.records)):
        c.reading.columns.append(dotted)  # "who owns this deal"
        c.reading.target = None
        c.own(at, at - 1)
        return True
    if target in _mentioned(c) or (target == "user" and c.reading.mine):
        c.reading.facts.append(entity)
        c.own(at)
        return True
    return False


def _is_ranked(c: Composer, entity: str) -> bool:
    """Whether records of this kind are ranked, also as "the biggest of them"."""
    sup = c.reading.sup
    if sup is None:
        return False
    if sup.noun is None and c.mentions(T.PRONOUN, "set"):
        c.reading.sup = sup = replace(sup, noun=entity)
    single = sup.sort in ("old", "new", "max_size", "min_size") and sup.noun is None and sup.by is None
    if single and c.vocabulary.schema.entities[entity].is_fact and not c.reading.measures:
        c.reading.sup = sup = replace(sup, noun=entity)  # "who owns the oldest"
    named = sup.noun == entity or (sup.noun is None and entity in c.reading.facts)
    return named and sup.sort not in ("max_count", "min_count")


def _asks_above(c: Composer, at: int, entity: str) -> bool:
    """As in "who does she report to": the one above whoever is named or pointed at."""
    asked = [k for k in range(max(0, at - 4), at) if _asked_who(c, k)]
    named = any(r.entity == entity and not r.reference for r in c.reading.records) or c.mentions(T.PRONOUN)
    if not asked or not named:
        return False
    c.reading.columns.append("user.manager" if entity == "user" else "account.parent")
    c.reading.target = None if c.reading.target and c.reading.target.ask == "who" else c.reading.target
    c.own(at)
    return True


def _asked_who(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and any(s.type is T.ASK and s.value == "who" for s in item.tag.senses)


def _mentioned(c: Composer) -> set[str]:
    """Entities that the reading has a test on, asks for, or groups by."""
    found = {r.entity for r in c.reading.records} | {t.entity for t in c.reading.fields}
    nouns = [c.reading.target.dotted if c.reading.target else "", *(g.dotted or "" for g in c.reading.groups)]
    nouns += [c.reading.sup.noun or "" if c.reading.sup else ""]
    return found | {entity_of(noun.split(".")[0]) for noun in nouns if noun}


def led(c: Composer) -> None:
    """As in "open deals melvin": of one who sells nothing, but leads those who do, the team's are meant."""
    reading = c.reading
    of_deals = reading.measures or reading.states or FACT in reading.facts
    of_people = any(column.startswith("user.") for column in reading.columns)
    if not of_deals or of_people or (reading.target and reading.target.dotted in ("user", "manager")):
        return
    people = [test for test in reading.records if test.entity == "user" and test.reference is None]
    reading.unclear |= 0 < sum(_leads(c, test) for test in people) < len(people)  # one who sells beside a whole team
    reading.records = [replace(test, reference="user.manager") if _leads(c, test) else test for test in reading.records]


def _leads(c: Composer, test: RecordTest) -> bool:
    return test.entity == "user" and test.reference is None and all(n.label in c.vocabulary.leaders for n in test.names)
