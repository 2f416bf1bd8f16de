"""The rows around a deal: lines, people, stage history, orders; and quotas and exchange rates."""

from datetime import date, timedelta
from decimal import Decimal

from crm_core.demo.cast import Cast, Row
from crm_core.demo.content import load
from crm_core.demo.deals import Deal
from crm_core.demo.workdays import add_workdays, back_to_workday, month_start, quarter_end, quarter_start

_ROLE_NAMES = {
    "champ": "champion",
    "dm": "decision maker",
    "tech": "technical",
    "proc": "procurement",
    "user": "user",
}
_CENT = Decimal("0.01")
_RATES = {"EUR": Decimal("1.09"), "CNY": Decimal("0.139"), "GBP": Decimal("1.27")}
_EXTRA_ORDERS = 18


def stage_id(key: str) -> str:
    return f"S-{[stage[0] for stage in load('company')['stages']].index(key) + 1}"


def product_id(key: str) -> str:
    return f"P-{list(load('company')['products']).index(key) + 1:02d}"


def build_setup() -> dict[str, list[Row]]:
    """Pipeline, stages and products."""
    company = load("company")
    stages: list[Row] = [
        {
            "external_id": stage_id(key),
            "name": name,
            "pipeline": "PL-1",
            "position": position,
            "probability_pct": int(probability),
            "kind": kind,
        }
        for position, (key, name, probability, kind) in enumerate(company["stages"], start=1)
    ]
    products: list[Row] = [
        {
            "external_id": product_id(key),
            "name": product["name"],
            "family": product["family"],
            "list_price": Decimal(product["price"]),
            "currency": "USD",
            "description": product["description"],
        }
        for key, product in company["products"].items()
    ]
    return {
        "pipeline": [{"external_id": "PL-1", "name": company["pipeline"]}],
        "stage": stages,
        "product": products,
    }


def build_deal_rows(deals: list[Deal]) -> dict[str, list[Row]]:
    """The deals with their lines, contacts and stage history."""
    return {
        "deal": [_deal_row(deal) for deal in deals],
        "deal_contact": _numbered(
            "DC",
            [
                {"deal": deal.id, "contact": person.id, "role": _ROLE_NAMES[role]}
                for deal in deals
                for role, person in deal.roles.items()
            ],
        ),
        "deal_line": _numbered(
            "DL",
            [
                {
                    "deal": deal.id,
                    "product": product_id(line.product),
                    "quantity": line.quantity,
                    "unit_price": line.price,
                    "discount_pct": deal.discount_pct,
                }
                for deal in deals
                if deal.has_amount
                for line in deal.lines
            ],
        ),
        "stage_change": _numbered("SC", [row for deal in deals for row in _history(deal)]),
    }


def _deal_row(deal: Deal) -> Row:
    return {
        "external_id": deal.id,
        "name": deal.name,
        "account": deal.company.id,
        "stage": stage_id(deal.stage),
        "pipeline": "PL-1",
        "amount": deal.amount.quantize(_CENT) if deal.has_amount else None,
        "currency": "USD",
        "started_on": deal.started_on,
        "closes_on": deal.closes_on,
        "closed_on": deal.closed_on,
        "owner": deal.owner.id,
        "product": product_id(deal.product),
        "lost_reason": deal.lost_reason,
        "next_step": deal.next_step,
        "source": deal.source,
    }


def _history(deal: Deal) -> list[Row]:
    before: str | None = None
    rows: list[Row] = []
    for stage, entered in deal.entered:
        rows.append(
            {
                "deal": deal.id,
                "from_stage": stage_id(before) if before else None,
                "to_stage": stage_id(stage),
                "changed_on": entered,
                "user": deal.owner.id,
            }
        )
        before = stage
    return rows


def build_orders(cast: Cast, deals: list[Deal]) -> dict[str, list[Row]]:
    """One order for each won deal that has had the time, and some repeat orders of single products."""
    won = [deal for deal in deals if deal.outcome == "won" and deal.closed_on]
    plans = []
    for deal in won:
        assert deal.closed_on
        ordered = add_workdays(deal.closed_on, cast.rng.randint(0, 6))
        lines = [(line.product, line.quantity, line.price * (100 - deal.discount_pct) / 100) for line in deal.lines]
        plans.append((ordered, deal, lines))
    settled = [deal for deal in won if deal.closed_on and (cast.today - deal.closed_on).days > 60]
    for deal in cast.rng.sample(settled, min(_EXTRA_ORDERS, len(settled))):
        assert deal.closed_on
        days = cast.rng.randint(45, max(46, (cast.today - deal.closed_on).days - 1))
        more = max(1, deal.lines[0].quantity // 10)
        ordered = back_to_workday(deal.closed_on + timedelta(days=days))
        plans.append((ordered, deal, [(deal.product, more, deal.lines[0].price)]))
    plans = [plan for plan in plans if plan[0] < cast.today]
    plans.sort(key=lambda plan: (plan[0], plan[1].id))
    orders: list[Row] = []
    order_lines: list[Row] = []
    for number, (ordered, deal, lines) in enumerate(plans, start=1):
        order_id = f"O-{4000 + number}"
        rows: list[Row] = [
            {
                "order": order_id,
                "product": product_id(product),
                "quantity": quantity,
                "unit_price": price.quantize(_CENT),
                "amount": (price * quantity).quantize(_CENT),
            }
            for product, quantity, price in lines
        ]
        order_lines += rows
        orders.append(
            {
                "external_id": order_id,
                "name": f"SO-{ordered.year}-{number:04d}",
                "account": deal.company.id,
                "contact": deal.roles["champ"].id,
                "owner": deal.owner.id,
                "ordered_on": ordered,
                "status": _order_status(cast, (cast.today - ordered).days),
                "amount": sum((price * quantity for _, quantity, price in lines), Decimal(0)).quantize(_CENT),
                "currency": "USD",
            }
        )
    return {"order": orders, "order_line": _numbered("OL", order_lines)}


def _order_status(cast: Cast, age_days: int) -> str:
    if cast.rng.random() < 0.04:
        return "cancelled"
    if age_days > 60:
        return "paid"
    return "shipped" if age_days > 21 else "open"


def build_quotas(cast: Cast) -> list[Row]:
    """A quota for each rep in each of the seven quarters up to the present one."""
    rows: list[Row] = []
    for position, rep in enumerate(cast.reps):
        base = 32_000 + 4_000 * ((position * 3) % 7)
        for back in range(6, -1, -1):
            start = quarter_start(cast.today, back)
            rows.append(
                {
                    "owner": rep.id,
                    "starts_on": start,
                    "ends_on": quarter_end(start),
                    "amount": Decimal(base + 1_500 * (6 - back)),
                    "currency": "USD",
                }
            )
    return _numbered("Q", rows)


def build_rates(today: date, *, months: int = 18) -> list[Row]:
    """What one unit of another currency was worth in USD, at the start of each month."""
    rows: list[Row] = []
    for back in range(months - 1, -1, -1):
        for currency, rate in _RATES.items():
            drift = Decimal((back * 7) % 5 - 2) / 200
            rows.append(
                {
                    "from_currency": currency,
                    "to_currency": "USD",
                    "rate": (rate * (1 + drift)).quantize(Decimal("0.000001")),
                    "valid_on": month_start(today, back),
                }
            )
    return _numbered("FX", rows)


def _numbered(prefix: str, rows: list[Row]) -> list[Row]:
    return [{"external_id": f"{prefix}-{number:04d}", **row} for number, row in enumerate(rows, start=1)]
