"""What every tool shares: arguments that refuse the unknown, and the description bound to a model."""

import inspect
import json
from functools import cache
from typing import Annotated, Any, cast

from langchain.tools import BaseTool, InjectedToolArg, ToolRuntime
from pydantic import BaseModel, ConfigDict, Field, SkipValidation
from pydantic.json_schema import SkipJsonSchema

from copilot.context import TurnContext

_NULL = {"type": "null"}

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
    schema: dict[str, Any] = _compact(args.model_json_schema())
    return {key: value for key, value in schema.items() if key != "description"}


def _compact(schema: Any) -> Any:
    """Without Pydantic's titles, which only repeat the names, and without nulls: leaving a part out says the same."""
    if isinstance(schema, list):
        return [_compact(part) for part in schema if part != _NULL]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _compact(v) for k, v in schema.items() if k != "title" or not isinstance(v, str)}
    if _NULL not in schema.get("anyOf", ()):
        return kept
    if kept.get("default", _NULL) is None:
        del kept["default"]
    return kept if len(kept["anyOf"]) > 1 else {**kept.pop("anyOf")[0], **kept}
