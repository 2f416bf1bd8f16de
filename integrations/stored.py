"""Settings that an administrator may change while Farley runs: they stand in the store, and the environment wins."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import TypeAdapter, ValidationError

from crm_core.access import Actor
from crm_core.company_settings import read_settings, set_setting
from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict, CrmError, Invalid
from integrations.model import build_chat_model
from integrations.settings import PREFIX, Settings

if TYPE_CHECKING:
    from copilot.agent import Copilot

log = logging.getLogger(__name__)

STORED = ("model", "model_daily_cap", "model_price_in", "model_price_out", "model_turn_tokens")
Source = Literal["environment", "store", "default"]


def effective(settings: Settings, store: ReadStore) -> Settings:
    """The settings of the process with what was set in the store where the environment says nothing."""
    found = {}
    for name, kept in read_settings(store).items():
        if source_of(settings, name, {name: kept}) == "store":
            try:
                found[name] = _checked(name, kept)
            except Invalid as error:
                log.warning("a stored setting is left out: %s", error)
    return settings.model_copy(update=found) if found else settings


def source_of(settings: Settings, name: str, kept: dict[str, str]) -> Source:
    """Where the value that holds comes from.

    Args:
        settings: of the process, as the environment has them.
        name: of the setting.
        kept: in the store (`read_settings`).
    """
    if name not in STORED or name in settings.model_fields_set:
        return "environment" if name in settings.model_fields_set else "default"
    return "store" if name in kept else "default"


def keep(settings: Settings, store: Store, name: str, value: str | None, *, actor: Actor, door: str) -> str:
    """Set one for all, in force from the next question on; gives the change set's id.

    Args:
        settings: of the process.
        store: that keeps it.
        name: one of `STORED`.
        value: as people write it; None: its default.
        actor: an administrator.
        door: what it came through.

    Raises:
        Invalid: no such setting, or no such value; a model that cannot be built says why.
        Conflict: the environment sets it, or it is so already.
        NotFound: the default holds already.
        Forbidden: the actor is no administrator.
        Unavailable: the model's package is not installed.
    """
    if name not in STORED:
        raise Invalid(f"{name!r} is not set here; it can be {', '.join(STORED)}.")
    if name in settings.model_fields_set:
        raise Conflict(f"{PREFIX}{name.upper()} in the server's environment wins; take it away there first.")
    if value is not None:
        value = value.strip()
        checked = _checked(name, value)
        if name == "model":
            build_chat_model(settings.model_copy(update={name: checked}), store)
    return set_setting(store, name, value, actor=actor, door=door)


class Renewal:
    """Lets a copilot take up what was set, from the next turn on.

    Args:
        settings: of the process.
        store: that keeps what was set.
        mind: what `Copilot.use` takes, by settings.
    """

    def __init__(self, settings: Settings, store: Store, mind: Callable[[Settings], dict[str, Any]]) -> None:
        self._settings, self._store, self._mind = settings, store, mind
        self._known: dict[str, str] = {}
        self._lock = Lock()

    def first(self) -> dict[str, Any]:
        """What the copilot begins with; a model that was set and cannot be built gives way to the process's own."""
        self._known = read_settings(self._store)
        own = effective(self._settings, self._store)
        try:
            return self._mind(own)
        except CrmError as error:
            if own is self._settings:
                raise
            log.warning("the model that was set cannot be used: %s", error)
            return self._mind(self._settings)

    def __call__(self, copilot: "Copilot") -> None:
        """Before a turn."""
        with self._lock:
            if read_settings(self._store) == self._known:
                return
            try:
                copilot.use(**self.first())
            except CrmError as error:
                log.warning("the model stays as it was: %s", error)


def _checked(name: str, value: str) -> Any:
    field = Settings.model_fields[name]
    kind: Any = field.annotation
    for rule in field.metadata:
        kind = Annotated[kind, rule]
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise Invalid(f"{value!r} is no {name.replace('_', ' ')}: {error.errors()[0]['msg']}.", field=name) from None
