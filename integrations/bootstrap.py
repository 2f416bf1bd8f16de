"""The composition root: settings in, wired parts out. Nothing else decides which implementation is used."""

import sqlite3
from typing import TYPE_CHECKING

from crm_core.db import Store
from crm_core.errors import Unavailable
from integrations.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from copilot.agent import Copilot
    from copilot.middleware.egress import EgressRules

ENTITY_WORDS, FIELD_WORDS = 4, 12  # of each in the headers of a file


def make_home(settings: Settings) -> None:
    """Make the home folder, readable by its owner alone.

    Raises:
        Unavailable: it cannot be made.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The home folder {settings.home} cannot be made: {error.strerror}.") from error


def make_store(settings: Settings) -> Store:
    """Create the store, or bring an older one up to date."""
    from crm_core.setup import create_store

    make_home(settings)
    return create_store(settings.store_url, base_currency=settings.currency)


def open_store(settings: Settings) -> Store:
    """The store that is there; Unavailable where there is none."""
    return Store(settings.store_url)


def header_words() -> dict[str, list[str]]:
    """What headers of CSV files may say in Chinese, keyed "deal" and "deal.amount". English stands with the fields.

    The first words of each list are the written ones; the later ones are talk, and headers are made of pairs of them.
    """
    import prompts

    lexicon = prompts.load_yaml("lexicon/zh")
    entities = {name: words[:ENTITY_WORDS] for name, words in lexicon["entity"].items()}
    return entities | {name: words[:FIELD_WORDS] for name, words in lexicon["field"].items()}


def build_copilot(settings: Settings, store: Store, *, remembers: bool) -> "Copilot":
    """The agent over `store`.

    Args:
        settings: name the model. The offline one takes over where it fails.
        store: that it reads and proposes to.
        remembers: conversations outlive the process, in the home folder.
    """
    from copilot.agent import Copilot
    from copilot.models import OFFLINE, offline_model
    from copilot.unread import UnreadWords

    is_offline = settings.model == OFFLINE or settings.local_only == "on"
    return Copilot(
        build_chat_model(settings, store),
        store.for_agent,
        checkpointer=_lasting_memory(settings) if remembers else None,
        fallback=None if is_offline else offline_model(store.for_agent),
        egress=None if is_offline else build_egress(settings, store),
        is_local_only=is_offline and settings.model != OFFLINE,
        unread=UnreadWords(settings.conversations) if settings.learn == "on" else None,
    )


def build_chat_model(settings: Settings, store: Store) -> "BaseChatModel":
    """The model of the settings, without asking it anything."""
    from copilot.models import OFFLINE, build_model

    if settings.model == OFFLINE or settings.local_only == "on":
        return build_model(OFFLINE, store.for_agent)
    key = settings.model_key.get_secret_value() if settings.model_key else None
    options = {"api_key": key, "base_url": settings.model_url, "timeout": settings.model_timeout_s}
    return build_model(settings.model, store.for_agent, **{k: v for k, v in options.items() if v is not None})


def build_egress(settings: Settings, store: Store) -> "EgressRules":
    """What may leave for a language model, and where it is logged.

    Raises:
        Invalid: a withheld field is none of the store's.
        Unavailable: the log cannot be written, so nothing may leave.
    """
    from copilot.egress import EgressLog, Withheld
    from copilot.middleware.egress import EgressRules

    log = EgressLog(settings.conversations)
    withheld = Withheld.named(settings.withheld_fields.split(","), store.schema)
    return EgressRules(key=log.key(), withheld=withheld, log=log)


def _lasting_memory(settings: Settings) -> "BaseCheckpointSaver[str]":
    from langgraph.checkpoint.sqlite import SqliteSaver

    make_home(settings)
    try:
        connection = sqlite3.connect(settings.conversations, check_same_thread=False)
    except sqlite3.Error as error:
        raise Unavailable(f"Conversations cannot be kept in {settings.conversations}: {error}.") from error
    return SqliteSaver(connection)
