"""Teams: "X's team", "my team", "who manages X", those who only lead."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import GroupNode, RecordTest
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_INSIDE = ("里", "内", "中")


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
        else:
            _inside(c, at)
    for at, item, _ in list(c.each(T.MANAGES)):
        if c.has(at, T.MANAGES, "user.manager") and not _keeps(c, at):
            _manages(c, at, item.tag.text)


def _keeps(c: Composer, at: int) -> bool:
    """As in "how many customers is Anna responsible for": whose they are, and no team's."""
    kept = {str(s.value).split(".")[0] for s in c.items[at].all(T.OWNS)}
    asked = {str(s.value) for k in range(at) for s in c.items[k].all(T.ENTITY)}
    return c.items[at].tag.text.lower() in ("responsible for", "in charge of") and bool(kept & asked)


def by_mine(c: Composer) -> None:
    """As in "for each of my reps", "by my reps": the groups are those of one's team."""
    for at, _, _ in list(c.each(T.BY)):
        mine, noun = c.item(at + 1), c.item(at + 2)
        people = {sense.value for sense in noun.all(T.ENTITY)} if noun else set()
        if mine is not None and c.has(at + 1, T.MINE, "mine") and mine.tag.text.lower() == "my" and "rep" in people:
            c.reading.mine = "team"
            c.reading.groups.append(GroupNode("rep"))
            c.own(at, at + 1, at + 2)


def by_theirs(c: Composer) -> None:
    """As in "for each of Anna's reps": the groups are those of the team that is named."""
    for at, _, _ in list(c.each(T.BY)):
        whose, people = c.item(at + 1), c.item(at + 2)
        led = people is not None and people.owned and people.tag.get(T.MANAGES, T.TREE) is not None
        if whose is not None and whose.owned and whose.tag.get(T.RECORD) and led:
            c.reading.groups.append(GroupNode("rep"))
            c.own(at)


def _inside(c: Composer, at: int) -> None:
    """As in 组里: whoever says so is in it."""
    if c.items[at].tag.text.endswith(_INSIDE) and c.reading.mine is None:
        c.reading.mine = "team"
        c.own(at)


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
