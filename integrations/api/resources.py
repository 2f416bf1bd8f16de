"""Addresses of the records, made from the registry: each kind has a list, its records, and changes to them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

from fastapi import FastAPI, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException

from crm_core.changes import Change, Op
from crm_core.changes.steps import Step
from crm_core.errors import CrmError
from crm_core.schema import Entity, Schema
from integrations.api.answers import answer
from integrations.api.bodies import Value, Values, answered, plain, values_of
from integrations.api.caller import DOOR, PREFIX, Caller, Reader, Writer
from integrations.api.once import Key, once
from integrations.api.problems import RESPONSES
from integrations.api.shapes import checked, name_of
from integrations.filters import MOST, USUAL, read_cursor, read_filter, read_sort
from integrations.records import Listing, Records, Wanted

MOST_AT_ONCE = 200
_ONE = "/{record_id:int}"

RecordId = Annotated[int, Path(ge=1, le=2**53 - 1, description="Of the record.")]
Fields = Annotated[
    str | None,
    Query(max_length=2000, description="Only these fields, with commas, over relations with dots: name,account.name"),
]
IfMatch = Annotated[
    str | None, Header(max_length=200, description="The ETag of what you saw; * writes over whatever is there.")
]
Filtered = Annotated[str | None, Query(max_length=20_000, description="A filter of the question language, as JSON.")]
Sort = Annotated[str | None, Query(max_length=500, description="Fields with commas, - for descending: -closed_on,name")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many.")]
Cursor = Annotated[str | None, Query(max_length=20_000, description="The next_cursor of the answer before.")]
_LISTED = """Besides the parameters below, any field filters: `stage=Won`, and with an operator `amount__ge=1000`,
`closed_on__between=2026-01-01,2026-03-31`, `account.industry__in=retail,medical`, `lost_reason__empty=`.

A list is in the order of ids, or of `sort`, and nothing is told twice or left out while records come and go."""


class BulkItem(BaseModel):
    """One of several changes."""

    model_config = ConfigDict(extra="forbid")

    op: Literal["create", "update", "delete"]
    id: int | None = Field(None, ge=1, le=2**53 - 1, description="Of the record; none for a create.")
    version: int | None = Field(None, ge=1, le=2**53 - 1, description="That the record must still be at.")
    set: dict[str, Value] = Field(default_factory=dict, max_length=300)

    @model_validator(mode="after")
    def _names_a_record(self) -> Self:
        if (self.id is None) is not (self.op == "create"):
            raise ValueError("a create has no id, everything else needs one")
        return self


class Bulk(BaseModel):
    """Changes that are made together or not at all."""

    model_config = ConfigDict(extra="forbid")

    changes: list[BulkItem] = Field(min_length=1, max_length=MOST_AT_ONCE)


def add_resources(app: FastAPI, schema: Schema) -> None:
    """The addresses of every kind of record in the registry."""
    for entity in schema.entities.values():
        _add_reading(app, entity)
        _add_writing(app, entity)


def path_of(entity: Entity) -> str:
    """`/api/deals`, `/api/stage-changes`."""
    return f"{PREFIX}/" + entity.plural.replace("_", "-")


def _add_reading(app: FastAPI, entity: Entity) -> None:
    kind, path, one = entity.name, path_of(entity), {"$ref": f"#/components/schemas/{name_of(entity)}"}
    said = entity.plural.replace("_", " ")

    def list_records(
        request: Request, caller: Reader, filter: Filtered = None, sort: Sort = None, fields: Fields = None,
        limit: Limit = USUAL, cursor: Cursor = None,
    ) -> Response:  # fmt: skip
        records = _records(caller, kind)
        where = read_filter(records.schema, records.schema.entity(kind), request.query_params)
        wanted = Wanted(where, read_sort(sort), _names(fields), limit, read_cursor(cursor))
        return _page(request, records.page(wanted))

    def get_record(caller: Reader, record_id: RecordId, fields: Fields = None) -> Response:
        return _one(_records(caller, kind).get(record_id, _names(fields)))

    page = {"type": "object", "required": ["items", "next_cursor"], "properties": {
        "items": {"type": "array", "items": one}, "next_cursor": {"type": ["string", "null"]},
    }}  # fmt: skip
    app.add_api_route(
        path, list_records, methods=["GET"], operation_id=f"list_{entity.plural}", summary=f"List {said}",
        description=_LISTED, tags=[said], responses={**RESPONSES, 200: answered(page, "A part of the list.")},
    )  # fmt: skip
    app.add_api_route(
        path + _ONE, get_record, methods=["GET"], operation_id=f"get_{kind}", tags=[said],
        summary=f"Get a {kind.replace('_', ' ')}",
        responses={**RESPONSES, 200: answered(one, "The record.", ETag="Its version, for If-Match.")},
    )  # fmt: skip


def _add_writing(app: FastAPI, entity: Entity) -> None:
    kind, path, name = entity.name, path_of(entity), name_of(entity)
    one, body = {"$ref": f"#/components/schemas/{name}"}, values_of(f"{name}Edit")
    said, single = entity.plural.replace("_", " "), kind.replace("_", " ")

    def create_record(request: Request, caller: Writer, values: Values, key: Key = None) -> Response:
        def work(as_set: str) -> Response:
            made = _records(caller, kind).create(checked(caller.schema, kind, values), as_set=as_set)
            return _one(made, 201, Location=f"{path}/{made['id']}")

        return once(request, caller, key, work)

    def update_record(
        request: Request, caller: Writer, record_id: RecordId, values: Values, if_match: IfMatch = None, key: Key = None
    ) -> Response:
        def work(as_set: str) -> Response:
            given = checked(caller.schema, kind, values)
            return _one(_records(caller, kind).update(record_id, given, seen=_version(if_match), as_set=as_set))

        return once(request, caller, key, work)

    def delete_record(
        request: Request, caller: Writer, record_id: RecordId, if_match: IfMatch = None, key: Key = None
    ) -> Response:
        def work(as_set: str) -> Response:
            _records(caller, kind).delete(record_id, seen=_version(if_match), as_set=as_set)
            return Response(status_code=204)

        return once(request, caller, key, work)

    def change_many(request: Request, caller: Writer, bulk: Bulk, key: Key = None) -> Response:
        def work(as_set: str) -> Response:
            return answer(_told(_changed(caller, kind, bulk, as_set), as_set))

        return once(request, caller, key, work)

    def add(method: str, at: str, run: Callable[..., Response], verb: str, of: str, status: int, **more: Any) -> None:
        app.add_api_route(
            path + at, run, methods=[method], operation_id=f"{verb.lower()}_{of.replace(' ', '_')}", tags=[said],
            summary=f"{verb} {of}" if of == said else f"{verb} a {of}", status_code=status, **more,
        )  # fmt: skip

    saved = answered(one, "The record as it is now.", ETag="Its version, for If-Match.")
    made = answered(one, "The new record.", ETag="Its version.", Location="Where it is.")
    add("POST", "", create_record, "Create", single, 201, openapi_extra=body, responses={**RESPONSES, 201: made})
    add("PATCH", _ONE, update_record, "Update", single, 200, openapi_extra=body,
        responses={**RESPONSES, 200: saved})  # fmt: skip
    add("DELETE", _ONE, delete_record, "Delete", single, 204, responses=RESPONSES,
        description="Softly: the undo of its change set brings it back.")  # fmt: skip
    add("POST", "/bulk", change_many, "Change", said, 200, description=Bulk.__doc__,
        responses={**RESPONSES, 200: answered(_BULK, "What was done.")})  # fmt: skip


_BULK = {
    "type": "object",
    "properties": {
        "change_set_id": {"type": ["string", "null"], "description": "For undo; null where all was so already."},
        "records": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"op": {"type": "string"}, "entity": {"type": "string"}, "id": {"type": "integer"},
                               "version": {"type": ["integer", "null"]}},
                "required": ["op", "entity", "id", "version"],
            },
        },
    },
    "required": ["change_set_id", "records"],
}  # fmt: skip


def _records(caller: Caller, kind: str) -> Records:
    return Records(caller.store, kind, actor=caller.actor, today=caller.api.today(), door=DOOR, schema=caller.schema)


def _steps_of(kind: str, items: Sequence[Any]) -> tuple[list[Step], dict[int, int]]:
    """The items of a bulk request as steps, and the versions that they were made for."""
    steps, seen = [], {}
    for item in items:
        records = [] if item.op == Op.CREATE else [item.id]
        if records and item.version is not None:
            seen[item.id] = item.version
        given = {"op": item.op, "entity": kind, "records": records, "set": plain(item.set), "is_new": True}
        steps.append(Step.model_validate(given))
    return steps, seen


def _changed(caller: Writer, kind: str, bulk: Bulk, as_set: str) -> list[Change]:
    """An error says which of the changes it is about."""
    for at, item in enumerate(bulk.changes):
        checked(caller.schema, kind, item.set, within=f"changes.{at}.set.")
    steps, seen = _steps_of(kind, bulk.changes)
    try:
        return _records(caller, kind).bulk(steps, seen, as_set=as_set)
    except CrmError as error:
        if error.step is not None:
            error.field = f"changes.{error.step}" + (f".set.{error.field}" if error.field else "")
        raise


def _told(changes: list[Change], as_set: str) -> dict[str, Any]:
    records = [
        {"op": str(one.op), "entity": one.entity, "id": one.record_id, "version": (one.base_version or 0) + 1}
        for one in changes
    ]
    return {"change_set_id": as_set if changes else None, "records": records}


def _names(fields: str | None) -> list[str]:
    return [name.strip() for name in (fields or "").split(",") if name.strip()]


def _version(if_match: str | None) -> int | None:
    """The version that the caller saw; None: any."""
    if if_match is None:
        raise HTTPException(428, "Say which version you saw: If-Match with the record's ETag, or *.")
    if if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 16 else -1


def _one(record: dict[str, Any], status: int = 200, **headers: str) -> Response:
    return answer(record, status, headers={"ETag": f'"{record["version"]}"', **headers})


def _page(request: Request, found: Listing) -> Response:
    cursor = found.next.cursor() if found.next else None
    headers = {}
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return answer({"items": found.items, "next_cursor": cursor}, headers=headers)
