"""Tables told by the other files of an import: one whose key column holds the names that a reference elsewhere uses.

Where opportunities.csv has a column AE that is the owner of a deal, a file with a unique column of the same names is
the list of users, whatever its headers say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crm_core.models import Kind
from crm_core.schema import Schema
from crm_core.titles import tight
from crm_core.transfer.guess import LISTS, Guess
from crm_core.transfer.keys import is_code, is_key, is_word, names_rows
from crm_core.transfer.profile import FileProfile, Profile

_SHARE = 0.8  # of the names that are referred to must stand in the key column
_LEAST = 2
_SHORT = 12  # characters of a code


@dataclass(frozen=True)
class Link:
    """A key column that holds what another file refers to.

    Attributes:
        entity: what the reference points to.
        fixed: position → field of the columns that are settled by it.
        note: where the names stand, for a person.
        strength: the share of the names that it has, then how many.
    """

    entity: str
    fixed: dict[int, str]
    note: str
    strength: tuple[float, int]


@dataclass(frozen=True)
class _Reference:
    """A column of an understood file that names records of a list."""

    entity: str
    file: str
    header: str
    names: frozenset[str]


def find_link(
    profile: FileProfile, profiles: Sequence[FileProfile], guesses: Mapping[str, Guess], schema: Schema
) -> Link | None:
    """What `profile` is the table of, if columns of the understood files say so; None when they say two things.

    Args:
        profile: a file that its own headers do not explain.
        profiles: every file.
        guesses: the understood ones, by name.
        schema: the registry.
    """
    links = [
        link
        for reference in _references(profiles, guesses, schema)
        if reference.file != profile.source.name
        for column in profile.columns
        if (link := _link(profile, column, reference)) and not _stands_elsewhere(link, profile, profiles, guesses)
    ]
    best = max(links, key=lambda link: link.strength, default=None)
    rivals = {link.entity for link in links if best and link.strength == best.strength}
    return best if len(rivals) == 1 else None


def _references(profiles: Sequence[FileProfile], guesses: Mapping[str, Guess], schema: Schema) -> Iterator[_Reference]:
    for profile in profiles:
        guess = guesses.get(profile.source.name)
        for index, target in guess.targets.items() if guess else ():
            field = schema.entities[guess.entity].fields.get(target) if guess else None
            if field is not None and field.target in LISTS:
                column = profile.columns[index]
                yield _Reference(str(field.target), profile.source.name, column.header, _names(column))


def find_free_link(
    profile: FileProfile, profiles: Sequence[FileProfile], guesses: Mapping[str, Guess], schema: Schema
) -> list[Link]:
    """What `profile` may be the table of, where a column of a deal or an order that is no field yet names its rows.

    One link for each list that such a record refers to, has no column for so far, and no other file holds.
    """
    links: list[Link] = []
    held = {guess.entity for guess in guesses.values()}
    for other in profiles:
        guess = guesses.get(other.source.name)
        entity = schema.entities[guess.entity] if guess and other is not profile else None
        if guess is None or entity is None or not entity.is_fact:
            continue
        taken = set(guess.targets.values())
        free = [f.target for f in entity.fields.values() if f.target in LISTS - held and f.name not in taken]
        for named in (c for c in other.columns if c.index not in guess.targets and c.filled and is_word(c)):
            for target in free:
                reference = _Reference(str(target), other.source.name, named.header, _names(named))
                links += [link for column in profile.columns if (link := _link(profile, column, reference))]
    return links


def find_key(profile: FileProfile, profiles: Sequence[FileProfile], targets: Mapping[int, str]) -> Profile | None:
    """The free column of short codes by which other columns name the rows: initials, where deals have "MB" for a rep.

    Args:
        profile: the file.
        profiles: every file.
        targets: what its columns are so far.
    """
    free = [c for c in profile.columns if c.index not in targets and c.filled and is_key(profile, c) and is_word(c)]
    for column in free:
        names, others = _names(column), [c for p in profiles for c in p.columns if c is not column and c.filled]
        naming = [c for c in others if _LEAST <= len(c.distinct) <= len(names) and _names(c) <= names]
        if column.longest <= _SHORT and any(c.uniqueness < 1.0 for c in naming):
            return column
    return None


def _link(profile: FileProfile, column: Profile, reference: _Reference) -> Link | None:
    if not is_key(profile, column) or column.share(Kind.DATE) > 0 or column.share(Kind.EMAIL) > 0:
        return None
    shared = len(_names(column) & reference.names)
    share = shared / max(1, len(reference.names))
    if shared < _LEAST or share < _SHARE:
        return None
    note = f"{profile.source.name} is taken as {reference.entity} records: "
    note += f"its {column.header} holds the names in {reference.file}, {reference.header}"
    return Link(reference.entity, _settle(profile, column), note, (share, shared))


def _settle(profile: FileProfile, key: Profile) -> dict[int, str]:
    """The key is the name, or the id where it is a code beside a column that names the rows: the first such column."""
    names = [c for c in profile.columns if c is not key and names_rows(profile, c)] if is_code(profile, key) else []
    return {key.index: "external_id", names[0].index: "name"} if names else {key.index: "name"}


def _stands_elsewhere(
    link: Link, profile: FileProfile, profiles: Sequence[FileProfile], guesses: Mapping[str, Guess]
) -> bool:
    """Whether another file is understood as the table of these very records."""
    key = next(iter(link.fixed))
    for other in profiles:
        guess = guesses.get(other.source.name)
        if guess is None or guess.entity != link.entity or other is profile:
            continue
        titles = [other.columns[i] for i, target in guess.targets.items() if target in ("name", "external_id")]
        if any(_names(profile.columns[key]) & _names(column) for column in titles):
            return True
    return False


def _names(column: Profile) -> frozenset[str]:
    return frozenset(plain for value in column.distinct if (plain := tight(value)))
