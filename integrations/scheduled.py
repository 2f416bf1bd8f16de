"""The jobs of this installation: what the worker does, and when. A new one is one more entry."""

from datetime import datetime

from crm_core.db import Store
from integrations.jobs import Job
from integrations.scoring import Progress
from integrations.settings import Settings


def build_jobs(settings: Settings, store: Store) -> tuple[Job, ...]:
    """Everything that runs by schedule, in the time zone of the settings."""

    def index(_due_at: datetime) -> None:
        _index(settings, store)

    def scores(due_at: datetime) -> None:
        _score(settings, store, due_at)

    return (
        Job("index", "*/10 * * * *", "makes what was said searchable", index),
        Job("scores", "30 5 * * *", "scores open leads and deals", scores),
    )


def _score(settings: Settings, store: Store, due_at: datetime) -> None:
    from contextlib import nullcontext

    from crm_core.query.derived import SCORED
    from integrations.bootstrap import points_card
    from integrations.scoring import score

    def no_bar(_what: str) -> nullcontext[Progress]:
        return nullcontext(lambda _done, _total: None)

    score(store, SCORED, train=False, card=points_card(settings), today=due_at.date(), bar=no_bar)


def _index(settings: Settings, store: Store) -> None:
    from integrations.bootstrap import build_embedder
    from integrations.indexing import add_vectors, keep_in_step

    keep_in_step(store)
    embedder = build_embedder(settings)
    if embedder is not None:
        add_vectors(store, embedder, progress=lambda _done, _total: None)
