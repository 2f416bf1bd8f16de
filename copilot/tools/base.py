"""What every tool shares: arguments that refuse the unknown, and the description bound to a model."""

import inspect
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, cast

from langchain.tools import BaseTool, InjectedToolArg, ToolRuntime
from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.json_schema import SkipJsonSchema

from copilot.context import TurnContext

_NULL = {"type": "null"}
_DEFS = "#/$defs/"

Runtime = ToolRuntime[TurnContext, Any]


class Args(BaseModel):
    """Arguments of a tool. Unknown ones are refused: LangChain alone would drop them in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    # Put in by the loop, whatever the model sent; neither checked, nor copied, nor shown to a model.
    runtime: SkipJsonSchema[Annotated[SkipValidation[Any], InjectedToolArg]] = Field(None, exclude=True)


def parsed(value: object) -> object:
    """Some models send a nested argument as JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def describe(tool: BaseTool) -> dict[str, Any]:
    """`tool` as a ready OpenAI-style function.

    Pydantic's own schema is bound, because LangChain's converter inlines the recursive QuerySpec to five times its
    size, with dangling references.
    """
    parameters = _parameters(cast(type[Args], tool.args_schema))
    text = inspect.cleandoc(tool.description)
    return {"type": "function", "function": {"name": tool.name, "description": text, "parameters": parameters}}


@cache
def _parameters(args: type[Args]) -> dict[str, Any]:
    schema: dict[str, Any] = _inlined(_compact(args.model_json_schema()))
    kept = {key: value for key, value in schema.items() if key != "description"}
    return {"type": "object", **kept, "additionalProperties": False}


def _compact(schema: Any) -> Any:
    """The same rules in fewer tokens: each is paid for with every call of a model.

    Without Pydantic's titles, which only repeat the names, without line breaks, and without nulls and empty defaults:
    leaving a part out says the same. An enum needs no type, nor does what has properties (but at the top). That
    nothing unknown is taken is said once, at the top, and checked everywhere; limits of length are checked alone.
    """
    if isinstance(schema, list):
        return [_compact(part) for part in schema if part != _NULL]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _compact(v) for k, v in schema.items() if not _is_noise(k, v, schema)}
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].replace("Attributes:", "").split())
    if _NULL in schema.get("anyOf", ()) and len(kept["anyOf"]) == 1:
        kept = {**kept.pop("anyOf")[0], **kept}
    return _plain_union(kept)


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The same with every definition that one place alone uses in that place: 30 tokens a definition less."""
    once = {name for name, count in Counter(_references(schema)).items() if count == 1 and name in schema["$defs"]}
    kept = {name: part for name, part in schema.get("$defs", {}).items() if name not in once}

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(inner) for inner in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix(_DEFS)
        rest = {key: put(inner) for key, inner in part.items() if key not in ("$ref", "$defs")}
        return {**put(schema["$defs"][name]), **rest} if name in once else {**part, **rest}

    told: dict[str, Any] = put({key: part for key, part in schema.items() if key != "$defs"})
    return {"$defs": {name: put(part) for name, part in kept.items()}, **told} if kept else told


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].removeprefix(_DEFS)
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _plain_union(schema: dict[str, Any]) -> dict[str, Any]:
    """A choice of plain types is a list of types; an integer is a number."""
    types = [part.get("type") for part in schema.get("anyOf", ()) if part.keys() == {"type"}]
    others = [part for part in schema.get("anyOf", ()) if part.keys() != {"type"}]
    if len(types) < 2:
        return schema
    names = [name for name in types if not (name == "integer" and "number" in types)]
    plain = {"type": names if len(names) > 1 else names[0]}
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest, "anyOf": [plain, *others]} if others else {**rest, **plain}


def _is_noise(key: str, value: object, schema: dict[str, Any]) -> bool:
    match key:
        case "title":
            return isinstance(value, str)
        case "minLength" | "maxLength" | "minItems" | "maxItems" | "minimum" | "maximum":
            return isinstance(value, int | float)
        case "default" | "additionalProperties":
            return not value
        case "type":
            return isinstance(value, str) and ("enum" in schema or (value == "object" and "properties" in schema))
        case "format":
            return value == "date"  # told once, in the description of query_crm
    return False
