"""A company's own words for its activities, kept by the import: asked for, grouped by and logged; in two companies."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from copilot.offline.plan import Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from tests.worlds import TODAY, Table, World, build, chinese, sales

ROOFS = ("Site Visit", "Phone call", "Demo", "Meeting", "Trade fair", "Follow-up call", "Inspection")
ZH_KINDS = ("拜访", "电话", "演示", "会议", "验厂")


@dataclass(frozen=True)
class Company:
    rows: Table
    planner: Planner
    store: object

    def count(self, text: str) -> float:
        plan = self.planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)
        assert isinstance(plan, Query), plan
        ((*_, value),) = [row.values for row in run_query(self.store, plan.spec, actor=ADMIN, today=TODAY).rows]  # type: ignore[arg-type]
        return float(value or 0)  # type: ignore[arg-type]

    def told(self, kinds: tuple[str, ...], since: date, until: date) -> int:
        days = [next(v for v in row.values() if isinstance(v, date)) for row in self.rows]
        names = [next(v for v in row.values() if v in (*ROOFS, *ZH_KINDS)) for row in self.rows]
        return sum(name in kinds and since <= day <= until for name, day in zip(names, days, strict=True))


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Company]]:
    rng = random.Random(3)
    days = [TODAY - timedelta(rng.randrange(80)) for _ in range(120)]
    english: Table = [
        {"ID": f"A{at}", "Type": rng.choice(ROOFS), "Account": "Vantry", "Date": day, "Notes": "price"}
        for at, day in enumerate(days)
    ]
    han: Table = [
        {"编号": f"H{at}", "活动类型": rng.choice(ZH_KINDS), "客户名称": "星河科技", "日期": day, "内容": "报价"}
        for at, day in enumerate(days)
    ]
    made = {}
    for name, world, stem, rows in (("en", sales(), "activities", english), ("zh", chinese(), "跟进记录", han)):
        made[name] = _company(replace(world, tables={**world.tables, stem: rows}), rows, tmp_path_factory.mktemp(name))
    yield made
    for company in made.values():
        company.store.close()  # type: ignore[attr-defined]


def _company(world: World, rows: Table, folder: Path) -> Company:
    store, report = build(world, folder)
    assert not report.problems
    return Company(rows, Planner(store), store)


MAY = (date(2025, 5, 1), date(2025, 5, 31))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("how many site visits in May", ("Site Visit",)),
        ("how many demos did we have in May", ("Demo",)),
        ("how many meetings in May", ("Site Visit", "Demo", "Meeting", "Trade fair")),
        ("how many calls in May", ("Phone call", "Follow-up call")),
        ("how many inspections in May", ("Inspection",)),
        ("5月份有多少次拜访", ("拜访",)),
        ("5月份有多少次演示", ("演示",)),
        ("5月份有多少次会议", ("拜访", "演示", "会议")),
        ("5月份有多少次验厂", ("验厂",)),
    ],
)
def test_an_own_word_counts_those_alone_and_a_kind_all_of_it(
    companies: dict[str, Company], text: str, kinds: tuple[str, ...]
) -> None:
    company = companies["en" if text.isascii() else "zh"]

    assert company.count(text) == company.told(kinds, *MAY) > 0


@pytest.mark.parametrize("text", ["activities by type", "meetings by type in May", "按活动类型统计跟进记录"])
def test_by_type_is_by_the_companys_words(companies: dict[str, Company], text: str) -> None:
    plan = companies["en" if text.isascii() else "zh"].planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query), plan
    assert plan.spec.group_by[0].field not in ("kind", None)


@pytest.mark.parametrize(
    ("text", "kind", "own"),
    [
        ("log a site visit at Vantry, the roof is fine", "meeting", "Site Visit"),
        ("demo with Vantry yesterday, they liked it", "meeting", "Demo"),
        ("meeting with Vantry yesterday, they liked it", "meeting", None),
        ("昨天拜访了星河科技，对方很满意", "meeting", "拜访"),
    ],
)
def test_what_was_done_is_logged_by_its_own_word_too(
    companies: dict[str, Company], text: str, kind: str, own: str | None
) -> None:
    plan = companies["en" if text.isascii() else "zh"].planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(plan, Propose), plan
    ((given),) = [step.set for step in plan.steps]
    assert (given["kind"], next((v for k, v in given.items() if k in ("type", "活动类型")), None)) == (kind, own)
