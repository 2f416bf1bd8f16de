"""A Chinese company that keeps contracts beside its deals: its own columns, its own dates, and follow-ups."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.transfer.mapping import ColumnMap, FileMap, ImportMap
from tests.worlds import CHINESE_ACCOUNTS, CHINESE_REPS, FIRST_START, TODAY, Table, World, chinese

TERMS = ("月结30天", "月结60天", "款到发货")


def _own(key: str, label: str, kind: str, *words: str) -> ColumnMap:
    custom = {"key": key, "label": label, "kind": kind, "words": list(words)}
    return ColumnMap.model_validate({"custom": custom, "currency": "CNY" if kind == "money" else None})


ORDER = FileMap(
    entity="order",
    columns={
        "合同编号": ColumnMap(field="name"), "签订日期": ColumnMap(field="ordered_on"),
        "合同金额(元)": ColumnMap(field="amount", currency="CNY"), "业务员": ColumnMap(field="owner"),
        "合同状态": ColumnMap(field="status"), "客户名称": ColumnMap(field="account"),
        "已回款金额(元)": _own("paid", "已回款金额(元)", "money", "已回款金额"),
        "未回款金额(元)": _own("owed", "未回款金额(元)", "money", "未回款金额"),
        "毛利率(%)": _own("margin", "毛利率(%)", "percent", "毛利率"),
        "付款方式": _own("terms", "付款方式", "choice"), "开票状态": _own("billed", "开票状态", "choice"),
        "约定交货日期": _own("delivery", "约定交货日期", "date"),
    },
)  # fmt: skip
STATES = ("待发货", "已发货", "已完成")
YEAR = date(TODAY.year, 1, 1)


@dataclass(frozen=True)
class Company:
    tables: dict[str, Table]
    store: Store
    planner: Planner

    def turns(self, *texts: str) -> Plan:
        """The plan for the last of several messages."""
        past: list[PastTurn] = []
        for text in texts:
            plan = self.planner.plan(text, dialogue=past, actor=ADMIN, today=TODAY)
            found = self.run(plan) if isinstance(plan, Query) else None
            past.append(_turn(text, plan, found))
        return plan

    def run(self, plan: Plan) -> QueryResult:
        assert isinstance(plan, Query), plan
        return run_query(self.store, plan.spec, actor=ADMIN, today=TODAY)

    def rows(self, *texts: str) -> list[tuple[object, ...]]:
        return [row.values for row in self.run(self.turns(*texts)).rows]

    def number(self, *texts: str) -> float:
        ((*_, value),) = self.rows(*texts)
        return float(value or 0)  # type: ignore[arg-type]

    def names(self, *texts: str) -> set[object]:
        return {row[0] for row in self.rows(*texts)}

    def asks(self, *texts: str) -> bool:
        return isinstance(self.turns(*texts), Clarify | Cannot)

    @property
    def contracts(self) -> Table:
        return self.tables["合同订单"]

    def signed(self, since: date, until: date = TODAY) -> Table:
        return [row for row in self.contracts if since <= row["签订日期"] <= until]


def _turn(text: str, plan: Plan, found: QueryResult | None) -> PastTurn:
    if found is None or not isinstance(plan, Query):
        options = plan.options if isinstance(plan, Clarify) else ()
        return PastTurn(text, options=options)
    entity = next((column.entity for column in found.columns if column.entity), plan.spec.entity)
    ids = tuple(next((i for i in row.ids if i is not None), row.record_id) for row in found.rows)
    labels = tuple(str(row.values[0]) for row in found.rows)
    known = all(one is not None for one in ids)
    return PastTurn(text, plan.spec, plan.shape, entity=entity, ids=ids if known else (), labels=labels)  # type: ignore[arg-type]


def _world() -> World:
    plain, rng = chinese(), random.Random(31)
    tables = {name: [dict(row) for row in rows] for name, rows in plain.tables.items()}
    for at, row in enumerate(tables["客户"]):
        row |= {"付款方式": TERMS[at % 3], "建档日期": TODAY - timedelta(40 * at + 3)}
    for row in tables["商机"]:
        row["预计签约日期"] = row["成交日期"]
        row["成交日期"] = row["成交日期"] if row["阶段"] in ("赢单", "输单") else None
    days = (TODAY - FIRST_START).days
    contracts: Table = []
    for at in range(90):
        total, paid = rng.randrange(5_000, 90_000), rng.choice((0, 2000, 5000))
        day = FIRST_START + timedelta(rng.randrange(days))
        contracts.append({
            "合同编号": f"HT{100 + at}", "客户名称": rng.choice(CHINESE_ACCOUNTS[:9]),
            "业务员": rng.choice(list(CHINESE_REPS)),
            "签订日期": day, "合同金额(元)": total, "已回款金额(元)": paid, "未回款金额(元)": total - paid,
            "毛利率(%)": rng.randrange(8, 40), "付款方式": rng.choice(TERMS), "约定交货日期": day + timedelta(30),
            "合同状态": rng.choice(STATES), "开票状态": rng.choice(("已开票", "未开票")),
        })  # fmt: skip
    talks: Table = [
        {"记录编号": f"GJ{at}", "客户名称": CHINESE_ACCOUNTS[at % 9], "跟进人": rng.choice(list(CHINESE_REPS)),
         "跟进时间": TODAY - timedelta(at * 4 + 1), "跟进内容": f"第{at}次沟通的内容",
         "下次跟进日期": TODAY + timedelta(at % 12) if at < 12 else None}
        for at in range(36)
    ]  # fmt: skip
    people = [
        {"客户名称": name, "姓名": f"联系人{at}", "职务": "采购"} for at, name in enumerate(CHINESE_ACCOUNTS[:10])
    ]
    return World("contracts", {**tables, "合同订单": contracts, "跟进记录": talks, "联系人": people})


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    world, folder = _world(), tmp_path_factory.mktemp("contracts")
    files: list[Path] = []
    for name, text in world.files().items():
        (folder / name).write_text(text, encoding="utf-8")
        files.append(folder / name)
    store = create_store(f"sqlite:///{folder / 'farley.db'}")
    mapping = ImportMap(currency="CNY", files={"合同订单.csv": ORDER})
    apply_import(store, plan_import(store, files, today=TODAY, mapping=mapping), actor=ADMIN)
    yield Company(dict(world.tables), store, Planner(store))
    store.close()


def _sum(rows: Table, column: str) -> float:
    return float(sum(row[column] for row in rows))


@pytest.mark.parametrize("text", ["今年签了多少合同额", "今年新签的合同总额是多少", "今年的合同一共多少钱"])
def test_contracts_are_signed_and_no_deals_won(company: Company, text: str) -> None:
    assert company.number(text) == _sum(company.signed(YEAR), "合同金额(元)")


def test_a_follow_up_stays_with_contracts(company: Company) -> None:
    east = [row for row in company.signed(YEAR) if CHINESE_REPS[row["业务员"]] == "华东"]

    assert company.number("今年签了多少合同", "总金额呢") == _sum(company.signed(YEAR), "合同金额(元)")
    assert company.number("今年签了多少合同额", "其中华东多少") == _sum(east, "合同金额(元)")


@pytest.mark.parametrize("text", ["今年签的合同还有多少没回款", "今年的合同还欠我们多少钱", "今年签的合同未回款多少"])
def test_what_is_still_owed_is_the_companys_own_column(company: Company, text: str) -> None:
    assert company.number(text) == _sum(company.signed(YEAR), "未回款金额(元)")


def test_who_owes_most(company: Company) -> None:
    owed = dict.fromkeys(CHINESE_ACCOUNTS, 0.0)
    for row in company.contracts:
        owed[row["客户名称"]] += row["未回款金额(元)"]
    most = sorted(owed, key=lambda name: -owed[name])[:3]

    assert [row[0] for row in company.rows("欠款最多的三家客户")] == most


def test_what_has_not_come_about_by_any_word_for_not(company: Company) -> None:
    unsent = [row for row in company.contracts if row["合同状态"] == "待发货"]
    unbilled = [row for row in company.contracts if row["开票状态"] == "未开票"]

    assert company.number("还没发货的合同有几个") == len(unsent)
    assert company.number("没开票的合同总金额是多少") == _sum(unbilled, "合同金额(元)")


def test_a_percentage_of_contracts_is_averaged_over_them(company: Company) -> None:
    done = [row["毛利率(%)"] for row in company.signed(YEAR)]

    assert company.number("今年合同的平均毛利率是多少") == pytest.approx(sum(done) / len(done))


def test_groups_are_ranked_by_what_their_contracts_come_to(company: Company) -> None:
    city = {row["客户名称"]: row["城市"] for row in company.tables["客户"]}
    totals: dict[object, float] = {}
    for row in company.contracts:
        totals[city[row["客户名称"]]] = totals.get(city[row["客户名称"]], 0) + row["合同金额(元)"]

    ranked = sorted(totals.items(), key=lambda pair: -pair[1])[:2]
    assert company.rows("各城市的合同金额排名前二") == [(name, value) for name, value in ranked]
    assert company.number("上海市的合同额是多少") == totals["上海"]


def test_a_bare_sum_and_its_time(company: Company) -> None:
    last = company.signed(date(TODAY.year - 1, 1, 1), date(TODAY.year - 1, 12, 31))

    assert company.number("去年的合同金额") == _sum(last, "合同金额(元)")


def test_a_value_of_contracts_and_of_customers_is_that_of_its_noun(company: Company) -> None:
    assert company.number("款到发货的合同有多少") == sum(row["付款方式"] == "款到发货" for row in company.contracts)


def test_terms_by_their_number(company: Company) -> None:
    rows = [row for row in company.contracts if row["付款方式"] == "月结60天"]

    assert company.number("账期60天的合同未回款多少") == _sum(rows, "未回款金额(元)")


def test_what_can_still_be_signed_goes_by_the_expected_day(company: Company) -> None:
    until = date(TODAY.year, 6, 30)
    due = [
        row for row in company.tables["商机"]
        if row["阶段"] not in ("赢单", "输单") and TODAY <= row["预计签约日期"] <= until
    ]  # fmt: skip

    assert company.number("月底前能签的商机有几个") == len(due)
    assert company.number("月底前预计能签多少钱") == _sum(due, "金额")


def test_new_customers_by_the_day_they_were_taken_up(company: Company) -> None:
    new = [row for row in company.tables["客户"] if row["建档日期"] >= YEAR]

    assert company.number("今年新开发了几家客户") == len(new)


def test_what_is_planned_with_customers(company: Company) -> None:
    planned = {
        row["客户名称"] for row in company.tables["跟进记录"]
        if row["下次跟进日期"] and date(2025, 6, 23) <= row["下次跟进日期"] <= date(2025, 6, 29)
    }  # fmt: skip

    assert company.names("下周约了哪些客户要跟进") == planned
    assert company.names("下周要跟进的客户有哪些") == planned


def test_nothing_was_said_for_a_while(company: Company) -> None:
    recent = {r["客户名称"] for r in company.tables["跟进记录"] if r["跟进时间"] >= TODAY - timedelta(30)}

    assert company.names("一个多月没联系的客户有哪些") == set(CHINESE_ACCOUNTS) - recent


def test_when_a_customer_was_last_spoken_with(company: Company) -> None:
    for text in ("最近一次跟星河科技联系是什么时候聊了啥", "星河科技上次沟通是哪天，说了什么"):
        ((day, *_, said),) = company.rows(text)
        assert (str(day)[:10], said) == (str(TODAY - timedelta(1)), "第0次沟通的内容")


def test_a_customer_without_a_single_contact(company: Company) -> None:
    assert company.names("哪些客户一个联系人都没有") == set(CHINESE_ACCOUNTS[10:])


def test_a_stage_that_some_of_those_shown_have_reached(company: Company) -> None:
    there = [row for row in company.tables["商机"] if row["阶段"] == "商务谈判"]
    mine = [row for row in there if row["负责人"] == "王晓燕"]

    assert len(company.rows("王晓燕在跟的商机有哪些", "哪些到商务谈判了")) == len(mine)


def test_a_sum_after_a_question_without_an_answer_is_asked_about(company: Company) -> None:
    assert company.asks("星河科技今年的呱唧有几个", "总共多少钱")


def test_whose_the_first_of_those_shown_is(company: Company) -> None:
    assert company.asks("前三名客户的鞋码", "第一家是谁负责的")


def test_when_money_came_in_is_not_known(company: Company) -> None:
    assert company.asks("上个月回款了多少")
    assert company.number("今年签的合同回款了多少") == _sum(company.signed(YEAR), "已回款金额(元)")


def test_a_number_after_a_sum_is_of_the_same(company: Company) -> None:
    east = [row for row in company.signed(YEAR) if CHINESE_REPS[row["业务员"]] == "华南"]

    assert company.number("今年签的合同未回款多少", "华南多少") == _sum(east, "未回款金额(元)")


@pytest.mark.parametrize(
    ("english", "chinese_text"),
    [
        ("how many contracts did we sign this year", "今年签了多少份合同"),
        ("how many contracts did we sign in 2024", "2024年签了多少份合同"),
    ],
)
def test_contracts_of_an_english_question_are_those_that_the_company_calls_so(
    company: Company, english: str, chinese_text: str
) -> None:
    plan = company.turns(english)

    assert isinstance(plan, Query)
    assert plan.spec.entity == "order"
    assert company.number(english) == company.number(chinese_text)


def test_contract_value_is_what_the_contracts_come_to(company: Company) -> None:
    plan = company.turns("contract value by quarter this year")

    assert isinstance(plan, Query)
    assert plan.spec.entity == "order"
    assert sum(float(row.values[-1]) for row in company.run(plan).rows) == _sum(company.signed(YEAR), "合同金额(元)")  # type: ignore[arg-type]


def test_what_is_signed_in_money_is_what_the_contracts_come_to(company: Company) -> None:
    plan = company.turns("今年的签约额是多少")

    assert isinstance(plan, Query)
    assert plan.spec.measures[0].metric == "order_revenue"


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """A company whose second file holds quotes, and another one whose holds what was bought."""
    return _beside(tmp_path_factory.mktemp("quoting"), "quotes", "Quote No")


def _beside(folder: Path, stem: str, code: str) -> Planner:
    stages = ("Won", "Lost", "Demo")
    ended = ["" if i % 3 == 2 else f"2026-02-{i + 1:02}" for i in range(24)]
    jobs = [
        f"D{i},Job {i},Firm {i % 5},Ana Ames,{stages[i % 3]},{100 + i},2026-01-{i + 1:02},{ended[i]}" for i in range(24)
    ]
    sold = [f"{code[0]}{i},Firm {i % 5},Ana Ames,2026-03-{i + 1:02},{500 + i}" for i in range(24)]
    (folder / "deals.csv").write_text(
        "Deal ID,Deal Name,Account,Owner,Stage,Amount,Created On,Closed On\n" + "\n".join(jobs) + "\n"
    )
    (folder / f"{stem}.csv").write_text(f"{code},Account,Owner,Order Date,Amount\n" + "\n".join(sold) + "\n")
    store = create_store(f"sqlite:///{folder}/farley.db")
    apply_import(store, plan_import(store, sorted(folder.glob("*.csv")), today=TODAY), actor=ADMIN)
    return Planner(store)


def test_an_order_beside_quotes_is_a_deal_that_was_won(quoting: Planner) -> None:
    plan = quoting.plan("how many orders did we get in February 2026", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query)
    assert plan.spec.measures[0].metric == "deals_won"


def test_turnover_beside_deals_is_that_of_the_orders(tmp_path: Path) -> None:
    plan = _beside(tmp_path, "orders", "Order No").plan("turnover by month this year", actor=ADMIN, today=TODAY)

    assert isinstance(plan, Query)
    assert plan.spec.measures[0].metric == "order_revenue"
