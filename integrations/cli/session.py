"""What most commands stand on: the settings, the open store, who asks and which day it is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.agent import Copilot
    from crm_core.access import Actor
    from crm_core.db import Store
    from integrations.settings import Settings

_handlers: list[logging.Handler] = []


@dataclass(frozen=True)
class Session:
    """An open store and the person at the keyboard. On this machine the person is who they say they are."""

    settings: "Settings"
    store: "Store"
    actor: "Actor"
    today: date

    def copilot(self, *, remembers: bool, stays: bool = False) -> "Copilot":
        """The agent; see `build_copilot`. One that stays keeps an index of all texts open."""
        from integrations.bootstrap import build_copilot, open_index

        self.take_in()
        index = open_index(self.settings, self.store) if stays else None
        return build_copilot(self.settings, self.store, remembers=remembers, index=index)

    def take_in(self) -> None:
        """Make searchable what was said since the last time, and score anew what changed."""
        from integrations.current import bring_up_to_date

        bring_up_to_date(self.store, self.today)


@contextmanager
def open_session(user: str | None = None, today: date | None = None) -> Iterator[Session]:
    """Open the store of the settings for `user` (default: of the settings) on `today` (default: now)."""
    from crm_core.users import actor_for
    from integrations.bootstrap import open_store
    from integrations.settings import get_settings

    settings = get_settings()
    start_logging()
    store = open_store(settings)
    try:
        yield Session(settings, store, actor_for(store, user or settings.user), today or this_day())
    finally:
        store.close()


def this_day() -> date:
    """Today, where this machine stands."""
    return datetime.now().astimezone().date()


def start_logging() -> str:
    """Log to the file of the settings, or to stderr where it cannot be written; returns where."""
    from crm_core.errors import CrmError
    from integrations.settings import get_settings

    level: str | int = logging.WARNING
    try:
        settings = get_settings()
        handler: logging.Handler = logging.FileHandler(settings.log_file, encoding="utf-8")
        level, where = settings.log_level, str(settings.log_file)
    except (OSError, CrmError):
        handler, where = logging.StreamHandler(), "the lines above"
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    stop_logging()
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)
    _handlers.append(handler)
    return where


def stop_logging() -> None:
    """Close what `start_logging` opened."""
    while _handlers:
        handler = _handlers.pop()
        logging.getLogger().removeHandler(handler)
        handler.close()
