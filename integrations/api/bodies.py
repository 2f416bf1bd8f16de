"""What a request carries, where FastAPI's own reading of it would not fit the registry."""

from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.exceptions import HTTPException


class Link(BaseModel):
    """Another record, as an answer shows it."""

    model_config = ConfigDict(extra="forbid")

    id: int = Field(ge=1, le=2**53 - 1)
    label: str | None = None


Value = str | bool | int | float | Link | None
_VALUES: TypeAdapter[dict[str, Value]] = TypeAdapter(Annotated[dict[str, Value], Field(min_length=1, max_length=300)])


def plain(values: dict[str, Value]) -> dict[str, Any]:
    """A link by its id alone."""
    return {name: value.id if isinstance(value, Link) else value for name, value in values.items()}


def _values(request: Request) -> dict[str, Any]:
    if "json" not in request.headers.get("content-type", "").lower():
        raise HTTPException(415, "Send the values as application/json.")
    return plain(_VALUES.validate_json(request.state.body))


Values = Annotated[dict[str, Any], Depends(_values)]  # field → value


def values_of(name: str) -> dict[str, Any]:
    """The body of such a request in OpenAPI: the schema called `name`."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def answered(schema: dict[str, Any], said: str, **headers: str) -> dict[str, Any]:
    """An answer in OpenAPI.

    Args:
        schema: of its JSON.
        said: what it is.
        headers: that come with it, and what each says.
    """
    told = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    return {"description": said, "content": {"application/json": {"schema": schema}}, "headers": told}
