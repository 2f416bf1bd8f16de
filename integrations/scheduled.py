"""The jobs of this installation: what the worker does, and when. A new one is one more entry."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_core.db import Store
from integrations.jobs import Job
from integrations.settings import Settings

if TYPE_CHECKING:
    from integrations.slack.door import Door

_EVERY_MINUTES = 15  # what falls due by the clock alone


def build_jobs(settings: Settings, store: Store) -> tuple[Job, ...]:
    """Everything that runs by schedule, in the time zone of the settings."""

    def index(_due_at: datetime) -> None:
        _index(settings, store)

    def scores(due_at: datetime) -> None:
        _score(settings, store, due_at)

    told = (Job("slack", "*/5 * * * *", "tells people in Slack what they chose to hear", _slack(settings, store)),)
    return (
        Job("index", "*/10 * * * *", "makes what was said searchable", index),
        Job("scores", "30 5 * * *", "scores open leads and deals", scores),
        Job("auto-drafts", "* * * * *", "proposes the mails that are due", _auto_drafts(settings, store)),
        *(told if settings.slack_bot_token else ()),
    )


def _score(settings: Settings, store: Store, due_at: datetime) -> None:

    from crm_core.query.derived import SCORED
    from integrations.scoring import no_bar, score

    score(store, SCORED, train=False, card=settings.points_card, today=due_at.date(), bar=no_bar)


def _index(settings: Settings, store: Store) -> None:
    from integrations.bootstrap import build_embedder
    from integrations.indexing import add_vectors, keep_in_step

    keep_in_step(store)
    embedder = build_embedder(settings)
    if embedder is not None:
        add_vectors(store, embedder, progress=lambda _done, _total: None)


def _auto_drafts(settings: Settings, store: Store) -> Callable[[datetime], None]:
    """Looks where the outbox brought something since the last look, and every quarter of an hour."""
    looked_at = -1

    def look(due_at: datetime) -> None:
        nonlocal looked_at
        from copilot.knowledge import Knowledge
        from integrations.auto_drafts import look_for_everybody, newest_change

        newest = newest_change(store)
        if newest == looked_at and due_at.minute % _EVERY_MINUTES:
            return
        look_for_everybody(store, Knowledge(store.for_agent), now=datetime.now(UTC), time_zone=settings.time_zone)
        looked_at = newest

    return look


def _slack(settings: Settings, store: Store) -> Callable[[datetime], None]:
    """A round of notices; the door is opened by the first one."""
    opened: list[Door] = []

    def tell(_due_at: datetime) -> None:
        from integrations.bootstrap import build_copilot
        from integrations.current import bring_up_to_date
        from integrations.slack.notices.telling import tell_everybody
        from integrations.slacking import open_slack

        if not opened:
            opened.append(open_slack(settings, store, build_copilot(settings, store, remembers=True))[0])
        bring_up_to_date(store, datetime.now().astimezone().date())
        tell_everybody(opened[0])

    return tell
