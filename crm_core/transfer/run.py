"""One pass over all files of an import: rows to changes, entity by entity."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import ColumnElement, Connection, func, select

from crm_core.changes.change import COMPANY_WORD, CUSTOM_FIELD, Change, Json, Op
from crm_core.changes.layout import Layout, lay_out
from crm_core.changes.rights import is_visible, writable_ids
from crm_core.ids import new_id
from crm_core.models import Role, UserRole
from crm_core.own_words import WHERE
from crm_core.schema import Entity, Schema
from crm_core.transfer.convert import Converter, Lookups, Problem
from crm_core.transfer.errors_csv import ErrorFiles
from crm_core.transfer.match import BY_TITLE, Item, Matcher, difference
from crm_core.transfer.order import entity_order
from crm_core.transfer.parents import find_parents
from crm_core.transfer.plan import FilePlan, ImportPlan, Progress
from crm_core.transfer.quotas import quota_changes
from crm_core.transfer.references import Directory, load_directory
from crm_core.transfer.report import Counts, LeftEmpty
from crm_core.transfer.stages import StageMaker

_CHUNK = 1000
_MOST_TOLD = 20


@dataclass
class ImportRun:
    """One pass over all files, entity by entity in the order of their references.

    `teaches` says whether its words are taken into the registry: whose import it is must be an administrator.
    """

    connection: Connection
    plan: ImportPlan
    base: Schema
    errors: ErrorFiles
    progress: Progress | None
    teaches: bool = True
    counts: dict[str, Counts] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    left: Counter[LeftEmpty] = field(default_factory=Counter)
    _done: int = 0

    def __post_init__(self) -> None:
        self.schema = self.plan.schema(self.base)
        self.lookups = Lookups(
            same=self.plan.mapping.same, year_pivot=self.plan.today.year + 20, currency=self.plan.mapping.currency
        )
        for file in self.plan.files:
            self.counts[file.name] = Counts()

    def changes(self) -> Iterator[Change]:
        """Every change that the files ask for."""
        yield from self._count_made(self._custom_fields())
        yield from self._count_made(self._words())
        self._load_directories()
        if self.plan.mapping.pipeline is not None:
            maker = StageMaker(self.connection, self.plan.mapping.pipeline, self.lookups)
            yield from self._count_made(maker.changes())
            self._default_stage = maker.first_open
            self._pipeline_id = maker.pipeline_id
        for entity in entity_order(self.schema):
            yield from self._count_made(self._from_names(entity))
            if entity == "quota":
                quotas = quota_changes(self.connection, self.schema.entities[entity], self.plan.quotas, self.lookups)
                yield from self._count_made(quotas)
            files = [file for file in self.plan.files if file.entity == entity]
            if files:
                yield from self._entity(self.schema.entities[entity], files)

    def _count_made(self, changes: Iterator[Change]) -> Iterator[Change]:
        for change in changes:
            self.made[change.entity] = self.made.get(change.entity, 0) + 1
            yield change

    def _custom_fields(self) -> Iterator[Change]:
        for made in self.plan.custom:
            if made.name in self.base.entities[made.entity].fields:
                continue
            values: dict[str, Json] = {
                "entity": made.entity, "key": made.name, "label": made.words[0], "kind": str(made.kind),
                "words": list(made.words[1:]),
            }  # fmt: skip
            for file in self.plan.files:
                for column in file.map.columns.values():
                    if file.entity == made.entity and column.custom and column.custom.key == made.name:
                        values["label"] = column.custom.label
            yield Change(Op.CREATE, CUSTOM_FIELD, new_id(), None, {n: (None, v) for n, v in values.items()})

    def _words(self) -> Iterator[Change]:
        for phrase, target in self.plan.words if self.teaches else ():
            if target not in self.base.own_words.get(phrase, ()):
                values: dict[str, Json] = {"phrase": phrase, "target": target, "source": "import"}
                yield Change(Op.CREATE, COMPANY_WORD, new_id(), None, {n: (None, v) for n, v in values.items()})

        for phrase, entity, where in self.plan.conditions if self.teaches else ():
            if phrase not in self.base.own_conditions:
                told: dict[str, Json] = {
                    "phrase": phrase, "target": f"{WHERE}{entity}", "source": "import", "meaning": dict(where),
                }  # fmt: skip
                yield Change(Op.CREATE, COMPANY_WORD, new_id(), None, {n: (None, v) for n, v in told.items()})

    def _load_directories(self) -> None:
        wanted = {file.entity for file in self.plan.files} & BY_TITLE
        wanted |= {made.entity for made in self.plan.created}
        for file in self.plan.files:
            fields = self.schema.entities[file.entity].fields
            targets = [fields[c.field].target for c in file.map.columns.values() if c.field in fields]
            wanted |= {target for target in targets if target}
        for name in wanted:
            entity = self.schema.entities[name]
            self.lookups.directories[name] = load_directory(self.connection, entity, only=self._seen(entity))

    def _seen(self, entity: Entity) -> ColumnElement[bool]:
        return is_visible(self.base, self.plan.actor, entity)

    def _from_names(self, entity: str) -> Iterator[Change]:
        directory = self.lookups.directories.get(entity)
        for made in self.plan.created:
            if made.entity != entity or directory is None:
                continue
            for name in made.names:
                if directory.find(name) is None:
                    record_id = new_id()
                    directory.add(record_id, title=name)
                    yield Change(Op.CREATE, entity, record_id, None, self._named(entity, name, made.file))

    def _named(self, entity: str, name: str, file: str) -> dict[str, tuple[Json, Json]]:
        values: dict[str, tuple[Json, Json]] = {"name": (None, name)}
        if entity == "user" and any(f.name == file and f.entity == "user" for f in self.plan.files):
            values["role"] = (None, str(UserRole.MANAGER))
        return values

    def _entity(self, entity: Entity, files: Sequence[FilePlan]) -> Iterator[Change]:
        layout = lay_out(entity)
        late = next((f.name for f in entity.fields.values() if f.target == entity.name and f.column), None)
        mapped = {column.target for file in files for column in file.map.columns.values()}
        late = late if late in mapped else None
        directory = self.lookups.directories.get(entity.name)
        by_title = directory if entity.name in BY_TITLE else None
        table = entity.table
        count = self.connection.execute(select(func.count()).select_from(table)).scalar_one()
        matcher = Matcher(self.connection, layout, directory=by_title, is_empty=count == 0, only=self._seen(entity))
        items = self._items(entity, layout, files, late)
        if late is not None:
            items = iter([list(self._resolve_late(entity, late, matcher, items))])
        for chunk in items:
            if late is None:
                matcher.match(chunk)
            yield from self._changes_of(layout, chunk, None if by_title else directory)

    def _resolve_late(
        self, entity: Entity, late: str, matcher: Matcher, chunks: Iterator[list[Item]]
    ) -> Iterator[Item]:
        """Rows that refer to rows of their own kind wait until all are known."""
        items: list[Item] = []
        for chunk in chunks:
            matcher.match(chunk)
            items += chunk
        find_parents(self.connection, entity, late, items, self.lookups)
        if entity.name == "user":
            managers = {item.values.get(late) for item in items}
            for item in items:
                if item.record_id in managers:
                    item.defaults = {**item.defaults, "role": str(UserRole.MANAGER)}
        yield from items

    def _items(
        self, entity: Entity, layout: Layout, files: Sequence[FilePlan], late: str | None
    ) -> Iterator[list[Item]]:
        for file in files:
            converter = Converter(
                entity, file.map, file.source.headers, self.lookups, late=late, constants=self._constants(file)
            )
            rows = self._rows(file, converter, layout)
            while chunk := list(islice(rows, _CHUNK)):
                yield chunk

    def _constants(self, file: FilePlan) -> dict[str, Json]:
        targets = {column.target for column in file.map.columns.values()}
        if file.map.fixed:
            return {one.target: one.value for one in file.map.fixed}
        if file.entity == "deal" and "stage" not in targets:
            return {"stage": self._default_stage}
        if file.entity == "stage" and "pipeline" not in targets:
            return {"pipeline": self._pipeline_id}
        return {}

    def _rows(self, file: FilePlan, converter: Converter, layout: Layout) -> Iterator[Item]:
        required = [n for n, c in layout.columns.items() if c.name in layout.required]
        for row in file.source.rows():
            if row.problem is not None:
                item = Item(file.source, row.number, row.cells, {}, [Problem("", "", row.problem)])
            else:
                values, told = converter.convert(row.cells)
                problems = [problem for problem in told if not problem.is_left]
                if not problems:
                    problems = [Problem(n, "", f"has no {n}") for n in required if values.get(n) is None]
                item = Item(file.source, row.number, row.cells, values, problems, converter.late_text(row.cells))
                item.left = [problem for problem in told if problem.is_left]
                item.defaults = converter.defaults
            yield item

    def _changes_of(self, layout: Layout, chunk: Sequence[Item], directory: Directory | None) -> Iterator[Change]:
        creates: list[Change] = []
        updates: list[Change] = []
        self._refuse_foreign(layout.entity, chunk)
        for item in chunk:
            assert item.source is not None
            counts = self.counts[item.source.name]
            counts.rows += 1
            if item.problems:
                self._refuse(item, counts)
                if item.existing is None and layout.entity.name in self.lookups.directories:
                    self.lookups.directories[layout.entity.name].drop(item.record_id)
                continue
            if directory is not None:
                self._register(layout.entity, directory, item)
            self.left.update(LeftEmpty(item.source.name, one.column, one.reason) for one in item.left)
            change = difference(layout, item)
            if change is None:
                counts.unchanged += 1
            elif change.op is Op.CREATE:
                counts.created += 1
                creates.append(change)
            else:
                counts.updated += 1
                updates.append(change)
        self._done += len(chunk)
        if self.progress:
            self.progress(self._done, self.plan.total)
        yield from creates
        yield from updates

    def _refuse_foreign(self, entity: Entity, chunk: Sequence[Item]) -> None:
        """A row of a record that the actor may see and not change is a problem of the row."""
        known = {item.record_id for item in chunk if item.existing is not None and not item.problems}
        own = writable_ids(self.connection, self.base, self.plan.actor, entity, known)
        for item in chunk:
            if item.record_id in known - own:
                item.problems.append(Problem("", "", f"this {entity.name} has another owner, so you may not change it"))

    def _register(self, entity: Entity, directory: Directory, item: Item) -> None:
        title = entity.by_role(Role.TITLE)
        if item.existing is None:
            code, name = item.values.get("external_id"), item.values.get(title.name) if title else None
            account = item.values.get("account")
            directory.add(
                item.record_id, code=str(code) if code else None, title=str(name) if name else None,
                account=account if isinstance(account, int) else None,
            )  # fmt: skip
        email = item.values.get("email")
        if email:
            directory.add(item.record_id, code=str(email))

    def _refuse(self, item: Item, counts: Counts) -> None:
        assert item.source is not None
        counts.errors += 1
        self.errors.add(item.source, item.number, item.cells, item.problems)
        if len(self.problems) < 20:
            first = item.problems[0]
            where = f"{first.column}: " if first.column else ""
            shown = f" ({first.value[:60]!r})" if first.value and first.value[:60] not in first.reason else ""
            self.problems.append((item.source.name, item.number, f"{where}{first.reason}{shown}"))
