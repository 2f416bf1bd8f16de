"""`farley doctor`: what is right, what is not, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from integrations.cli.checkup_scores import look_at_scores
from integrations.cli.checkup_sending import look_at_jobs, look_at_sending
from integrations.cli.finding import Finding
from integrations.cli.options import JsonFlag

if TYPE_CHECKING:
    from crm_core.db import Store
    from integrations.settings import Settings
    from retrieval.embed import Embedder

LOW_DISK_BYTES = 200 * 1024 * 1024


class _RollBack(Exception):
    """Ends a trial transaction."""


def doctor(json: JsonFlag = False) -> None:
    """Check the store, the model and the disk. Exit code 1 where something fails."""
    from integrations.cli.show import print_json, say
    from integrations.settings import get_settings

    findings = list(examine(get_settings()))
    if json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        styles = {"ok": "green", "warn": "yellow", "fail": "red"}
        for found in findings:
            say(f"{found.level:4}  {found.name}: {found.text}", styles[found.level])
            if found.advice:
                say(f"      → {found.advice}")
    if any(found.level == "fail" for found in findings):
        raise typer.Exit(1)


def examine(settings: "Settings") -> Iterator[Finding]:
    """Everything that can be looked at; what stands on the store is left out where there is none."""
    from crm_core.errors import CrmError
    from integrations.bootstrap import open_store

    yield from _home(settings)
    try:
        store = open_store(settings)
    except CrmError as error:
        yield Finding("fail", "store", str(error), "`farley init` makes a store; `farley init --demo` fills it.")
        return
    try:
        yield Finding("ok", "store", str(store.path or store.url.render_as_string(hide_password=True)))
        for look in _LOOKS:
            yield from _guarded(look, store, settings)
    finally:
        store.close()


def _guarded(
    look: "Callable[[Store, Settings], Iterator[Finding]]", store: "Store", settings: "Settings"
) -> Iterator[Finding]:
    from integrations.cli.edge import explain

    try:
        yield from look(store, settings)
    except Exception as error:  # the edge of one line: the other checks must still be told
        yield Finding("fail", look.__name__.strip("_").removeprefix("look_at_"), explain(error)[0])


def _home(settings: "Settings") -> Iterator[Finding]:
    folder = next((p for p in (settings.home, *settings.home.absolute().parents) if p.is_dir()), None)
    if folder is None:
        return
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**3:,.1f} GiB free at {folder}"
    if free < LOW_DISK_BYTES:
        yield Finding("warn", "disk", told, "Make room: a full disk refuses changes and imports.")
    else:
        yield Finding("ok", "disk", told)


def _version(_store: "Store", _settings: "Settings") -> Iterator[Finding]:
    from importlib.metadata import version

    from crm_core.migrations import HEAD

    yield Finding("ok", "version", f"Farley {version('farley')}, store version {HEAD}")


def _integrity(store: "Store", _settings: "Settings") -> Iterator[Finding]:
    if not store.is_sqlite:
        return
    with store.read() as connection:
        damage = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if damage != ["ok"]:
        yield Finding("fail", "integrity", damage[0], "Restore a backup; copy the store away first.")
    elif dangling:
        text = f"{len(dangling)} references point to records that are not there, first in {dangling[0][0]}"
        yield Finding("fail", "integrity", text, "Restore a backup, or undo the change that removed them.")
    else:
        yield Finding("ok", "integrity", "the file is whole and every reference leads somewhere")


def _audit(store: "Store", _settings: "Settings") -> Iterator[Finding]:
    from crm_core.changes import check_audit

    with store.read() as connection:
        wrong = list(check_audit(connection))
    if wrong:
        yield Finding(
            "fail", "audit", str(wrong[0]), "Somebody changed the store past Farley; compare it with a backup."
        )
    else:
        yield Finding("ok", "audit", "the trail of approved changes is whole")


def _writing(store: "Store", _settings: "Settings") -> Iterator[Finding]:
    from crm_core.errors import Unavailable

    try:
        with suppress(_RollBack), store.write():
            raise _RollBack  # a look must leave no trace
    except Unavailable as error:
        yield Finding("warn", "writing", str(error), "Questions work; changes wait until it can be written.")
    else:
        yield Finding("ok", "writing", "the store takes changes")


def _counts(store: "Store", _settings: "Settings") -> Iterator[Finding]:
    from sqlalchemy import func, select

    from integrations.cli.show import count_of

    told = []
    with store.read() as connection:
        for name, entity in store.schema_at(connection).entities.items():
            living = select(func.count()).select_from(entity.table).where(entity.table.c.deleted_at.is_(None))
            n = int(connection.execute(living).scalar_one())
            told += [count_of(n, name)] if n else []
    if told:
        yield Finding("ok", "records", ", ".join(told))
    else:
        yield Finding("warn", "records", "there are none", "`farley import YOUR.csv`, or `farley init --demo`.")


def _search(store: "Store", settings: "Settings") -> Iterator[Finding]:
    """How far the search over texts is, and whether its index finds what it holds."""
    from integrations.bootstrap import build_embedder
    from integrations.indexing import state_of

    embedder = build_embedder(settings)
    state = state_of(store, embedder)
    told = f"{state.passages:,} passages, {state.embedded:,} with a vector"
    if state.behind is None:
        yield Finding("ok", "search", "texts are taken in with the first question, or by `farley index`")
    elif state.behind or (embedder and state.embedded < state.passages):
        yield Finding("warn", "search", f"{told}, {state.behind:,} changes behind", "`farley index` catches up.")
    else:
        yield Finding("ok", "search", told if embedder else f"{state.passages:,} passages, found by words alone")
    if embedder and (settings.chroma_url or (settings.home / "search").exists()):
        yield from _search_index(store, settings, embedder)


def _search_index(store: "Store", settings: "Settings", embedder: "Embedder") -> Iterator[Finding]:
    from integrations.bootstrap import build_index

    index = build_index(settings, embedder)
    if index is None:
        if settings.chroma_url:
            advice = "Start it: `chroma run`. Until then every vector is looked at, which is slower and as right."
            yield Finding("warn", "index", "the Chroma server of FARLEY_CHROMA_URL does not answer", advice)
        return
    try:
        with store.read() as connection:
            is_sound = index.is_sound(connection)
    finally:
        index.close()
    if is_sound:
        yield Finding("ok", "index", "known passages find themselves")
    else:
        yield Finding("warn", "index", "it does not find what it holds", "`farley index --rebuild` makes it anew.")


def _user(store: "Store", settings: "Settings") -> Iterator[Finding]:
    from crm_core.errors import CrmError
    from crm_core.users import actor_for

    try:
        actor = actor_for(store, settings.user)
    except CrmError as error:
        yield Finding("fail", "user", str(error), "Set FARLEY_USER to someone in the store, or to admin.")
    else:
        yield Finding("ok", "user", f"asks as {actor.name} ({actor.role})")


def _model(store: "Store", settings: "Settings") -> Iterator[Finding]:
    from crm_core.errors import CrmError
    from integrations.model import build_chat_model
    from integrations.stored import effective

    settings = effective(settings, store)
    try:
        build_chat_model(settings, store)
    except CrmError as error:
        yield Finding(
            "fail", "model", str(error), "Set FARLEY_MODEL_KEY, or FARLEY_MODEL=offline, which needs nothing."
        )
    else:
        note = "the offline planner: no key, no network" if settings.model == "offline" else settings.model
        if settings.model != "offline" and settings.local_only == "on":
            note = f"local only: the offline planner answers, {settings.model} is never called"
        yield Finding("ok", "model", note)


def _egress(store: "Store", settings: "Settings") -> Iterator[Finding]:
    """What has left, for who lets anything leave."""
    from crm_core.errors import CrmError
    from integrations.bootstrap import build_egress
    from integrations.stored import effective

    settings = effective(settings, store)
    if settings.model == "offline" or settings.local_only == "on":
        return
    try:
        rules = build_egress(settings, store)
        newest = rules.log.read(1) if rules.log else ()
    except CrmError as error:
        yield Finding("fail", "egress", str(error), "Set FARLEY_WITHHELD_FIELDS right, or FARLEY_LOCAL_ONLY=on.")
        return
    told = f"last on {newest[0].at[:10]}; `farley egress` lists it" if newest else "nothing has left yet"
    withheld = ", ".join(sorted(rules.withheld.fields)) or "no field"
    yield Finding("ok", "egress", f"people, emails and phones leave as stand-ins, {withheld} is withheld; {told}")


_LOOKS = (
    _version, _integrity, _audit, _writing, _counts, _search, look_at_scores, _user, _model, _egress,
    look_at_sending, look_at_jobs,
)  # fmt: skip
