"""Questions over the invented worlds with answers counted in plain Python, and how an answer is graded.

An expectation is a number, a mapping of label to number, a list (order matters), a set, or None where no answer is
right: the data does not hold it, or the question has two readings and the planner must ask.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import mean, median
from typing import Any, Literal

from copilot.offline.plan import Plan, Query
from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec
from tests.worlds import REGIONS, Row, Table, World, joined, total

Grade = Literal["right", "wrong", "asked"]
Expected = float | str | Mapping[str, float] | list[str] | set[str] | set[frozenset[str]] | None
CLOSE = 1e-3


@dataclass(frozen=True)
class Case:
    """A question and the answer that plain Python gives."""

    text: str
    expected: Expected


def grade(case: Case, plan: Plan, run: Callable[[QuerySpec], QueryResult]) -> Grade:
    """Whether the plan answers the case. Asking back, declining and "none" are never wrong, only no answer."""
    if not isinstance(plan, Query):
        return "right" if case.expected is None else "asked"
    if _gives_nothing(plan.spec, run):
        return "right" if case.expected is None else "asked"
    if case.expected is None:
        return "wrong"
    return "right" if _agrees(case.expected, plan.spec, run) else "wrong"


def _gives_nothing(spec: QuerySpec, run: Callable[[QuerySpec], QueryResult]) -> bool:
    """Whether the one row of the answer holds no number, which is told as "none"."""
    return bool(spec.measures) and [set(row.values) for row in run(spec).rows] == [{None}]


def _agrees(expected: Expected, spec: QuerySpec, run: Callable[[QuerySpec], QueryResult]) -> bool:
    if spec.entity == "deal" and not spec.measures and not spec.distinct and not _asks_for_columns(expected):
        spec = spec.model_copy(update={"columns": ["external_id"]})
    rows = [row.values for row in run(spec).rows]
    if isinstance(expected, Mapping):
        found = {str(row[0]): [_number(v) for v in row[1:]] for row in rows if row[0] is not None}
        return found.keys() == expected.keys() and all(
            any(v is not None and _near(v, expected[k]) for v in values) for k, values in found.items()
        )
    if isinstance(expected, list):
        return [str(row[0]) for row in rows] == expected
    if isinstance(expected, set):
        if any(isinstance(each, frozenset) for each in expected):
            return {frozenset(map(str, row[:2])) for row in rows} == expected
        return {str(row[0]) for row in rows} == expected
    if isinstance(expected, str):
        return len(rows) == 1 and expected in map(str, rows[0])
    values = [_number(v) for v in rows[0]] if len(rows) == 1 else []
    return bool(values) and values[-1] is not None and _near(values[-1], float(expected or 0))


def _asks_for_columns(expected: Expected) -> bool:
    return isinstance(expected, str | int | float)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None


def _near(found: float, expected: float) -> bool:
    return abs(found - expected) <= CLOSE * max(1.0, abs(expected))


# the plain company, counted


def won(rows: Iterable[Row]) -> Table:
    return [row for row in rows if row["stage"] == "Won"]


def lost(rows: Iterable[Row]) -> Table:
    return [row for row in rows if row["stage"] == "Lost"]


def live(rows: Iterable[Row]) -> Table:
    return [row for row in rows if row["stage"] not in ("Won", "Lost")]


def closed_in(rows: Iterable[Row], since: date, until: date) -> Table:
    return [row for row in rows if since <= row["close_date"] <= until]


def where(rows: Iterable[Row], **wanted: Any) -> Table:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def by(rows: Iterable[Row], column: str, measure: Callable[[Table], float]) -> dict[str, float]:
    groups: dict[str, Table] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            groups[row[column]].append(row)
    return {name: measure(group) for name, group in groups.items()}


def top(scores: Mapping[str, float], count: int = 1) -> list[str]:
    return [name for name, _ in sorted(scores.items(), key=lambda pair: -pair[1])[:count]]


def rate(rows: Table) -> float:
    return len(won(rows)) / (len(won(rows)) + len(lost(rows)))


def average(rows: Table) -> float:
    return mean(row["amount"] for row in rows)


def days(rows: Table) -> float:
    return mean((row["close_date"] - row["engage_date"]).days for row in rows)


def codes(rows: Iterable[Row]) -> set[str]:
    return {row["deal_id"] for row in rows}


class Counted:
    """The plain company, cut in the usual ways."""

    def __init__(self, world: World) -> None:
        self.deals = joined(world)
        self.accounts = world.tables["accounts"]
        self.closed = won(self.deals) + lost(self.deals)
        self.won, self.lost, self.live = won(self.deals), lost(self.deals), live(self.deals)
        self.y24 = closed_in(self.closed, date(2024, 1, 1), date(2024, 12, 31))
        self.y25 = closed_in(self.closed, date(2025, 1, 1), date(2025, 12, 31))
        self.q1_25 = closed_in(self.closed, date(2025, 1, 1), date(2025, 3, 31))
        self.quarters = {
            f"2024-Q{q}": closed_in(self.closed, date(2024, 3 * q - 2, 1), date(2024, 3 * q, 31 if q in (1, 4) else 30))
            for q in (1, 2, 3, 4)
        }
        self.won24 = won(self.y24)

    def names(self, test: Callable[[Row], bool]) -> set[str]:
        return {row["account"] for row in self.accounts if test(row)}


def english(world: World) -> list[Case]:
    """Sixty questions in several voices."""
    c = Counted(world)
    months = by([r | {"month": f"{r['close_date']:%Y-%m}"} for r in c.won24], "month", total)
    q1, q2 = total(won(c.quarters["2024-Q1"])), total(won(c.quarters["2024-Q2"]))
    family = {"Palisade Holdings", *c.names(lambda a: a["parent"] == "Palisade Holdings")}
    best = by(c.won, "region", lambda g: 0)
    pairs = {frozenset((region, *top(by(where(c.won, region=region), "product", total)))) for region in best}
    wins = by(c.won, "rep", len)
    many = sorted(wins.values())[-4]  # so many that three reps have more
    return [
        Case("How many deals did we win in 2024?", len(c.won24)),
        Case("Total bookings for Q1 2025?", total(won(c.q1_25))),
        Case("what's our win rate so far this year", rate(c.y25)),
        Case("hey, which rep brought in the most revenue last year?", top(by(c.won24, "rep", total))),
        Case("Give me the top 3 accounts by won revenue", top(by(c.won, "account", total), 3)),
        Case("bookings by region for 2024", by(c.won24, "region", total)),
        Case("How many open deals does Tessa Obafemi have right now?", len(where(c.live, rep="Tessa Obafemi"))),
        Case("whats the average size of a won deal in healthcare?", average(where(c.won, industry="healthcare"))),
        Case("List the accounts headquartered in Germany", c.names(lambda a: a["country"] == "Germany")),
        Case("which accounts have we never won a deal with", c.names(lambda a: not where(c.won, account=a["account"]))),
        Case("how many customers are in the software industry", len(c.names(lambda a: a["industry"] == "software"))),
        Case("What's the biggest open deal?", codes([max(c.live, key=lambda r: r["amount"])])),
        Case("who manages Priya Ramanath?", "Helene Brandt"),
        Case("Which reps report to Victor Amadi?", {r["rep"] for r in c.deals if r["manager"] == "Victor Amadi"}),
        Case("How much pipeline do we have in Negotiation?", total(where(c.live, stage="Negotiation"))),
        Case("number of deals we lost to a competitor", len(where(c.lost, lost_reason="competitor"))),
        Case("wins per quarter in 2024", {name: len(won(rows)) for name, rows in c.quarters.items()}),
        Case("Win rate by product family, please", by(c.closed, "family", rate)),
        Case("how many deals have no account?", len(where(c.deals, account=None))),
        Case("Which product has the highest list price?", ["Nimbus Grand"]),
        Case("average sales cycle in the West, in days", days(where(c.won, region="West"))),
        Case("Compare Mira Castellan and Jonas Whitlock on revenue in 2024",
             {n: total(where(c.won24, rep=n)) for n in ("Mira Castellan", "Jonas Whitlock")}),
        Case("What share of 2024 revenue came from Atlas products?",
             total(where(c.won24, family="Atlas")) / total(c.won24)),
        Case("By region, what percentage of deals were won?",
             by(c.deals, "region", lambda rows: len([r for r in rows if r in c.won]) / len(rows))),
        Case("open deals over 40k", codes(r for r in c.live if r["amount"] > 40000)),
        Case("how many deals did Renata win last month",
             len(closed_in(where(c.won, rep="Renata Solis"), date(2025, 5, 1), date(2025, 5, 31)))),
        Case("How much did bookings change from Q1 2024 to Q2 2024?", (q2 - q1) / q1),
        Case("lost deals by reason", by(c.lost, "lost_reason", len)),
        Case("Best month of 2024 for revenue?", top(months)),
        Case("the five smallest customers by headcount",
             [a["account"] for a in sorted(c.accounts, key=lambda a: a["employees"])[:5]]),
        Case("Which manager's team won the most deals in 2024?", top(by(c.won24, "manager", len))),
        Case("which open deal is the oldest", codes([min(c.live, key=lambda r: r["engage_date"])])),
        Case("how many accounts do we have", len(c.accounts)),
        Case("How many reps are there in the North region?", 3),
        Case("average number of employees by industry",
             by(c.accounts, "industry", lambda g: mean(a["employees"] for a in g))),
        Case("total annual revenue of our retail accounts",
             sum(a["annual_revenue"] for a in c.accounts if a["industry"] == "retail")),
        Case("2024 bookings excluding the United States",
             total(r for r in c.won24 if r["country"] != "United States")),
        Case("deals that started in May 2025",
             codes(r for r in c.deals if date(2025, 5, 1) <= r["engage_date"] <= date(2025, 5, 31))),
        Case("When was Tidewell founded?", next(a["year_founded"] for a in c.accounts if a["account"] == "Tidewell")),
        Case("list the subsidiaries of Palisade Holdings", family - {"Palisade Holdings"}),
        Case("Revenue from Palisade Holdings and its subsidiaries", total(r for r in c.won if r["account"] in family)),
        Case("Who has the lowest win rate?", top({k: -v for k, v in by(c.closed, "rep", rate).items()})),
        Case("which two regions lost the most deals in 2024", top(by(lost(c.y24), "region", len), 2)),
        Case("median amount of won deals", median(r["amount"] for r in c.won)),
        Case(f"reps with more than {many} wins", {n for n, count in wins.items() if count > many}),
        Case("How many different accounts bought something from Oskar Lindqvist?",
             len({r["account"] for r in where(c.won, rep="Oskar Lindqvist") if r["account"]})),
        Case("how much have we sold to Ferncliff", total(where(c.won, account="Ferncliff"))),
        Case("number of deals by stage", by(c.deals, "stage", len)),
        Case("pipeline by rep", by(c.live, "rep", total)),
        Case("top product in each region by revenue", pairs),
        Case("deals lost by Caleb Durand in the second half of 2024",
             codes(closed_in(where(c.lost, rep="Caleb Durand"), date(2024, 7, 1), date(2024, 12, 31)))),
        Case("what fraction of all our deals came through referral",
             len(where(c.deals, source="referral")) / len(c.deals)),
        Case("revenue last quarter", total(won(c.q1_25))),
        Case("How many Atlas Max deals are still open", len(where(c.live, product="Atlas Max"))),
        Case("Which country gives us the most revenue?", top(by(c.won, "country", total))),
        Case("average deal size by rep, highest first", by(c.won, "rep", average)),
        Case("customers founded before 1985", c.names(lambda a: a["year_founded"] < 1985)),
        Case("wins in Japan versus Brazil in 2024",
             {n: len(where(c.won24, country=n)) for n in ("Japan", "Brazil")}),
        Case("how many days does it take us to win a deal on average", days(c.won)),
        Case("What's the weather like in Berlin today?", None),
        Case("how many gizmotronic deals did we win", None),
        Case("what is the average salary of our reps", None),
        Case("show me the revenue for Kestrel", None),
    ]  # fmt: skip


def chinese(world: World) -> list[Case]:
    """Thirty questions in Chinese over the same company."""
    c = Counted(world)
    months = by([r | {"month": f"{r['close_date']:%Y-%m}"} for r in c.won24], "month", total)
    return [
        Case("2024年我们一共赢了多少单？", len(c.won24)),
        Case("去年的销售额是多少", total(c.won24)),
        Case("今年的赢单率怎么样", rate(c.y25)),
        Case("去年谁的业绩最高？", top(by(c.won24, "rep", total))),
        Case("按大区统计一下2024年的销售额", by(c.won24, "region", total)),
        Case("软件行业有多少家客户", len(c.names(lambda a: a["industry"] == "software"))),
        Case("德国的客户有哪些", c.names(lambda a: a["country"] == "Germany")),
        Case("Tessa Obafemi 手上还有多少个没关闭的商机", len(where(c.live, rep="Tessa Obafemi"))),
        Case("金额最大的未结商机是哪个", codes([max(c.live, key=lambda r: r["amount"])])),
        Case("按输单原因统计输单数", by(c.lost, "lost_reason", len)),
        Case("上个季度的销售额", total(won(c.q1_25))),
        Case("Victor Amadi 手下有哪些销售", {r["rep"] for r in c.deals if r["manager"] == "Victor Amadi"}),
        Case("有多少商机没有关联客户", len(where(c.deals, account=None))),
        Case("员工人数最多的三家客户",
             [a["account"] for a in sorted(c.accounts, key=lambda a: -a["employees"])[:3]]),
        Case("哪些客户从来没有赢过单", c.names(lambda a: not where(c.won, account=a["account"]))),
        Case("West 大区的平均销售周期是多少天", days(where(c.won, region="West"))),
        Case("2024年的销售额里 Atlas 系列占多少", total(where(c.won24, family="Atlas")) / total(c.won24)),
        Case("各产品的赢单数", by(c.won, "product", len)),
        Case("2024年每个季度的赢单数", {name: len(won(rows)) for name, rows in c.quarters.items()}),
        Case("哪个国家的销售额最高", top(by(c.won, "country", total))),
        Case("Ferncliff 一共买了多少钱", total(where(c.won, account="Ferncliff"))),
        Case("列出金额超过4万的未结商机", codes(r for r in c.live if r["amount"] > 40000)),
        Case("对比 Mira Castellan 和 Jonas Whitlock 2024年的销售额",
             {n: total(where(c.won24, rep=n)) for n in ("Mira Castellan", "Jonas Whitlock")}),
        Case("零售行业2024年的销售额", total(where(c.won24, industry="retail"))),
        Case("2024年除美国以外的销售额", total(r for r in c.won24 if r["country"] != "United States")),
        Case("2024年输单最多的两个大区", top(by(lost(c.y24), "region", len), 2)),
        Case("北京今天天气怎么样", None),
        Case("员工满意度是多少", None),
        Case("赢单金额的中位数是多少", median(r["amount"] for r in c.won)),
        Case("Priya Ramanath 的上级是谁", "Helene Brandt"),
        Case("2024年哪个月销售额最高", top(months)),
        Case("Kestrel 去年的销售额", None),
    ]  # fmt: skip


def chinese_company(world: World) -> list[Case]:
    """Questions over the company whose files are Chinese."""
    accounts = {row["客户名称"]: row for row in world.tables["客户"]}
    team = {row["姓名"]: row for row in world.tables["销售团队"]}
    product = {row["产品名称"]: row for row in world.tables["产品"]}
    deals = [
        product[d["产品名称"]] | accounts[d["客户名称"]] | team[d["负责人"]] | d
        | {"stage": {"赢单": "Won", "输单": "Lost"}.get(d["阶段"], d["阶段"]), "amount": d["金额"],
           "close_date": d["成交日期"], "deal_id": d["商机编号"], "engage_date": d["创建日期"]}
        for d in world.tables["商机"]
    ]  # fmt: skip
    w24 = closed_in(won(deals), date(2024, 1, 1), date(2024, 12, 31))
    c24 = closed_in(won(deals) + lost(deals), date(2024, 1, 1), date(2024, 12, 31))
    return [
        Case("2024年赢了多少单", len(w24)),
        Case("王晓燕去年的业绩是多少", total(where(w24, 负责人="王晓燕"))),
        Case("各大区的销售额", by(won(deals), "大区", total)),
        Case("制造业客户有几家", sum(a["行业"] == "制造业" for a in accounts.values())),
        Case("哪个销售去年赢单最多", top(by(w24, "负责人", len))),
        Case("星河科技的商机一共有多少个", len(where(deals, 客户名称="星河科技"))),
        Case("商务谈判阶段有多少商机", len(where(deals, 阶段="商务谈判"))),
        Case("上海的客户有哪些", {n for n, a in accounts.items() if a["城市"] == "上海"}),
        Case("各行业的赢单率", by(won(deals) + lost(deals), "行业", rate)),
        Case("智云旗舰版卖了多少钱", total(where(won(deals), 产品名称="智云旗舰版"))),
        Case("员工人数超过1000的客户", {n for n, a in accounts.items() if a["员工人数"] > 1000}),
        Case("钱伟明团队2024年的销售额", total(r for r in w24 if r["上级"] == "钱伟明")),
        Case("未结商机的总金额", total(live(deals))),
        Case("销售额前三的客户", top(by(won(deals), "客户名称", total), 3)),
        Case("2024年的丢单率是多少", 1 - rate(c24)),
        Case("平均成交金额", average(won(deals))),
        Case("孙立群的上级是谁", "郑秋生"),
        Case("华东和华南谁的销售额高", by([r for r in won(deals) if r["大区"] != "华北"], "大区", total)),
        Case("how many deals did 王晓燕 win in 2024", len(where(w24, 负责人="王晓燕"))),
        Case("员工的平均工资", None),
    ]  # fmt: skip


def shop_company(world: World) -> list[Case]:
    """Questions over the shop, which has orders and no deals."""
    orders = world.tables["orders"]
    where_from = {row["customer"]: row for row in world.tables["customers"]}
    family = {row["product"]: row["category"] for row in world.tables["products"]}
    rows = [where_from[o["customer"]] | o for o in orders]
    lines = [line | {"category": family[line["product"]]} for line in world.tables["order_lines"]]
    y24 = [o for o in rows if o["order_date"].year == 2024]

    def money(group: Table) -> float:
        return total(group, "total")

    return [
        Case("how many orders did we get in 2024", len(y24)),
        Case("order revenue in 2024", money(y24)),
        Case("order revenue by customer", by(rows, "customer", money)),
        Case("which customer placed the most orders?", top(by(rows, "customer", len))),
        Case("top 3 customers by order revenue", top(by(rows, "customer", money), 3)),
        Case("average order amount", money(rows) / len(rows)),
        Case("how many orders did Cobalt Inn place last year", len(where(y24, customer="Cobalt Inn"))),
        Case("orders per month in 2024", by([o | {"m": f"{o['order_date']:%Y-%m}"} for o in y24], "m", len)),
        Case("the largest order", {max(rows, key=lambda o: o["total"])["order_number"]}),
        Case("total quantity by product", by(lines, "product", lambda g: total(g, "quantity"))),
        Case("order revenue by country", by(rows, "country", money)),
        Case("how many customers do we have in Germany", sum(c["country"] == "Germany" for c in where_from.values())),
        Case("what did Foxglove spend in 2024", money(where(y24, customer="Foxglove"))),
        Case("how many orders are over 1000", sum(o["total"] > 1000 for o in rows)),
        Case("what is our win rate", None),
        Case("customers in retail", {n for n, c in where_from.items() if c["industry"] == "retail"}),
    ]


ALL_REGIONS = tuple(REGIONS)
