"""Change sets: what waits, what was changed, and a person's decisions about it."""

from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from crm_core.changes import approve, list_changes, reject, undo, undo_fields
from crm_core.changes.draft import look_up, set_as_json, undo_as_json
from integrations.api.answers import answer
from integrations.api.bodies import answered
from integrations.api.caller import DOOR, PREFIX, Approver, Reader, Writer
from integrations.api.contract import CHANGE_SET, CHANGE_SET_IN_FULL, CHANGE_SETS, UNDONE
from integrations.api.once import Key, once
from integrations.api.problems import RESPONSES
from integrations.filters import Place, read_cursor

SetId = Annotated[UUID, Path(description="Of the change set.")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many.")]
Cursor = Annotated[str | None, Query(max_length=200, description="The next_cursor of the answer before.")]


class Approval(BaseModel):
    """What exactly is approved."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Of the changes that the person saw.")


class Rejection(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(None, max_length=2000)


class Undo(BaseModel):
    """What is taken back."""

    model_config = ConfigDict(extra="forbid")

    fields: list[str] = Field([], max_length=50, description="Only these; default: all that was changed.")


def add_changes(app: FastAPI) -> None:
    """The addresses of change sets."""
    every = PREFIX + "/changes"
    one = every + "/{change_set_id}"
    for method, path, run, schema, said in (
        ("GET", every, list_sets, CHANGE_SETS, "List changes"),
        ("GET", one, get_set, CHANGE_SET_IN_FULL, "Get a change set with its changes"),
        ("POST", one + "/approve", approve_set, CHANGE_SET, "Approve a proposal"),
        ("POST", one + "/reject", reject_set, CHANGE_SET, "Reject a proposal"),
        ("POST", one + "/undo", undo_set, UNDONE, "Undo a change set"),
    ):
        app.add_api_route(
            path, run, methods=[method], tags=["changes"], operation_id=run.__name__, summary=said,
            responses={**RESPONSES, 200: answered(schema, said + ".")},
        )  # fmt: skip


def list_sets(caller: Reader, waiting: bool = False, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The newest first; with `waiting` only those that wait for approval."""
    start = read_cursor(cursor).offset
    found = list_changes(caller.store, caller.actor, limit=limit + 1, offset=start, waiting=waiting)
    following = Place(offset=start + limit).cursor() if len(found) > limit else None
    return answer({"items": [set_as_json(one) for one in found[:limit]], "next_cursor": following})


def get_set(caller: Reader, change_set_id: SetId, limit: Limit = 500, cursor: Cursor = None) -> Response:
    """The exact changes, old → new; long ones in parts."""
    start = read_cursor(cursor).offset
    found, changes = look_up(caller.store, str(change_set_id), actor=caller.actor, offset=start, limit=limit + 1)
    following = Place(offset=start + limit).cursor() if len(changes) > limit else None
    return answer({**set_as_json(found), "changes": changes[:limit], "next_cursor": following})


def approve_set(
    request: Request, caller: Approver, change_set_id: SetId, approval: Approval, key: Key = None
) -> Response:
    """Apply it exactly as it was shown; 409 where a record moved on since."""

    def work(_: str) -> Response:
        done = approve(caller.store, str(change_set_id), sha256=approval.sha256, actor=caller.actor, door=DOOR)
        return answer(set_as_json(done))

    return once(request, caller, key, work)


def reject_set(
    request: Request, caller: Approver, change_set_id: SetId, rejection: Rejection, key: Key = None
) -> Response:
    """Decide against it: nothing is changed."""

    def work(_: str) -> Response:
        done = reject(caller.store, str(change_set_id), actor=caller.actor, door=DOOR, reason=rejection.reason)
        return answer(set_as_json(done))

    return once(request, caller, key, work)


def undo_set(request: Request, caller: Writer, change_set_id: SetId, undoing: Undo, key: Key = None) -> Response:
    """Put back what nobody has changed since; what stays is named with the reason."""

    def work(_: str) -> Response:
        target, actor = str(change_set_id), caller.actor
        if undoing.fields:
            return answer(undo_as_json(undo_fields(caller.store, target, undoing.fields, actor=actor, door=DOOR)))
        return answer(undo_as_json(undo(caller.store, target, actor=actor, door=DOOR)))

    return once(request, caller, key, work)
