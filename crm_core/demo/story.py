"""Draws what a deal is about: the need, why now, who competes, what worries them, how it ends."""

import random
from decimal import Decimal
from typing import Any

from crm_core.demo.content import load, phrases, story_bank
from crm_core.demo.deals import STAGES, TRIAL_DAYS, Deal
from crm_core.demo.teller import Scene, Teller, base_holes, money
from crm_core.demo.text import fill
from crm_core.demo.workdays import spoken_date

_NO_VENDOR = {"their own developers", "自己开发"}
SOURCE_FLAGS = {"Trade fair": "fair", "Outbound": "outbound", "Referral": "referral"}


def draw_story(teller: Teller, deal: Deal) -> Scene:
    """The elements of the deal's story, with all holes that hold from start to end."""
    bank = story_bank(teller.lang)
    need = _least_told(teller, bank["needs"][deal.product])
    trigger = _least_told(teller, [one for one in bank["triggers"] if deal.product in one.get("for", [deal.product])])
    objection = _least_told(teller, bank["objections"])
    rivals = [one for one in bank["competitors"] if deal.product in one["for"]]
    rival = teller.rng.choice(rivals) if teller.rng.random() < 0.6 else None
    loss = None
    if deal.outcome == "lost":
        vendors = [one for one in rivals if one["name"] not in _NO_VENDOR]
        loss = _draw_loss(teller, deal, bank["losses"], bool(vendors))
        deal.lost_reason = loss["reason"]
        if loss.get("needs") == "competitor" and rival not in vendors:
            rival = teller.rng.choice(vendors)
    has_time = deal.days_in("evaluation") >= TRIAL_DAYS
    win = _least_told(teller, [one for one in bank["wins"] if has_time or one.get("rests_on") != "trial"])
    rests_on = {f"{win['rests_on']}_wins"} if deal.outcome == "won" and "rests_on" in win else set()
    elements = {"need": need, "objection": objection, "win": win, "loss": loss, "comp": rival}
    banks = dict(phrases(teller.lang))
    for name, element in elements.items():
        banks |= {f"{name}.{key}": value for key, value in (element or {}).items() if isinstance(value, tuple)}
    holes = base_holes(teller, deal.company, deal.product) | _story_holes(teller, deal, need, trigger, objection)
    if rival:
        holes["comp"] = rival["name"]
    if deal.has_amount:
        holes |= _price_holes(deal, teller.lang, teller.rng)
    refs: dict[str, str | None] = {"account": deal.company.id, "deal": deal.id}
    flags = _story_flags(deal) | rests_on | ({"comp"} if rival else set())
    flags |= {"vendor"} if rival and rival["name"] not in _NO_VENDOR else set()
    return Scene(deal.company, deal.owner, deal.roles, banks, holes, flags, refs, deal.closes_on)


def _story_holes(
    teller: Teller, deal: Deal, need: dict[str, Any], trigger: dict[str, str], objection: dict[str, Any]
) -> dict[str, str]:
    fact = teller.rng.randrange(len(need["facts"]["before"]))
    holes = {key: values[fact] for key, values in need["facts"].items()}
    ask = fill(teller.rng.choice(need["ask"]).text, holes)
    note = trigger["note"]
    return holes | {
        "need": need["name"],
        "objection": objection["name"],
        "trigger_says": trigger["says"],
        "trigger_note": note,
        "trigger_low": note[0].lower() + note[1:],
        "trigger_name": trigger["name"],
        "ask_low": ask[0].lower() + ask[1:],
        "close": spoken_date(deal.closes_on, deal.started_on, deal.company.country, teller.rng),
        "lost_low": (deal.lost_reason or "").lower(),
    }


def _price_holes(deal: Deal, lang: str, rng: random.Random) -> dict[str, str]:
    step = Decimal(5000) if deal.amount > 40000 else Decimal(1000)
    budget = (deal.amount * Decimal(rng.choice(["0.8", "0.85", "0.9"])) / step).to_integral_value() * step
    scopes = []
    for line in deal.lines:
        item = load("company")["products"][line.product]
        shape = item["scope_zh"] if lang == "zh" else item["one" if line.quantity == 1 else "many"]
        scopes.append(fill(shape, {"n": f"{line.quantity:,}"}))
    return {
        "budget": money(budget, lang),
        "amount": money(deal.amount, lang),
        "list_total": money(deal.list_total, lang),
        "discount": str(deal.discount_pct),
        "scope": ("加" if lang == "zh" else " plus ").join(scopes),
    }


def _story_flags(deal: Deal) -> set[str]:
    facts = {
        SOURCE_FLAGS.get(deal.source, "inbound"): True,
        "customer": deal.is_repeat,
        "known": deal.is_known,
        "discount": deal.discount_pct > 0,
        "single": len(deal.roles) == 1,
        "lonely": len(deal.roles) == 1 and not deal.is_known,
        "left": deal.lost_reason == "Champion left",
    }
    return {flag for flag, holds in facts.items() if holds}


def _draw_loss(teller: Teller, deal: Deal, losses: list[dict[str, Any]], has_vendor: bool) -> dict[str, Any]:
    """A reason that fits how far the deal got; a champion leaves only where somebody can tell us so."""
    impossible = set() if has_vendor else {"competitor"}
    if "dm" not in deal.roles or not deal.may_lose_champion:
        impossible.add("departure")
    depth = STAGES.index(deal.reached)
    return _least_told(
        teller,
        [one for one in losses if STAGES.index(one["after"]) <= depth and one.get("needs") not in impossible],
    )


def _least_told(teller: Teller, elements: list[dict[str, Any]]) -> dict[str, Any]:
    """One of the elements told least often so far, so that stories differ."""
    told = teller.told
    least = min(told[id(one)] for one in elements)
    chosen = teller.rng.choice([one for one in elements if told[id(one)] == least])
    told[id(chosen)] += 1
    return chosen
