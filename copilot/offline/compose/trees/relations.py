"""Verbs that relate two kinds of records, and ask for one of them."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.trees.companies import holding
from copilot.offline.compose.trees.references import TREES
from copilot.offline.tags import T


def relations(c: Composer) -> None:
    """As in "owned by", "sold to", "sitting on": explained by the record, value or target at the other end."""
    for at, _, _ in list(c.each(T.OWNS)):
        any(_relates(c, at, str(option.value)) for option in c.items[at].all(T.OWNS))
    for at, _, sense in list(c.each(T.MANAGES)):
        if sense.value == "has_subsidiaries":
            holding(c, at)
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
    if dotted in TREES:
        return _asks_above(c, at, entity)
    if _asked_who(c, at - 1) and (_is_ranked(c, entity) or any(r.entity == entity for r in c.reading.records)):
        c.reading.columns.append(dotted)  # "who owns this deal"
        c.reading.target = None
        c.own(at, at - 1)
        return True
    ours = c.reading.ours and c.reading.target is not None and c.reading.target.dotted == entity
    if target in _mentioned(c) or (target == "user" and (c.reading.mine or ours)):  # "deals we are sitting on"
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
