"""From a setting's name to a chat model."""

from typing import Any, Literal

from langchain_core.language_models import BaseChatModel

from copilot.offline.model import OfflineModel
from crm_core.db import ReadStore
from crm_core.errors import Invalid, Unavailable

OFFLINE = "offline"
ToolCalling = Literal["auto", "native", "json"]


def build_model(name: str, store: ReadStore | None, *, tools: ToolCalling = "auto", **options: Any) -> BaseChatModel:
    """The chat model called `name`.

    Args:
        name: "offline", or "provider:model" as LangChain has it ("openai:gpt-5-mini").
        store: that the offline planner reads its vocabulary from; a language model needs none.
        tools: how a language model calls tools: as its vendor has it, in JSON of one schema, or as can be found out.
        options: for a language model: api_key, base_url, timeout, max_retries, max_tokens ...

    Raises:
        Invalid: there is no such provider.
        Unavailable: the provider's package is not installed, or its key is missing.
    """
    if name == OFFLINE and store is not None:
        return offline_model(store)
    if ":" not in name:
        raise Invalid(f"There is no model {name!r}: write 'offline', or 'provider:model' such as 'openai:gpt-5-mini'.")
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        raise Unavailable(f"The model {name!r} needs a package. {str(error).splitlines()[0]}") from error
    except ValueError as error:
        raise Invalid(f"There is no model {name!r}: {str(error).splitlines()[0]}") from error
    except Exception as error:  # vendors share no base class of errors; most often a key is missing
        raise Unavailable(f"The model {name!r} cannot be used: {str(error).splitlines()[0]}") from error
    return _with_tools(model, tools)


def offline_model(store: ReadStore) -> OfflineModel:
    """The model that needs no key, no network and no weights; also what takes over when a vendor is down."""
    from copilot.offline.planner import Planner

    return OfflineModel(planner=Planner(store))


def name_of(model: BaseChatModel) -> str:
    """What to call `model` in a log."""
    named = getattr(model, "model_name", None) or getattr(model, "model", None)
    return str(named or model._llm_type)


def _with_tools(model: BaseChatModel, tools: ToolCalling) -> BaseChatModel:
    """`model`, able to call tools: what LangChain knows of it decides, and if it knows nothing, the first call."""
    can_call = (model.profile or {}).get("tool_calling")
    if tools == "native" or (tools == "auto" and can_call):
        return model
    from copilot.json_tools import JsonTools

    return JsonTools(model=model, is_json=tools == "json" or can_call is False)
