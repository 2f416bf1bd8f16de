"""Who leads whom, counted and asked: "how many reps does each manager have", 归谁管, "Ann and Bo's teams, each"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.reading import FieldTest, GroupNode, RecordTest, Target
from copilot.offline.tags import T

_MANAGER = "user.manager"
_PEOPLE = frozenset({"rep", "user"})
_WHOM = "归谁"


def whose_boss(c: Composer) -> None:
    """As in X归谁管: who leads X, and not whose deals they are."""
    for at, item in enumerate(c.items):
        if item.tag.text == _WHOM and c.has(at + 1, T.MANAGES, _MANAGER) and names_at(c, at - 1, "user"):
            c.reading.columns.append(_MANAGER)
            c.own(at, at + 1)


def teams_of_both(c: Composer) -> None:
    """As in "Ann and Bo's teams", 甲和乙的团队: the people of either, where both lead some."""
    for at, item, sense in list(c.each(T.TREE)):
        first, second = names_at(c, at - 3, "user"), names_at(c, at - 1, "user")
        several = item.tag.text.lower().endswith("s") or not item.tag.text.isascii()
        if sense.value != "team" or not (first and second and several and c.has(at - 2, T.AND)):
            continue
        if all(name.label in c.vocabulary.leaders for name in (*first, *second)):
            for k, names in ((at - 3, first), (at - 1, second)):
                c.reading.records.append(RecordTest("user", names, reference=_MANAGER, at=c.items[k].tag.start))
            c.own(*range(at - 3, at + 1))


def reports_each(c: Composer) -> None:
    """As in "how many reps does each manager have", 每个经理手下几个人: the people of each."""
    managers = [at for at in range(len(c.items)) if _MANAGER in c.fields_at(at) and not c.has(at, T.MANAGES)]
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_many", "count")]
    people = [at for at in range(len(c.items)) if at not in managers and _is_people(c, at)]
    if len(managers) != 1 or len(asked) != 1 or not people or not _each_of(c, managers[0]):
        return
    led = [at for at in range(len(c.items)) if c.has(at, T.TREE, "team") or c.has(at, T.MANAGES, _MANAGER)]
    by = [at for at, _, _ in c.each(T.BY)]
    told = {*managers, *asked, *people, *led, *by}
    rest = [k for k in range(len(c.items)) if k not in told and not c.items[k].is_soft]
    if any(c.sense(k, T.VALUE) is None and not _is_shown(c, k) for k in rest):
        return
    c.reading.groups.append(GroupNode(_MANAGER))
    c.reading.fields.append(FieldTest(_MANAGER, "not_empty"))
    c.reading.target = Target("rep", "count", is_plural=True)
    c.reading.asks.append("count")
    c.own(*told, *(k for k in rest if _is_shown(c, k)))


def _is_people(c: Composer, at: int) -> bool:
    return any(s.value in _PEOPLE for s in c.items[at].all(T.ENTITY))


def _each_of(c: Composer, manager: int) -> bool:
    """Whether each manager is meant: 每位经理, "by manager", 那几个经理，每人."""
    before = c.sense(manager - 1, T.BY) is not None
    return before or any(c.sense(k, T.BY) and _is_people(c, k + 1) for k in range(manager, len(c.items) - 1))


def _is_shown(c: Composer, at: int) -> bool:
    """As in 西区|那几个|经理: they are named by what stands beside them, and nothing was shown before."""
    item = c.items[at]
    return item.tag.text.startswith("那几") and c.sense(at - 1, T.VALUE) is not None
