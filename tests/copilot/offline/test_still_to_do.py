"""Calls that were made and calls still to be made, in a company whose export has both in one file; in two languages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from copilot.offline.still_to_do import settle_to_do
from copilot.offline.tags import Sense, T, Tag
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from tests.worlds import TODAY, Table, World, build, chinese, sales

MADE, TO_MAKE = 7, 3


@dataclass(frozen=True)
class Company:
    planner: Planner
    store: object

    def rows(self, text: str) -> tuple[str, int]:
        plan = self.planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)
        assert isinstance(plan, Query), plan
        found = run_query(self.store, plan.spec, actor=ADMIN, today=TODAY).rows  # type: ignore[arg-type]
        return plan.spec.entity, int(found[0].values[-1]) if plan.spec.measures else len(found)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Company]]:
    names = ("ID", "Type", "Subject", "Account", "Due date", "Done")
    english = _rows(names, ("Call", "Demo", "Email"), ("Done", "To do"), "Vantry")
    names = ("编号", "活动类型", "主题", "客户名称", "计划日期", "状态")
    han = _rows(names, ("电话", "演示", "邮件"), ("已完成", "待执行"), "星河科技")
    made = {}
    for name, world, stem, rows in (("en", sales(), "activities", english), ("zh", chinese(), "跟进记录", han)):
        made[name] = _company(replace(world, tables={**world.tables, stem: rows}), tmp_path_factory.mktemp(name))
    yield made
    for company in made.values():
        company.store.close()  # type: ignore[attr-defined]


def _rows(names: tuple[str, ...], kinds: tuple[str, ...], states: tuple[str, str], account: str) -> Table:
    """For each kind: some done within the last week, one that is late, two of tomorrow and the day after."""
    late = [-(at % 5) - 1 for at in range(MADE)]
    days = [*((day, states[0]) for day in late), (-2, states[1]), (1, states[1]), (2, states[1])]
    return [
        dict(zip(names, (f"{kind}{at}", kind, f"{kind} {at}", account, TODAY + timedelta(day), state), strict=True))
        for kind in kinds
        for at, (day, state) in enumerate(days)
    ]


def _company(world: World, folder: Path) -> Company:
    store, report = build(world, folder)
    assert not report.problems, report.problems
    return Company(Planner(store), store)


@pytest.mark.parametrize(
    ("lang", "text", "entity", "rows"),
    [
        ("en", "how many calls in the last 30 days", "interaction", MADE),
        ("en", "emails in the last 30 days", "interaction", MADE),
        ("en", "how many demos in the last 30 days", "interaction", MADE),
        ("en", "which calls are overdue", "task", 1),
        ("en", "how many emails are late", "task", 1),
        ("en", "calls tomorrow", "task", 1),
        ("en", "how many of our tasks are demos", "task", TO_MAKE),
        ("zh", "最近30天有多少电话", "interaction", MADE),
        ("zh", "最近30天有多少演示", "interaction", MADE),
        ("zh", "逾期的电话有多少", "task", 1),
        ("zh", "逾期的邮件有多少", "task", 1),
    ],
)
def test_calls_are_those_made_unless_what_is_to_be_done_is_spoken_of(companies, lang, text, entity, rows):
    assert companies[lang].rows(text) == (entity, rows)


def test_a_noun_that_tasks_hold_too_speaks_of_nothing_to_be_done():
    contacts = Tag(0, 1, "contacts", (Sense(T.FIELD, "lead.contact"), Sense(T.FIELD, "task.contact")), 1.0)
    address = Sense(T.FIELD, "contact.email")
    email = Tag(1, 2, "email", (Sense(T.VALUE, ("task.type", "Email")), Sense(T.ENTITY, "email"), address), 1.0)

    assert address in settle_to_do([contacts, email], today=TODAY)[1].senses
