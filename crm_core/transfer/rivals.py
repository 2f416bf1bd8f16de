"""Several files that each look like the deals: which of them are, and which only speak of them.

A list of contracts has an amount, a customer and a day of signing as deals have. It is told from the deals by the
column in which it names them, by its own file's name, and by the stages that deals alone go through.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from crm_core.titles import same_title, tight
from crm_core.transfer.guess import Guess
from crm_core.transfer.keys import is_code, is_key
from crm_core.transfer.looks import steps_of
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.vocabulary import Vocabulary

_LEAST = 3
_NEARLY_ALL = 0.9  # of what a column names are records of the other file
_FEW = 0.1


def not_deals(
    deals: Sequence[FileProfile], guesses: Mapping[str, Guess], vocabulary: Vocabulary
) -> tuple[FileProfile, FileProfile] | None:
    """A file that holds no deals, and the one beside it that does; None when there is none.

    Args:
        deals: files that look like deals.
        guesses: how they are read so far.
        vocabulary: words of file names.
    """
    for profile in deals:
        others = [other for other in deals if other is not profile]
        named = next((other for other in others if _names(profile, other, guesses)), None)
        if named is not None:
            return profile, named
        if others and _is_called_otherwise(profile, vocabulary):
            return profile, others[0]
    return None


def stages(profile: FileProfile, guess: Guess) -> set[str]:
    """What stands in its column of stages, or in the one that looks like it."""
    at = next((index for index, target in guess.targets.items() if target == "stage"), None)
    column = profile.columns[at] if at is not None else steps_of(profile)
    return {same_title(value) for value in column.distinct} if column is not None else set()


def _is_called_otherwise(profile: FileProfile, vocabulary: Vocabulary) -> bool:
    hints = vocabulary.file_hint(Path(profile.source.name).stem)
    return "deal" not in hints and 1.0 in hints.values()


def _names(profile: FileProfile, other: FileProfile, guesses: Mapping[str, Guess]) -> bool:
    """Whether a file with codes of its own names the records of another file in one of its columns."""
    known = guesses[other.source.name].targets.items()
    keys = [other.columns[index] for index, target in known if target in ("external_id", "name")]
    keys = [key for key in keys if key.is_whole and is_key(other, key)]
    for key in keys:
        names = _values(key)
        own = [c for c in profile.columns if is_code(profile, c) and _shared(c, names) <= _FEW]
        naming = [c for c in profile.columns if len(c.distinct) >= _LEAST and _shared(c, names) >= _NEARLY_ALL]
        if own and naming:
            return True
    return False


def _shared(column: Profile, names: frozenset[str]) -> float:
    return len(_values(column) & names) / max(1, len(column.distinct))


def _values(column: Profile) -> frozenset[str]:
    return frozenset(plain for value in column.distinct if (plain := tight(value)))
