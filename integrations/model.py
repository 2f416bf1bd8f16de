"""The model that answers, made from the settings."""

from typing import TYPE_CHECKING

from crm_core.db import Store
from integrations.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def build_chat_model(settings: Settings, store: Store) -> "BaseChatModel":
    """The model of the settings, without asking it anything."""
    from copilot.models import OFFLINE, offline_model

    if settings.model == OFFLINE or settings.local_only == "on":
        return offline_model(store.for_agent)
    return build_language_model(settings)


def build_language_model(settings: Settings) -> "BaseChatModel":
    """The language model of the settings, without asking it anything."""
    from copilot.models import build_model

    key = settings.model_key.get_secret_value() if settings.model_key else None
    options = {
        "api_key": key or ("none" if settings.model_url else None),  # a server of one's own asks for none
        "base_url": settings.model_url,
        "timeout": settings.model_timeout_s,
        "max_retries": settings.model_retries,
        "max_tokens": settings.model_max_tokens,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return build_model(settings.model, None, tools=settings.model_tools, **given)
