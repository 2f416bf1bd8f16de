"""Which field is meant by a value that stands in several: the words beside it tell, and what they decide is said."""

from collections.abc import Sequence

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.other_names import is_called
from copilot.offline.tags import T
from crm_core.models import Role

_TEAMS = frozenset({"user.team", "user.region"})
_LOSING = ("给", "给了")


def led_fields(c: Composer, at: int, fields: list[str]) -> list[str]:
    """As in "lost to Acme", of the competitor; "in the UK", of where customers are: those of the fields, or none."""
    if len(set(fields)) < 2:
        return []
    joined = {test.dotted for test in c.reading.fields if test.op == "in"} & set(fields)
    if len(joined) == 1 and c.has(at - 1, T.AND, "and"):
        return [dotted for dotted in fields if dotted in joined]
    if beside := _of_the_other(c, at, fields):
        return [beside]
    if _is_lost_to(c, at):
        return [dotted for dotted in fields if is_called(c.vocabulary.field(dotted).words, "competitor")]
    place = c.vocabulary.schema.entities["account"].by_role(Role.PLACE)
    where = f"account.{place.name}" if place else ""
    if where in fields and set(fields) - {where} <= _TEAMS and _is_place(c, at):
        text = c.items[at].tag.text
        c.reading.notes.append(f"{text} → {c.vocabulary.field(where).label} {text}")
        return [where]
    return []


def called_once(c: Composer, fields: Sequence[str], base: str) -> list[str]:
    """The fields without those that go by the same name as a nearer one: the area of a deal, and of its customer."""
    own = c.vocabulary.schema.own_words
    kept: dict[str, set[str]] = {}
    for dotted in sorted(fields, key=lambda dotted: dotted.split(".")[0] != base):
        names = {c.vocabulary.field(dotted).label, *(phrase for phrase, targets in own.items() if dotted in targets)}
        if not any(names & others for others in kept.values()):
            kept[dotted] = names
    return list(kept)


def _of_the_other(c: Composer, at: int, fields: list[str]) -> str | None:
    """As in "in Bristol or in Bath", where Bath is a city only: the two are of one kind."""
    for joint, k in ((at + 1, at + 2), (at - 1, at - 2)):
        if c.item(k) is None or k < 0 or not c.has(joint, T.OR, "or"):
            continue
        others = {str(s.value[0]) for s in c.items[k].tag.all(T.VALUE)}
        if len(others) == 1 and others <= set(fields):
            return others.pop()
    return None


def _is_lost_to(c: Composer, at: int) -> bool:
    """As in "lost 3 deals to Acme", 输给Acme."""
    lost = [k for k in range(max(0, at - 3), at) if c.items[k].tag.get(T.STATE, T.METRIC) and _loses(c, k)]
    to = "to" in c.items[at].preps or (bool(lost) and c.items[lost[-1]].tag.text.endswith(_LOSING))
    return bool(lost) and to


def _loses(c: Composer, at: int) -> bool:
    return any(s.value in ("lost", "deals_lost") for s in c.items[at].tag.senses if s.type in (T.STATE, T.METRIC))


def _is_place(c: Composer, at: int) -> bool:
    """As in "in the UK", 在英国, where nobody of the company is asked for."""
    asked = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    asked |= {"user"} if any(item.tag.get(T.TREE) for item in c.items) else set()
    return bool(c.items[at].preps & {"in", "在"}) and "user" not in asked
