"""The columns that name a file's own records and the other files' records, told by their cells."""

from collections.abc import Mapping

from crm_core.models import Role
from crm_core.schema import Entity
from crm_core.titles import same_title
from crm_core.transfer.keys import is_code, is_word, names_rows
from crm_core.transfer.looks import steps_of
from crm_core.transfer.mapping import FIRST_NAME, LAST_NAME
from crm_core.transfer.persons import names_persons
from crm_core.transfer.pipeline import looks_like_stages
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words

_NAMES = frozenset({"name", FIRST_NAME, LAST_NAME})
_PEOPLE = frozenset({"user", "contact", "lead"})
_THINGS = frozenset({"account", "product"})
_NOT_NAMES = frozenset(
    {"address", "street", "postcode", "zip", "notes", "remarks", "comment", "memo", "phone", "parent", "email"}
)
_TITLED, _MOSTLY, _LONGEST = 0.3, 0.95, 120  # of the titles of deals differ; of the rows; characters


def add_names(profile: FileProfile, entity: Entity, targets: Mapping[int, str], key: int | None) -> dict[int, str]:
    """`targets` with the column that names the records, and the one that other files name them by.

    Args:
        profile: the file.
        entity: what it holds.
        targets: position → field so far.
        key: the column by which other files name its rows.
    """
    found = dict(targets)
    if key is not None and key not in found and entity.name in _THINGS and not _NAMES & set(found.values()):
        column = profile.columns[key]
        if _is_called_name(column) and is_word(column) and not is_code(profile, column):
            return {**found, key: "name"}  # others name them by their names
    if key is not None and found.get(key) not in ("name", "external_id") and "external_id" not in found.values():
        found[key] = "external_id"
    if "name" not in entity.fields or _NAMES & set(found.values()):
        return found
    named = _name(profile, entity, found)
    if named is None and key is not None and found.get(key) == "external_id" and is_word(profile.columns[key]):
        named = profile.columns[key]  # called by what they are named by
    return {**found, named.index: "name"} if named is not None else found


def _name(profile: FileProfile, entity: Entity, targets: Mapping[int, str]) -> Profile | None:
    free = [c for c in profile.columns if c.index not in targets and c.filled and not _is_called_other(c)]
    if entity.name in _PEOPLE:
        return next((c for c in free if names_persons(c.distinct)), None)
    if entity.name in _THINGS:
        fits = [c for c in free if names_rows(profile, c) or _is_made_of_words(profile, c)]
        called = [c for c in fits if _is_called_name(c)]
        return next(iter([*called, *fits]), None)
    return None


def _is_made_of_words(profile: FileProfile, column: Profile) -> bool:
    """As in "Rotary Screw 10 HP fixed": words with numbers, no codes."""
    rows = profile.rows - profile.unreadable
    several = sum(1 for value in column.distinct if len(value.split()) > 1 or (len(value) > 2 and not value.isascii()))
    own = column.filled >= _MOSTLY * rows and column.uniqueness >= _TITLED and column.longest <= _LONGEST
    return own and is_word(column) and not is_code(profile, column) and several >= 0.5 * len(column.distinct)


def _is_called_name(column: Profile) -> bool:
    return "name" in full_words(column.header).split() or "名" in column.header


def _is_called_other(column: Profile) -> bool:
    return bool(set(full_words(column.header).split()) & _NOT_NAMES)


def add_references(entity: Entity, targets: Mapping[int, str], named: Mapping[int, str]) -> dict[int, str]:
    """`targets` with the columns that name other files' records, each as the field that refers to such.

    Args:
        entity: what the file holds.
        targets: position → field so far.
        named: position → entity of the records that the column names.
    """
    found = dict(targets)
    at = {target: index for index, target in found.items()}
    if entity.is_fact and "account" not in at and named.get(at.get("name", -1)) == "account":
        found[at["name"]] = "account"  # what a deal is called after is whose it is
    for index, other in named.items():
        fields = [f for f in entity.fields.values() if f.target == other and f.name not in found.values()]
        fields = [f for f in fields if f.edit or f.column is not None]
        if not fields or found.get(index, "external_id") != "external_id" or (other == entity.name and index in found):
            continue
        known = (
            [f for f in fields if f.role in (Role.OWNER, Role.PARENT)] if other == "user" or len(fields) > 1 else fields
        )
        found[index] = (known or fields)[0].name
    return found


def add_title(profile: FileProfile, targets: Mapping[int, str]) -> dict[int, str]:
    """`targets` of deals with the first column of titles: a few words of its own for nearly each."""
    if "name" in targets.values():
        return dict(targets)
    rows = profile.rows - profile.unreadable
    for column in profile.columns:
        own = column.index not in targets and column.filled >= _MOSTLY * rows and column.uniqueness >= _TITLED
        worded = sum(1 for value in column.distinct if len(value.split()) > 1 or not value.isascii())
        short = column.longest <= _LONGEST and is_word(column)
        if own and short and worded >= _TITLED * len(column.distinct) and not _is_called_other(column):
            return {**targets, column.index: "name"}
    return dict(targets)


def full_names(profile: FileProfile, targets: Mapping[int, str]) -> set[str]:
    """The names of people whose first and last names stand apart."""
    at = {target: index for index, target in targets.items()}
    if not {FIRST_NAME, LAST_NAME} <= at.keys():
        return set()
    rows = (row.cells for row in profile.source.rows() if row.problem is None)
    return {same_title(f"{cells[at[FIRST_NAME]]} {cells[at[LAST_NAME]]}".strip()) for cells in rows}


def add_stage(profile: FileProfile, targets: Mapping[int, str]) -> dict[int, str]:
    """`targets` of deals with the column that says how far each has come."""
    if "stage" in targets.values():
        return dict(targets)
    steps = steps_of(profile)
    if steps is not None and steps.index not in targets:
        return {**targets, steps.index: "stage"}
    for column in profile.columns:
        if column.index not in targets and column.is_whole and looks_like_stages(column.distinct):
            return {**targets, column.index: "stage"}
    return dict(targets)
