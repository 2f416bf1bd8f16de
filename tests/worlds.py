"""Small invented companies for the planner's tests: rows, their CSV text, and a store made by importing that text.

Every world is drawn from a fixed seed, so its rows can be counted in plain Python beside the store. `sales` is the
plain one; `renamed` holds the same rows under other column names and `distracted` the same rows among misleading
columns and people; `chinese` and `shop` are other companies altogether. None of them has a map file.
"""

import csv
import io
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from crm_core.transfer import ImportReport, apply_import, plan_import

TODAY = date(2025, 6, 18)  # a Wednesday, in the second quarter
FIRST_START = date(2023, 7, 1)

Row = dict[str, Any]
Table = list[Row]

REGIONS = {"North": "Helene Brandt", "South": "Victor Amadi", "West": "Odile Fontane"}
REPS = {
    "Mira Castellan": "North", "Jonas Whitlock": "North", "Priya Ramanath": "North",
    "Oskar Lindqvist": "South", "Tessa Obafemi": "South", "Caleb Durand": "South",
    "Yuki Haneda": "West", "Renata Solis": "West",
}  # fmt: skip
PRODUCTS = {
    "Atlas Core": ("Atlas", 1200), "Atlas Plus": ("Atlas", 4800), "Atlas Max": ("Atlas", 15000),
    "Nimbus Lite": ("Nimbus", 600), "Nimbus Team": ("Nimbus", 3400), "Nimbus Grand": ("Nimbus", 26000),
}  # fmt: skip
INDUSTRIES = ("retail", "software", "healthcare", "logistics", "finance")
COUNTRIES = ("United States", "Germany", "Japan", "Brazil", "Canada")
REASONS = ("price", "timing", "competitor", "no budget")
SOURCES = ("referral", "website", "trade show", "outbound")
ACCOUNTS = (
    "Brightwater Foods", "Kestrel Robotics", "Kestrel Aviation", "Palisade Holdings", "Quorum Legal", "Ferncliff",
    "Ostrava Glass", "Tidewell", "Juniper Freight", "Marlowe Dental", "Corvane", "Selby Outfitters", "Drumlin Energy",
    "Halcyon Labs", "Vantry", "Okapi Games", "Redfern Mills", "Zephyrine", "Lumora Health", "Bexley Motors",
    "Ironhollow", "Wexcombe", "Nordhavn Shipping", "Calloway Stores", "Pinecrest Capital",
)  # fmt: skip
PARENTS = {"Tidewell": "Palisade Holdings", "Vantry": "Palisade Holdings", "Corvane": "Palisade Holdings",
           "Kestrel Aviation": "Kestrel Robotics", "Wexcombe": "Ironhollow"}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A company.

    Attributes:
        name: of the world.
        tables: file stem → rows, under the names that the generator gives the columns.
        headers: "file.column" → the header that stands in the file, where it differs.
    """

    name: str
    tables: Mapping[str, Table]
    headers: Mapping[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        """File name → CSV text."""
        return {f"{stem}.csv": self._csv(stem, rows) for stem, rows in self.tables.items()}

    def _csv(self, stem: str, rows: Table) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([self.headers.get(f"{stem}.{name}", name) for name in rows[0]])
        writer.writerows(["" if value is None else str(value) for value in row.values()] for row in rows)
        return out.getvalue()


def build(world: World, folder: Path) -> tuple[Store, ImportReport]:
    """A new SQLite store in `folder` that holds the world, and what the import said."""
    files = folder / "files"
    files.mkdir(parents=True)
    for name, text in world.files().items():
        (files / name).write_text(text, encoding="utf-8")
    store = create_store(f"sqlite:///{folder / 'farley.db'}")
    plan = plan_import(store, [files], today=TODAY)
    return store, apply_import(store, plan, actor=ADMIN, errors_to=folder / "errors")


def sales(seed: int = 7) -> World:
    """Eight reps in three regions, 25 accounts, six products and 400 deals over two years."""
    rng = random.Random(seed)
    team = [{"sales_rep": rep, "manager": REGIONS[region], "region": region} for rep, region in REPS.items()]
    products = [{"product": n, "family": family, "list_price": price} for n, (family, price) in PRODUCTS.items()]
    accounts = [_account(rng, at, name) for at, name in enumerate(ACCOUNTS)]
    return World("sales", {"sales_team": team, "products": products, "accounts": accounts, "deals": _deals(rng)})


def _account(rng: random.Random, at: int, name: str) -> Row:
    return {
        "account": name,
        "industry": INDUSTRIES[at % 5],
        "country": COUNTRIES[(at // 2 + at) % 5],
        "parent": PARENTS.get(name),
        "employees": rng.randrange(20, 9000),
        "annual_revenue": rng.randrange(1_000_000, 900_000_000, 1000),
        "year_founded": rng.randrange(1970, 2019),
    }


def _deals(rng: random.Random, count: int = 400) -> Table:
    days = (TODAY - FIRST_START).days - 5
    return [_deal(rng, f"D{1001 + at}", FIRST_START + timedelta(rng.randrange(days))) for at in range(count)]


def _deal(rng: random.Random, code: str, started: date) -> Row:
    ends = started + timedelta(rng.randrange(12, 140))
    product = rng.choice(list(PRODUCTS))
    closed = ends < TODAY
    stage = (
        rng.choices(("Won", "Lost"), (55, 45))[0] if closed else rng.choice(("Prospecting", "Proposal", "Negotiation"))
    )
    return {
        "deal_id": code,
        "rep": rng.choice(list(REPS)),
        "product": product,
        "account": rng.choices((rng.choice(ACCOUNTS[:24]), None), (94, 6))[0],  # the last one has never bought
        "stage": stage,
        "engage_date": started,
        "close_date": ends,
        "amount": round(PRODUCTS[product][1] * rng.uniform(0.7, 1.1)) * rng.choice((1, 1, 1, 2, 3)),
        "lost_reason": rng.choice(REASONS) if stage == "Lost" else None,
        "source": rng.choice(SOURCES),
    }


def renamed(seed: int = 7) -> World:
    """The rows of `sales` under the column names of another company."""
    headers = {
        "sales_team.sales_rep": "seller", "sales_team.manager": "reports_to", "sales_team.region": "territory",
        "products.product": "item", "products.family": "product_line", "products.list_price": "msrp",
        "accounts.account": "customer", "accounts.industry": "vertical", "accounts.country": "hq",
        "accounts.parent": "part_of", "accounts.employees": "headcount", "accounts.annual_revenue": "turnover",
        "accounts.year_founded": "established", "deals.deal_id": "opportunity_id", "deals.rep": "ae",
        "deals.product": "item", "deals.account": "customer", "deals.stage": "status",
        "deals.engage_date": "kicked_off", "deals.close_date": "closing_date", "deals.amount": "acv",
        "deals.lost_reason": "loss_reason", "deals.source": "lead_source",
    }  # fmt: skip
    return replace(sales(seed), name="renamed", headers=headers)


def distracted(seed: int = 7) -> World:
    """The rows of `sales` with a second amount, date and industry, and people of nearly the same name."""
    plain, rng = sales(seed), random.Random(seed + 1)
    tables = {name: [dict(row) for row in rows] for name, rows in plain.tables.items()}
    for row in tables["deals"]:
        row["first_quote"] = row["amount"] + rng.randrange(100, 9000)
        row["kickoff_call_date"] = row["engage_date"] + timedelta(rng.randrange(1, 9))
    for row in tables["accounts"]:
        row["industry_group"] = rng.choice(("services", "goods"))
    tables["sales_team"].append({"sales_rep": "Mira Castell", "manager": "Odile Fontane", "region": "West"})
    extra = {"account": "Kestrel Robotic Arms", "industry": "finance", "country": "Japan", "parent": None,
             "employees": 55, "annual_revenue": 4_000_000, "year_founded": 2011, "industry_group": "goods"}  # fmt: skip
    tables["accounts"].append(extra)
    return World("distracted", tables)


CHINESE_REPS = {
    "王晓燕": "华东",
    "李建国": "华东",
    "陈思远": "华南",
    "赵敏慧": "华南",
    "孙立群": "华北",
    "周雅婷": "华北",
}
CHINESE_HEADS = {"华东": "钱伟明", "华南": "吴海涛", "华北": "郑秋生"}
CHINESE_ACCOUNTS = (
    "星河科技", "远东物流", "长青医药", "宏达制造", "金桥零售", "蓝湾软件", "北辰能源", "汇丰源食品", "天目传媒",
    "锦江纺织", "云帆教育", "瑞康医疗",
)  # fmt: skip
CHINESE_INDUSTRIES = ("制造业", "零售", "医疗", "教育")
CHINESE_PRODUCTS = {"智云标准版": ("智云", 8000), "智云旗舰版": ("智云", 30000), "慧联网关": ("慧联", 5000)}
CHINESE_STAGES = ("初步接洽", "方案报价", "商务谈判")


def chinese(seed: int = 11) -> World:
    """A company whose files are Chinese throughout."""
    rng = random.Random(seed)
    team = [{"姓名": n, "大区": area, "上级": CHINESE_HEADS[area]} for n, area in CHINESE_REPS.items()]
    products = [
        {"产品名称": n, "产品系列": family, "标准价格": price} for n, (family, price) in CHINESE_PRODUCTS.items()
    ]
    accounts = [
        {"客户名称": name, "行业": CHINESE_INDUSTRIES[at % 4], "城市": rng.choice(("上海", "深圳", "北京")),
         "员工人数": rng.randrange(30, 5000)}
        for at, name in enumerate(CHINESE_ACCOUNTS)
    ]  # fmt: skip
    deals = [_chinese_deal(rng, 1 + at) for at in range(220)]
    return World("chinese", {"销售团队": team, "产品": products, "客户": accounts, "商机": deals})


def _chinese_deal(rng: random.Random, at: int) -> Row:
    started = FIRST_START + timedelta(rng.randrange((TODAY - FIRST_START).days - 5))
    ends = started + timedelta(rng.randrange(12, 140))
    product = rng.choice(list(CHINESE_PRODUCTS))
    stage = rng.choice(("赢单", "输单")) if ends < TODAY else rng.choice(CHINESE_STAGES)
    return {
        "商机编号": f"SJ{2000 + at}",
        "客户名称": rng.choice(CHINESE_ACCOUNTS),
        "产品名称": product,
        "负责人": rng.choice(list(CHINESE_REPS)),
        "阶段": stage,
        "金额": round(CHINESE_PRODUCTS[product][1] * rng.uniform(0.8, 1.3)),
        "创建日期": started,
        "成交日期": ends,
    }


def shop(seed: int = 5) -> World:
    """Customers, products, orders and order lines; no deals at all."""
    rng = random.Random(seed)
    goods = {"Oak Stool": ("furniture", 80), "Linen Lamp": ("lighting", 45), "Cork Board": ("office", 20)}
    names = ("Alder House", "Birchfield", "Cobalt Inn", "Dovecote", "Elmstead", "Foxglove")
    customers = [
        {"customer": n, "country": COUNTRIES[at % 5], "industry": INDUSTRIES[at % 3]} for at, n in enumerate(names)
    ]
    products = [{"product": n, "category": family, "unit_price": price} for n, (family, price) in goods.items()]
    orders, lines = [], []
    for at in range(120):
        code, total = f"SO-{5000 + at}", 0
        for product in rng.sample(list(goods), rng.randrange(1, 4)):
            quantity, price = rng.randrange(1, 9), goods[product][1]
            total += quantity * price
            lines.append({"order_number": code, "product": product, "quantity": quantity, "unit_price": price,
                          "line_total": quantity * price})  # fmt: skip
        orders.append({"order_number": code, "customer": rng.choice(names), "order_date": FIRST_START + timedelta(
            rng.randrange((TODAY - FIRST_START).days)), "total": total})  # fmt: skip
    return World("shop", {"customers": customers, "products": products, "orders": orders, "order_lines": lines})


GAUGES = {"Kelvo P2 Pressure Gauge": ("Gauges", 120), "Kelvo P6 Pressure Gauge": ("Gauges", 310),
          "Hydra Feed Pump": ("Pumps", 1900), "Hydra Boost Pump": ("Pumps", 2600),
          "Sentry Flow Sensor": ("Sensors", 450), "Yearly Calibration": ("Services", 700)}  # fmt: skip
PLANTS = ("Aldgate Dairy", "Brennan Paper", "Cullen Breweries", "Dunmore Textiles", "Eastvale Foods", "Farrow Mills")


def lined(seed: int = 3) -> World:
    """An instrument maker whose deals name no product: what is in them stands on lines, with a total of their own."""
    rng, deals, lines = random.Random(seed), [], []
    team = [{"sales_rep": rep, "region": REGIONS_OF[rep]} for rep in REGIONS_OF]
    plants = [{"account": name, "industry": INDUSTRIES[at % 3]} for at, name in enumerate(PLANTS)]
    for at in range(140):
        started = FIRST_START + timedelta(rng.randrange((TODAY - FIRST_START).days - 5))
        ends = started + timedelta(rng.randrange(12, 140))
        stage = rng.choice(("Won", "Won", "Lost")) if ends < TODAY else rng.choice(("Proposal", "Negotiation"))
        code, parts = f"K{3000 + at}", rng.sample(list(GAUGES)[: 4 if at % 3 else 6], rng.randrange(1, 4))
        inside = [_line(rng, code, product) for product in parts]
        lines += inside
        deals.append({"deal_id": code, "deal_name": f"Plan {at + 1}", "rep": rng.choice(list(REGIONS_OF)),
                      "account": rng.choice(PLANTS[:5]), "stage": stage, "start_date": started, "close_date": ends,
                      "amount": sum(line["net_total"] for line in inside) + 75})  # fmt: skip
    return World("lined", {"sales_team": team, "accounts": plants, "deals": deals, "line_items": lines})


REGIONS_OF = {"Ines Valverde": "Coast", "Tom Ashgrove": "Coast", "Rhea Calder": "Inland"}


def _line(rng: random.Random, deal: str, product: str) -> Row:
    category, price = GAUGES[product]
    quantity, discount = rng.randrange(1, 12), rng.choice((0, 0, 5, 10))
    net = round(quantity * price * (100 - discount) / 100) - rng.choice((0, 3))
    return {"deal_id": deal, "product": product, "category": category, "quantity": quantity, "unit_price": price,
            "discount_percent": discount, "net_total": net}  # fmt: skip


def priced(seed: int = 3) -> World:
    """The rows of `lined` without the totals of the lines."""
    plain = lined(seed)
    lines = [{name: value for name, value in row.items() if name != "net_total"} for row in plain.tables["line_items"]]
    return World("priced", {**plain.tables, "line_items": lines})


def sold(world: World) -> Table:
    """The lines of `lined`, each with its deal's columns beside its own."""
    deals = {row["deal_id"]: row for row in world.tables["deals"]}
    return [deals[line["deal_id"]] | line for line in world.tables["line_items"]]


WORKSHOPS = ("宁川食品", "海岳机械", "东篱化工", "松涛电子", "云岭包装", "金桐纺织")
WORKSHOP_TRADES = ("包装机械", "食品饮料", "锂电新能源")
SPARES = ("传感器", "机器视觉", "伺服系统", "触摸屏")


def spares(seed: int = 19) -> World:
    """A Chinese dealer in spare parts: columns, kinds of goods and stages of its own, no products."""
    rng = random.Random(seed)
    accounts = [
        {"客户名称": name, "行业": WORKSHOP_TRADES[at % 3], "注册资本": 100 * (at + 1)}
        for at, name in enumerate(WORKSHOPS)
    ]  # fmt: skip
    deals = [_chinese_deal(rng, 1 + at) for at in range(150)]
    deals = [
        {**deal, "客户名称": rng.choice(WORKSHOPS), "产品线": rng.choice(SPARES), "折扣率": rng.randrange(0, 20)}
        for deal in ({name: value for name, value in deal.items() if name != "产品名称"} for deal in deals)
    ]
    team = [{"姓名": n, "大区": area, "上级": CHINESE_HEADS[area]} for n, area in CHINESE_REPS.items()]
    return World("spares", {"销售团队": team, "客户": accounts, "商机": deals})


def support(seed: int = 23) -> World:
    """An English service desk that sells care plans: sites, kinds of equipment and columns of its own."""
    rng = random.Random(seed)
    kinds = ("Dishwashers", "Ovens", "Refrigeration", "Coffee Machines")
    accounts = [
        {"account": name, "venue_type": ("Central Kitchen", "Hotel", "Staff Canteen")[at % 3], "warranty": at % 4}
        for at, name in enumerate(PLANTS)
    ]  # fmt: skip
    deals = []
    for at in range(120):
        started = FIRST_START + timedelta(rng.randrange((TODAY - FIRST_START).days - 5))
        ends = started + timedelta(rng.randrange(12, 140))
        stage = rng.choice(("Won", "Won", "Lost")) if ends < TODAY else rng.choice(("Proposal", "Negotiation"))
        deals.append({"deal_id": f"T{7000 + at}", "deal_name": f"Care {at + 1}", "account": rng.choice(PLANTS),
                      "equipment": rng.choice(kinds), "stage": stage, "start_date": started, "close_date": ends,
                      "amount": rng.randrange(500, 9000)})  # fmt: skip
    return World("support", {"accounts": accounts, "deals": deals})


WORLDS: Mapping[str, Callable[[], World]] = {
    "sales": sales, "renamed": renamed, "distracted": distracted, "chinese": chinese, "shop": shop,
    "lined": lined, "priced": priced, "spares": spares, "support": support,
}  # fmt: skip


def joined(world: World) -> Table:
    """The deals of `sales`, each with its rep's, product's and account's columns beside its own."""
    reps = {row["sales_rep"]: row for row in world.tables["sales_team"]}
    products = {row["product"]: row for row in world.tables["products"]}
    accounts = {row["account"]: row for row in world.tables["accounts"]}
    nobody = dict.fromkeys(next(iter(accounts.values())))
    return [
        products[deal["product"]] | accounts.get(deal["account"], nobody) | reps[deal["rep"]] | deal
        for deal in world.tables["deals"]
    ]


def total(rows: Iterable[Row], column: str = "amount") -> float:
    """The sum of a column."""
    return float(sum(row[column] for row in rows))


def ranked(totals: Mapping[str, float], limit: int | None = None) -> Sequence[tuple[str, float]]:
    """Pairs, the largest first."""
    return sorted(totals.items(), key=lambda pair: -pair[1])[:limit]
