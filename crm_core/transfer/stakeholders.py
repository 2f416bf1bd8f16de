"""The contact in a file of deals: read once more as the part that this person has in each deal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_core.titles import same_title
from crm_core.transfer.guess import Guess
from crm_core.transfer.keys import is_key
from crm_core.transfer.mapping import ColumnMap, FileMap, ImportMap
from crm_core.transfer.profile import FileProfile, Profile, profile_file
from crm_core.transfer.read import Portion, Source
from crm_core.transfer.text import is_missing
from crm_core.transfer.vocabulary import Vocabulary

CONTACTS = "contacts"
_MOST = 0.6  # of the names in the column are contacts of this import


def split_contacts(
    profiles: Sequence[FileProfile], guesses: Mapping[str, Guess], mapping: ImportMap, vocabulary: Vocabulary
) -> tuple[list[FileProfile], dict[str, FileMap], list[str]]:
    """A further reading of each file of deals that names contacts, how it is mapped, by its name, and notes.

    A file that a person's map reads as a whole has none. Contacts must have a file of their own beside it.

    Args:
        profiles: the files.
        guesses: how they are read.
        mapping: decisions of a person.
        vocabulary: words of headers.
    """
    known = _names_of_contacts(profiles, guesses)
    parts: list[FileProfile] = []
    maps: dict[str, FileMap] = {}
    notes: list[str] = []
    for profile in profiles:
        guess = guesses.get(profile.source.name)
        if guess is None or guess.entity != "deal" or profile.source.portion is not None:
            continue
        told = (
            _told(profile, mapping)
            if mapping.files.get(profile.source.name)
            else _found(profile, guess, known, vocabulary)
        )
        if told is None:
            continue
        key, column = told
        part = _part(profile, column)
        parts.append(part)
        columns = {key.header: ColumnMap(field="deal"), column.header: ColumnMap(field="contact")}
        maps[part.source.name] = FileMap(entity="deal_contact", columns=columns)
        notes.append(f"{profile.source.name}: {column.header} names contacts; each is linked to its deal.")
    return parts, maps, notes


def is_further_reading(source: Source) -> bool:
    """Whether the rows are those of a file of deals, read once more for whom they name."""
    return source.portion is not None and source.portion.called == CONTACTS


def _names_of_contacts(profiles: Sequence[FileProfile], guesses: Mapping[str, Guess]) -> set[str]:
    known: set[str] = set()
    for profile in profiles:
        guess = guesses.get(profile.source.name)
        if guess is not None and guess.entity == "contact":
            named = [i for i, target in guess.targets.items() if target in ("name", "external_id", "email")]
            known |= {same_title(value) for i in named for value in profile.columns[i].distinct}
    return known


def _told(profile: FileProfile, mapping: ImportMap) -> tuple[Profile, Profile] | None:
    """The columns that a saved map names for the contacts of the file."""
    given = mapping.files.get(replace(profile.source, portion=Portion(CONTACTS, {}, is_in=True)).name)
    at = {column.field: profile.column(header) for header, column in given.columns.items()} if given else {}
    key, column = at.get("deal"), at.get("contact")
    return (key, column) if key is not None and column is not None else None


def _found(
    profile: FileProfile, guess: Guess, known: set[str], vocabulary: Vocabulary
) -> tuple[Profile, Profile] | None:
    """The key of the deals and the only free column that is called a contact and holds names of them."""
    at = {target: profile.columns[index] for index, target in guess.targets.items()}
    key = next((c for t in ("external_id", "name") if (c := at.get(t)) is not None and is_key(profile, c)), None)
    free = [c for c in profile.columns if c.index not in guess.targets and c.filled]
    called = [c for c in free if any(m.target == "contact" for m in vocabulary.meanings("deal_contact", c.header))]
    named = [c for c in called if len({same_title(v) for v in c.distinct} & known) >= _MOST * len(c.distinct)]
    return (key, named[0]) if key is not None and len(named) == 1 else None


def _part(profile: FileProfile, column: Profile) -> FileProfile:
    """The rows of deals that name a contact."""
    return profile_file(replace(profile.source, portion=_portion(profile.source, column), notes=()))


def _portion(source: Source, column: Profile) -> Portion:
    cells = (row.cells[column.index] for row in source.rows() if row.problem is None)
    return Portion(CONTACTS, {column.index: frozenset(cell for cell in cells if not is_missing(cell))}, is_in=True)
