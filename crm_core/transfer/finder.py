"""The columns of a file that are no field yet, and the taking of one for a field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crm_core.schema import Entity
from crm_core.transfer.profile import FileProfile, Profile


@dataclass
class Finder:
    """Takes columns for fields. One that alone fits is taken; of several that fit alike none is.

    Attributes:
        profile: the file.
        entity: what it holds.
        targets: position → field so far.
        named: positions of columns that name records of other files.
        notes: what was taken and why, for a person.
    """

    profile: FileProfile
    entity: Entity
    targets: dict[int, str]
    named: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)

    @property
    def at(self) -> dict[str, int]:
        """Field → position."""
        return {target: index for index, target in self.targets.items()}

    def offer(self, target: str, fits: Callable[[Profile], bool], why: str) -> None:
        """Take the only free column that `fits` as `target`."""
        if self.is_free(target):
            self.take(target, [column for column in self.rest() if fits(column)], why)

    def take(self, target: str, columns: Sequence[Profile], why: str) -> None:
        """Take the one column as `target`; several: none, and the note says so."""
        name = self.profile.source.name
        if len(columns) == 1:
            self.targets[columns[0].index] = target
            self.notes.append(f"{name}: {columns[0].header} is taken as {self.entity.name}.{target}: {why}.")
        elif columns:
            told = " and ".join(column.header for column in columns)
            self.notes.append(f"{name}: {told} could each be {self.entity.name}.{target}; say which with --map.")

    def is_free(self, target: str) -> bool:
        """Whether the entity has the field and no column is it so far."""
        return target in self.entity.fields and target not in self.targets.values()

    def rest(self) -> list[Profile]:
        """The columns that hold something and are no field so far."""
        return [column for column in self.profile.columns if column.index not in self.targets and column.filled]
