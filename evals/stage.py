"""Stages: one store of a world in use, case after case. Each case begins with exactly what the world holds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core.db import Store
from crm_core.errors import Invalid
from evals.doors import Door, MakeDoor
from evals.plant import plant
from evals.state import TABLES, Rows, State, Watch

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from copilot.agent import Copilot
    from evals.case import Planted

MakeCopilot = Callable[[Store, "BaseChatModel | None"], "Copilot"]
Refresh = Callable[[Store, date], object]
_revisions = count(1_000_000)  # what is cached under a revision of one case must not serve the next


class Stage:
    """A store whose content is put back where a case changed it.

    Args:
        template: the world's file.
        path: of a copy of it, which is the stage's own.
        make: an agent over a store, driven by a model; None: by the one that is measured.
        refresh: brings up to date what follows from the records.
        doors: name → makes that door over a store and an agent.

    Attributes:
        store: that the case plays in.
        watch: looks at it from outside.
        copilot: answers in it; made once, for reading a vocabulary takes a second.
        start: the state in which the case began.
        rows: the customer records with which it began.
        sets: the change sets that were there when it began.
    """

    def __init__(
        self, template: Path, path: Path, make: MakeCopilot, refresh: Refresh, doors: Mapping[str, MakeDoor]
    ) -> None:
        self._template = template
        self._make = make
        self._refresh = refresh
        self.store = Store(f"sqlite:///{path}")
        self.watch = Watch(path)
        self.copilot = make(self.store, None)
        self._driven: dict[str, tuple[Copilot, BaseChatModel]] = {}
        self._make_door = doors
        self._doors: dict[tuple[str, int], Door] = {}
        self._whole = self._look()
        self.start, self.rows, self.sets = self._whole

    def driven(self, name: str, make: "Callable[[], BaseChatModel]") -> "tuple[Copilot, BaseChatModel]":
        """Another agent over the same store and the model that drives it, made once for each name."""
        if name not in self._driven:
            model = make()
            self._driven[name] = (self._make(self.store, model), model)
        return self._driven[name]

    def door(self, name: str, copilot: "Copilot") -> Door:
        """A door to an agent of this stage, opened once.

        Raises:
            Invalid: the run has no such door.
        """
        if name not in self._make_door:
            raise Invalid(f"This run has no door {name!r}.")
        key = (name, id(copilot))
        if key not in self._doors:
            self._doors[key] = self._make_door[name](self.store, copilot)
        return self._doors[key]

    @contextmanager
    def case(self, planted: "list[Planted]", today: date) -> Iterator[None]:
        """The world as it is, with what is planted; put back at the end where anybody wrote."""
        version = self.watch.version
        try:
            if planted:
                plant(self.store, planted, today=today)
                self._refresh(self.store, today)
                self.watch.write(
                    [("UPDATE store_info SET value = ? WHERE name = 'revision'", (str(next(_revisions)),))]
                )
                self.start, self.rows, self.sets = self._look()
            yield
        finally:
            if planted or self.watch.version != version:
                self.start, self.rows, self.sets = self._whole
                self.watch.put_back(self._template, self.start)

    def close(self) -> None:
        """Let go of the store and of the doors to it."""
        for door in self._doors.values():
            door.close()
        self.watch.close()
        self.store.close()

    def _look(self) -> tuple[State, dict[str, Rows], frozenset[str]]:
        sets = frozenset(row[0] for row in self.watch.query("SELECT id FROM change_sets", {}))
        return self.watch.state(), self.watch.rows(TABLES), sets
