"""What `farley serve` runs: every door that answers HTTP, on one app."""

from typing import TYPE_CHECKING

from crm_core.db import Store
from integrations.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def build_server(settings: Settings, store: Store) -> "FastAPI":
    """The app over `store`, for a process that lives long."""
    from integrations.api.app import build_app
    from integrations.bootstrap import build_copilot, open_index

    copilot = build_copilot(settings, store, remembers=True, index=open_index(settings, store))
    return build_app(copilot, store, requests_per_minute=settings.api_rate)
