"""Values that say themselves of which field they are: "it is in South Africa", "net 30 instead of net 15"."""

from collections.abc import Container

from copilot.offline.tags import Sense, T, Tag
from copilot.offline.writing.changing.settings import Desk

_NEAR = 3  # words before a value that may be its verb: "deliver out of"


def in_place_of(desk: Desk) -> None:
    """As in "deliver out of Port Allen instead of Westgate": another value of the field whose old one is told."""
    old = {sense.value[0] for tag in desk.piece.old for sense in tag.all(T.VALUE)}
    if not old:
        return
    nouns = {s.value for tag in desk.tags for s in tag.all(T.ENTITY)[:1]}
    for at, tag in enumerate(desk.tags):
        fits = [s for s in tag.all(T.VALUE) if s.value[0] in old and desk.vocabulary.field(s.value[0]).edit]
        fits = [s for s in fits if s.value[0].split(".")[0] in nouns] or fits
        if desk.free[at] and fits and tag.type is T.VALUE and not desk.piece.settings:
            told = [k for k in range(at) if desk.tags[k].type in (T.VERB_METRIC, T.PREP) and k >= at - _NEAR]
            desk.set(fits[0].value[0], fits[0].value[1], at, *told, sure=True)
            _keep_old(desk, fits[0].value[0])


def _keep_old(desk: Desk, dotted: str) -> None:
    """The old value says which records are meant: those that have it."""
    for k, tag in enumerate(desk.tags):
        held = next((s for s in tag.all(T.VALUE) if s.value[0] == dotted), None)
        if tag in desk.piece.old and held is not None:
            desk.tags[k], desk.free[k] = tag.only(held), True
            desk.piece.old.remove(tag)


def by_value(desk: Desk) -> None:
    """A value that says itself of which field it is: "it is in South Africa", "HQ moved to Canada"."""
    own = {name.entity for tag in desk.tags for s in tag.all(T.RECORD)[:1] for name in s.value}
    for at, tag in enumerate(desk.tags):
        value = _of_named(tag, own)
        if value is None or not desk.free[at]:
            continue
        rest = [k for k in range(at + 1, len(desk.tags)) if not _is_field(desk, k, value.value[0])]
        if desk.has_content(rest) or (desk.wish(at + 1) and not desk.wish(at + 1, "noise")):
            continue
        before = desk.before(at)
        led = before is not None and (
            desk.is_copula(before)
            or desk.wish(before, "set")
            or (
                desk.says(before, "value_link", "put_on")
                and (
                    desk.is_copula(desk.before(before))
                    or desk.wish(desk.before(before), "set")
                    or _is_marked(desk, before, value.value[0])
                )
            )
        )
        if led and desk.vocabulary.field(value.value[0]).edit and not value.value[0].startswith("deal."):
            typed = tag.text.removeprefix("the ")
            desk.set(value.value[0], value.value[1], at, before, sure=desk.wish(before, "set"), typed=typed)


def _of_named(tag: Tag, own: Container[str]) -> Sense | None:
    """The stored value that the tag is, of a kind of record that is named (`own`) before others."""
    values = tag.all(T.VALUE)
    return next((s for s in values if s.value[0].split(".")[0] in own), next(iter(values), None))


def _is_marked(desk: Desk, link: int, dotted: str) -> bool:
    """As in "mark Mara Kern | as | unqualified": one of the records that have such a field."""
    named = [tag for tag in desk.tags[:link] if tag.type is T.RECORD]
    entity = dotted.split(".")[0]
    if not desk.wish(desk.verb, "set"):
        return False
    if desk.says(link, "put_on") and not named and entity == "account":
        return any(tag.type is T.PRONOUN for tag in desk.tags[:link])  # "put them on net 30"
    marked = desk.says(link, "put_on", "as_role")
    return marked and len(named) == 1 and any(name.entity == entity for name in named[0].senses[0].value)


def _is_field(desk: Desk, at: int, dotted: str) -> bool:
    """As in "the medical | sector"."""
    return any(s.type is T.FIELD and s.value == dotted for s in desk.tags[at].senses)
