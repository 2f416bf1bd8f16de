"""Plans the deals: who buys what, from when to when, how far it got, for how much."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm_core.demo.cast import Cast, Company, Person, Rep
from crm_core.demo.content import load
from crm_core.demo.workdays import (
    back_to_workday,
    month_end,
    month_start,
)

STAGES = ["qualification", "discovery", "evaluation", "proposal", "negotiation"]
TRIAL_DAYS = 40
LONGEST_AGO_DAYS = 545
_SINGLE_THREADED = "Vantry Auto Parts"
_OPEN_STAGES = {"qualification": 14, "discovery": 15, "evaluation": 13, "proposal": 11, "negotiation": 9}
_OPEN_AGE = {"qualification": (6, 40), "discovery": (18, 80), "evaluation": (40, 120), "proposal": (60, 160),
             "negotiation": (80, 200)}  # fmt: skip
_LOST_STAGES = {"qualification": 16, "discovery": 22, "evaluation": 20, "proposal": 20, "negotiation": 8}
_LIVE_ZH = 5
_WON = 50
_TOTAL = 200


@dataclass(slots=True)
class Line:
    """One product of a deal; the price is the list price."""

    product: str
    quantity: int
    price: Decimal


@dataclass(slots=True)
class Deal:
    """One deal's facts, before its story is told. `quiet_from` is the last sign of life of a stalled deal."""

    outcome: str
    reached: str
    started_on: date
    closed_on: date | None
    id: str = ""
    name: str = ""
    company: Company = field(init=False)
    owner: Rep = field(init=False)
    closes_on: date = field(init=False)
    quiet_from: date | None = None
    lines: list[Line] = field(default_factory=list)
    discount_pct: int = 0
    has_amount: bool = True
    source: str = ""
    is_repeat: bool = False
    is_known: bool = False
    from_lead: bool = False
    may_lose_champion: bool = False
    lost_reason: str | None = None
    next_step: str | None = None
    roles: dict[str, Person] = field(default_factory=dict)
    entered: list[tuple[str, date]] = field(default_factory=list)

    @property
    def product(self) -> str:
        return self.lines[0].product

    @property
    def list_total(self) -> Decimal:
        return sum((line.price * line.quantity for line in self.lines), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return self.list_total * (100 - self.discount_pct) / 100

    def days_in(self, stage: str) -> int:
        """How long a stage took that the deal has left; 0 for any other."""
        starts = dict(self.entered)
        later = [day for other, day in self.entered if stage in starts and day > starts[stage]]
        return (later[0] - starts[stage]).days if later else 0

    @property
    def stage(self) -> str:
        return self.reached if self.outcome == "open" else self.outcome


def plan_deals(cast: Cast) -> list[Deal]:
    """All deals, oldest first, with ids, dates, people, products and amounts."""
    deals = _open_deals(cast) + _won_deals(cast) + _lost_deals(cast)
    _share_out(cast, deals)
    deals.sort(key=lambda deal: (deal.started_on, deal.company.id))
    _give_owners(cast, deals)
    for number, deal in enumerate(deals, start=1001):
        deal.id = f"D-{number}"
        earlier = [other for other in deals if other.company is deal.company and other.id and other is not deal]
        _give_products(cast, deal, earlier)
        _give_people(cast, deal)
        _give_stage_dates(cast, deal)
    for deal in deals:
        others = [other for other in deals if other.company is deal.company and other is not deal]
        deal.may_lose_champion = not any(
            other.closed_on is None or other.closed_on >= deal.started_on for other in others
        )
    _name_deals(cast, deals)
    return deals


def _open_deals(cast: Cast) -> list[Deal]:
    deals = []
    for stage, count in _OPEN_STAGES.items():
        for number in range(count):
            low, high = _OPEN_AGE[stage]
            is_stalled = number % 5 == 4
            age = cast.rng.randint(low, high) + (95 if is_stalled else 0)
            started = back_to_workday(cast.today - timedelta(days=age))
            deal = Deal("open", stage, started, None)
            if is_stalled:
                deal.quiet_from = back_to_workday(cast.today - timedelta(days=cast.rng.randint(48, 88)))
            deals.append(deal)
    return deals


def _won_deals(cast: Cast) -> list[Deal]:
    deals = []
    yesterday = back_to_workday(cast.today - timedelta(days=1))
    for number in range(_WON):
        first = month_start(cast.today, number % 17)
        closed = back_to_workday(min(first + timedelta(days=cast.rng.randint(2, month_end(first).day - 1)), yesterday))
        deals.append(_closed_deal(cast, "won", "negotiation", closed, cast.rng.randint(70, 185)))
    return deals


def _lost_deals(cast: Cast) -> list[Deal]:
    deals = []
    for _ in range(_TOTAL - _WON - sum(_OPEN_STAGES.values())):
        reached = cast.rng.choices(list(_LOST_STAGES), list(_LOST_STAGES.values()))[0]
        closed = back_to_workday(cast.today - timedelta(days=cast.rng.randint(3, 500)))
        depth = STAGES.index(reached)
        deals.append(_closed_deal(cast, "lost", reached, closed, cast.rng.randint(22, 60) + 28 * depth))
    return deals


def _closed_deal(cast: Cast, outcome: str, reached: str, closed: date, cycle_days: int) -> Deal:
    started = max(closed - timedelta(days=cycle_days), cast.today - timedelta(days=LONGEST_AGO_DAYS))
    started = back_to_workday(min(started, closed - timedelta(days=20)))
    return Deal(outcome, reached, started, closed)


def _share_out(cast: Cast, deals: list[Deal]) -> None:
    """Give each deal a company: three for each Chinese one at most, the rest spread over the others."""
    chinese = [company for company in cast.companies if company.lang == "zh"]
    others = [company for company in cast.companies if company.lang == "en"]
    pool = [company for company in chinese for _ in range(2)] + chinese[::2]
    pool += [others[number % len(others)] for number in range(_TOTAL - len(pool))]
    cast.rng.shuffle(pool)
    for deal, company in zip(deals, pool, strict=True):
        deal.company = company
    live = [deal for deal in deals if deal.outcome == "open"]
    closed = [deal for deal in deals if deal.outcome != "open" and deal.company.lang == "zh"]
    missing = _LIVE_ZH - sum(deal.company.lang == "zh" for deal in live)
    for deal, other in zip(
        [deal for deal in live if deal.company.lang == "en"][: max(0, missing)], closed, strict=False
    ):
        deal.company, other.company = other.company, deal.company
    big = next(company for company in cast.companies if company.name == _SINGLE_THREADED)
    latest = next(deal for deal in deals if deal.outcome == "open" and deal.reached == "negotiation")
    latest.company, latest.quiet_from = big, None


def _give_owners(cast: Cast, deals: list[Deal]) -> None:
    """The account's owner, now and then a colleague; nobody is left without open deals."""
    speakers = {company.owner for company in cast.companies if company.lang == "zh"}
    for deal in deals:
        deal.owner = deal.company.owner
        mates = [rep for rep in cast.colleagues(deal.owner) if rep not in speakers]
        if deal.company.lang == "en" and cast.rng.random() < 0.12:
            deal.owner = cast.rng.choice(mates)
    open_deals = [deal for deal in deals if deal.outcome == "open"]
    for rep in cast.reps:
        lacking = 2 - sum(deal.owner is rep for deal in open_deals)
        lang = "zh" if rep in speakers else "en"
        busy = {other for other in cast.reps if sum(deal.owner is other for deal in open_deals) > 2}
        others = [deal for deal in open_deals if deal.owner.team == rep.team and deal.owner in busy]
        for deal in [deal for deal in others if deal.company.lang == lang][: max(0, lacking)]:
            deal.owner = rep


def _give_products(cast: Cast, deal: Deal, earlier: list[Deal]) -> None:
    rng = cast.rng
    fits = load("accounts")["fits"][deal.company.industry]
    if deal.company.name == _SINGLE_THREADED:
        fits = [key for key in fits if key != "gate"]
    discussed = {line.product for other in earlier for line in other.lines[:1]}
    sold = {line.product for other in earlier if other.outcome != "lost" for line in other.lines[:1]}
    fresh = [key for key in fits if key not in discussed] or [key for key in fits if key not in sold] or fits
    weights = [5, 4, 3, 2, 1][: len(fresh)]
    main = rng.choices(fresh, weights)[0]
    deal.is_known = bool(earlier)
    deal.is_repeat = any(
        other.outcome == "won" and other.closed_on and other.closed_on < deal.started_on for other in earlier
    )
    deal.source = "Existing customer" if deal.is_repeat else rng.choices(
        load("company")["sources"], [28, 17, 17, 20, 10, 8]
    )[0]  # fmt: skip
    scale = 0.6 + min(deal.company.size, 3000) / 3000
    deal.lines = [_line(cast, main, scale)]
    partners = [key for key in load("company")["products"][main]["with"] if key in fits]
    if partners and rng.random() < 0.35:
        deal.lines.append(_line(cast, partners[0], scale * 0.45))
    deal.discount_pct = rng.choice([0, 0, 0, 5, 8, 10, 12, 15])
    deal.has_amount = not (deal.outcome == "open" and deal.reached == "qualification" and rng.random() < 0.45)


def _line(cast: Cast, key: str, scale: float) -> Line:
    product = load("company")["products"][key]
    low, high, step = (int(number) for number in product["quantity"])
    wanted = cast.rng.triangular(low, high, low + (high - low) * 0.25) * scale
    return Line(key, max(low, round(wanted / step) * step), Decimal(product["price"]))


def _give_people(cast: Cast, deal: Deal) -> None:
    people = deal.company.people
    roles = {"champ": people[0], "dm": people[1]}
    roles |= {_SHORT_ROLES[person.role]: person for person in people[2:]}
    is_big = deal.company.name == _SINGLE_THREADED and deal.outcome == "open" and deal.reached == "negotiation"
    if is_big:
        deal.lines = [Line("gate", 168, Decimal(2200)), Line("core", 4, Decimal(36000))]
        deal.discount_pct = 8
    early = STAGES.index(deal.reached) < 2
    is_single = deal.company.name == _SINGLE_THREADED or cast.rng.random() < (0.3 if early else 0.1)
    kept = {"champ"} if is_single else {role for role in roles if role in ("champ", "dm") or cast.rng.random() < 0.85}
    deal.roles = {role: person for role, person in roles.items() if role in kept}


def _give_stage_dates(cast: Cast, deal: Deal) -> None:
    """When the deal entered each stage it reached; the last entry is its present one."""
    stages = STAGES[: STAGES.index(deal.reached) + 1]
    if len(stages) > 3 and cast.rng.random() < 0.08:
        stages.remove("discovery")
    end = deal.closed_on or deal.quiet_from or cast.today - timedelta(days=2)
    tail = 0.7 if deal.quiet_from else 1.0
    span = max((end - deal.started_on).days, 1) * tail
    weights = [cast.rng.uniform(0.6, 1.4) * (2.2 if stage == "evaluation" else 1) for stage in stages]
    passed = 0.0
    for stage, weight in zip(stages, weights, strict=True):
        day = back_to_workday(deal.started_on + timedelta(days=int(span * passed / sum(weights))))
        deal.entered.append((stage, max(day, deal.started_on)))
        passed += weight
    if deal.closed_on:
        deal.entered.append((deal.outcome, deal.closed_on))


def _name_deals(cast: Cast, deals: list[Deal]) -> None:
    products: Any = load("company")["products"]
    names = load("names")
    taken: set[str] = set()
    for deal in deals:
        scopes = names["deal_scope_zh"] if deal.company.lang == "zh" else names["deal_scope"][deal.product]
        stem = f"{deal.company.short} - {products[deal.product]['name']}"
        free = [name for scope in scopes if (name := f"{stem}, {scope}") not in taken]
        deal.name = cast.rng.choice(free)
        taken.add(deal.name)


_SHORT_ROLES = {
    "champion": "champ",
    "decision maker": "dm",
    "technical": "tech",
    "procurement": "proc",
    "user": "user",
}
