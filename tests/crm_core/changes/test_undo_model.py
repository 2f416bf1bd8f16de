"""Undo against a plain dictionary: whatever people do and take back, in any order, the store and the model agree.

Creates, edits, bulk edits, deletions, imports, undo, undo of undo. FARLEY_SOAK=1: 200 runs of 50 steps.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_core.access import ADMIN
from crm_core.changes import Change, Op, commit_changes, read_changes, undo
from crm_core.db import Store
from crm_core.errors import Conflict
from crm_core.ids import new_id
from crm_core.models import Account, Contact
from crm_core.transfer import apply_import, plan_import
from tests.conftest import TODAY
from tests.crm_core.transfer.test_conservation import fresh  # noqa: F401

IN_SOAK = bool(os.environ.get("FARLEY_SOAK"))
RUNS, STEPS = (200, 50) if IN_SOAK else (10, 20)
FIELDS = {"account": ("name", "industry", "employees", "external_id"), "contact": ("name", "account")}
KINDS = ("create", "create", "edit", "bulk", "delete", "import", "undo", "undo", "undo")
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), *[st.integers(0, 99)] * 3), min_size=STEPS, max_size=STEPS
)  # fmt: skip
Key = tuple[str, int]


@dataclass
class Done:
    """A change set that was applied."""

    changes: dict[Key, Change]
    is_undone: bool = False


@dataclass
class Model:
    """The records as a dictionary; versions and what refers to what are kept by hand."""

    records: dict[Key, dict[str, Any]] = field(default_factory=dict)
    sets: dict[str, Done] = field(default_factory=dict)

    def live(self, entity: str) -> list[Key]:
        return [key for key, row in self.records.items() if key[0] == entity and not row["deleted"]]

    def apply(self, change_set: str, changes: list[Change]) -> None:
        for change in changes:
            key = (change.entity, change.record_id)
            empty = {**dict.fromkeys(FIELDS[change.entity]), "version": 0}
            row = self.records.setdefault(key, empty)
            row["deleted"] = change.op is Op.DELETE
            row["version"] += 1
            row |= {name: new for name, (_, new) in change.set.items()}
        self.sets[change_set] = Done({(c.entity, c.record_id): c for c in changes})

    def left_by(self, done: Done) -> set[Key]:
        """What an undo of the set must leave, by the rules that docs/changing.md states."""
        left = {key for key, c in done.changes.items() if self.records[key]["version"] != (c.base_version or 0) + 1}
        left |= {key for key, c in done.changes.items() if c.op is Op.DELETE and self._is_taken(key)}
        made = {key for key, c in done.changes.items() if c.op is Op.CREATE}
        left |= {self._account(key) for key in self.live("contact") if key not in done.changes} & made
        while more := ({self._account(key) for key in left} & made) - left:
            left |= more
        return left

    def _is_taken(self, key: Key) -> bool:
        code = self.records[key].get("external_id")
        return code is not None and any(
            self.records[other]["external_id"] == code for other in self.live("account") if other != key
        )

    def _account(self, key: Key) -> Key:
        return "account", self.records[key].get("account") or 0


class Play:
    """One run: each step is done to the store and to the model, which are then compared."""

    taken_back = left = 0

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.model = store, folder, Model()

    def create(self, first: int, second: int, third: int) -> None:
        accounts = self.model.live("account")
        new, person = new_id(), new_id()
        changes = [_create("account", new, name=f"Acme {new % 997}", employees=second)]
        if third % 3:
            works_for = accounts[first % len(accounts)][1] if accounts and third % 2 else new
            changes.append(_create("contact", person, name=f"Ada {person % 997}", account=works_for))
        self._commit(changes[second % 2 if third % 3 == 2 and accounts and third % 2 else 0 :])

    def edit(self, first: int, second: int, third: int) -> None:
        people = self.model.live("contact")
        if third % 3 == 0 and people and self.model.live("account"):
            accounts = self.model.live("account")
            self._commit([self._to(people[first % len(people)], account=accounts[second % len(accounts)][1])])
        else:
            self.bulk(first, second, 0)

    def bulk(self, first: int, second: int, third: int) -> None:
        accounts = self.model.live("account")
        some = accounts[first % (len(accounts) or 1) :][: third % 5 + 1]
        self._commit([self._to(key, employees=1000 + second, industry=f"sector {third % 3}") for key in some])

    def delete(self, first: int, second: int, third: int) -> None:
        live = self.model.live("account" if second % 2 else "contact")
        some = live[first % (len(live) or 1) :][: third % 2 + 1]
        self._commit([Change(Op.DELETE, *key, self.model.records[key]["version"]) for key in some])

    def import_(self, first: int, second: int, third: int) -> None:
        path = self.folder / "accounts.csv"
        lines = [f"A{n},Imported {n} {second % 3},sector {third % 4}" for n in range(first % 3, first % 3 + 3)]
        path.write_text("\n".join(["Account ID,Account Name,Industry", *lines]))
        report = apply_import(self.store, plan_import(self.store, [path], today=TODAY), actor=ADMIN)
        if report.change_set_id:
            with self.store.read() as connection:
                found = [change for _, change in read_changes(connection, report.change_set_id)]
            self.model.apply(report.change_set_id, found)

    def undo(self, first: int, second: int, third: int) -> None:
        if not self.model.sets:
            return
        target = list(self.model.sets)[-1 - first % min(len(self.model.sets), 6)]
        done = self.model.sets[target]
        if done.is_undone:
            with pytest.raises(Conflict, match="undone already"):
                undo(self.store, target, actor=ADMIN, door="cli")
            return
        left = self.model.left_by(done)

        result = undo(self.store, target, actor=ADMIN, door="cli")

        Play.taken_back, Play.left = Play.taken_back + 1, Play.left + len(left)
        assert {(one.entity, one.record_id) for one in result.left} == left
        assert (result.change_set_id is None) is (left == done.changes.keys())
        if result.change_set_id:
            back = [change.inverse for key, change in reversed(done.changes.items()) if key not in left]
            done.is_undone = True
            self.model.apply(result.change_set_id, back)

    def compare(self) -> None:
        found = {}
        with self.store.read() as connection:
            for entity, table in (("account", Account.__table__), ("contact", Contact.__table__)):
                for row in connection.execute(select(table)).mappings():
                    names = {name: row[f"{name}_id" if name == "account" else name] for name in FIELDS[entity]}
                    found[entity, row["id"]] = {
                        **names, "version": row["version"], "deleted": row["deleted_at"] is not None
                    }  # fmt: skip
        assert found == self.model.records

    def _to(self, key: Key, **new: Any) -> Change:
        row = self.model.records[key]
        return Change(Op.UPDATE, *key, row["version"], {name: (row[name], value) for name, value in new.items()})

    def _commit(self, changes: list[Change]) -> None:
        if changes:
            made = commit_changes(self.store, changes, actor=ADMIN, kind="edit", summary="play", door="cli")
            self.model.apply(made, changes)


def _create(entity: str, record_id: int, **values: Any) -> Change:
    return Change(Op.CREATE, entity, record_id, None, {name: (None, value) for name, value in values.items()})


def test_the_store_is_what_the_model_says_after_every_step(fresh, capsys):  # noqa: F811
    make, folder = fresh
    Play.taken_back = Play.left = 0

    @settings(
        max_examples=RUNS, deadline=None, derandomize=not IN_SOAK, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(wanted=steps)
    def run(wanted: list[tuple[Any, ...]]) -> None:
        play = Play(make(), folder)
        try:
            for kind, *numbers in wanted:
                act: Callable[..., None] = getattr(play, "import_" if kind == "import" else kind)
                act(*numbers)
                play.compare()
        finally:
            play.store.close()

    run()
    with capsys.disabled():
        print(f"\n{RUNS} runs x {STEPS} steps: {Play.taken_back:,} undone, {Play.left:,} records left, 0 differences")
    assert Play.taken_back > RUNS
    assert Play.left > RUNS / 2
