"""Builds the whole demo company for a given day."""

import random
from datetime import date

from crm_core.demo.care import tell_care
from crm_core.demo.cast import Row
from crm_core.demo.closing import give_close_dates
from crm_core.demo.deals import plan_deals
from crm_core.demo.leads import build_leads, mark_converted
from crm_core.demo.ledger import build_deal_rows, build_orders, build_quotas, build_rates, build_setup
from crm_core.demo.people import build_accounts, build_contacts, build_reps, build_users
from crm_core.demo.tasks import build_tasks, give_next_step
from crm_core.demo.teller import Scene, Teller
from crm_core.demo.timeline import tell_deal

INTERACTIONS = 2000


def build_company(today: date, *, seed: int = 7) -> dict[str, list[Row]]:
    """A made-up sales team and its customers as they stand on the morning of `today`.

    Args:
        today: the latest interaction lies on a workday before it; expected closings and due tasks after it.
        seed: the same day and seed give the same company.

    Returns:
        Rows by entity, in an order in which each refers only to its own or an earlier entity. Each has an
        `external_id`; references hold the other row's. Money is Decimal in major units of `currency`.
    """
    rng = random.Random(f"{today}/{seed}")
    users = build_users()
    accounts, cast = build_accounts(today, rng, build_reps(users))
    contacts = build_contacts(cast)
    deals = plan_deals(cast)
    give_close_dates(cast, deals)
    converted = mark_converted(cast, deals)
    tellers = {lang: Teller(cast, lang) for lang in ("en", "zh")}
    told = [(deal, tell_deal(tellers[deal.company.lang], deal)) for deal in deals]
    for deal, scene in told:
        if deal.lost_reason == "Champion left" and deal.closed_on:
            deal.company.left_on[deal.roles["champ"].id] = deal.started_on
        give_next_step(cast, deal, scene)
    leads, lead_scenes = build_leads(tellers["en"], converted, contacts)
    scenes = [scene for _, scene in told] + lead_scenes
    care = tell_care(cast, tellers, deals, INTERACTIONS - sum(len(scene.rows) for scene in scenes))
    tasks = build_tasks(cast, told, list(zip(leads, lead_scenes, strict=True)), care)
    _mark_do_not_contact(rng, contacts, deals_contacts={p.id for deal in deals for p in deal.roles.values()})
    return {
        "user": users,
        **build_setup(),
        "account": accounts,
        "contact": contacts,
        **build_deal_rows(deals),
        "lead": leads,
        **build_orders(cast, deals),
        "quota": build_quotas(cast),
        "exchange_rate": build_rates(today),
        "interaction": _interactions([*scenes, *care]),
        "task": tasks,
    }


def _interactions(scenes: list[Scene]) -> list[Row]:
    rows = [row for scene in scenes for row in scene.rows]
    rows.sort(key=lambda row: (str(row["happened_at"]), str(row["deal"]), str(row["subject"])))
    return [{"external_id": f"I-{number:05d}", **row} for number, row in enumerate(rows, start=1)]


def _mark_do_not_contact(rng: random.Random, contacts: list[Row], *, deals_contacts: set[str]) -> None:
    """A few people who are part of no deal asked to be left alone."""
    for contact in contacts:
        if contact["external_id"] not in deals_contacts and rng.random() < 0.5:
            contact |= {"do_not_contact": True, "consent": "withheld"}
