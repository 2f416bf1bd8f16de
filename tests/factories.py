"""Records for tests: plain functions that insert one row and give back its id.

Each takes the store (or an open connection of `store.write()`, when a test makes hundreds) and fields by
their public names: `owner=rep_id`, `amount=1250.5` in major units, `stage="Won"` by name, `custom={...}` as stored.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from crm_core.access import Actor, Scope
from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.models import CustomField, Kind, Stage, UserRole
from crm_core.money import to_minor
from crm_core.schema import Entity, build_schema

CREATED = datetime(2016, 10, 1, 9, 0, tzinfo=UTC)
STAGES = (("Prospecting", 10, "open"), ("Engaging", 40, "open"), ("Won", 100, "won"), ("Lost", 0, "lost"))

Where = Store | Connection


def make(where: Where, entity: str, /, **given: Any) -> int:
    """One record of any entity, by public field names or columns; only the bookkeeping is filled in."""
    if isinstance(where, Store):
        with where.write() as connection:
            return make(connection, entity, **given)
    declared = build_schema().entity(entity)
    record_id = given.pop("id", None) or new_id()
    row = {"id": record_id, "created_at": CREATED, "updated_at": CREATED} | _columns(declared, given)
    where.execute(insert(declared.table), [row])
    return record_id


def make_user(where: Where, name: str = "Moses Frase", **given: Any) -> int:
    """A rep."""
    return make(where, "user", name=name, **given)


def make_account(where: Where, name: str = "Acme", **given: Any) -> int:
    """A company without an owner."""
    return make(where, "account", name=name, **given)


def make_contact(where: Where, name: str = "Ada Byron", **given: Any) -> int:
    """A person without an account."""
    return make(where, "contact", name=name, **given)


def make_lead(where: Where, name: str | None = "Grace Hopper", **given: Any) -> int:
    """A new lead."""
    return make(where, "lead", name=name, **given)


def make_product(where: Where, name: str = "GTX Basic", **given: Any) -> int:
    """A product without a price."""
    return make(where, "product", name=name, **given)


def make_deal(where: Where, name: str | None = None, *, stage: str | int = "Prospecting", **given: Any) -> int:
    """A deal in the default pipeline; no amount, account or owner unless given."""
    stage_id = stage if isinstance(stage, int) else stage_named(where, stage)
    return make(where, "deal", name=name, stage=stage_id, **given)


def make_interaction(where: Where, happened_on: date, **given: Any) -> int:
    """A note on that day."""
    return make(where, "interaction", happened_on=happened_on, **given)


def make_task(where: Where, title: str = "Call back", **given: Any) -> int:
    """An open task."""
    return make(where, "task", title=title, **given)


def make_draft(where: Where, contact: int | None, subject: str = "The pilot", **given: Any) -> int:
    """An approved draft to this contact, or to the `lead` that is given."""
    return make(where, "draft", contact=contact, subject=subject, body=given.pop("body", "Hello"), **given)


def make_order(where: Where, **given: Any) -> int:
    """A purchase."""
    return make(where, "order", **given)


def make_rate(where: Where, from_currency: str, to_currency: str, rate: float, valid_on: date) -> int:
    """An exchange rate from that day on."""
    pair = {"from_currency": from_currency, "to_currency": to_currency}
    return make(where, "exchange_rate", **pair, rate=rate, valid_on=valid_on)


def make_pipeline(where: Where, name: str = "Sales", stages: Any = STAGES) -> dict[str, int]:
    """A pipeline with its stages of (name, probability in percent, kind); stage name → id."""
    pipeline = make(where, "pipeline", name=name)
    return {
        stage: make(where, "stage", name=stage, position=at, probability_pct=chance, kind=kind, pipeline=pipeline)
        for at, (stage, chance, kind) in enumerate(stages, start=1)
    }


def stage_named(where: Where, name: str) -> int:
    """The stage's id; the default pipeline is made when there is none yet."""
    if isinstance(where, Store):
        with where.write() as connection:
            return stage_named(connection, name)
    found = where.execute(select(Stage.id).where(Stage.name == name)).scalar()
    return found if found is not None else make_pipeline(where)[name]


def make_custom_field(
    where: Where, entity: str, key: str, kind: Kind = Kind.TEXT, *, label: str = "", words: Any = ()
) -> None:
    """A field that the company added."""
    if isinstance(where, Store):
        with where.write() as connection:
            make_custom_field(connection, entity, key, kind, label=label, words=words)
        return
    row = {
        "id": new_id(),
        "entity": entity,
        "key": key,
        "label": label or key,
        "kind": kind,
        "words": list(words),
    }
    where.execute(insert(CustomField), [row])


def actor_for(user_id: int, *, reads: Scope = Scope.ALL, team: Any = (), **given: Any) -> Actor:
    """The actor of a user; `team` are the ids below them."""
    role = given.pop("role", UserRole.MANAGER if team else UserRole.REP)
    members = frozenset({user_id, *team})
    return Actor(id=user_id, name=f"user {user_id}", role=role, reads=reads, team=members, **given)


def _columns(entity: Entity, given: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in given.items():
        field = entity.fields.get(name)
        if field is None or field.column is None:
            row[name] = value  # bookkeeping: deleted_at, version, custom
        elif field.kind is Kind.MONEY and name != field.column and value is not None:
            row[field.column] = to_minor(value, given.get("currency") or "USD")
        else:
            row[field.column] = value
    return row
