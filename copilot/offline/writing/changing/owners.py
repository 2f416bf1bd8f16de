"""Who is to own what: "hand it to Carol", "split between Donn and Reed"; deleting and the like."""

from copilot.offline.tags import T
from copilot.offline.vocabulary import Name
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.words import small

_OWNER = "owner"


def owners(desk: Desk) -> None:
    """Persons to whom the records go."""
    if desk.find("split") is not None or desk.find("evenly") is not None:
        _dealt(desk)
    _mine(desk)
    for at in range(len(desk.tags)):
        names = _person(desk, at)
        if names and desk.free[at]:
            _given(desk, at, names)


def wanted(desk: Desk) -> None:
    """A new owner who is not named."""
    for at in range(len(desk.tags)):
        if desk.free[at] and desk.says(at, "wanted_owner"):
            desk.piece.mentioned.append(_OWNER)
            desk.piece.sure = desk.piece.orders = True
            rest = [
                k
                for k in range(at + 1, len(desk.tags))
                if desk.says(k, "wanted_owner_rest") or desk.tags[k].type is T.TREE
            ]
            desk.take(at, *rest)


def parents(desk: Desk) -> None:
    """A company made part of another: "make Golddex a subsidiary of Acme", "… now belongs to Initech"."""
    if _is_taken_over(desk):
        return
    if not any(s.value in ("account.subsidiaries", "account.parent") for tag in desk.tags for s in tag.senses):
        return
    found = [k for k, t in enumerate(desk.tags) if desk.free[k] and t.type is T.RECORD and names_of(t, "account")]
    if len(found) < 2 or desk.is_owner(found[-1]):
        return
    named = next((k for k in range(*found[:2]) if "account.parent" in desk.fields_at(k)), 0)
    if named and desk.verb is not None and any(desk.says(k, "as_role") for k in range(found[0], named)):
        desk.set("account.parent", names_of(desk.tags[found[0]], "account"), found[0], named, sure=True)
        return  # "set Plexzap as the parent of Zathunicon"
    last, before = found[-1], desk.before(found[-1])
    senses = desk.tags[before].senses if before is not None else ()
    owned = any(s.type in (T.OWNS, T.FIELD) and s.value == "account.parent" for s in senses)
    if desk.wish(before, "give") or (owned and desk.verb is not None):
        desk.set("account.parent", names_of(desk.tags[last], "account"), before, last, sure=True)


def _is_taken_over(desk: Desk) -> bool:
    """As in "Hottechi was bought by Acme", "Acme acquired Hottechi", 被收购: one company is the other's parent now."""
    clear, verb = desk.find("clear"), desk.find("buys", "joins")
    left = clear if desk.text(clear).endswith((" of", " to")) else None
    verb = left if verb is None else verb
    found = [k for k, t in enumerate(desk.tags) if t.type is T.RECORD and names_of(t, "account")]
    denied = [k for k in range(verb or 0) if desk.tags[k].type is T.NEG or desk.wish(k, "old")]
    others = [k for k in range(len(desk.tags)) if k != verb and k not in (*found, *denied)]
    if verb is None or len(found) != 2 or desk.is_owner(found[-1]) or desk.has_content(others):
        return False
    if denied or left is not None:  # "is no longer part of Acme"
        desk.set("account.parent", None, *denied, verb, found[1], sure=True)
        return True
    is_first = desk.wish(verb, "joins") or any(desk.says(k, "passive") for k in range(found[1]))
    parent = found[1] if is_first else found[0]
    quiet = (k for k in others if desk.says(k, "passive"))
    desk.set("account.parent", names_of(desk.tags[parent], "account"), verb, parent, *quiet, sure=True)
    return True


def _person(desk: Desk, at: int) -> tuple[Name, ...]:
    tag = desk.tags[at]
    if tag.text.lower() in small("me"):
        return (Name("user", 0, "me"),)
    return names_of(tag, "user") if tag.type is T.RECORD else ()


def _given(desk: Desk, at: int, names: tuple[Name, ...]) -> None:
    """One person: is it whose the records are, or to whom they go?"""
    before = desk.before(at)
    give = desk.find("give", "swap")
    if names[0].label == "me" and not (desk.says(before, "hand_to") and give is not None):
        return
    if desk.is_owner(at):
        _declared(desk, at, names)
    elif before is not None and desk.wish(before, "give"):
        _handed(desk, at, names)
    elif desk.says(before, "receiver") and _gives_to(desk, before, give):
        if before and desk.wish(before - 1, "set", "give", "swap"):
            desk.take(before - 1)
        kinds = ("product", "deal") if desk.text(at).isascii() else ("product", "deal", "account")
        nouns = any(tag.type is T.ENTITY or any(names_of(tag, kind) for kind in kinds) for tag in desk.tags[:at])
        desk.set(_OWNER, names, before, at, sure=give is not None or (nouns and desk.after(at) is None))
    elif not _takes_over(desk, at, names):
        owner = _owner_field(desk, at)
        linked = desk.says(before, "receiver") or desk.wish(before, "set") or desk.is_copula(before)
        alone = not desk.has_content([k for k in range(len(desk.tags)) if k not in (owner, at)])
        if owner is not None and (linked or alone or desk.verb is not None):
            desk.set(_OWNER, names, owner, at, before if linked else None, sure=True)


def _mine(desk: Desk) -> None:
    """As in "2MKG6ZDD is mine now"."""
    for at in range(1, len(desk.tags)):
        before = desk.before(at)
        ends = all(desk.says(k, "lasting") for k in range(at + 1, len(desk.tags)))
        if desk.says(at, "mine") and desk.is_copula(before) and desk.has_content(range(before or 0)) and ends:
            desk.set(_OWNER, (Name("user", 0, "me"),), before, *range(at, len(desk.tags)), sure=True)


def _declared(desk: Desk, at: int, names: tuple[Name, ...]) -> None:
    """As in "the Zoomit deal is Markita's from now on"; elsewhere a possessive says whose the records are."""
    before, rest = desk.before(at), range(at + 2, len(desk.tags))
    told = len(rest) > 0 or desk.has_content(range(before or 0))
    if all(desk.says(k, "lasting") for k in rest) and desk.is_copula(before) and before and told:
        desk.set(_OWNER, names, before, at, at + 1, *rest, sure=True)


def _handed(desk: Desk, at: int, names: tuple[Name, ...]) -> None:
    """As in "goes to Carol", "give Carol the Konex deal"."""
    before, after = desk.before(at), desk.after(at)
    if desk.says(before, "owned_by") and after is not None and not desk.says(after, "lasting"):
        return  # "everything that belongs to Kary | is lost"
    if not (desk.says(before, "plain_gift") and after is None):  # "give Carol": what?
        desk.set(_OWNER, names, before, at, sure=True)


def _takes_over(desk: Desk, at: int, names: tuple[Name, ...]) -> bool:
    """As in "Corliss takes over whatever is open"."""
    after = desk.after(at)
    if after is None or not desk.wish(after, "take") or (desk.says(after, "get") and not _is_first(desk, at)):
        return False
    desk.set(_OWNER, names, at, after, after + 1 if desk.says(after + 1, "over") else None, sure=True)
    return True


def _gives_to(desk: Desk, before: int | None, give: int | None) -> bool:
    """Whether "to" says who gets it: after a verb that gives, or a bare "GTX Pro to Garret"; "with" only after one."""
    if desk.says(before, "hand_to"):
        at = (before or 0) - 1
        while at > 0 and desk.says(at, "lasting"):
            at -= 1
        return not desk.is_copula(at)
    return give is not None and desk.says(before, "hand_with") and desk.wish(give, "give")


def _owner_field(desk: Desk, at: int) -> int | None:
    """Where "owner" stands before the name: "change the owner of X to Zane", "owner: Zane"."""
    for k in range(at):
        if desk.free[k] and any(
            s.type in (T.FIELD, T.OWNS) and str(s.value).endswith(".owner") for s in desk.tags[k].senses
        ):
            return k
    return None


def _is_last(desk: Desk, at: int) -> bool:
    return not desk.has_content(range(at + 1, len(desk.tags)))


def _is_first(desk: Desk, at: int) -> bool:
    return not desk.has_content(range(at))


def _dealt(desk: Desk) -> None:
    """Several persons who share: the names behind "between" or "to"."""
    found: list[tuple[Name, ...]] = []
    places: list[int] = []
    opened = False
    for at in range(len(desk.tags)):
        names = _person(desk, at)
        if desk.says(at, "sharing") or desk.wish(at, "give", "split"):
            opened = opened or not desk.says(at, "split_verb")
        if opened and names and not desk.is_owner(at):
            found.append(names)
            places.append(at)
    if len(found) > 1:
        desk.piece.every = True
        between = [k for k in range(places[0]) if desk.says(k, "sharing")]
        inside = [k for k in range(places[0], places[-1]) if desk.tags[k].type in (T.AND, T.OR) or desk.says(k, "and")]
        desk.set(_OWNER, tuple(found), *places, *between, *inside, desk.find("split"), sure=True)
        desk.take(*[k for k in range(len(desk.tags)) if desk.wish(k, "evenly", "split", "give")])


def verbs(desk: Desk) -> None:
    """Deleting, converting, completing: the verbs that set nothing."""
    verb = desk.verb
    for at in range(len(desk.tags)):
        if desk.wish(at, "delete") and (at == verb or _is_passive(desk, at)) and not _is_other(desk, at):
            desk.piece.op = "delete"
        elif desk.wish(at, "convert") and at == verb:
            desk.piece.op = "convert"
        elif desk.wish(at, "swap") and at == verb and (owner := _owner_word(desk)) is not None:
            desk.piece.op, desk.piece.every = "swap", True
            desk.take(owner)
        elif desk.wish(at, "complete") and (at == verb or _is_last(desk, at)) and _is_of_tasks(desk):
            desk.piece.op = "complete"
        else:
            continue
        desk.piece.sure = True
        desk.take(at)
        return


def _owner_word(desk: Desk) -> int | None:
    """Where the word "owners" stands."""
    found = (k for k, tag in enumerate(desk.tags) if any(str(s.value).endswith(".owner") for s in tag.all(T.FIELD)))
    return next(found, None)


def _is_passive(desk: Desk, at: int) -> bool:
    """As in "can be deleted", and Chinese, where the verb may come last."""
    return (" " in desk.text(at) and _is_last(desk, at) and at > 0) or (
        not desk.text(at).isascii() and _is_last(desk, at)
    )


def _is_other(desk: Desk, at: int) -> bool:
    """Whether "drop", "remove", "take out" is about a price or a field."""
    numbers = any(tag.type is T.NUMBER for tag in desk.tags)
    if desk.wish(at, "lower") and numbers:
        return True
    after = desk.after(at)
    of_field = after is not None and any(s.type is T.FIELD for s in desk.tags[after].senses[:1])
    return desk.wish(at, "clear") and of_field and not any(s.type is T.ENTITY for s in desk.tags[after or 0].senses)


def _is_of_tasks(desk: Desk) -> bool:
    return any(s.type is T.ENTITY and s.value == "task" for tag in desk.tags for s in tag.senses)
