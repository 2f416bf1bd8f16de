"""Worlds: stores with known content that cases are played in, each built once and copied for whoever plays in it."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.errors import CrmError, Invalid
from crm_core.models import RoleScope
from crm_core.setup import create_store
from crm_core.transfer.vocabulary import ExtraWords
from crm_core.users import actor_for
from evals.case import Case, Inline
from evals.gold import settle

DEMO = "demo"
Refresh = Callable[[Store, date], object]


class World:
    """A SQLite store in a folder of its own. `copy` gives a fresh one, so that no run sees what another left.

    Attributes:
        name: for reports.
        path: the store's file.
    """

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path

    @contextmanager
    def copy(self) -> Iterator[Store]:
        """A store with the same content, gone when the block ends."""
        with TemporaryDirectory(prefix="farley-eval-") as folder:
            path = Path(folder) / "farley.db"
            shutil.copyfile(self.path, path)
            with closing(Store(f"sqlite:///{path}")) as store:
                yield store


class Worlds:
    """All worlds that some cases are played in.

    Args:
        folder: that they are kept in.
        default: of the cases that name none; None: each must name one.
        last_day: on which a default `demo` stands.
        refresh: brings up to date what follows from the records (the search, the scores).
        extra_words: of other languages, for the headers of files.
        for_answers: nothing is played: only worlds that give a case its answer are built.
    """

    def __init__(
        self,
        folder: Path,
        *,
        default: str | None = None,
        last_day: date = date.min,
        refresh: Refresh = lambda _store, _today: None,
        extra_words: ExtraWords | None = None,
        for_answers: bool = False,
    ) -> None:
        self._folder = folder
        self._default = default
        self._last_day = last_day
        self._refresh = refresh
        self._extra_words = extra_words
        self._for_answers = for_answers
        self._empty: Path | None = None
        self.built: dict[str, World] = {}

    def prepare(self, cases: Sequence[Case]) -> list[Case]:
        """Build what the cases need, and work out their answers.

        Raises:
            Invalid: a world is missing or cannot be built, a person is not in it, or no query gives an answer; names
                file and line.
        """
        for case in cases:
            self.key(case)  # what is missing is told before anything is built
        for case in cases:
            if (case.sql or not self._for_answers) and self.key(case) not in self.built:
                self._build(case)
        stores: dict[str, list[int]] = {}
        for number, case in enumerate(cases):
            if self.key(case) in self.built:
                stores.setdefault(self.key(case), []).append(number)
        settled = list(cases)
        for key, numbers in stores.items():
            with closing(Store(f"sqlite:///{self.built[key].path}")) as store:
                for number in numbers:
                    _check_people(cases[number], store)
                    settled[number] = settle(cases[number], store)
        return settled

    def key(self, case: Case) -> str:
        """What tells the case's world from others."""
        world = case.world if case.world is not None else self._default
        if isinstance(world, Inline):
            return json.dumps([world.model_dump(mode="json"), str(case.today)], sort_keys=True)
        if world is None:
            raise Invalid(f"{case.place or case.id}: the case {case.id!r} names no world, and the run gives none.")
        return f"{DEMO}@{case.today if case.world else self._last_day}" if world == DEMO else world

    def _build(self, case: Case) -> None:
        key = self.key(case)
        path = self._folder / f"world-{len(self.built)}" / "farley.db"
        path.parent.mkdir(parents=True)
        shutil.copyfile(self._template(), path)
        today = self._day(key, case)
        try:
            with closing(Store(f"sqlite:///{path}")) as store:
                self._fill(store, key, case, today)
                self._refresh(store, today)
        except CrmError as error:
            raise Invalid(f"{case.place or case.id}: the world cannot be built: {error}") from error
        self.built[key] = World(case.world if isinstance(case.world, str) else self._default or "inline", path)

    def _day(self, key: str, case: Case) -> date:
        if not key.startswith(f"{DEMO}@"):
            return max(case.today, self._last_day)
        try:
            return date.fromisoformat(key.partition("@")[2])
        except ValueError:
            raise Invalid(f"{case.place or case.id}: {key!r} is no world: write demo, or demo@YYYY-MM-DD.") from None

    def _fill(self, store: Store, key: str, case: Case, today: date) -> None:
        from crm_core.demo import build_company
        from crm_core.transfer import apply_import, load_rows, plan_import

        inline = case.world if isinstance(case.world, Inline) else None
        if key.startswith(f"{DEMO}@") or (inline and inline.base == DEMO):
            load_rows(store, build_company(today), actor=ADMIN, door="eval", summary="the demo company")
        elif inline is None:
            folder = Path(key)
            plan = plan_import(store, [folder], today=today, extra_words=self._extra_words)
            apply_import(store, plan, actor=ADMIN)
        if inline is not None and inline.rows:
            load_rows(store, inline.rows, actor=ADMIN, door="eval", summary="the records of a case")
        for role, scope in inline.reads.items() if inline else ():
            with store.write() as connection:
                connection.execute(update(RoleScope).where(RoleScope.role == role).values(reads=scope))

    def _template(self) -> Path:
        """An empty store; making one takes far longer than copying it."""
        if self._empty is None:
            self._empty = self._folder / "empty.db"
            create_store(f"sqlite:///{self._empty}").close()
        return self._empty


def _check_people(case: Case, store: Store) -> None:
    for name in dict.fromkeys([case.actor, *(turn.actor for turn in case.steps if turn.actor)]):
        try:
            actor_for(store, name)
        except CrmError as error:
            raise Invalid(f"{case.place or case.id}: the case {case.id!r} is played by nobody: {error}") from error
