"""What an import would do: which file holds what, how each column is read, what names mean. Writes nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from crm_core.access import ADMIN, Actor
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.models import Kind, UserRole
from crm_core.schema import Field, Schema, build_schema
from crm_core.transfer.columns import custom_field, is_known, map_columns
from crm_core.transfer.dates import Order, usual_order
from crm_core.transfer.dictionary import Dictionary, Entry, read_dictionary
from crm_core.transfer.fixed import fix_kinds
from crm_core.transfer.guess import Guess
from crm_core.transfer.learn import narrower_words, words_learnt
from crm_core.transfer.mapping import ColumnMap, FileMap, ImportMap
from crm_core.transfer.names import Created, Names
from crm_core.transfer.order import entity_order
from crm_core.transfer.parents import without_strangers
from crm_core.transfer.portions import split_tasks
from crm_core.transfer.profile import FileProfile, profile_file
from crm_core.transfer.quotas import QuotaColumn, quota_column
from crm_core.transfer.read import Source, find_files, open_source
from crm_core.transfer.references import NearMiss
from crm_core.transfer.report import LeftOut
from crm_core.transfer.staging import pipeline_of
from crm_core.transfer.stakeholders import split_contacts
from crm_core.transfer.totals import notes_on, without_totals
from crm_core.transfer.understand import guess_files
from crm_core.transfer.vocabulary import ExtraWords, Vocabulary

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FilePlan:
    """One file: what it holds and how its columns are read (`ImportPlan.columns` tells them)."""

    profile: FileProfile
    entity: str
    map: FileMap

    @property
    def name(self) -> str:
        """The file's name."""
        return self.profile.source.name

    def targets(self) -> dict[int, str]:
        """Position → field of the columns that fill one."""
        made = {at: self.map.columns.get(header) for at, header in enumerate(self.source.headers)}
        return {at: column.field for at, column in made.items() if column and column.field and not column.skip}

    @property
    def source(self) -> Source:
        """The file."""
        return self.profile.source


@dataclass(frozen=True)
class ImportPlan:
    """Everything decided before the first row is written.

    Attributes:
        mapping: as it can be saved, edited and given again.
        files: in the order in which they are written.
        custom: custom fields that it makes.
        words: (phrase, target): the company's own words that the headers tell.
        conditions: (phrase, kind of record, filter): its words for the rows of one of several files of a kind.
        near_misses: names taken for records of nearly the same name.
        created: records made from names, where no file and no record has them.
        unknown: names that no record has; their rows go to the error file. (entity, name, rows)
        notes: what a person should know, one sentence each.
        today: for two-digit years.
        total: rows of all files.
        actor: whose import it is: what they may not see is as if it were not there.
        quotas: columns of sales targets in lists of people.
        left_out: rows that are no records to take.
    """

    mapping: ImportMap
    files: tuple[FilePlan, ...]
    custom: tuple[Field, ...]
    words: tuple[tuple[str, str], ...]
    near_misses: tuple[NearMiss, ...]
    created: tuple[Created, ...]
    unknown: tuple[tuple[str, str, int], ...]
    notes: tuple[str, ...]
    today: date
    total: int
    actor: Actor
    quotas: tuple[QuotaColumn, ...] = ()
    conditions: tuple[tuple[str, str, dict[str, str]], ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def schema(self, base: Schema) -> Schema:
        """The registry with the custom fields of this import."""
        known = [f for f in base.fields() if f.is_custom]
        return build_schema([*known, *self.custom])

    def columns(self) -> list[tuple[str, str, str, str]]:
        """The mapping as a table: file, column, what it becomes, its kind."""
        labels = {(f.entity, f.name): f.kind for f in self.custom}
        return [
            (plan.name, header, _becomes(plan.entity, column), str(labels.get((plan.entity, column.target or ""), "")))
            for plan in self.files
            for header, column in plan.map.columns.items()
        ]


def plan_import(
    store: Store,
    paths: Sequence[Path],
    *,
    today: date,
    mapping: ImportMap | None = None,
    extra_words: ExtraWords | None = None,
    progress: Progress | None = None,
    actor: Actor = ADMIN,
) -> ImportPlan:
    """Look at the files and decide how they are taken in.

    Args:
        store: where they would go.
        paths: files and folders.
        today: for two-digit years.
        mapping: decisions of a person; files and columns that it does not name are guessed.
        extra_words: words of other languages, keyed "deal.amount" for a field and "deal" for an entity.
        progress: told (bytes read, bytes in all).
        actor: whose import it is; records that they may not see are neither found nor named.

    Raises:
        Invalid: a file cannot be read, holds nothing that Farley knows, or the map does not fit it.
    """
    with store.read() as connection:
        planner = _Planner(connection, store.schema_at(connection), extra_words or {}, today, actor)
        return planner.plan(paths, mapping or ImportMap(currency=store.base_currency), progress)


@dataclass
class _Planner:
    connection: Connection
    schema: Schema
    extra_words: ExtraWords
    today: date
    actor: Actor
    notes: list[str] = field(default_factory=list)
    custom: list[Field] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    usual: Order | None = None

    def plan(self, paths: Sequence[Path], mapping: ImportMap, progress: Progress | None) -> ImportPlan:
        sources = [open_source(path) for path in find_files(paths)]
        sources, dictionary = self._split_dictionary([self._without_totals(source) for source in sources])
        profiles = self._profile(sources, progress)
        days = [c.distinct for p in profiles for c in p.columns if c.share(Kind.DATE) == 1.0]
        self.usual = usual_order(days)
        explicit = {path.resolve() for path in paths if path.is_file()}
        vocabulary = Vocabulary(self.schema, self.extra_words)
        profiles, mapping, notes = split_tasks(profiles, mapping, self.schema, vocabulary)
        self.notes += notes
        guesses, notes = guess_files(profiles, mapping, explicit, self.schema, vocabulary)
        self.notes += notes
        self.left_out += [
            LeftOut(p.source.name, p.rows, "is not imported") for p in profiles if p.source.name not in guesses
        ]
        profiles, guesses, mapping = self._with_contacts(profiles, guesses, mapping, vocabulary)
        files = [
            self._file_plan(p, guesses[p.source.name], mapping, dictionary)
            for p in profiles
            if p.source.name in guesses
        ]
        order = list(entity_order(self.schema))
        files = self._with_kinds(files, mapping)
        files.sort(key=lambda plan: order.index(plan.entity))
        pipeline, notes = (
            (mapping.pipeline, []) if mapping.pipeline else pipeline_of(self.connection, files, dictionary)
        )
        self.notes += notes
        names = Names(self.connection, self.schema, files, pipeline, self.actor)
        same = {entity: dict(known) for entity, known in mapping.same.items()}
        for miss in names.resolve(same):
            same.setdefault(miss.entity, {})[miss.value] = miss.title
        quotas = self._quotas(files)
        done = ImportMap(
            currency=mapping.currency,
            files={plan.name: plan.map for plan in files},
            pipeline=pipeline,
            same=same,
        )
        return ImportPlan(
            mapping=done, files=tuple(files), custom=tuple(self.custom),
            words=words_learnt(files, self.schema, self.extra_words), near_misses=tuple(names.near),
            created=tuple(names.created), unknown=tuple(names.unknown), quotas=quotas,
            notes=(*self.notes, *names.notes, *map(str, quotas)),
            conditions=narrower_words(files, self.schema), today=self.today,
            total=sum(plan.profile.rows for plan in files), actor=self.actor, left_out=tuple(self.left_out),
        )  # fmt: skip

    def _with_contacts(
        self, profiles: list[FileProfile], guesses: dict[str, Guess], mapping: ImportMap, vocabulary: Vocabulary
    ) -> tuple[list[FileProfile], dict[str, Guess], ImportMap]:
        """With what links the contacts that deals name, where the actor may write to any deal."""
        if self.actor.role is not UserRole.ADMIN:
            return profiles, guesses, mapping
        parts, maps, notes = split_contacts(profiles, guesses, mapping, vocabulary)
        self.notes += notes
        links = {part.source.name: Guess("deal_contact", {}, 0.0) for part in parts}
        files = {**mapping.files, **{name: made for name, made in maps.items() if name not in mapping.files}}
        return [*profiles, *parts], {**guesses, **links}, mapping.model_copy(update={"files": files})

    def _quotas(self, files: Sequence[FilePlan]) -> tuple[QuotaColumn, ...]:
        """The sales targets beside the people, where no file of its own tells them and the actor may set any."""
        if self.actor.role is not UserRole.ADMIN or any(plan.entity == "quota" for plan in files):
            return ()
        entity = self.schema.entities["quota"]
        users = [plan for plan in files if plan.entity == "user"]
        found = (quota_column(plan.profile, plan.targets(), entity, self.today) for plan in users)
        return tuple(column for column in found if column is not None)

    def _split_dictionary(self, sources: list[Source]) -> tuple[list[Source], Dictionary]:
        if len(sources) == 1:
            return sources, Dictionary()
        rest: list[Source] = []
        entries: list[Entry] = []
        for source in sources:
            others = [header for other in sources if other is not source for header in other.headers]
            found = read_dictionary(source, others)
            if found is None:
                rest.append(source)
            else:
                entries += found.entries
                self.left_out.append(LeftOut(source.name, sum(1 for _ in source.rows()), "describes the other files"))
                self.notes.append(
                    f"{source.name} is read as a data dictionary: {len(found.entries)} columns described."
                )
        return rest, Dictionary(tuple(entries))

    def _without_totals(self, source: Source) -> Source:
        kept, totals = without_totals(source)
        self.notes += notes_on(source, totals)
        if totals:
            self.left_out.append(LeftOut(source.name, len(totals), "the file's own totals"))
        return kept

    def _profile(self, sources: Iterable[Source], progress: Progress | None) -> list[FileProfile]:
        profiles = []
        sources = list(sources)
        sizes = [source.path.stat().st_size for source in sources]
        for i, source in enumerate(sources):
            self.notes += source.notes
            profiles.append(profile_file(source))
            if progress:
                progress(sum(sizes[: i + 1]), sum(sizes))
        empty = [profile.source.name for profile in profiles if not profile.rows]
        if len(empty) == len(profiles):
            raise Invalid(f"{' and '.join(empty) or 'The folder'} has a header and no rows: nothing to import.")
        self.notes += [f"{name} has a header and no rows." for name in empty]
        return [profile for profile in profiles if profile.rows]

    def _file_plan(self, profile: FileProfile, guess: Guess, mapping: ImportMap, dictionary: Dictionary) -> FilePlan:
        entity = self.schema.entities[guess.entity]
        given = mapping.files.get(profile.source.name, FileMap())
        targets, own = without_strangers(self.connection, profile, entity, guess.targets)
        columns, custom, notes = map_columns(profile, entity, targets, given, dictionary, self.custom, self.usual)
        self.custom += custom
        self.notes += [*own, *notes]
        return FilePlan(profile, guess.entity, FileMap(entity=guess.entity, columns=columns, fixed=given.fixed))

    def _with_kinds(self, files: list[FilePlan], mapping: ImportMap) -> list[FilePlan]:
        """With what the rows of each file are, where its name alone tells them from those of another file."""
        free = {plan.name: (plan.profile, plan.map) for plan in files if not _is_read(plan, mapping)}
        fixed = {name: (made, note) for name, made, note in fix_kinds(free)}
        self.notes += [note for _, note in fixed.values()]
        files = [replace(plan, map=fixed[plan.name][0]) if plan.name in fixed else plan for plan in files]
        for plan in files:
            for made in (one.custom for one in plan.map.fixed if one.custom is not None):
                if not is_known(made.key, self.schema.entities[plan.entity], self.custom):
                    self.custom.append(custom_field(self.schema.entities[plan.entity], made))
        return files


def _is_read(plan: FilePlan, mapping: ImportMap) -> bool:
    """Whether a person's map says how the file is read."""
    given = mapping.files.get(plan.name)
    return given is not None and bool(given.columns)


def _becomes(entity: str, column: ColumnMap) -> str:
    if column.target is None:
        return "left out"
    told = f", {entity}.{column.keep.key}" if column.keep else ""
    told += " (new field)" if column.custom or (column.keep and column.keep.key != "title") else ""
    return f"{entity}.{column.target}{told}"
