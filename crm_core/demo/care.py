"""What happens between deals: reviews, complaints, references, courtesy calls."""

from datetime import date, timedelta

from crm_core.demo.cast import Cast, Company
from crm_core.demo.content import load, phrases
from crm_core.demo.deals import Deal
from crm_core.demo.teller import Scene, Teller, base_holes
from crm_core.demo.workdays import back_to_workday

_AT_LEAST_ZH = 3
_BUYER_AFTER = timedelta(days=35)


def tell_care(cast: Cast, tellers: dict[str, Teller], deals: list[Deal], count: int) -> list[Scene]:
    """`count` interactions over the accounts; the customers among them get more."""
    bought = {
        company.id: [deal for deal in deals if deal.company is company and deal.outcome == "won"]
        for company in cast.companies
    }
    weights = [3 if bought[company.id] else 1 for company in cast.companies]
    shares = [number for number, company in enumerate(cast.companies) if company.lang == "zh"] * _AT_LEAST_ZH
    shares += cast.rng.choices(range(len(cast.companies)), weights, k=count - len(shares))
    scenes = []
    for position, company in enumerate(cast.companies):
        days = sorted(_day(cast, company, bought[company.id]) for _ in range(shares.count(position)))
        if days:
            scenes.append(_tell_account(tellers[company.lang], company, bought[company.id], days))
    return scenes


def _day(cast: Cast, company: Company, won: list[Deal]) -> date:
    """A past workday; for customers mostly after the first order."""
    first = min((deal.closed_on for deal in won if deal.closed_on), default=None)
    longest = 480
    if first and cast.rng.random() < 0.85:
        longest = max((cast.today - first - _BUYER_AFTER).days, 1)
    return back_to_workday(cast.today - timedelta(days=cast.rng.randint(1, max(longest, 1))))


def _tell_account(teller: Teller, company: Company, won: list[Deal], days: list[date]) -> Scene:
    rng = teller.rng
    product = won[0].product if won else load("accounts")["fits"][company.industry][0]
    holes = base_holes(teller, company, product)
    scene = Scene(company, company.owner, {}, phrases(teller.lang), holes, set(), {"account": company.id})
    told: dict[str, int] = {}
    for day in days:
        is_buyer = any(deal.closed_on and deal.closed_on + _BUYER_AFTER <= day for deal in won)
        scene.flags = scene.flags - {"buyer"} | ({"buyer"} if is_buyer else set())
        scene.roles = {"champ": rng.choice(company.present(day))}
        fitting = [beat for beat in teller.beats["care"] if beat.fits(scene.flags, {"champ"})]
        least = min(told.get(beat.id, 0) for beat in fitting)
        beat = rng.choice([one for one in fitting if told.get(one.id, 0) == least])
        told[beat.id] = least + 1
        teller.tell(scene, beat, "care", day)
    return scene
