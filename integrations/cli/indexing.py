"""`farley index`: making what was said searchable."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import JsonFlag

if TYPE_CHECKING:
    from crm_core.db import Store
    from integrations.settings import Settings
    from retrieval.embed import Embedder


def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Throw passages and index away and make them anew.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Take in the texts of all records and give them vectors. Stopped halfway, it goes on the next time."""
    from integrations.bootstrap import build_embedder, open_store
    from integrations.cli.session import start_logging
    from integrations.cli.show import print_json, progress_bar, say
    from integrations.indexing import add_vectors, forget_all, state_of, take_in_all
    from integrations.settings import get_settings

    settings = get_settings()
    start_logging()
    store, embedder = open_store(settings), build_embedder(settings)
    try:
        if rebuild:
            forget_all(store)
        with progress_bar("texts") as step:
            taken = take_in_all(store, progress=step)
        embedded = indexed = 0
        if embedder:
            with progress_bar("vectors") as step:
                embedded = add_vectors(store, embedder, progress=step)
            indexed = _index(settings, store, embedder, rebuild=rebuild)
        state = state_of(store, embedder)
    finally:
        store.close()
    if json:
        print_json({"taken_in": taken, "embedded": embedded, "indexed": indexed, "passages": state.passages})
        return
    say(f"{taken:,} texts taken in, {embedded:,} vectors added; {state.passages:,} passages can be found.")
    if embedder is None:
        say("They are found by words alone: install farley[embeddings] to find by meaning too.", "dim")


def _index(settings: "Settings", store: "Store", embedder: "Embedder", *, rebuild: bool) -> int:
    """Bring the index in step where there are enough vectors for one; gives how many changed in it."""
    from integrations.bootstrap import WORTH_AN_INDEX, build_index
    from integrations.cli.show import progress_bar, say
    from retrieval import table
    from retrieval.chroma_server import Unreachable

    with store.read() as connection:
        held = table.count(connection, embedded_by=embedder.name)
    if held < WORTH_AN_INDEX:
        return 0
    found = build_index(settings, embedder)
    if found is None:
        say("The search index is held by another process, or its server is gone; it catches up later.", "yellow")
        return 0
    try:
        with progress_bar("index") as step, store.read() as connection:
            return found.rebuild(connection, progress=step) if rebuild else found.sync(connection, progress=step)
    except Unreachable as error:
        say(f"{error} The index catches up later.", "yellow")
        return 0
    finally:
        found.close()
