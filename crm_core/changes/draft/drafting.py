"""From steps to exact changes, one change a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from crm_core.access import Actor
from crm_core.changes.change import Change, Json, Op
from crm_core.changes.draft.finding import Finder, Row
from crm_core.changes.draft.given import Values
from crm_core.changes.draft.implied import Implied
from crm_core.changes.draft.looks_alike import Alike, find_alike
from crm_core.changes.propose import MOST_CHANGES
from crm_core.changes.rights import check_kind, check_records
from crm_core.changes.steps import Given, Step
from crm_core.db import ReadStore
from crm_core.errors import CrmError, Forbidden, Invalid
from crm_core.ids import new_id
from crm_core.reaching import PEOPLE, Recipient, check_may_write_to
from crm_core.schema import Entity, pluralize

Pairs = dict[str, tuple[Json, Json]]


@dataclass(frozen=True)
class Draft:
    """What steps come to.

    Attributes:
        changes: exact; empty where nothing matches, or all of it is so already.
        unchanged: how many records are so already.
        matched: how many records the steps on existing records found.
        missed: kinds of records that a step looked for and found none of.
        alike: records that a new one looks like.
        quotes: by position in `changes`, the words that it rests on.
    """

    changes: tuple[Change, ...]
    unchanged: int = 0
    matched: int = 0
    missed: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()
    quotes: Mapping[int, str] = field(default_factory=dict)


def draft(store: ReadStore, steps: Sequence[Step], *, actor: Actor, today: date) -> Draft:
    """The exact changes that `steps` come to, seen as `actor` on `today`.

    Raises:
        Invalid: a step makes no sense; the text says what would.
        NotFound: a record that the actor cannot see, or that does not exist.
        Forbidden: beyond what the actor may change.
    """
    drafting = _Drafting(Finder(store, actor, today))
    for position, step in enumerate(steps):
        try:
            drafting.add(position, step)
        except CrmError as error:
            error.step = position
            raise
    return drafting.done()


class _Drafting:
    """Changes gathered step by step; several steps on one record become one change."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._implied = Implied(finder)
        self._currency = finder.store.base_currency
        self._made: dict[tuple[str, int], Change] = {}
        self._quotes: dict[tuple[str, int], str] = {}
        self._alike: list[Alike] = []
        self._unchanged = 0
        self._matched = 0
        self._missed: list[str] = []

    def add(self, position: int, step: Step) -> None:
        """Work one step out."""
        entity = self._finder.schema.entity(step.entity)
        check_kind(self._finder.actor, self._finder.schema, entity.name)
        if step.op == "create":
            self._create(entity, step, position)
        elif step.op == "convert":
            self._convert(step)
        else:
            self._change(entity, step)

    def done(self) -> Draft:
        """Everything, in the order in which it was said."""
        keys = list(self._made)
        quotes = {i: self._quotes[key] for i, key in enumerate(keys) if key in self._quotes}
        return Draft(
            tuple(self._made.values()), self._unchanged, self._matched, tuple(self._missed), tuple(self._alike), quotes
        )

    def _create(self, entity: Entity, step: Step, position: int | None = None) -> None:
        values = Values(self._finder, entity, self._currency)
        given = {name: values.each(name, value, {0: {}})[0] for name, value in step.set.items()}
        record_id = new_id()
        filled = {name: value for name, value in self._implied.of_create(entity, given).items() if value is not None}
        self._check_required(entity, filled)
        self._check_owner(entity, filled)
        if not step.is_new:
            self._alike += find_alike(self._finder, entity, filled, step=position)
        self._keep(
            Change(Op.CREATE, entity.name, record_id, None, {k: (None, v) for k, v in filled.items()}), step.quote
        )
        if step.name:
            self._finder.named[step.name.removeprefix("@")] = (entity.name, record_id)

    def _check_required(self, entity: Entity, filled: Mapping[str, Json]) -> None:
        layout = self._finder.layout(entity.name)
        stored = {column.name: name for name, column in layout.columns.items()}
        for column in sorted(layout.required):
            if column in stored and stored[column] not in filled:
                name = stored[column]
                raise Invalid(f"A new {entity.name} needs a {entity.fields[name].label}.", field=name)

    def _check_owner(self, entity: Entity, filled: Mapping[str, Json]) -> None:
        """Nobody makes records for others without the right to change theirs."""
        owner = filled.get("owner", filled.get("user"))
        actor = self._finder.actor
        if not self._implied.may_own(owner):
            raise Forbidden(f"{actor.name} may not make a {entity.name} for another owner.")

    def _change(self, entity: Entity, step: Step) -> None:
        ids = self._finder.meant(entity, step.records, step.where)
        if len(ids) > MOST_CHANGES:
            raise Invalid(
                f"{len(ids):,} {pluralize(entity.name)} match; one proposal changes at most {MOST_CHANGES:,}."
            )
        with self._finder.store.read(self._finder.actor) as connection:
            check_records(connection, self._finder.schema, self._finder.actor, entity, ids)
        found = self._finder.rows(entity.name, ids)
        rows = {key: found[key] for key in ids if key in found}
        self._matched += len(rows)
        if not rows:
            self._missed.append(entity.name)
        if step.op == "delete":
            for key, row in rows.items():
                self._keep(Change(Op.DELETE, entity.name, key, row["version"]), step.quote)
            return
        self._update(entity, rows, step.set, step.quote)

    def _update(self, entity: Entity, rows: dict[int, Row], given: Mapping[str, Given], quote: str | None) -> None:
        if not given:
            raise Invalid(f"Say what is to change on the {entity.name}.")
        values = Values(self._finder, entity, self._currency)
        by_field = {name: values.each(name, value, rows) for name, value in given.items()}
        layout = self._finder.layout(entity.name)
        for key, row in rows.items():
            new = {name: of_record[key] for name, of_record in by_field.items()}
            new = self._implied.of_update(entity, new, row)
            old = layout.dump(row, new)
            pairs = {name: (old[name], value) for name, value in new.items() if old[name] != value}
            if pairs:
                self._keep(Change(Op.UPDATE, entity.name, key, row["version"], pairs), quote)
            else:
                self._unchanged += 1

    def _convert(self, step: Step) -> None:
        lead = self._finder.schema.entity("lead")
        for key in self._finder.meant(lead, step.records, step.where):
            row = self._finder.rows("lead", [key])[key]
            links: dict[str, Given] = {"account": self._implied.account_of(row), "status": "converted"}
            for one in self._implied.of_conversion(row, step):
                self._create(self._finder.schema.entity(one.entity), one)
                links[one.entity] = f"@{one.name}"
            links["converted_on"] = self._finder.today.isoformat()
            self._change(lead, step.model_copy(update={"op": "update", "records": [key], "where": None, "set": links}))

    def _check_reach(self, change: Change) -> None:
        """No mail is drafted to somebody who must not be written to."""
        given = {name: new for name, (_, new) in change.set.items()}
        is_new = change.op is Op.CREATE
        if change.entity == "draft" and (is_new or any(given.get(name) for name in PEOPLE)):
            with self._finder.store.read(self._finder.actor) as connection:
                check_may_write_to(connection, Recipient.of(given))

    def _keep(self, change: Change, quote: str | None) -> None:
        """One change a record: a second one joins the first, unless they contradict each other."""
        self._check_reach(change)
        key = (change.entity, change.record_id)
        before = self._made.get(key)
        if before is not None:
            change = _joined(before, change, self._finder.label(*key))
        self._made[key] = change
        if quote:
            self._quotes[key] = quote


def _joined(first: Change, second: Change, label: str) -> Change:
    if Op.DELETE in (first.op, second.op) and first.op is not second.op:
        raise Invalid(f"{label} cannot be both changed and deleted in one proposal.")
    clash = [
        name for name, (_, new) in second.set.items() if name in first.set and first.set[name][1] != new
    ]  # fmt: skip
    if clash:
        raise Invalid(f"Two values for {clash[0].replace('_', ' ')} of {label}; say which one is right.")
    return replace(first, set={**first.set, **second.set})
