"""Expected close dates: what a forecast has to live with."""

from datetime import date, timedelta

from crm_core.demo.cast import Cast
from crm_core.demo.deals import STAGES, Deal
from crm_core.demo.workdays import back_to_workday, month_end, on_to_workday, quarter_end


def give_close_dates(cast: Cast, deals: list[Deal]) -> None:
    """Expected close dates: some this month, some this quarter, some overdue, the rest later."""
    rng, today = cast.rng, cast.today
    for deal in deals:
        if deal.closed_on:
            deal.closes_on = max(on_to_workday(deal.closed_on + timedelta(days=rng.randint(-24, 16))), deal.started_on)
    waiting = [deal for deal in deals if deal.outcome == "open"]
    waiting.sort(key=lambda deal: (-STAGES.index(deal.reached), deal.quiet_from is not None, deal.id))
    lively = [deal for deal in waiting if deal.quiet_from is None]
    for deal in lively[:7]:
        deal.closes_on = _workday_between(cast, today, month_end(today))
    this_quarter = quarter_end(today)
    next_month = month_end(today) + timedelta(days=1)
    for deal in lively[7:13]:
        deal.closes_on = _workday_between(cast, min(next_month, this_quarter), this_quarter)
    for number, deal in enumerate(lively[13:]):
        deal.closes_on = _ahead(today, rng.randint(30, 75) + 25 * (4 - STAGES.index(deal.reached)))
        if number % 4 == 1 and STAGES.index(deal.reached) >= 1:
            deal.closes_on = max(back_to_workday(today - timedelta(days=rng.randint(3, 30))), deal.started_on)
    for deal in waiting:
        if deal.quiet_from:
            days = rng.randint(-35, 25)
            deal.closes_on = _ahead(today, days) if days > 0 else back_to_workday(today + timedelta(days=days - 3))


def _ahead(today: date, days: int) -> date:
    return on_to_workday(today + timedelta(days=days))


def _workday_between(cast: Cast, low: date, high: date) -> date:
    days = [low + timedelta(days=ahead) for ahead in range((high - low).days + 1)]
    return cast.rng.choice([day for day in days if day.weekday() < 5] or [high])
