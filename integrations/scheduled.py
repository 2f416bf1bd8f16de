"""The jobs of this installation: what the worker does, and when. A new one is one more entry."""

from datetime import datetime

from crm_core.db import Store
from integrations.jobs import Job
from integrations.settings import Settings


def build_jobs(settings: Settings, store: Store) -> tuple[Job, ...]:
    """Everything that runs by schedule, in the time zone of the settings."""

    def index(_due_at: datetime) -> None:
        _index(settings, store)

    return (Job("index", "*/10 * * * *", "makes what was said searchable", index),)


def _index(settings: Settings, store: Store) -> None:
    from integrations.bootstrap import build_embedder
    from integrations.indexing import add_vectors, keep_in_step

    keep_in_step(store)
    embedder = build_embedder(settings)
    if embedder is not None:
        add_vectors(store, embedder, progress=lambda _done, _total: None)
