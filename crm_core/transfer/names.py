"""What the names in reference columns mean, decided before anything is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_core.access import Actor
from crm_core.changes.layout import lay_out
from crm_core.changes.rights import is_visible
from crm_core.models import Role, UserRole
from crm_core.schema import Entity, Field, Schema
from crm_core.titles import same_title, tight
from crm_core.transfer.mapping import FIRST_NAME, LAST_NAME, ColumnMap, PipelineMap, Unknown
from crm_core.transfer.persons import names_person
from crm_core.transfer.profile import Profile
from crm_core.transfer.references import Directory, NearMiss, load_directory
from crm_core.transfer.text import is_missing

if TYPE_CHECKING:
    from crm_core.transfer.plan import FilePlan

CREATABLE = frozenset({"user", "account", "product", "contact"})  # a name is enough to make one


@dataclass(frozen=True)
class Created:
    """Records that are made from the names in a column: "85 accounts created from names in deals.csv"."""

    file: str
    column: str
    entity: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        n = len(self.names)
        return f"{n:,} {self.entity} record{'s' if n != 1 else ''} created from names in {self.file}, {self.column}"


@dataclass
class Names:
    """Resolves the reference columns of all files.

    Args:
        connection: to the store.
        schema: the registry.
        files: with their maps, which get `unknown` filled in.
        pipeline: where the deals' stages are looked up.
        actor: what they may not see is not found.
    """

    connection: Connection
    schema: Schema
    files: Sequence["FilePlan"]
    pipeline: PipelineMap | None
    actor: Actor
    near: list[NearMiss] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    unknown: list[tuple[str, str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _directories: dict[str, Directory] = field(default_factory=dict)
    _stored: dict[str, int] = field(default_factory=dict)

    def resolve(self, same: dict[str, dict[str, str]]) -> list[NearMiss]:
        """Go through every reference column; gives the near misses beside those in `same`."""
        for plan in self.files:
            for header, column in plan.map.columns.items():
                known = self.schema.entities[plan.entity].fields.get(column.field or "")
                profile = plan.profile.column(header)
                if known is not None and known.target and profile is not None and not column.skip:
                    self._resolve(plan, known, column, profile, same.get(known.target, {}))
        return self.near

    def _resolve(
        self, plan: "FilePlan", known: Field, column: ColumnMap, profile: Profile, same: dict[str, str]
    ) -> None:
        target = str(known.target)
        directory = self.directory(target)
        if column.unknown is None:
            column.unknown = self._policy(plan, known, directory)
        lost: Counter[str] = Counter()
        by_codes = False
        for value, rows in self._values(plan, profile):
            by_codes = by_codes or directory.has_code(value)
            if directory.find(value) is not None or value.strip() in same:
                continue
            title = directory.near(value)
            if title is not None:
                self.near.append(NearMiss(plan.name, profile.header, target, value.strip(), title, rows))
            else:
                lost[value.strip()] += rows
        if column.unknown == "create":
            self._create(plan, profile, target, lost)
            return
        made = Counter[str]()
        if column.unknown == "empty" and not by_codes:
            made = Counter({name: rows for name, rows in lost.items() if _is_name(target, name)})
            self._create(plan, profile, target, made)
        self.unknown += [(target, name, rows) for name, rows in lost.items() if name not in made]

    def _create(self, plan: "FilePlan", profile: Profile, target: str, names: Counter[str]) -> None:
        directory = self.directory(target)
        made: dict[str, str] = {}
        for name, rows in names.most_common():
            plain = tight(name) or same_title(name)
            if plain in made:
                self.near.append(NearMiss(plan.name, profile.header, target, name, made[plain], rows))
            else:
                made[plain] = name
                directory.add(-directory.size - 1, title=name)
        if made:
            self.created.append(Created(plan.name, profile.header, target, tuple(made.values())))

    def _policy(self, plan: "FilePlan", known: Field, directory: Directory) -> Unknown:
        """What becomes of a name that no record has. A row is taken without what it can do without."""
        target = str(known.target)
        if known.role is Role.PARENT and target in CREATABLE:
            return "create"
        own_file = any(plan.entity == target for plan in self.files)
        in_store = self._stored.get(target, 0) > 0
        if target in CREATABLE and not own_file and not in_store:
            return "create"
        layout = lay_out(self.schema.entities[plan.entity])
        is_needed = layout.columns[known.name].name in layout.required
        return "error" if is_needed or self.actor.role is not UserRole.ADMIN else "empty"

    def _values(self, plan: "FilePlan", profile: Profile) -> Iterator[tuple[str, int]]:
        if profile.is_whole:
            yield from profile.distinct.items()
            return
        seen: Counter[str] = Counter()
        for row in plan.source.rows():
            if row.problem is None and not is_missing(row.cells[profile.index]):
                seen[row.cells[profile.index]] += 1
        yield from seen.items()

    def directory(self, entity: str) -> Directory:
        """Records of the store and of this import's files, by name. The ids of the latter are made up."""
        if entity not in self._directories:
            self._directories[entity] = self._fill(self.schema.entities[entity])
        return self._directories[entity]

    def _fill(self, entity: Entity) -> Directory:
        directory = Directory()
        if entity.name == "stage" and self.pipeline is not None:
            for stage in self.pipeline.stages:
                directory.add(-directory.size - 1, title=stage.name)
        else:
            directory = load_directory(self.connection, entity, only=is_visible(self.schema, self.actor, entity))
        self._stored[entity.name] = directory.size
        for plan in self.files:
            if plan.entity == entity.name:
                _add_file(directory, plan, entity)
        return directory


def _is_name(target: str, text: str) -> bool:
    """Whether a name that stands among names of people or companies of a list is one that the list lacks."""
    if target == "user":
        return names_person(text)
    return target == "account" and len(text) > 2 and not any(char.isdigit() for char in text)


def _add_file(directory: Directory, plan: "FilePlan", entity: Entity) -> None:
    title = entity.by_role(Role.TITLE)
    wanted = {title.name if title else "", "external_id", "email", FIRST_NAME, LAST_NAME}
    at = {column.target: i for i, (_, column) in enumerate(plan.map.columns.items()) if column.target in wanted}
    for row in plan.source.rows():
        if row.problem is not None:
            continue
        cells = {str(target): row.cells[i].strip() for target, i in at.items()}
        name = cells.get(title.name if title else "") or " ".join(
            filter(None, [cells.get(FIRST_NAME), cells.get(LAST_NAME)])
        )
        known = directory.find_title(name) if name else None
        made = known if known else -directory.size - 1
        directory.add(made, code=cells.get("external_id"), title=name or None)
        if cells.get("email"):
            directory.add(made, code=cells["email"])
