"""What a change brings with it: close dates of stage moves, owners and days of new records, what a lead becomes."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from crm_core.access import Scope
from crm_core.changes.change import Json
from crm_core.changes.draft.finding import Finder, Row
from crm_core.changes.steps import Given, Step
from crm_core.models import Role, StageKind, TaskStatus
from crm_core.query.spec import Condition, QuerySpec
from crm_core.schema import Entity

_LINKS = ("deal", "contact", "lead")


class Implied:
    """Fills in what nobody has to say. What is said stays as it is said."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._stages: dict[int, str] = {}

    def of_update(self, entity: Entity, new: Mapping[str, Json], row: Row) -> dict[str, Json]:
        """With the dates that a stage move or a finished task has."""
        today = self._finder.today.isoformat()
        if entity.name == "deal" and "stage" in new and "closed_on" not in new:
            was, becomes = self._kind(row["stage_id"]), self._kind(int(str(new["stage"])))
            if becomes == StageKind.OPEN and row["closed_on"] is not None:
                return {**new, "closed_on": None}
            if becomes != StageKind.OPEN and (was == StageKind.OPEN or row["closed_on"] is None):
                return {**new, "closed_on": today}
        if entity.name == "task" and new.get("status") == TaskStatus.DONE and "done_on" not in new:
            return {**new, "done_on": today}
        return dict(new)

    def of_create(self, entity: Entity, given: Mapping[str, Json]) -> dict[str, Json]:
        """With an owner, a day, the account of what it is about, a stage and a name."""
        today, actor = self._finder.today.isoformat(), self._finder.actor
        filled: dict[str, Json] = dict(given)
        owner = entity.by_role(Role.OWNER)
        if owner is not None and actor.id:
            filled.setdefault(owner.name, actor.id)
        happened = entity.by_role(Role.HAPPENED)
        if happened is not None:
            filled.setdefault(happened.name, today)
        if "account" in entity.fields and filled.get("account") is None:
            filled["account"] = self._account_of_links(filled)
        if entity.name == "deal":
            self._fill_deal(filled)
        if "currency" in entity.fields and any(f.kind == "money" and filled.get(f.name) for f in _stored(entity)):
            filled.setdefault("currency", self._finder.store.base_currency)
        return filled

    def may_own(self, owner: Json) -> bool:
        """Whether the actor may make a record that belongs to this user."""
        actor = self._finder.actor
        if owner is None or actor.writes is Scope.ALL:
            return True
        return owner in (actor.team if actor.writes is Scope.TEAM else {actor.id})

    def of_conversion(self, lead: Row, step: Step) -> Iterator[Step]:
        """What a lead becomes: its company (unless it is an account already), its person and a deal."""
        of_lead = str(lead["id"])
        account: Given = self.account_of(lead)
        if account is None and lead["company"]:
            company = _filled(lead, "company", "industry", "country", "source", company="name")
            yield Step(op="create", entity="account", name=f"account {of_lead}", set=company)
            account = f"@account {of_lead}"
        if lead["name"]:
            person = {
                **_filled(lead, "name", "title", "email", "phone", "source", "consent", "do_not_contact"),
                "account": account,
            }
            yield Step(op="create", entity="contact", name=f"contact {of_lead}", set=person)
        sale = {"name": lead["company"] or lead["name"], "account": account, **step.set}
        yield Step(op="create", entity="deal", name=f"deal {of_lead}", set=sale)

    def account_of(self, lead: Row) -> int | None:
        """The account that a lead belongs to already: the one that it names, or the only one of its company's name."""
        linked: int | None = lead["account_id"]
        return linked or self._account_called(lead["company"])

    def _account_called(self, name: str | None) -> int | None:
        if not name:
            return None
        spec = QuerySpec(entity="account", where=Condition(field="name", op="eq", value=name), limit=2)
        found = self._finder.ids(spec)
        return found[0] if len(found) == 1 else None

    def _account_of_links(self, filled: Mapping[str, Json]) -> Json:
        for link in _LINKS:
            linked = filled.get(link)
            if isinstance(linked, int):
                row = self._finder.rows(link, [linked]).get(linked)
                if row is not None and row["account_id"]:
                    return int(row["account_id"])
        return None

    def _fill_deal(self, filled: dict[str, Json]) -> None:
        kinds = self._all_stages()
        if filled.get("stage") is None:
            filled["stage"] = next((key for key, kind in kinds.items() if kind == StageKind.OPEN), None)
        if filled["stage"] is not None and self._kind(int(str(filled["stage"]))) != StageKind.OPEN:
            filled.setdefault("closed_on", self._finder.today.isoformat())
        parts = [
            self._finder.label(name, int(str(filled[name]))) for name in ("account", "product") if filled.get(name)
        ]
        if parts:
            filled.setdefault("name", " – ".join(parts))

    def _kind(self, stage_id: int) -> str:
        return self._all_stages().get(stage_id, StageKind.OPEN)

    def _all_stages(self) -> dict[int, str]:
        if not self._stages:
            table = self._finder.schema.entity("stage").table
            query = select(table.c.id, table.c.kind).where(table.c.deleted_at.is_(None))
            with self._finder.store.read(self._finder.actor) as connection:
                rows = connection.execute(query.order_by(table.c.pipeline_id, table.c.position))
                self._stages = {row.id: row.kind for row in rows}
        return self._stages


def _stored(entity: Entity) -> list[Any]:
    return [field for field in entity.fields.values() if field.column or field.is_custom]


def _filled(row: Row, *columns: str, **called: str) -> dict[str, Given]:
    """The filled columns of a row, by the field that each becomes."""
    return {called.get(column, column): row[column] for column in columns if row[column] is not None}
